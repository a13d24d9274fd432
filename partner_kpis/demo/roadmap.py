"""What was promised to partners for each quarter, and what was launched with them.

Belongs here: roadmap/item. Does not belong here: the integrations themselves (registry.py).
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from partner_kpis.demo.draw import first_of_month, stream, suffix
from partner_kpis.demo.world import World
from partner_kpis.demo.writing import Exporter, Fault

PROMISES, LAUNCHES = 6, 3  # a quarter
TITLES = (
    "Webhooks with retries", "Sandbox for partners", "Field mapping in the browser",
    "Bulk import", "Audit log", "Single sign-on", "Usage report", "Second region",
    "Rate limits by key", "Delta sync", "Better error texts", "Signed payloads",
)  # fmt: skip
COLUMNS = (
    "item_id", "partner_id", "title", "committed_on", "due_on", "delivered_on", "kind",
    "approved_on",
)  # fmt: skip
Item = tuple[str | None, str, date, date, date, str, date | None]


def write_roadmap(world: World, out: Exporter) -> None:
    """Two full exports a month apart; items have no stamp of their own, so their names are dated.
    Each knows what had been promised or approved, and what had been delivered by its day."""
    rng = stream(world.seed, "roadmap")
    items = [item for first in _quarters(world) for item in _of_quarter(rng, world, first)]
    schema = (
        "partner_id",
        "title",
        "committed_on",
        "due_on",
        "delivered_on",
        "kind",
        "approved_on",
    )
    number = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(4)
    frame = pl.DataFrame(items, schema=schema, orient="row").with_columns(
        item_id=pl.format("RM-{}", number)
    )
    days = world.calendar.month_ends(2)
    for day in days:
        known = frame.filter(pl.col("committed_on") <= day).with_columns(
            delivered_on=pl.when(pl.col("delivered_on") <= day).then("delivered_on")
        )
        faults = _faults(day) if day == days[-1] else []
        out.csv(
            "roadmap", "item", f"roadmap_{suffix(day)}.csv", known.select(COLUMNS), faults=faults
        )


def _quarters(world: World) -> list[date]:
    """The first days of all quarters of the history, the running one included."""
    months = [world.calendar.month(back) for back in range(world.calendar.months)][::-1]
    return [month for month in months if month.month % 3 == 1]


def _of_quarter(rng: np.random.Generator, world: World, first: date) -> list[Item]:
    return [
        *(_promise(rng, world, first) for _ in range(PROMISES)),
        *(_launch(rng, world, first) for _ in range(LAUNCHES)),
    ]


def _promise(rng: np.random.Generator, world: World, first: date) -> Item:
    """Three of four promises are kept; every second is made to all partners."""
    due = first_of_month(first, -int(rng.integers(1, 4))) - timedelta(days=1)
    late = int(rng.integers(3, 70)) if rng.random() < 0.24 else -int(rng.integers(0, 18))
    partner = _builder(rng, world) if rng.random() < 0.5 else None
    title = str(rng.choice(TITLES))
    return partner, title, first, due, due + timedelta(days=late), "roadmap", None


def _launch(rng: np.random.Generator, world: World, first: date) -> Item:
    """Approved in the quarter, launched some three months later."""
    approved = first + timedelta(days=int(rng.integers(0, 60)))
    cycle = int(rng.lognormal(np.log(88), 0.3))
    title = f"Joint launch: {rng.choice(TITLES)!s}"
    due, delivered = approved + timedelta(days=100), approved + timedelta(days=cycle)
    return _builder(rng, world), title, approved, due, delivered, "joint_launch", approved


def _builder(rng: np.random.Generator, world: World) -> str:
    """A partner with an integration."""
    integration = world.integrations[int(rng.integers(len(world.integrations)))]
    return world.partners[integration.partner].partner_id


def _faults(day: date) -> list[Fault]:
    row = {
        "item_id": "RM-9001",
        "title": "Marketplace listing",
        "committed_on": day.replace(day=1).isoformat(),
        "due_on": day.isoformat(),
    }
    return [Fault("unknown_enum", "kind", row | {"kind": "idea"})]
