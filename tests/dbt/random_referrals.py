"""Referrals at random, with the corners of their rules.

Belongs here: referrals beside those that touch deals (see random_lake.py). Does not belong here:
results.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random_lake import RandomLake

PARTNERS = ("P0", "P0", "P0", "P1", "P1", "P2", "P3", "P9", "P9", "P10")
STATUSES = ("submitted", "accepted", "rejected", "won", "won", "won", "lost")

INVOLVEMENTS = (None, "standard", "high", "passive")


def fill(lake: RandomLake) -> None:
    """Many of few partners, so that ranks rise; ties, several versions, answers on the deadline."""
    moments = [lake.moment() for _ in range(12)]
    for number in range(70):
        row = _referral(lake, f"N{number:02}", lake.pick(lake.moment(), lake.pick(*moments)))
        lake.add("prm/referral", row, lake.pick(lake.moment(), None))
        if lake.random.random() < 0.3:
            later = {**_referral(lake, row["referral_id"], row["submitted_at"])}
            lake.add("prm/referral", later, lake.pick(lake.moment(), None), lake.day())


def _referral(lake: RandomLake, name: str, submitted: datetime) -> dict[str, Any]:
    due = submitted + timedelta(hours=lake.pick(24, 48))
    tick = timedelta(microseconds=1)
    soon = submitted + timedelta(minutes=lake.pick(0, 7, 311, 4000), microseconds=lake.pick(0, 1))
    fixed = datetime(lake.as_of.year, lake.as_of.month, 1, 12)
    return {
        "referral_id": name,
        "partner_id": lake.pick(*PARTNERS),
        "direction": lake.pick("received", "received", "received", "sent"),
        "submitted_at": submitted,
        "first_response_at": lake.pick(None, soon, due, due - tick, due + tick, lake.moment()),
        "status": lake.pick(*STATUSES),
        "decided_at": lake.pick(None, lake.moment(), lake.moment(), lake.moment(), fixed),
        "opportunity_id": lake.pick(None, None, "O01", "O99"),
        "revenue": lake.pick(lake.amount(), Decimal("1234.567891"), Decimal("-10.005")),
        "currency": lake.pick(None, "EUR", "USD", "GBP", "XAU"),
        "involvement": INVOLVEMENTS[sum(map(ord, name)) % len(INVOLVEMENTS)],
    }
