"""Alerts: what left its bounds, one of them in full, and how good the alerting is.

Belongs here: the order of the page, and which of its three parts the address means.
Does not belong here: drawing, reading, deciding what may be done (partner_kpis.alerts).
"""

from __future__ import annotations

import shlex

import streamlit as st

from dashboards import alert_data, navigation
from dashboards.components import (
    alert_acts,
    alert_card,
    alert_filters,
    alert_list,
    alert_numbers,
    alert_story,
    frame,
    header,
    notices,
)
from dashboards.state import AlertChoices, hold_address
from partner_kpis.alerts import lifecycle
from partner_kpis.alerts.episodes import Book, Episode
from partner_kpis.alerts.words import Names
from partner_kpis.errors import UserError
from partner_kpis.text import t


def show() -> None:
    frame.show(_page)


def _page(visit: frame.Visit) -> None:
    hold_address()
    lang, choices = visit.lang, AlertChoices.from_address()
    names = alert_data.names(visit.path)
    try:
        book = alert_data.book(visit.home)
    except UserError:
        header.title(visit.found, lang, t("nav.alerts", lang))
        return notices.notice(t("alert_page.unreadable", lang, path=visit.home.alert_log))
    if choices.is_quality:
        return _quality(visit, choices, book, names)
    try:
        wanted = lifecycle.named(book, choices.alert) if choices.alert else None
    except UserError:
        return _inbox(visit, choices, book, names)
    if wanted:
        return _one(visit, choices, wanted, book, names)
    return _inbox(visit, choices, book, names)


def _inbox(visit: frame.Visit, choices: AlertChoices, book: Book, names: Names) -> None:
    lang, found = visit.lang, visit.found
    header.title(found, lang, t("nav.alerts", lang))
    if choices.alert:
        notices.notice(t("alert_page.unknown", lang, id=choices.alert))
    notices.before_numbers(found, lang)
    if book.evaluated is None and not book.episodes:
        alert_list.empty(t("alert_page.never", lang), t("alert_page.never_do", lang))
        st.code(f"partner-kpis run --home {shlex.quote(str(visit.home.root))}", language="bash")
        return None
    if book.open():
        alert_list.open_counts(book.open(), lang)
    alert_list.evaluated(visit, book)
    if not book.episodes:
        return alert_list.empty(
            t("alert_page.nothing_open", lang), t("alert_page.nothing_open_do", lang)
        )
    episodes = [*book.episodes.values()]
    choices = alert_filters.existing(choices, episodes, found.managers)
    alert_filters.show(visit, choices, episodes, names)
    shown = alert_filters.matching(episodes, choices, names, lang)
    if shown:
        alert_list.show(visit, choices, shown, names)
    elif book.open() or choices.is_all:
        notices.nothing(t("alert_page.none_match", lang))
    else:
        alert_list.empty(t("alert_page.nothing_open", lang), t("alert_page.nothing_open_do", lang))
    with st.container(key="links_quality"):
        return navigation.link(
            "alerts",
            t("alert_page.quality", lang),
            visit.selection,
            part="quality",
            **choices.parameters(page=choices.page),
        )


def _one(
    visit: frame.Visit, choices: AlertChoices, episode: Episode, book: Book, names: Names
) -> None:
    lang, subject = visit.lang, episode.subject
    header.title(visit.found, lang, names.thing(subject, lang), strong=names.member(subject, lang))
    _back(visit, choices)
    alert_card.status(episode, names, lang)
    alert_card.facts(episode, names, lang)
    alert_card.onward(visit, episode, names)
    alert_acts.show(visit, episode)
    alert_card.kpi(visit, episode, names)
    alert_story.show(episode, book, names, lang)
    alert_story.earlier(visit, episode, book)
    alert_card.runbook(visit, episode, names)
    alert_card.behind(visit, episode, names)


def _quality(visit: frame.Visit, choices: AlertChoices, book: Book, names: Names) -> None:
    header.title(visit.found, visit.lang, t("alert_page.quality", visit.lang))
    _back(visit, choices)
    alert_numbers.show(visit, book, names)


def _back(visit: frame.Visit, choices: AlertChoices) -> None:
    """To the list as it was narrowed before."""
    kept = choices.parameters(page=choices.page)
    with st.container(key="links_back"):
        navigation.link("alerts", t("alert_page.all", visit.lang), visit.selection, **kept)
