"""The making of demo exports: the same bytes for the same seed, in volumes that follow the scale.

Belongs here: what holds for all files alike. Does not belong here: what any one export holds.
"""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from partner_kpis.demo import hubspot, make_exports
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from tests.unit.demo.exported import Demo, all_bytes, good_rows, rows


def test_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    homes = [DataHome(tmp_path / name) for name in ("a", "b", "c")]
    for home, seed in zip(homes, (3, 3, 4), strict=True):
        make_exports(home, seed=seed, scale=0.1)
    first, second, third = (all_bytes(home) for home in homes)
    assert first == second
    assert first.keys() & third.keys() and first != third


def test_making_the_same_demo_again_changes_nothing(tmp_path: Path) -> None:
    home = DataHome(tmp_path)
    first = make_exports(home, scale=0.1)
    before = all_bytes(home)
    assert make_exports(home, scale=0.1) == first
    assert all_bytes(home) == before


def test_a_home_with_other_exports_is_left_alone(tmp_path: Path) -> None:
    home = DataHome(tmp_path)
    mine = home.landing / "prm" / "partner" / "mine.csv"
    mine.parent.mkdir(parents=True)
    mine.write_text("partner_id\n")
    with pytest.raises(UserError, match="fresh folder"):
        make_exports(home, scale=0.1)
    assert list(all_bytes(home)) == ["landing/prm/partner/mine.csv"]


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan"), float("inf")])
def test_an_impossible_scale_is_refused(tmp_path: Path, scale: float) -> None:
    with pytest.raises(UserError, match="above 0"):
        make_exports(DataHome(tmp_path), scale=scale)


def test_volumes_grow_with_the_scale(demo: Demo, tmp_path: Path) -> None:
    _, one = demo
    four = make_exports(DataHome(tmp_path), scale=4)
    for source, entity in (("telemetry", "event"), ("salesforce", "opportunity_history")):
        ratio = four.rows_of(source, entity) / one.rows_of(source, entity)
        assert 3.6 < ratio < 4.4
    assert 1.8 < four.rows_of("sla", "probe") / one.rows_of("sla", "probe") < 2.2
    assert 24_500 < one.rows_of("telemetry", "event") < 26_500


@pytest.mark.parametrize("scale", [0.01, 0.3])
@pytest.mark.parametrize("as_of", [date(2025, 3, 30), date(2024, 2, 29), date(2026, 1, 1)])
def test_any_day_and_small_scales_work(tmp_path: Path, scale: float, as_of: date) -> None:
    truth = make_exports(DataHome(tmp_path), scale=scale, as_of=as_of, seed=11)
    assert truth.as_of == as_of
    assert truth.bad_month.uptime < 0.99


def items_of(body: Any) -> int:
    """Items of a status page's file, or days in an Upptime summary."""
    if isinstance(body, list):
        return sum(len(service["dailyMinutesDown"]) for service in body)
    return len(body.get("incidents", body.get("scheduled_maintenances")))


def test_every_file_is_accounted_for(demo: Demo) -> None:
    home, truth = demo
    on_disk = {str(p.relative_to(home.landing)) for p in home.landing.rglob("*") if p.is_file()}
    assert on_disk == {f.file_name for f in truth.files} | set(truth.bad_files)
    assert len(truth.bad_files) == 1
    assert (home.landing / truth.bad_files[0]).read_text().startswith("<!DOCTYPE html>")
    for file in truth.files:
        path = home.landing / file.file_name
        if path.name.startswith("Empfehlungen"):
            count = len(rows(path, "cp1252", ";")) - file.footer_rows
        elif path.suffix == ".csv":
            count = len(rows(path))
        elif path.suffix == ".gz":
            count = len(gzip.decompress(path.read_bytes()).splitlines())
        else:
            body = json.loads(path.read_text())
            count = items_of(body)
        assert count == file.rows, file.file_name


def test_bad_rows_are_bad_where_the_truth_says(demo: Demo) -> None:
    home, truth = demo
    assert {b.kind for b in truth.bad_rows} == {
        "missing_required", "bad_date", "unknown_enum", "bad_currency", "ambiguous_number",
        "out_of_range", "bad_pattern",
    }  # fmt: skip
    kinds = {b.kind: b for b in truth.bad_rows if b.file_name.startswith("salesforce/opportunity/")}
    found = rows(home.landing / kinds["bad_currency"].file_name)
    values = {kind: found[b.row_number - 1][b.column] for kind, b in kinds.items()}
    assert values == {
        "missing_required": "",
        "bad_date": "2026-02-30",
        "bad_currency": "EURO",
        "ambiguous_number": "48,500",
    }
    again = found[kinds["ambiguous_number"].row_number - 1]["Id"]
    assert again in {r["Id"] for r in good_rows(demo, "salesforce", "opportunity")}


# As landing.md names them; what stands first is the key.
COLUMNS = {
    "salesforce/campaign": "Id Name Type Status StartDate EndDate BudgetedCost ActualCost "
    "CurrencyIsoCode Partner_Account__c IsDeleted",
    "salesforce/campaign_member": "Id CampaignId LeadId ContactId HasResponded "
    "FirstRespondedDate CreatedDate IsDeleted",
    "prm/mdf_claim": "claim_id partner_id campaign_id requested_amount approved_amount "
    "paid_amount currency submitted_at decided_at status resubmissions has_proof",
    "prm/commission_payment": "payment_id partner_id referral_id amount currency "
    "client_paid_on due_on paid_on",
    "prm/content_use": "event_id partner_id asset_id occurred_at",
    "prm/programme_cost": "month category amount currency",
    "lms/certification": "person_id partner_id certification track issued_on expires_on",
    "survey/response": "response_id survey partner_id integration_id account_id "
    "respondent_hash score sent_at responded_at comment",
    "prm/onboarding_step": "partner_id step due_on completed_on",
    "qbr/action": "action_id partner_id quarter side text owner due_on done_on status",
    "roadmap/item": "item_id partner_id title committed_on due_on delivered_on kind approved_on",
    "support/zendesk_ticket": "id organization_id status priority created_at first_replied_at "
    "solved_at sla_first_reply_minutes updated_at",
}


@pytest.mark.parametrize("entity", COLUMNS)
def test_columns_are_those_that_are_promised(demo: Demo, entity: str) -> None:
    source, name = entity.split("/")
    found = good_rows(demo, source, name)
    assert len(found) > 50
    assert {tuple(row) for row in found} == {tuple(COLUMNS[entity].split())}


def test_the_same_business_can_have_hubspot_as_its_crm(tmp_path: Path) -> None:
    home = DataHome(tmp_path)
    make_exports(home, scale=0.1, crm="hubspot")
    made = set(all_bytes(home))
    assert not [name for name in made if "/salesforce/" in name]
    for entity in ("deal", "deal_company", "deal_pipeline_stage", "company"):
        assert any(f"/hubspot/{entity}/" in name for name in made)
    for path in home.landing.rglob("*.csv"):
        assert not hubspot.ID.search(path.read_text(encoding="latin-1")), path
    before = all_bytes(home)
    make_exports(home, scale=0.1, crm="hubspot")
    assert all_bytes(home) == before
