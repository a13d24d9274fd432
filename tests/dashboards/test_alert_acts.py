"""What people do with an alert on its page: acknowledge, put off, end.

Belongs here: what is saved, and what is said of it. Does not belong here: what is shown before.
"""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from partner_kpis.alerts.episodes import Episode
from partner_kpis.alerts.events import Acknowledged
from partner_kpis.alerts.log import AlertLog
from partner_kpis.home import DataHome
from partner_kpis.text import LANGUAGES, t
from tests.dashboards.alert_fixture import NOW, write
from tests.dashboards.pages import listed_alerts, markup, open_page, words


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
    assert len(listed_alerts(app)) == 3
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
