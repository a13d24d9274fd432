"""Claims of market development funds, from submission to payment.

Belongs here: prm/mdf_claim. Does not belong here: the campaigns that they pay for (campaigns.py).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from partner_kpis.demo.campaigns import OURS
from partner_kpis.demo.crm import flag
from partner_kpis.demo.draw import (
    DAY,
    end_of,
    iso_text,
    local_midnight,
    lognormal,
    stamp,
    stream,
    suffix,
    working_time,
)
from partner_kpis.demo.world import World
from partner_kpis.demo.writing import Exporter, Fault, money


def write_claims(world: World, campaigns: pl.DataFrame, out: Exporter) -> None:
    """Two full exports a month apart; a claim has no stamp of its own, so their names are dated."""
    claims = _claims(world, campaigns)
    days = world.calendar.month_ends(2)
    for day in days:
        faults = _faults(world) if day == days[-1] else []
        frame = _state(claims, end_of(day))
        out.csv("prm", "mdf_claim", f"mdf_claim_{suffix(day)}.csv", frame, faults=faults)


def _claims(world: World, campaigns: pl.DataFrame) -> pl.DataFrame:
    """Three of four campaigns with partners are claimed for, some twice; claims with their whole
    fate: amounts, submitted, decided and paid (seconds; paid is null when it never will be)."""
    rng = stream(world.seed, "mdf claims")
    theirs = campaigns.filter(pl.col("partner") != OURS)
    claimed = np.repeat(
        np.arange(theirs.height), rng.choice((0, 1, 2), theirs.height, p=(0.25, 0.6, 0.15))
    )
    rows = theirs[claimed]
    count = rows.height
    begins = np.array([local_midnight(day) // DAY for day in rows["starts_on"]], dtype=np.int64)
    submitted = working_time(rng, begins + rng.integers(3, 55, count))
    decided = submitted + (lognormal(rng, 14.0, 0.5, count).clip(1, 60) * DAY).astype(np.int64)
    paid = decided + rng.integers(12, 60, count) * DAY
    asked = (rows["budget"].to_numpy() * rng.uniform(0.3, 0.6, count) / 50).round() * 50
    granted = asked * rng.choice((1.0, 1.0, 0.8, 0.5), count)
    spent = granted * rng.choice((1.0, 1.0, 1.0, 0.85), count)
    is_rejected = rng.random(count) < 0.14
    never_paid = is_rejected | (rng.random(count) < 0.1)
    claims = rows.select("partner", "campaign_id", "currency").with_columns(
        submitted=pl.Series(submitted),
        decided=pl.Series(decided),
        paid=pl.Series(paid).set(pl.Series(never_paid), None),
        is_rejected=pl.Series(is_rejected),
        asked=pl.Series(asked),
        granted=pl.Series(granted),
        spent=pl.Series(spent),
        resubmissions=pl.Series(rng.choice((0, 1, 2), count, p=(0.74, 0.19, 0.07))),
    )
    starts, ends = world.active_bounds()
    who = claims["partner"].to_numpy()
    inside = (starts[who] <= submitted) & (submitted < np.minimum(ends[who], world.calendar.end))
    claims = claims.filter(pl.Series(inside)).sort("submitted", "partner")
    partner_id = pl.Series([p.partner_id for p in world.partners], dtype=pl.String)
    number = pl.int_range(pl.len()).cast(pl.String).str.zfill(5)
    return claims.with_columns(
        claim_id=pl.format("MDF-{}", number), partner_id=partner_id.gather(claims["partner"])
    )


def _state(claims: pl.DataFrame, moment: int) -> pl.DataFrame:
    """The claims as they stood at a moment, in the columns of the export."""
    is_decided, is_paid = pl.col("decided") < moment, (pl.col("paid") < moment).fill_null(False)
    is_granted = is_decided & ~pl.col("is_rejected")
    return claims.filter(pl.col("submitted") < moment).select(
        claim_id="claim_id",
        partner_id="partner_id",
        campaign_id="campaign_id",
        requested_amount=money("asked"),
        approved_amount=pl.when(is_granted).then(money("granted")),
        paid_amount=pl.when(is_paid).then(money("spent")),
        currency="currency",
        submitted_at=stamp("submitted"),
        decided_at=pl.when(is_decided).then(stamp("decided")),
        status=pl.when(is_paid)
        .then(pl.lit("paid"))
        .when(is_granted)
        .then(pl.lit("approved"))
        .when(is_decided)
        .then(pl.lit("rejected"))
        .otherwise(pl.lit("submitted")),
        resubmissions="resubmissions",
        has_proof=flag(is_paid),
    )


def _faults(world: World) -> list[Fault]:
    row = {
        "partner_id": world.partners[0].partner_id,
        "requested_amount": "1500.00",
        "currency": "EUR",
        "submitted_at": iso_text(world.calendar.end - 8 * DAY),
        "status": "submitted",
    }
    return [
        Fault("bad_currency", "currency", row | {"claim_id": "MDF-90001", "currency": "Euro"}),
        Fault("unknown_enum", "status", row | {"claim_id": "MDF-90002", "status": "on hold"}),
    ]
