"""Readings of promises that we did not keep, and of partners that fell silent.

Belongs here: since when. Does not belong here: which things wait (serving/deadlines.py), or how
long a promise is (policies.yml, in the due days of the snapshot).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import polars as pl

from partner_kpis.alerts.readings import Reading, Subject
from partner_kpis.alerts.rules import DormantRule, LateRule
from partner_kpis.serving import NEED_GROUPS, Snapshot, deadlines, quality, unmet

_LATE: Final = {
    "registration": deadlines.registrations_late,
    "referral": deadlines.referrals_late,
}

_EVENTS: Final = [alternative[0] for alternative in NEED_GROUPS["activity"]]
"""The exports that hold signs of life; those beside them in the group only name whose they are."""


def late_readings(snapshot: Snapshot, rule: LateRule, as_of: date) -> Iterator[Reading]:
    """One reading for each registration or referral that waits longer than was promised.

    since: the day by which it was promised. One of a partner that is not in the register is the
    programme's.
    """
    for row in _LATE[rule.late](snapshot, as_of).iter_rows(named=True):
        partner = row["partner_id"]
        dimension, member = ("partner", partner) if partner else ("programme", "all")
        yield Reading(
            rule_id=rule.id,
            subject=Subject(rule.late, dimension, member, row["item"]),
            moment=as_of,
            state="breached",
            run=1,
            since=row["due_on"],
            facts={
                "key": f"alert.late.{rule.late}",
                "submitted": row["submitted_on"].isoformat(),
                "due": row["due_on"].isoformat(),
            },
        )


def dormant_readings(snapshot: Snapshot, rule: DormantRule, as_of: date) -> Iterator[Reading]:
    """One reading for each partner under contract without a sign of life for too long.

    Silence counts from the last qualifying event or the begin of the contract, whichever is later,
    until the last day of which any of these exports tells: a late export makes nobody dormant.
    since: the first day beyond the limit of the tier.
    """
    until = _told_until(snapshot, as_of)
    if until is None:
        return
    for row in deadlines.signs_of_life(snapshot).iter_rows(named=True):
        limit = rule.dormant.get(row["tier"] or "")
        event, begin = row["last_event_on"], row["contract_start"]
        heard = max((day for day in (event, begin) if day is not None), default=None)
        if limit is None or heard is None or (until - heard).days <= limit:
            continue
        is_event = heard == event
        yield Reading(
            rule_id=rule.id,
            subject=Subject("dormant", "partner", row["partner_id"]),
            moment=as_of,
            state="breached",
            run=1,
            since=heard + timedelta(days=limit + 1),
            facts={
                "key": f"alert.dormant{'' if is_event else '.never'}",
                "last": heard.isoformat(),
                "days": limit,
            },
        )


def _told_until(snapshot: Snapshot, as_of: date) -> date | None:
    """The last day that exports with signs of life tell of; None when none of them is landed."""
    freshness = snapshot.freshness()
    if unmet(["activity"], quality.landed(freshness)):
        return None
    keys = pl.DataFrame(_EVENTS, schema=["source", "entity"], orient="row")
    until = freshness.join(keys, on=["source", "entity"])["data_until"].max()
    return min(until, as_of) if isinstance(until, date) else as_of
