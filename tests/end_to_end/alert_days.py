"""Days of alerts in a hurry: every day the rules see what a run of that day would have published.

Belongs here: walking a home's log through days, in a process that may be killed at any moment. Does
not belong here: what must come of it (test_alert_days.py).

A day sees the periods that had ended by then, with the values known now; the log, its lock and the
state machine are those of every run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from partner_kpis.alerts import settings
from partner_kpis.alerts.episodes import Book
from partner_kpis.alerts.evaluate import Seen, judge_and_keep
from partner_kpis.alerts.log import AlertLog
from partner_kpis.alerts.settings import AlertSettings
from partner_kpis.alerts.words import Names, names_of
from partner_kpis.home import DataHome
from partner_kpis.policies import Policies
from partner_kpis.serving import Snapshot


def seen_at_the_end(served: DataHome, home: DataHome) -> tuple[Seen, AlertSettings, Names]:
    """What the last day sees, the rules of `home`, and names."""
    with Snapshot.open(served) as snapshot:
        in_force = settings.load(home, snapshot.catalogue())
        seen = Seen.of(snapshot, in_force, Policies.load(served))
        return replace(seen, listed=lambda rule: []), in_force, names_of(snapshot)


def seen_on(seen: Seen, day: date) -> Seen:
    """What a run of that day sees: periods that ended by then."""
    rows: Mapping[tuple[str, str, str], pl.DataFrame] = {
        key: frame.filter(pl.col("period_end") <= day + timedelta(days=1))
        for key, frame in seen.rows.items()
    }
    return replace(seen, as_of=day, snapshot_id=f"day-{day}", rows=rows)


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def walk(
    home: DataHome, seen: Seen, in_force: AlertSettings, names: Names, first: date, last: date
) -> Book:
    """Go on from the day after the one that was judged last."""
    before = AlertLog(home).book().evaluated
    start = max(first, before.as_of + timedelta(days=1)) if before else first
    for day in days(start, last):
        at = datetime.combine(day, time(20), UTC)
        with AlertLog(home).writing() as log:
            judge_and_keep(log, seen_on(seen, day), in_force, names, lambda *_: (), at)
    return AlertLog(home).book()


def main() -> None:
    served, home = DataHome.at(sys.argv[1]), DataHome.at(sys.argv[2])
    first, last = (date.fromisoformat(text) for text in sys.argv[3:5])
    print("ready", flush=True)
    walk(home, *seen_at_the_end(served, home), first, last)


if __name__ == "__main__":
    main()
