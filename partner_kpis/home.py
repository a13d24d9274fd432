"""Where everything lies: the data home of a user and the checkout of the product.

Belongs here: every path. Does not belong here: reading or writing what lies there.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from partner_kpis.errors import UserError
from partner_kpis.text import both


@dataclass(frozen=True)
class DataHome:
    """The folder that holds a user's exports, settings and results."""

    root: Path

    @classmethod
    def at(cls, path: str | os.PathLike[str]) -> DataHome:
        return cls(Path(path).expanduser().resolve())

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def config(self) -> Path:
        return self.root / "config"

    @property
    def policies_file(self) -> Path:
        return self.config / "policies.yml"

    @property
    def sources_file(self) -> Path:
        return self.config / "sources.yml"

    @property
    def alerts_file(self) -> Path:
        return self.config / "alerts.yml"

    @property
    def crosswalk_file(self) -> Path:
        return self.config / "crosswalk.csv"

    @property
    def settings_files(self) -> tuple[Path, ...]:
        """What in config/ a number depends on; a snapshot keeps copies of these."""
        return (self.policies_file, self.sources_file, self.crosswalk_file)

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def ledger(self) -> Path:
        return self.lake / "_ledger"

    @property
    def personal(self) -> Path:
        return self.lake / "personal"

    @property
    def work(self) -> Path:
        """Scratch space on the same file system as the lake; empty between runs."""
        return self.lake / "_work"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse"

    @property
    def warehouse_db(self) -> Path:
        return self.warehouse / "partner_kpis.duckdb"

    @property
    def serving(self) -> Path:
        return self.root / "serving"

    @property
    def current(self) -> Path:
        """The link to the snapshot being served."""
        return self.serving / "current"

    @property
    def snapshot_db(self) -> Path:
        return self.current / "partner_kpis.duckdb"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    def snapshot_folder(self, snapshot_id: str) -> Path:
        """Where a kept snapshot lies; SEALED in it keeps it for ever."""
        return self.serving / snapshot_id

    @property
    def statements(self) -> Path:
        """Commission statements, a folder each quarter."""
        return self.reports / "statements"

    @property
    def issued_statements(self) -> Path:
        """What every issued statement says; written once, never changed."""
        return self.statements / "_issued"

    @property
    def data_docs(self) -> Path:
        """The pages Great Expectations renders of its results."""
        return self.reports / "data_docs"

    @property
    def alerts(self) -> Path:
        """What was told to whom, and what became of it."""
        return self.root / "alerts"

    @property
    def alert_log(self) -> Path:
        """The append-only log of alerts: the only state that they have."""
        return self.alerts / "log.jsonl"

    @property
    def dagster(self) -> Path:
        return self.root / "dagster"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def lock_file(self) -> Path:
        return self.root / ".lock"

    def create(self) -> DataHome:
        """Make every folder of the home; a home that cannot be written is a sentence."""
        folders = (
            self.landing, self.config, self.ledger, self.personal, self.work, self.quarantine,
            self.warehouse, self.serving, self.reports, self.alerts, self.dagster, self.logs,
        )  # fmt: skip
        try:
            for folder in folders:
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self.not_writable(error) from error
        return self

    def existing(self) -> DataHome:
        """This home, for those who do not make one. Raises UserError when there is none."""
        if not self.root.is_dir():
            raise UserError(both("fault.no_home", home=self.root))
        return self

    def not_writable(self, error: OSError) -> UserError:
        """What to say to somebody whose home cannot be written."""
        return UserError(both("fault.not_writable", home=self.root, why=error.strerror))


def project_root() -> Path:
    """The checkout this code runs from: version 1 finds its models and contracts beside itself."""
    return Path(__file__).resolve().parent.parent


def dbt_project_dir() -> Path:
    return project_root() / "dbt_project"


def contracts_dir() -> Path:
    return project_root() / "data_contracts"
