"""The scorecard: one page for the programme, a partner, a tier, a type or a region.

Belongs here: the order of the page. Does not belong here: drawing, reading, words.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from dashboards import data
from dashboards.components import evidence, header, history, notices, problems, tiles
from dashboards.components.style import html, text
from dashboards.components.words import Wording
from dashboards.state import Selection
from partner_kpis.home import DataHome
from partner_kpis.serving import KpiDefinition, NoSnapshotError, Snapshot
from partner_kpis.text import t


def show() -> None:
    """Find the snapshot once and build the page on that one file."""
    selection = Selection.from_address()
    home = data.home()
    if home is None:
        return notices.no_home(selection.lang)
    try:
        path = Snapshot.locate(home)
    except NoSnapshotError:
        return notices.no_snapshot(home, selection.lang)
    try:
        return _page(path, home, selection)
    except NoSnapshotError:
        return notices.unreadable(home, selection.lang)


def _page(path: Path, home: DataHome, selection: Selection) -> None:
    found = data.overview(path)
    selection, unknown = _existing(found, selection)
    currency = data.reporting_currency(found, home)
    left, right = st.columns([6, 1.35])
    with left:
        header.title(found, selection)
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        header.language(selection.lang)
    header.choices(found, selection)
    notices.above_tiles(found, unknown, selection.lang)
    newest = data.headline(path, selection.dimension, selection.member)
    tiles.families(found, newest, selection, currency)
    kpi = found.definition(selection.kpi_id)
    if kpi is None:
        html(f'<p class="pk-soft">{text(t("detail.choose", selection.lang))}</p>')
    else:
        _detail(path, kpi, found, selection, currency)
    st.divider()
    problems.show(data.problems(path), home, selection.lang)
    header.sources(found, selection)


def _existing(found: data.Overview, selection: Selection) -> tuple[Selection, str | None]:
    """The selection, or the programme when its member is not in this snapshot."""
    members = found.members[selection.dimension]["member"].to_list()
    if selection.member in members:
        return selection, None
    wanted = selection.member or t(f"dimension.{selection.dimension}", selection.lang)
    return replace(selection, dimension="programme", member="all"), wanted


def _detail(
    path: Path, kpi: KpiDefinition, found: data.Overview, selection: Selection, currency: str
) -> None:
    st.divider()
    history.head(kpi, selection.lang)
    kind = history.choose_period_type(kpi, selection)
    shown = history.periods(path, kpi, selection, kind)
    if shown.is_empty():
        html(f'<p class="pk-soft">{text(t("detail.no_periods", selection.lang))}</p>')
        return
    words = Wording.of(kpi, shown.iter_rows(named=True), selection.lang, currency)
    history.draw(kpi, shown, words, found)
    row = history.choose_period(shown, selection)
    evidence.show(path, row, words, selection, found.partner_names())
    history.scroll_here()
