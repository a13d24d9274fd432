"""What moved a value: which partners and things are named, how many, and in which words.

Belongs here: small snapshots whose truth can be read off. Does not belong here: setting out
messages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from partner_kpis.alerts.episodes import Episode
from partner_kpis.alerts.movers import movers_of, side
from partner_kpis.alerts.readings import Subject
from partner_kpis.alerts.words import Names
from partner_kpis.serving import KpiDefinition, Snapshot
from tests.unit.alerts.snapshot_file import Rows, write_snapshot

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
PARTNERS = {"P1": "Köhler & Söhne", "P2": "Nordlys AS", "P3": "De Waag", "P4": "Alpenblick"}
TIERS = {"P1": "gold", "P2": "gold", "P3": "silver", "P4": "silver"}

Ask = Callable[..., list[str]]


def definition(kind: str, unit: str = "percent", direction: str = "higher", **more: Any) -> Any:
    return {
        "kpi_id": "k", "family": "value", "label_en": "K", "label_de": "K", "description_en": "",
        "description_de": "", "kind": kind, "is_balance": False, "unit": unit,
        "direction": direction, "rhythm": "month", "signal": "lagging",
        "dimensions": ["programme", "partner", "tier"], "sample_basis": "entities", "needs": [],
        "owner": "", "runbook": "", "definition_version": "1.0.0", "value_factor": 1,
    } | more  # fmt: skip


def seen(
    month: date, thing: str, partner: str | None, numerator: float,
    denominator: float | None = None, kind: str = "opportunity", day: int = 20,
) -> dict[str, Any]:  # fmt: skip
    return {
        "kpi_id": "k", "observed_on": month.replace(day=day), "partner_id": partner,
        "entity_type": kind, "entity_id": thing, "numerator": numerator,
        "denominator": denominator,
    }  # fmt: skip


def of_partner(partner: str, month: date, value: float | None, *sums: float | None) -> Any:
    numerator, denominator = (*sums, None, None)[:2] if sums else (value, None)
    return {
        "kpi_id": "k", "dimension": "partner", "member": partner, "period_type": "month",
        "period_start": month, "is_complete": True, "value": value, "numerator": numerator,
        "denominator": denominator, "sample_size": denominator or 4,
    }  # fmt: skip


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """The lines for one KPI of the programme, or of `member`, in June."""

    def lines(
        kpi: dict[str, Any], value: float | None, *, before: float | None = None,
        values: Rows = (), observed: Rows = (), dimension: str = "programme", member: str = "all",
        lang: str = "en", **facts: Any,
    ) -> list[str]:  # fmt: skip
        tables: dict[str, Rows] = {
            "kpi_catalogue": [kpi], "kpi_values": values, "kpi_observations": observed,
            "partner_versions": [
                {
                    "partner_id": partner, "valid_from": date(1, 1, 1), "tier": tier,
                    "partner_type": "sales", "region": "DACH",
                }
                for partner, tier in TIERS.items()
            ],
        }  # fmt: skip
        path = write_snapshot(tmp_path / "partner_kpis.duckdb", tables)
        with Snapshot(path) as snapshot:
            names = Names({k.kpi_id: k for k in snapshot.catalogue()}, PARTNERS, {}, "EUR")
            told = {"value": value, "previous_value": before, "sample_size": 40} | facts
            return list(movers_of(snapshot, names)(episode(dimension, member, told), lang))

    return lines


def episode(dimension: str, member: str, facts: dict[str, Any], thing: str = "k") -> Episode:
    now = datetime(2026, 7, 1, tzinfo=UTC)
    facts = {"period_type": "month", "period_start": JUNE.isoformat()} | facts
    return Episode(
        episode_id="A-1", rule_id="rule", subject=Subject(thing, dimension, member),
        severity="warning", owner="", opened_at=now, moment=JUNE, since=JUNE, stage=0, ladder=(),
        previous=None, waits_since=now, last_moment=JUNE,
        facts={name: fact for name, fact in facts.items() if fact is not None},
    )  # fmt: skip


WINS = [
    of_partner("P1", MAY, 0.6, 6, 10), of_partner("P1", JUNE, 0.2, 2, 10),
    of_partner("P2", MAY, 1.0, 2, 2), of_partner("P2", JUNE, 0.0, 0, 2),
    of_partner("P3", MAY, 0.5, 1, 2), of_partner("P3", JUNE, 0.0, 0, 1),
    of_partner("P4", MAY, 0.2, 1, 5), of_partner("P4", JUNE, 0.8, 4, 5),
]  # fmt: skip


def test_of_a_ratio_those_partners_are_named_that_took_most_from_it(ask: Ask) -> None:
    """P1 lost 4 wins of 10, P2 2 of 2, P3 but one deal; P4 rose."""
    assert ask(definition("ratio"), 6 / 18, before=10 / 19, values=WINS) == [
        "Köhler & Söhne: 60% → 20%",
        "Nordlys AS: 100% → 0%",
    ]


def test_of_a_segment_its_own_partners_are_named(ask: Ask) -> None:
    kpi = definition("ratio")
    silver = ask(kpi, 4 / 6, before=2 / 7, values=WINS, dimension="tier", member="silver")
    assert silver == ["De Waag: 50% → 0%"]
    assert ask(kpi, 0.2, before=0.6, values=WINS, dimension="partner", member="P1") == []


def test_of_a_sum_what_is_gone_or_smaller_than_the_period_before_is_named(ask: Ask) -> None:
    lines = ask(
        definition("total", "money"), 60_000, before=200_000,
        values=[
            of_partner("P1", MAY, 120_000), of_partner("P1", JUNE, 40_000),
            of_partner("P2", MAY, 10_000), of_partner("P2", JUNE, 20_000),
        ],
        observed=[
            seen(MAY, "z-gone", "P1", 70_000), seen(JUNE, "z-gone", "P1", 0),
            seen(MAY, "a-smaller", "P1", 50_000), seen(JUNE, "a-smaller", "P1", 30_000),
            seen(MAY, "b-hardly", "P1", 100), seen(JUNE, "new", "P2", 20_000),
            seen(MAY, "same", "P2", 10_000), seen(JUNE, "same", "P2", 10_000),
        ],
    )  # fmt: skip
    assert lines == [
        "Köhler & Söhne: €120.0k → €40.0k",
        "Opportunity z-gone: €70.0k, gone",
        "Opportunity a-smaller: €50.0k → €30.0k",
    ]


def test_above_a_bound_what_is_new_or_larger_is_named(ask: Ask) -> None:
    observed = [
        seen(JUNE, "new", "P2", 20_000), seen(MAY, "gone", "P1", 70_000),
        seen(MAY, "larger", "P1", 10_000), seen(JUNE, "larger", "P1", 90_000),
    ]  # fmt: skip
    lines = ask(definition("total", "money"), 110_000, observed=observed, high=100_000, lang="de")
    assert lines == [
        "Opportunity larger: 10,0\u00a0k€ → 90,0\u00a0k€",
        "Opportunity new: 20,0\u00a0k€, neu",
    ]


def test_of_a_count_a_thing_has_no_amount(ask: Ask) -> None:
    observed = [seen(MAY, "b", None, 1), seen(MAY, "a", None, 1), seen(JUNE, "kept", None, 1),
                seen(MAY, "kept", None, 1)]  # fmt: skip
    for kind in ("distinct", "total"):
        assert ask(definition(kind, "count"), 1, before=3, observed=observed) == [
            "Opportunity a: gone", "Opportunity b: gone",
        ]  # fmt: skip


def test_of_a_ratio_those_things_are_named_that_lack_most(ask: Ask) -> None:
    observed = [
        seen(JUNE, "up", "P1", 1440, 1440, "integration"),
        seen(JUNE, "down", "P1", 1000, 1440, "integration"),
        seen(JUNE, "down", "P1", 1400, 1440, "integration", day=2),
        seen(JUNE, "down-a-little", "P1", 1250, 1440, "integration"),
        seen(MAY, "of-last-month", "P1", 0, 1440, "integration"),
    ]
    kpi = definition("ratio", sample_basis="none")
    assert ask(kpi, 5090 / 5760, observed=observed, dimension="partner", member="P1") == [
        "Integration down: 2,400 of 2,880", "Integration down-a-little: 1,250 of 1,440",
    ]  # fmt: skip


def test_where_less_is_better_those_with_the_largest_numerator_are_named(ask: Ask) -> None:
    observed = [seen(JUNE, "bad", "P1", 9, 10), seen(JUNE, "good", "P1", 0, 10),
                seen(JUNE, "worse", "P1", 30, 31)]  # fmt: skip
    lines = ask(definition("ratio", direction="lower"), 39 / 51, observed=observed, lang="de")
    assert lines == ["Opportunity worse: 30 von 31", "Opportunity bad: 9 von 10"]


def test_of_the_programmes_share_the_largest_without_a_partner_are_named(ask: Ask) -> None:
    observed = [
        seen(JUNE, "small", None, 0, 1_000), seen(JUNE, "large", None, 0, 90_000),
        seen(JUNE, "influenced", "P1", 95_000, 95_000),
    ]  # fmt: skip
    assert ask(definition("share"), 95 / 186, observed=observed) == [
        "Opportunity large: 0 of 90,000", "Opportunity small: 0 of 1,000",
    ]  # fmt: skip


def test_of_a_partners_share_its_own_losses_are_named_and_nobody_elses_deals(ask: Ask) -> None:
    observed = [
        seen(MAY, "lost", "P1", 50_000, 50_000), seen(JUNE, "lost", None, 0, 50_000),
        seen(MAY, "never-mine", "P2", 70_000, 70_000),
        seen(JUNE, "mine", "P1", 10_000, 10_000), seen(MAY, "mine", "P1", 10_000, 10_000),
    ]  # fmt: skip
    lines = ask(definition("share"), 1 / 6, observed=observed, dimension="partner", member="P1")
    assert lines == ["Opportunity lost: 50,000, gone"]


def test_of_a_median_the_largest_values_are_named_or_the_smallest(ask: Ask) -> None:
    observed = [seen(JUNE, f"d{days}", "P1", days) for days in (3, 41, 7, 22, 30)]
    kpi = definition("median", "days", "lower")
    own = {"observed": observed, "dimension": "partner", "member": "P1"}
    assert ask(kpi, 22, **own) == [
        "Opportunity d41: 41.0 days", "Opportunity d30: 30.0 days", "Opportunity d22: 22.0 days",
    ]  # fmt: skip
    assert ask(kpi, 22, low=25, **own)[0] == "Opportunity d3: 3.0 days"


def test_of_a_concentration_the_largest_partners_are_named(ask: Ask) -> None:
    observed = [seen(JUNE, "a", "P1", 10), seen(JUNE, "b", "P1", 20), seen(JUNE, "c", "P2", 25)]
    assert ask(definition("top3", direction="lower"), 1.0, observed=observed) == [
        "Köhler & Söhne: 30", "Nordlys AS: 25",
    ]  # fmt: skip


def test_a_rate_of_two_different_things_names_none_that_has_only_one_of_them(ask: Ask) -> None:
    """Pipeline per active partner: deals have amounts, partners are counted."""
    observed = [seen(JUNE, "deal", "P1", 9_000, 0), seen(JUNE, "P2", "P2", 0, 1, "partner"),
                seen(JUNE, "both", "P1", 100, 2)]  # fmt: skip
    kpi = definition("ratio", "money")
    assert ask(kpi, 3_000, observed=observed) == ["Opportunity both: €50"]


@pytest.mark.parametrize("kind", ["person", "response"])
def test_persons_and_what_they_answered_are_never_named(ask: Ask, kind: str) -> None:
    observed = [seen(JUNE, "somebody", "P1", 0, 1, kind), seen(JUNE, "deal", "P1", 0, 1)]
    assert ask(definition("ratio"), 0.4, observed=observed) == ["Opportunity deal: 0 of 1"]


def test_there_are_three_lines_at_most_and_a_partner_is_named_once(ask: Ask) -> None:
    things: Sequence[Any] = [seen(JUNE, p, p, 0, 1, "partner") for p in ("P1", "P2", "P3", "P4")]
    lines = ask(definition("ratio"), 6 / 18, before=10 / 19, values=WINS, observed=things)
    assert lines == [
        "Köhler & Söhne: 60% → 20%", "Nordlys AS: 100% → 0%", "De Waag: 0 of 1",
    ]  # fmt: skip


def test_nothing_is_said_without_a_value_or_of_what_is_no_kpi(ask: Ask, tmp_path: Path) -> None:
    assert ask(definition("ratio"), None, values=WINS) == []
    with Snapshot(tmp_path / "partner_kpis.duckdb") as snapshot:
        names = Names({k.kpi_id: k for k in snapshot.catalogue()}, PARTNERS, {}, "EUR")
        movers = movers_of(snapshot, names)
        due = episode("partner", "P1", {"key": "alert.due.agreement"}, "agreement")
        assert movers(due, "en") == []


def test_a_snapshot_is_asked_once_for_both_languages(ask: Ask, tmp_path: Path) -> None:
    ask(definition("ratio"), 0.3, values=WINS)
    snapshot = Snapshot(tmp_path / "partner_kpis.duckdb")
    names = Names({k.kpi_id: k for k in snapshot.catalogue()}, PARTNERS, {}, "EUR")
    movers = movers_of(snapshot, names)
    told = episode("programme", "all", {"value": 0.3, "previous_value": 0.5, "sample_size": 40})
    english = movers(told, "en")
    snapshot.close()
    assert [line.replace("%", "\u00a0%") for line in english] == movers(told, "de") != []


@pytest.mark.parametrize(
    ("direction", "facts", "expected"),
    [
        ("higher", {}, "low"), ("lower", {}, "high"),
        ("higher", {"high": 4}, "high"), ("lower", {"low": 6}, "low"),
        ("higher", {"high": 6}, "low"),
        ("corridor", {"previous_value": 7}, "low"), ("corridor", {"previous_value": 3}, "high"),
        ("corridor", {"low": 6, "high": 8}, "low"),
    ],
)  # fmt: skip
def test_the_bad_side_is_beyond_the_bound_else_against_the_direction(
    direction: str, facts: dict[str, float], expected: str
) -> None:
    told = definition("ratio", direction=direction)
    kpi = KpiDefinition(**{**told, "dimensions": (), "needs": ()})
    assert side(kpi, {"value": 5, **facts}) == expected
