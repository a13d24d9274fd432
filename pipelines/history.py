"""Where the history of runs lies: Dagster's SQLite event log, with connections kept open.

Belongs here: the storage and its configuration. As shipped, Dagster opens and closes a connection
for each of some hundred events a run, and a database for each run: several seconds of a short one.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from dagster import AssetKey, DagsterInstance, EventLogEntry, EventLogRecord
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from dagster._core.storage.event_log.base import AssetRecord
from dagster_shared.record import replace
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
        batch: Connection | None = getattr(self._batch, "connection", None)
        if batch is not None:
            yield batch
            return
        with self._engine.begin() as connection:
            yield connection

    @cached_property
    def _batch(self) -> threading.local:
        return threading.local()

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store events in one transaction; the plan of a run is more than a hundred."""
        with self._engine.begin() as connection:
            self._batch.connection = connection
            try:
                for entry in events:
                    self.store_event(entry)
            finally:
                self._batch.connection = None

    @contextmanager
    def as_only_writer(self) -> Iterator[None]:
        """Know the last event of each asset while nobody else makes any.

        As shipped, every asset that is made asks the file, in three statements, for the last event
        of each asset that it is made of.
        """
        self._is_only_writer = True
        try:
            yield
        finally:
            self._is_only_writer = False
            self.__dict__.pop("_last", None)

    _is_only_writer = False

    @cached_property
    def _last(self) -> dict[AssetKey, AssetRecord]:
        return {record.asset_entry.asset_key: record for record in super().get_asset_records()}

    def get_asset_records(
        self, asset_keys: Sequence[AssetKey] | None = None
    ) -> Sequence[AssetRecord]:
        if self._is_only_writer and asset_keys is not None:
            return [self._last[key] for key in asset_keys if key in self._last]
        return super().get_asset_records(asset_keys)

    def _store_asset_event(self, conn: Connection, event: EventLogEntry, event_id: int) -> None:
        super()._store_asset_event(conn, event, event_id)
        told = event.dagster_event
        if not (self._is_only_writer and told and told.is_step_materialization and told.asset_key):
            return
        known = self._last.get(told.asset_key)
        if known is None:  # an asset that no plan of a run has named: the file knows it now
            del self._last
            return
        made = EventLogRecord(event_id, event)
        entry = replace(known.asset_entry, last_materialization_record=made)
        self._last[told.asset_key] = replace(known, asset_entry=entry)

    def dispose(self) -> None:
        super().dispose()  # type: ignore[no-untyped-call]
        self._engine.dispose()


def instance(home: DataHome) -> DagsterInstance:
    """The history of this home: what `dagster dev` shows with DAGSTER_HOME set to its folder."""
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "1000")
    settings = home.dagster / "dagster.yaml"
    wanted = (
        "telemetry:\n  enabled: false\n"
        # Steps say what there is to say; capturing their output takes five more processes.
        "compute_logs:\n  module: dagster._core.storage.noop_compute_log_manager\n"
        "  class: NoOpComputeLogManager\n"
        "event_log_storage:\n  module: pipelines.history\n  class: HomeEventLog\n"
        f"  config:\n    base_dir: {home.dagster / 'history'}\n"
    )
    if not settings.exists() or settings.read_text(encoding="utf-8") != wanted:
        write_visible(settings, wanted)
    return DagsterInstance.from_config(str(home.dagster))


@contextmanager
def only_writer(home: DataHome) -> Iterator[DagsterInstance]:
    """The history for a run that holds the lock of the home: nobody else makes its assets."""
    with instance(home) as history:
        storage = history.event_log_storage
        assert isinstance(storage, HomeEventLog)
        with storage.as_only_writer():
            yield history
