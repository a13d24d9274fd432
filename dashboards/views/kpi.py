"""One KPI: what it means, its periods, its segments side by side, and the rows behind a number.

Belongs here: the order of the page, and which of the choices in the address exist.
Does not belong here: drawing, reading, words.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboards import data
from dashboards.components import (
    alert_line,
    benchmark,
    definition,
    evidence,
    families,
    frame,
    header,
    history,
    notices,
    tiles,
    waits,
)
from dashboards.state import Selection, chosen, in_language, set_widget
from partner_kpis.serving import KpiDefinition
from partner_kpis.text import t
from partner_kpis.wording import Wording, member_name


def show() -> None:
    frame.show(_page)


def _page(visit: frame.Visit) -> None:
    found, lang = visit.found, visit.lang
    if not found.catalogue:
        header.title(found, lang, t("nav.kpi", lang))
        return notices.nothing(t("state.no_kpis", lang))
    selection, unknown = _existing(found, visit.selection)
    asked = found.definition(selection.kpi_id)
    kpi = asked or visit.pinned()[0]
    name = member_name(selection.dimension, selection.member, found.partner_names(), lang)
    shown = name
    if selection.dimension != "programme":
        shown = f"{t(f'dimension.{selection.dimension}', lang)}: {name}"
    header.title(found, lang, kpi.label(lang), strong=shown)
    notices.before_numbers(found, lang)
    if unknown:
        notices.notice(t("state.unknown_member", lang, member=unknown))
    if selection.kpi_id and asked is None:
        notices.notice(t("state.unknown_kpi", lang, kpi=selection.kpi_id))
    _choices(found, kpi, selection)
    return _periods(replace(visit, selection=selection), kpi)


def _existing(found: data.Overview, selection: Selection) -> tuple[Selection, str | None]:
    """The selection, or the programme when its member is not in this snapshot."""
    members = found.members[selection.dimension]["member"].to_list()
    if selection.member in members:
        return selection, None
    wanted = selection.member or t(f"dimension.{selection.dimension}", selection.lang)
    return replace(selection, dimension="programme", member="all"), wanted


def _choices(found: data.Overview, kpi: KpiDefinition, selection: Selection) -> None:
    lang = selection.lang
    labels = {
        each.kpi_id: families.name_in_family(each, lang)
        for members in families.grouped(found.catalogue).values()
        for each in members
    }
    left, middle, right = st.columns([3, 2, 3])
    with left:
        key = in_language("choose_kpi", lang)
        set_widget(key, kpi.kpi_id)
        st.selectbox(
            t("choose.kpi", lang),
            list(labels),
            format_func=lambda kpi_id: labels[kpi_id],
            key=key,
            on_change=chosen(key, "kpi", drops=("period", "start")),
        )
    with middle:
        header.choose_dimension(found, selection)
    with right:
        header.choose_member(found, selection)


def _periods(visit: frame.Visit, kpi: KpiDefinition) -> None:
    selection, found, lang = visit.selection, visit.found, visit.lang
    left, right = st.columns([5, 3], vertical_alignment="bottom")
    with left:
        kind = history.choose_period_type(kpi, selection)
    shown = history.periods(visit.path, kpi, selection, kind)
    definition.show(kpi, visit)
    alert_line.show(visit, kpi.kpi_id)
    if shown.is_empty():
        why = tiles.why_absent(kpi, found, selection.dimension, lang, ways=None)
        return notices.because(t("detail.no_periods", lang), why)
    with right:
        row = history.choose_period(shown, selection)
    words = Wording.of(kpi, shown.iter_rows(named=True), lang, visit.currency)
    history.draw(visit, kpi, shown, row, words)
    waits.show(visit, kpi)
    benchmark.show(visit, row, words)
    return evidence.show(visit.path, row, words, selection, found.partner_names())
