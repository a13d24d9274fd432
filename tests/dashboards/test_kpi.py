"""A KPI's page: every dimension and period, the benchmark, the evidence."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from dashboards.components import definition
from partner_kpis.home import DataHome, project_root
from partner_kpis.serving import DIMENSIONS, Snapshot
from partner_kpis.text import LANGUAGES, t
from tests.dashboards.pages import open_page, words
from tests.dashboards.snapshot_fixture import make_snapshot


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_kpi_opens_for_every_dimension(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome, dimension: str
) -> None:
    with Snapshot.open(served_home) as snapshot:
        member = snapshot.members(dimension)["member"][0]
        kpis = [kpi.kpi_id for kpi in snapshot.catalogue()]
    for kpi_id in kpis:
        app = open_page(
            monkeypatch, served_home, "kpi", dimension=dimension, member=member, kpi=kpi_id
        )
        assert app.dataframe or "There are no periods to show" in words(app), kpi_id


def test_an_address_brings_back_the_same_view(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    app = open_page(
        monkeypatch, served_home, "kpi", lang="de", dimension="partner", member="P-003",
        kpi="time_to_activation", period="month", start="2026-08-01",
    )  # fmt: skip
    said = words(app)
    assert "Partner: Brackwater Consulting Ltd" in said
    assert "August 2026" in said and "Beobachtungen:" in said
    assert app.selectbox(key="choose_dimension_de").value == "partner"
    assert app.selectbox(key="choose_period_de").value == "2026-08-01"


def test_the_chooser_is_grouped_by_family(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    app = open_page(monkeypatch, served_home, "kpi", lang="de")
    assert app.selectbox(key="choose_kpi_de").options == [
        "Wertbeitrag: Partnerbeeinflusste Pipeline", "Wertbeitrag: Abschlussquote mit Partnern",
        "Nutzung: Zeit bis zur Aktivierung", "Zuverlässigkeit: Verfügbarkeit der Integrationen",
    ]  # fmt: skip


def test_choices_write_the_address(monkeypatch: pytest.MonkeyPatch, served_home: DataHome) -> None:
    app = open_page(monkeypatch, served_home, "kpi")
    app.selectbox(key="choose_dimension_en").select("partner").run()
    assert app.query_params["dimension"] == "partner"
    app.selectbox(key="choose_member_partner_en").select("P-002").run()
    assert app.query_params["member"] == "P-002"
    app.selectbox(key="choose_kpi_en").select("time_to_activation").run()
    assert app.query_params["kpi"] == "time_to_activation"
    app.selectbox(key="choose_dimension_en").select("programme").run()
    assert "member" not in app.query_params
    assert not app.exception


def test_nonsense_in_the_address_is_answered_and_not_run(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    said = words(
        open_page(
            monkeypatch, served_home, "kpi", lang="xx", dimension="partner",
            member="<script>x</script>", kpi="' or 1=1", period="era", start="yesterday",
        )
    )  # fmt: skip
    assert "is not in this snapshot" in said and "is no KPI of this snapshot" in said
    assert "whole programme" in said


def test_the_definition_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    said = words(open_page(monkeypatch, served_home, "kpi", kpi="partner_win_rate"))
    assert "Share of the closed deals with partner influence that were won." in said
    assert "owner Partner management" in said
    german = words(open_page(monkeypatch, served_home, "kpi", kpi="partner_win_rate", lang="de"))
    assert "verantwortlich Partnermanagement" in german


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_how_the_kpi_comes_about(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome, lang: str
) -> None:
    app = open_page(monkeypatch, served_home, "kpi", kpi="partner_win_rate", lang=lang)
    said = re.sub(r" (?=[,)])", "", words(app))
    for part in ("formula.ratio", "formula.flow", "formula.n.ratio", "formula.low_n.always"):
        assert t(part, lang) in said
    missing = f"({t('definition.not_landed', lang)})"
    either = t("definition.any_of", lang, group=t("need.crm", lang))
    assert f"{either} salesforce/opportunity hubspot/deal {missing}" in said
    assert "kpi_partner_win_rate ← int_opportunities__stated" in said
    bottom = f"{t('definition.contracts', lang, count=2)} prm/referral, salesforce/opportunity"
    assert bottom in said


def test_a_snapshot_from_before_there_was_lineage_is_shown_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = DataHome(tmp_path).create()
    with duckdb.connect(str(make_snapshot(home))) as connection:
        connection.execute("alter table kpi_catalogue drop column lineage")
    said = words(open_page(monkeypatch, home, "kpi", kpi="partner_win_rate"))
    assert t("formula.ratio", "en") in said and t("definition.lineage", "en") not in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_runbook_can_be_read_on_the_page(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome, lang: str
) -> None:
    app = open_page(monkeypatch, served_home, "kpi", kpi="partner_win_rate", lang=lang)
    (runbook,) = [each for each in app.expander if "Runbook" in each.label]
    text = (project_root() / "docs" / "runbooks" / "partner_win_rate.md").read_text("utf-8")
    assert runbook.markdown[0].value.strip() in text
    assert "**First checks**" in runbook.markdown[0].value


def test_no_file_but_a_runbook_is_shown() -> None:
    for path in ("README.md", "docs/runbooks/../../README.md", "/etc/passwd", "docs/runbooks",
                 "docs/runbooks/none.md"):  # fmt: skip
        assert definition.runbook(path) is None
    assert str(definition.runbook("docs/runbooks/partner_win_rate.md")).strip().startswith("**What")


def test_without_a_value_nothing_is_summed_up_and_the_reason_stands_below_the_heading(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = DataHome.at(tmp_path / "home").create()
    make_snapshot(home, without=[("registry", "integration")])
    app = open_page(monkeypatch, home, "kpi", kpi="integration_uptime", start="2026-10-21")
    said = words(app)
    assert (
        "No value for 21 Oct 2026 An export is missing. Drop it in landing/registry/integration/"
        in said
    )
    assert "What was observed on 21 Oct 2026 Observations: 5. The file rows" in said
    assert "÷" not in said


@pytest.mark.parametrize(
    ("lang", "period", "start", "title", "evidence"),
    [
        ("en", "day", "2026-10-20", r"% on 20 Oct 2026: ", r"What stands behind [\d.]+% on 20 Oct"),
        ("en", "month", "2026-09-01", r"% in September 2026: ", "% in September 2026"),
        (
            "de",
            "day",
            "2026-10-20",
            r"% am 20.10.2026: ",
            r"Was hinter [\d,]+.% am 20.10.2026 steht",
        ),
        ("de", "month", "2026-09-01", r"% im Zeitraum September 2026: ", "September 2026 steht"),
    ],
)
def test_a_day_is_on_and_a_longer_period_is_in(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome,
    lang: str, period: str, start: str, title: str, evidence: str,
) -> None:  # fmt: skip
    app = open_page(
        monkeypatch, served_home, "kpi", lang=lang, kpi="integration_uptime", period=period,
        start=start,
    )  # fmt: skip
    assert re.search(title, words(app)) and re.search(evidence, words(app))


def test_small_groups_are_not_ranked(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    said = words(open_page(monkeypatch, served_home, "kpi", kpi="partner_win_rate"))
    assert "Segments side by side, September 2026" in said
    assert "at least 5 partners" in said
    assert "Too small to compare: Benelux, DACH" in said


def test_an_empty_home_says_which_file_the_kpi_waits_for(
    monkeypatch: pytest.MonkeyPatch, empty_home: DataHome
) -> None:
    said = words(open_page(monkeypatch, empty_home, "kpi", kpi="partner_win_rate", lang="de"))
    assert "Kein Wert für" in said
