"""States in which there is nothing (or not everything) to show: a sentence and what to do.

Belongs here: no snapshot, no home, unreadable results, empty home, stale sources, unknown choice.
Does not belong here: states of a single KPI (tiles).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboards.components.style import html, text
from dashboards.data import Overview
from partner_kpis.home import DataHome
from partner_kpis.text import t


def no_home(lang: str) -> None:
    _stop(
        t("state.no_home", lang), t("state.no_home_do", lang), "partner-kpis dashboard --home DIR"
    )


def no_snapshot(home: DataHome, lang: str) -> None:
    explained = t("state.no_snapshot_do", lang, folder=f"{home.landing}/")
    _stop(t("state.no_snapshot", lang), explained, f"partner-kpis run --home {home.root}")


def unreadable(home: DataHome, lang: str) -> None:
    command = f"partner-kpis run --home {home.root}"
    _stop(t("state.unreadable", lang), t("state.unreadable_do", lang), command)


def above_tiles(found: Overview, unknown_member: str | None, lang: str) -> None:
    """What a reader must know before believing the tiles."""
    if unknown_member:
        _notice(t("state.unknown_member", lang, member=unknown_member))
    if not found.landed:
        _notice(t("state.empty_home", lang))
    stale = found.freshness.filter(pl.col("status") == "stale")
    if stale.height:
        names = [f"{source}/{entity}" for source, entity in stale.select("source", "entity").rows()]
        _notice(t("state.stale", lang, sources=", ".join(names)))


def _notice(sentence: str) -> None:
    html(f'<div class="pk-notice">{text(sentence)}</div>')


def _stop(heading: str, sentence: str, command: str) -> None:
    html(f"<h1>{text(heading)}</h1><p>{text(sentence)}</p>")
    st.code(command, language="bash")
