"""Commissions on won referrals, from the customer's payment to ours.

Belongs here: prm/commission_payment. Does not belong here: the referrals (referrals.py).
"""

from __future__ import annotations

from datetime import date

import polars as pl

from partner_kpis.commission_policy import Commission
from partner_kpis.demo.draw import stream, suffix
from partner_kpis.demo.world import World
from partner_kpis.demo.writing import Exporter, Fault, money

DAYS_TO_PAY = 30  # after the customer has paid


def write_payments(world: World, referred: pl.DataFrame, out: Exporter) -> None:
    """Two full exports a month apart; a payment has no stamp of its own, so their names are dated.

    `referred` is what referrals() tells.
    """
    payments = _payments(world, referred)
    days = world.calendar.month_ends(2)
    for day in days:
        faults = _faults(world) if day == days[-1] else []
        file = f"commission_payment_{suffix(day)}.csv"
        out.csv("prm", "commission_payment", file, _state(payments, day), faults=faults)


def _payments(world: World, referred: pl.DataFrame) -> pl.DataFrame:
    """One for each received referral that was won: amount, and the days on which the customer pays,
    ours is due and is paid, some of them after the demo's end."""
    rng = stream(world.seed, "commission payments")
    is_won = (pl.col("direction") == "erhalten") & (pl.col("final") == "won")
    won = referred.filter(is_won).sort("decided", "number")
    count = won.height
    decided = won.select(on=pl.from_epoch("decided", time_unit="s").dt.date())["on"]
    customer = decided.to_numpy() + rng.integers(10, 45, count).astype("timedelta64[D]")
    due = customer + DAYS_TO_PAY
    # Most are paid with the run of the week before; every sixth waits for a signature.
    is_late = rng.random(count) < 0.16
    late = rng.integers(2, 25, count) * is_late
    paid = due - rng.integers(0, 8, count) * ~is_late + late
    rank = won.select(
        rank=pl.int_range(1, pl.len() + 1).over("partner_id", decided.dt.year().alias("year"))
    )["rank"]
    return won.select(
        payment_id=pl.format("CP-{}", pl.int_range(pl.len()).cast(pl.String).str.zfill(5)),
        partner_id="partner_id",
        referral_id=pl.format("REF-{}", pl.col("number").cast(pl.String).str.zfill(6)),
        amount=pl.col("revenue") * pl.Series([_rate(r) for r in rank], dtype=pl.Float64),
        client_paid_on=pl.Series(customer, dtype=pl.Date),
        due_on=pl.Series(due, dtype=pl.Date),
        paid_on=pl.Series(paid, dtype=pl.Date),
    )


def _rate(rank: int) -> float:
    """What the default policy pays for the partner's won referral of that rank in a year."""
    return next(rate for last, rate in Commission().tiers if last is None or rank <= last)


def _state(payments: pl.DataFrame, day: date) -> pl.DataFrame:
    """What finance knew at the end of a day: a payment is listed once the customer has paid."""
    return payments.filter(pl.col("client_paid_on") <= day).select(
        "payment_id",
        "partner_id",
        "referral_id",
        amount=money("amount"),
        currency=pl.lit("EUR"),
        client_paid_on="client_paid_on",
        due_on="due_on",
        paid_on=pl.when(pl.col("paid_on") <= day).then("paid_on"),
    )


def _faults(world: World) -> list[Fault]:
    row = {
        "payment_id": "CP-90001",
        "partner_id": world.partners[0].partner_id,
        "amount": "1200.00",
        "currency": "EUR",
        "due_on": "end of month",
    }
    return [Fault("bad_date", "due_on", row)]
