"""The frame of every page: navigation, language, and the states in which there is no page.

Belongs here: finding home and snapshot once a rerun, so that a page shows one run as a whole.
Does not belong here: what any one page shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from dashboards import alert_data, data, navigation
from dashboards.components import header, notices
from dashboards.state import Selection
from partner_kpis.home import DataHome
from partner_kpis.serving import KpiDefinition, NoSnapshotError, Snapshot


@dataclass(frozen=True)
class Visit:
    """What a page stands on: one snapshot, its overview, and the choices of the visitor."""

    path: Path
    home: DataHome
    found: data.Overview
    selection: Selection
    currency: str

    @property
    def lang(self) -> str:
        return self.selection.lang

    def pinned(self) -> list[KpiDefinition]:
        return data.pinned(self.found)


def show(body: Callable[[Visit], None]) -> None:
    """Draw the frame and, when there is something to read, the page in it."""
    selection = Selection.from_address()
    home = data.home()
    if home is None:
        return notices.no_home(selection.lang)
    try:
        path = Snapshot.locate(home)
    except NoSnapshotError:
        return notices.no_snapshot(home, selection.lang)
    try:
        found = data.overview(path)
    except NoSnapshotError:
        return notices.unreadable(home, selection.lang)
    with st.container(horizontal=True, key="nav", vertical_alignment="center"):
        navigation.bar(selection, alert_data.open_count(home))
        header.language(selection.lang)
    currency = data.reporting_currency(found)
    return body(Visit(path, home, found, selection, currency))
