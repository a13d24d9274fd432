"""How long things take in plain Python: waits, and the product-limit estimate over them.

Belongs here: what waits since when, and Kaplan and Meier's estimate (1958) for one group.
Does not belong here: the KPIs, which know only what has finished (see customer_oracle.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from customer_oracle import installations
from value_oracle import influenced_wins

if TYPE_CHECKING:
    from oracle import Oracle

MARKS = (0, 30, 60, 90)


@dataclass(frozen=True)
class Wait:
    """One thing that waits or has waited, in days."""

    partner_id: str | None
    started_on: date
    days: float
    is_finished: bool

    @property
    def quarter(self) -> str:
        return f"{self.started_on.year}Q{(self.started_on.month + 2) // 3}"


def activations(oracle: Oracle) -> list[Wait]:
    """Every installation: until its activation, or until the end of as_of."""
    found = []
    for _, integration, start, activated in installations(oracle):
        until = activated or oracle.ends(oracle.as_of)
        days = (until - start) / timedelta(days=1)
        partner = oracle.partner_of(integration)
        found.append(Wait(partner, oracle.local(start), days, activated is not None))
    return found


def first_deals(oracle: Oracle) -> list[Wait]:
    """Every contract: until its first deal, or until as_of or the last day on which it held."""
    wins = defaultdict(list)
    for partner, day in influenced_wins(oracle):
        wins[partner].append(day)
    found = []
    for partner, row in oracle.partners.items():
        start, ended = row["contract_start"], row["ended_on"]
        last = min(oracle.as_of, ended - timedelta(days=1)) if ended else oracle.as_of
        in_time = [day for day in wins[partner] if start <= day <= last]
        until = min(in_time, default=last)
        if until >= start:
            found.append(Wait(partner, start, (until - start).days, bool(in_time)))
    return found


def by_group(oracle: Oracle, waits: Iterable[Wait]) -> dict[tuple[str, str, str], list[Wait]]:
    """Waits by dimension, member and cohort; a member is that of the day of the start."""
    groups: dict[tuple[str, str, str], list[Wait]] = defaultdict(list)
    for wait in waits:
        members = {"programme": "all"}
        if wait.partner_id is not None:
            on_day = oracle.partner_on(wait.partner_id, wait.started_on)
            members["partner"] = wait.partner_id
            for dimension in ("tier", "partner_type", "region"):
                members[dimension] = on_day[dimension] or "unknown"
        for dimension, member in members.items():
            for cohort in ("all", wait.quarter):
                groups[dimension, member, cohort].append(wait)
    return groups


def finished_share(waits: list[Wait], day: float) -> float | None:
    """Estimated share finished by a day; None beyond what is observed."""
    waiting = 1.0
    for moment in sorted({wait.days for wait in waits if wait.is_finished}):
        if moment <= day:
            at_risk = sum(wait.days >= moment for wait in waits)
            waiting *= 1 - sum(w.is_finished and w.days == moment for w in waits) / at_risk
    if waiting > 0 and day > max(wait.days for wait in waits):
        return None
    return 1 - waiting


def median_days(waits: list[Wait]) -> float | None:
    """The first moment by which half have finished."""
    for moment in sorted({wait.days for wait in waits if wait.is_finished}):
        share = finished_share(waits, moment)
        if share is not None and share >= 0.5 - 1e-12:
            return moment
    return None
