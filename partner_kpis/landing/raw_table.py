"""What every reader yields: a file as a relation of text, and how its fields feed the columns.

Belongs here: the RawTable and the matching of a header that all readers share.
Does not belong here: any file format.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from partner_kpis.contracts.model import Column, Contract
from partner_kpis.contracts.rows import quoted
from partner_kpis.landing.headers import HeaderMatch, match_header, named_in, normalised
from partner_kpis.landing.inspect_file import FileRefusedError
from partner_kpis.sources_config import EntitySettings
from partner_kpis.text import Bilingual, both, joined, listed

NEVER = "\x01"  # stands for NULL while reading, so that an empty field stays distinguishable
MAX_LINE = 16 * 1024 * 1024
BUFFER = 2 * MAX_LINE  # of the CSV reader, which would otherwise take sixteen lines


@dataclass(frozen=True)
class RawTable:
    """A file as text. `sql` selects _row_number and what the expressions below refer to.

    text: column name -> SQL expression of its text; field_names: column name -> its name in the
    file; raw: SQL of the whole row as text; unknown: SQL of a JSON object with the fields nobody
    asked for (NULL without any); ignored: SQL that is true for a row left out on purpose; fault:
    SQL that is true for a row that cannot be read as a row; fault_message: what to say of one;
    spoken: column name -> what to call it in sentences where the file has no name for it.
    """

    sql: str
    text: dict[str, str]
    field_names: dict[str, str]
    raw: str
    unknown: str
    unknown_names: tuple[str, ...]
    missing: tuple[Column, ...]
    ignored: str = "false"
    fault: str = "false"
    fault_message: Bilingual = field(default=Bilingual("", ""))
    notes: tuple[Bilingual, ...] = field(default=())
    spoken: Mapping[str, Bilingual] = field(default_factory=dict)


@dataclass(frozen=True)
class Fields:
    """A matched header: column name -> positions of its fields (several are joined by `|`)."""

    positions: dict[str, tuple[int, ...]]
    unknown: tuple[str, ...]
    missing: tuple[Column, ...]

    def text(self, expressions: Sequence[str]) -> dict[str, str]:
        """SQL of every column's text, given the SQL of every field."""
        return {
            name: " || '|' || ".join(expressions[p] for p in positions)
            for name, positions in self.positions.items()
        }

    def names(self, header: Sequence[str]) -> dict[str, str]:
        return {name: header[positions[0]] for name, positions in self.positions.items()}

    @property
    def used(self) -> set[int]:
        return {position for positions in self.positions.values() for position in positions}


def match_fields(contract: Contract, header: Sequence[str], settings: EntitySettings) -> Fields:
    """Match a header with the contract. Raises FileRefusedError for doubled or missing columns.

    A connector's history-mode file is recognised by a field that its contract names; then the
    contract says which fields feed which columns, and the key is made of several.
    """
    mode = contract.custom.get("historyMode") or {}
    is_history = bool(mode) and normalised(mode["recognisedBy"]) in map(normalised, header)
    aliases = {**mode["columns"], **settings.columns} if is_history else settings.columns
    match = match_header(contract, header, aliases)
    own = [field for field in header if field.strip()]
    positions: dict[str, tuple[int, ...]] = {
        name: (position,) for name, position in match.fields.items()
    }
    if is_history:
        where = {normalised(field): i for i, field in enumerate(header)}
        key = contract.keys[0].name
        positions[key] = tuple(where[normalised(part)] for part in mode["key"])
    missing = tuple(c for c in match.missing if c.name not in positions)
    if not positions and any(column.is_required for column in missing):
        wanted = ", ".join(column.export_name for column in missing if column.is_required)
        said = joined((both("list.first", first=f) for f in _misnamed(missing, settings)), "")
        refusal = FileRefusedError(
            "no_known_column", said=said, columns=wanted, entity=contract.name
        )
        # A first line of which nothing is known may hold values: shown to whoever looks at the file
        # (check), and kept nowhere.
        refusal.first_line = tuple(own)
        raise refusal
    _refuse(match, missing, own, contract, settings)
    return Fields(positions, match.unknown, missing)


def _refuse(
    match: HeaderMatch,
    missing: Sequence[Column],
    own: Sequence[str],
    contract: Contract,
    settings: EntitySettings,
) -> None:
    if match.doubled:
        raise FileRefusedError("doubled_columns", pairs=joined(match.doubled, "; "))
    needed = [c for c in missing if c.is_required and not named_in(settings.constants, c)]
    faults = _misnamed(needed, settings)
    if names := [c.export_name for c in needed if named_in(settings.columns, c) is None]:
        key = "refused.missing_column" if len(names) == 1 else "refused.missing_columns"
        faults.append(both(key, columns=", ".join(names), entity=contract.name))
    if faults:
        raise FileRefusedError("columns", faults=joined(faults, " "), own=listed(own))


def _misnamed(missing: Sequence[Column], settings: EntitySettings) -> list[Bilingual]:
    """A sentence for every required column that the settings look for under a name of no field."""
    called = {c.export_name: named_in(settings.columns, c) for c in missing if c.is_required}
    return [
        both("refused.misnamed_column", column=column, name=settings.columns[name])
        for column, name in called.items()
        if name is not None
    ]


def json_object(fields: Mapping[str, str], *, skip_null: bool = False) -> str:
    """SQL of a JSON object of text fields; with skip_null it is NULL when nothing is in it."""
    if not fields:
        return "null"
    if not skip_null:
        pairs = ", ".join(f"{quoted(name)}, {sql}" for name, sql in fields.items())
        return f"cast(json_object({pairs}) as varchar)"
    filled = " or ".join(f"{sql} is not null" for sql in fields.values())
    # Put together as text: json_merge_patch, which also drops nulls, needs a hundred kilobytes a
    # row for a file of some hundred fields.
    members = ", ".join(
        f"{quoted(json.dumps(name, ensure_ascii=False) + ':')} || cast(to_json({sql}) as varchar)"
        for name, sql in fields.items()
    )
    return f"case when {filled} then '{{' || concat_ws(',', {members}) || '}}' end"
