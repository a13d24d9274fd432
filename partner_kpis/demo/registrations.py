"""Deal registrations: who asked for the protection of which customer, and what was decided.

Belongs here: prm/deal_registration with its planted channel conflict. Does not belong here: which
registrations led to deals (deals.py).
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from partner_kpis.demo.deals import REGISTRATION, Deals, loose_ends, touches_with
from partner_kpis.demo.draw import (
    DAY,
    day_of,
    end_of,
    iso_day,
    iso_text,
    local_midnight,
    lognormal,
    stamp,
    stream,
    suffix,
)
from partner_kpis.demo.truth import ChannelConflict
from partner_kpis.demo.world import PROTECTED_PARTNER, RIVAL_PARTNER, World
from partner_kpis.demo.writing import Exporter, Fault

PROTECTED_DAYS = 90
CONTESTED_ACCOUNT = 2  # its position; one of the oldest customers
HELD, CONTESTED = "held", "contested"  # the two planted rows


def registrations(world: World, deals: Deals) -> pl.DataFrame:
    """All registrations in order of submission, with their whole fate: registration_id,
    partner_id, customer, opportunity_id, at, decided, verdict, until, planted (HELD, CONTESTED or
    null); moments in seconds."""
    rng = stream(world.seed, "registrations")
    good = touches_with(world, deals, REGISTRATION)
    loose = loose_ends(world, max(6, good.height // 2), "loose registrations")
    rows = pl.concat([good, loose, _conflict(world)], how="diagonal")
    rows = rows.sort("at", "partner", "customer")
    partner_id = pl.Series([p.partner_id for p in world.partners])
    hours = lognormal(rng, 22.0, 0.7, rows.height)
    approved = pl.col("opportunity_id").is_not_null() | pl.Series(rng.random(rows.height) < 0.3)
    planted = pl.col("planted")
    approved = pl.when(planted.is_null()).then(approved).otherwise(planted == HELD)
    return (
        rows.with_row_index("number")
        .select(
            registration_id=pl.format("REG-{}", pl.col("number").cast(pl.String).str.zfill(6)),
            partner_id=partner_id.gather(rows["partner"]),
            customer="customer",
            opportunity_id="opportunity_id",
            at="at",
            decided=pl.col("at")
            + pl.Series((hours * 3600).astype(np.int64)).clip(upper_bound=6 * DAY),
            verdict=pl.when(approved).then(pl.lit("approved")).otherwise(pl.lit("rejected")),
            planted="planted",
        )
        .with_columns(until=pl.col("decided") + PROTECTED_DAYS * DAY)
    )


def _conflict(world: World) -> pl.DataFrame:
    """One partner registers a customer; a month later, while that is protected, another does."""
    first = world.calendar.month(2) + timedelta(days=9)
    second = world.calendar.month(1) + timedelta(days=15)
    return pl.DataFrame(
        {
            "partner": [PROTECTED_PARTNER, RIVAL_PARTNER],
            "customer": [world.accounts["account_id"][CONTESTED_ACCOUNT]] * 2,
            "at": [local_midnight(first) + 10 * 3600, local_midnight(second) + 14 * 3600],
            "planted": [HELD, CONTESTED],
        }
    )


def channel_conflict(world: World, rows: pl.DataFrame) -> ChannelConflict:
    """The planted story, found again among all registrations."""
    held = rows.row(by_predicate=pl.col("planted") == HELD, named=True)
    contested = rows.row(by_predicate=pl.col("planted") == CONTESTED, named=True)
    return ChannelConflict(
        customer_account_id=held["customer"],
        customer_name=str(world.accounts["name"][CONTESTED_ACCOUNT]),
        protected_partner_id=held["partner_id"],
        protected_registration_id=held["registration_id"],
        protected_until=day_of(held["until"]),
        rival_partner_id=contested["partner_id"],
        rival_registration_id=contested["registration_id"],
        submitted_on=day_of(contested["at"]),
    )


def write_registrations(world: World, rows: pl.DataFrame, out: Exporter) -> None:
    """Two full exports a month apart: most rows of the second are there already."""
    days = world.calendar.month_ends(2)
    for day in days:
        moment = end_of(day)
        is_decided = pl.col("decided") < moment
        is_approved = is_decided & (pl.col("verdict") == "approved")
        known = rows.filter(pl.col("at") < moment).with_columns(
            decision=pl.when(is_decided).then("verdict").otherwise(pl.lit("pending")),
            updated=pl.when(is_decided).then("decided").otherwise("at"),
            until=pl.when(is_approved).then("until"),
            decided=pl.when(is_decided).then("decided"),
        )
        frame = known.select(
            registration_id="registration_id",
            partner_id="partner_id",
            customer_account_id="customer",
            opportunity_id="opportunity_id",
            submitted_at=stamp("at"),
            decided_at=stamp("decided"),
            decision="decision",
            protected_until=iso_day("until"),
            updated_at=stamp("updated"),
        )
        faults = _faults(world) if day == days[-1] else []
        file = f"deal_registration_{suffix(day)}.csv"
        out.csv("prm", "deal_registration", file, frame, faults=faults)


def _faults(world: World) -> list[Fault]:
    submitted = iso_text(world.calendar.end - 6 * DAY)
    row = {"partner_id": "P-0103", "submitted_at": submitted, "decision": "pending"}
    return [
        Fault(
            "unknown_enum", "decision", row | {"registration_id": "REG-900001", "decision": "maybe"}
        ),
        Fault(
            "bad_date",
            "submitted_at",
            row | {"registration_id": "REG-900002", "submitted_at": "last Tuesday"},
        ),
    ]
