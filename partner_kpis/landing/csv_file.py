"""Reading CSV and TSV: dialects, ragged rows, footers.

Belongs here: records of text. Does not belong here: values and their types.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from partner_kpis.contracts.model import Contract
from partner_kpis.contracts.rows import quoted
from partner_kpis.landing.inspect_file import (
    FileRefusedError,
    TextFile,
    delimiter_of,
    header_of,
    inspect_text,
)
from partner_kpis.landing.raw_table import (
    BUFFER,
    MAX_LINE,
    NEVER,
    RawTable,
    json_object,
    match_fields,
)
from partner_kpis.sources_config import EntitySettings
from partner_kpis.text import Bilingual, both

# Each column of a table takes half a megabyte of memory: a CRM export of eight hundred fields is
# kept as one column of lists.
_WIDE = 100
_SALESFORCE_FOOTERS = (
    "Grand Totals", "Grand Summaries", "Gesamtsummen", "Copyright (c)", "Copyright ©",
    "Confidential Information - Do Not Distribute",
)  # fmt: skip


def read_csv(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    contract: Contract,
    settings: EntitySettings,
    work: Path,
) -> RawTable:
    text = inspect_text(path, settings, work)
    delimiter = delimiter_of(text.head, contract, settings, path.name)
    header = header_of(text.head, delimiter)
    matched = match_fields(contract, header, settings)
    columns = _load(connection, text.path, delimiter, len(header))
    _refuse_open_quote(connection, text, columns)
    is_blank = " and ".join(f"coalesce(trim({f}), '') = ''" for f in columns)
    sql = f"select coalesce(min(_record), 0) from raw_csv where not ({is_blank})"
    first = (connection.execute(sql).fetchone() or (0,))[0]
    footers = _footer_rows(connection, contract, settings, columns, first)
    excluded = f" and _record not in ({', '.join(map(str, footers))})" if footers else ""
    notes = (*text.notes, *([_delimiter_note(delimiter)] if delimiter != "," else []))
    if footers:
        notes = (*notes, both("note.footers", count=len(footers)))
    named = {name or f"column {i + 1}": columns[i] for i, name in enumerate(header)}
    unknown = [i for i in range(len(header)) if i not in matched.used and header[i]]
    is_short = f"{columns[-1]} is null" if len(columns) > 1 else "false"
    return RawTable(
        sql="select row_number() over (order by _record) as _row_number, * exclude (_record) "
        f"from raw_csv where _record > {first} and not ({is_blank}){excluded}",
        text=matched.text(columns),
        field_names=matched.names(header),
        raw=json_object({**named, "(more fields)": "wide"}),
        unknown=json_object(
            {header[i]: f"nullif({columns[i]}, '')" for i in unknown}, skip_null=True
        ),
        unknown_names=matched.unknown,
        missing=matched.missing,
        fault=f"(wide is not null or {is_short})",
        fault_message=both("quarantine.row_shape"),
        notes=notes,
    )


def _load(
    connection: duckdb.DuckDBPyConnection, path: Path, delimiter: str, width: int
) -> list[str]:
    """Fill the table raw_csv (_record, wide, and the fields); returns the SQL of every field."""
    names = [f"f{i}" for i in range(width)]
    source = csv_relation(path, delimiter, [*names, "wide"])
    if width > _WIDE:
        source = f"select _record, wide, [{', '.join(names)}] as fields from ({source})"
        names = [f"fields[{i + 1}]" for i in range(width)]
    connection.execute(f"create or replace temp table raw_csv as {source}")
    return names


def csv_relation(path: Path, delimiter: str, columns: Sequence[str]) -> str:
    """All records as text, in order. Short rows are padded with NULL, empty fields stay ''."""
    typed = ", ".join(f"{quoted(c)}: 'VARCHAR'" for c in columns)
    return (
        f"select row_number() over () as _record, * from read_csv({quoted(str(path))}, "
        f"header = false, auto_detect = false, delim = {quoted(delimiter)}, quote = '\"', "
        f"escape = '\"', columns = {{{typed}}}, null_padding = true, strict_mode = false, "
        f"parallel = false, nullstr = {quoted(NEVER)}, max_line_size = {MAX_LINE}, "
        f"buffer_size = {BUFFER})"
    )


def _refuse_open_quote(
    connection: duckdb.DuckDBPyConnection, text: TextFile, fields: Sequence[str]
) -> None:
    """An opened quote that is never closed swallows the rest of the file: refuse, don't guess."""
    if not text.has_odd_quotes:
        return
    breaks = " or ".join(f"contains({f}, chr(10))" for f in fields)
    last = "select max(_record) from raw_csv"
    row = connection.execute(
        f"select _record - 1 from raw_csv where _record = ({last}) and ({breaks})"
    ).fetchone()
    if row is not None:
        raise FileRefusedError("open_quote", row=row[0])


def _footer_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    settings: EntitySettings,
    fields: Sequence[str],
    header_record: int,
) -> list[int]:
    """Records that are no data: declared prefixes, Salesforce report footers at the end."""
    prefixes, first = settings.row_filter.exclude_first_column_prefix, fields[0]
    found: set[int] = set()
    for prefix in prefixes:
        sql = f"select _record from raw_csv where _record > ? and starts_with(trim({first}), ?)"
        found |= {r[0] for r in connection.execute(sql, [header_record, prefix]).fetchall()}
    if contract.source != "salesforce":
        return sorted(found)
    begins = " or ".join(f"starts_with(trim({first}), {quoted(p)})" for p in _SALESFORCE_FOOTERS)
    others = " and ".join(f"coalesce({f}, '') = ''" for f in fields[1:]) or "true"
    sql = f"""
        with marked as (
            select _record, ({others}) as alone, ({begins}) as is_footer,
                starts_with(trim({first}), 'Grand ') or starts_with(trim({first}), 'Gesamt')
                    as is_total
            from raw_csv where _record > {header_record}
        ),
        first_footer as (select min(_record) as r from marked where is_footer),
        last_data as (
            select coalesce(max(_record), {header_record}) as r from marked, first_footer
            where _record < first_footer.r and not alone
        )
        select _record from marked, first_footer, last_data
        where marked._record > last_data.r and first_footer.r is not null
          and (alone or is_total)
    """
    return sorted(found | {row[0] for row in connection.execute(sql).fetchall()})


def _delimiter_note(delimiter: str) -> Bilingual:
    return both({"\t": "note.tab", ";": "note.semicolon", ",": "note.comma"}[delimiter])
