"""A change moves exactly the values it should, and no other.

Belongs here: one change to the tiny world each, the rows of kpi_values that may differ afterwards
(worked out by hand) and one new value. Does not belong here: what the values were before.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import polars as pl
import pytest
from helpers import (
    changed_keys,
    compute,
    maintenance,
    scorecard,
    track,
    value_of,
    values,
    write_csv,
    write_jsonl,
    write_maintenances,
)
from tiny_world import (
    P1,
    P2,
    PROGRAMME,
    TINY_AS_OF,
    days_from,
    keys,
    opportunity,
    partner,
)

from partner_kpis.home import DataHome

MARCH, APRIL, MAY = date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)
BALANCE_DAYS = (MARCH, APRIL, MAY, TINY_AS_OF)


@pytest.fixture
def world(tiny_copy: DataHome) -> DataHome:
    return tiny_copy


#: The KPIs whose changed values are told one by one; of the others, which of them change.
ONE_BY_ONE = {
    "partner_influenced_pipeline", "partner_win_rate", "joint_deal_velocity", "time_to_activation",
    "integration_uptime", "nps_integration", "active_partner_rate", "partner_health_score",
}  # fmt: skip


def _changed_by_a_run(home: DataHome, others: Collection[str] = ()) -> set[tuple[Any, ...]]:
    """Keys of changed values; `others`: the further KPIs of which some value must change."""
    before = values(home)
    compute(home, as_of=TINY_AS_OF)
    changed = changed_keys(before, values(home))
    assert {key[0] for key in changed} - ONE_BY_ONE == set(others)
    return {key for key in changed if key[0] in ONE_BY_ONE}


def test_a_corrected_amount(world: DataHome) -> None:
    newer = opportunity(1, Amount=2000, SystemModstamp="2026-06-19T09:00:00Z")
    write_csv(world, "salesforce/opportunity", [newer], name="corrected.csv")

    # The denominator of a share is the programme's: everybody's rows say the new one.
    # P1 sourced it, too: without a history it was created with the amount that it has.
    others = ("partner_sourced_pipeline", "pipeline_per_active_partner")
    assert _changed_by_a_run(world, others) == keys(
        "partner_influenced_pipeline", PROGRAMME + P1 + P2, BALANCE_DAYS
    )
    june = value_of(world, "partner_influenced_pipeline", "month", date(2026, 6, 1))
    assert (june["numerator"], june["denominator"]) == (2000, 2000 + 3000 + 4000)


def test_an_older_version_that_comes_late_changes_nothing(world: DataHome) -> None:
    older = opportunity(1, Amount=2000, SystemModstamp="2026-03-02T08:00:00Z")
    write_csv(world, "salesforce/opportunity", [older], name="older.csv")

    assert _changed_by_a_run(world) == set()


def test_a_deleted_row(world: DataHome) -> None:
    gone = opportunity(3, IsDeleted="true", SystemModstamp="2026-06-19T09:00:00Z")
    write_csv(world, "salesforce/opportunity", [gone], name="deleted.csv")

    # The won deal was P2's only one: P2 has nothing left to show, the others lose it while it was
    # open (31 March) and when it closed (April). P2 had too little measured for a health score.
    others = (
        "average_deal_size", "new_customer_share", "partner_revenue_share",
        "partner_sourced_pipeline", "partner_sourced_revenue_share", "pipeline_per_active_partner",
        "revenue_concentration_top3", "time_to_first_deal",
    )  # fmt: skip
    assert _changed_by_a_run(world, others) == (
        keys("partner_influenced_pipeline", P2, BALANCE_DAYS)
        | {
            key
            for key in keys("partner_influenced_pipeline", PROGRAMME + P1, [MARCH])
            if key[3] != "year"  # the year's value is that of its last balance day
        }
        | keys("partner_win_rate", P2, (APRIL, MAY, TINY_AS_OF))
        | keys("partner_win_rate", PROGRAMME, [APRIL])
        | keys("joint_deal_velocity", P2, (APRIL, MAY, TINY_AS_OF))
        | keys("joint_deal_velocity", PROGRAMME, [APRIL])
    )
    assert value_of(world, "partner_win_rate", "month", date(2026, 4, 1))["value"] == 0


def test_a_late_event_of_a_closed_month(world: DataHome) -> None:
    activated = track(
        "late", "First Value Reached", "2026-04-11T12:00:00Z", account="A3", integration="I2"
    )
    write_jsonl(world, "telemetry/event", [activated], name="late.jsonl")

    assert _changed_by_a_run(world, ("activated_accounts",)) == keys(
        "time_to_activation", PROGRAMME + P2, [date(2026, 4, 11)]
    )
    assert value_of(world, "time_to_activation", "month", date(2026, 4, 1))["value"] == 15


def _uptime_of_p1(day: date) -> set[tuple[Any, ...]]:
    """A day's uptime, and the health scores in whose ninety days it lies."""
    return keys("integration_uptime", PROGRAMME + P1, [day]) | keys(
        "partner_health_score", PROGRAMME + P1, (MAY, TINY_AS_OF)
    )


def test_a_late_probe(world: DataHome) -> None:
    probe = {"integration_id": "I1", "checked_at": "2026-05-05T14:00:00Z", "is_up": False}
    write_csv(world, "sla/probe", [probe], name="2026-06-20/late.csv")

    day = date(2026, 5, 5)
    assert _changed_by_a_run(world) == _uptime_of_p1(day)
    assert value_of(world, "integration_uptime", "day", day)["value"] == pytest.approx(1 / 3)


def test_a_maintenance_that_becomes_known_after_its_probes(world: DataHome) -> None:
    items = [maintenance("m1", "2026-05-05T12:30:00Z", "2026-05-05T13:30:00Z", ["API"])]
    write_maintenances(world, items)

    day = date(2026, 5, 5)
    assert _changed_by_a_run(world) == _uptime_of_p1(day)
    found = value_of(world, "integration_uptime", "day", day, "partner", "P1")
    # The probe that was up fell into the maintenance; the other one was down.
    assert (found["numerator"], found["denominator"]) == (0, 24 * 60 - 60)


def test_a_new_tier(world: DataHome) -> None:
    promoted = partner("P1", tier="strategic", updated_at="2026-05-10T12:00:00Z")
    write_csv(world, "prm/partner", [promoted], name="promoted.csv")

    # What was observed before the day of the promotion stays with the old tier.
    tiers = (("tier", "active"), ("tier", "strategic"))
    # The ninetieth day of the first installations comes after the promotion.
    others = ("activation_rate_90_days", "pipeline_per_active_partner")
    assert _changed_by_a_run(world, others) == (
        keys("partner_influenced_pipeline", tiers, (MAY, TINY_AS_OF))
        | keys("integration_uptime", tiers, days_from(date(2026, 5, 10)))
        | keys("active_partner_rate", tiers, (MAY, TINY_AS_OF))
        | keys("partner_health_score", tiers, (MAY, TINY_AS_OF))
    )
    april = value_of(world, "partner_win_rate", "month", date(2026, 4, 1), "tier", "active")
    assert (april["numerator"], april["denominator"]) == (0, 1)


def test_a_new_target(world: DataHome) -> None:
    target = {"kpi_id": "partner_win_rate", "valid_from": "2026-05-01", "target": "0.6"}
    write_csv(world, "planning/target", [target], name="2026-05-01/export.csv")
    verdicts = scorecard(world)

    assert _changed_by_a_run(world) == set()
    assert changed_keys(verdicts, scorecard(world)) == keys(
        "partner_win_rate", PROGRAMME, (MAY, TINY_AS_OF)
    )
    targets = scorecard(world).filter(
        (pl.col("kpi_id") == "partner_win_rate") & (pl.col("period_type") == "month")
        & (pl.col("dimension") == "programme")
    )  # fmt: skip
    assert [float(target) for target in targets["target"]] == [0.3, 0.6, 0.6]
