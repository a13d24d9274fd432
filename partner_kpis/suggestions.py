"""Names that look alike: suggestions for what neither a key nor a domain has matched.

Belongs here: comparing names. Does not belong here: matching (a suggestion matches nothing until a
person writes it into config/crosswalk.csv), or what is unmatched (the dbt model identity_matches).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import polars as pl
from rapidfuzz import fuzz

from partner_kpis.file_tables import frame_of

SCHEMA: Final = {
    "kind": pl.String, "source": pl.String, "entity": pl.String, "source_id": pl.String,
    "source_name": pl.String, "candidate_id": pl.String, "candidate_name": pl.String,
    "score": pl.Float64,
}  # fmt: skip

LOWEST_SCORE: Final = 0.85
"""Below this most pairs of names have nothing to do with each other."""

_PER_RECORD = 3
_LARGEST_BLOCK = 100  # what so many names begin a word with tells them apart no more

_LEGAL_WORDS = """
    ab ag aps as asa bv co company corp corporation doo eg ek ev gbr gesmbh gmbh inc kft kg kgaa
    limited llc llp ltd mbh nv ohg ou oy oyj plc sa sarl sas se sl slu sp spa sprl srl sro ug
    and et und
"""
_LEGAL_FORMS = frozenset(_LEGAL_WORDS.split())
_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "æ": "ae", "œ": "oe", "å": "a", "ł": "l", "đ": "d"}
)

# Each part: unmatched records (kind, source, entity, source_id, source_name), and what they may be.
_PARTS: Final = (
    (
        """
        select matches.kind, matches.source, matches.entity, matches.source_id, partners.name
        from identity_matches as matches
        inner join int_partners__resolved as partners on matches.source_id = partners.partner_id
        where matches.kind = 'partner' and matches.source = 'prm' and matches.method = 'none'
        """,
        """
        select accounts.account_id, accounts.account_name
        from int_accounts__resolved as accounts
        inner join int_accounts__matched as matched
            on matched.named_by = 'id' and accounts.account_id = matched.named_id
        where accounts.account_id = matched.account_id
            and accounts.account_id not in (select account_id from int_partner_accounts__matched)
        """,
    ),
    (
        """
        select matches.kind, matches.source, matches.entity, matches.source_id,
            accounts.account_name
        from identity_matches as matches
        inner join int_accounts__resolved as accounts on matches.source_id = accounts.account_id
        where matches.kind = 'account' and matches.entity = 'company' and matches.method = 'none'
        """,
        """
        select account_id, account_name
        from int_accounts__resolved
        where source = 'salesforce' and account_id not in (
            select account_id from int_accounts__matched
            where named_by = 'id' and source = 'hubspot'
        )
        """,
    ),
    (
        """
        select kind, source, entity, source_id, substr(source_id, instr(source_id, '|') + 1)
        from identity_matches
        where kind = 'integration' and method = 'none'
        """,
        """
        select integration_id, name
        from int_integrations__resolved
        where integration_id not in (
            select matched_id from identity_matches
            where kind = 'integration' and matched_id is not null
        )
        """,
    ),
)


@dataclass(frozen=True)
class Name:
    """A record and how its name reads without what does not tell names apart.

    in_order: its words by the alphabet; together: without blanks; blocks: only names that share one
    of these are compared.
    """

    id: str
    name: str
    in_order: str
    together: str
    blocks: frozenset[str]

    @classmethod
    def of(cls, record_id: str, name: str | None) -> Name:
        words = words_of(name or "")
        together = "".join(words)
        blocks = {word[:4] for word in words if len(word) > 2}
        if words:
            blocks.add(f"={together[:6]}")
        return cls(record_id, name or "", " ".join(sorted(words)), together, frozenset(blocks))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in plain small letters, without legal forms (GmbH, B.V., Ltd)."""
    letters = name.casefold().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", letters)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.findall(r"\w+", re.sub(r"['’.]|\bz o\.?\s?o\b", "", plain))
    return tuple(word for word in words if word not in _LEGAL_FORMS) or tuple(words)


def similarity(one: Name, other: Name) -> float:
    """0 to 1: how far the words agree, in any order, or written together."""
    in_order = fuzz.ratio(one.in_order, other.in_order)
    together = fuzz.ratio(one.together, other.together)
    return round(max(in_order, together) / 100, 4)


def alike(
    records: Sequence[Name], candidates: Sequence[Name]
) -> Iterator[tuple[Name, Name, float]]:
    """For each record the candidates whose names look most like its own, the best first."""
    blocks: dict[str, list[Name]] = defaultdict(list)
    for candidate in candidates:
        for block in candidate.blocks:
            blocks[block].append(candidate)
    for record in records:
        near = {
            candidate.id: candidate
            for block in record.blocks
            if len(found := blocks.get(block, ())) <= _LARGEST_BLOCK
            for candidate in found
        }
        scored = [(candidate, similarity(record, candidate)) for candidate in near.values()]
        best = sorted(
            (pair for pair in scored if pair[1] >= LOWEST_SCORE),
            key=lambda pair: (-pair[1], pair[0].name, pair[0].id),
        )
        yield from ((record, candidate, score) for candidate, score in best[:_PER_RECORD])


def suggestions(warehouse: Path) -> pl.DataFrame:
    """What the warehouse's unmatched records may be, by their names; columns: SCHEMA."""
    rows: list[tuple[str | float, ...]] = []
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for unmatched, candidates in _PARTS:
            waiting = connection.execute(unmatched).fetchall()
            if not waiting:
                continue
            known = [Name.of(*row) for row in connection.execute(candidates).fetchall()]
            whose = {row[3]: row[:3] for row in waiting}
            found = alike([Name.of(*row[3:]) for row in waiting], known)
            rows += (
                (*whose[record.id], record.id, record.name, candidate.id, candidate.name, score)
                for record, candidate, score in found
            )
    return frame_of(SCHEMA, rows)
