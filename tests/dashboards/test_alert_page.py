"""One alert on its page, the numbers about the alerting, and the ways that lead there.

Belongs here: what the page shows of an alert. Does not belong here: the list (test_alert_inbox.py),
acting (test_alert_acts.py).
"""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest

from partner_kpis.alerts.events import Acknowledged
from partner_kpis.alerts.readings import Subject
from partner_kpis.home import DataHome
from partner_kpis.text import LANGUAGES, t
from tests.dashboards.alert_fixture import NOW, message, opened, write
from tests.dashboards.pages import links, listed_alerts, markup, open_page, words


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
    assert "There is no alert “<b>A-9</b>”." in words(app) and len(listed_alerts(app)) == 3
    assert "&lt;b&gt;A-9" in markup(app) and "<b>A-9" not in markup(app)


def test_partner_and_kpi_pages_lead_to_their_open_alerts(
    monkeypatch: pytest.MonkeyPatch, busy: DataHome
) -> None:
    app = open_page(monkeypatch, busy, "partner", lang="en", partner="P-003")
    assert "about=P-003" in links(app)["1 open alert"]
    app = open_page(monkeypatch, busy, "kpi", lang="en", kpi="integration_uptime")
    assert "about=integration_uptime" in links(app)["1 open alert"]
    app = open_page(monkeypatch, busy, "partner", lang="en", partner="P-005")
    assert not any("open alert" in label for label in links(app))


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
