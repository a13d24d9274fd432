"""The CRM's exports, as Salesforce's loader writes them: every field quoted, API names.

Belongs here: accounts, opportunities with their history and partner roles. Opportunities come
as one full export and the changes of the months after it, so that versions matter.
Does not belong here: leads (leads.py); what happened (deals.py).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from partner_kpis.demo import ids, names
from partner_kpis.demo.deals import CRM_ROLE, Deals
from partner_kpis.demo.draw import (
    DAY,
    end_of,
    iso_day,
    iso_text,
    local_midnight,
    stamp,
    stream,
    suffix,
)
from partner_kpis.demo.world import STAR_PARTNER, World
from partner_kpis.demo.writing import Exporter, Fault

PROBABILITY = {
    "Qualification": 20, "Proposal": 50, "Negotiation": 75, "Closed Won": 100, "Closed Lost": 0,
}  # fmt: skip
FORECAST = {
    "Qualification": "Pipeline", "Proposal": "BestCase", "Negotiation": "Forecast",
    "Closed Won": "Closed", "Closed Lost": "Omitted",
}  # fmt: skip
ROLES = ("System Integrator", "VAR/Reseller", "Consultant", "Distributor", "Developer")
OWNERS = 12
CONFIDENTIAL = 0.04  # of the deals


def write_crm(world: World, deals: Deals, out: Exporter) -> None:
    """Files of the source salesforce, but for its leads."""
    _write_accounts(world, out)
    _write_opportunities(world, deals, out)
    _write_history(world, deals, out)
    _write_roles(world, deals, out)


def flag(condition: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(pl.lit("true")).otherwise(pl.lit("false"))


def _owners(count: int) -> pl.Series:
    """Record owners, spread over the deals without regard to anything."""
    owner = ids.salesforce_ids(ids.USER, np.arange(OWNERS))
    return pl.Series([owner[i * 7 % OWNERS] for i in range(count)])


def _write_accounts(world: World, out: Exporter) -> None:
    customers = world.accounts.with_columns(Type=pl.lit("Customer"), IsPartner=pl.lit("false"))
    partners = pl.DataFrame(
        {
            "account_id": [p.crm_account_id for p in world.partners],
            "name": [p.name for p in world.partners],
            "country": [p.country for p in world.partners],
            "industry": ["Technology"] * len(world.partners),
            "created": [
                local_midnight(p.contract_start) - 30 * DAY + 36_000 for p in world.partners
            ],
            "Type": ["Partner"] * len(world.partners),
            "IsPartner": ["true"] * len(world.partners),
        }
    )
    accounts = pl.concat([partners, customers], how="diagonal")
    website = [f"https://www.{names.slug(name)}.example" for name in accounts["name"]]
    frame = accounts.select(
        Id="account_id",
        Name="name",
        Website=pl.Series(website),
        Industry="industry",
        BillingCountry="country",
        Type="Type",
        ParentId=pl.lit(None, dtype=pl.String),
        OwnerId=_owners(accounts.height),
        IsPartner="IsPartner",
        CreatedDate=stamp("created"),
        SystemModstamp=stamp("created"),
        IsDeleted=pl.lit("false"),
        Rating=pl.lit("Warm"),  # not contracted: shows what happens to unknown columns
    )
    nameless = {
        "Id": ids.salesforce_ids(ids.ACCOUNT, np.array([9_000_001]))[0],
        "Type": "Customer",
        "IsPartner": "false",
        "CreatedDate": iso_text(world.calendar.end - 9 * DAY),
        "IsDeleted": "false",
    }
    faults = [Fault("missing_required", "Name", nameless)]
    file = f"account_{suffix(world.calendar.as_of)}.csv"
    out.csv("salesforce", "account", file, frame, faults=faults, quote="always")


def _opportunity_rows(world: World, deals: Deals, moment: int) -> pl.DataFrame:
    """The export of all opportunities at a moment, with `modified` in seconds as last column."""
    account = world.accounts["account_id"]
    # Few customers want to stay unnamed, and say so from the first day of a deal.
    drawn = stream(world.seed, "confidential").random(deals.opportunities.height)
    confidential = pl.Series(drawn < CONFIDENTIAL)
    state = deals.state_at(moment).with_columns(
        is_deleted=pl.col("deleted_at").is_not_null() & (pl.col("deleted_at") < moment),
        is_closed=pl.col("stage").str.starts_with("Closed"),
    )
    state = state.with_columns(
        is_confidential=confidential.gather(state["deal"]),
        modified=pl.when("is_deleted")
        .then(pl.max_horizontal("deleted_at", pl.col("at") + 2))
        .otherwise(pl.col("at") + 2),
        close=pl.when("is_closed").then(pl.col("at")).otherwise(pl.col("at") + 45 * DAY),
    )
    return state.select(
        Id="opportunity_id",
        AccountId=account.gather(state["account"]),
        Name="name",
        StageName="stage",
        Amount=pl.format("{}.0", "amount"),
        CurrencyIsoCode="currency",
        Probability=pl.col("stage").replace_strict(PROBABILITY, return_dtype=pl.Int64),
        CloseDate=iso_day("close"),
        CreatedDate=stamp("created"),
        IsClosed=flag(pl.col("is_closed")),
        IsWon=flag(pl.col("stage") == "Closed Won"),
        Type="type",
        LeadSource=pl.when(pl.col("first_partner") >= 0).then(pl.lit("Partner")),
        CampaignId=pl.lit(None, dtype=pl.String),
        OwnerId=_owners(state.height),
        NextStep=pl.when(~pl.col("is_closed")).then(pl.lit("Rückruf vereinbaren")),
        SystemModstamp=stamp("modified"),
        IsDeleted=flag(pl.col("is_deleted")),
        Is_Confidential__c=flag(pl.col("is_confidential")),
        modified="modified",
    )


def _write_opportunities(world: World, deals: Deals, out: Exporter) -> None:
    before = 0
    for day in world.calendar.month_ends(3):
        rows = _opportunity_rows(world, deals, end_of(day))
        changed = rows.filter(pl.col("modified") >= before).drop("modified")
        last = day == world.calendar.as_of
        faults = _opportunity_faults(world, rows, before) if last else []
        file = f"opportunity_{suffix(day)}.csv"
        out.csv("salesforce", "opportunity", file, changed, faults=faults, quote="always")
        before = end_of(day)


def _opportunity_faults(world: World, rows: pl.DataFrame, before: int) -> list[Fault]:
    """Three rows of their own, and a broken newer row of a deal whose older one must stand."""
    good = {
        "Name": "Testdeal – bitte ignorieren",
        "StageName": "Proposal",
        "Amount": "12000.0",
        "CurrencyIsoCode": "EUR",
        "CloseDate": world.calendar.as_of.isoformat(),
        "CreatedDate": iso_text(world.calendar.end - 12 * DAY),
        "IsClosed": "false",
        "IsWon": "false",
        "SystemModstamp": iso_text(world.calendar.end - 11 * DAY),
        "IsDeleted": "false",
    }
    own = ids.salesforce_ids(ids.OPPORTUNITY, np.arange(3) + 9_000_000)
    older = rows.filter(pl.col("modified") < before).drop("modified").row(-1, named=True)
    again = {name: None if value is None else str(value) for name, value in older.items()}
    again |= {"Amount": "48,500", "SystemModstamp": iso_text(world.calendar.end - 3 * DAY)}
    return [
        Fault("missing_required", "StageName", good | {"Id": own[0], "StageName": None}),
        Fault("bad_date", "CloseDate", good | {"Id": own[1], "CloseDate": "2026-02-30"}),
        Fault("bad_currency", "CurrencyIsoCode", good | {"Id": own[2], "CurrencyIsoCode": "EURO"}),
        Fault("ambiguous_number", "Amount", again),
    ]


def _write_history(world: World, deals: Deals, out: Exporter) -> None:
    """Stage history in two files; what is older than the CRM keeps is missing for a few deals."""
    deal_ids = deals.opportunities["opportunity_id"]
    kept = deals.opportunities.filter("has_history")["deal"]
    history = deals.history.with_columns(
        Id=pl.Series(ids.salesforce_ids(ids.HISTORY, np.arange(deals.history.height))),
        opportunity_id=deal_ids.gather(deals.history["deal"]),
        is_closed=pl.col("stage").str.starts_with("Closed"),
    ).filter(pl.col("deal").is_in(kept.implode()))
    rows = history.with_columns(
        close=pl.when("is_closed").then(pl.col("at")).otherwise(pl.col("at") + 45 * DAY)
    )
    before = 0
    for day in world.calendar.month_ends(2):
        part = rows.filter((pl.col("at") >= before) & (pl.col("at") < end_of(day)))
        frame = part.select(
            Id="Id",
            OpportunityId="opportunity_id",
            StageName="stage",
            Amount=pl.format("{}.0", "amount"),
            Probability=pl.col("stage").replace_strict(PROBABILITY, return_dtype=pl.Int64),
            CloseDate=iso_day("close"),
            ForecastCategory=pl.col("stage").replace_strict(FORECAST, return_dtype=pl.String),
            CreatedDate=stamp("at"),
            IsDeleted=pl.lit("false"),
        )
        file = f"opportunity_history_{suffix(day)}.csv"
        out.csv("salesforce", "opportunity_history", file, frame, quote="always")
        before = end_of(day)


def _write_roles(world: World, deals: Deals, out: Exporter) -> None:
    rng = stream(world.seed, "roles")
    touches = deals.touches.filter(pl.col("evidence") == CRM_ROLE)
    count = touches.height
    crm_account = pl.Series([p.crm_account_id for p in world.partners])
    roles = touches.join(
        deals.opportunities.select("deal", "opportunity_id", "first_partner"), on="deal"
    ).sort("at", "deal", "partner")
    roles = roles.with_columns(
        deleted=pl.Series(rng.random(count) < 0.02)
        & (pl.col("deal") > 0)
        & (pl.col("partner") != STAR_PARTNER),
        modified=pl.min_horizontal(pl.col("at") + 5 * DAY, pl.lit(world.calendar.end - 3600)),
    ).with_columns(modified=pl.when("deleted").then("modified").otherwise("at"))
    frame = roles.select(
        Id=pl.Series(ids.salesforce_ids(ids.PARTNER_ROLE, np.arange(count))),
        OpportunityId="opportunity_id",
        AccountToId=crm_account.gather(roles["partner"]),
        Role=pl.Series(rng.choice(ROLES, size=count).astype(str)),
        IsPrimary=flag(pl.col("partner") == pl.col("first_partner")),
        CreatedDate=stamp("at"),
        SystemModstamp=stamp("modified"),
        IsDeleted=flag(pl.col("deleted")),
    )
    file = f"opportunity_partner_{suffix(world.calendar.as_of)}.csv"
    out.csv("salesforce", "opportunity_partner", file, frame, quote="always")
