"""What counts as a win or a risk, and in which order."""

from __future__ import annotations

from typing import Any

import pytest

from partner_kpis.reports.qbr.rules import Signal, distance, risks, signal, wins
from partner_kpis.serving import KpiDefinition


def _kpi(**changes: Any) -> KpiDefinition:
    told: dict[str, Any] = dict.fromkeys(
        (
            "family",
            "label_en",
            "label_de",
            "description_en",
            "description_de",
            "owner",
            "runbook",
            "signal",
        ),
        "x",
    )
    told |= {
        "kpi_id": "some_rate",
        "kind": "ratio",
        "is_balance": False,
        "unit": "percent",
        "direction": "higher",
        "rhythm": "month",
        "dimensions": ("partner",),
        "sample_basis": "entities",
        "needs": (),
        "definition_version": "1.0.0",
    }
    return KpiDefinition(**(told | changes))


def _row(**changes: Any) -> dict[str, Any]:
    told = {
        "value": 0.45,
        "previous_value": None,
        "target": 0.42,
        "corridor_low": 0.30,
        "corridor_high": None,
        "status": "on_target",
        "sample_size": 12,
        "is_complete": True,
    }
    return told | changes


def test_a_distance_is_measured_in_widths_of_the_corridor() -> None:
    assert distance(_kpi(), _row()) == pytest.approx(0.03 / 0.12)
    assert distance(_kpi(), _row(corridor_low=None)) == pytest.approx(0.03 / 0.42)
    days = _kpi(direction="lower", unit="days")
    late = _row(value=16.0, target=10.0, corridor_low=None, corridor_high=15.0)
    assert distance(days, late) == pytest.approx(-6 / 5)


def test_in_a_corridor_the_nearer_bound_counts() -> None:
    kpi = _kpi(direction="corridor", unit="ratio")
    inside = _row(value=0.1, target=0.0, corridor_low=-0.2, corridor_high=0.2)
    assert distance(kpi, inside) == pytest.approx(0.25)
    assert distance(kpi, inside | {"value": 0.5}) == pytest.approx(-0.75)


def test_a_target_of_nothing_with_no_corridor_divides_by_one() -> None:
    row = _row(value=2.0, target=0.0, corridor_low=None)
    assert distance(_kpi(unit="count"), row) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({}, "beats"),
        ({"value": 0.42}, "meets"),
        ({"value": 0.35, "status": "watch"}, "watch"),
        ({"value": 0.10, "status": "breach"}, "breach"),
    ],
)
def test_a_judged_value_says_how_it_stands(row: dict[str, Any], kind: str) -> None:
    found = signal(_kpi(), _row(**row), None, 5)
    assert found is not None and found.kind == kind


@pytest.mark.parametrize(
    "row", [{"sample_size": 4}, {"value": None, "status": "unknown"}, {"status": "running"},
            {"sample_size": None}, {"status": "low_n"}],
)  # fmt: skip
def test_small_missing_and_running_values_say_nothing(row: dict[str, Any]) -> None:
    assert signal(_kpi(), _row(**row), None, 5) is None


def test_what_is_measured_and_not_counted_needs_no_sample() -> None:
    found = signal(_kpi(sample_basis="none"), _row(sample_size=1), None, 5)
    assert found is not None and found.kind == "beats"


def _moved(**changes: Any) -> dict[str, Any]:
    return _row(target=None, corridor_low=None, status="no_target", previous_value=0.30, **changes)


def test_without_a_target_a_clear_move_counts_in_the_better_direction() -> None:
    found = signal(_kpi(), _moved(), _row(), 5)
    assert found == Signal("some_rate", "better", pytest.approx(0.5))
    fewer = signal(_kpi(direction="lower"), _moved(), _row(), 5)
    assert fewer is not None and fewer.kind == "worse"


@pytest.mark.parametrize(
    ("kpi", "row", "before"),
    [
        ({}, {"value": 0.32}, {}),  # less than a tenth
        ({}, {"value": 0.45}, {"sample_size": 2}),  # too few cases before
        ({}, {"value": 0.45, "is_complete": False}, {}),  # still running
        ({"kind": "share"}, {"value": 0.45}, {}),  # n counts the programme
        ({"direction": "corridor"}, {"value": 0.45}, {}),  # no better direction
    ],
)
def test_an_unclear_move_says_nothing(
    kpi: dict[str, Any], row: dict[str, Any], before: dict[str, Any]
) -> None:
    assert signal(_kpi(**kpi), _moved(**row), _row(**before), 5) is None


def test_a_small_percentage_must_move_by_points_as_well() -> None:
    row = _moved(value=0.008) | {"previous_value": 0.007}
    assert signal(_kpi(), row, _row(), 5) is None
    count = _moved(value=8.0) | {"previous_value": 7.0}
    found = signal(_kpi(unit="count"), count, _row(), 5)
    assert found is not None and found.kind == "better"


def test_from_nothing_to_something_is_one_whole() -> None:
    found = signal(_kpi(unit="money"), _moved(value=9e6) | {"previous_value": 0.0}, _row(), 5)
    assert found is not None and found.weight == pytest.approx(1.0)


def test_beaten_targets_come_before_moves_and_breaches_before_watches() -> None:
    found = [
        Signal("a", "meets", 0.0),
        Signal("b", "better", 9.0),
        Signal("c", "beats", 0.2),
        Signal("d", "beats", 1.5),
        Signal("e", "watch", 0.9),
        Signal("f", "breach", 0.1),
        Signal("g", "worse", 5.0),
        Signal("h", "breach", 2.0),
    ]
    assert [one.kpi_id for one in wins(found)] == ["d", "c", "b", "a"]
    assert [one.kpi_id for one in risks(found)] == ["h", "f", "e", "g"]
