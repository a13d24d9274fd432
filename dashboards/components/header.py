"""The top of a page: what is shown, as of when, how fresh, from which snapshot; the choices.

Belongs here: title, line of facts, language, dimension and member. Does not belong here: KPIs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboards import data
from dashboards.components.style import chip, html, text
from dashboards.data import Overview
from dashboards.state import Selection, chosen, go, in_language, set_widget
from partner_kpis import formats, theme
from partner_kpis.serving import DIMENSIONS
from partner_kpis.text import LANGUAGES, t, word
from partner_kpis.wording import member_name

_OWN_NAMES = {"en": "English", "de": "Deutsch"}
_RECENT_DAYS = 7
"""So old a snapshot may be before its age is worth a word: exports come weekly at least."""


def choose_dimension(found: Overview, selection: Selection) -> None:
    """Dimension and member of the KPI page; each writes the address."""
    lang = selection.lang
    key = in_language("choose_dimension", lang)
    set_widget(key, selection.dimension)
    st.selectbox(
        t("choose.dimension", lang),
        DIMENSIONS,
        format_func=lambda name: t(f"dimension.{name}", lang),
        key=key,
        on_change=_follow_dimension(key, found),
    )


def choose_member(found: Overview, selection: Selection) -> None:
    lang, dimension = selection.lang, selection.dimension
    names = found.partner_names()
    members = found.members[dimension]["member"].to_list()
    key = in_language(f"choose_member_{dimension}", lang)
    if members:
        set_widget(key, selection.member)
    st.selectbox(
        t(f"dimension.{dimension}", lang) if dimension != "programme" else t("kpi.member", lang),
        members,
        format_func=lambda name: member_name(dimension, name, names, lang),
        key=key,
        on_change=chosen(key, "member"),
        disabled=dimension == "programme",
    )


def _follow_dimension(key: str, found: Overview) -> Callable[[], None]:
    def follow() -> None:
        dimension = st.session_state[key]
        members = found.members[dimension]["member"].to_list()
        if dimension == "programme" or not members:
            return go(dimension=None if dimension == "programme" else dimension, member=None)
        kept = st.query_params.get("partner")
        return go(
            dimension=dimension,
            member=kept if dimension == "partner" and kept in members else members[0],
        )

    return follow


def language(lang: str) -> None:
    set_widget("choose_lang", lang)
    st.segmented_control(
        t("page.language", lang),
        LANGUAGES,
        format_func=lambda name: _OWN_NAMES[name],
        key="choose_lang",
        on_change=chosen("choose_lang", "lang"),
        label_visibility="collapsed",
    )


def title(found: Overview, lang: str, heading: str, *facts: str, strong: str = "") -> None:
    """The heading, and below it the line of facts: `strong`, `facts`, and what holds everywhere."""
    said = f'<strong style="color:{theme.INK}">{text(strong)}</strong>' if strong else ""
    said += "".join(f"<span>{text(fact)}</span>" for fact in facts if fact)
    html(
        f"<h1>{text(heading)}</h1>"
        f'<div class="pk-meta">{said}'
        f"{_as_of(found, lang)}"
        f"<span>{text(_data_until(found, lang))}</span>"
        f"{freshness_chips(found, lang)}"
        f'<span class="pk-small">{text(t("page.snapshot", lang, id=found.info["snapshot_id"]))}'
        f"</span></div>"
    )


def _as_of(found: Overview, lang: str) -> str:
    """The day that the numbers speak of; one that is long past says so, with sign and word."""
    day, age = formats.day(found.as_of, lang), (data.today() - found.as_of).days
    if age <= _RECENT_DAYS:
        return f"<span>{text(t('page.as_of', lang, day=day))}</span>"
    days, judged = formats.number(age, lang), t("status.watch", lang)
    said = t("page.as_of_old", lang, word=judged, day=day, days=days)
    return chip(theme.status_look("watch"), said)


def partner_facts(partner: Mapping[str, Any], lang: str) -> str:
    """Tier, type, region, manager and contract of a partner (a row of table partners)."""
    facts = [
        t("partner.tier", lang, name=member_name("tier", partner["tier"] or "unknown", {}, lang)),
        word("partner_type", partner["partner_type"] or "unknown", lang),
        partner["region"] or t("region.unknown", lang),
    ]
    if partner["partner_manager"]:
        facts.append(t("partner.manager", lang, name=partner["partner_manager"]))
    end = partner["contract_end"]
    facts.append(
        t("partner.contract_until", lang, day=formats.day(end, lang))
        if end
        else t("partner.contract_open", lang)
    )
    return " · ".join(facts)


def _data_until(found: Overview, lang: str) -> str:
    newest = found.freshness["data_until"].drop_nulls().max()
    if newest is None:
        return t("page.no_data", lang)
    return t("page.data_until", lang, day=formats.day(newest, lang))  # type: ignore[arg-type]


def freshness_chips(found: Overview, lang: str) -> str:
    counts = dict(found.freshness.group_by("status").len().iter_rows())
    return "".join(
        chip(look, f"{counts[status]} {t(f'freshness.{status}', lang)}")
        for status, look in theme.FRESHNESS.items()
        if counts.get(status)
    )


def freshness_word(status: str, lang: str) -> str:
    """Shape and word of a source's state, for tables."""
    if status not in theme.FRESHNESS:
        return status
    return f"{theme.FRESHNESS[status].shape} {t(f'freshness.{status}', lang)}"
