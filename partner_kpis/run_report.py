"""What came of the last run: kept in the data home, where the command line and pages read it.

Belongs here: the report and its file. Does not belong here: running (pipelines).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

from partner_kpis.home import DataHome
from partner_kpis.landing.ledger import write_visible

Outcome = Literal["published", "unchanged", "promise_broken", "failed"]


@dataclass(frozen=True)
class RunReport:
    """What came of a run; kept as logs/last_run.json, where `status` reads it."""

    run_id: str
    outcome: Outcome
    started_at: str
    finished_at: str
    as_of: str | None
    snapshot_id: str | None
    ledger_commits: int
    fingerprint: str
    refused: list[str]
    held: list[str]
    sentences: list[str]

    @property
    def exit_code(self) -> int:
        if self.outcome == "failed":
            return 1
        if self.outcome == "promise_broken":
            return 2
        return 3 if self.refused or self.held else 0


def keep(home: DataHome, report: RunReport) -> None:
    write_visible(home.logs / "last_run.json", json.dumps(asdict(report), indent=1))


def last_run(home: DataHome) -> RunReport | None:
    """The report of the last run that did something."""
    try:
        return RunReport(**json.loads((home.logs / "last_run.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
