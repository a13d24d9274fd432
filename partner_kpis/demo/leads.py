"""The CRM's leads: sent by partners through tagged links, met in campaigns, or found by the web.

Belongs here: salesforce/lead and the failed download that lies beside it.
Does not belong here: which partner's lead led to which deal (deals.py); campaigns (campaigns.py).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from partner_kpis.demo import ids, names
from partner_kpis.demo.crm import flag
from partner_kpis.demo.deals import CAMPAIGN, UTM, Deals
from partner_kpis.demo.draw import DAY, iso_day, stamp, stream, suffix
from partner_kpis.demo.world import World
from partner_kpis.demo.writing import Exporter, Fault

SOURCES = {UTM: "Partner", CAMPAIGN: "Partner Event"}
MEDIA = {UTM: "referral", CAMPAIGN: "event"}
LOGIN_PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>Login | CRM</title></head>
<body><h1>Your session has expired</h1>
<form action="/login" method="post"><label>User name <input name="username"></label>
<label>Password <input name="pw" type="password"></label><button>Log in</button></form>
</body></html>
"""


def write_leads(world: World, leads: pl.DataFrame, out: Exporter) -> None:
    """Leads, and beside them the one bad file of the demo: a login page named .csv."""
    company = world.accounts["name"].gather(leads["account"]).to_list()
    mails = [names.mail_address(names.person_name(i), c) for i, c in enumerate(company)]
    customer = world.accounts["account_id"].gather(leads["account"])
    is_converted = pl.col("opportunity_id").is_not_null()
    frame = leads.with_columns(customer=customer).select(
        Id="lead_id",
        Company=pl.Series(company),
        Email=pl.Series(mails),
        LeadSource=pl.col("evidence").replace_strict(SOURCES, default="Web"),
        CreatedDate=stamp("at"),
        IsConverted=flag(is_converted),
        ConvertedDate=iso_day("converted"),
        ConvertedOpportunityId="opportunity_id",
        ConvertedAccountId=pl.when(is_converted).then("customer"),
        utm_source__c="utm_source",
        utm_medium__c=pl.col("evidence").replace_strict(MEDIA, default="cpc"),
        utm_campaign__c=pl.lit("europe-integrations"),
        SystemModstamp=stamp("modified"),
        IsDeleted=pl.lit("false"),
    )
    undated = {
        "Id": ids.salesforce_ids(ids.LEAD, np.array([9_000_001]))[0],
        "Company": "Wolkenstetter Handel GmbH",
        "IsConverted": "false",
        "IsDeleted": "false",
    }
    faults = [Fault("missing_required", "CreatedDate", undated)]
    file = f"lead_{suffix(world.calendar.as_of)}.csv"
    out.csv("salesforce", "lead", file, frame, faults=faults, quote="always")
    retry = f"lead_{suffix(world.calendar.as_of)}_retry.csv"
    out.bad_file("salesforce", "lead", retry, LOGIN_PAGE)


def simulate_leads(world: World, deals: Deals) -> pl.DataFrame:
    """Leads that partners sent or met in campaigns and that became deals, others that did, and
    many that did not. Columns: lead_id, account (position), at, converted, modified (seconds),
    evidence and partner (position) of the touch that a lead is (else null), opportunity_id,
    utm_source."""
    rng = stream(world.seed, "leads")
    opportunities = deals.opportunities.select("deal", "opportunity_id", "account", "created")
    source = pl.Series([p.utm_source for p in world.partners])
    sent = deals.touches.filter(pl.col("evidence").is_in([UTM, CAMPAIGN])).join(
        opportunities, on="deal", maintain_order="left"
    )
    # Campaign links are typed by people: every tenth writes its partner in capitals.
    capital = pl.Series(rng.random(sent.height) < 0.1)
    sent = sent.with_columns(utm_source=source.gather(sent["partner"]))
    sent = sent.with_columns(
        utm_source=pl.when(pl.col("evidence") == CAMPAIGN)
        .then(pl.lit("webinar"))
        .when(capital)
        .then(pl.col("utm_source").str.to_uppercase())
        .otherwise("utm_source")
    )
    others = opportunities.join(sent, on="deal", how="anti", maintain_order="left")
    others = others.filter(pl.Series(rng.random(others.height) < 0.3))
    lead_days = pl.Series(rng.integers(1, 30, size=others.height))
    others = others.with_columns(at=pl.col("created") - lead_days * DAY)
    lost = pl.DataFrame({"at": rng.permutation(deals.opportunities["created"].to_numpy())})
    lost = lost.head(lost.height // 2)
    lost = lost.with_columns(account=pl.Series(world.accounts_at(rng, lost["at"].to_numpy())))
    leads = pl.concat([sent, others, lost], how="diagonal")
    web = pl.Series(rng.choice(("google", "linkedin", "newsletter"), size=leads.height).astype(str))
    number = pl.Series(ids.salesforce_ids(ids.LEAD, np.arange(leads.height)))
    return (
        leads.with_columns(
            pl.col("utm_source").fill_null(web),
            pl.col("created").alias("converted"),
            pl.coalesce(pl.col("created") + 3, "at").alias("modified"),
        )
        .sort("at", "deal", "partner")
        .with_columns(lead_id=number)
    )
