"""Alerts without an evaluation: events by hand, written into the log of a home.

Belongs here: what tests of pages and of numbers about alerts need to exist before they look.
Does not belong here: tests, or deciding what follows from a reading (lifecycle.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from partner_kpis.alerts.events import (
    Acknowledged,
    Attempted,
    Escalated,
    Evaluated,
    Event,
    Measured,
    Opened,
    Queued,
    Resolved,
    Snoozed,
)
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
UPTIME = Subject("integration_uptime", "programme", "all")
UPTIME_FACTS = {
    "period_type": "day", "period_start": "2026-10-20", "value": 0.981, "low": 0.995,
    "sample_size": 5, "recent": [0.999, 0.981],
}  # fmt: skip
CERTIFICATE = Subject("certificate", "partner", "P-001", "Basics")


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


def one_of_each() -> list[Event]:
    """Alerts in each state and of each severity, messages about them, and an evaluation."""
    day = timedelta(days=1)
    critical = opened(
        "A-0000CRIT", "uptime", UPTIME, severity="critical", owner="Platform operations",
        moment=date(2026, 10, 20), since=date(2026, 10, 18), facts=UPTIME_FACTS,
    )  # fmt: skip
    notice = opened(
        "A-0000INFO", "certificate_expires", CERTIFICATE, severity="info",
        facts={"key": "alert.due.certificate.one", "day": "2026-11-20"}, ladder=(),
        owner="Partner enablement", moment=date(2026, 10, 1), since=date(2026, 10, 1),
    )  # fmt: skip
    before = opened(
        "A-000BEFOR", at=NOW - 90 * day, moment=date(2026, 5, 1), since=date(2026, 4, 1)
    )
    again = opened("A-0000WARN", previous="A-000BEFOR", at=NOW - 4 * day)
    return [
        before,
        Acknowledged(at=NOW - 89 * day, episode_id="A-000BEFOR", by="Ole", why="new contact"),
        recovered("A-000BEFOR", NOW - 60 * day, date(2026, 7, 1)),
        critical,
        again,
        Measured(at=NOW - 3 * day, episode_id="A-0000WARN", moment=date(2026, 9, 1),
                 state="breached", run=2, facts=WIN_RATE | {"period_start": "2026-09-01"}),
        Escalated(at=NOW - day, episode_id="A-0000WARN", level=1, to="Head of partners"),
        notice,
        Snoozed(at=NOW - day, episode_id="A-0000INFO", by="Ole", until=NOW + 5 * day),
        *message("M-1", NOW - 2 * day, "A-0000WARN", "A-0000CRIT"),
        *message("M-2", NOW - day, "A-0000WARN", error="timed out"),
        evaluated(),
    ]  # fmt: skip
