"""Checking a batch or a candidate by its files: what the side process is asked to do.

Belongs here: opening what is to be checked, and the pages of the results. The checks themselves
are in expectations.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

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


def check_parts(
    contract: Contract, parts: Sequence[str], profile: pl.DataFrame, as_of: date, site: Path
) -> list[PromiseResult]:
    """Check the rows of Parquet files; `profile` is that of the entity (see landing/judge.py)."""
    listed = ", ".join(map(quoted, parts))
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute("set memory_limit = '400MB'")
        connection.execute(
            f"create view batch as select * from read_parquet([{listed}], union_by_name = true)"
        )
        lend(connection, "profile_frame", profile)
        connection.execute("create table profile as select * from profile_frame")
        return check_batch(
            connection, contract, batch="batch", profile="profile", as_of=as_of,
            docs=_docs_at(site),
        )  # fmt: skip


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
