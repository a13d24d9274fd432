"""The page of alerts: inbox, one alert, acting on it, and the numbers about the alerting."""

from __future__ import annotations

import io
import shutil
import zipfile
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import alert_data
from partner_kpis.alerts.episodes import Episode
from partner_kpis.alerts.events import Acknowledged, Woke
from partner_kpis.alerts.log import AlertLog
from partner_kpis.alerts.readings import Subject
from partner_kpis.home import DataHome
from partner_kpis.text import LANGUAGES, t
from tests.dashboards.alert_fixture import (
    NOW,
    evaluated,
    message,
    one_of_each,
    opened,
    recovered,
    write,
)
from tests.dashboards.pages import links, markup, open_page, words


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_data, "now", lambda: NOW)


@pytest.fixture
def home(tmp_path: Path, served_home: DataHome) -> DataHome:
    """A home of its own with the snapshot of all, and no alert yet."""
    home = DataHome.at(tmp_path / "home")
    shutil.copytree(served_home.root, home.root, symlinks=True)
    return home


@pytest.fixture
def busy(home: DataHome) -> DataHome:
    write(home, one_of_each())
    return home


def _listed(app: AppTest) -> list[str]:
    """The ids of the alerts on show, in their order."""
    queries = [element.proto.query_string for element in app.get("page_link")]
    return [q.split("alert=")[1].split("&")[0] for q in queries if "alert=" in q]


def _episode(home: DataHome, name: str) -> Episode:
    return AlertLog(home).book().episodes[name]


def _act(app: AppTest, act: str, by: str = "", why: str = "") -> AppTest:
    name, reason = app.text_input
    if by:
        name.input(by)
    if why:
        reason.input(why)
    (button,) = (b for b in app.button if b.key == f"act_{act}")
    button.click().run()
    assert not app.exception
    return app


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
    assert "Nothing is open" in words(app) and _listed(app) == []
    app.button_group[-1].set_value("all").run()
    assert app.query_params["state"] == "all"
    assert _listed(app) == ["A-1"] and "back inside its bounds" in words(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_inbox_lists_the_gravest_first_with_who_and_what_is_next(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome, lang: str
) -> None:
    app = open_page(monkeypatch, busy, "alerts", lang=lang)
    assert _listed(app) == ["A-0000CRIT", "A-0000WARN", "A-0000INFO"]
    said, drawn = words(app), markup(app)
    for shape, severity in (("■", "critical"), ("▲", "warning"), ("▽", "info")):
        assert f"{shape} {t(f'alert.severity.{severity}', lang)}" in said
        assert shape in drawn
    counts = [("3", "open"), ("1", "critical"), ("2", "waiting"), ("1", "snoozed")]
    for number, name in counts:
        assert f"{number} {t(f'alert_count.{name}', lang)}" in said
    nav = t("alert_page.nav", lang, label=t("nav.alerts", lang), count=3)
    assert nav in links(app)


def test_a_line_says_state_owner_escalation_and_headline(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome
) -> None:
    app = open_page(monkeypatch, busy, "alerts", lang="en")
    said = words(app)
    assert "98.10% on 20 Oct 2026, 1.40 points below the bound (99.50%)" in said
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
    assert _listed(app) == found
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
    assert _listed(app) == ["A-0000WARN"]
    clear = next(b for b in app.button if b.key == "clear_filters")
    clear.click().run()
    assert set(app.query_params) == {"lang"} and len(_listed(app)) == 3


def test_a_long_list_is_shown_in_pages_that_keep_the_filters(
    monkeypatch: pytest.MonkeyPatch, home: DataHome
) -> None:
    many = [
        opened(f"A-{i:04d}", subject=Subject("certificate", "partner", "P-001", f"C{i}"), facts={})
        for i in range(120)
    ]
    write(home, [*many, evaluated()])
    app = open_page(monkeypatch, home, "alerts", lang="en", severity="warning")
    assert len(_listed(app)) == 50 and "1 to 50 of 120" in words(app)
    query = links(app)["Next 50"]
    assert "page=1" in query and "severity=warning" in query
    app = open_page(monkeypatch, home, "alerts", lang="en", page="2")
    assert _listed(app) == [f"A-{i:04d}" for i in range(100, 120)]
    assert "Previous 50" in links(app) and "101 to 120 of 120" in words(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_alert_shows_numbers_story_and_the_time_before(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome, lang: str
) -> None:
    app = open_page(monkeypatch, busy, "alerts", lang=lang, alert="A-0000WARN")
    said = words(app)
    for key in ("alert_fact.value", "alert_fact.low", "alert_fact.distance", "alert_fact.sample"):
        assert t(key, lang) in said
    escalated = t("alert.event.escalated", lang, to="Head of partners")
    assert escalated[:1].upper() + escalated[1:] in said
    told = t("alert_story.sent", lang, channel="ops")
    assert told[:1].upper() + told[1:] in said
    assert (
        t("alert_story.waiting", lang, channel="ops", error=t("alert_error.timed_out", lang))
        in said
    )
    assert t("alert_earlier.helped", lang, why="new contact") in said
    assert t("alert_page.to_kpi", lang) in links(app)
    query = links(app)[t("alert_page.to_kpi", lang)]
    for part in ("kpi=partner_win_rate", "member=P-003", "period=month", "start=2026-09-01"):
        assert part in query
    assert len(app.get("vega_lite_chart")) == 1 and len(app.dataframe) == 2
    assert t("kpi.runbook", lang) in [expander.label for expander in app.expander]


def test_the_chart_holds_the_bound_and_its_words(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome
) -> None:
    app = open_page(monkeypatch, busy, "alerts", lang="en", alert="A-0000WARN")
    spec = app.get("vega_lite_chart")[0].proto.spec
    assert '"datum": 40.0' in spec and "at least 40%" in spec


def test_an_alert_about_no_kpi_has_neither_chart_nor_numbers(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome
) -> None:
    app = open_page(monkeypatch, busy, "alerts", lang="en", alert="A-0000INFO")
    said = words(app)
    assert "Opened: 1 certificate expires on 20 Nov 2026" in said
    assert "Snoozed by Ole until 27 Oct 2026" in said
    assert not app.get("vega_lite_chart") and not app.dataframe and not app.expander
    partner = "Köhler & Söhne Systemhaus GmbH: the partner's page"
    assert "partner=P-001" in links(app)[partner]
    source = Subject("source", "source", "prm/referral", "referrals.csv")
    write(busy, [opened("A-0000FILE", "data_held", source, facts={})])
    app = open_page(monkeypatch, busy, "alerts", lang="en", alert="A-0000FILE")
    assert "Files, rows and what to do on the page of the data" in links(app)


def test_the_beginning_of_an_id_opens_it_and_an_unknown_one_shows_the_list(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome
) -> None:
    assert "Platform operations" in words(
        open_page(monkeypatch, busy, "alerts", lang="en", alert="a-0000cr")
    )
    app = open_page(monkeypatch, busy, "alerts", lang="en", alert="<b>A-9</b>")
    assert "There is no alert “<b>A-9</b>”." in words(app) and len(_listed(app)) == 3
    assert "&lt;b&gt;A-9" in markup(app) and "<b>A-9" not in markup(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_acknowledging_saves_who_when_and_why_and_stops_the_ladder(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome, lang: str
) -> None:
    app = open_page(monkeypatch, busy, "alerts", lang=lang, alert="A-0000WARN")
    _act(app, "acknowledge", "Jana", "<i>calling</i> them")
    saved = _episode(busy, "A-0000WARN")
    assert (saved.state, saved.acknowledged_by, saved.acknowledged_at) == (
        "acknowledged", "Jana", NOW,
    )  # fmt: skip
    said = words(app)
    assert t("alert_act.done_acknowledge", lang) in said
    assert ": <i>calling</i> them" in said
    assert "<i>calling" not in markup(app)
    assert "Management" not in said and "act_acknowledge" not in [b.key for b in app.button]
    assert app.text_input[0].value == "Jana" and app.text_input[1].value == ""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_snoozing_until_a_day_and_resolving_with_a_reason(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome, lang: str
) -> None:
    app = open_page(monkeypatch, busy, "alerts", lang=lang, alert="A-0000WARN")
    app.selectbox[0].select(14)
    _act(app, "snooze", "Jana")
    until = _episode(busy, "A-0000WARN").snoozed_until
    assert until is not None and until.date() == date(2026, 11, 5)
    assert t("alert.state.snoozed", lang) in words(app)
    _act(app, "resolve", why="changed the contact")
    saved = _episode(busy, "A-0000WARN")
    assert (saved.state, saved.ending) == ("resolved", "person")
    said = words(app)
    assert t("alert_act.done_resolve", lang) in said and "changed the contact" in said
    assert not app.button and not app.text_input


@pytest.mark.parametrize(
    ("act", "by", "why", "key"),
    [
        ("acknowledge", "", "", "no_name"),
        ("snooze", "", "x", "no_name"),
        ("resolve", "Jana", "", "no_why"),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_name_or_a_reason_nothing_is_saved(
    monkeypatch: pytest.MonkeyPatch,
    busy: DataHome,
    act: str,
    by: str,
    why: str,
    key: str,
    lang: str,
) -> None:
    before = busy.alert_log.read_bytes()
    app = open_page(monkeypatch, busy, "alerts", lang=lang, alert="A-0000WARN")
    _act(app, act, by, why)
    assert t(f"alert_act.{key}", lang) in words(app)
    assert busy.alert_log.read_bytes() == before
    assert app.text_input[1].value == why  # what was written is not lost
    app.run()
    assert t(f"alert_act.{key}", lang) not in words(app)


def test_a_name_stays_for_the_session(monkeypatch: pytest.MonkeyPatch, busy: DataHome) -> None:
    app = open_page(monkeypatch, busy, "alerts", lang="en", alert="A-0000WARN")
    _act(app, "acknowledge", "Jana")
    del app.query_params["alert"]
    app.run()
    assert len(_listed(app)) == 3
    app.query_params["alert"] = "A-0000CRIT"
    app.run()
    assert app.text_input[0].value == "Jana"
    _act(app, "acknowledge")
    assert _episode(busy, "A-0000CRIT").acknowledged_by == "Jana"


def test_who_comes_second_is_told_and_sees_how_it_stands(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome
) -> None:
    app = open_page(monkeypatch, busy, "alerts", lang="en", alert="A-0000WARN")
    write(busy, [Acknowledged(at=NOW, episode_id="A-0000WARN", by="Ole")])
    _act(app, "acknowledge", "Jana")
    said = words(app)
    assert "Somebody was faster" in said and "acknowledged by Ole" in said
    assert _episode(busy, "A-0000WARN").acknowledged_by == "Ole"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_home_that_cannot_be_written_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome, lang: str
) -> None:
    app = open_page(monkeypatch, busy, "alerts", lang=lang, alert="A-0000WARN")
    lock = busy.alert_log.with_suffix(".lock")
    lock.unlink()
    lock.mkdir()  # rights do not hold back whoever is root; this does
    _act(app, "acknowledge", "Jana")
    expected = t("alert_act.read_only", lang, home=busy.root, why="Is a directory")
    assert expected in words(app)
    assert _episode(busy, "A-0000WARN").state == "open"


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


def test_partner_and_kpi_pages_lead_to_their_open_alerts(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome
) -> None:
    app = open_page(monkeypatch, busy, "partner", lang="en", partner="P-003")
    assert "about=P-003" in links(app)["1 open alert"]
    app = open_page(monkeypatch, busy, "kpi", lang="en", kpi="integration_uptime")
    assert "about=integration_uptime" in links(app)["1 open alert"]
    app = open_page(monkeypatch, busy, "partner", lang="en", partner="P-005")
    assert not any("open alert" in label for label in links(app))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_quality_of_alerting_has_totals_and_a_line_for_each_rule(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome, lang: str
) -> None:
    app = open_page(monkeypatch, busy, "alerts", lang=lang, part="quality")
    shown: Any = app.dataframe[0].value
    assert shown.iloc[:, 0].to_list() == ["win_rate", "certificate_expires", "uptime"]
    first = shown.iloc[0].to_list()
    about = f"{'Partner win rate' if lang == 'en' else 'Abschlussquote mit Partnern'} (Partner)"
    assert first[1:5] == [about, 2, 1, 24.0]
    assert first[5:] == [30.0, 0.0, 50.0, 1]
    assert f"4 {t('alert_quality.total.episodes', lang)}" in words(app)
    offered = [element.proto.label for element in app.get("download_button")]
    assert offered == [t("download.csv", lang), t("download.xlsx", lang)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_any_alert_there_is_no_quality_to_measure(
    monkeypatch: pytest.MonkeyPatch, home: DataHome, lang: str
) -> None:
    app = open_page(monkeypatch, home, "alerts", lang=lang, part="quality")
    assert t("alert_quality.none", lang) in words(app) and not app.dataframe


def test_a_kpi_or_partner_that_the_snapshot_lost_is_still_listed_and_opens(
    monkeypatch: pytest.MonkeyPatch, home: DataHome
) -> None:
    gone = Subject("old_kpi", "partner", "P-900")
    write(
        home,
        [
            opened("A-1", subject=gone),
            opened("A-2", subject=Subject("partner_win_rate", "partner", "P-900")),
        ],
    )
    app = open_page(monkeypatch, home, "alerts", lang="en")
    assert "old kpi, P-900" in links(app)
    for name in ("A-1", "A-2"):
        app = open_page(monkeypatch, home, "alerts", lang="en", alert=name)
        assert "P-900" in words(app) and "Opened: " not in words(app).replace("Opened: 31%", "")
    assert "holds no values of it any more" in words(app)


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


def test_what_people_and_rules_wrote_is_never_markup(
    monkeypatch: pytest.MonkeyPatch, home: DataHome
) -> None:
    bad = "<img src=x onerror=alert(1)>"
    item = Subject("certificate", "partner", "P-008", bad)
    write(home, [
        opened("A-1", subject=item, owner=bad, ladder=((1, bad),), facts={}),
        opened("A-2", bad, ladder=((1, bad),), owner=bad),
        Acknowledged(at=NOW, episode_id="A-1", by=bad, why=bad),
        *message("M-1", NOW, "A-2", error=bad),
    ])  # fmt: skip
    for address in ({}, {"alert": "A-1"}, {"alert": "A-2"}, {"part": "quality"}, {"search": bad}):
        app = open_page(monkeypatch, home, "alerts", lang="en", **address)
        assert bad not in markup(app)
        assert ("part" in address) or bad in unescape(markup(app))
