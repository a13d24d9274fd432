"""Breaking, cutting and escaping of text, and the pages of HTML and JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_kpis.reports.document import Facts, Page
from partner_kpis.reports.render import html, metrics
from partner_kpis.reports.render import json as as_json
from tests.unit.reports import rich

CHROMIUM = Path("/usr/bin/chromium")
_words = st.text("abcdefgh Łüß-", max_size=80)


@given(_words, st.floats(20, 300), st.floats(6, 24))
def test_a_line_is_never_wider_than_its_room(text: str, room: float, size: float) -> None:
    widest = metrics.width("m", 24)  # one letter stays, however narrow the room
    for line in metrics.wrap(text, room, size):
        assert metrics.width(line, size) <= max(room, widest)


@given(_words, st.floats(40, 300))
def test_breaking_a_text_loses_no_letter(text: str, room: float) -> None:
    assert "".join(metrics.wrap(text, room, 11)).replace(" ", "") == text.replace(" ", "")


@given(_words, st.floats(40, 200), st.integers(1, 3))
def test_a_fitted_text_is_whole_or_ends_in_an_ellipsis(text: str, room: float, most: int) -> None:
    fitted = metrics.fit(text, room, 11, most=most)

    assert len(fitted.lines) <= most
    assert fitted.text == text or fitted.text.endswith("…")
    assert all(metrics.width(line, fitted.size) <= room for line in fitted.lines)


def test_a_text_shrinks_before_it_is_cut() -> None:
    whole = metrics.fit("Überseehandelsgesellschaft", 120, 12, floor=8)

    assert whole.text == "Überseehandelsgesellschaft"
    assert 8 <= whole.size < 12


@pytest.mark.parametrize("lang", ["en", "de"])
def test_html_runs_nothing_and_fetches_nothing(lang: str) -> None:
    page = _Page(html.render(rich.document(lang)).decode())

    assert page.scripts == ["application/json"]
    assert not [a for a in page.attributes if a[0].startswith("on")]
    addresses = [v for a, v in page.attributes if a in ("src", "href", "action", "data")]
    assert all(v.startswith("#") for v in addresses)
    assert page.policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_html_escapes_what_comes_from_data() -> None:
    text = html.render(rich.document("en")).decode()

    assert "A <b>bold</b>" not in text
    assert "A &lt;b&gt;bold&lt;/b&gt; &amp; co" in text


def test_every_table_of_html_has_headers_and_every_chart_a_name() -> None:
    text = html.render(rich.document("de")).decode()
    page = _Page(text)

    assert text.count("<table") == text.count("<thead>")
    assert page.scopes["col"] > 20 and page.scopes["row"] > 200
    assert "Twice as many sent as received" in page.names
    assert page.lang == "de"


def test_html_has_all_rows_of_a_long_table() -> None:
    text = html.render(rich.document("en")).decode()

    assert 'data-place="p6/opportunities/200/amount"' in text


@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [390, 1280])
def test_html_fits_the_width_of_a_desk_and_of_a_phone(width: int, tmp_path: Path) -> None:
    """Also with a hash of 64 letters among the facts; only tables may scroll sideways."""
    playwright_api = pytest.importorskip("playwright.sync_api")
    document = rich.document("de", rows=3)
    facts = Facts("verification", (("SHA-256", "c2ec095e" * 8), ("Partner", rich.PARTNER)))
    last = Page("A3", "verification", "Prüfen", (facts,))
    file = tmp_path / "page.html"
    file.write_bytes(html.render(replace(document, pages=(*document.pages, last))))
    with playwright_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == width
        browser.close()


def test_json_has_a_version_and_exact_figures_with_origins() -> None:
    read = json.loads(as_json.render(rich.document("en")))
    rows = next(p for p in read["pages"] if p["number"] == "13")["blocks"][1]["rows"]

    assert read["schema_version"] == "1.0"
    assert read["identity"]["definitions"] == {
        "partner_win_rate": "1.2.0",
        "pipeline_influenced": "1.0.0",
    }
    assert rows[0][1]["value"] == "1234.56"
    assert rows[0][1]["currency"] == "EUR"
    tile = read["pages"][1]["blocks"][0]["tiles"][1]
    assert tile["figure"]["origin"] == {
        "table": "kpi_values",
        "key": {"kpi_id": "percent", "member": "P-0104"},
        "column": "value",
    }


class _Page(HTMLParser):
    """What a page consists of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[str | None] = []
        self.attributes: list[tuple[str, str]] = []
        self.scopes = {"col": 0, "row": 0}
        self.names: set[str] = set()
        self.policy = self.lang = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given_attrs = dict(attrs)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag == "script":
            self.scripts.append(given_attrs.get("type"))
        if tag == "html":
            self.lang = given_attrs.get("lang") or ""
        if tag == "meta" and given_attrs.get("http-equiv"):
            self.policy = given_attrs.get("content") or ""
        if tag == "th" and given_attrs.get("scope"):
            self.scopes[str(given_attrs["scope"])] += 1
        if tag == "svg" and given_attrs.get("aria-label"):
            self.names.add(str(given_attrs["aria-label"]))
