"""The CRM's exports of the demo: ids, references, versions, campaigns.

Belongs here: source salesforce, and whether it agrees with the planted deals. Does not belong here:
stories over several sources (test_story.py).
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from tests.unit.demo.exported import CRM_ENTITIES, Demo, day, events, good_rows, moment


def check_suffix(first_fifteen: str) -> str:
    """The documented algorithm, written again: five characters, upper case sets a bit."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    chunks = (first_fifteen[i : i + 5] for i in (0, 5, 10))
    return "".join(letters[sum(2**n for n, c in enumerate(k) if c.isupper())] for k in chunks)


def test_salesforce_ids_are_valid_and_resolve(demo: Demo) -> None:
    table = {entity: good_rows(demo, "salesforce", entity) for entity in CRM_ENTITIES}
    known = {entity: {row["Id"] for row in found} for entity, found in table.items()}
    for entity, ids in known.items():
        assert ids and all(i[15:] == check_suffix(i[:15]) for i in ids), entity
    assert check_suffix("001D000000IqhSL") == "IAZ"  # a published example
    assert {r["AccountId"] for r in table["opportunity"]} <= known["account"]
    assert {r["AccountToId"] for r in table["opportunity_partner"]} <= known["account"]
    for entity, column in (
        ("opportunity_history", "OpportunityId"),
        ("opportunity_partner", "OpportunityId"),
        ("lead", "ConvertedOpportunityId"),
    ):
        assert {r[column] for r in table[entity]} - {""} <= known["opportunity"]
    partners = {row["crm_account_id"] for row in good_rows(demo, "prm", "partner")}
    assert {len(i) for i in partners} == {15, 18}
    assert {i[:15] for i in partners} <= {i[:15] for i in known["account"]}


def test_nothing_happens_after_as_of_and_something_on_it(
    demo: Demo,
) -> None:
    _, truth = demo
    latest = {day(e["timestamp"]) for e in events(demo) if e.get("timestamp") != "yesterday"}
    assert max(latest) <= truth.as_of
    for entity in CRM_ENTITIES:
        found = good_rows(demo, "salesforce", entity)
        for column in ("CreatedDate", "SystemModstamp"):
            assert all(day(r[column]) <= truth.as_of for r in found if column in r), entity
    assert max(day(r["checked_at"]) for r in good_rows(demo, "sla", "probe")) == truth.as_of


def test_newest_opportunities_agree_with_their_history(
    demo: Demo,
) -> None:
    newest: dict[str, dict[str, str]] = {}
    versions = Counter[str]()
    for row in good_rows(demo, "salesforce", "opportunity"):
        versions[row["Id"]] += 1
        if row["SystemModstamp"] >= newest.get(row["Id"], row)["SystemModstamp"]:
            newest[row["Id"]] = row
    last: dict[str, dict[str, str]] = {}
    history = good_rows(demo, "salesforce", "opportunity_history")
    for row in sorted(history, key=lambda r: r["CreatedDate"]):
        last[row["OpportunityId"]] = row
    for key, row in last.items():
        assert newest[key]["StageName"] == row["StageName"]
        assert Decimal(newest[key]["Amount"]) == Decimal(row["Amount"])
    assert max(versions.values()) > 1
    assert len(newest.keys() - last.keys()) > 0  # history that the CRM no longer keeps


def test_the_open_deal_the_reopened_and_the_deleted_one_are_there(
    demo: Demo,
) -> None:
    _, truth = demo
    found = good_rows(demo, "salesforce", "opportunity")
    deal = next(r for r in found if r["Id"] == truth.open_deal.opportunity_id)
    assert Decimal(deal["Amount"]) == truth.open_deal.amount and deal["IsClosed"] == "false"
    assert Decimal(deal["Amount"]) > 2 * max(
        Decimal(r["Amount"]) for r in found if r["Id"] != deal["Id"]
    )
    claims = good_rows(demo, "prm", "deal_registration")
    mine = [r for r in claims if r["opportunity_id"] == deal["Id"]]
    assert {r["partner_id"] for r in mine} == {truth.open_deal.partner_id}
    assert mine[-1]["decision"] == "approved"
    assert moment(mine[-1]["submitted_at"]) <= moment(deal["CreatedDate"])
    stages = [
        r["StageName"]
        for r in good_rows(demo, "salesforce", "opportunity_history")
        if r["OpportunityId"] == truth.reopened_opportunity_id
    ]
    assert stages[-3:-1] == ["Closed Lost", "Negotiation"] and stages[-1].startswith("Closed")
    last = [r for r in found if r["Id"] == truth.deleted_opportunity_id][-1]
    assert last["IsDeleted"] == "true"


def test_touches_lie_around_the_creation_of_their_deal(
    demo: Demo,
) -> None:
    created = {
        r["Id"]: moment(r["CreatedDate"]) for r in good_rows(demo, "salesforce", "opportunity")
    }
    ages = [
        (created[r["opportunity_id"]] - moment(r["submitted_at"])).total_seconds() / 86_400
        for r in good_rows(demo, "prm", "deal_registration")
        if r["opportunity_id"]
    ]
    assert min(ages) >= 0
    inside = sum(age <= 180 for age in ages) / len(ages)
    assert 0.85 < inside < 1  # a few are too old to count, on purpose


def test_campaigns_cost_money_and_most_are_run_with_partners(demo: Demo) -> None:
    _, truth = demo
    campaigns = good_rows(demo, "salesforce", "campaign")
    partners = {r["crm_account_id"][:15] for r in good_rows(demo, "prm", "partner")}
    with_partner = [r for r in campaigns if r["Partner_Account__c"]]
    assert 0.6 < len(with_partner) / len(campaigns) < 1
    assert {r["Partner_Account__c"][:15] for r in with_partner} <= partners
    assert {r["CurrencyIsoCode"] for r in campaigns} >= {"EUR", "GBP"}
    for row in campaigns:
        has_ended = date.fromisoformat(row["EndDate"]) <= truth.as_of
        assert (row["ActualCost"] != "") == has_ended == (row["Status"] == "Completed")
        assert row["StartDate"] < row["EndDate"] and Decimal(row["BudgetedCost"]) > 0


def test_campaign_members_are_leads_or_contacts_and_some_became_deals(demo: Demo) -> None:
    _, truth = demo
    campaigns = {r["Id"]: r for r in good_rows(demo, "salesforce", "campaign")}
    leads = {r["Id"]: r for r in good_rows(demo, "salesforce", "lead")}
    members = good_rows(demo, "salesforce", "campaign_member")
    pairs = [(r["CampaignId"], r["LeadId"] or r["ContactId"]) for r in members]
    assert len(set(pairs)) == len(pairs)
    touches = 0
    for row in members:
        assert row["CampaignId"] in campaigns
        assert bool(row["LeadId"]) != bool(row["ContactId"])
        assert (row["HasResponded"] == "true") == (row["FirstRespondedDate"] != "")
        assert row["FirstRespondedDate"] <= truth.as_of.isoformat()
        if row["LeadId"]:
            lead, campaign = leads[row["LeadId"]], campaigns[row["CampaignId"]]
            assert row["HasResponded"] == "true" or not lead["ConvertedOpportunityId"]
            touches += bool(lead["ConvertedOpportunityId"] and campaign["Partner_Account__c"])
    assert touches > 20
    answered = sum(r["HasResponded"] == "true" for r in members) / len(members)
    assert 0.3 < answered < 0.7
