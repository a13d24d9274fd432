"""The way to a goal on the pages: moves of health, how long things take, objectives."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import altair
import duckdb
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.components import waits_chart
from partner_kpis.home import DataHome
from partner_kpis.serving import Snapshot, progress
from partner_kpis.text import LANGUAGES, t
from tests.dashboards.pages import markup, open_page, words
from tests.dashboards.progress_rows import MONTH, STUCK
from tests.dashboards.snapshot_fixture import make_snapshot


def said_of(app: AppTest) -> str:
    return re.sub(r" (?=[,.:)])", "", words(app)).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "+1 certified person (from 2 to 3) or +€40.0k open pipeline (from €20.0k to €60.0k) "
               "or +0.19 percentage points of uptime (from 99.62% to 99.81%)"),
        ("de", "+1 zertifizierte Person (von 2 auf 3) oder +40,0 k€ offene Pipeline "
               "(von 20,0 k€ auf 60,0 k€) oder +0,19 Prozentpunkte Verfügbarkeit ("),
    ],
)  # fmt: skip
def test_the_three_smallest_changes_to_the_next_band_are_named(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome, lang: str, told: str
) -> None:
    partner = next(p for p in _with_moves(healthy_home) if p != STUCK)
    said = said_of(open_page(monkeypatch, healthy_home, "partner", partner=partner, lang=lang))
    assert told in said, said
    bands = ("watch", "healthy") if lang == "en" else ("beobachten", "gesund")
    aim = r"To reach (50|75) \((\w+)\):" if lang == "en" else r"Für (50|75) Punkte \((\w+)\):"
    assert re.search(aim, said)[2] in bands  # type: ignore[index]
    assert "9)" not in said.split(told)[1][:60]  # the fourth change is not named


def _with_moves(home: DataHome) -> list[str]:
    with Snapshot.open(home) as snapshot:
        return sorted(snapshot.table("health_moves")["partner_id"].unique())


def test_where_no_component_alone_does_it_the_limits_are_named(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome
) -> None:
    said = said_of(open_page(monkeypatch, healthy_home, "partner", partner=STUCK))
    assert "not reachable by one component alone" in said
    assert "certification: 90 of 100 partners of the tier reach at most 1 certified person" in said
    for name in ("pipeline", "reliability"):  # within what others reach, or beyond 100%
        assert f"{name}: even full points are not enough" in said


def test_in_the_best_band_there_is_nothing_to_gain(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome
) -> None:
    best = {f"P-00{n}" for n in range(1, 8)} - set(_with_moves(healthy_home))
    for partner in best:
        assert "To reach" not in words(
            open_page(monkeypatch, healthy_home, "partner", partner=partner)
        )


def test_moves_are_read_smallest_first(healthy_home: DataHome) -> None:
    partner = next(p for p in _with_moves(healthy_home) if p != STUCK)
    with Snapshot.open(healthy_home) as snapshot:
        rows = progress.health_moves(snapshot, partner, MONTH)
        none = progress.health_moves(snapshot, partner, MONTH.replace(month=8))
    assert rows["rank"].to_list() == [1, 2, 3, 4] and none.is_empty()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_waits_are_told_for_all_and_the_four_newest_cohorts(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome, lang: str
) -> None:
    app = open_page(monkeypatch, healthy_home, "kpi", kpi="time_to_activation", lang=lang)
    assert t("waits.title", lang) in words(app) and t("waits.why", lang) in words(app)
    (table,) = [f.value for f in app.dataframe if t("waits.begun", lang) in f.value.columns]
    assert list(table.iloc[:, 0]) == [
        t("waits.all", lang), "Q4 2026", "Q3 2026", "Q2 2026", "Q1 2026",
    ]  # fmt: skip
    whole, newest = table.iloc[0], table.iloc[1]
    assert [float(value) for value in whole.iloc[1:]] == [100, 11.5, 70, 78, 78, 30]
    assert float(newest.iloc[1]) == 10 and float(newest.iloc[-1]) == 6
    assert newest.iloc[2:6].isna().all() or list(newest.iloc[2:6]) == [""] * 4
    assert t("waits.empty", lang) in words(app)


def test_a_curve_ends_where_nothing_is_observed_and_names_do_not_cover_each_other(
    healthy_home: DataHome,
) -> None:
    with Snapshot.open(healthy_home) as snapshot:
        rows = progress.waits(snapshot, "time_to_activation", "programme", "all")
    by_name = {
        str(name): part
        for (name,), part in rows.partition_by("cohort", as_dict=True, maintain_order=True).items()
    }
    drawn = waits_chart.curves(by_name, "de")
    altair.LayerChart.from_dict(drawn)
    points: list[dict[str, Any]] = drawn["data"]["values"]
    last = {point["cohort"]: point for point in points}
    assert last["2026Q4"]["day"] == 8 and last["2026Q3"]["day"] == 60 and last["all"]["day"] == 90
    assert all(point["share"] is not None for point in points)
    heights = sorted(point["label_at"] for point in points if "label_at" in point)
    assert len(heights) == 5
    assert all(b - a >= 5.9 for a, b in pairwise(heights))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_objective_shows_its_mean_progress_and_its_key_results(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome, lang: str
) -> None:
    app = open_page(monkeypatch, healthy_home, lang=lang)
    (group,) = [each for each in app.expander if "Grow" in each.label]
    share = "75%" if lang == "en" else "75\u00a0%"
    mean = t("objectives.progress", lang, share=share, known=2, all=3)
    assert mean.replace("\u00a0", " ") in (
        group.label.replace("\\", "").replace("\u00a0", " ").replace("\u202f", " ")
    )
    assert "<b>" not in group.label.replace("\\<", "")
    said = said_of(app)
    assert ("from 40% to 50%" if lang == "en" else "von 40 % auf 50 %") in said
    assert t("objectives.unknown", lang) in said  # no value: time to activation
    assert re.search(r"● 1 \D+ · ■ 2 ", said)  # partners with a target of their own
    assert not any("Win together" in each.label for each in app.expander)


def test_key_results_lead_to_their_kpi_and_those_of_partners_to_the_portfolio(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome
) -> None:
    app = open_page(monkeypatch, healthy_home)
    (group,) = [each for each in app.expander if "Grow" in each.label]
    ways = [element.proto.query_string for element in group.get("page_link")]
    assert ways == [
        "kpi=partner_win_rate", "kpi=time_to_activation",
        "kpi=partner_win_rate&dimension=tier&member=strategic", "columns=partner_win_rate",
    ]  # fmt: skip


@pytest.mark.parametrize("is_older", [False, True])
def test_where_there_is_nothing_to_say_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_older: bool
) -> None:
    home = DataHome(tmp_path).create()
    with duckdb.connect(str(make_snapshot(home, health=True))) as connection:
        for table in ("health_moves", "time_to_event", "objectives"):
            connection.execute(f"{'drop table' if is_older else 'delete from'} {table}")
    pages = (("", {}), ("partner", {"partner": "P-002"}), ("kpi", {"kpi": "time_to_activation"}))
    for name, address in pages:
        said = words(open_page(monkeypatch, home, name, **address))
        for key in ("objectives.title", "waits.title"):
            assert t(key, "en") not in said
        assert "To reach" not in said


def test_partners_are_counted_by_status(healthy_home: DataHome) -> None:
    with Snapshot.open(healthy_home) as snapshot:
        counted = progress.partner_results(snapshot)
        results = progress.key_results(snapshot)
    assert counted.select("kpi_id", "status", "partners", "known").rows() == [
        ("partner_win_rate", "breach", 2, 0), ("partner_win_rate", "on_target", 1, 1),
    ]  # fmt: skip
    assert results.filter(pl.col("dimension") == "partner").is_empty()


def test_names_of_objectives_are_text_and_never_markup(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome
) -> None:
    assert "<b>with</b>" not in markup(open_page(monkeypatch, healthy_home))
