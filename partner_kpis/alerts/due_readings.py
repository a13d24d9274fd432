"""Readings of reminders: certificates, agreements and protections that end.

Belongs here: how near an end is, as a stage. Does not belong here: what ends
(serving/deadlines.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from partner_kpis.alerts.readings import Reading, Subject
from partner_kpis.alerts.rules import DueRule
from partner_kpis.serving import Snapshot, deadlines

PAST_DAYS: Final = 30
"""What ended longer ago is history: nobody is reminded of it."""

_ENDING: Final = {
    "certificate": deadlines.certificates_ending,
    "agreement": deadlines.agreements_ending,
    "protection": deadlines.protections_ending,
}


def due_readings(snapshot: Snapshot, rule: DueRule, as_of: date) -> Iterator[Reading]:
    """One reading for each thing that ends within the first of the rule's days, or just did.

    Certificates of one partner, certification and last day are one: a class that was certified
    together is reminded of once, with its number of people, and no key of a person leaves here.
    """
    horizon = rule.days[0]
    first, last = as_of - timedelta(days=PAST_DAYS), as_of + timedelta(days=horizon)
    for row in _ENDING[rule.due](snapshot, first, last).iter_rows(named=True):
        end = row["ends_on"]
        near = end - timedelta(days=horizon)
        yield Reading(
            rule_id=rule.id,
            subject=Subject(rule.due, "partner", row["partner_id"], _item(rule.due, row)),
            moment=as_of,
            state="breached",
            run=1,
            since=max(near, row["began_on"] or near),
            stage=stage(end, rule.days, as_of),
            facts=_facts(rule.due, row, is_over=end < as_of),
        )


def stage(end: date, days: Sequence[int], as_of: date) -> int:
    """The smallest of `days` that is reached, below 0, so that it rises as the end comes near,
    whatever days the rule names; after the end 1.

    end: the last day on which it holds. Raises ValueError when none is reached.
    """
    left = (end - as_of).days
    if left < 0:
        return 1
    reached = [day for day in days if left <= day]
    if not reached:
        raise ValueError(f"{end} is more than {days[0]} days after {as_of}.")
    return -min(reached)


def _item(thing: str, row: Mapping[str, Any]) -> str:
    if thing == "certificate":
        return f"{row['certification']} {row['ends_on']}"
    return str(row["registration_id"]) if thing == "protection" else ""


def _facts(thing: str, row: Mapping[str, Any], *, is_over: bool) -> dict[str, Any]:
    key = f"alert.due.{thing}{'.over' if is_over else ''}"
    facts = {"key": key, "day": row["ends_on"].isoformat()}
    if thing == "certificate":
        one = row["people"] == 1
        return facts | {"key": f"{key}.one" if one else key, "count": row["people"]}
    if thing == "protection" and row["account_id"]:
        return facts | {"key": f"{key}.of", "account": row["account_id"]}
    return facts
