"""How long the balance of a statement has been open.

Belongs here: which payments settle which referrals, and the buckets of age. Does not belong here:
the balance itself (settle.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from partner_kpis.reports.statement.model import NOTHING, Age, Bucket, Statement

_BUCKETS: Final[tuple[tuple[int, Bucket], ...]] = (
    (30, "days_0_30"), (60, "days_31_60"), (90, "days_61_90"),
)  # fmt: skip
_ORDER: Final[tuple[Bucket, ...]] = (
    *(name for _, name in _BUCKETS), "days_over_90", "advance",
)  # fmt: skip


def ages(statements: Sequence[Statement], on: date) -> tuple[Age, ...]:
    """The closing balance of the last statement by age on a day; the amounts make the balance.

    The age of a commission counts from the day on which the referral was won. A payment settles the
    referral that it names; what it names none for, or is more than was open there, settles the
    oldest of all. What then remains was paid in advance.
    """
    earned, won_on = _earned(statements)
    credit = NOTHING
    for referral, amount in _paid(statements).items():
        if referral in earned:
            earned[referral] -= amount
        else:
            credit += amount
    credit -= sum((amount for amount in earned.values() if amount < 0), NOTHING)
    sums: dict[Bucket, Decimal] = dict.fromkeys(_ORDER, NOTHING)
    for referral in sorted(earned, key=lambda name: (won_on[name], name)):
        left = max(earned[referral], NOTHING)
        settled = max(min(left, credit), NOTHING)
        credit -= settled
        sums[_bucket((on - won_on[referral]).days)] += left - settled
    sums["advance"] = -credit
    return tuple(Age(bucket, amount) for bucket, amount in sums.items())


def _bucket(days: int) -> Bucket:
    return next((name for last, name in _BUCKETS if days <= last), "days_over_90")


def _earned(statements: Iterable[Statement]) -> tuple[dict[str, Decimal], dict[str, date]]:
    """By referral: what all statements say it earned, and the day on which it was won."""
    earned: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    won_on: dict[str, date] = {}
    for statement in statements:
        for line in statement.earned:
            earned[line.referral_id] += line.amount or NOTHING
            won_on[line.referral_id] = line.decided_on
        for correction in statement.corrections:
            if correction.kind == "commission":
                earned[correction.item_id] += correction.amount
                won_on.setdefault(correction.item_id, correction.day)
    return dict(earned), won_on


def _paid(statements: Iterable[Statement]) -> dict[str | None, Decimal]:
    """By the referral that it was paid for: what all statements say was paid."""
    paid: dict[str | None, Decimal] = defaultdict(lambda: NOTHING)
    for statement in statements:
        for line in statement.payments:
            paid[line.referral_id] += line.amount or NOTHING
        for correction in statement.corrections:
            if correction.kind == "payment":
                paid[correction.referral_id] -= correction.amount
    return paid
