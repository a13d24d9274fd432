"""The page in a real browser: it fits the width, its drawings load, its buttons work."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from partner_kpis.home import DataHome, project_root

CHROMIUM = Path("/usr/bin/chromium")
playwright_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def address(served_home: DataHome) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "streamlit", "run", "dashboards/app.py",
        "--server.address", "127.0.0.1", "--server.port", str(port),
        "--browser.gatherUsageStats", "false", "--server.headless", "true",
        "--", "--home", str(served_home.root),
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


def _open(browser: Any, url: str, width: int) -> Any:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(url)
    page.wait_for_selector(".pk-value", timeout=60_000)
    return page


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("lang", ["en", "de"])
def test_nothing_scrolls_sideways_and_every_drawing_loads(
    browser: Any, address: str, width: int, lang: str
) -> None:
    page = _open(browser, f"{address}?lang={lang}&kpi=partner_win_rate", width)
    page.wait_for_selector("canvas, [data-testid=stVegaLiteChart] svg", timeout=60_000)
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
    sizes = page.evaluate("[...document.querySelectorAll('.pk img')].map(i => i.naturalWidth)")
    assert sizes and all(sizes)
    assert not page.query_selector("[data-testid=stException]")
    page.close()


def test_a_tile_opens_its_evidence_and_the_address_follows(browser: Any, address: str) -> None:
    page = _open(browser, address, 390)
    page.get_by_role("button", name="History and evidence").first.click()
    page.wait_for_selector(".pk-detail", timeout=60_000)
    assert "kpi=" in page.url
    page.wait_for_function(
        "document.querySelector('.pk-detail').getBoundingClientRect().top < innerHeight",
        timeout=20_000,
    )
    page.get_by_text("Deutsch", exact=True).click()
    page.get_by_text("Werte nach Zeitraum").wait_for(timeout=60_000)
    assert "lang=de" in page.url
    page.close()


def test_the_download_is_a_table_of_the_evidence(browser: Any, address: str) -> None:
    page = _open(browser, f"{address}?kpi=partner_win_rate&start=2026-09-01", 1280)
    button = page.get_by_role("button", name="Download this table (CSV)").nth(1)
    button.wait_for(timeout=60_000)
    with page.expect_download() as waiting:
        button.click()
    lines = Path(waiting.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("What,Id,Name,Partner,Day,Numerator,Denominator")
    assert len(lines) > 1
    page.close()
