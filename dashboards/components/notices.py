"""States in which there is nothing (or not everything) to show: a sentence and what to do.

Belongs here: no snapshot, no home, unreadable results, empty home, stale sources, unknown choice.
Does not belong here: states of a single KPI (tiles).
"""

from __future__ import annotations

import streamlit as st

from dashboards.components.reasons import Reason, listed
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


def before_numbers(found: Overview, lang: str) -> None:
    """What a reader must know before believing the numbers."""
    if not found.landed:
        notice(t("state.empty_home", lang))
    if found.stale:
        names = [f"{source}/{entity}" for source, entity in sorted(found.stale)]
        notice(t("state.stale", lang, sources=", ".join(names)))


def notice(sentence: str) -> None:
    html(f'<div class="pk-notice">{text(sentence)}</div>')


def nothing(sentence: str) -> None:
    """A part of the page that is empty, in a sentence."""
    html(f'<p class="pk-soft">{text(sentence)}</p>')


def because(sentence: str, why: Reason) -> None:
    """A part of the page that is empty, and why."""
    html(f'<div class="pk-soft">{text(sentence)} {listed(why)}</div>')


def _stop(heading: str, sentence: str, command: str) -> None:
    html(f"<h1>{text(heading)}</h1><p>{text(sentence)}</p>")
    st.code(command, language="bash")
