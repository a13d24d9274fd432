"""Any subset of sources works: what can be computed is there, the rest says source_missing.

Belongs here: homes that lack exports. Does not belong here: stale sources or empty periods.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest
from conftest import PublishedDemo
from helpers import compute, copied, publish, table, value_of, values, write_csv

from partner_kpis.catalogue import read_definition_files
from partner_kpis.demo import make_exports
from partner_kpis.home import DataHome
from partner_kpis.serving import Snapshot, unmet

KPIS = {definition.kpi_id for definition in read_definition_files()}
#: Those that one list of partners is enough for.
PORTFOLIO = {"partner_additions", "partner_losses", "partner_retention", "renewal_rate"}
#: What is left out at once: the larger sources one by one; of the smaller ones two, of which no
#: KPI reads both, and one by one in `slow`.
TOGETHER = (
    ("salesforce",), ("prm",), ("telemetry",),
    ("sla", "planning"), ("survey", "finance"), ("lms", "support"), ("registry", "roadmap"),
    ("qbr",),
)  # fmt: skip


def assert_missing(home: DataHome, missing: set[str]) -> None:
    """Every KPI has programme rows; those of `missing`, and no others, say source_missing."""
    rows = values(home)
    programme = rows.filter(pl.col("dimension") == "programme")
    assert set(programme["kpi_id"]) == KPIS
    said = set(rows.filter(pl.col("reason") == "source_missing")["kpi_id"])
    assert said == missing
    silent = rows.filter(pl.col("kpi_id").is_in(missing))
    assert silent["value"].null_count() == silent.height
    assert set(silent["reason"]) <= {"source_missing"}
    status = table(home, "kpi_scorecard").filter(pl.col("kpi_id").is_in(missing))["status"]
    assert set(status) <= {"unknown", "no_target"}


def missing_by_needs(home: DataHome) -> set[str]:
    """The same question answered from the catalogue and the ledger, without the models."""
    with Snapshot.open(home) as snapshot:
        loaded = snapshot.ledger().filter(pl.col("status") == "loaded")
        landed = set(loaded.select("source", "entity").rows())
        return {kpi.kpi_id for kpi in snapshot.catalogue() if unmet(kpi.needs, landed)}


def test_an_empty_home_that_does_not_exist_yet_publishes(tmp_path: Path) -> None:
    home = DataHome.at(tmp_path / "new" / "home")
    report = publish(home)
    assert report.exit_code == 0
    assert home.landing.is_dir() and home.snapshot_db.is_file()
    assert_missing(home, KPIS)
    with Snapshot.open(home) as snapshot:
        assert set(snapshot.freshness()["status"]) == {"missing"}
        assert snapshot.ledger().is_empty()


def test_two_files_are_enough_to_publish(home: DataHome) -> None:
    write_csv(home, "prm/partner", [{"partner_id": "P1", "crm_account_id": "0015500000Xyy06AAB"}])
    write_csv(home, "salesforce/opportunity", [{"Id": "006Qy0000004Cz9IAE"}])
    assert publish(home).exit_code == 0
    # Nothing says who influenced the deal: unknown, not 0 %.
    assert_missing(home, KPIS - PORTFOLIO)
    with Snapshot.open(home) as snapshot:
        assert snapshot.partners()["partner_id"].to_list() == ["P1"]
        assert snapshot.table("opportunities")["opportunity_id"].to_list() == ["006Qy0000004Cz9IAE"]


def test_one_more_file_brings_the_kpis_that_waited_for_it(home: DataHome) -> None:
    write_csv(home, "prm/partner", [{"partner_id": "P1"}])
    write_csv(home, "salesforce/opportunity", [{"Id": "006Qy0000004Cz9IAE"}])
    write_csv(
        home,
        "prm/deal_registration",
        [{"registration_id": "R1", "partner_id": "P1", "opportunity_id": "006Qy0000004Cz9IAE"}],
    )
    assert publish(home).exit_code == 0
    missing = missing_by_needs(home)
    assert_missing(home, missing)
    assert missing > {"co_sell_rate", "programme_roi", "csat", "usage_depth", "mttr_hours"}
    dealt = {"partner_influenced_pipeline", "partner_win_rate", "partner_sourced_pipeline"}
    assert not missing & {*dealt, "active_partner_rate", "partner_health_score"}
    last = values(home).filter(pl.col("kpi_id") == "partner_influenced_pipeline")["period_start"]
    share = value_of(home, "partner_influenced_pipeline", "month", max(last), "partner", "P1")
    assert share["value"] == 1.0


@pytest.fixture(scope="module")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    home = DataHome.at(tmp_path_factory.mktemp("small"))
    make_exports(home, scale=0.1)
    return home


@pytest.mark.parametrize("sources", TOGETHER, ids="-".join)
def test_the_demo_without_one_or_two_sources_publishes(
    small_demo: DataHome, sources: tuple[str, ...], tmp_path: Path
) -> None:
    assert_publishes_without(small_demo, sources, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    "source", sorted({source for pair in TOGETHER if len(pair) > 1 for source in pair})
)
def test_the_demo_without_each_one_of_the_smaller_sources_publishes(
    small_demo: DataHome, source: str, tmp_path: Path
) -> None:
    assert_publishes_without(small_demo, (source,), tmp_path)


def assert_publishes_without(demo: DataHome, sources: tuple[str, ...], tmp_path: Path) -> None:
    home = copy_without(demo, tmp_path, *sources)
    compute(home)
    expected = missing_by_needs(home)
    assert_missing(home, expected)
    needed = {
        "salesforce": {"partner_influenced_pipeline", "partner_win_rate"},
        "telemetry": {"time_to_activation"},
        "sla": {"integration_uptime"},
        "survey": {"nps_integration"},
        "prm": {"active_partner_rate", "partner_health_score"},
    }
    for source in sources:
        assert expected >= needed.get(source, set())
        fresh = table(home, "source_freshness").filter(pl.col("source") == source)
        assert set(fresh["status"]) == {"missing"}


ENTITIES = (
    "salesforce/opportunity_history",
    "salesforce/opportunity_partner",
    "salesforce/lead",
    "salesforce/campaign",
    "salesforce/campaign_member",
    "prm/mdf_claim",
    "prm/content_use",
    "prm/programme_cost",
    "prm/partner",
    "sla/probe",
    "sla/statuspage_incident",
    "sla/statuspage_maintenance",
)


@pytest.mark.slow
@pytest.mark.parametrize("entity", ENTITIES)
def test_the_demo_without_one_entity_publishes(
    small_demo: DataHome, entity: str, tmp_path: Path
) -> None:
    home = copy_without(small_demo, tmp_path, entity)
    compute(home)
    assert_missing(home, missing_by_needs(home))


def copy_without(home: DataHome, tmp_path: Path, *folders: str) -> DataHome:
    copy = copied(home, tmp_path / "home")
    for folder in folders:
        shutil.rmtree(copy.landing / folder)
    return copy


def test_with_every_source_nothing_is_missing(demo: PublishedDemo) -> None:
    assert_missing(demo.home, set())
    assert missing_by_needs(demo.home) == set()
