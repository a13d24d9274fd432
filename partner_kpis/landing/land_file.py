"""Landing one file: read, check every row, keep what is new, account for all of it.

Belongs here: the pass over one file and the Parquet files it writes. Does not belong here: which
files are landed, and when they become part of the lake (land.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from partner_kpis.contracts.model import Column, Contract
from partner_kpis.contracts.rows import (
    CompiledColumn,
    compile_column,
    conditional_ranges,
    identifier,
    quoted,
)
from partner_kpis.errors import is_disk_full
from partner_kpis.landing.csv_file import read_csv
from partner_kpis.landing.duplicates import mark_duplicates
from partner_kpis.landing.ecb_file import read_ecb
from partner_kpis.landing.headers import column_named, named_in
from partner_kpis.landing.inspect_file import FileRefusedError, format_of
from partner_kpis.landing.json_file import read_json
from partner_kpis.landing.ledger import Part, Rule
from partner_kpis.landing.parquet_file import read_parquet
from partner_kpis.landing.raw_table import RawTable
from partner_kpis.landing.staged import (
    LandingFile,
    code_of,
    count_states,
    text_of,
    value_of,
    write_personal,
    write_quarantine,
    write_rows,
)
from partner_kpis.text import Bilingual


@dataclass(frozen=True)
class Landed:
    """What became of the rows of one file; paths are relative to `work`."""

    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    rows_duplicate: int
    rows_ignored: int
    version_rule: Rule
    parts: tuple[Part, ...]
    personal: bool
    quarantine: bool
    unknown_columns: tuple[str, ...]
    missing_columns: tuple[str, ...]
    notes: tuple[Bilingual, ...]
    field_names: dict[str, str]


@dataclass(frozen=True)
class StagedFile:
    """A file whose rows are typed and judged, in the table `staged` of its own connection."""

    file: LandingFile
    connection: duckdb.DuckDBPyConnection
    raw: RawTable
    compiled: Sequence[CompiledColumn]


def land_file(
    connection: duckdb.DuckDBPyConnection,
    file: LandingFile,
    lake_parts: Sequence[Part],
    key: str,
    work: Path,
) -> Landed:
    """Stage and finish one file. Raises FileRefusedError when it is bad as a whole."""
    return finish_file(stage_file(connection, file, key, work), lake_parts, work)


def stage_file(
    connection: duckdb.DuckDBPyConnection, file: LandingFile, key: str, work: Path
) -> StagedFile:
    """Read the file and judge every row by itself; needs to know of no other file.

    key: the home's secret for hashing personal values. Raises FileRefusedError when the file is bad
    as a whole.
    """
    try:
        raw = _read(connection, file, work)
        compiled = _compile(file, raw)
        _stage(connection, file, raw, compiled, key)
    except FileRefusedError:
        raise
    except Exception as error:
        # Whatever one file does to its reader, the others still load; but a full disk is no fault
        # of the file, which would otherwise never be tried again.
        if is_disk_full(error):
            raise
        raise _refusal(error) from error
    return StagedFile(file, connection, raw, compiled)


def _refusal(error: Exception) -> FileRefusedError:
    text = str(error)
    if isinstance(error, OSError):
        return FileRefusedError("not_opened", fault=error.strerror or text)
    if isinstance(error, duckdb.OutOfMemoryException):
        return FileRefusedError("too_much_memory")
    if "Maximum line size" in text:
        line = re.search(r"Line: (\d+)", text)
        return FileRefusedError("long_line", line=line[1] if line else "?")
    return FileRefusedError("unreadable", fault=(text.splitlines() or [type(error).__name__])[0])


def finish_file(staged: StagedFile, lake_parts: Sequence[Part], work: Path) -> Landed:
    """Write what is new of a staged file as Parquet below `work`, and count all of it.

    lake_parts: parts of the same entity (absolute paths) in which a row may stand already.
    """
    file, connection, raw, compiled = staged.file, staged.connection, staged.raw, staged.compiled
    mark_duplicates(connection, file.contract, file.export_date, lake_parts)
    counted = count_states(connection, file.contract)
    accepted, bad, duplicate = counted["accepted"], counted["bad"], counted["duplicate"]
    personal, quarantine = accepted.personal + bad.personal > 0, bad.rows > 0
    if personal:
        write_personal(connection, file, work)
    if quarantine:
        write_quarantine(connection, file, raw, compiled, work)
    return Landed(
        rows_read=sum(state.rows for state in counted.values()),
        rows_accepted=accepted.rows,
        rows_quarantined=bad.rows,
        rows_duplicate=duplicate.rows,
        rows_ignored=counted["ignored"].rows,
        version_rule=_version_rule(file, accepted.stamped + duplicate.stamped),
        parts=write_rows(connection, file, accepted, work) if accepted.rows else (),
        personal=personal,
        quarantine=quarantine,
        unknown_columns=raw.unknown_names,
        missing_columns=tuple(c.export_name for c in raw.missing if not _given(file, c)),
        notes=raw.notes,
        field_names=raw.field_names,
    )


def _read(connection: duckdb.DuckDBPyConnection, file: LandingFile, work: Path) -> RawTable:
    contract, settings = file.contract, file.settings
    file_format = format_of(file.path)
    if contract.custom.get("reader") == "ecb" and file_format == "csv":
        return read_ecb(connection, file.path, contract, settings, work)
    if file_format == "csv":
        return read_csv(connection, file.path, contract, settings, work)
    if file_format == "parquet":
        return read_parquet(connection, file.path, contract, settings)
    return read_json(connection, file.path, file_format, contract, settings, work)


def _given(file: LandingFile, column: Column) -> bool:
    return named_in(file.settings.constants, column) is not None


def _texts(file: LandingFile, raw: RawTable) -> dict[str, str]:
    """SQL of every column's text after trimming, nulls, value maps and constants."""
    settings = file.settings
    texts = {}
    for column in file.contract.columns:
        text = raw.text.get(column.name, "cast(null as varchar)")
        # Hardly any value begins or ends with a blank; taking none away costs as much as parsing.
        blank = f"{text} = '' or starts_with({text}, ' ') or ends_with({text}, ' ')"
        text = f"case when {blank} then nullif(trim({text}), '') else {text} end"
        if settings.null_values:
            nulls = ", ".join(map(quoted, settings.null_values))
            text = f"case when {text} not in ({nulls}) then {text} end"
        texts[column.name] = text
    for name, mapping in settings.values.items():
        mapped = column_named(file.contract, name)
        if mapped is not None and mapping:
            text = texts[mapped.name]
            cases = " ".join(f"when {quoted(k)} then {quoted(v)}" for k, v in mapping.items())
            texts[mapped.name] = f"case {text} {cases} else {text} end"
    for name, constant in settings.constants.items():
        constant_column = column_named(file.contract, name)
        if constant_column is not None:
            texts[constant_column.name] = quoted(constant)
    return texts


def _compile(file: LandingFile, raw: RawTable) -> list[CompiledColumn]:
    return [
        compile_column(
            column, text_of(column.name), value_of(column.name), file.settings,
            conditional_ranges(file.contract, column, value_of),
        )
        for column in file.contract.columns
    ]  # fmt: skip


def _stage(
    connection: duckdb.DuckDBPyConnection,
    file: LandingFile,
    raw: RawTable,
    compiled: Sequence[CompiledColumn],
    key: str,
) -> None:
    """One pass: text -> typed values, broken rules, hashes; into the temporary table `staged`."""
    contract = file.contract
    texts = ", ".join(f"{sql} as {text_of(name)}" for name, sql in _texts(file, raw).items())
    typed = ", ".join(f"{c.value} as {value_of(c.column.name)}" for c in compiled)
    checks = [
        (code_of(i, j), rule.broken)
        for i, c in enumerate(compiled)
        for j, rule in enumerate(c.rules)
    ]
    broken = " or ".join(f"({condition})" for _, condition in checks) or "false"
    listed = ", ".join(f"case when {cond} then {quoted(code)} end" for code, cond in checks)
    kept = {identifier(c.lake_name): value_of(c.lake_name) for c in contract.columns}
    happened, modified = _happened_sql(contract), contract.modified_at
    connection.execute(
        f"""
        create or replace temp table staged as
        with text_rows as (
            select *, {texts}, coalesce({raw.fault}, false) as _fault,
                coalesce({raw.ignored}, false) as _left_out
            from ({raw.sql})
        ),
        typed_rows as (
            select * exclude (_left_out), {typed},
                coalesce(_left_out or {_ignored_sql(contract)}, false) as _is_ignored
            from text_rows
        ),
        judged as (
            select *, coalesce(_fault or {broken}, false) as _is_bad, {_hashes(contract)}
            from typed_rows
        )
        select _row_number,
            {", ".join(f"{value} as {name}" for name, value in kept.items())},
            {"".join(f"{text_of(c.name)}, " for c in contract.columns if c.is_personal)}
            {happened} as _happened_at,
            {value_of(modified.name) if modified else "cast(null as timestamp)"} as _modified_at,
            {_row_sha(contract)} as _row_sha,
            case when _is_ignored then 'ignored' when _is_bad then 'bad' else 'accepted' end
                as _state,
            case when _is_bad and not _is_ignored then
                case when _fault then ['fault']
                else list_filter([{listed or "null"}], lambda x: x is not null) end end as _broken,
            case when _is_bad and not _is_ignored then {raw.raw} end as _raw,
            case when not _is_ignored then {raw.unknown} end as _unknown
        from judged
        """,
        {"key": key} if any(c.is_personal for c in contract.columns) else None,
    )


def _row_sha(contract: Contract) -> str:
    """Hash of the contracted columns, by which equal versions are ordered and copies are found.

    Personal columns are hashed with the home's secret, so they come second: two homes would order
    the same versions differently if the secret took part before everything else is equal.
    """
    sha = _sha([c for c in contract.columns if not c.is_personal])
    match [c for c in contract.columns if c.is_personal]:
        case []:
            return sha
        case [column]:  # a hash already
            return f"{sha} || coalesce(left({value_of(column.lake_name)}, 16), '')"
        case personal:
            return f"{sha} || {_sha(personal)}"


def _sha(columns: Sequence[Column]) -> str:
    values = ", ".join(f"coalesce(cast({value_of(c.lake_name)} as varchar), '')" for c in columns)
    return f"left(sha256(concat_ws(chr(31), {values})), 16)"


def _hashes(contract: Contract) -> str:
    hashes = [
        f"sha256($key || chr(31) || {value_of(c.name)}) as {value_of(c.lake_name)}"
        for c in contract.columns
        if c.is_personal
    ]
    return ", ".join(hashes) or "true as _nothing_personal"


def _happened_sql(contract: Contract) -> str:
    column = contract.happened_at
    if column is None:
        return "cast(null as timestamp)"
    other = (contract.custom.get("fallbacks") or {}).get(column.name)
    names = [column.name, other] if other else [column.name]
    return f"cast(coalesce({', '.join(map(value_of, names))}) as timestamp)"


def _ignored_sql(contract: Contract) -> str:
    """Rows that the contract leaves out on purpose, such as Segment lines that are no track."""
    rule = contract.custom.get("ignoredUnless")
    if not rule:
        return "false"
    column = text_of(rule["column"])
    inside = f"{column} in ({', '.join(map(quoted, rule['in']))})"
    return f"not ({inside} or {column} is null)" if rule.get("orEmpty") else f"not ({inside})"


def _version_rule(file: LandingFile, stamped_rows: int) -> Rule:
    if stamped_rows:
        return "modification_stamp"
    return "export_date" if file.export_date else "landing_order"
