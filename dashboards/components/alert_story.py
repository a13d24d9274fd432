"""What happened to an alert, in words, and what happened the times before.

Belongs here: its events as a list, its messages, and its earlier episodes. Does not belong here:
how it stands now (alert_card).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

import streamlit as st

from dashboards import navigation
from dashboards.components import alert_words
from dashboards.components.frame import Visit
from dashboards.components.style import html, text
from partner_kpis import formats
from partner_kpis.alerts import inbox, words
from partner_kpis.alerts.delivery import error_in_words
from partner_kpis.alerts.episodes import Book, Episode
from partner_kpis.alerts.events import Measured, Queued
from partner_kpis.alerts.words import Names
from partner_kpis.text import t

_EARLIER_SHOWN = 5

Told = tuple[datetime, str]


def show(episode: Episode, book: Book, names: Names, lang: str) -> None:
    """Everything that happened, oldest first, and what is still to be sent."""
    told = [*_events(episode, names, lang), *_messages(episode, book, lang)]
    told.sort(key=lambda one: one[0])
    lines = "".join(
        f'<li><span class="pk-small">{text(formats.moment(at, lang))}</span>'
        f"<span>{text(_sentence(said))}</span></li>"
        for at, said in told
    )
    waits = "".join(
        f'<div class="pk-small">{text(said)}</div>' for said in _unsent(episode, book, lang)
    )
    html(
        f'<h3 class="pk-section">{text(t("alert_story.title", lang))}</h3>'
        f'<ol class="pk-story">{lines}</ol>{waits}'
    )


def _events(episode: Episode, names: Names, lang: str) -> Iterator[Told]:
    """Measurements one after the other are one line, with the last of them."""
    for is_measured, several in groupby(episode.history, lambda e: isinstance(e, Measured)):
        group = list(several)
        if is_measured and len(group) > 1:
            said = inbox.happened(group[-1], episode, names, lang)
            count = formats.number(len(group), lang)
            yield group[-1].at, t("alert_story.measured", lang, count=count, said=said)
        else:
            yield from ((event.at, inbox.happened(event, episode, names, lang)) for event in group)


def _sentence(said: str) -> str:
    """With a capital; of a KPI that the snapshot lost there is nothing to say after the colon."""
    return (said[:1].upper() + said[1:]).removesuffix(": ")


def _messages(episode: Episode, book: Book, lang: str) -> Iterator[Told]:
    for message in book.messages.values():
        if message.sent_at and _is_about(message.queued, episode):
            channel = message.queued.channel
            yield message.sent_at, t("alert_story.sent", lang, channel=channel)


def _unsent(episode: Episode, book: Book, lang: str) -> Iterator[str]:
    for message in book.waiting():
        if _is_about(message.queued, episode):
            channel = message.queued.channel
            error = error_in_words(message.error).lang(lang) if message.error else ""
            key = "alert_story.waiting" if error else "alert_story.waiting_new"
            yield t(key, lang, channel=channel, error=error)


def _is_about(queued: Queued, episode: Episode) -> bool:
    return any(name == episode.episode_id for name, _ in queued.tells)


def earlier(visit: Visit, episode: Episode, book: Book) -> None:
    """The episodes before it, the newest first, each with what people wrote."""
    lang, before = visit.lang, book.earlier(episode)
    if not before:
        return
    html(f'<h3 class="pk-section">{text(t("alert_earlier.title", lang))}</h3>')
    with st.container(key="kpis_earlier"):
        for each in before[:_EARLIER_SHOWN]:
            _earlier(visit, each)
    if len(before) > _EARLIER_SHOWN:
        more = t(
            "alert_earlier.more", lang, count=formats.number(len(before) - _EARLIER_SHOWN, lang)
        )
        html(f'<p class="pk-small">{text(more)}</p>')


def _earlier(visit: Visit, each: Episode) -> None:
    lang, name = visit.lang, each.episode_id
    with st.container(horizontal=True, key=f"line_{name}", vertical_alignment="center"):
        with st.container(key=f"name_{name}", width=250):
            since = alert_words.since(each, lang)
            navigation.link("alerts", since[:1].upper() + since[1:], visit.selection, alert=name)
        helped = "".join(f'<div class="pk-small">{text(why)}</div>' for why in _whys(each, lang))
        html(f'<div class="pk-alert-before"><div>{text(_ended(each, lang))}</div>{helped}</div>')


def _ended(each: Episode, lang: str) -> str:
    end = each.resolved_at
    if end is None:
        return alert_words.state(each, lang)
    days = max((end - each.opened_at).days, 0)
    lasted = (
        t("alert_earlier.day", lang)
        if days == 1
        else t("alert_earlier.days", lang, count=formats.number(days, lang))
    )
    ending = words.ending(each, lang)
    ending = ending[:1].upper() + ending[1:]
    return t("alert_earlier.line", lang, since=ending, end=formats.day(end, lang), days=lasted)


def _whys(each: Episode, lang: str) -> Sequence[str]:
    written = [why for event in each.history if (why := getattr(event, "why", ""))]
    return [t("alert_earlier.helped", lang, why=why) for why in written]
