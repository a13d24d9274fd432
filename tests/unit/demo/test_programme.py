"""The partner programme's exports of the demo, and what lies beside them: rates and targets.

Belongs here: sources prm, lms, survey, finance and planning. Does not belong here: stories over
several sources (test_story.py).
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal

import yaml

from partner_kpis.demo.finance import is_target_day
from partner_kpis.demo.referrals import GERMAN_REFERRALS
from tests.unit.demo.exported import Demo, day, good_rows, moment, rows


def test_the_tier_change_is_seen_in_dated_exports(demo: Demo) -> None:
    _, truth = demo
    change = truth.tier_change
    mine = [r for r in good_rows(demo, "prm", "partner") if r["partner_id"] == change.partner_id]
    seen = [(moment(r["updated_at"]).date(), r["tier"]) for r in mine]
    assert {tier for on, tier in seen if on < change.changed_on} == {change.tier_before}
    assert {tier for on, tier in seen if on >= change.changed_on} == {change.tier_since}


def test_the_german_referrals_and_the_settings_that_explain_them(
    demo: Demo,
) -> None:
    home, _ = demo
    settings = yaml.safe_load((home.config / "sources.yml").read_text(encoding="utf-8"))
    german = settings["prm"]["referral"]
    states = set()
    for path in sorted(home.landing.glob("prm/referral/*.csv")):
        found = rows(path, german["encoding"], german["delimiter"])
        assert set(german["columns"].values()) <= set(found[0])
        assert found[-1][german["columns"]["referral_id"]] == "Summe"
        states |= {r[german["columns"]["status"]] for r in found[:-1]}
        revenue = [r[german["columns"]["revenue"]] for r in found[:-1]]
        total = sum(
            Decimal(v.replace(".", "").replace(",", ".")) for v in revenue if v not in ("-", "")
        )
        assert (
            f"{total:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
            == (found[-1][german["columns"]["revenue"]])
        )
    assert states - set(german["values"]["status"]) == {"zurückgestellt"}


def test_rates_have_the_banks_layout(demo: Demo) -> None:
    home, truth = demo
    text = (home.landing / "finance/ecb_rate/eurofxref-hist.csv").read_text()
    lines = text.splitlines()
    assert lines[0].startswith("Date,USD,JPY,") and all(line.endswith(",") for line in lines)
    assert {line.count(",") for line in lines} == {42} and "N/A" in text
    days = [date.fromisoformat(line[:10]) for line in lines[1:]]
    assert days == sorted(days, reverse=True)
    assert all(is_target_day(d) for d in days) and days[0] <= truth.as_of
    assert not is_target_day(date(2026, 4, 3)) and not is_target_day(date(2026, 4, 6))
    assert (truth.history_start - days[-1]).days > 30


def test_targets_cover_the_headline_kpis(demo: Demo) -> None:
    found = good_rows(demo, "planning", "target")
    keys = [(r["kpi_id"], r["dimension"], r["member"], r["valid_from"]) for r in found]
    assert len(keys) == len(set(keys))
    assert {r["kpi_id"] for r in found if r["dimension"] == "programme"} == {
        "partner_influenced_pipeline", "partner_win_rate", "time_to_activation",
        "integration_uptime", "joint_deal_velocity", "nps_integration", "active_partner_rate",
        "partner_health_score", "partner_revenue_share", "partner_sourced_pipeline",
        "programme_roi", "referral_conversion_rate", "referral_follow_up_on_time",
        "channel_conflict_rate",
        "certification_rate", "support_first_reply_on_time",
        "roadmap_delivery_rate",
    }  # fmt: skip
    assert {"tier", "partner"} <= {r["dimension"] for r in found}


def test_claims_come_in_every_state_and_move_on(demo: Demo) -> None:
    claims = good_rows(demo, "prm", "mdf_claim")
    campaigns = {r["Id"] for r in good_rows(demo, "salesforce", "campaign")}
    newest = {row["claim_id"]: row for row in claims}
    assert {r["status"] for r in newest.values()} == {"submitted", "approved", "rejected", "paid"}
    assert {r["resubmissions"] for r in newest.values()} == {"0", "1", "2"}
    assert any(r != newest[r["claim_id"]] for r in claims)  # the later export knows more
    for row in newest.values():
        assert row["campaign_id"] in campaigns and Decimal(row["requested_amount"]) > 0
        assert (row["decided_at"] == "") == (row["status"] == "submitted")
        assert (row["approved_amount"] != "") == (row["status"] in ("approved", "paid"))
        assert (row["paid_amount"] != "") == (row["status"] == "paid")
        assert row["has_proof"] == str(row["status"] == "paid").lower()
        if row["paid_amount"]:
            assert Decimal(row["paid_amount"]) <= Decimal(row["approved_amount"])


def test_costs_of_every_month_are_booked_and_an_estimate_is_mended(demo: Demo) -> None:
    _, truth = demo
    found = good_rows(demo, "prm", "programme_cost")
    newest = {(r["month"], r["category"]): r for r in found}
    months = {date.fromisoformat(month) for month, _ in newest}
    assert min(months) == truth.history_start and max(months) == truth.as_of.replace(day=1)
    assert all(month.day == 1 for month in months)
    categories = {"management", "marketing", "systems", "commissions"}
    assert set(newest) == {(m.isoformat(), c) for m in months for c in categories}
    changed = [r for r in found if r != newest[r["month"], r["category"]]]
    (estimate,) = changed
    assert estimate["category"] == "commissions" and Decimal(estimate["amount"]) > 0
    assert {r["currency"] for r in found if r["category"] == "systems"} == {"USD"}
    assert all(Decimal(r["amount"]) > 0 for r in found)


def test_certificates_are_of_people_that_only_a_hash_names(demo: Demo) -> None:
    _, truth = demo
    required = {r["partner_id"]: int(r["required_certified_people"])
                for r in good_rows(demo, "prm", "partner")}  # fmt: skip
    found = good_rows(demo, "lms", "certification")
    assert all(re.fullmatch("[0-9a-f]{24}", r["person_id"]) for r in found)
    assert {r["track"] for r in found} == {"sales", "technical", "marketing"}
    today = truth.as_of.isoformat()
    valid: dict[str, set[str]] = {partner: set() for partner in required}
    for row in found:
        assert (row["issued_on"] <= today and row["expires_on"] > row["issued_on"]) or not (
            row["expires_on"]
        )
        if not row["expires_on"] or row["expires_on"] >= today:
            valid[row["partner_id"]].add(row["person_id"])
    reached = sum(min(len(valid[p]), n) for p, n in required.items()) / sum(required.values())
    assert 0.4 < reached < 0.9
    renewed = Counter((r["person_id"], r["certification"]) for r in found)
    assert max(renewed.values()) > 2  # twice in every export, and once more when renewed


def test_people_answer_surveys_more_than_once(demo: Demo) -> None:
    found = good_rows(demo, "survey", "response")
    highest = {"integration_nps": 10, "partner_nps": 10, "csat": 5, "ces": 7}
    assert {r["survey"] for r in found} == set(highest)
    for row in found:
        assert 0 <= int(row["score"]) <= highest[row["survey"]]
        assert row["sent_at"] < row["responded_at"]
    nps = [r for r in found if r["survey"] == "integration_nps"]
    assert {int(r["score"]) for r in nps} >= set(range(4, 11))
    who = Counter(
        (r["respondent_hash"], r["integration_id"], quarter(day(r["responded_at"])))
        for r in nps
        if r["respondent_hash"]
    )
    assert max(who.values()) > 1  # of which the last one counts
    assert any(not r["respondent_hash"] for r in nps)
    assert {bool(r["partner_id"]) for r in nps} == {True, False}
    installed = {r["integration_id"] for r in good_rows(demo, "registry", "integration")}
    assert {r["integration_id"] for r in nps} <= installed


def quarter(on: date) -> tuple[int, int]:
    return on.year, (on.month - 1) // 3


def test_commissions_are_paid_for_won_referrals_most_of_them_on_time(demo: Demo) -> None:
    home, truth = demo
    payments = good_rows(demo, "prm", "commission_payment")
    newest = {row["payment_id"]: row for row in payments}
    assert any(row != newest[row["payment_id"]] for row in payments)  # later ones know more
    columns = GERMAN_REFERRALS["columns"]
    won = {
        row[columns["referral_id"]]: row[columns["partner_id"]]
        for path in sorted(home.landing.glob("prm/referral/*.csv"))
        for row in rows(path, "cp1252", ";")
        if row[columns["status"]] == "gewonnen" and row[columns["direction"]] == "erhalten"
    }
    today = truth.as_of.isoformat()
    for row in newest.values():
        assert won[row["referral_id"]] == row["partner_id"] and Decimal(row["amount"]) > 0
        assert row["client_paid_on"] <= min(today, row["due_on"])
        assert row["paid_on"] <= today  # empty while it is owed
    due = [row for row in newest.values() if row["due_on"] <= today]
    on_time = [row for row in due if row["paid_on"] and row["paid_on"] <= row["due_on"]]
    assert 0.7 < len(on_time) / len(due) < 0.95
