"""The temporary table `staged`: how its columns are called, and what is written from it.

Belongs here: Parquet files of accepted rows, personal values and quarantined rows. Does not belong
here: filling the table (land_file.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from partner_kpis.contracts.model import Contract
from partner_kpis.contracts.rows import CompiledColumn, identifier, quoted
from partner_kpis.landing.ledger import Part, timestamp
from partner_kpis.landing.raw_table import RawTable
from partner_kpis.sources_config import EntitySettings
from partner_kpis.text import both

# Level 3, the default, takes a third longer for files that are a fifteenth smaller; the second
# version of the format is written in three quarters of the time and read in two thirds.
_COMPRESSION = "compression zstd, compression_level 2, row_group_size 100000, parquet_version v2"


@dataclass(frozen=True)
class LandingFile:
    """A file about to be landed and how the lake will name its rows."""

    path: Path
    file_name: str
    sha256: str
    contract: Contract
    settings: EntitySettings
    export_date: date | None
    landed_seq: int
    loaded_at: datetime
    record_id: str


def text_of(name: str) -> str:
    """The text of a contracted column; the prefix keeps it apart from any field of a file."""
    return identifier(f"_text {name}")


def value_of(name: str) -> str:
    """Its typed value, or for the name of a hash the keyed hash."""
    return identifier(f"_value {name}")


def code_of(column: int, rule: int) -> str:
    """Stands for a rule of a column; a column may have two of one name."""
    return f"{column}|{rule}"


@dataclass(frozen=True)
class StateCount:
    """Rows of one state; those among them with a modification stamp, and those with something for
    the personal store; first and last day on which they happened."""

    rows: int = 0
    stamped: int = 0
    personal: int = 0
    first: date | None = None
    last: date | None = None


def count_states(
    connection: duckdb.DuckDBPyConnection, contract: Contract
) -> Mapping[str, StateCount]:
    """All that there is to know of a file's rows before they are written, in one pass: a
    statement takes longer than the rows of most files."""
    counted = connection.execute(
        f"select _state, count(*), count(_modified_at), count(*) filter ({_is_personal(contract)}),"
        " min(cast(_happened_at as date)), max(cast(_happened_at as date))"
        " from staged group by _state"
    ).fetchall()
    found = {state: StateCount(*counts) for state, *counts in counted}
    return defaultdict(StateCount, found)


def write_rows(
    connection: duckdb.DuckDBPyConnection, file: LandingFile, accepted: StateCount, work: Path
) -> tuple[Part, ...]:
    """Accepted rows as Parquet; large entities get one file a month, so that a day is near."""
    contract = file.contract
    columns = ", ".join(identifier(c.lake_name) for c in contract.columns)
    export = f"date '{file.export_date}'" if file.export_date else "cast(null as date)"
    # One statement a file, not `partition_by`, which takes half as long again.
    month = "date_trunc('month', _happened_at)" if contract.is_partitioned_by_day else "null"
    spans: list[tuple[Any, ...]] = [(None, accepted.rows, accepted.first, accepted.last)]
    if contract.is_partitioned_by_day:
        spans = connection.execute(
            f"select {month}, count(*), min(cast(_happened_at as date)), "
            "max(cast(_happened_at as date)) from staged where _state = 'accepted' "
            "group by all order by 1"
        ).fetchall()
    parts: list[Part] = []
    for begins, count, first, last in spans:
        path = work / "rows" / f"{file.record_id}-{len(parts)}.parquet"
        begun = f"date '{begins}'" if begins else "null"
        _write(
            connection,
            f"""
            select {columns}, {quoted(file.sha256)} as _file_sha256,
                {quoted(file.file_name)} as _file_name, _row_number,
                timestamp '{timestamp(file.loaded_at)}' as _loaded_at, _modified_at,
                {export} as _export_date, cast({file.landed_seq} as bigint) as _landed_seq,
                _row_sha, _happened_at
            from staged where _state = 'accepted' and {month} is not distinct from {begun}""",
            path,
        )
        days = (str(first) if first else None, str(last) if last else None)
        parts.append(Part(str(path.relative_to(work)), count, *days))
    return tuple(parts)


def _is_personal(contract: Contract) -> str:
    """The condition that a row has something for the personal store."""
    texts = [text_of(c.name) for c in contract.columns if c.is_personal]
    return " or ".join(f"{name} is not null" for name in [*texts, "_unknown", "_raw"])


def write_personal(connection: duckdb.DuckDBPyConnection, file: LandingFile, work: Path) -> None:
    """Personal values, unknown columns and raw bad rows, apart from the main lake."""
    columns = "".join(
        f"{text_of(c.name)} as {identifier(c.name)}, "
        for c in file.contract.columns
        if c.is_personal
    )
    _write(
        connection,
        f"select {quoted(file.sha256)} as _file_sha256, _row_number, {columns} _unknown, _raw from "
        f"staged where _state in ('accepted', 'bad') and ({_is_personal(file.contract)})",
        work / "personal" / f"{file.record_id}.parquet",
    )


def write_quarantine(
    connection: duckdb.DuckDBPyConnection,
    file: LandingFile,
    raw: RawTable,
    compiled: Sequence[CompiledColumn],
    work: Path,
) -> None:
    """Why each bad row is bad: one line a broken rule, without any value of the row."""
    fault = raw.fault_message
    messages = [("fault", "", "row_shape", fault.en, fault.de)]
    for i, c in enumerate(compiled):
        named = raw.field_names.get(c.column.name, c.column.export_name)
        called = raw.spoken.get(c.column.name, named)
        name = named if called == named else c.column.export_name
        for j, rule in enumerate(c.rules):
            told = both("quarantine.bad_value", column=called, fault=rule.message)
            messages.append((code_of(i, j), name, rule.name, told.en, told.de))
    listed = ", ".join(f"({', '.join(map(quoted, message))})" for message in messages)
    _write(
        connection,
        f"""
        select {quoted(file.sha256)} as file_sha256, {quoted(file.file_name)} as file_name,
            _row_number as row_number, {quoted(file.contract.source)} as source,
            {quoted(file.contract.entity)} as entity, nullif(m.column_name, '') as column_name,
            m.rule, m.message, m.message_de
        from (select _row_number, unnest(_broken) as code from staged where _state = 'bad') as b
        inner join (values {listed}) as m (code, column_name, rule, message, message_de)
            on m.code = b.code
        order by row_number, m.code""",
        work / "quarantine" / f"{file.record_id}.parquet",
    )


def _write(connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f"copy ({sql}) to {quoted(str(path))} (format parquet, {_COMPRESSION})")
