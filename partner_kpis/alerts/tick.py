"""What needs no publication: snoozes that end, ladders, messages that wait for their channel.

Belongs here: the step that a schedule takes every few minutes. Does not belong here: measuring
(evaluate.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from partner_kpis.alerts import settings
from partner_kpis.alerts.delivery import Delivered, deliver
from partner_kpis.alerts.evaluate import Summary, evaluate, keep
from partner_kpis.alerts.log import AlertLog
from partner_kpis.alerts.movers import movers_of
from partner_kpis.alerts.words import names_of
from partner_kpis.home import DataHome
from partner_kpis.serving import Snapshot


@dataclass(frozen=True)
class Ticked:
    """What a step came to. evaluated: None when the snapshot and the rules are those of before."""

    evaluated: Summary | None
    queued: int
    delivered: Delivered


def tick(home: DataHome, at: datetime | None = None, *, waits: bool = True) -> Ticked:
    """Let time pass and send what waits; judge first when snapshot or rules are new.

    waits: False for whoever does not wait for the pause after a failed delivery.
    Raises UserError like evaluate, NoSnapshotError without a snapshot.
    """
    now = at or datetime.now(UTC)
    summary = evaluate(home, now) if _is_news(home) else None
    queued = summary.queued if summary else _let_time_pass(home, now)
    return Ticked(summary, queued, deliver(home, at, waits=waits))


def _is_news(home: DataHome) -> bool:
    before = AlertLog(home).book().evaluated
    if before is None:
        return True
    with Snapshot.open(home) as snapshot:
        in_force = settings.load(home, snapshot.catalogue())
        served = snapshot.info()["snapshot_id"]
    return (before.snapshot_id, before.settings) != (served, in_force.fingerprint)


def _let_time_pass(home: DataHome, now: datetime) -> int:
    with Snapshot.open(home) as snapshot:
        in_force = settings.load(home, snapshot.catalogue())
        names = names_of(snapshot)
        with AlertLog(home).writing() as log:
            movers = movers_of(snapshot, names)
            return len(keep(log, [], now, in_force, names, movers, None))
