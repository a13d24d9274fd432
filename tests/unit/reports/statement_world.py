"""Partners' commissions and payments as a test wants them: by hand, and at random.

Belongs here: building what a snapshot would say. Does not belong here: expectations.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from partner_kpis.reports.quarter import Quarter
from partner_kpis.reports.stamp import Stamp
from partner_kpis.reports.statement.model import EarnedLine, PaymentLine, Statement
from partner_kpis.reports.statement.settle import Made, Truth, settle

STAMP = Stamp("20261126T180814-ddaa", "c427" * 16, date(2026, 12, 31), datetime(2027, 1, 2), "code")
MADE = Made(STAMP, "run-1", (("commission_earned", "1.0.0"),))


def euros(amount: str | int | None) -> Decimal | None:
    return None if amount is None else Decimal(amount).quantize(Decimal("0.01"))


def won(name: str, on: date, amount: str | int | None, rate: str = "0.1") -> EarnedLine:
    """A won referral; its base is what the rate makes of the amount."""
    base = None if amount is None else Decimal(amount) / Decimal(rate)
    return EarnedLine(
        referral_id=name, decided_on=on, policy_from=None, mode="marginal",
        involvement="standard", rank_of_year=1, rate=Decimal(rate),
        conversion_bonus_rate=Decimal(0), split_share=Decimal(1),
        base_amount=base or Decimal(5), base_currency="EUR" if base else "XAU",
        fx_rate=1.0 if base else None, base=euros(base) if base else None, amount=euros(amount),
    )  # fmt: skip


def paid(name: str, on: date, amount: str | int | None, referral: str | None = None) -> PaymentLine:
    known = euros(amount)
    return PaymentLine(name, referral, known or Decimal(7), "EUR", on, on, known)


def truth(*lines: EarnedLine | PaymentLine, currency: str = "EUR") -> Truth:
    earned = sorted(
        (line for line in lines if isinstance(line, EarnedLine)), key=lambda line: line.decided_on
    )
    payments = (line for line in lines if isinstance(line, PaymentLine))
    return Truth("P-1", "Müller & Söhne", currency, tuple(earned), tuple(payments))


def issued(*truths: tuple[str, Truth]) -> list[Statement]:
    """The statements of quarters, each from what was true when it was issued."""
    history: list[Statement] = []
    for quarter, known in truths:
        history.append(settle(history, known, Quarter.parse(quarter), MADE))
    return history


def random_history(seed: int) -> list[tuple[str, Truth]]:
    """Quarters of two years, some left out, each with the truth of its day: things are won, paid,
    cancelled, moved, re-rated and found late."""
    dice = random.Random(seed)
    earned: dict[str, EarnedLine] = {}
    payments: dict[str, PaymentLine] = {}
    told = []
    for index in range(8):
        quarter = Quarter(2025 + index // 4, index % 4 + 1)
        for number in range(dice.randint(0, 5)):
            name = f"R{index}{number}"
            earned[name] = won(name, _day(dice, quarter), _amount(dice), _rate(dice))
            if dice.random() < 0.6:
                referral = dice.choice([name, name, *earned, None, "unknown"])
                payments[name] = paid(name, _day(dice, quarter), _amount(dice), referral)
        for name in list(earned):
            _change(dice, name, earned, quarter)
        for name in list(payments):
            if dice.random() < 0.1:
                payments[name] = replace(payments[name], amount=euros(_amount(dice)))
            elif dice.random() < 0.05:
                del payments[name]
        if dice.random() < 0.8:
            told.append((str(quarter), truth(*earned.values(), *payments.values())))
    return told


def _change(
    dice: random.Random, name: str, earned: dict[str, EarnedLine], quarter: Quarter
) -> None:
    chance = dice.random()
    if chance < 0.08:
        del earned[name]
    elif chance < 0.16:
        earned[name] = replace(earned[name], amount=euros(_amount(dice)), rate=Decimal("0.2"))
    elif chance < 0.22:
        moved = earned[name].decided_on + timedelta(days=dice.choice([-95, -40, 40, 95]))
        earned[name] = replace(earned[name], decided_on=min(moved, quarter.last_day))


def _day(dice: random.Random, quarter: Quarter) -> date:
    """Mostly of the quarter, sometimes found late."""
    day = quarter.start + timedelta(days=dice.randint(0, 89))
    return day - timedelta(days=200) if dice.random() < 0.15 else day


def _amount(dice: random.Random) -> str | None:
    return dice.choice([None, "0", "-12.34", *(f"{dice.randint(1, 500_000) / 100:.2f}",) * 5])


def _rate(dice: random.Random) -> str:
    return dice.choice(["0.1", "0.125", "0.2"])
