"""The inbox of alerts: what it lists, in which order, its filters, pages and files.

Belongs here: the list. Does not belong here: one alert (test_alert_page.py) and acting on it
(test_alert_acts.py).
"""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest

from partner_kpis.alerts.events import Woke
from partner_kpis.alerts.readings import Subject
from partner_kpis.home import DataHome
from partner_kpis.text import LANGUAGES, t
from tests.dashboards.alert_fixture import NOW, evaluated, opened, recovered, write
from tests.dashboards.pages import links, listed_alerts, markup, open_page, words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_before_any_evaluation_it_says_that_the_next_run_does_it(
    monkeypatch: pytest.MonkeyPatch, home: DataHome, lang: str
) -> None:
    said = words(open_page(monkeypatch, home, "alerts", lang=lang))
    assert t("alert_page.never", lang) in said and t("alert_page.never_do", lang) in said
    assert not home.alert_log.exists()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_when_nothing_is_open_it_says_so_and_when_that_was_checked(
    monkeypatch: pytest.MonkeyPatch, home: DataHome, lang: str
) -> None:
    write(home, [evaluated()])
    app = open_page(monkeypatch, home, "alerts", lang=lang)
    said = words(app)
    assert t("alert_page.nothing_open", lang) in said
    assert "03:00 UTC" in said and t("nav.alerts", lang) in links(app)


def test_results_that_no_rule_has_seen_yet_are_named(
    monkeypatch: pytest.MonkeyPatch, home: DataHome
) -> None:
    write(home, [evaluated(snapshot_id="snap-0000")])
    said = words(open_page(monkeypatch, home, "alerts", lang="en"))
    assert "against another snapshot (snap-0000); the next run checks this one" in said


def test_ended_alerts_alone_leave_nothing_open_and_all_shows_them(
    monkeypatch: pytest.MonkeyPatch, home: DataHome
) -> None:
    write(home, [opened("A-1"), recovered("A-1", NOW, date(2026, 9, 1)), evaluated()])
    app = open_page(monkeypatch, home, "alerts", lang="en")
    assert "Nothing is open" in words(app) and listed_alerts(app) == []
    app.button_group[-1].set_value("all").run()
    assert app.query_params["state"] == "all"
    assert listed_alerts(app) == ["A-1"] and "back inside its bounds" in words(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_inbox_lists_the_gravest_first_with_who_and_what_is_next(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome, lang: str
) -> None:
    app = open_page(monkeypatch, busy, "alerts", lang=lang)
    assert listed_alerts(app) == ["A-0000CRIT", "A-0000WARN", "A-0000INFO"]
    said, drawn = words(app), markup(app)
    for shape, severity in (("■", "critical"), ("▲", "warning"), ("▽", "info")):
        assert f"{shape} {t(f'alert.severity.{severity}', lang)}" in said
        assert shape in drawn
    counts = [("3", "open"), ("1", "critical"), ("2", "waiting"), ("1", "snoozed")]
    for number, name in counts:
        assert f"{number} {t(f'alert_count.{name}', lang)}" in said
    nav = t("alert_page.nav", lang, label=t("nav.alerts", lang), count=3)
    assert nav in links(app)


def test_german_lines_call_owners_and_roles_by_german_names(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome
) -> None:
    said = words(open_page(monkeypatch, busy, "alerts", lang="de"))
    assert "Verantwortlich: Partnermanagement · eskaliert an Head of partners" in said
    assert "Geschäftsleitung wird am 25.10.2026 informiert" in said
    found = open_page(monkeypatch, busy, "alerts", lang="de", search="partner-enablement")
    assert listed_alerts(found) == ["A-0000INFO"]
    (mine,) = (box for box in found.selectbox if str(box.key).startswith("alert_mine"))
    assert "Verantwortlich: Partnermanagement" in mine.options


def test_a_line_says_state_owner_escalation_and_headline(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome
) -> None:
    app = open_page(monkeypatch, busy, "alerts", lang="en")
    said = words(app)
    assert "98.10% on 20 Oct 2026, 1.40 percentage points below the bound (99.50%)" in said
    assert "Owner: Platform operations · Head of partners is told on 23 Oct 2026" in said
    assert "escalated to Head of partners · Management is told on 25 Oct 2026" in said
    assert "snoozed until 27 Oct 2026" in said and "since August 2026" in said
    assert "Partner win rate, Brackwater Consulting Ltd" in links(app)
    assert "Certificate, Köhler & Söhne Systemhaus GmbH, Basics" in links(app)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ({"severity": "critical"}, ["A-0000CRIT"]),
        ({"severity": "nonsense"}, ["A-0000CRIT", "A-0000WARN", "A-0000INFO"]),
        ({"mine": "manager:Jana Beispiel"}, ["A-0000WARN", "A-0000INFO"]),
        ({"mine": "owner:Partner enablement"}, ["A-0000INFO"]),
        ({"mine": "owner:Nobody"}, ["A-0000CRIT", "A-0000WARN", "A-0000INFO"]),
        ({"about": "P-003"}, ["A-0000WARN"]),
        ({"about": "integration_uptime"}, ["A-0000CRIT"]),
        ({"search": "BRACKWATER rate"}, ["A-0000WARN"]),
        ({"search": "a-0000crit"}, ["A-0000CRIT"]),
        ({"search": "nothing like it"}, []),
        ({"state": "all", "mine": "manager:Jana Beispiel"},
         ["A-0000WARN", "A-0000INFO", "A-000BEFOR"]),
        ({"page": "7"}, ["A-0000CRIT", "A-0000WARN", "A-0000INFO"]),
    ],
)  # fmt: skip
def test_the_filters_of_the_address_narrow_the_list(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome, address: dict[str, str], found: list[str]
) -> None:
    app = open_page(monkeypatch, busy, "alerts", lang="en", **address)
    assert listed_alerts(app) == found
    assert ("No alert fits these choices." in words(app)) == (not found)


def test_choosing_writes_the_address_and_clearing_takes_it_out(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome
) -> None:
    app = open_page(monkeypatch, busy, "alerts", lang="en", page="1", about="P-003")
    severity = app.selectbox[0]
    severity.select("warning").run()
    app.selectbox[1].select("manager:Jana Beispiel").run()
    app.text_input[0].input("win").run()
    params = app.query_params
    assert (params["severity"], params["mine"]) == ("warning", "manager:Jana Beispiel")
    assert params["search"] == "win" and "page" not in params
    assert listed_alerts(app) == ["A-0000WARN"]
    clear = next(b for b in app.button if b.key == "clear_filters")
    clear.click().run()
    assert set(app.query_params) == {"lang"} and len(listed_alerts(app)) == 3


def test_a_long_list_is_shown_in_pages_that_keep_the_filters(
    monkeypatch: pytest.MonkeyPatch, home: DataHome
) -> None:
    many = [
        opened(f"A-{i:04d}", subject=Subject("certificate", "partner", "P-001", f"C{i}"), facts={})
        for i in range(120)
    ]
    write(home, [*many, evaluated()])
    app = open_page(monkeypatch, home, "alerts", lang="en", severity="warning")
    assert len(listed_alerts(app)) == 50 and "1 to 50 of 120" in words(app)
    query = links(app)["Next 50"]
    assert "page=1" in query and "severity=warning" in query
    app = open_page(monkeypatch, home, "alerts", lang="en", page="2")
    assert listed_alerts(app) == [f"A-{i:04d}" for i in range(100, 120)]
    assert "Previous 50" in links(app) and "101 to 120 of 120" in words(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_log_that_cannot_be_read_is_a_sentence_and_other_pages_go_on(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome, lang: str
) -> None:
    busy.alert_log.write_text("no json\n", encoding="utf-8")
    said = words(open_page(monkeypatch, busy, "alerts", lang=lang))
    assert t("alert_page.unreadable", lang, path=busy.alert_log) in said
    app = open_page(monkeypatch, busy, "partner", lang=lang, partner="P-003")
    assert t("nav.alerts", lang) in links(app)


def test_what_is_new_in_the_log_is_on_the_page_at_once(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome
) -> None:
    app = open_page(monkeypatch, busy, "alerts", lang="en")
    write(busy, [Woke(at=NOW, episode_id="A-0000INFO")])
    app.run()
    assert "snoozed until" not in words(app) and "3 not yet acknowledged" in words(app)


def test_looking_writes_nothing(monkeypatch: pytest.MonkeyPatch, busy: DataHome) -> None:
    before = {path: path.stat().st_mtime_ns for path in busy.root.rglob("*")}
    for address in ({}, {"alert": "A-0000WARN"}, {"part": "quality"}):
        open_page(monkeypatch, busy, "alerts", lang="en", **address)
    assert {path: path.stat().st_mtime_ns for path in busy.root.rglob("*")} == before


def test_the_files_hold_every_alert_that_fits_not_only_those_of_one_page(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome
) -> None:
    handed: dict[str, Any] = {}

    def button(label: str, **options: Any) -> bool:
        handed[options["file_name"]] = options["data"]
        return False

    monkeypatch.setattr("dashboards.components.alert_list.ROWS_SHOWN", 2)
    monkeypatch.setattr("streamlit.download_button", button)
    open_page(monkeypatch, busy, "alerts", lang="en")
    rows = handed["alerts_as-of_2026-10-21.csv"]().decode("utf-8-sig").splitlines()
    assert rows[0].startswith("alert,rule,severity,state,")
    assert [row.split(",")[0] for row in rows[1:]] == ["A-0000CRIT", "A-0000WARN", "A-0000INFO"]
    workbook = zipfile.ZipFile(io.BytesIO(handed["alerts_as-of_2026-10-21.xlsx"]()))
    assert workbook.read("xl/worksheets/sheet1.xml").count(b"<row ") == 4
