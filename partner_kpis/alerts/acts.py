"""What people do with an alert: acknowledge, snooze, resolve; for commands and pages alike.

Belongs here: reading the log, deciding, appending, in one step. Does not belong here: what is
allowed (lifecycle.py), or who may do it (there is no login yet).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from partner_kpis.alerts import lifecycle
from partner_kpis.alerts.episodes import Book, Episode
from partner_kpis.alerts.events import Event
from partner_kpis.alerts.log import AlertLog
from partner_kpis.home import DataHome
from partner_kpis.policies import Policies


def acknowledge(
    home: DataHome, name: str, by: str, why: str = "", *, at: datetime | None = None
) -> Episode:
    """Take an alert on. Returns it as it is then; raises UserError with what is in the way.

    `name` is its id or a beginning of it; `at` the moment of the act (UTC), now when left out.
    """
    return _act(home, name, at, lambda book, now: lifecycle.acknowledge(book, name, by, why, now))


def snooze(
    home: DataHome, name: str, by: str, until: date, why: str = "", *, at: datetime | None = None
) -> Episode:
    """Quiet until the morning of a day (in the zone of the policies). Raises UserError."""
    end = datetime.combine(until, time(6), ZoneInfo(Policies.load(home).reporting_timezone))
    return _act(home, name, at, lambda book, now: lifecycle.snooze(book, name, by, end, why, now))


def resolve(home: DataHome, name: str, by: str, why: str, *, at: datetime | None = None) -> Episode:
    """End it by hand, with what helped. Raises UserError."""
    return _act(home, name, at, lambda book, now: lifecycle.resolve(book, name, by, why, now))


def _act(
    home: DataHome,
    name: str,
    at: datetime | None,
    decide: Callable[[Book, datetime], list[Event]],
) -> Episode:
    """Decided while the log is held: of two who act at once, one sees what the other did."""
    with AlertLog(home.existing()).writing() as log:
        episode_id = lifecycle.named(log.book, name).episode_id
        events = decide(log.book, at or datetime.now(UTC))
        try:
            log.append(events)
        except OSError as error:  # no room left, or a log that belongs to another user
            raise home.not_writable(error) from error
        return log.book.episodes[episode_id]
