"""Where the history of runs lies: Dagster's SQLite event log, with connections kept open.

Belongs here: the storage and its configuration. As shipped, Dagster opens and closes a connection
for each of some hundred events a run, and a database for each run: several seconds of a short one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from dagster import DagsterInstance
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine

from partner_kpis.home import DataHome
from partner_kpis.landing.ledger import write_visible


class HomeEventLog(ConsolidatedSqliteEventLogStorage):
    """One SQLite file for all runs of a home; the history may lose its last events in a power
    cut, never the data."""

    @cached_property
    def _engine(self) -> Engine:
        engine = create_engine(self._conn_string, connect_args={"timeout": 30})

        def relax(connection: Any, _: object) -> None:
            connection.execute("pragma synchronous = off")

        event.listen(engine, "connect", relax)
        return engine

    @cached_property
    def _known(self) -> set[str]:
        """Tables and columns that were found; as shipped, each event looks for them again."""
        return set()

    def has_table(self, table_name: str) -> bool:
        if table_name not in self._known and super().has_table(table_name):  # type: ignore[no-untyped-call]
            self._known.add(table_name)
        return table_name in self._known

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        name = f"asset_keys.{column_name}"
        if name not in self._known and super()._has_asset_key_col_on_connection(conn, column_name):
            self._known.add(name)
        return name in self._known

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    def dispose(self) -> None:
        super().dispose()  # type: ignore[no-untyped-call]
        self._engine.dispose()


def instance(home: DataHome) -> DagsterInstance:
    """The history of this home: what `dagster dev` shows with DAGSTER_HOME set to its folder."""
    settings = home.dagster / "dagster.yaml"
    wanted = (
        "telemetry:\n  enabled: false\n"
        "event_log_storage:\n  module: pipelines.history\n  class: HomeEventLog\n"
        f"  config:\n    base_dir: {home.dagster / 'history'}\n"
    )
    if not settings.exists() or settings.read_text(encoding="utf-8") != wanted:
        write_visible(settings, wanted)
    return DagsterInstance.from_config(str(home.dagster))
