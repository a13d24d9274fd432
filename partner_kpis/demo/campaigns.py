"""Campaigns in the CRM: run with partners or by the programme itself, and who was in them.

Belongs here: salesforce/campaign and salesforce/campaign_member. A member whose response led to a
deal is a touch that deals.py knows. Does not belong here: the leads (leads.py).
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from partner_kpis.demo import ids
from partner_kpis.demo.crm import flag
from partner_kpis.demo.deals import CAMPAIGN
from partner_kpis.demo.draw import (
    DAY,
    Ints,
    day_of,
    first_of_month,
    iso_day,
    local_midnight,
    stamp,
    stream,
    suffix,
)
from partner_kpis.demo.world import CURRENCIES, World
from partner_kpis.demo.writing import Exporter, Fault

OURS = -1  # in the place of a partner: the programme's own campaigns
KINDS = ("Webinar", "Trade Show", "Email", "Roundtable")
RUNS = {"strategic": 0.45, "active": 0.18, "network": 0.03}  # of the quarters have a campaign


def simulate_campaigns(world: World, leads: pl.DataFrame) -> pl.DataFrame:
    """One campaign a quarter for each partner whose campaign leads became deals in it, some more,
    and one of our own: campaign (position), campaign_id, partner, quarter (number), starts_on,
    ends_on, kind, currency, budget, actual (null until it ended)."""
    rng = stream(world.seed, "campaigns")
    met = leads.filter(pl.col("evidence") == CAMPAIGN)
    pairs = set(zip(met["partner"].to_list(), _quarters(met["at"].to_numpy()), strict=True))
    bounds = np.array([world.calendar.start, world.calendar.end - 1])
    first, last = _quarters(bounds)
    pairs |= {(OURS, quarter) for quarter in range(first, last + 1)}
    starts, ends = world.active_bounds()
    for partner in world.partners:
        for quarter in range(first, last + 1):
            begins = local_midnight(_first_day(quarter))
            wants = rng.random() < RUNS[partner.tier] * min(partner.engagement, 1.5)
            if wants and starts[partner.position] <= begins < ends[partner.position] - 60 * DAY:
                pairs.add((partner.position, quarter))
    drawn = sorted(pairs, key=lambda pair: (pair[1], pair[0]))
    count = len(drawn)
    budget = rng.integers(8, 48, count) * 250
    ends_on = [_first_day(quarter + 1) - timedelta(days=1) for _, quarter in drawn]
    actual = (budget * rng.uniform(0.8, 1.15, count)).round(2)
    has_ended = np.array([day <= world.calendar.as_of for day in ends_on])
    country = {p.position: p.country for p in world.partners}
    return pl.DataFrame(
        {
            "campaign": np.arange(count),
            "campaign_id": ids.salesforce_ids(ids.CAMPAIGN, np.arange(count)),
            "partner": [partner for partner, _ in drawn],
            "quarter": [quarter for _, quarter in drawn],
            "starts_on": [_first_day(quarter) for _, quarter in drawn],
            "ends_on": ends_on,
            "kind": [str(k) for k in rng.choice(KINDS, size=count)],
            "currency": [CURRENCIES.get(country.get(p, "DE"), "EUR") for p, _ in drawn],
            "budget": budget,
            "actual": pl.Series(actual).set(pl.Series(~has_ended), None),
        }
    )


def _quarters(moments: Ints) -> list[int]:
    """The number of the quarter in which each moment lies."""
    days = (day_of(int(moment)) for moment in moments)
    return [day.year * 4 + (day.month - 1) // 3 for day in days]


def _first_day(quarter: int) -> date:
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)


def write_campaigns(
    world: World, campaigns: pl.DataFrame, leads: pl.DataFrame, out: Exporter
) -> None:
    """One export of each; the loader quotes every field."""
    file = f"campaign_{suffix(world.calendar.as_of)}.csv"
    nameless = {
        "Id": ids.salesforce_ids(ids.CAMPAIGN, np.array([9_000_001]))[0],
        "Type": "Webinar",
        "StartDate": first_of_month(world.calendar.as_of).isoformat(),
        "IsDeleted": "false",
    }
    faults = [Fault("missing_required", "Name", nameless)]
    frame = _campaign_rows(world, campaigns)
    out.csv("salesforce", "campaign", file, frame, faults=faults, quote="always")
    file = f"campaign_member_{suffix(world.calendar.as_of)}.csv"
    member = {
        "Id": ids.salesforce_ids(ids.CAMPAIGN_MEMBER, np.array([9_000_001]))[0],
        "CampaignId": str(campaigns["campaign_id"][0]),
        "HasResponded": "false",
        "CreatedDate": "31.02.2026",
        "IsDeleted": "false",
    }
    faults = [Fault("bad_date", "CreatedDate", member)]
    frame = _member_rows(world, campaigns, leads)
    out.csv("salesforce", "campaign_member", file, frame, faults=faults, quote="always")


def _campaign_rows(world: World, campaigns: pl.DataFrame) -> pl.DataFrame:
    called = {p.position: p.name for p in world.partners} | {OURS: "Nordlicht Plattform"}
    account = {p.position: p.crm_account_id for p in world.partners}
    ended = pl.col("ends_on") <= world.calendar.as_of
    return campaigns.select(
        Id="campaign_id",
        Name=pl.format(
            "{} Q{}/{} – {}",
            "kind",
            pl.col("starts_on").dt.quarter(),
            pl.col("starts_on").dt.year(),
            pl.col("partner").replace_strict(called, return_dtype=pl.String),
        ),
        Type="kind",
        Status=pl.when(ended).then(pl.lit("Completed")).otherwise(pl.lit("In Progress")),
        StartDate="starts_on",
        EndDate="ends_on",
        BudgetedCost=pl.format("{}.0", "budget"),
        ActualCost="actual",
        CurrencyIsoCode="currency",
        Partner_Account__c=pl.col("partner").replace_strict(account, default=None),
        IsDeleted=pl.lit("false"),
    )


def _member_rows(world: World, campaigns: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    """Those who became deals all responded; of the others, and of contacts, not even half."""
    rng = stream(world.seed, "campaign members")
    leads = leads.with_columns(quarter=pl.Series(_quarters(leads["at"].to_numpy())))
    met = leads.filter(pl.col("evidence") == CAMPAIGN)
    places = campaigns.select("campaign", "quarter", "partner")
    met = met.join(places, on=["quarter", "partner"], maintain_order="left")
    web = leads.filter(pl.col("evidence").is_null())
    lost = web.filter(pl.col("opportunity_id").is_null())
    ours = web.filter(pl.col("opportunity_id").is_not_null()).join(
        places.filter(pl.col("partner") == OURS), on="quarter", maintain_order="left"
    )
    ours = ours.filter(pl.Series(rng.random(ours.height) < 0.25))
    seen = pl.concat([_spread(rng, lost, places), _spread(rng, lost, places)]).unique(
        ["lead_id", "campaign"], keep="first", maintain_order=True
    )
    columns = ["campaign", "lead_id", "at"]
    sure = pl.concat([met.select(columns), ours.select(columns)]).with_columns(
        wait=pl.lit(0, dtype=pl.Int64), has_responded=pl.lit(True)
    )
    maybe = pl.concat([seen.select(columns), _contacts(rng, world, campaigns)], how="diagonal")
    maybe = maybe.with_columns(
        wait=pl.Series(rng.integers(0, 9, maybe.height)),
        has_responded=pl.Series(rng.random(maybe.height) < 0.45),
    )
    members = pl.concat([sure, maybe], how="diagonal").sort("at", "campaign", "lead_id")
    members = members.with_columns(responded=pl.col("at") + pl.col("wait") * DAY)
    # A response that has not come by the end of the demo's history is none yet.
    responded = pl.col("has_responded") & (pl.col("responded") < world.calendar.end)
    return members.select(
        Id=pl.Series(ids.salesforce_ids(ids.CAMPAIGN_MEMBER, np.arange(members.height))),
        CampaignId=campaigns["campaign_id"].gather(members["campaign"]),
        LeadId="lead_id",
        ContactId="contact_id",
        HasResponded=flag(responded),
        FirstRespondedDate=pl.when(responded).then(iso_day("responded")),
        CreatedDate=stamp("at"),
        IsDeleted=pl.lit("false"),
    )


def _spread(rng: np.random.Generator, leads: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Each lead in one campaign of its quarter."""
    by_quarter = {
        int(quarter): found["campaign"].to_list()
        for (quarter,), found in places.group_by("quarter", maintain_order=True)
    }
    draw = rng.random(leads.height)
    chosen = [
        by_quarter[quarter][int(share * len(by_quarter[quarter]))]
        for quarter, share in zip(leads["quarter"].to_list(), draw.tolist(), strict=True)
    ]
    return leads.with_columns(campaign=pl.Series(chosen, dtype=pl.Int64))


def _contacts(rng: np.random.Generator, world: World, campaigns: pl.DataFrame) -> pl.DataFrame:
    """Known people of customers, invited within the campaign's first month."""
    count = campaigns.height * 4
    campaign = np.sort(rng.integers(0, campaigns.height, count))
    begins = np.array([local_midnight(day) for day in campaigns["starts_on"]])[campaign]
    at = begins + rng.integers(8, 30 * 24, count) * 3600
    number = rng.integers(0, world.accounts.height * 2, count)
    made = pl.DataFrame(
        {
            "campaign": campaign,
            "contact_id": ids.salesforce_ids(ids.CONTACT, number),
            "at": np.maximum(at, world.calendar.start),
        }
    )
    made = made.unique(["campaign", "contact_id"], keep="first", maintain_order=True)
    return made.filter(pl.col("at") < world.calendar.end)
