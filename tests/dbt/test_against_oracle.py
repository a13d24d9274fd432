"""Random lakes through dbt and through plain Python: the same observations, the same values.

Belongs here: the comparison. Does not belong here: either calculation.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import moves_oracle
import needs_oracle
import waits_oracle
import warehouse
from headline_oracle import Headlines
from oracle_rollup import Rollup, Value
from random_lake import RandomLake
from random_worlds import WORLDS, World

HAPPENED_AT = {
    ("salesforce", "opportunity"): "created_date",
    ("salesforce", "opportunity_history"): "created_date",
    ("salesforce", "opportunity_partner"): "created_date",
    ("salesforce", "lead"): "created_date",
    ("salesforce", "campaign_member"): "created_date",
    ("prm", "deal_registration"): "submitted_at",
    ("prm", "referral"): "submitted_at",
    ("prm", "mdf_claim"): "submitted_at",
    ("prm", "commission_payment"): "paid_on",
    ("prm", "content_use"): "occurred_at",
    ("prm", "programme_cost"): "month",
    ("lms", "certification"): "issued_on",
    ("survey", "response"): "responded_at",
    ("telemetry", "event"): '"timestamp"',
    ("sla", "statuspage_incident"): "coalesce(started_at, created_at)",
    ("sla", "statuspage_maintenance"): "scheduled_for",
    ("sla", "probe"): "checked_at",
    ("sla", "upptime_summary"): "day",
    ("finance", "ecb_rate"): "rate_date",
    ("support", "zendesk_ticket"): "created_at",
    ("prm", "onboarding_step"): "completed_on",
    ("roadmap", "item"): "delivered_on",
}

#: What the fixture warehouse grants every source.
FRESHNESS_DAYS = 45


def build(folder: Path, lake: RandomLake, world: World) -> Path:
    """A warehouse with that lake, transformed by dbt, in the place of the one before."""
    database = folder / warehouse.FILE
    with duckdb.connect(str(database)) as con:
        warehouse.create(con, world.settings)
        con.execute("delete from control.health_policies")
        warehouse.insert(con, "control.health_policies", world.health)
        roles = [{"policy": "co_sell_roles", "item": role} for role in world.co_sell_roles]
        warehouse.insert(con, "control.policy_lists", roles)
        for name, rows in lake.rows.items():
            warehouse.insert(con, "lake." + name.replace("/", "__"), rows)
        warehouse.profile(con, HAPPENED_AT)
    warehouse.run(database, folder / "target", "--full-refresh")
    return database


@pytest.fixture(scope="module", params=WORLDS, ids=lambda world: f"seed {world.seed}")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    made: World = request.param
    settings = {**warehouse.SETTINGS, **made.settings}
    lake = RandomLake(made.seed, settings["as_of"], made.without)
    folder = tmp_path_factory.getbasetemp() / "worlds"
    folder.mkdir(exist_ok=True)
    database = build(folder, lake, made)
    con = duckdb.connect(str(database), read_only=True)
    settings["co_sell_roles"] = made.co_sell_roles
    yield con, Headlines(lake.rows, settings, made.health)
    con.close()


def test_observations_are_those_of_plain_python(world: Any) -> None:
    con, oracle = world
    columns = "kpi_id, observed_on, partner_id, entity_type, entity_id, numerator, denominator"
    query = f"select {columns} from kpi_observations"
    found = Counter(row for row in con.sql(query).fetchall())
    expected = Counter(tuple(vars(row).values()) for row in oracle.observations)
    assert not some(found - expected), "of dbt alone"
    assert not some(expected - found), "of plain Python alone"


def test_values_are_those_of_plain_python(world: Any) -> None:
    con, oracle = world
    for definition in warehouse.definitions():
        rollup = rollup_of(definition, oracle)
        expected = rollup.values()
        found = {
            row[:4]: Value(*row[4:])
            for row in con.execute(
                """select dimension, member, period_type, period_start,
                    value, numerator, denominator, sample_size
                from kpi_values where kpi_id = ?""",
                [definition["kpi_id"]],
            ).fetchall()
        }
        assert not some(Counter(set(found) ^ set(expected))), definition["kpi_id"]
        for key, value in expected.items():
            assert same_value(found[key], value), (definition["kpi_id"], key, found[key], value)


def test_a_running_flow_stands_beside_as_many_days_of_the_period_before(world: Any) -> None:
    con, oracle = world
    for definition in warehouse.definitions():
        if definition["is_balance"]:
            continue
        rollup = rollup_of(definition, oracle)
        rows = con.execute(
            """select dimension, member, period_type, previous_value
            from kpi_scorecard inner join kpi_values
            using (kpi_id, dimension, member, period_type, period_start)
            where kpi_id = ? and not is_complete""",
            [definition["kpi_id"]],
        ).fetchall()
        for dimension, member, period, previous in rows:
            so_far = rollup.so_far(dimension, member, period).value
            assert same(previous, so_far), (definition["kpi_id"], dimension, member, period)


def test_components_of_health_are_those_of_plain_python(world: Any) -> None:
    con, oracle = world
    found = con.sql(
        """select partner_id, period_start, component, score, weight, contribution, measure
        from health_components where contribution is not null"""
    ).fetchall()
    measures = {row[:3]: row[6] for row in found}
    expected = Counter()
    for row in oracle.health.months():
        key = (row.partner_id, row.day.replace(day=1), row.component)
        expected[*key, row.score, row.weight, row.contribution] += 1
        if key in measures:
            assert same(measures[key], float(row.measure)), key
    told = Counter(row[:6] for row in found)
    assert not some(told - expected), "of dbt alone"
    assert not some(expected - told), "of plain Python alone"


@pytest.mark.parametrize("kpi_id", ["time_to_activation", "time_to_first_deal"])
def test_those_that_still_wait_are_counted_as_in_plain_python(world: Any, kpi_id: str) -> None:
    con, oracle = world
    rows = con.execute(
        """select dimension, member, cohort, day, started, at_risk, finished, finished_share,
            median_days from time_to_event where kpi_id = ?""",
        [kpi_id],
    ).fetchall()
    told = {row[:4]: row[4:] for row in rows}
    waiting = {
        "time_to_activation": waits_oracle.activations,
        "time_to_first_deal": waits_oracle.first_deals,
    }
    groups = waits_oracle.by_group(oracle, waiting[kpi_id](oracle))
    expected = {}
    for group, waits in groups.items():
        ends = {math.ceil(wait.days) for wait in waits if wait.is_finished}
        for day in ends | set(waits_oracle.MARKS):
            finished = sum(wait.is_finished and wait.days <= day for wait in waits)
            at_risk = sum(wait.days >= day for wait in waits)
            share = waits_oracle.finished_share(waits, day)
            median = waits_oracle.median_days(waits)
            expected[(*group, day)] = (len(waits), at_risk, finished, share, median)
    assert set(told) == set(expected)
    for key, row in expected.items():
        assert told[key][:3] == row[:3], key
        # Durations are doubles here and whole microseconds there.
        assert all(map(same, told[key][3:], row[3:])), (key, told[key], row)


def test_a_move_reaches_the_next_band_and_one_step_less_does_not(world: Any) -> None:
    con, _ = world
    rows = con.sql(
        """select moves.*, picked.weight, picked.score, picked.zero_at, picked.hundred_at,
            moves.quantity / nullif(picked.measure, 0) as factor
        from health_moves as moves inner join int_health_months__picked as picked
        using (partner_id, period_start, component)"""
    ).pl()
    steps = {"count": 1, "people": 1, "money": 1, "percent": 1e-6, "score": 1e-3}
    for row in rows.iter_rows(named=True):
        factor = row["factor"] or 0
        if not factor:
            continue
        low, high = float(row["zero_at"]), float(row["hundred_at"])

        def gained(quantity: float, row: Any = row, low: float = low, high: float = high) -> float:
            score = 100 * (quantity / row["factor"] - low) / (high - low)
            return (min(score, 100) - float(row["score"])) * float(row["weight"]) / 100

        step = steps[row["unit"]] * (1 if high > low else -1)
        missing = float(row["points_missing"])
        if row["is_reachable"]:
            assert gained(row["needed"]) >= missing - 1e-5, row
        assert gained(row["needed"] - step) < missing, row


def test_pipelines_move_as_in_plain_python_and_close_with_the_kpi(world: Any) -> None:
    con, oracle = world
    rows = con.sql(
        "select partner_id, period_start, move, opportunities, amount from fct_pipeline_moves"
    ).fetchall()
    told = Counter(row for row in rows if row[3])
    expected = Counter((*key, *moved) for key, moved in moves_oracle.moves(oracle).items())
    assert not some(told - expected), "of dbt alone"
    assert not some(expected - told), "of plain Python alone"
    ends = dict(moves_oracle.quarters(oracle))
    closing = {(row[0], ends[row[1]]): row[4] for row in rows if row[2] == "closing" and row[4]}
    open_amounts: dict[Any, Any] = Counter()
    for row in oracle.observations:
        is_end = row.kpi_id == "partner_influenced_pipeline" and row.observed_on in ends.values()
        if is_end and row.partner_id and row.numerator:
            open_amounts[row.partner_id, row.observed_on] += row.numerator
    assert closing == dict(open_amounts)


def some(rows: Counter[Any]) -> list[tuple[str, ...]]:
    """A few of them: pytest takes minutes to explain long lists."""
    return sorted(tuple(map(str, row)) for row in rows)[:8]


def same(found: Any, expected: Any) -> bool:
    if found is None or expected is None:
        return found is expected
    return math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-12)


def same_value(found: Value, expected: Value) -> bool:
    """Sums and sample size are compared where there is a value."""
    if expected.value is None:
        return found.value is None
    return (
        same(found.value, expected.value)
        and same(found.numerator, expected.numerator)
        and same(found.denominator, expected.denominator)
        and found.sample_size == expected.sample_size
    )


def rollup_of(definition: dict[str, Any], oracle: Headlines) -> Rollup:
    def member_of(row: Any, dimension: str) -> str | None:
        if dimension == "programme":
            return "all"
        if row.partner_id is None or dimension == "partner":
            return row.partner_id  # type: ignore[no-any-return]
        return oracle.partner_on(row.partner_id, row.observed_on)[dimension] or "unknown"

    def covered(start: date, running: bool) -> bool:
        needs = definition["needs"]
        return all(
            needs_oracle.covers(oracle, need, start, running, FRESHNESS_DAYS) for need in needs
        )

    own = [row for row in oracle.observations if row.kpi_id == definition["kpi_id"]]
    missing = not all(needs_oracle.landed(oracle, need) for need in definition["needs"])
    return Rollup(definition, own, oracle.as_of, member_of, covered, missing)
