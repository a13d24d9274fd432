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
    source = f"read_parquet({quoted(str(path))}, file_row_number = true)"
    try:
        described = connection.execute(f"describe select * from {source}").fetchall()
    except duckdb.Error as error:
        raise FileRefusedError("bad_parquet") from error
    leaves = [leaf for name, kind, *_ in described for leaf in _leaves(name, kind)]
    texts = {name: f"cast({sql} as varchar)" for name, sql in leaves if name != _NUMBER}
    header = list(texts)
    matched = match_fields(contract, header, settings)
    return RawTable(
        sql=f"select {_NUMBER} + 1 as _row_number, * from {source}",
        text=matched.text(list(texts.values())),
        field_names=matched.names(header),
        raw=json_object(texts),
        unknown=json_object({name: texts[name] for name in matched.unknown}, skip_null=True),
        unknown_names=matched.unknown,
        missing=matched.missing,
    )


def _leaves(name: str, kind: str) -> list[tuple[str, str]]:
    """(dotted name, SQL) of a column; the fields of a struct count one by one."""
    parsed = duckdb.type(kind) if kind.startswith("STRUCT") else None
    if parsed is None:
        return [(name, identifier(name))]
    found = []
    for child, child_type in parsed.children:
        for leaf, sql in _leaves(child, str(child_type)):
            rest = sql.removeprefix(identifier(child))
            found.append((f"{name}.{leaf}", f"{identifier(name)}.{identifier(child)}{rest}"))
    return found
