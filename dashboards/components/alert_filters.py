"""Which alerts are shown: the choices above the list, each kept in the address, and their order.

Belongs here: narrowing and sorting. Does not belong here: drawing a row (alert_list).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from dashboards import alert_data
from dashboards.components import alert_words
from dashboards.components.frame import Visit
from dashboards.state import AlertChoices, chosen, go, in_language, set_widget
from partner_kpis import theme
from partner_kpis.alerts import inbox, words
from partner_kpis.alerts.episodes import Episode
from partner_kpis.alerts.rules import SEVERITIES
from partner_kpis.alerts.words import Names
from partner_kpis.text import t, team

_ALL = ("state", "severity", "mine", "about", "search", "page")


def existing(
    choices: AlertChoices, episodes: Sequence[Episode], managers: Sequence[str]
) -> AlertChoices:
    """The choices without a person whom nothing here belongs to."""
    is_known = choices.mine in _people(episodes, managers)
    return choices if is_known else replace(choices, mine=None)


def matching(
    episodes: Sequence[Episode], choices: AlertChoices, names: Names, lang: str
) -> list[Episode]:
    """Those that fit: open ones first, the gravest and then the oldest; ended ones newest first."""
    fit = [e for e in episodes if _fits(e, choices, names)]
    wanted = choices.search.casefold().split()
    if wanted:
        fit = [e for e in fit if all(word in _searched(e, names, lang) for word in wanted)]
    is_open = inbox.ordered(e for e in fit if e.is_open)
    ended = [e for e in fit if not e.is_open] if choices.is_all else []
    ended.sort(key=lambda e: (e.resolved_at or e.opened_at, e.episode_id), reverse=True)
    return is_open + ended


def _fits(episode: Episode, choices: AlertChoices, names: Names) -> bool:
    subject = episode.subject
    if choices.severity and episode.severity != choices.severity:
        return False
    if choices.about and choices.about not in alert_data.about(
        subject.thing, subject.dimension, subject.member
    ):
        return False
    kind, _, who = (choices.mine or "").partition(":")
    if kind == "owner":
        return episode.owner == who
    if kind == "manager":
        return subject.dimension == "partner" and names.managers.get(subject.member) == who
    return True


def _searched(episode: Episode, names: Names, lang: str) -> str:
    subject = episode.subject
    return " ".join((
        alert_words.name(episode, names, lang), words.headline(episode, names, lang),
        episode.episode_id, episode.rule_id, subject.thing, subject.member, episode.owner,
        team(episode.owner, lang),
    )).casefold()  # fmt: skip


def _people(episodes: Sequence[Episode], managers: Sequence[str]) -> list[str]:
    owners = sorted({e.owner for e in episodes if e.owner})
    return [*(f"manager:{name}" for name in managers), *(f"owner:{name}" for name in owners)]


def show(visit: Visit, choices: AlertChoices, episodes: Sequence[Episode], names: Names) -> None:
    """The filters in one row that wraps."""
    lang = visit.lang
    with st.container(horizontal=True, key="filters", vertical_alignment="bottom"):
        _state(choices, lang)
        _severity(choices, lang)
        _mine(choices, _people(episodes, visit.found.managers), lang)
        _search(choices, lang)
        if choices.about:
            known = names.kpis.get(choices.about)
            said = known.label(lang) if known else names.partners.get(choices.about, choices.about)
            st.button(
                t("alert_filter.about", lang, name=said), key="alert_about", type="tertiary",
                icon=":material/close:", on_click=go, kwargs={"about": None, "page": None},
            )  # fmt: skip
        if any((choices.is_all, choices.severity, choices.mine, choices.search)):
            st.button(
                t("alert_filter.clear", lang), key="clear_filters", type="tertiary", on_click=go,
                kwargs=dict.fromkeys(_ALL),
            )  # fmt: skip


def _state(choices: AlertChoices, lang: str) -> None:
    key = in_language("alert_state", lang)
    set_widget(key, "all" if choices.is_all else "")
    st.segmented_control(
        t("alert_filter.state", lang), ["", "all"], key=key, required=True,
        format_func=lambda name: t(f"alert_filter.{name or 'open'}", lang),
        on_change=chosen(key, "state", drops=("page",)),
    )  # fmt: skip


def _severity(choices: AlertChoices, lang: str) -> None:
    def named(severity: str) -> str:
        if not severity:
            return t("alert_filter.any_severity", lang)
        return f"{theme.SEVERITIES[severity].shape} {t(f'alert.severity.{severity}', lang)}"

    key = in_language("alert_severity", lang)
    set_widget(key, choices.severity or "")
    st.selectbox(
        t("alert_filter.severity", lang), ["", *SEVERITIES], format_func=named, key=key,
        on_change=chosen(key, "severity", drops=("page",)), width=170,
    )  # fmt: skip


def _mine(choices: AlertChoices, people: Sequence[str], lang: str) -> None:
    def named(who: str) -> str:
        kind, _, name = who.partition(":")
        key = f"alert_filter.{kind}"
        name = team(name, lang) if kind == "owner" else name
        return t(key, lang, name=name) if kind else t("alert_filter.everybody", lang)

    key = in_language("alert_mine", lang)
    set_widget(key, choices.mine or "")
    st.selectbox(
        t("alert_filter.mine", lang), ["", *people], format_func=named, key=key,
        on_change=chosen(key, "mine", drops=("page",)), width=290,
    )  # fmt: skip


def _search(choices: AlertChoices, lang: str) -> None:
    key = in_language("alert_search", lang)
    set_widget(key, choices.search)
    st.text_input(
        t("alert_filter.search", lang), key=key, max_chars=100,
        placeholder=t("alert_filter.search_hint", lang),
        on_change=chosen(key, "search", drops=("page",)), width=290,
    )  # fmt: skip
