"""Great Expectations on a DuckDB connection that somebody else owns.

Belongs here: the datasource that Great Expectations lacks, the expectation that reports one
promise, and running a suite on a relation. Importing this module imports Great Expectations, which
takes seconds: import it inside the function that needs it.
Does not belong here: what is promised (expectations.py) or the pages about it (data_docs.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any, ClassVar, Literal

# Read once, when Great Expectations is imported: a data home's checks are nobody else's business.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import duckdb
import great_expectations as gx
import sqlalchemy as sa
from duckdb_engine import ConnectionWrapper
from great_expectations.compatibility import pydantic
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations import UnexpectedRowsExpectation
from sqlalchemy.pool import StaticPool

_names = count(1)


class BorrowedConnection(ConnectionWrapper):  # type: ignore[misc]
    """A connection that neither SQLAlchemy nor Great Expectations may close or put into a
    transaction: its owner may be in the middle of one, and its temporary tables must live on."""

    def close(self) -> None:
        pass

    def begin(self) -> None:
        pass

    def commit(self) -> None:
        pass

    def rollback(self) -> None:
        pass


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):  # type: ignore[misc]
    """Keeps one connection: as shipped, it is closed before its result is fetched."""

    _connection: Any

    @contextmanager
    def get_connection(self) -> Iterator[Any]:
        if self._connection is None:
            self._connection = self.engine.connect()
        yield self._connection


class DuckDBDatasource(SQLDatasource):  # type: ignore[misc]
    """The fluent datasource `duckdb`, bound to a borrowed connection."""

    type: Literal["duckdb"] = "duckdb"
    _borrowed: Any = pydantic.PrivateAttr(None)

    @property
    def execution_engine_type(self) -> Any:
        return DuckDBExecutionEngine

    def borrow(self, connection: duckdb.DuckDBPyConnection) -> None:
        engine = sa.create_engine(
            "duckdb:///:memory:",
            creator=lambda: BorrowedConnection(connection),
            poolclass=StaticPool,
        )
        # By default every batch would be copied into a temporary table first.
        self._borrowed = DuckDBExecutionEngine(engine=engine, create_temp_table=False)

    def get_execution_engine(self) -> Any:
        return self._borrowed

    def get_engine(self) -> Any:
        return self._borrowed.engine

    def test_connection(self, test_assets: bool = True) -> None:
        """The caller has just used the connection; a probe per asset would only cost time."""


class ExpectPromiseToHold(UnexpectedRowsExpectation):  # type: ignore[misc]
    """One promise of a contract, measured by one query.

    The query returns a single row: `observed` (what was measured), `holds` BOOLEAN and `places`
    (VARCHAR[]: keys or file rows of the first that break it). Only `observed` is kept in the
    result that Data Docs show.
    """

    promise_id: str

    @pydantic.validator("unexpected_rows_query")  # type: ignore[untyped-decorator]
    def _validate_query(cls, query: str) -> str:  # noqa: N805
        """The query names its relations itself: `{batch}`, which the shipped validator asks for,
        stands for a subquery with a fixed alias, and several promises need one of their own."""
        return query

    # The shipped expectation runs its query twice, to count rows and to show them; once will do.
    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.table",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        row = metrics["unexpected_rows_query.table"][0]
        observed = row["observed"]
        return {
            "success": bool(row["holds"]),
            "result": {
                "observed_value": observed,
                "details": {"places": list(row["places"] or ())},
            },
        }


@cache
def _context() -> Any:
    """One ephemeral context for the process: it holds nothing but its defaults."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    # Nothing outlives the process. As shipped, each relation that is added writes all of the
    # context anew as YAML: a quarter of the time.
    context._save_project_config = lambda: None
    return context


@contextmanager
def datasource(connection: duckdb.DuckDBPyConnection) -> Iterator[DuckDBDatasource]:
    """A datasource on the borrowed connection, forgotten again at the end."""
    name = f"duckdb_{next(_names)}"
    source = _context().data_sources.add_duckdb(name=name, connection_string="duckdb:///:memory:")
    source.borrow(connection)
    try:
        yield source
    finally:
        _context().data_sources.delete(name)


def expectation(
    promise_id: str, query: str, description: str, is_error: bool
) -> ExpectPromiseToHold:
    return ExpectPromiseToHold(
        promise_id=promise_id,
        unexpected_rows_query=query,
        description=description,
        severity="critical" if is_error else "warning",
    )


def validate(
    source: DuckDBDatasource,
    relation: str,
    suite_name: str,
    expectations: list[ExpectPromiseToHold],
) -> Any:
    """Run a suite on a relation; returns an ExpectationSuiteValidationResult."""
    asset = source.add_table_asset(suite_name, table_name=relation)
    batch = asset.get_batch(asset.build_batch_request())
    try:
        return batch.validate(gx.ExpectationSuite(name=suite_name, expectations=expectations))
    finally:
        source.delete_asset(suite_name)  # an entity may have several batches
