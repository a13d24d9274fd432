"""The inbox: counts, when it was checked, and a line for each alert.

Belongs here: setting out the list. Does not belong here: which alerts are meant (alert_filters).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from dashboards import navigation
from dashboards.components import alert_words, files, tables
from dashboards.components.frame import Visit
from dashboards.components.style import html, text
from dashboards.state import AlertChoices
from partner_kpis import formats
from partner_kpis.alerts import inbox, words
from partner_kpis.alerts.episodes import Book, Episode
from partner_kpis.alerts.words import Names
from partner_kpis.text import t

ROWS_SHOWN = 50
"""Alerts on one page of the list: more nobody reads at once, and each line costs the browser."""


def counts(numbers: Sequence[tuple[str, str]]) -> None:
    """Numbers with their words, side by side."""
    parts = "".join(
        f"<div><strong>{text(number)}</strong> <span>{text(said)}</span></div>"
        for number, said in numbers
    )
    html(f'<div class="pk-counts">{parts}</div>')


def open_counts(is_open: Sequence[Episode], lang: str) -> None:
    """How many are open at all, whatever the filters leave."""
    found = {
        "open": len(is_open),
        "critical": sum(e.severity == "critical" for e in is_open),
        "waiting": sum(e.state == "open" for e in is_open),
        "snoozed": sum(e.state == "snoozed" for e in is_open),
    }
    counts([(formats.number(n, lang), t(f"alert_count.{name}", lang)) for name, n in found.items()])


def evaluated(visit: Visit, book: Book) -> None:
    """When the rules were last held against results, and whether against these."""
    last, lang = book.evaluated, visit.lang
    if last is None:
        return
    is_this = last.snapshot_id == visit.found.info["snapshot_id"]
    said = t(
        "alert_page.evaluated" if is_this else "alert_page.other_snapshot", lang,
        moment=formats.moment(last.at, lang), day=formats.day(last.as_of, lang),
        snapshot=last.snapshot_id,
    )  # fmt: skip
    html(f'<div class="pk-small">{text(said)}</div>')


def empty(heading: str, sentence: str) -> None:
    """A list without an alert, and why."""
    html(f'<div class="pk-empty"><h2>{text(heading)}</h2><p>{text(sentence)}</p></div>')


def show(visit: Visit, choices: AlertChoices, episodes: Sequence[Episode], names: Names) -> None:
    """One page of the alerts, in the order given, and all of them as files."""
    last_page = (len(episodes) - 1) // ROWS_SHOWN
    page = min(choices.page, last_page)
    first = page * ROWS_SHOWN
    rows = episodes[first : first + ROWS_SHOWN]
    with st.container(key="kpis_alerts"):
        for episode in rows:
            _line(visit, episode, names, choices.parameters(page=page))
    if last_page:
        _pages(visit, choices, page, len(episodes))
    tables.downloads(
        lambda: _saved(episodes, names),
        visit.lang,
        key="alerts",
        file_name=files.name("alerts", as_of=visit.found.as_of),
        sheet=t("nav.alerts", visit.lang),
    )


def _saved(episodes: Sequence[Episode], names: Names) -> pl.DataFrame:
    """As inbox.table; a spreadsheet knows no zones, so its times are UTC without saying so."""
    times = pl.selectors.datetime(time_zone="*")
    return inbox.table(episodes, names).with_columns(times.dt.replace_time_zone(None))


def _line(visit: Visit, episode: Episode, names: Names, kept: Mapping[str, str | None]) -> None:
    """`kept`: the filters, which an alert's page keeps for the way back."""
    name = episode.episode_id
    with st.container(horizontal=True, key=f"line_{name}", vertical_alignment="center"):
        with st.container(key=f"name_{name}", width=290):
            said = alert_words.name(episode, names, visit.lang)
            navigation.link("alerts", said, visit.selection, alert=name, **kept)
        html(_markup(episode, names, visit.lang))


def _markup(episode: Episode, names: Names, lang: str) -> str:
    name = alert_words.owner(episode, lang)
    owner = t("alert_page.owner", lang, name=name) if episode.owner else ""
    below = " · ".join(filter(None, (owner, alert_words.following(episode, lang))))
    return (
        f'<div class="pk-alert"><div>{alert_words.mark(episode, lang)}</div>'
        f"<div>{text(words.headline(episode, names, lang))}"
        f'<div class="pk-small">{text(below)}</div></div>'
        f'<div class="pk-state">{text(alert_words.state(episode, lang))}'
        f'<div class="pk-small">{text(alert_words.since(episode, lang))}</div></div></div>'
    )


def _pages(visit: Visit, choices: AlertChoices, page: int, count: int) -> None:
    """Which part of the list this is, and the way to the parts before and after it."""
    lang, first = visit.lang, page * ROWS_SHOWN
    last = min(first + ROWS_SHOWN, count)
    said = t(
        "alert_page.shown", lang, first=formats.number(first + 1, lang),
        last=formats.number(last, lang), count=formats.number(count, lang),
    )  # fmt: skip
    with st.container(horizontal=True, key="links_pages", vertical_alignment="center"):
        html(f'<span class="pk-soft">{text(said)}</span>')
        if page:
            label = t("alert_page.earlier_rows", lang, count=ROWS_SHOWN)
            navigation.link("alerts", label, visit.selection, **choices.parameters(page=page - 1))
        if last < count:
            label = t("alert_page.later_rows", lang, count=min(ROWS_SHOWN, count - last))
            navigation.link("alerts", label, visit.selection, **choices.parameters(page=page + 1))
