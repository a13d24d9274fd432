"""Every page in a real browser: it fits the width, its drawings load, its links and files work."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from partner_kpis.alerts.log import AlertLog
from partner_kpis.home import DataHome, project_root
from partner_kpis.text import LANGUAGES, t
from tests.dashboards.alert_fixture import one_of_each, write

CHROMIUM = Path("/usr/bin/chromium")
playwright_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine")

PAGES = {
    "programme": "",
    "portfolio": "portfolio?tier=active",
    "partner": "partner?partner=P-003",
    "kpi": "kpi?kpi=partner_win_rate&dimension=partner&member=P-003&start=2026-08-01",
    "alerts": "alerts?state=all",
    "alerts: one": "alerts?alert=A-0000WARN",
    "alerts: quality": "alerts?part=quality",
    "documents": "documents?partner=P-003&edition=partner&form=pdf",
    "quality": "quality",
}
"""Page (and part of it) → a deep link to it, with choices."""


@pytest.fixture(scope="module")
def alerted_home(healthy_home: DataHome, tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    """A copy of the healthy home with alerts, for these tests act on them."""
    home = DataHome.at(tmp_path_factory.mktemp("alerted") / "home")
    shutil.copytree(healthy_home.root, home.root, symlinks=True)
    write(home, one_of_each())
    return home


@pytest.fixture(scope="module")
def address(alerted_home: DataHome) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "streamlit", "run", "dashboards/server.py",
        "--server.address", "127.0.0.1", "--server.port", str(port),
        "--browser.gatherUsageStats", "false", "--server.headless", "true",
        "--", "--home", str(alerted_home.root),
    ]  # fmt: skip
    server = subprocess.Popen(
        command, cwd=project_root(), env={**os.environ},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_until_up(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_until_up(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=1)
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{url} does not answer")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


class Visit:
    """A page in the browser that remembers what went wrong on it."""

    def __init__(self, browser: Any, url: str, width: int = 1280, locale: str = "en-US") -> None:
        self.faults: list[str] = []
        self.page = browser.new_page(
            viewport={"width": width, "height": 900}, accept_downloads=True, locale=locale
        )
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._hear)
        self.page.goto(url)
        self.settle()

    def _hear(self, message: Any) -> None:
        # Streamlit asks for its own files below the page's path first and then at the root.
        is_probe = "404" in message.text and "_stcore" in (message.location or {}).get("url", "")
        if message.type == "error" and not is_probe:
            self.faults.append(f"{message.text} {message.location}")

    def settle(self) -> None:
        """Wait until the page is whole."""
        self.page.wait_for_selector(".pk h1", timeout=60_000)
        self.page.wait_for_function(
            "document.querySelector('[data-test-script-state=notRunning]')"
            " && !document.querySelector('[data-testid=stSkeleton]')",
            timeout=60_000,
        )

    def leave(self) -> None:
        assert not self.page.query_selector("[data-testid=stException]")
        assert not self.faults, self.faults
        self.page.close()


def _in(url: str, lang: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}lang={lang}"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_fits_and_shows_no_error(
    browser: Any, address: str, width: int, lang: str
) -> None:
    for name, link in PAGES.items():
        visit = Visit(browser, _in(address + link, lang), width)
        main = "document.querySelector('[data-testid=stMain]')"
        assert visit.page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth"), name
        drawn = "[...document.querySelectorAll('.pk img')].map(i => i.naturalWidth)"
        assert all(visit.page.evaluate(drawn)), name
        page_name = t(f"nav.{name.partition(':')[0]}", lang)
        assert visit.page.title() == f"{page_name} · partner-kpis"
        shown = visit.page.locator("[data-testid=stMain]").inner_text()
        assert "{" not in shown and "state." not in shown, name
        visit.leave()


def test_the_links_walk_through_all_pages_and_keep_language_and_partner(
    browser: Any, address: str
) -> None:
    visit = Visit(browser, f"{address}partner?partner=P-003&lang=de")
    for label, path in (
        ("Portfolio", "/portfolio"), ("Kennzahl", "/kpi"), ("Datenqualität", "/quality"),
        ("Programm", "/"), ("Partner", "/partner"),
    ):  # fmt: skip
        visit.page.locator(".st-key-nav").get_by_role("link", name=label, exact=True).click()
        visit.page.wait_for_url(lambda url, path=path: f"{path}?" in url, timeout=30_000)
        visit.settle()
        assert "lang=de" in visit.page.url and "partner=P-003" in visit.page.url
    visit.page.get_by_text("Brackwater Consulting Ltd").first.wait_for(timeout=30_000)
    visit.leave()


def test_the_first_page_is_there_under_its_name_as_well(browser: Any, address: str) -> None:
    visit = Visit(browser, f"{address}programme?partner=P-003&lang=de")
    page = visit.page
    assert not page.query_selector("[role=dialog]")
    assert page.url.startswith(f"{address}programme?") and "lang=de" in page.url
    assert page.title() == "Programm · partner-kpis"
    links = page.locator(".st-key-nav [data-testid=stPageLink-NavLink]")
    addresses = [link.get_attribute("href") for link in links.all()]
    assert len(addresses) == 7 and addresses[0] == "programme?lang=de&partner=P-003"
    page.get_by_role("radio", name="English").click()
    page.get_by_role("heading", name="All KPIs").wait_for(timeout=30_000)
    visit.settle()
    assert page.url.startswith(f"{address}programme?")
    page.locator(".st-key-nav").get_by_role("link", name="Portfolio").click()
    page.wait_for_url("**/portfolio?*", timeout=30_000)
    visit.settle()
    page.locator(".st-key-nav").get_by_role("link", name="Programme").click()
    page.wait_for_url(lambda url: url.startswith(f"{address}?"), timeout=30_000)
    visit.settle()
    visit.leave()


def test_a_deep_link_shows_its_choice_and_a_tile_leads_on(browser: Any, address: str) -> None:
    visit = Visit(browser, address + PAGES["kpi"])
    visit.page.get_by_text("Partner: Brackwater Consulting Ltd").wait_for(timeout=30_000)
    visit.page.get_by_text("in August 2026").first.wait_for(timeout=30_000)
    visit.page.locator(".st-key-nav").get_by_role("link", name="Programme").click()
    visit.page.get_by_role("link", name="History and evidence").first.click()
    visit.page.get_by_text("What stands behind").wait_for(timeout=60_000)
    assert "kpi=partner_health_score" in visit.page.url
    visit.leave()


def test_another_language_reaches_what_is_chosen_already(browser: Any, address: str) -> None:
    visit = Visit(browser, f"{address}kpi?kpi=time_to_activation")
    assert _chosen(visit.page) == ["Adoption: Time to activation", "Programme", "week 42 of 2026"]
    visit.page.get_by_role("radio", name="Deutsch").click()
    visit.page.get_by_text("verantwortlich").wait_for(timeout=30_000)
    visit.settle()
    assert _chosen(visit.page) == [
        "Nutzung: Zeit bis zur Aktivierung",
        "Programm",
        "KW\u00a042/2026",
    ]
    assert visit.page.evaluate("document.documentElement.lang") == "de"
    visit.leave()


def _chosen(page: Any) -> list[str]:
    """What the choices of a KPI's page show as chosen."""
    return [
        page.locator(
            f".st-key-choose_{name}_en input, .st-key-choose_{name}_de input"
        ).input_value()
        for name in ("kpi", "dimension", "period")
    ]


def test_a_browser_that_prefers_german_is_answered_in_german(browser: Any, address: str) -> None:
    visit = Visit(browser, address, locale="de-DE")
    visit.page.get_by_role("link", name="Datenqualität").wait_for(timeout=30_000)
    assert visit.page.evaluate("document.documentElement.lang") == "de"
    icon = visit.page.locator("link[rel~='icon']").get_attribute("href")
    assert icon is not None and icon.startswith("data:image/svg+xml,")
    visit.leave()


def test_a_filter_narrows_and_the_files_hold_what_is_shown(browser: Any, address: str) -> None:
    visit = Visit(browser, f"{address}portfolio")
    visit.page.get_by_text("8 of 8 partners").wait_for(timeout=30_000)
    visit.page.locator(".st-key-filter_tier_en input").click()
    visit.page.get_by_role("option", name="strategic").click()
    visit.page.get_by_text("2 of 8 partners").wait_for(timeout=30_000)
    visit.settle()  # the buttons come last: until then they hold the table before
    assert "tier=strategic" in visit.page.url
    lines = _download(visit.page, "Download as CSV").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("Partner,Partner id,Partner health score (points),")
    assert len(lines) == 3
    with zipfile.ZipFile(_download(visit.page, "Download as Excel")) as workbook:
        assert workbook.read("xl/worksheets/sheet1.xml").count(b"<row ") == 3
    visit.leave()


def test_the_evidence_can_be_taken_along(browser: Any, address: str) -> None:
    visit = Visit(browser, f"{address}kpi?kpi=partner_win_rate&start=2026-09-01")
    content = _download(visit.page, "Download this table (CSV)", 1).read_text(encoding="utf-8-sig")
    lines = content.splitlines()
    assert lines[0].startswith("What,Id,Name,Partner,Day,Numerator,Denominator")
    assert len(lines) > 1
    visit.leave()


def _download(page: Any, name: str, place: int = 0) -> Path:
    button = page.get_by_test_id("stDownloadButton").get_by_role("button", name=name).nth(place)
    button.wait_for(timeout=60_000)
    with page.expect_download(timeout=60_000) as waiting:
        button.click()
    return Path(waiting.value.path())


def test_an_alert_is_acknowledged_from_the_inbox_and_the_name_stays(
    browser: Any, address: str, alerted_home: DataHome
) -> None:
    visit = Visit(browser, f"{address}alerts?search=i")
    page = visit.page
    page.get_by_role("link", name="Integration uptime, whole programme").click()
    page.get_by_text("Rule uptime").wait_for(timeout=30_000)
    visit.settle()
    assert "alert=A-0000CRIT" in page.url
    page.get_by_label("Your name").fill("Jana Beispiel")
    page.get_by_label("Why, or what helped").fill("asking the operator")
    page.get_by_role("button", name="Acknowledge").click()
    page.get_by_text("You have acknowledged it.").wait_for(timeout=30_000)
    visit.settle()
    assert page.get_by_text("Jana Beispiel: asking the operator").is_visible()
    page.get_by_role("link", name="All alerts").click()
    page.wait_for_url("**/alerts?search=i", timeout=30_000)
    page.locator(".pk-state", has_text="acknowledged by Jana").wait_for(timeout=30_000)
    visit.settle()
    page.get_by_role("link", name="Partner win rate, Brackwater Consulting Ltd").click()
    page.get_by_text("Rule win_rate").wait_for(timeout=30_000)
    visit.settle()
    assert page.get_by_label("Your name").input_value() == "Jana Beispiel"
    assert AlertLog(alerted_home).book().episodes["A-0000CRIT"].state == "acknowledged"
    page.go_back()
    page.wait_for_url("**/alerts?search=i", timeout=30_000)
    page.locator(".pk-state", has_text="acknowledged by Jana").wait_for(timeout=30_000)
    visit.settle()
    visit.leave()
