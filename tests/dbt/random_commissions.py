"""Commission payments at random, with the corners of their rules.

Belongs here: prm/commission_payment. Does not belong here: results.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random_lake import RandomLake


def fill(lake: RandomLake) -> None:
    """Paid on the due day and beside it, not yet, after the end, in metals, in several versions."""
    for number in range(60):
        row = _payment(lake, f"Y{number:02}")
        lake.add("prm/commission_payment", row, exported=lake.pick(None, lake.day()))
        if lake.random.random() < 0.3:
            later = _payment(lake, row["payment_id"])
            lake.add("prm/commission_payment", later, exported=lake.pick(None, lake.day()))


def _payment(lake: RandomLake, name: str) -> dict[str, Any]:
    due = lake.pick(lake.day(), lake.day(), lake.as_of, lake.as_of + timedelta(days=1))
    around = [due + timedelta(days=step) for step in (-30, -1, 0, 0, 1, 20)]
    return {
        "payment_id": name,
        "partner_id": lake.pick("P0", "P1", "P2", "P3", "P9"),
        "referral_id": lake.pick(None, "N01", "N99"),
        "amount": lake.pick(Decimal("1200.55"), Decimal(0), Decimal("333.333333"), Decimal(-20)),
        "currency": lake.pick(None, "EUR", "USD", "GBP", "XAU"),
        "client_paid_on": lake.pick(None, due - timedelta(days=30)),
        "due_on": lake.pick(due, due, due, None),
        "paid_on": lake.pick(None, *around),
    }
