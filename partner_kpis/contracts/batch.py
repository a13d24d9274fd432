"""Checking a batch or a candidate by its files: what the side process is asked to do.

Belongs here: opening what is to be checked, and the pages of the results. The checks themselves
are in expectations.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from partner_kpis.contracts.expectations import (
    DataDocs,
    PromiseResult,
    check_batch,
    check_snapshot,
)
from partner_kpis.contracts.model import Contract
from partner_kpis.contracts.rows import quoted
from partner_kpis.frames import lend

_docs: dict[Path, DataDocs] = {}


@dataclass(frozen=True)
class Batch:
    """Files of one entity that are judged together, as Parquet parts (absolute paths).

    profile: that of the entity (see landing/judge.py).
    """

    contract: Contract
    parts: Sequence[str]
    profile: pl.DataFrame


def check_batches(
    batches: Sequence[Batch], as_of: date, site: Path
) -> list[tuple[PromiseResult, ...]]:
    """Check the rows of every batch; the results are in the order of the batches."""
    from partner_kpis.contracts import gx_duckdb

    with duckdb.connect() as connection, gx_duckdb.datasource(connection) as source:
        connection.execute("set timezone = 'UTC'")
        connection.execute("set memory_limit = '400MB'")
        return [_check(connection, source, batch, as_of, site) for batch in batches]


def _check(
    connection: duckdb.DuckDBPyConnection, source: Any, batch: Batch, as_of: date, site: Path
) -> tuple[PromiseResult, ...]:
    listed = ", ".join(map(quoted, batch.parts))
    connection.execute(
        "create or replace view batch as "
        f"select * from read_parquet([{listed}], union_by_name = true)"
    )
    lend(connection, "profile_frame", batch.profile)
    connection.execute("create or replace table profile as select * from profile_frame")
    results = check_batch(
        connection, batch.contract, batch="batch", profile="profile", as_of=as_of,
        docs=_docs_at(site), source=source,
    )  # fmt: skip
    return tuple(results)


def check_candidate(
    database: Path, contracts: dict[str, Contract], site: Path
) -> list[PromiseResult]:
    """Check a candidate snapshot."""
    return check_snapshot(database, contracts, _docs_at(site))


def write_docs(site: Path) -> None:
    """Render the pages of everything checked since the last time."""
    docs = _docs.pop(site, None)
    if docs is not None:
        docs.write()


def _docs_at(site: Path) -> DataDocs:
    return _docs.setdefault(site, DataDocs(site))
