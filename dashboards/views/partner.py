"""One partner: who it is, its health, the pinned KPIs, and every KPI in its family.

Belongs here: the order of the page, and which partner the address means.
Does not belong here: drawing, reading, words.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboards import data
from dashboards.components import alert_line, frame, header, health, kpi_table, notices, tiles
from dashboards.state import chosen, in_language, set_widget
from partner_kpis.text import t


def show() -> None:
    frame.show(_page)


def _page(visit: frame.Visit) -> None:
    found, lang, wanted = visit.found, visit.lang, visit.selection.partner
    names = found.partner_names()
    if not names:
        header.title(found, lang, t("nav.partner", lang))
        notices.before_numbers(found, lang)
        return notices.nothing(t("portfolio.no_partners", lang))
    partner_id = wanted if wanted in names else next(iter(names))
    partner = _row(found, partner_id)
    header.title(
        found, lang, partner["name"], header.partner_facts(partner, lang), strong=partner_id
    )
    if wanted and wanted != partner_id:
        notices.notice(t("state.unknown_partner", lang, partner=wanted, shown=names[partner_id]))
    notices.before_numbers(found, lang)
    _choose(names, partner_id, lang)
    alert_line.show(visit, partner_id)
    periods = tiles.by_kpi(data.headline(visit.path, "partner", partner_id))
    health.show(visit, periods, partner_id)
    tiles.show(visit, visit.pinned()[:_TILES], periods, "partner", partner_id)
    title = t("kpi_table.title", lang)
    return kpi_table.show(visit, periods, "partner", partner_id, title=title)


_TILES = 4
"""One row: a partner's page leads to the table below, the programme's page is the one of tiles."""


def _row(found: data.Overview, partner_id: str) -> dict[str, Any]:
    return found.partners.row(by_predicate=pl.col("partner_id") == partner_id, named=True)


def _choose(names: dict[str, str], partner_id: str, lang: str) -> None:
    key = in_language("choose_partner", lang)
    set_widget(key, partner_id)
    st.selectbox(
        t("dimension.partner", lang),
        list(names),
        format_func=lambda each: names[each],
        key=key,
        on_change=chosen(key, "partner"),
        width=420,
    )
