"""Rows that the lake holds already: counted, not stored.

Belongs here: what makes a row the same (key, version, contracted values). Works on the temporary
table `staged` of land_file.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb

from partner_kpis.contracts.model import Contract
from partner_kpis.contracts.rows import identifier, quoted
from partner_kpis.landing.ledger import Part


def mark_duplicates(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    export_date: date | None,
    lake_parts: Sequence[Part],
) -> None:
    """Set _state of accepted rows to `duplicate` where the same row stands in the file or lake."""
    counted = connection.execute(
        "select count(*), count(distinct _row_sha) from staged where _state = 'accepted'"
    ).fetchone()
    rows, different = counted or (0, 0)
    if rows > different:
        connection.execute(
            "update staged set _state = 'duplicate' where _state = 'accepted' and _row_number in ("
            "select _row_number from staged where _state = 'accepted' "
            "qualify row_number() over (partition by _row_sha order by _row_number) > 1)"
            if contract.custom.get("reader") != "ecb"
            else _ECB_TWICE
        )
    days = _days(connection) if rows and contract.is_partitioned_by_day else None
    near = _near(lake_parts, days) if rows else []
    if near:
        listed = ", ".join(quoted(part.path) for part in near)
        lake = f"read_parquet([{listed}], union_by_name = true)"
        if days:
            between = f"_happened_at >= date '{days[0]}' and _happened_at < date '{days[1]}' + 1"
            lake = f"(select * from {lake} where {between})"
        connection.execute(
            f"update staged set _state = 'duplicate' where _state = 'accepted' and _row_sha in "
            f"({_same_rows(contract, export_date, lake)})"
        )


def _days(connection: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    """First and last day of the accepted rows."""
    return connection.execute(
        "select cast(min(cast(_happened_at as date)) as varchar), "
        "cast(max(cast(_happened_at as date)) as varchar) from staged where _state = 'accepted'"
    ).fetchone() or ("", "")


def _near(parts: Sequence[Part], days: tuple[str, str] | None) -> list[Part]:
    """Parts that can hold the same rows: of large entities only those of the file's days."""
    if days is None:
        return list(parts)
    first, last = days
    return [p for p in parts if (p.first_day or "") <= last and (p.last_day or "") >= first]


# In the ECB's file several rows share a row number, so that the currency tells them apart.
_ECB_TWICE = (
    "update staged set _state = 'duplicate' where _state = 'accepted' and "
    "(_row_number, currency) in (select (_row_number, currency) from staged "
    "where _state = 'accepted' qualify row_number() over "
    "(partition by _row_sha order by _row_number) > 1)"
)


def _same_rows(contract: Contract, export_date: date | None, lake: str) -> str:
    """Hashes of rows that are no news, by the rule that orders them.

    Stamped rows carry their version among their values. A dated row is the same only under the
    same date. A row ordered by landing is the same only while it is the newest of its key: an
    export that returns to older content is news.
    """
    stamped = f"select _row_sha from {lake} where _modified_at is not null"
    if export_date is not None:
        dated = (
            f"select _row_sha from {lake} where _modified_at is null "
            f"and _export_date = date '{export_date}'"
        )
        return f"{stamped} union all {dated}"
    keys = ", ".join(identifier(column.name) for column in contract.keys)
    newest = (
        f"select _row_sha from {lake} where _modified_at is null and _export_date is null "
        f"qualify row_number() over (partition by {keys} "
        "order by _landed_seq desc, _row_sha desc) = 1"
    )
    return f"{stamped} union all {newest}"
