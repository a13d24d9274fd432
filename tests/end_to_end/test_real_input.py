"""Real files from the ECB, GitHub's status page, Salesforce, HubSpot and Zendesk land as they are.

Belongs here: published files, unmodified, and uptime computed again in plain Python. Skipped where
the files are not beside the checkout. Does not belong here: invented exports.
"""

from __future__ import annotations

import csv
import json
import shutil
from calendar import monthrange
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import polars as pl
import pytest
from helpers import ledger, publish, table, values, write_csv, write_policies, write_sources

from partner_kpis.home import DataHome, project_root
from partner_kpis.serving import Snapshot

REAL = project_root().parent / "shared" / "data" / "real"
GITHUB = REAL / "github-statuspage"
IMPACTS = ("minor", "major", "critical")
FILES = {
    "finance/ecb_rate": REAL / "ecb" / "eurofxref-hist.csv",
    "sla/statuspage_incident": GITHUB / "incidents.jsonl",
    "hubspot/deal": REAL / "hubspot" / "deal_data.csv",
    "hubspot/deal_stage": REAL / "hubspot" / "deal_stage_data.csv",
    "hubspot/deal_pipeline_stage": REAL / "hubspot" / "deal_pipeline_stage_data.csv",
    "hubspot/deal_company": REAL / "hubspot" / "deal_company_data.csv",
    "hubspot/company": REAL / "hubspot" / "company_data.csv",
    "salesforce/account": REAL / "salesforce" / "sf_account_data.csv",
    "salesforce/lead": REAL / "salesforce" / "sf_lead_data.csv",
    "salesforce/opportunity": REAL / "salesforce" / "sf_opportunity_data.csv",
    "salesforce/opportunity_history": REAL / "salesforce" / "sf_opportunity_history_data.csv",
    "support/zendesk_ticket": REAL / "zendesk" / "ticket_data.csv",
}
ACCOUNT_HISTORY = REAL / "salesforce" / "sf_account_history_data.csv"
RELEASED_ON = date(2021, 1, 1)
AS_OF = date(2026, 8, 31)

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")


def incidents() -> list[dict[str, object]]:
    text = (GITHUB / "incidents.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def components() -> list[str]:
    """The page's components as its incidents name them."""
    return sorted({str(c).strip() for item in incidents() for c in item.get("components") or ()})


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    home = DataHome.at(tmp_path_factory.mktemp("real")).create()
    for entity, path in [*FILES.items(), ("salesforce/account", ACCOUNT_HISTORY)]:
        folder = home.landing / entity
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / path.name)
    names = {"started_at": "downtime_start", "resolved_at": "downtime_end"}
    write_sources(home, {"sla": {"statuspage_incident": {"columns": names}}})
    write_policies(home, reporting_timezone="UTC")
    write_csv(
        home,
        "registry/integration",
        [
            {
                "integration_id": f"int-{n}", "partner_id": f"P{n}", "name": component,
                "component": component, "released_on": RELEASED_ON,
            }
            for n, component in enumerate(components())
        ],
    )  # fmt: skip
    write_csv(home, "prm/partner", [{"partner_id": f"P{n}"} for n in range(len(components()))])
    report = publish(home, as_of=AS_OF)
    assert report.exit_code == 0, (report.refused, report.held)
    return home


def test_every_real_file_lands_whole(real: DataHome) -> None:
    rows = ledger(real)
    real_names = {f"{entity}/{path.name}" for entity, path in FILES.items()}
    real_names.add(f"salesforce/account/{ACCOUNT_HISTORY.name}")
    assert real_names < set(rows)
    for name, row in rows.items():
        assert row["status"] == "loaded", (name, row["reason"])
        assert row["rows_quarantined"] == 0, name
        assert row["rows_accepted"] > 0, name
    assert table(real, "quarantined_rows").is_empty()


def test_every_row_is_read(real: DataHome) -> None:
    rows = ledger(real)
    for entity, path in [*FILES.items(), ("salesforce/account", ACCOUNT_HISTORY)]:
        row = rows[f"{entity}/{path.name}"]
        assert (
            row["rows_read"] == row["rows_accepted"] + row["rows_duplicate"] + row["rows_ignored"]
        )
        with path.open(encoding="utf-8", newline="") as file:
            if entity == "finance/ecb_rate":
                header, *lines = csv.reader(file)
                currencies = [code for code in header[1:] if code]
                rates = sum(cell not in ("", "N/A") for line in lines for cell in line[1:])
                assert row["rows_read"] == len(lines) * len(currencies)
                assert row["rows_accepted"] == rates
            elif path.suffix == ".jsonl":
                assert row["rows_read"] == len(file.read().splitlines())
            else:
                assert row["rows_read"] == len(list(csv.DictReader(file)))


def test_rates_are_those_of_the_file(real: DataHome) -> None:
    with Snapshot.open(real) as snapshot:
        assert "finance" in set(snapshot.freshness()["source"])
    with FILES["finance/ecb_rate"].open(encoding="utf-8", newline="") as file:
        newest = next(csv.DictReader(file))
    freshness = table(real, "source_freshness").filter(pl.col("entity") == "ecb_rate")
    assert freshness["data_until"][0] == min(date.fromisoformat(newest["Date"]), AS_OF)


# --- Uptime, computed again from the published windows -----------------------------------------


def outages() -> dict[str, list[tuple[datetime, datetime]]]:
    """Windows of downtime_windows.csv by component, through the incident's components."""
    named = {str(item["id"]): item.get("components") or () for item in incidents()}
    found: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    with (GITHUB / "downtime_windows.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["impact"] in IMPACTS:
                window = moment(row["downtime_start"]), moment(row["downtime_end"])
                for component in {str(c).strip() for c in named[row["incident_id"]]}:
                    found[component].append(window)
    return found


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def seconds_down(
    windows: list[tuple[datetime, datetime]], start: datetime, end: datetime
) -> Fraction:
    """The length of the union of the windows within [start, end)."""
    total, reached = Fraction(0), start
    for begin, finish in sorted(windows):
        begin, finish = max(begin, reached), min(finish, end)
        if finish > begin:
            total += Fraction((finish - begin) // timedelta(microseconds=1), 1_000_000)
            reached = finish
    return total


def first_day() -> date:
    """From the later of the release and the page's first incident day on."""
    with (GITHUB / "downtime_windows.csv").open(encoding="utf-8", newline="") as file:
        first = min(moment(row["downtime_start"]) for row in csv.DictReader(file))
    return max(first.date(), RELEASED_ON)


def months() -> list[date]:
    first, found = first_day().replace(day=1), []
    while first <= AS_OF:
        found.append(first)
        first = (first + timedelta(days=32)).replace(day=1)
    return found


def test_monthly_uptime_is_one_minus_the_union_of_the_published_windows(real: DataHome) -> None:
    by_component = outages()
    uptime = values(real).filter(
        (pl.col("kpi_id") == "integration_uptime") & (pl.col("period_type") == "month")
    )
    shown = {
        (row["member"], row["period_start"]): row
        for row in uptime.filter(pl.col("dimension") == "partner").iter_rows(named=True)
    }
    programme: dict[date, list[Fraction]] = defaultdict(lambda: [Fraction(0), Fraction(0)])
    was_down = 0
    for n, component in enumerate(components()):
        for month in months():
            start = datetime.combine(max(month, first_day()), datetime.min.time(), UTC)
            last = month.replace(day=monthrange(month.year, month.month)[1])
            end = datetime.combine(min(last, AS_OF), datetime.min.time(), UTC) + timedelta(days=1)
            length = Fraction((end - start) // timedelta(seconds=1))
            down = seconds_down(by_component[component], start, end)
            row = shown.pop((f"P{n}", month))
            assert Fraction(row["denominator"]) == length / 60, (component, month)
            assert_close_to_nine_places(Fraction(row["numerator"]), (length - down) / 60)
            assert row["value"] == pytest.approx(float(1 - down / length), rel=1e-12)
            was_down += down > 0
            programme[month][0] += length - down
            programme[month][1] += length
    assert not shown, "months that nobody expects"
    assert was_down > 100
    total = uptime.filter(pl.col("dimension") == "programme")
    assert set(total["period_start"]) == set(programme)
    for row in total.iter_rows(named=True):
        up, length = programme[row["period_start"]]
        assert row["value"] == pytest.approx(float(up / length), rel=1e-12)


def assert_close_to_nine_places(found: Fraction, expected: Fraction) -> None:
    """A day's observation is rounded to nine places; 31 of them are off by half that each."""
    assert abs(found - expected) <= 31 * Fraction(1, 2_000_000_000)


def test_opportunities_and_history_feed_the_models(real: DataHome) -> None:
    def alive(entity: str, key: str) -> set[str]:
        with FILES[entity].open(encoding="utf-8", newline="") as file:
            return {r[key] for r in csv.DictReader(file) if r["is_deleted"] != "true"}

    shown = set(table(real, "opportunities")["opportunity_id"])
    deals = {name for name in shown if name.startswith("hubspot|")}
    assert {i[:15] for i in shown - deals} == {
        i[:15] for i in alive("salesforce/opportunity", "id")
    }
    assert {i.removeprefix("hubspot|") for i in deals} == alive("hubspot/deal", "deal_id")


def test_landing_the_real_files_again_adds_nothing(real: DataHome) -> None:
    assert publish(real, as_of=AS_OF).outcome == "unchanged"
