"""What all pages share: navigation, languages, and the states in which there is no page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.runtime.context import ContextProxy

from dashboards import data
from dashboards.navigation import PAGES
from partner_kpis.home import DataHome, project_root
from partner_kpis.serving import Snapshot
from partner_kpis.text import LANGUAGES, t
from tests.dashboards.naive_rollup import AS_OF
from tests.dashboards.pages import APP, links, open_page, words
from tests.dashboards.snapshot_fixture import make_snapshot

NAMES = ("", *PAGES[1:])
OPEN_FILES = Path("/proc/self/fd")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_page_says_as_of_freshness_and_snapshot(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome, name: str, lang: str
) -> None:
    said = words(open_page(monkeypatch, served_home, name, lang=lang))
    assert t("page.as_of", lang, day="21 Oct 2026" if lang == "en" else "21.10.2026") in said
    assert "snap-0001" in said
    assert ("1 stale" if lang == "en" else "1 veraltet") in said
    for page in PAGES:
        assert t(f"nav.{page}", lang) in said


def test_an_old_snapshot_says_how_old_it_is(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    def said(after: int, lang: str) -> str:
        monkeypatch.setattr(data, "today", lambda: AS_OF + timedelta(days=after))
        return words(open_page(monkeypatch, served_home, lang=lang))

    assert "ago" not in said(7, "en")
    assert "▲ watch: as of 21 Oct 2026, 8 days ago" in said(8, "en")
    assert "▲ beobachten: Stand 21.10.2026, vor 1.095 Tagen" in said(1095, "de")


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_home_is_a_page_too(
    monkeypatch: pytest.MonkeyPatch, empty_home: DataHome, name: str
) -> None:
    said = words(open_page(monkeypatch, empty_home, name, lang="de"))
    assert "Es liegt noch kein Export vor" in said


@pytest.mark.parametrize("name", NAMES)
def test_before_the_first_run_every_page_names_the_command(
    monkeypatch: pytest.MonkeyPatch, fresh_home: DataHome, name: str
) -> None:
    app = open_page(monkeypatch, fresh_home, name)
    assert "Nothing has been published yet" in words(app)
    assert app.code[0].value == f"partner-kpis run --home {fresh_home.root}"


def test_without_a_home_the_page_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(monkeypatch, None)
    assert "partner-kpis dashboard --home" in app.code[0].value


def test_a_broken_snapshot_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = DataHome(tmp_path).create()
    make_snapshot(home, empty=True).write_bytes(b"no database")
    app = open_page(monkeypatch, home)
    assert "The results cannot be read" in words(app)


def test_language_and_partner_go_along_to_other_pages(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    app = open_page(monkeypatch, served_home, "partner", lang="de", partner="P-003")
    assert links(app)["Programm"] == "lang=de&partner=P-003"
    app.button_group(key="choose_lang").set_value("en").run()
    assert app.query_params["lang"] == "en"
    assert links(app)["Programme"] == "partner=P-003"


def test_without_a_language_in_the_address_the_browsers_own_is_spoken(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    def opened(locale: str | None, **address: str) -> dict[str, str]:
        monkeypatch.setattr(ContextProxy, "locale", locale)
        return links(open_page(monkeypatch, served_home, **address))

    for german in ("de", "de-AT"):
        assert "Datenqualität" in opened(german)
    for other in ("en-GB", "fr-FR", "dex", None):
        assert "Data quality" in opened(other)
    # Whoever chooses another language than the browser's takes it along to the next page.
    assert opened("de-DE", lang="en")["Programme"] == "lang=en"
    assert opened("de-DE", lang="de")["Programm"] == ""


def test_kpi_period_and_member_are_there_again_on_the_way_back(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    chosen = {"kpi": "partner_win_rate", "period": "quarter", "start": "2026-07-01"}
    tier = chosen | {"dimension": "tier", "member": "strategic"}
    app = open_page(monkeypatch, served_home, "kpi", **tier)
    way = parse_qs(links(app)["Portfolio"])
    assert {name: value for name, (value,) in way.items()} == tier
    app = open_page(monkeypatch, served_home, "portfolio", **tier)
    assert parse_qs(links(app)["KPI"]) == way
    # A partner goes along as the one looked at last, so that choosing another one is kept too.
    partner = chosen | {"dimension": "partner", "member": "P-003"}
    app = open_page(monkeypatch, served_home, "kpi", **partner)
    address = {name: value for name, (value,) in parse_qs(links(app)["Partner"]).items()}
    assert address == chosen | {"dimension": "partner", "partner": "P-003"}
    app = open_page(monkeypatch, served_home, "partner", **address)
    app.selectbox(key="choose_partner_en").select("P-002").run()
    address = {name: value for name, (value,) in parse_qs(links(app)["KPI"]).items()}
    said = words(open_page(monkeypatch, served_home, "kpi", **address))
    assert "Partner: Nordlys Integrasjon AS" in said and "Q3 2026" in said


def test_a_new_snapshot_is_shown_on_the_next_rerun(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = DataHome(tmp_path).create()
    make_snapshot(home, name="run-a", empty=True)
    app = open_page(monkeypatch, home)
    assert "run-a" in words(app)
    make_snapshot(home, name="run-b")
    app.run()
    assert "run-b" in words(app) and "run-a" not in words(app)


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="this system does not list open files")
def test_the_file_on_show_is_held_open_and_no_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = DataHome.at(tmp_path / "home").create()
    first = make_snapshot(home, name="run-a", empty=True)
    open_page(monkeypatch, home)
    assert first.resolve() in _held_files()
    second = make_snapshot(home, name="run-b", empty=True)
    open_page(monkeypatch, home)
    assert second.resolve() in _held_files() and first.resolve() not in _held_files()


def _held_files() -> set[Path]:
    return {path.resolve() for path in OPEN_FILES.iterdir()}


def test_no_page_names_a_kpi_but_for_the_quadrant(healthy_home: DataHome) -> None:
    with Snapshot.open(healthy_home) as snapshot:
        kpis = [kpi.kpi_id for kpi in snapshot.catalogue()]
    for file in (project_root() / "dashboards").rglob("*.py"):
        if file.name != "quadrant.py":
            code = file.read_text(encoding="utf-8")
            assert not [kpi for kpi in kpis if kpi in code], file


def test_pages_are_thin() -> None:
    for file in (Path(APP).parent / "views").glob("*.py"):
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 130, file
