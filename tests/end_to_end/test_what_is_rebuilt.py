"""News rebuild what they can reach, and stop where a model comes out as it was.

Belongs here: which tables of the warehouse a run makes anew, and with which a full refresh begins.
Does not belong here: their values (test_changes.py), and that a full refresh changes nothing
(test_order_and_repetition.py).
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest
from helpers import compute, table, values, write_csv
from polars.testing import assert_frame_equal
from tiny_world import TINY_AS_OF, drop_tiny_world, opportunity, partner

from partner_kpis.home import DataHome
from partner_kpis.policies import Policies
from partner_kpis.warehouse import code_version, read_build_state
from pipelines import steps
from pipelines.dbt_project import empty_warehouse


@pytest.fixture
def world(tiny_copy: DataHome) -> DataHome:
    """The tiny world after one run, each of its tables marked."""
    with duckdb.connect(str(tiny_copy.warehouse_db)) as connection:
        names = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main'"
        ).fetchall()
        for (name,) in names:
            connection.execute(f"comment on table \"{name}\" is 'of the first run'")
    return tiny_copy


def rebuilt_by_a_run(home: DataHome) -> set[str]:
    compute(home, as_of=TINY_AS_OF)
    with duckdb.connect(str(home.warehouse_db), read_only=True) as connection:
        found = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main' and comment is null"
        ).fetchall()
    return {name for (name,) in found}


def test_a_corrected_amount_rebuilds_what_is_made_of_opportunities(world: DataHome) -> None:
    newer = opportunity(1, Amount=2000, SystemModstamp="2026-06-19T09:00:00Z")
    write_csv(world, "salesforce/opportunity", [newer], name="corrected.csv")
    rebuilt = rebuilt_by_a_run(world)
    assert {"int_opportunities__resolved", "entity_sources_opportunities", "kpi_values"} <= rebuilt
    # Neither the calendar nor who touched what has changed, nor what follows from these alone.
    assert {"int_calendar__derived", "int_partner_touches__judged"} <= rebuilt
    stand = {
        "int_integration_days__measured",
        "int_contracted_days__listed",
    }
    assert not stand & rebuilt
    # Only the KPIs that read opportunities are observed anew.
    assert "kpi_observations" not in rebuilt


def test_after_a_build_that_did_not_end_all_observations_are_made_anew(world: DataHome) -> None:
    """It may have left observations that no test has seen: only the days made anew are tested."""
    with duckdb.connect(str(world.warehouse_db)) as connection:
        connection.execute("delete from control.built_tables")  # as every build begins
    newer = opportunity(1, Amount=2000, SystemModstamp="2026-06-19T09:00:00Z")
    write_csv(world, "salesforce/opportunity", [newer], name="corrected.csv")
    assert "kpi_observations" in rebuilt_by_a_run(world)
    with duckdb.connect(str(world.warehouse_db), read_only=True) as connection:
        days = connection.execute("select distinct observed_on from int_kpi_days__changed")
        assert days.fetchall() == [(None,)]  # all of them


def test_an_earlier_first_day_reaches_everything_that_reads_the_calendar(world: DataHome) -> None:
    first = opportunity(
        1, CreatedDate="2025-11-03T09:00:00Z", SystemModstamp="2026-06-19T09:00:00Z"
    )
    write_csv(world, "salesforce/opportunity", [first], name="earlier.csv")
    rebuilt = rebuilt_by_a_run(world)
    assert {
        "int_calendar__derived",
        "int_contracted_days__listed",
    } <= rebuilt
    stepwise = values(world)
    compute(world, as_of=TINY_AS_OF, full_refresh=True)
    assert_frame_equal(stepwise, values(world))


def test_a_later_business_day_counts_what_was_dated_after_the_earlier_one(tmp_path: Path) -> None:
    """Also of KPIs that read nothing but dates: as_of alone holds their observations back."""
    home = drop_tiny_world(DataHome.at(tmp_path / "home"))
    joins = TINY_AS_OF + timedelta(days=1)
    newcomer = partner("P9", contract_start=joins.isoformat())
    write_csv(home, "prm/partner", [newcomer], name="newcomer.csv")
    compute(home, as_of=TINY_AS_OF)
    later = TINY_AS_OF + timedelta(days=2)
    compute(home, as_of=later)
    stepwise = values(home)
    compute(home, as_of=later, full_refresh=True)
    assert_frame_equal(stepwise, values(home))
    observed = table(home, "kpi_observations").filter(
        (pl.col("kpi_id") == "partner_additions") & (pl.col("observed_on") == joins)
    )
    assert observed.height == 1


def test_a_full_refresh_builds_what_exports_and_settings_reach(tiny_copy: DataHome) -> None:
    """It begins with the empty warehouse of the checkout: the views stand, and the tables of what
    nobody has exported."""
    empty = empty_warehouse(tiny_copy, code_version())
    built = built_by_a_full_refresh(tiny_copy)
    assert {"int_opportunities__resolved", "entity_sources_opportunities", "kpi_values"} <= built
    stand = {"int_deals__resolved", "int_upptime_days__resolved"}  # HubSpot, Upptime
    assert not built & {*stand, *relations(empty, "view")}
    assert stand <= relations(tiny_copy.warehouse_db, "table")


def test_with_and_without_the_empty_warehouse_a_full_refresh_publishes_the_same(
    tiny_copy: DataHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("kpi_observations", "kpi_scorecard", "entity_sources")
    with_it = {name: table(tiny_copy, name) for name in names}
    monkeypatch.setattr(steps, "empty_warehouse", lambda home, code: home.root / "not there")
    built = built_by_a_full_refresh(tiny_copy)
    assert built >= relations(tiny_copy.warehouse_db, "view")
    for name, frame in with_it.items():
        again = table(tiny_copy, name).sort(frame.columns)
        assert_frame_equal(frame.sort(frame.columns), again, check_exact=True)


def test_a_full_refresh_that_did_not_end_is_done_again(tiny_copy: DataHome) -> None:
    """The empty warehouse was built whole by the same code; one that begins with it was not."""
    project = steps.Project()
    building = steps.build_step(
        tiny_copy, project, steps.Options(TINY_AS_OF, full_refresh=True), lambda sentence: None
    )
    next(building)
    building.close()
    state = read_build_state(tiny_copy)
    reason = state.full_refresh_reason(Policies.load(tiny_copy), code_version())
    assert reason == "the warehouse is new"


def built_by_a_full_refresh(home: DataHome) -> set[str]:
    options = steps.Options(TINY_AS_OF, full_refresh=True)
    nodes = [*steps.build_step(home, steps.Project(), options, lambda sentence: None)]
    steps.publish_step(home, steps.Project(), "again", lambda sentence: None)
    return {node.name for node in nodes}


def relations(database: Path, kind: str) -> set[str]:
    """Names of the tables or views of the models."""
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(
            f"select {kind}_name from duckdb_{kind}s() where schema_name = 'main' and not internal"
        )
        return {name for (name,) in found.fetchall()}
