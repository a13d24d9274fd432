"""Alerts without an evaluation: events by hand, written into the log of a home.

Belongs here: what tests of pages and of numbers about alerts need to exist before they look.
Does not belong here: tests, or deciding what follows from a reading (lifecycle.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from partner_kpis.alerts.events import Attempted, Evaluated, Event, Opened, Queued, Resolved
from partner_kpis.alerts.log import AlertLog
from partner_kpis.alerts.readings import Subject
from partner_kpis.home import DataHome

NOW = datetime(2026, 10, 22, 9, 0, tzinfo=UTC)
"""When the pages are read, on the day after the one that the snapshots speak of."""

LADDER = ((3, "Head of partners"), (7, "Management"))

WIN_RATE = {
    "period_type": "month", "period_start": "2026-08-01", "value": 0.31, "low": 0.4,
    "target": 0.5, "sample_size": 13, "recent": [0.52, 0.47, 0.31],
}  # fmt: skip
OF_PARTNER = Subject("partner_win_rate", "partner", "P-003")


def opened(name: str, rule: str = "win_rate", subject: Subject = OF_PARTNER, **more: Any) -> Opened:
    """An episode that opened two days ago, of a partner's win rate, until told otherwise."""
    told: dict[str, Any] = {
        "at": NOW - timedelta(days=2), "severity": "warning", "owner": "Partner management",
        "moment": date(2026, 8, 1), "since": date(2026, 8, 1), "stage": 0, "previous": None,
        "ladder": LADDER, "facts": WIN_RATE,
    }  # fmt: skip
    return Opened(episode_id=name, rule_id=rule, subject=subject.key, **(told | more))


def recovered(name: str, at: datetime, moment: date, **more: Any) -> Resolved:
    return Resolved(at=at, episode_id=name, how=more.pop("how", "recovered"), moment=moment, **more)


def message(name: str, at: datetime, *about: str, error: str = "") -> list[Event]:
    """A message about episodes, taken by its channel; or refused, with the reason."""
    tells = tuple((episode, "opened") for episode in about)
    queued = Queued(
        at=at, message_id=name, channel="ops", severity="warning", tells=tells, title=name, body="",
    )  # fmt: skip
    tried = Attempted(at=at, message_id=name, attempt=1, is_taken=not error, error=error)
    return [queued, tried]


def evaluated(at: datetime = NOW - timedelta(hours=6), snapshot_id: str = "snap-0001") -> Evaluated:
    return Evaluated(at=at, snapshot_id=snapshot_id, as_of=date(2026, 10, 21))


def write(home: DataHome, events: Iterable[Event]) -> None:
    """Append to the log of the home, as one who evaluates does."""
    with AlertLog(home).writing() as log:
        log.append([*events])
