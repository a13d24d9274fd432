"""The portfolio: all partners and the pinned KPIs in one table, and value against health.

Belongs here: the order of the page and its filters. Does not belong here: drawing, reading, words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboards import data
from dashboards.components import families, frame, header, notices, partner_table, quadrant
from dashboards.state import FILTERS, Selection, chosen, go, in_language, set_widget
from partner_kpis import formats
from partner_kpis.serving import KpiDefinition
from partner_kpis.serving.compare import SEGMENTS
from partner_kpis.text import t, word
from partner_kpis.wording import member_name


def show() -> None:
    frame.show(_page)


def _page(visit: frame.Visit) -> None:
    found, lang = visit.found, visit.lang
    visit = replace(visit, selection=_existing(found, visit.selection))
    partners = data.partners(visit.path, visit.selection.only)
    said = t(
        "portfolio.count",
        lang,
        shown=formats.number(partners.height, lang),
        all=formats.number(found.partners.height, lang),
    )
    header.title(found, lang, t("nav.portfolio", lang), strong=said)
    notices.before_numbers(found, lang)
    if found.partners.is_empty():
        return notices.nothing(t("portfolio.no_partners", lang))
    _filters(found, visit.selection)
    kpis = _choose_kpis(visit)
    if partners.is_empty():
        return notices.nothing(t("portfolio.none_match", lang))
    partner_table.show(visit, partners, kpis)
    return quadrant.show(visit, partners)


def _options(found: data.Overview) -> dict[str, list[str]]:
    """Filter → what can be chosen; only what partners have now."""
    columns = {name: found.partners[name].fill_null("unknown") for name in SEGMENTS}
    return {name: sorted(column.unique()) for name, column in columns.items()} | {
        "manager": found.managers
    }


def _existing(found: data.Overview, selection: Selection) -> Selection:
    """The selection without filters that no partner of this snapshot fits."""
    options = _options(found)
    lost = {name: None for name in FILTERS if getattr(selection.only, name) not in options[name]}
    return replace(selection, only=replace(selection.only, **lost))


def _filters(found: data.Overview, selection: Selection) -> None:
    lang = selection.lang
    options = _options(found)
    with st.container(horizontal=True, key="filters", vertical_alignment="bottom"):
        for name in FILTERS:
            key = in_language(f"filter_{name}", lang)
            set_widget(key, getattr(selection.only, name) or "")
            st.selectbox(
                t(f"filter.{name}", lang),
                ["", *options[name]],
                format_func=_option_name(name, lang),
                key=key,
                on_change=chosen(key, name),
                width=210,
            )
        if any(getattr(selection.only, name) for name in FILTERS):
            st.button(
                t("filter.clear", lang),
                key="clear_filters",
                type="tertiary",
                on_click=go,
                kwargs=dict.fromkeys(FILTERS),
            )


def _choose_kpis(visit: frame.Visit) -> list[KpiDefinition]:
    """The KPIs of the table: the pinned ones, until others are chosen."""
    lang, selection = visit.lang, visit.selection
    per_partner = [kpi for kpi in visit.found.catalogue if "partner" in kpi.dimensions]
    options = {kpi.kpi_id: kpi for kpis in families.grouped(per_partner).values() for kpi in kpis}
    pinned = [kpi.kpi_id for kpi in visit.pinned() if kpi.kpi_id in options]
    shown = [kpi_id for kpi_id in selection.columns if kpi_id in options] or pinned
    key = in_language("choose_columns", lang)
    set_widget(key, shown)

    def follow() -> None:
        chosen_now = st.session_state[key]
        is_default = chosen_now in ([], pinned)
        go(columns=None if is_default else ",".join(chosen_now))

    st.multiselect(
        t("portfolio.columns", lang),
        list(options),
        format_func=lambda kpi_id: families.name_in_family(options[kpi_id], lang),
        key=key,
        on_change=follow,
        max_selections=max(_COLUMNS, len(shown)),
        select_all=False,
    )
    return [options[kpi_id] for kpi_id in shown]


_COLUMNS = 8
"""More side by side nobody reads; the partner's and the KPI's page hold them all."""


def _option_name(name: str, lang: str) -> Callable[[str], str]:
    def named(option: str) -> str:
        if not option:
            return t("filter.all", lang)
        if name == "manager":
            return option
        return word(name, option, lang) if name != "region" else member_name(name, option, {}, lang)

    return named
