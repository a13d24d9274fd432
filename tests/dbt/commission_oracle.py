"""KPIs of commissions in plain Python: what partners earn, and what they are paid.

Belongs here: ranks, rates and payments. Does not belong here: what else referrals tell (see
referral_oracle.py).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from plain_rows import Observation, half_up

from partner_kpis.commission_policy import Commission

if TYPE_CHECKING:
    from oracle import Oracle
    from plain_rows import Row


def earned(oracle: Oracle) -> list[Observation]:
    """The commission of each won referral by its rank in the partner's calendar year."""
    decided: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in oracle.latest("prm/referral", "referral_id"):
        if (
            row["direction"] == "received"
            and row["status"] in ("won", "lost")
            and row["decided_at"]
        ):
            on = oracle.local(row["decided_at"])
            if on <= oracle.as_of:
                decided[row["partner_id"], on.year].append(row)
    found = []
    for rows in decided.values():
        rows.sort(key=lambda row: (row["decided_at"], row["referral_id"]))
        won = [row["status"] == "won" for row in rows]
        for number, row in enumerate(rows, start=1):
            if row["status"] == "won":
                found += _commission(oracle, row, _rate(oracle, row, won, number))
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


def _policy(oracle: Oracle, on: date) -> Commission:
    """The last one that had begun by that day."""
    begun = [p for p in oracle.settings["commission"] if p.since is None or p.since <= on]
    return begun[-1]  # type: ignore[no-any-return]


def _rate(oracle: Oracle, row: Row, won: list[bool], number: int) -> Fraction:
    """The rate with its bonus; `won` of all the year's decisions, of which the row is `number`."""
    policy = _policy(oracle, oracle.local(row["decided_at"]))
    seen = won if policy.mode == "retroactive" else won[:number]
    rates = [rate for last, rate in policy.tiers if last is None or sum(seen) <= last]
    rate = policy.involvement.get(row.get("involvement") or "standard", rates[0])
    bonus = policy.conversion_bonus
    total = Fraction(str(rate))
    if bonus is None or len(seen) < bonus.min_decided:
        return total
    is_earned = Fraction(sum(seen), len(seen)) >= Fraction(str(bonus.from_share))
    return total + (Fraction(str(bonus.rate)) if is_earned else 0)


def _shares(policy: Commission, row: Row) -> dict[str, Fraction] | None:
    for name, key in (("referral", "referral_id"), ("partner", "partner_id")):
        for split in policy.splits:
            if getattr(split, name) == row[key]:
                return {payee: Fraction(str(share)) for payee, share in split.shares.items()}
    return None


def _commission(oracle: Oracle, row: Row, rate: Fraction) -> list[Observation]:
    on = oracle.local(row["decided_at"])
    factor = oracle.factor(row.get("currency"), on)
    if factor is None:
        return []
    amount = half_up(Fraction(row.get("revenue") or 0) * rate * factor, 6)
    name, kind, one = "commission_earned", "referral", Decimal(1)
    shares = _shares(_policy(oracle, on), row)
    if shares is None:
        partner = oracle.registered(row["partner_id"])
        return [Observation(name, on, partner, kind, row["referral_id"], amount, one)]
    return [
        Observation(
            name, on, oracle.registered(payee), kind, f"{row['referral_id']}|{payee}", part, one
        )
        for payee, part in _parts(amount, shares).items()
    ]


def _parts(amount: Decimal, shares: dict[str, Fraction]) -> dict[str, Decimal]:
    """Whole cents by the largest remainder; of equal ones the first has it."""
    cents = int(half_up(abs(Fraction(amount)), 2) * 100)
    parts = {payee: cents * share // 1 for payee, share in shares.items()}
    by_remainder = sorted(shares, key=lambda payee: parts[payee] - cents * shares[payee])
    for payee in by_remainder[: cents - sum(parts.values())]:
        parts[payee] += 1
    sign = -1 if amount < 0 else 1
    return {payee: Decimal(sign * part) / 100 for payee, part in parts.items()}
