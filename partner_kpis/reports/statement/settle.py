"""Settling a quarter: what a statement must say, from the data and the statements before it.

Belongs here: which lines belong to a quarter, corrections, balances. Does not belong here: reading
a snapshot (source.py), files (issued.py), the age of a balance (ageing.py).

Nothing that was issued is ever changed. What all statements say of a referral or a payment of an
earlier quarter is compared with what the data say now; the difference is a correction. So the sum
over all statements is always what the newest data say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from partner_kpis.errors import UserError
from partner_kpis.reports.quarter import Quarter
from partner_kpis.reports.stamp import Stamp
from partner_kpis.reports.statement.ageing import ages
from partner_kpis.reports.statement.model import (
    NOTHING,
    Balances,
    Correction,
    EarnedLine,
    Kind,
    PaymentLine,
    QuarterSum,
    Reason,
    Statement,
)


@dataclass(frozen=True)
class Truth:
    """What a snapshot says of one partner: every commission and every payment that was made."""

    partner_id: str
    partner_name: str
    currency: str
    earned: tuple[EarnedLine, ...]
    payments: tuple[PaymentLine, ...]

    def is_active(self, quarter: Quarter) -> bool:
        """Whether anything happened by the end of a quarter."""
        days = [line.decided_on for line in self.earned] + [p.paid_on for p in self.payments]
        return any(day <= quarter.last_day for day in days)


@dataclass(frozen=True)
class Made:
    """What a statement was made with: snapshot, run, and versions of KPIs."""

    stamp: Stamp
    run_id: str
    definitions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Said:
    """What is said of a referral or payment: of whom, when, how much, at which rate."""

    kind: Kind
    item_id: str
    referral_id: str | None
    day: date
    amount: Decimal
    rate: Decimal | None

    @property
    def key(self) -> tuple[Kind, str, Quarter]:
        """One that moves to another quarter is gone from the first, and new in the second."""
        return self.kind, self.item_id, Quarter.of(self.day)


def settle(history: Sequence[Statement], truth: Truth, quarter: Quarter, made: Made) -> Statement:
    """The partner's statement of a quarter after those in `history`, oldest first.

    Raises UserError where the quarter is not later than the last statement, and where the currency
    has changed.
    """
    _refuse_disorder(history, truth, quarter)
    earned = tuple(line for line in truth.earned if Quarter.of(line.decided_on) == quarter)
    payments = tuple(line for line in truth.payments if Quarter.of(line.paid_on) == quarter)
    corrections = tuple(_corrections(history, truth, quarter))
    opening = history[-1].balances.closing if history else NOTHING
    sums = (
        _sum(line.amount for line in earned),
        _sum(line.amount for line in corrections),
        _sum(line.amount for line in payments),
    )
    closing = opening + sums[0] + sums[1] - sums[2]
    statement = Statement(
        partner_id=truth.partner_id,
        partner_name=truth.partner_name,
        quarter=str(quarter),
        number=len(history) + 1,
        currency=truth.currency,
        stamp=made.stamp,
        run_id=made.run_id,
        definitions=made.definitions,
        balances=Balances(opening, *sums, closing),
        earned=earned,
        payments=payments,
        corrections=corrections,
        ages=(),
        year=(),
        previous_hash=history[-1].hash if history else "",
    )
    every = [*history, statement]
    return replace(statement, ages=ages(every, quarter.last_day), year=_year(every, quarter))


def _refuse_disorder(history: Sequence[Statement], truth: Truth, quarter: Quarter) -> None:
    if not history:
        return
    last = history[-1]
    if quarter <= Quarter.parse(last.quarter):
        raise UserError(
            f"{truth.partner_id} has no statement of {quarter}, and none can be issued any more: "
            f"the one of {last.quarter} has been. What belongs to {quarter} stands there, or will "
            "stand as a correction in the next one."
        )
    if last.currency != truth.currency:
        raise UserError(
            f"The statements of {truth.partner_id} are in {last.currency}, and the snapshot is in "
            f"{truth.currency}. A balance cannot go on in another currency: set "
            f"reporting_currency back to {last.currency} in config/policies.yml and run again."
        )


def _corrections(
    history: Sequence[Statement], truth: Truth, quarter: Quarter
) -> Iterator[Correction]:
    """Where the statements before and the data differ about earlier quarters, in order of days."""
    before = _stated(history)
    now = {said.key: said for said in _said_of(truth) if Quarter.of(said.day) < quarter}
    places: dict[tuple[Kind, str, Quarter], _Said] = {**before, **now}
    for key, said in sorted(places.items(), key=lambda place: _order(place[1])):
        old, new = before.get(key), now.get(key)
        was, is_now = old.amount if old else NOTHING, new.amount if new else NOTHING
        if was == is_now:
            continue
        reason: Reason = "late" if old is None else "gone" if new is None else "changed"
        effect = is_now - was
        yield Correction(
            kind=said.kind,
            item_id=said.item_id,
            referral_id=said.referral_id,
            day=said.day,
            quarter=str(Quarter.of(said.day)),
            reason=reason,
            rate_before=old.rate if old else None,
            rate_now=new.rate if new else None,
            before=was,
            now=is_now,
            amount=effect if said.kind == "commission" else -effect,
        )


def _order(said: _Said) -> tuple[date, str, str]:
    return said.day, said.kind, said.item_id


def _said_of(found: Truth | Statement) -> Iterator[_Said]:
    """What the lines say; one without an exchange rate says nothing yet."""
    for line in found.earned:
        rate = line.rate + line.conversion_bonus_rate
        yield _Said("commission", line.referral_id, line.referral_id, line.decided_on,
                    line.amount or NOTHING, rate)  # fmt: skip
    for paid in found.payments:
        yield _Said("payment", paid.payment_id, paid.referral_id, paid.paid_on,
                    paid.amount or NOTHING, None)  # fmt: skip


def _stated(history: Iterable[Statement]) -> dict[tuple[Kind, str, Quarter], _Said]:
    """What all statements together say of each referral and payment."""
    stated: dict[tuple[Kind, str, Quarter], _Said] = {}
    for statement in history:
        stated |= {said.key: said for said in _said_of(statement)}
        for line in statement.corrections:
            said = _Said(
                line.kind, line.item_id, line.referral_id, line.day, line.now, line.rate_now
            )
            stated[said.key] = said
    return stated


def _year(every: Sequence[Statement], quarter: Quarter) -> tuple[QuarterSum, ...]:
    """The quarters of the calendar year, by the day of the decision or the payment."""
    said = _stated(every).values()

    def total(kind: Kind, of: Quarter) -> Decimal:
        return _sum(s.amount for s in said if s.kind == kind and Quarter.of(s.day) == of)

    quarters = [Quarter(quarter.year, number) for number in range(1, quarter.number + 1)]
    return tuple(
        QuarterSum(str(of), total("commission", of), total("payment", of)) for of in quarters
    )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), NOTHING)
