"""A snapshot file with exactly the contracted tables, and the rows that a test names.

Belongs here: making that file. Does not belong here: anything the product imports; a whole
published programme with pages to look at (tests/dashboards/snapshot_fixture.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from partner_kpis.contracts.model import Contract, load_serving

AS_OF = date(2026, 6, 30)
Rows = Sequence[Mapping[str, Any]]


def write_snapshot(
    path: Path, tables: Mapping[str, Rows], *, without: Iterable[tuple[str, str]] = ()
) -> Path:
    """Write `path` as of AS_OF; columns that a row does not name are null.

    without: columns (table, name) that an older version did not have; the name "" is the table.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    lacking = set(without)
    with duckdb.connect(str(path)) as connection:
        for table, contract in _contracts().items():
            columns = [
                (column.name, column.physical_type)
                for column in contract.columns
                if (table, column.name) not in lacking
            ]
            if (table, "") in lacking:
                continue
            types = ", ".join(f'"{name}" {kind}' for name, kind in columns)
            connection.execute(f"create table {table} ({types})")
        for table, rows in {"snapshot": [_SNAPSHOT], **tables}.items():
            for row in rows:
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" for _ in row)
                sql = f"insert into {table} ({names}) values ({marks})"
                connection.execute(sql, list(row.values()))
    return path


_SNAPSHOT = {
    "snapshot_id": "s1", "run_id": "r1", "as_of": AS_OF,
    "known_at": datetime(2026, 7, 1, tzinfo=UTC).replace(tzinfo=None),
    "reporting_currency": "EUR", "min_sample": 5,
}  # fmt: skip


@cache
def _contracts() -> dict[str, Contract]:
    return load_serving()
