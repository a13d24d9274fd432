"""A run that recomputes touched days alone ends where a full one does.

Belongs here: the two incremental tables, and what follows from them. Does not belong here: rules.
"""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

sys.path.insert(0, str(Path(__file__).parent))

import warehouse
from random_lake import RandomLake
from test_against_oracle import HAPPENED_AT

AS_OF = date(2026, 5, 20)
INCREMENTAL = {"telemetry/event": "timestamp", "sla/probe": "checked_at"}
COMPARED = {
    "int_daily_usage__aggregated": "*",
    "int_daily_probes__aggregated": "*",
    "kpi_observations": "*",
    "kpi_values": "*",
    "kpi_scorecard": "*",
    "entity_sources": "*",
}


def places(folder: Path) -> tuple[Path, Path, Path]:
    """The files of a warehouse that is built step by step and of one built whole, and dbt's."""
    for name in ("stepwise", "whole"):
        (folder / name).mkdir()
    return folder / "stepwise" / warehouse.FILE, folder / "whole" / warehouse.FILE, folder


SUMMED = ("kpi_observations", "kpi_values", "kpi_scorecard", "int_kpi_spans__summed")


def contents(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    with duckdb.connect(str(database), read_only=True) as con:
        return {
            name: con.sql(f"select {columns} from {name} order by all").fetchall()
            for name, columns in COMPARED.items()
        }


def load(database: Path, rows: dict[str, list[dict[str, Any]]], touched: set[Any]) -> None:
    """Replace the lake by these rows; touched holds source, entity and UTC day."""
    with duckdb.connect(str(database)) as con:
        warehouse.create(con, {"as_of": AS_OF})
        compare_observations(con)
        for name, found in rows.items():
            warehouse.insert(con, "lake." + name.replace("/", "__"), found)
        warehouse.profile(con, HAPPENED_AT)
        if touched:
            con.execute("delete from control.touched_days")
        for source, entity, day in sorted(touched):
            row = {"source": source, "entity": entity, "day": day}
            warehouse.insert(con, "control.touched_days", [row])


def compare_observations(con: duckdb.DuckDBPyConnection) -> None:
    """As the pipeline says it after a build that ended: what stands is compared, not made anew."""
    con.execute("update control.kpis_reached set is_whole = false")


def test_late_and_withdrawn_rows_change_their_days_alone(tmp_path: Path) -> None:
    lake = RandomLake(7, AS_OF).rows
    chance = random.Random(3)
    before, touched = dict(lake), set()
    for name, column in INCREMENTAL.items():
        source, entity = name.split("/")
        late = [row for row in lake[name] if chance.random() < 0.1]
        withdrawn = [row for row in lake[name] if row not in late and chance.random() < 0.05]
        before[name] = [row for row in lake[name] if row not in late]
        lake[name] = [row for row in lake[name] if row not in withdrawn]
        touched |= {(source, entity, row[column].date()) for row in [*late, *withdrawn]}
    maintenance = "sla/statuspage_maintenance"
    before[maintenance] = lake[maintenance][1:]

    stepwise, whole, target = places(tmp_path)
    load(stepwise, before, set())
    warehouse.run(stepwise, target)
    load(stepwise, lake, touched)
    warehouse.run(stepwise, target)
    shutil.copy(stepwise, whole)
    load(whole, lake, set())
    warehouse.run(whole, target, "--full-refresh")

    expected = contents(whole)
    for name, rows in contents(stepwise).items():
        assert rows == expected[name], name


def values_of(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    with duckdb.connect(str(database), read_only=True) as con:
        return {name: con.sql(f"select * from {name} order by all").fetchall() for name in SUMMED}


def changed_pairs(database: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as con:
        return con.sql(
            "select kpi_id, period_type, scope, period_start"
            " from int_kpi_pairs__changed order by all"
        ).fetchall()


def changed_days(database: Path) -> set[tuple[str, date | None]]:
    with duckdb.connect(str(database), read_only=True) as con:
        return set(con.sql("select kpi_id, observed_on from int_kpi_days__changed").fetchall())


def step(
    database: Path,
    target: Path,
    rows: Any,
    *options: str,
    tables: Sequence[str] = (*SUMMED, "int_usage_days__observed"),
    **settings: Any,
) -> None:
    """One build, of sums and all that they are made of, on a lake whose large tables touch no day
    that they did not touch before."""
    with duckdb.connect(str(database)) as con:
        warehouse.create(con, {"as_of": AS_OF, **settings})
        compare_observations(con)
        for name, found in rows.items():
            warehouse.insert(con, "lake." + name.replace("/", "__"), found)
        warehouse.profile(con, HAPPENED_AT)
    warehouse.run(database, target, "--select", *(f"+{name}" for name in tables), *options)


def test_sums_are_made_anew_for_the_pairs_that_changed_and_no_others(tmp_path: Path) -> None:
    """Through a changed deal, a partner's new tier, later and earlier business days."""
    stepwise, whole, target = places(tmp_path)
    lake = RandomLake(11, AS_OF).rows
    step(stepwise, target, lake)
    assert changed_pairs(stepwise)
    assert {day for _, day in changed_days(stepwise)} == {None}  # all of them
    step(stepwise, target, lake)
    assert changed_pairs(stepwise) == []  # nothing has changed
    assert changed_days(stepwise) == set()

    answers = [dict(row) for row in lake["survey/response"]]
    csat = next(row for row in answers if row["survey"] == "csat" and row["_modified_at"] is None)
    csat["score"] = 5 if csat["score"] < 4 else 1
    lake = {**lake, "survey/response": answers}
    step(stepwise, target, lake)
    assert {pair[0] for pair in changed_pairs(stepwise)} <= {"csat"}
    assert {kpi_id for kpi_id, _ in changed_days(stepwise)} == {"csat"}
    assert len(changed_days(stepwise)) == 1

    partners = [{**row, "tier": f"{row['tier']}+"} for row in lake["prm/partner"]]
    for changed, as_of in (
        ({**lake, "prm/partner": partners}, AS_OF),
        (lake, AS_OF + timedelta(days=1)),
        (lake, AS_OF - timedelta(days=40)),
        ({**lake, "prm/partner": partners}, AS_OF + timedelta(days=12)),
    ):
        step(stepwise, target, changed, as_of=as_of)
        shutil.copy(stepwise, whole)
        step(whole, target, changed, "--full-refresh", as_of=as_of)
        expected = values_of(whole)
        for name, rows in values_of(stepwise).items():
            assert rows == expected[name], (name, as_of)


def test_use_is_observed_anew_where_what_is_in_use_or_its_owner_is_another(tmp_path: Path) -> None:
    """What is in use is compared by what it is made of: each part of it has to count."""
    database, _, target = places(tmp_path)
    lake = RandomLake(5, AS_OF).rows
    step(database, target, lake, tables=USED)
    integrations = [dict(row) for row in lake["registry/integration"]]
    integrations[0]["partner_id"], integrations[1]["partner_id"] = (
        integrations[1]["partner_id"],
        integrations[0]["partner_id"],
    )
    gone = next(row["partner_id"] for row in integrations if row["partner_id"])
    partners = [row for row in lake["prm/partner"] if row["partner_id"] != gone]
    events = [dict(row) for row in lake["telemetry/event"]]
    used = [row for row in events if row["event"] == "Feature Used" and row["properties_feature"]]
    used[0]["properties_feature"] = "another"
    for changed in (
        lake,
        {**lake, "registry/integration": integrations},
        {**lake, "prm/partner": partners},
        {**lake, "telemetry/event": events},
    ):
        step(database, target, changed, tables=USED)
        days = {day for kpi_id, day in changed_days(database) if kpi_id == "usage_depth"}
        assert bool(days) == (changed is not lake)
        for kpi_id in ("active_integrations", "usage_depth"):
            kept, now = observed(database, kpi_id)
            assert kept == now, kpi_id


USED = ("kpi_observations", "int_usage_days__observed")


def observed(database: Path, kpi_id: str) -> tuple[list[Any], list[Any]]:
    """What kpi_observations holds of a KPI, and what its model observes now."""
    with duckdb.connect(str(database), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        kept = con.sql(f"from kpi_observations where kpi_id = '{kpi_id}' order by all")
        now = con.sql(f"from kpi_{kpi_id} order by all")
        assert kept.columns == now.columns
        return kept.fetchall(), now.fetchall()
