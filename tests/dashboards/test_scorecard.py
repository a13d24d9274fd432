"""The scorecard page, run by Streamlit's own test harness."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from partner_kpis.home import DataHome, project_root
from partner_kpis.serving import DIMENSIONS, Snapshot
from tests.dashboards.snapshot_fixture import make_snapshot

APP = str(project_root() / "dashboards" / "app.py")


def _page(monkeypatch: pytest.MonkeyPatch, home: DataHome | None, **address: str) -> AppTest:
    monkeypatch.setattr("sys.argv", ["streamlit"])
    if home is None:
        monkeypatch.delenv("PARTNER_KPIS_HOME", raising=False)
    else:
        monkeypatch.setenv("PARTNER_KPIS_HOME", str(home.root))
    app = AppTest.from_file(APP, default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception[0].value
    return app


def _words(app: AppTest) -> str:
    """Everything the page says, without style sheet and markup."""
    bodies = [element.proto.body for element in app.get("html")]
    said = " ".join(body for body in bodies if "<style" not in body)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", said))


@pytest.mark.parametrize("lang", ["en", "de"])
def test_the_programme_shows_every_kpi_of_the_catalogue(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome, lang: str
) -> None:
    said = _words(_page(monkeypatch, served_home, lang=lang))
    with Snapshot.open(served_home) as snapshot:
        for kpi in snapshot.catalogue():
            assert kpi.label(lang) in said
    assert ("As of 21 Oct 2026" if lang == "en" else "Stand 21.10.2026") in said
    assert "snap-0001" in said
    assert ("1 stale" if lang == "en" else "1 veraltet") in said


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_kpi_opens_for_every_dimension(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome, dimension: str
) -> None:
    with Snapshot.open(served_home) as snapshot:
        member = snapshot.members(dimension)["member"][0]
        kpis = [kpi.kpi_id for kpi in snapshot.catalogue()]
    for kpi_id in kpis:
        app = _page(monkeypatch, served_home, dimension=dimension, member=member, kpi=kpi_id)
        assert app.dataframe, kpi_id


def test_an_address_brings_back_the_same_view(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    app = _page(
        monkeypatch, served_home, lang="de", dimension="partner", member="P-003",
        kpi="time_to_activation", period="month", start="2026-08-01",
    )  # fmt: skip
    said = _words(app)
    assert "Partner: Brackwater Consulting Ltd" in said
    assert "August 2026" in said and "Beobachtungen:" in said
    assert app.selectbox(key="choose_dimension").value == "partner"
    assert app.selectbox(key="choose_period").value == "2026-08-01"


def test_choices_write_the_address(monkeypatch: pytest.MonkeyPatch, served_home: DataHome) -> None:
    app = _page(monkeypatch, served_home)
    app.selectbox(key="choose_dimension").select("partner").run()
    assert app.query_params["dimension"] == "partner"
    first = app.query_params["member"]
    app.selectbox(key="choose_member_partner").select("P-002").run()
    assert app.query_params["member"] == "P-002" != first
    app.button(key="open_partner_win_rate").click().run()
    assert app.query_params["kpi"] == "partner_win_rate"
    app.selectbox(key="choose_dimension").select("programme").run()
    assert "member" not in app.query_params
    assert not app.exception


def test_nonsense_in_the_address_is_answered_and_not_run(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    said = _words(
        _page(
            monkeypatch, served_home, lang="xx", dimension="partner", member="<script>x</script>",
            kpi="' or 1=1", period="era", start="yesterday",
        )
    )  # fmt: skip
    assert "is not in this snapshot" in said
    assert "whole programme" in said


def test_names_from_data_are_text_and_never_markup(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    app = _page(monkeypatch, served_home, dimension="partner", member="P-008")
    bodies = " ".join(element.proto.body for element in app.get("html"))
    assert "<b>Quote" not in bodies
    assert "&lt;b&gt;Quote &amp; &quot;Tag&quot;&lt;/b&gt; Ltd" in bodies


def test_open_problems_say_what_to_do(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    said = _words(_page(monkeypatch, served_home))
    assert "prm/referral/referrals.csv" in said and "login page" in said
    assert "partner-kpis accept telemetry/event/events_202610_b.jsonl.gz" in said
    assert "Rows in quarantine (3)" in said
    assert "Partner P-999 is in referrals" in said


def test_open_problems_are_said_in_german(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    said = _words(_page(monkeypatch, served_home, lang="de"))
    assert "wohl eine Anmeldeseite" in said and "login page" not in said
    assert "91 % weniger Zeilen" in said and "fewer rows" not in said
    assert "Füllen Sie die Spalte contract_start" in said and "Fill the column" not in said
    assert "kommt in Empfehlungen vor" in said


def test_a_snapshot_from_before_there_was_german_is_shown_in_english(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = DataHome(tmp_path).create()
    database = make_snapshot(home)
    with duckdb.connect(str(database)) as connection:
        connection.execute("alter table landing_ledger drop column reason_de")
        connection.execute("alter table quarantined_rows drop column message_de")
    said = _words(_page(monkeypatch, home, lang="de"))
    assert "login page" in said and "Fill the column" in said


def test_before_the_first_run_the_page_names_the_command(
    monkeypatch: pytest.MonkeyPatch, fresh_home: DataHome
) -> None:
    app = _page(monkeypatch, fresh_home)
    assert "Nothing has been published yet" in _words(app)
    assert app.code[0].value == f"partner-kpis run --home {fresh_home.root}"


def test_without_a_home_the_page_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    app = _page(monkeypatch, None)
    assert "partner-kpis dashboard --home" in app.code[0].value


def test_an_empty_home_says_which_files_it_waits_for(
    monkeypatch: pytest.MonkeyPatch, empty_home: DataHome
) -> None:
    said = _words(_page(monkeypatch, empty_home, kpi="partner_win_rate", lang="de"))
    assert "Es liegt noch kein Export vor" in said
    assert "landing/salesforce/opportunity/" in said
    assert "landing/registry/integration/" in said


def test_a_new_snapshot_is_shown_on_the_next_rerun(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = DataHome.at(tmp_path_factory.mktemp("switch")).create()
    make_snapshot(home, name="run-a", empty=True)
    app = _page(monkeypatch, home)
    assert "run-a" in _words(app)
    make_snapshot(home, name="run-b")
    app.run()
    assert "run-b" in _words(app) and "run-a" not in _words(app)


def test_no_page_names_a_kpi(served_home: DataHome) -> None:
    with Snapshot.open(served_home) as snapshot:
        kpis = [kpi.kpi_id for kpi in snapshot.catalogue()]
    for file in (project_root() / "dashboards").rglob("*.py"):
        code = file.read_text(encoding="utf-8")
        assert not [kpi for kpi in kpis if kpi in code], file
