"""The programme's page: pinned KPIs, what changed, what is wrong."""

from __future__ import annotations

import re
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.components import families
from dashboards.components.changes import Move, sentence
from partner_kpis.home import DataHome
from partner_kpis.serving import KpiDefinition, Snapshot
from partner_kpis.text import t
from partner_kpis.wording import Wording
from tests.dashboards.pages import links, markup, open_page, words


@pytest.mark.parametrize("lang", ["en", "de"])
def test_without_a_pinned_list_every_kpi_of_the_catalogue_has_a_tile(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome, lang: str
) -> None:
    said = words(open_page(monkeypatch, served_home, lang=lang))
    with Snapshot.open(served_home) as snapshot:
        for kpi in snapshot.catalogue():
            assert kpi.label(lang) in said


def test_the_snapshots_own_list_is_pinned_in_its_order(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome
) -> None:
    shown = markup(open_page(monkeypatch, healthy_home))
    first, second = (shown.index(name) for name in ("Partner health score", "Time to activation"))
    assert first < second
    assert 'class="pk-name">Partner win rate' not in shown


@pytest.mark.parametrize("lang", ["en", "de"])
def test_it_says_what_is_pinned_and_leads_to_every_kpi(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome, lang: str
) -> None:
    app = open_page(monkeypatch, healthy_home, lang=lang)
    with Snapshot.open(healthy_home) as snapshot:
        kpis = {kpi.kpi_id: kpi.label(lang) for kpi in snapshot.catalogue()}
    told = "Pinned by the policy" if lang == "en" else "Angeheftet durch die Richtlinie"
    pinned = f"{kpis['partner_health_score']}, {kpis['time_to_activation']}."
    assert f"{told} pinned_kpis: {pinned}" in words(app)
    ways = links(app)
    assert all(f"kpi={kpi_id}" in ways[label] for kpi_id, label in kpis.items())


def test_groups_are_closed_until_something_is_searched_for(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome
) -> None:
    app = open_page(monkeypatch, healthy_home)
    assert _open_or_not(app) == [False] * 4
    app.text_input(key="search_en").set_value("minutes UPTIME").run()
    assert app.query_params["search"] == "minutes UPTIME"
    assert _open_or_not(app) == [True]
    assert markup(app).count('class="pk-kpi"') == 1 and "Integration uptime" in words(app)
    app.text_input(key="search_en").set_value("").run()
    assert "search" not in app.query_params and _open_or_not(app) == [False] * 4


def _open_or_not(app: AppTest) -> list[bool]:
    """Of each family's group whether it is open; objectives are groups too."""
    return [each.proto.expanded for each in app.expander if "Grow" not in each.label]


@pytest.mark.parametrize(
    ("lang", "wanted", "found"),
    [
        ("en", "partner_win_rate", {"partner_win_rate"}),
        ("en", "closed deals", {"partner_win_rate"}),
        ("de", "abschlussquote", {"partner_win_rate"}),
        ("de", "closed deals", set()),
        ("de", "wertbeitrag", {"partner_win_rate", "partner_influenced_pipeline"}),
        ("en", "<script>", set()),
    ],
)
def test_a_search_looks_at_label_description_family_and_id_in_the_language_of_the_page(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome,
    lang: str, wanted: str, found: set[str],
) -> None:  # fmt: skip
    app = open_page(monkeypatch, served_home, lang=lang, search=wanted)
    lines = [element for group in app.expander for element in group.get("page_link")]
    ways = " ".join(element.proto.query_string for element in lines)
    assert set(re.findall(r"kpi=(\w+)", ways)) == found
    assert bool(found) != (t("families.none", lang) in words(app))


def test_families_stand_in_the_order_in_which_one_tells_them() -> None:
    with_family = [_kpi(name) for name in ("a_new_one", "satisfaction", "adoption", "value")]
    assert list(families.grouped(with_family)) == ["value", "adoption", "satisfaction", "a_new_one"]


def _kpi(family: str) -> KpiDefinition:
    return KpiDefinition(
        family, family, "en", "de", "English", "Deutsch", "ratio", False, "percent", "higher",
        "month", "leading", ("programme",), "entities", ("crm",), "Owner", "none", "1.0.0",
    )  # fmt: skip


def test_a_tile_leads_to_its_kpi(monkeypatch: pytest.MonkeyPatch, served_home: DataHome) -> None:
    app = open_page(monkeypatch, served_home, lang="de", partner="P-003")
    ways = [e.proto.query_string for e in app.get("page_link")]
    assert "lang=de&partner=P-003&kpi=partner_win_rate" in ways


def test_the_largest_move_comes_first(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    app = open_page(monkeypatch, served_home)
    with Snapshot.open(served_home) as snapshot:
        labels = tuple(kpi.label("en") for kpi in snapshot.catalogue())
    number = r"([\d.]+)"
    moves = [
        re.search(rf" to {number}.* from {number}", said)
        for said in links(app)
        if said.startswith(labels)
    ]
    sizes = [abs(float(m[1]) - float(m[2])) / float(m[2]) for m in moves if m]
    assert len(sizes) >= 2 and sizes == sorted(sizes, reverse=True)


def test_a_change_of_status_is_said_with_shape_and_word(served_home: DataHome) -> None:
    with Snapshot.open(served_home) as snapshot:
        kpi: KpiDefinition = snapshot.definition("partner_win_rate")
    row = {"value": 0.41, "previous_value": 0.58, "status": "breach", "is_complete": True,
           "period_type": "month", "period_start": date(2026, 9, 1), "sample_size": 20}  # fmt: skip
    move = Move(kpi, row, 0.58, "watch")
    assert move.is_step and move.worsening == 1 and round(move.size, 2) == 0.29
    english = sentence(move, Wording.of(kpi, [row], "en", "EUR"))
    german = sentence(move, Wording.of(kpi, [row], "de", "EUR"))
    assert english == (
        "Partner win rate fell to 41% (September 2026) from 58% (August): ▲ watch → ■ breach"
    )
    assert (
        german.startswith("Abschlussquote mit Partnern ist gefallen: 41") and "Ziel verf" in german
    )
    assert not Move(kpi, row, 0.58, "low_n").is_step


def test_open_problems_are_counted_and_lead_on(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    said = words(open_page(monkeypatch, served_home))
    assert "Files (2) · Rows in quarantine (3) · Findings in the data (122)" in said
    assert "prm/referral/referrals.csv" in said
    assert "All problems and what to do" in said


def test_an_empty_home_says_which_files_it_waits_for(
    monkeypatch: pytest.MonkeyPatch, empty_home: DataHome
) -> None:
    said = words(open_page(monkeypatch, empty_home, lang="de"))
    assert "landing/salesforce/opportunity/" in said
    assert "landing/registry/integration/" in said
    assert "Noch hat keine Kennzahl zwei abgeschlossene" in said
