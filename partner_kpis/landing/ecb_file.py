"""Reading the ECB's eurofxref-hist.csv: one wide row a day becomes one row a currency.

Belongs here: that one file. Long files of rates go through csv_file.py.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from partner_kpis.contracts.model import Contract
from partner_kpis.contracts.rows import quoted
from partner_kpis.landing.csv_file import csv_relation, read_csv
from partner_kpis.landing.headers import match_header, normalised
from partner_kpis.landing.inspect_file import (
    FileRefusedError,
    delimiter_of,
    header_of,
    inspect_text,
)
from partner_kpis.landing.raw_table import RawTable
from partner_kpis.sources_config import EntitySettings
from partner_kpis.text import both


def read_ecb(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    contract: Contract,
    settings: EntitySettings,
    work: Path,
) -> RawTable:
    """Every cell of a currency is a row of its day's number; cells that hold N/A are ignored."""
    text = inspect_text(path, settings, work)
    delimiter = delimiter_of(text.head, contract, settings, path.name)
    header = header_of(text.head, delimiter)
    if len(match_header(contract, header, settings.columns).fields) == len(contract.columns):
        return read_csv(connection, path, contract, settings, work)
    currencies = {i: h for i, h in enumerate(header) if re.fullmatch("[A-Za-z]{3}", h)}
    if normalised(header[0]) != "date" or not currencies:
        raise FileRefusedError("no_ecb_file")
    columns = [f"f{i}" for i in range(len(header))]
    wide = csv_relation(text.path, delimiter, [*columns, "wide"])
    connection.execute(f"create or replace temp table raw_csv as {wide}")
    codes = ", ".join(f"({quoted(f'f{i}')}, {quoted(code)})" for i, code in currencies.items())
    cells = ", ".join(f"f{i}" for i in currencies)
    return RawTable(
        sql=f"""
            select cells._row_number, cells.f0, cells.wide, codes.currency, cells.rate
            from (
                select * from (
                    select _record - 1 as _row_number, f0, wide, {cells} from raw_csv
                    where _record > 1 and trim(f0) <> ''
                ) unpivot include nulls (rate for field in ({cells}))
            ) as cells
            inner join (values {codes}) as codes (field, currency) on codes.field = cells.field
            order by cells._row_number, codes.currency""",
        text={"rate_date": "f0", "currency": "currency", "rate": "rate"},
        field_names={"rate_date": header[0], "currency": "the header", "rate": "a rate"},
        raw="f0 || ' ' || currency || ' ' || coalesce(rate, '')",
        unknown="null",
        unknown_names=tuple(h for i, h in enumerate(header) if i and h and i not in currencies),
        missing=(),
        ignored="trim(rate) in ('', 'N/A')",
        fault="(wide is not null or rate is null)",
        fault_message=both("quarantine.ecb_row_shape"),
        notes=text.notes,
        spoken={"currency": both("quarantine.ecb_currency"), "rate": both("quarantine.ecb_rate")},
    )
