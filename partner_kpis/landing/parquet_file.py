"""Reading Parquet: flat columns, dotted names, structs.

Belongs here: columns as text. Does not belong here: values and their types.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from partner_kpis.contracts.model import Contract
from partner_kpis.contracts.rows import identifier, quoted
from partner_kpis.landing.inspect_file import FileRefusedError
from partner_kpis.landing.raw_table import RawTable, json_object, match_fields
from partner_kpis.sources_config import EntitySettings

_NUMBER = "file_row_number"


def read_parquet(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    contract: Contract,
    settings: EntitySettings,
) -> RawTable:
    file = quoted(str(path))
    try:
        described = connection.execute(f"describe select * from read_parquet({file})").fetchall()
    except duckdb.Error as error:
        raise FileRefusedError("bad_parquet") from error
    # Columns get names of ours: a file may call its own as the stages of landing call theirs.
    fields = {f"p{i}": (name, kind) for i, (name, kind, *_) in enumerate(described)}
    renamed = ", ".join(f"{identifier(name)} as {p}" for p, (name, _) in fields.items())
    is_taken = any(name.lower() == _NUMBER for name, _ in fields.values())
    number = "row_number() over ()" if is_taken else f"{_NUMBER} + 1"
    numbered = "" if is_taken else ", file_row_number = true"
    texts = {
        leaf: f"cast({p}{below} as varchar)"
        for p, (name, kind) in fields.items()
        for leaf, below in _leaves(name, kind)
    }
    header = list(texts)
    matched = match_fields(contract, header, settings)
    return RawTable(
        sql=f"select {number} as _row_number, {renamed} from read_parquet({file}{numbered})",
        text=matched.text(list(texts.values())),
        field_names=matched.names(header),
        raw=json_object(texts),
        unknown=json_object({name: texts[name] for name in matched.unknown}, skip_null=True),
        unknown_names=matched.unknown,
        missing=matched.missing,
    )


def _leaves(name: str, kind: str) -> list[tuple[str, str]]:
    """(dotted name, SQL of the way down) of a column; the fields of a struct count one by one."""
    parsed = duckdb.type(kind) if kind.startswith("STRUCT") else None
    if parsed is None:
        return [(name, "")]
    return [
        (f"{name}.{leaf}", f".{identifier(child)}{below}")
        for child, child_type in parsed.children
        for leaf, below in _leaves(child, str(child_type))
    ]
