"""The demo's story: its planted truths, as they came out of the simulation.

Belongs here: putting DemoTruth together. Does not belong here: planting anything; each truth is
planted where its subject is simulated.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from partner_kpis.demo.deals import OPEN_DEAL_AMOUNT, Deals
from partner_kpis.demo.draw import AUGUST, DECEMBER, LATE, Calendar, day_of, month_after
from partner_kpis.demo.enablement import YEAR_AGO, last_sign_of_life
from partner_kpis.demo.registrations import channel_conflict
from partner_kpis.demo.sla import bad_month
from partner_kpis.demo.star import star_partner
from partner_kpis.demo.telemetry import Installations, slow_activation
from partner_kpis.demo.truth import DemoTruth, DormantPartner, OpenDeal, SeasonalDip, TierChange
from partner_kpis.demo.upptime import upptime_services
from partner_kpis.demo.world import (
    DORMANT_PARTNER,
    OPEN_DEAL_PARTNER,
    TIER_CHANGE_PARTNER,
    World,
)
from partner_kpis.demo.writing import Exporter

DIP_AT_MOST = 0.7


def tell(
    world: World,
    deals: Deals,
    installations: Installations,
    registrations: pl.DataFrame,
    out: Exporter,
) -> DemoTruth:
    """All truths of a finished demo."""
    opportunity_ids = deals.opportunities["opportunity_id"]
    deleted = deals.opportunities.filter(pl.col("deleted_at") < world.calendar.end)
    return DemoTruth(
        seed=world.seed,
        scale=world.scale,
        as_of=world.calendar.as_of,
        history_start=world.calendar.history_start,
        slow_activation=slow_activation(world, installations),
        bad_month=bad_month(world),
        open_deal=_open_deal(world, deals),
        tier_change=_tier_change(world),
        star=star_partner(world, deals.opportunities, deals.history, deals.touches),
        dormant=_dormant(world),
        seasonal_dip=_seasonal_dip(world.calendar),
        channel_conflict=channel_conflict(world, registrations),
        on_upptime=upptime_services(world),
        reopened_opportunity_id=(
            None if deals.reopened is None else str(opportunity_ids[deals.reopened])
        ),
        deleted_opportunity_id=(str(deleted["opportunity_id"][0]) if deleted.height else None),
        bad_rows=tuple(out.bad_rows),
        bad_files=tuple(out.bad_files),
        files=tuple(out.files),
    )


def _open_deal(world: World, deals: Deals) -> OpenDeal:
    planted = deals.opportunities.row(0, named=True)
    return OpenDeal(
        planted["opportunity_id"],
        planted["name"],
        world.partners[OPEN_DEAL_PARTNER].partner_id,
        OPEN_DEAL_AMOUNT,
        planted["currency"],
    )


def _tier_change(world: World) -> TierChange:
    changer = world.partners[TIER_CHANGE_PARTNER]
    (_, before), (changed, since) = changer.tiers
    return TierChange(changer.partner_id, before, since, day_of(changed))


def _dormant(world: World) -> DormantPartner:
    partner = world.partners[DORMANT_PARTNER]
    return DormantPartner(
        partner_id=partner.partner_id,
        name=partner.name,
        tier=partner.tier,
        last_event_on=last_sign_of_life(world),
        seen_on=tuple(world.calendar.as_of - timedelta(days=days) for days in YEAR_AGO),
    )


def _seasonal_dip(calendar: Calendar) -> SeasonalDip:
    """Whole months of the history only."""
    months: list[date] = []
    month = calendar.history_start
    while month_after(month) <= calendar.as_of:
        months.append(month)
        month = month_after(month)
    return SeasonalDip(
        augusts=tuple(m for m in months if m.month == AUGUST),
        late_december=LATE,
        decembers=tuple(m for m in months if m.month == DECEMBER),
        at_most=DIP_AT_MOST,
    )
