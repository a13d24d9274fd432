"""KPIs of what was promised by a day, in plain Python: onboarding, roadmap, joint launches.

Belongs here: those three. Does not belong here: promises of the support (reliability_oracle.py).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from plain_rows import Observation

if TYPE_CHECKING:
    from oracle import Oracle
    from plain_rows import Row

ONE = Decimal(1)


def delivery(oracle: Oracle) -> list[Observation]:
    found = []
    for step in oracle.latest("prm/onboarding_step", "partner_id", "step"):
        found += _step(oracle, step)
    for item in oracle.latest("roadmap/item", "item_id"):
        found += _promise(oracle, item) if item["kind"] == "roadmap" else []
        found += _launch(oracle, item) if item["kind"] == "joint_launch" else []
    return found


def _step(oracle: Oracle, step: Row) -> list[Observation]:
    due, done = step["due_on"], step["completed_on"]
    if due > oracle.as_of:
        return []
    kept = Decimal(done is not None and done <= due)
    partner, name = oracle.registered(step["partner_id"]), f"{step['partner_id']}|{step['step']}"
    return [Observation("onboarding_completion", due, partner, "onboarding_step", name, kept, ONE)]


def _promise(oracle: Oracle, item: Row) -> list[Observation]:
    due, delivered = item["due_on"], item["delivered_on"]
    if due > oracle.as_of:
        return []
    kept = Decimal(delivered is not None and delivered <= due)
    partner, name = oracle.registered(item["partner_id"]), item["item_id"]
    return [Observation("roadmap_delivery_rate", due, partner, "roadmap_item", name, kept, ONE)]


def _launch(oracle: Oracle, item: Row) -> list[Observation]:
    begun, delivered = item["approved_on"], item["delivered_on"]
    if begun is None or delivered is None or delivered > oracle.as_of or delivered < begun:
        return []
    partner, name = oracle.registered(item["partner_id"]), item["item_id"]
    days = Decimal((delivered - begun).days)
    return [Observation("launch_cycle_days", delivered, partner, "roadmap_item", name, days, ONE)]
