"""KPIs of commissions in plain Python: what partners earn, and what they are paid.

Belongs here: ranks, rates and payments. Does not belong here: what else referrals tell (see
referral_oracle.py).
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from plain_rows import Observation, half_up

if TYPE_CHECKING:
    from oracle import Oracle
    from plain_rows import Row


def earned(oracle: Oracle) -> list[Observation]:
    """The commission of each won referral by its rank in the partner's calendar year."""
    won: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in oracle.latest("prm/referral", "referral_id"):
        if row["direction"] == "received" and row["status"] == "won" and row["decided_at"]:
            on = oracle.local(row["decided_at"])
            if on <= oracle.as_of:
                won[row["partner_id"], on.year].append(row)
    found = []
    for rows in won.values():
        rows.sort(key=lambda row: (row["decided_at"], row["referral_id"]))
        for rank, row in enumerate(rows, start=1):
            retroactive = oracle.settings["commission_mode"] == "retroactive"
            rate = _rate(oracle, len(rows) if retroactive else rank)
            found += _commission(oracle, row, rate)
    return found


def paid(oracle: Oracle) -> list[Observation]:
    """Payments: their amount on the day of payment, and on the due day whether they were made."""
    found = []
    one, kind = Decimal(1), "commission_payment"
    for row in oracle.latest("prm/commission_payment", "payment_id"):
        partner, key = oracle.registered(row["partner_id"]), row["payment_id"]
        due, on = row["due_on"], row["paid_on"]
        if on and on <= oracle.as_of:
            amount = oracle.money(row["amount"], row["currency"], on)
            if amount is not None:
                found.append(Observation("commission_paid", on, partner, kind, key, amount, one))
        if due and due <= oracle.as_of:
            in_time = Decimal(on is not None and on <= due)
            found.append(Observation("commission_on_time", due, partner, kind, key, in_time, one))
    return found


def _rate(oracle: Oracle, rank: int) -> Decimal:
    (rate,) = (
        rate
        for first, last, rate in oracle.settings["commission_tiers"]
        if first <= rank and (last is None or rank <= last)
    )
    return rate  # type: ignore[no-any-return]


def _commission(oracle: Oracle, row: Row, rate: Decimal) -> list[Observation]:
    on = oracle.local(row["decided_at"])
    factor = oracle.factor(row.get("currency"), on)
    if factor is None:
        return []
    amount = half_up(Fraction(row.get("revenue") or 0) * Fraction(rate) * factor, 6)
    partner = oracle.registered(row["partner_id"])
    name, kind = "commission_earned", "referral"
    return [Observation(name, on, partner, kind, row["referral_id"], amount, Decimal(1))]
