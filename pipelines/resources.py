"""What every step of a run needs: the data home, held for writing, and the run's options.

Belongs here: Dagster resources. Does not belong here: paths (partner_kpis/home.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from dagster import ConfigurableResource, InitResourceContext
from pydantic import PrivateAttr

from partner_kpis.home import DataHome
from partner_kpis.lock import writing
from pipelines.steps import Options, Project


class HomeResource(ConfigurableResource["HomeResource"]):
    """The data home of a run. A run holds its lock from the first step to the last."""

    root: str
    contracts: str | None = None
    as_of: str | None = None
    full_refresh: bool = False
    is_locked_already: bool = False

    _project: Project | None = PrivateAttr(default=None)

    @property
    def home(self) -> DataHome:
        return DataHome.at(self.root)

    @property
    def options(self) -> Options:
        return Options(date.fromisoformat(self.as_of) if self.as_of else None, self.full_refresh)

    @property
    def project(self) -> Project:
        from pathlib import Path

        if self._project is None:
            self._project = Project.at(Path(self.contracts) if self.contracts else None)
        return self._project

    @contextmanager
    def yield_for_execution(self, context: InitResourceContext) -> Iterator[HomeResource]:
        if self.is_locked_already:
            yield self
            return
        self.home.create()
        with writing(self.home, f"Dagster run {(context.run_id or '')[:8]}"):
            yield self
