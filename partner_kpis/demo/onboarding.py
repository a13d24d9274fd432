"""How new partners get to work: the steps of their onboarding.

Belongs here: prm/onboarding_step. Does not belong here: certificates (enablement.py), or when the
partners began (world.py).
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from partner_kpis.demo.draw import stream, suffix
from partner_kpis.demo.world import Partner, World
from partner_kpis.demo.writing import Exporter, Fault

# Step: days from the contract until it is due, and the chance that it is done by then.
STEPS = {
    "Kick-off": (14, 0.95), "Portal access": (21, 0.93), "Joint business plan": (45, 0.78),
    "First certification": (60, 0.72), "First registration": (90, 0.7),
    "First joint customer": (180, 0.68), "Review after a year": (365, 0.85),
}  # fmt: skip
NEVER = 0.3  # of the steps that are late


def write_onboarding(world: World, out: Exporter) -> None:
    """Two full exports a month apart; steps have no stamp of their own, so their names are dated.
    Each knows the steps of the partners that had signed, and what was done by its day."""
    rng = stream(world.seed, "onboarding")
    steps = [step for partner in world.partners for step in _steps(rng, partner)]
    columns = ("contract_start", "partner_id", "step", "due_on", "completed_on")
    frame = pl.DataFrame(steps, schema=columns, orient="row").sort(columns[0], "partner_id")
    days = world.calendar.month_ends(2)
    for day in days:
        known = frame.filter(pl.col("contract_start") <= day).select(
            "partner_id",
            "step",
            "due_on",
            completed_on=pl.when(pl.col("completed_on") <= day).then("completed_on"),
        )
        faults = _faults(world) if day == days[-1] else []
        out.csv("prm", "onboarding_step", f"onboarding_{suffix(day)}.csv", known, faults=faults)


def _steps(
    rng: np.random.Generator, partner: Partner
) -> list[tuple[date, str, str, date, date | None]]:
    """The better engaged a partner, the more of its steps are done in time."""
    rows = []
    for step, (days, chance) in STEPS.items():
        due = partner.contract_start + timedelta(days=days)
        before, after = rng.integers(0, days // 2 + 1), rng.integers(1, 75)
        is_kept = rng.random() < chance * min(1.0, 0.82 + 0.18 * partner.engagement)
        is_never = rng.random() < NEVER
        done = due - timedelta(days=int(before)) if is_kept else due + timedelta(days=int(after))
        done_on = None if is_never and not is_kept else done
        if done_on and partner.ended_on and done_on >= partner.ended_on:
            done_on = None
        rows.append((partner.contract_start, partner.partner_id, step, due, done_on))
    return rows


def _faults(world: World) -> list[Fault]:
    row = {"partner_id": world.partners[0].partner_id, "step": "Legal review"}
    due = world.calendar.as_of.replace(day=1)
    return [Fault("bad_date", "due_on", row | {"due_on": f"week 40 of {due.year}"})]
