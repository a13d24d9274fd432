"""Deal registrations at random, with the corners of their rules.

Belongs here: registrations beside those that touch deals (see random_lake.py). Does not belong
here: results.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random_lake import RandomLake


def fill(lake: RandomLake) -> None:
    """Of few customers, so that they collide; decided on the deadline, protected to the day."""
    starts = [lake.moment() for _ in range(25)]
    for number in range(60):
        row = _registration(lake, f"G{number:02}", starts)
        lake.add("prm/deal_registration", row, lake.pick(lake.moment(), None))
        if lake.random.random() < 0.3:
            later = _registration(lake, row["registration_id"], starts)
            lake.add("prm/deal_registration", later, lake.pick(lake.moment(), None), lake.day())


def _registration(lake: RandomLake, name: str, starts: list[Any]) -> dict[str, Any]:
    submitted = lake.pick(*starts)
    due = submitted + timedelta(hours=lake.pick(48, 72))
    tick = timedelta(microseconds=1)
    # Protections often end on a day on which another registration comes in.
    ends = [at.date() + timedelta(days=step) for at in starts[:9] for step in (-1, 0, 1)]
    return {
        "registration_id": name,
        "partner_id": lake.pick("P0", "P1", "P2", "P9", "P10"),
        "customer_account_id": lake.pick("C1", "C2", "C3", None),
        "opportunity_id": None,
        "submitted_at": submitted,
        "decided_at": lake.pick(None, due, due - tick, due + tick, lake.moment()),
        "decision": lake.pick("approved", "approved", "approved", "pending", "rejected"),
        "protected_until": lake.pick(None, *ends),
    }
