"""KPIs of marketing and enablement in plain Python: campaigns, claims, content, certificates.

Belongs here: what kpis.md lists of them under "Collaboration, marketing, enablement".
Does not belong here: touches and influence (see oracle.py), the health score's own measures.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from partner_oracle import contracted
from plain_rows import Observation

if TYPE_CHECKING:
    from oracle import Oracle
    from plain_rows import Row

ONE, ZERO = Decimal(1), Decimal(0)


def marketing(oracle: Oracle) -> list[Observation]:
    kpis = (reach, campaign_returns, claims, content, certification)
    return [observation for kpi in kpis for observation in kpi(oracle)]


def _responded_on(oracle: Oracle, member: Row) -> date:
    return member["first_responded_date"] or oracle.local(member["created_date"])


def _responding(oracle: Oracle, campaign: Row) -> list[Row]:
    """Members of a campaign who had responded by as_of."""
    return [
        row
        for row in oracle.latest("salesforce/campaign_member", "id")
        if row["campaign_id"] == campaign["id"]
        and row["has_responded"]
        and _responded_on(oracle, row) <= oracle.as_of
    ]


def _run_with(oracle: Oracle, campaign: Row) -> list[str | None]:
    return oracle.partners_with_account(campaign["partner_account"]) or [None]


def reach(oracle: Oracle) -> list[Observation]:
    found = set()
    for campaign in oracle.latest("salesforce/campaign", "id"):
        if not campaign["partner_account"]:
            continue
        for member in _responding(oracle, campaign):
            person = member["lead_id"] or member["contact_id"] or member["id"]
            day = _responded_on(oracle, member)
            for partner in _run_with(oracle, campaign):
                found.add(
                    Observation("co_marketing_reach", day, partner, "person", person, ONE, ONE)
                )
    return list(found)


def campaign_returns(oracle: Oracle) -> list[Observation]:
    found = []
    for campaign in oracle.latest("salesforce/campaign", "id"):
        day = campaign["end_date"]
        if day is None or day > oracle.as_of:
            continue
        cost = oracle.money(campaign["actual_cost"], campaign["currency_iso_code"], day)
        if cost is None:
            continue
        deals = {
            oracle.leads[member["lead_id"]]["converted_opportunity_id"]
            for member in _responding(oracle, campaign)
            if member["lead_id"] in oracle.leads
        }
        won = ZERO
        for name in deals & set(oracle.opportunities):
            deal = oracle.opportunities[name]
            closing = oracle.closing(deal)
            is_won = oracle.state(deal, oracle.as_of)[0] == "won"
            if is_won and closing is not None and closing[0] <= oracle.as_of:
                won += oracle.money(deal["amount"], deal["currency_iso_code"], day) or ZERO
        found += [
            Observation("campaign_roi", day, p, "campaign", campaign["id"], won - cost, cost)
            for p in _run_with(oracle, campaign)
        ]
    return found


def claims(oracle: Oracle) -> list[Observation]:
    found = []
    for row in oracle.latest("prm/mdf_claim", "claim_id"):
        if row["decided_at"] is None or oracle.local(row["decided_at"]) > oracle.as_of:
            continue
        day, partner = oracle.local(row["decided_at"]), oracle.registered(row["partner_id"])
        of = (day, partner, "mdf_claim", row["claim_id"])
        granted = row["status"] in ("approved", "paid") and not row["resubmissions"]
        found.append(Observation("mdf_first_time_right", *of, Decimal(granted), ONE))
        paid = oracle.money(row["paid_amount"], row["currency"], day)
        approved = oracle.money(row["approved_amount"], row["currency"], day)
        if paid is not None and approved is not None:
            found.append(Observation("mdf_utilisation", *of, paid, approved))
    return found


def content(oracle: Oracle) -> list[Observation]:
    return [
        Observation(
            "content_activity", oracle.local(row["occurred_at"]),
            oracle.registered(row["partner_id"]), "content_use", row["event_id"], ONE, ONE,
        )
        for row in oracle.latest("prm/content_use", "event_id")
        if oracle.local(row["occurred_at"]) <= oracle.as_of
    ]  # fmt: skip


def certification(oracle: Oracle) -> list[Observation]:
    certificates = oracle.latest("lms/certification", "person_id", "certification", "issued_on")
    found = []
    for day in oracle.balance_days():
        for partner in contracted(oracle, day):
            required = oracle.partners[partner]["required_certified_people"]
            if not required:
                continue
            people = {
                row["person_id"]
                for row in certificates
                if row["partner_id"] == partner
                and row["issued_on"] <= day <= (row["expires_on"] or date.max)
            }
            found.append(
                Observation(
                    "certification_rate", day, partner, "partner", partner,
                    Decimal(min(len(people), required)), Decimal(required),
                )
            )  # fmt: skip
    return found
