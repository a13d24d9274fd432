"""The top of the page: what is shown, as of when, how fresh, from which snapshot; the choices.

Belongs here: title, choices, the line of facts. Does not belong here: KPIs.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import streamlit as st

from dashboards.components import tables
from dashboards.components.style import chip, html, text
from dashboards.components.words import member_name
from dashboards.data import Overview
from dashboards.state import Selection, chosen, set_widget
from partner_kpis import formats, theme
from partner_kpis.serving import DIMENSIONS
from partner_kpis.text import LANGUAGES, t, word

_OWN_NAMES = {"en": "English", "de": "Deutsch"}


def choices(found: Overview, selection: Selection) -> None:
    """The switches of the page; each writes the address."""
    lang = selection.lang
    left, middle, _ = st.columns([2, 4, 2], vertical_alignment="bottom")
    with left:
        set_widget("choose_dimension", selection.dimension)
        st.selectbox(
            t("choose.dimension", lang),
            DIMENSIONS,
            format_func=lambda name: t(f"dimension.{name}", lang),
            key="choose_dimension",
            on_change=_follow_dimension(found),
        )
    with middle:
        if selection.dimension != "programme":
            names = found.partner_names()
            members = found.members[selection.dimension]["member"].to_list()
            key = f"choose_member_{selection.dimension}"
            if members:
                set_widget(key, selection.member)
            st.selectbox(
                t(f"dimension.{selection.dimension}", lang),
                members,
                format_func=lambda name: member_name(selection.dimension, name, names, lang),
                key=key,
                on_change=chosen(key, "member"),
            )


def _follow_dimension(found: Overview) -> Callable[[], None]:
    def follow() -> None:
        dimension = st.session_state["choose_dimension"]
        st.query_params["dimension"] = dimension
        members = found.members[dimension]["member"].to_list()
        if dimension == "programme" or not members:
            st.query_params.pop("member", None)
        else:
            st.query_params["member"] = members[0]

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


def title(found: Overview, selection: Selection) -> None:
    """The heading with the name of what is shown, and the line of facts below it."""
    lang = selection.lang
    name = member_name(selection.dimension, selection.member, found.partner_names(), lang)
    shown = f"{t(f'dimension.{selection.dimension}', lang)}: {name}"
    if selection.dimension == "programme":
        shown = name
    html(
        f"<h1>{text(t('page.title', lang))}</h1>"
        f'<div class="pk-meta"><strong style="color:{theme.INK}">{text(shown)}</strong>'
        f"{_partner_facts(found, selection)}"
        f"<span>{text(t('page.as_of', lang, day=formats.day(found.as_of, lang)))}</span>"
        f"<span>{text(_data_until(found, lang))}</span>"
        f"{_freshness_chips(found, lang)}"
        f'<span class="pk-small">{text(t("page.snapshot", lang, id=found.info["snapshot_id"]))}'
        f"</span></div>"
    )


def _partner_facts(found: Overview, selection: Selection) -> str:
    if selection.dimension != "partner":
        return ""
    rows = found.partners.filter(pl.col("partner_id") == selection.member).to_dicts()
    if not rows:
        return ""
    partner, lang = rows[0], selection.lang
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
    return f"<span>{text(' · '.join(facts))}</span>"


def _data_until(found: Overview, lang: str) -> str:
    newest = found.freshness["data_until"].drop_nulls().max()
    if newest is None:
        return t("page.no_data", lang)
    return t("page.data_until", lang, day=formats.day(newest, lang))  # type: ignore[arg-type]


def _freshness_chips(found: Overview, lang: str) -> str:
    counts = dict(found.freshness.group_by("status").len().iter_rows())
    return "".join(
        chip(look, f"{counts[status]} {t(f'freshness.{status}', lang)}")
        for status, look in theme.FRESHNESS.items()
        if counts.get(status)
    )


def sources(found: Overview, selection: Selection) -> None:
    """The table behind the chips, folded away."""
    lang = selection.lang
    with st.expander(t("page.sources", lang)):
        frame = found.freshness.select(
            pl.concat_str("source", pl.lit("/"), "entity").alias(t("column.source", lang)),
            pl.col("status")
            .map_elements(
                lambda s: (
                    f"{theme.FRESHNESS[s].shape} {t(f'freshness.{s}', lang)}"
                    if s in theme.FRESHNESS
                    else s
                ),
                return_dtype=pl.String,
            )
            .alias(t("column.status", lang)),
            pl.col("data_until").alias(t("column.data_until", lang)),
            pl.col("last_loaded_at").alias(t("column.loaded", lang)),
            pl.col("rows").alias(t("column.rows", lang)),
        )
        tables.show(frame, lang, key="sources", file_name="sources.csv")
