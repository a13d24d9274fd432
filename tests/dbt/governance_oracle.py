"""KPIs of governance in plain Python: how fast registrations are decided, and where they collide.

Belongs here: what is observed of a deal registration. Does not belong here: touches by
registrations (see oracle.py).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from plain_rows import Observation

if TYPE_CHECKING:
    from oracle import Oracle
    from plain_rows import Row


def registrations(oracle: Oracle) -> list[Observation]:
    rows = oracle.latest("prm/deal_registration", "registration_id")
    hours = timedelta(hours=oracle.settings["deal_registration_decision_hours"])
    found = []
    for row in rows:
        due, decided = row["submitted_at"] + hours, row["decided_at"]
        in_time = row["decision"] != "pending" and decided is not None and decided <= due
        days = [("deal_registration_on_time", oracle.local(due), in_time)]
        on = oracle.local(row["submitted_at"])
        if row.get("customer_account_id"):
            conflicts = any(_protects(oracle, other, row, on) for other in rows)
            days.append(("channel_conflict_rate", on, conflicts))
        found += [
            Observation(
                kpi_id, day, oracle.registered(row["partner_id"]),
                "deal_registration", row["registration_id"], Decimal(number), Decimal(1),
            )
            for kpi_id, day, number in days
            if day <= oracle.as_of
        ]  # fmt: skip
    return found


def _protects(oracle: Oracle, held: Row, new: Row, on: date) -> bool:
    """Whether one registration keeps another partner's away from its customer on a day."""
    if held["partner_id"] == new["partner_id"]:
        return False
    if held.get("customer_account_id") != new["customer_account_id"]:
        return False
    is_approved = held["decision"] == "approved" and (
        held["decided_at"] is None or oracle.local(held["decided_at"]) <= oracle.as_of
    )
    until = held.get("protected_until")
    if until is None or not is_approved:
        return False
    return bool(oracle.local(held["submitted_at"]) <= on <= until)
