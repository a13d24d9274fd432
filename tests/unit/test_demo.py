"""The demo exports: the same bytes for the same seed, the planted truths in the raw files.

Belongs here: what can be seen in the exports themselves. Does not belong here: what landing and
the KPIs make of them.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import statistics
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from partner_kpis.demo import DemoTruth, make_exports
from partner_kpis.demo.finance import is_target_day
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome

BERLIN = ZoneInfo("Europe/Berlin")
CRM_ENTITIES = ("account", "opportunity", "opportunity_history", "opportunity_partner", "lead")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[DataHome, DemoTruth]:
    home = DataHome(tmp_path_factory.mktemp("demo"))
    return home, make_exports(home)


def all_bytes(home: DataHome) -> dict[str, bytes]:
    files = (p for p in home.root.rglob("*") if p.is_file())
    return {str(p.relative_to(home.root)): p.read_bytes() for p in files}


def rows(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> list[dict[str, str]]:
    text = path.read_text(encoding=encoding)
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def good_rows(demo: tuple[DataHome, DemoTruth], source: str, entity: str) -> list[dict[str, str]]:
    """The rows of every good CSV file of an entity in file order, without the planted bad ones."""
    home, truth = demo
    bad = {(b.file_name, b.row_number) for b in truth.bad_rows}
    found = []
    for file in truth.files:
        if (file.source, file.entity) == (source, entity):
            numbered = enumerate(rows(home.landing / file.file_name), start=1)
            found += [row for n, row in numbered if (file.file_name, n) not in bad]
    return found


def events(demo: tuple[DataHome, DemoTruth]) -> Iterator[dict[str, Any]]:
    home, _ = demo
    for path in sorted(home.landing.glob("telemetry/event/*.jsonl.gz")):
        for line in gzip.decompress(path.read_bytes()).decode().splitlines():
            yield json.loads(line)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def day(text: str) -> date:
    return moment(text).astimezone(BERLIN).date()


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


def test_volumes_grow_with_the_scale(demo: tuple[DataHome, DemoTruth], tmp_path: Path) -> None:
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


def test_every_file_is_accounted_for(demo: tuple[DataHome, DemoTruth]) -> None:
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
            count = len(body.get("incidents", body.get("scheduled_maintenances")))
        assert count == file.rows, file.file_name


def check_suffix(first_fifteen: str) -> str:
    """The documented algorithm, written again: five characters, upper case sets a bit."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    chunks = (first_fifteen[i : i + 5] for i in (0, 5, 10))
    return "".join(letters[sum(2**n for n, c in enumerate(k) if c.isupper())] for k in chunks)


def test_salesforce_ids_are_valid_and_resolve(demo: tuple[DataHome, DemoTruth]) -> None:
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
    demo: tuple[DataHome, DemoTruth],
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
    demo: tuple[DataHome, DemoTruth],
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
    demo: tuple[DataHome, DemoTruth],
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
    demo: tuple[DataHome, DemoTruth],
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


def test_activation_of_the_slow_partner_slowed(demo: tuple[DataHome, DemoTruth]) -> None:
    _, truth = demo
    slow = truth.slow_activation
    started: dict[tuple[str, str], datetime] = {}
    reached: dict[tuple[str, str], list[datetime]] = {}
    for event in events(demo):
        properties = event.get("properties", {})
        key = (event.get("context", {}).get("groupId"), properties.get("integration_id"))
        if event.get("event") == "Integration Installed":
            at = moment(event["timestamp"])
            started[key] = min(at, started.get(key, at))
        elif event.get("event") == "First Value Reached":
            reached.setdefault(key, []).append(moment(event["timestamp"]))
    by_month: dict[date, list[float]] = {}
    for key, start in started.items():
        later = [at for at in reached.get(key, []) if at >= start]
        if key[1] in slow.integration_ids and later:
            on = min(later).astimezone(BERLIN).date()
            days = (min(later) - start).total_seconds() / 86_400
            by_month.setdefault(on.replace(day=1), []).append(days)
    before = [d for month, found in by_month.items() if month < slow.since for d in found]
    since = [d for month, found in by_month.items() if month >= slow.since for d in found]
    assert statistics.median(before) == pytest.approx(slow.median_days_before, abs=0.01)
    assert statistics.median(since) == pytest.approx(slow.median_days_since, abs=0.01)
    assert 6.5 < slow.median_days_before < 9.5 and 22 < slow.median_days_since < 28
    assert all(len(found) >= 5 for found in by_month.values())
    for month, found in by_month.items():
        assert (statistics.median(found) > 18) == (month >= slow.since), month


def test_the_bad_month_is_in_the_status_page(demo: tuple[DataHome, DemoTruth]) -> None:
    home, truth = demo
    bad = truth.bad_month
    newest: dict[str, dict[str, Any]] = {}
    for path in sorted(home.landing.glob("sla/statuspage_incident/*/incidents.json")):
        page = json.loads(path.read_text())
        assert page["page"]["id"] and len(page["incidents"]) <= 50
        for item in page["incidents"]:
            newest[item["id"]] = item
    assert len(newest) == 1 + max(int(key[1:]) for key in newest)  # the downloads overlap
    down: Counter[date] = Counter()
    for item in newest.values():
        names = [component["name"] for component in item["components"]]
        if bad.component in names and item["impact"] != "none" and item["resolved_at"]:
            length = moment(item["resolved_at"]) - moment(item["started_at"])
            down[day(item["started_at"]).replace(day=1)] += round(length.total_seconds())
    assert down[bad.month] == bad.down_minutes * 60
    assert bad.uptime < 0.99
    others = [seconds for month, seconds in down.items() if month != bad.month]
    assert max(others) / (28 * 86_400) < 0.008
    (page_file,) = home.landing.glob("sla/statuspage_maintenance/*/scheduled_maintenances.json")
    for item in json.loads(page_file.read_text())["scheduled_maintenances"]:
        if day(item["scheduled_for"]).replace(day=1) == bad.month:
            assert bad.component not in [c["name"] for c in item["components"]]
    probed = {row["integration_id"] for row in good_rows(demo, "sla", "probe")}
    assert bad.integration_id not in probed
    assert any(item["resolved_at"] is None for item in newest.values())


def test_the_tier_change_is_seen_in_dated_exports(demo: tuple[DataHome, DemoTruth]) -> None:
    _, truth = demo
    change = truth.tier_change
    mine = [r for r in good_rows(demo, "prm", "partner") if r["partner_id"] == change.partner_id]
    seen = [(moment(r["updated_at"]).date(), r["tier"]) for r in mine]
    assert {tier for on, tier in seen if on < change.changed_on} == {change.tier_before}
    assert {tier for on, tier in seen if on >= change.changed_on} == {change.tier_since}


def test_bad_rows_are_bad_where_the_truth_says(demo: tuple[DataHome, DemoTruth]) -> None:
    home, truth = demo
    assert {b.kind for b in truth.bad_rows} == {
        "missing_required", "bad_date", "unknown_enum", "bad_currency", "ambiguous_number",
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


def test_events_are_segment_lines_with_repeats_and_other_calls(
    demo: tuple[DataHome, DemoTruth],
) -> None:
    _, truth = demo
    kinds: Counter[str] = Counter()
    seen: dict[str, str] = {}
    repeated = late = 0
    for event in events(demo):
        kinds[event["type"]] += 1
        if event["type"] != "track" or "receivedAt" not in event:
            continue
        if event["messageId"] in seen:
            repeated += 1
            assert seen[event["messageId"]] == event["timestamp"]
        seen[event["messageId"]] = event["timestamp"]
        wait = moment(event["receivedAt"]) - moment(event["timestamp"])
        late += wait.days >= 1
    files = [f for f in truth.files if f.entity == "event"]
    assert repeated == sum(f.repeated_rows for f in files) > 0
    assert kinds["page"] + kinds["identify"] == sum(f.ignored_rows for f in files)
    assert kinds["page"] and kinds["identify"] and late > 20


def test_the_german_referrals_and_the_settings_that_explain_them(
    demo: tuple[DataHome, DemoTruth],
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


def test_rates_have_the_banks_layout(demo: tuple[DataHome, DemoTruth]) -> None:
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


def test_targets_cover_the_four_kpis(demo: tuple[DataHome, DemoTruth]) -> None:
    found = good_rows(demo, "planning", "target")
    keys = [(r["kpi_id"], r["dimension"], r["member"], r["valid_from"]) for r in found]
    assert len(keys) == len(set(keys))
    assert {r["kpi_id"] for r in found if r["dimension"] == "programme"} == {
        "partner_influenced_pipeline", "partner_win_rate", "time_to_activation",
        "integration_uptime",
    }  # fmt: skip
    assert {"tier", "partner"} <= {r["dimension"] for r in found}


def test_probes_lie_half_an_hour_apart(demo: tuple[DataHome, DemoTruth]) -> None:
    found = good_rows(demo, "sla", "probe")
    one = [
        moment(r["checked_at"]) for r in found if r["integration_id"] == found[0]["integration_id"]
    ]
    gaps = {(b - a).total_seconds() for a, b in pairwise(one)}
    assert gaps == {1800.0}
    down = [r for r in found if r["is_up"] == "false"]
    assert 0 < len(down) / len(found) < 0.01 and all(r["response_ms"] == "" for r in down)
    assert min(one).tzinfo == UTC
