"""What the partner programme costs, as finance books it.

Belongs here: prm/programme_cost. Does not belong here: what single campaigns and claims cost
(campaigns.py, mdf.py); finance books them in sum.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from partner_kpis.demo.draw import Floats, stream, suffix
from partner_kpis.demo.world import World
from partner_kpis.demo.writing import Exporter, Fault

# Category: costs of a usual month at scale 1 and their currency. Software is paid in dollars.
USUAL = {
    "management": (21_000, "EUR"), "marketing": (11_000, "EUR"), "systems": (4_200, "USD"),
    "commissions": (6_500, "EUR"),
}  # fmt: skip
GROWTH = 0.25  # over the demo's history
SPREAD = {"management": 0.02, "marketing": 0.35, "systems": 0.0, "commissions": 0.3}
ESTIMATED = "commissions"  # booked as an estimate until the month after


def write_costs(world: World, out: Exporter) -> None:
    """Two full exports a month apart; bookings have no stamp of their own, so their names are
    dated. The later one knows what was only estimated in the month before."""
    costs = _costs(world)
    days = world.calendar.month_ends(2)
    for day in days:
        running = day.replace(day=1)
        known = costs.filter(pl.col("month") <= running)
        is_estimate = (pl.col("month") == running) & (pl.col("category") == ESTIMATED)
        estimate = pl.lit(round(USUAL[ESTIMATED][0] * world.scale))
        amount = pl.when(is_estimate).then(estimate).otherwise("amount")
        frame = known.with_columns(amount=pl.format("{}.00", amount))
        faults = _faults(day) if day == days[-1] else []
        out.csv("prm", "programme_cost", f"programme_cost_{suffix(day)}.csv", frame, faults=faults)


def _costs(world: World) -> pl.DataFrame:
    """One row a month and category, in whole units of its currency."""
    rng = stream(world.seed, "programme costs")
    months = [world.calendar.month(back) for back in range(world.calendar.months)][::-1]
    growth: Floats = np.linspace(1, 1 + GROWTH, len(months))
    parts = []
    for category, (usual, currency) in USUAL.items():
        moves = np.exp(rng.normal(0, SPREAD[category], len(months)))
        amount = (usual * world.scale * growth * moves).round().astype(np.int64)
        parts.append(
            pl.DataFrame({"month": months, "amount": amount}).select(
                "month", "amount", category=pl.lit(category), currency=pl.lit(currency)
            )
        )
    columns = ("month", "category", "amount", "currency")
    return pl.concat(parts).select(columns).sort("month", "category")


def _faults(day: date) -> list[Fault]:
    row = {"month": day.replace(day=1).isoformat(), "amount": "380.00", "currency": "EUR"}
    return [Fault("unknown_enum", "category", row | {"category": "travel"})]
