"""The demo's story in the raw files: star, dormant partner, seasonal dip, channel conflict.

Belongs here: truths over several sources, found without the product. Does not belong here: what
the KPIs make of them (tests/end_to_end/test_demo_story.py).
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest

from partner_kpis.demo import SeasonalDip
from tests.unit.demo.exported import Demo, day, events, good_rows, moment


def test_sixty_partners_over_two_years(demo: Demo) -> None:
    _, truth = demo
    partners = {r["partner_id"]: r["name"] for r in good_rows(demo, "prm", "partner")}
    assert len(partners) == len(set(partners.values())) == 60
    assert (truth.as_of - truth.history_start).days >= 729


def test_the_star_carries_about_a_third_of_what_partners_influence(demo: Demo) -> None:
    _, truth = demo
    assert truth.star.revenue_share == pytest.approx(0.3, abs=0.02)
    assert truth.star.won_deals > 25
    names = {r["partner_id"]: r["name"] for r in good_rows(demo, "prm", "partner")}
    assert names[truth.star.partner_id] == truth.star.name
    account = crm_account(demo, truth.star.partner_id)
    won = {
        r["Id"]: Decimal(r["Amount"])
        for r in good_rows(demo, "salesforce", "opportunity")
        if r["IsWon"] == "true"
    }
    roles = good_rows(demo, "salesforce", "opportunity_partner")
    by_role = {(r["AccountToId"][:15], r["OpportunityId"]) for r in roles}
    revenue: Counter[str] = Counter()
    for who, deal in by_role:
        revenue[who] += int(won.get(deal, 0))
    ((first, most), (_, second)) = revenue.most_common(2)
    assert first == account and most > 2 * second


def test_the_dormant_partner_was_there_a_year_ago_and_is_silent_now(demo: Demo) -> None:
    _, truth = demo
    dormant = truth.dormant
    (row, *_) = [r for r in good_rows(demo, "prm", "partner")[::-1]
                 if r["partner_id"] == dormant.partner_id]  # fmt: skip
    assert (row["tier"], row["name"]) == (dormant.tier, dormant.name) == ("strategic", row["name"])
    assert row["ended_on"] == "" and row["contract_start"] < truth.history_start.isoformat()
    on = signs_of_life(demo, dormant.partner_id, row["utm_source"])
    assert max(on) == dormant.last_event_on
    assert (truth.as_of - dormant.last_event_on).days > 120
    assert set(dormant.seen_on) <= set(on)
    assert len(on) > 20


def signs_of_life(demo: Demo, partner_id: str, utm_source: str) -> list[date]:
    """The days of all that makes a partner active, leads by campaigns included."""
    account = crm_account(demo, partner_id)
    found = [
        day(row[column])
        for source, entity, column in (
            ("prm", "deal_registration", "submitted_at"), ("prm", "mdf_claim", "submitted_at"),
            ("prm", "content_use", "occurred_at"),
        )
        for row in good_rows(demo, source, entity)
        if row["partner_id"] == partner_id
    ]  # fmt: skip
    certified = good_rows(demo, "lms", "certification")
    found += [
        date.fromisoformat(r["issued_on"]) for r in certified if r["partner_id"] == partner_id
    ]
    roles = good_rows(demo, "salesforce", "opportunity_partner")
    found += [day(r["CreatedDate"]) for r in roles if r["AccountToId"][:15] == account]
    leads = [r for r in good_rows(demo, "salesforce", "lead") if r["IsConverted"] == "true"]
    found += [day(r["CreatedDate"]) for r in leads if r["utm_source__c"].lower() == utm_source]
    converted = {r["Id"] for r in leads}
    theirs = {
        r["Id"]
        for r in good_rows(demo, "salesforce", "campaign")
        if r["Partner_Account__c"][:15] == account
    }
    members = good_rows(demo, "salesforce", "campaign_member")
    found += [date.fromisoformat(r["FirstRespondedDate"]) for r in members
              if r["CampaignId"] in theirs and r["LeadId"] in converted]  # fmt: skip
    return found


def crm_account(demo: Demo, partner_id: str) -> str:
    """The 15 characters of a partner's CRM id that both ways of writing it share."""
    partners = good_rows(demo, "prm", "partner")
    return next(r["crm_account_id"][:15] for r in partners if r["partner_id"] == partner_id)


def test_august_and_late_december_are_quiet(demo: Demo) -> None:
    _, truth = demo
    dip = truth.seasonal_dip
    assert len(dip.augusts) == len(dip.decembers) == 2
    newest = {r["Id"]: r for r in good_rows(demo, "salesforce", "opportunity")}
    created = Counter(day(r["CreatedDate"]) for r in newest.values())
    used = Counter(
        day(event["timestamp"])
        for event in events(demo)
        if event.get("event") in ("Integration Called", "Feature Used")
        and event["timestamp"] != "yesterday"
    )
    for counts in (created, used):
        assert a_weekday_of_the_dip(counts, dip) <= dip.at_most


def a_weekday_of_the_dip(counts: Counter[date], dip: SeasonalDip) -> float:
    """How much happens on one, as a share of a weekday in the weeks around the dips."""
    quiet, around = [], []
    for begin in dip.augusts:
        days = [begin + timedelta(days=n) for n in range(-31, 62)]
        quiet += [d for d in days if d.month == begin.month]
        around += [d for d in days if d.month != begin.month]
    for month in dip.decembers:
        days = [month + timedelta(days=n) for n in range(-30, 62)]
        late = [d for d in days if d.month == month.month and d.day >= dip.late_december]
        quiet += late
        around += [d for d in days if d not in late]
    means = []
    for days in (quiet, around):
        weekdays = [d for d in days if d.weekday() < 5]
        means.append(sum(counts[d] for d in weekdays) / len(weekdays))
    return means[0] / means[1]


def test_a_rival_registered_a_customer_that_was_protected(demo: Demo) -> None:
    _, truth = demo
    conflict = truth.channel_conflict
    newest = {r["registration_id"]: r for r in good_rows(demo, "prm", "deal_registration")}
    held = newest[conflict.protected_registration_id]
    contested = newest[conflict.rival_registration_id]
    assert held["partner_id"] == conflict.protected_partner_id
    assert contested["partner_id"] == conflict.rival_partner_id != conflict.protected_partner_id
    assert held["customer_account_id"] == contested["customer_account_id"]
    assert held["customer_account_id"] == conflict.customer_account_id
    assert held["decision"] == "approved" and contested["decision"] == "rejected"
    assert held["protected_until"] == conflict.protected_until.isoformat()
    submitted = moment(contested["submitted_at"])
    assert day(contested["submitted_at"]) == conflict.submitted_on <= conflict.protected_until
    assert moment(held["decided_at"]) < submitted
    accounts = {r["Id"]: r["Name"] for r in good_rows(demo, "salesforce", "account")}
    assert accounts[conflict.customer_account_id] == conflict.customer_name
