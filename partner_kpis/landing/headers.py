"""Matching the columns of a file with those of a contract.

Belongs here: when two names are the same column. Does not belong here: values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from partner_kpis.contracts.model import Column, Contract
from partner_kpis.text import Bilingual, both


def normalised(name: str) -> str:
    """The form in which names are compared: no case, space, `_`, `-`, `.` or trailing `__c`."""
    return re.sub(r"[\s_\-.]", "", re.sub(r"_{1,2}c$", "", name.strip().lstrip("\ufeff").lower()))


def column_named(contract: Contract, name: str) -> Column | None:
    """The contracted column that a user means by `name`, by lake or export name."""
    wanted = normalised(name)
    for column in contract.columns:
        if wanted in (normalised(column.name), normalised(column.export_name)):
            return column
    return None


def named_in(settings: Mapping[str, object], column: Column) -> str | None:
    """The key by which a user's settings name the column; None when they do not."""
    names = {normalised(column.name), normalised(column.export_name)}
    return next((name for name in settings if normalised(name) in names), None)


@dataclass(frozen=True)
class HeaderMatch:
    """Which field of the file feeds which column.

    fields: column name -> position in the header; unknown: names of fields nobody asked for;
    missing: contracted columns that the file does not have; doubled: parts of a sentence about
    fields that would become one column.
    """

    fields: dict[str, int]
    unknown: tuple[str, ...]
    missing: tuple[Column, ...]
    doubled: tuple[Bilingual, ...]


def match_header(
    contract: Contract, header: Sequence[str], aliases: Mapping[str, str] | None = None
) -> HeaderMatch:
    """Match a header; the user's aliases (contract column -> field) win over every other name.

    Names rank: alias of the user, name of the contract, synonym of the contract. A field is
    doubled when two fields of the same rank fit one column.
    """
    positions: dict[str, list[int]] = {}
    for position, field in enumerate(header):
        positions.setdefault(normalised(field), []).append(position)
    fields: dict[str, int] = {}
    doubled: list[Bilingual] = []
    for column, names in _wanted(contract, aliases or {}):
        hits = [position for name in names for position in positions.get(name, [])]
        hits = sorted(set(hits) - set(fields.values()))
        if len(hits) > 1:
            names_hit = [repr(header[hit]) for hit in hits]
            same = Bilingual(" and ".join(names_hit), " und ".join(names_hit))
            doubled.append(both("refused.doubled", fields=same, column=column.export_name))
        if hits and column.name not in fields:
            fields[column.name] = hits[0]
    used = set(fields.values())
    return HeaderMatch(
        fields=fields,
        unknown=tuple(f for i, f in enumerate(header) if i not in used and f.strip()),
        missing=tuple(c for c in contract.columns if c.name not in fields),
        doubled=tuple(doubled),
    )


def _wanted(contract: Contract, aliases: Mapping[str, str]) -> list[tuple[Column, list[str]]]:
    """Columns with acceptable names, best rank first; an aliased column has its alias only."""
    aliased: dict[str, str] = {}
    for name, field in aliases.items():
        column = column_named(contract, name)
        if column is not None:
            aliased[column.name] = normalised(field)
    free = [column for column in contract.columns if column.name not in aliased]
    own = {c.name: {normalised(c.export_name), normalised(c.name)} for c in free}
    return (
        [(contract.column(name), [field]) for name, field in aliased.items()]
        + [(column, sorted(own[column.name])) for column in free]
        + [(c, [normalised(s) for s in c.synonyms]) for c in free if c.synonyms]
    )
