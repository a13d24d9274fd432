"""Random lakes through dbt and through plain Python: the same observations, the same values.

Belongs here: the comparison. Does not belong here: either calculation.
"""

from __future__ import annotations

import math
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import warehouse
from oracle import Oracle
from oracle_rollup import Rollup
from plain_rows import Observation
from random_lake import RandomLake

HAPPENED_AT = {
    ("salesforce", "opportunity"): "created_date",
    ("salesforce", "opportunity_history"): "created_date",
    ("salesforce", "opportunity_partner"): "created_date",
    ("salesforce", "lead"): "created_date",
    ("prm", "partner"): "contract_start",
    ("prm", "deal_registration"): "submitted_at",
    ("prm", "referral"): "submitted_at",
    ("telemetry", "event"): '"timestamp"',
    ("registry", "integration"): "released_on",
    ("sla", "statuspage_incident"): "coalesce(started_at, created_at)",
    ("sla", "statuspage_maintenance"): "scheduled_for",
    ("sla", "probe"): "checked_at",
    ("finance", "ecb_rate"): "rate_date",
}

#: What the fixture warehouse grants every source.
FRESHNESS_DAYS = 45

WORLDS: list[tuple[int, dict[str, Any]]] = [
    (1, {"as_of": date(2026, 6, 30)}),
    (2, {"as_of": date(2026, 5, 20)}),
    (3, {"as_of": date(2026, 5, 31), "reporting_currency": "USD"}),
    (4, {"as_of": date(2026, 4, 26), "reporting_timezone": "America/New_York"}),
]


def build(folder: Path, lake: RandomLake, settings: dict[str, Any]) -> Path:
    """A warehouse with that lake, transformed by dbt."""
    database = folder / "warehouse.duckdb"
    with duckdb.connect(str(database)) as con:
        warehouse.create(con, settings)
        for name, rows in lake.rows.items():
            warehouse.insert(con, "lake." + name.replace("/", "__"), rows)
        warehouse.profile(con, HAPPENED_AT)
    result = warehouse.dbt(database, folder / "target", "run", "--quiet")
    assert result.success, result.exception
    return database


@pytest.fixture(scope="module", params=WORLDS, ids=lambda world: f"seed {world[0]}")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    seed, changes = request.param
    settings = {**warehouse.SETTINGS, **changes}
    lake = RandomLake(seed, settings["as_of"])
    database = build(tmp_path_factory.mktemp("world"), lake, changes)
    con = duckdb.connect(str(database), read_only=True)
    yield con, Oracle(lake.rows, settings)
    con.close()


def test_observations_are_those_of_plain_python(world: Any) -> None:
    con, oracle = world
    columns = "kpi_id, observed_on, partner_id, entity_type, entity_id, numerator, denominator"
    found = con.sql(f"select {columns} from kpi_observations").fetchall()
    expected = [tuple(vars(row).values()) for row in oracle.observations()]
    assert sorted(found, key=repr_key) == sorted(expected, key=repr_key)


def test_values_are_those_of_plain_python(world: Any) -> None:
    con, oracle = world
    observations = oracle.observations()
    for definition in definitions():
        rollup = rollup_of(definition, observations, oracle)
        expected = rollup.values()
        found = {
            row[:4]: row[4]
            for row in con.execute(
                """select dimension, member, period_type, period_start, value from kpi_values
                where kpi_id = ?""",
                [definition["kpi_id"]],
            ).fetchall()
        }
        assert set(found) == set(expected), definition["kpi_id"]
        for key, value in expected.items():
            assert same(found[key], value), (definition["kpi_id"], key, found[key], value)


def test_a_running_flow_stands_beside_as_many_days_of_the_period_before(world: Any) -> None:
    con, oracle = world
    observations = oracle.observations()
    for definition in definitions():
        if definition["is_balance"]:
            continue
        rollup = rollup_of(definition, observations, oracle)
        rows = con.execute(
            """select dimension, member, period_type, previous_value
            from kpi_scorecard inner join kpi_values
            using (kpi_id, dimension, member, period_type, period_start)
            where kpi_id = ? and not is_complete""",
            [definition["kpi_id"]],
        ).fetchall()
        for dimension, member, period, previous in rows:
            assert same(previous, rollup.so_far(dimension, member, period)), (dimension, member)


def definitions() -> list[dict[str, Any]]:
    return warehouse.definitions()


def repr_key(row: tuple[Any, ...]) -> str:
    return repr(tuple(str(item) for item in row[:5]))


def same(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-12)


def rollup_of(definition: dict[str, Any], rows: list[Observation], oracle: Oracle) -> Rollup:
    def member_of(row: Observation, dimension: str) -> str | None:
        if dimension == "programme":
            return "all"
        if row.partner_id is None or dimension == "partner":
            return row.partner_id
        return oracle.partner_on(row.partner_id, row.observed_on)[dimension] or "unknown"

    def covered(start: date, running: bool) -> bool:
        """partner_influenced_pipeline, the only KPI here whose empty periods can be 0."""
        days = {
            name: [oracle.local(row[column]) for row in oracle.known[name]]
            for name, column in (
                ("salesforce/opportunity", "created_date"),
                ("prm/deal_registration", "submitted_at"),
                ("prm/referral", "submitted_at"),
            )
        }
        reach = {
            name: min(found) <= start <= max(found)
            or (running and (oracle.as_of - max(found)).days <= FRESHNESS_DAYS)
            for name, found in days.items()
        }
        touches = reach["prm/deal_registration"] or reach["prm/referral"]
        return reach["salesforce/opportunity"] and touches

    own = [row for row in rows if row.kpi_id == definition["kpi_id"]]
    return Rollup(definition, own, oracle.as_of, member_of, covered)
