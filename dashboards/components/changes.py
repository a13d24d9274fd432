"""What changed since the period before, in sentences: the largest moves first.

Belongs here: choosing and ordering moves, and saying them. Does not belong here: whole histories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from dashboards import data, navigation
from dashboards.components import notices
from dashboards.components.frame import Visit
from dashboards.components.style import html, text
from dashboards.components.tiles import Periods, headline_row
from partner_kpis import formats, theme
from partner_kpis.serving import KpiDefinition, previous_start
from partner_kpis.serving.compare import PartnerFilter
from partner_kpis.text import t, word
from partner_kpis.wording import Wording, period_name

_PARTNERS_SHOWN = 6
_JUDGED = ("on_target", "watch", "breach")
"""From good to bad; a step between two of these is a change of status worth a sentence."""


@dataclass(frozen=True)
class Move:
    """One KPI of one member between two complete periods that follow each other."""

    kpi: KpiDefinition
    row: dict[str, Any]
    before: float
    status_before: str | None

    @property
    def size(self) -> float:
        """The move against the value before; from nothing to something is a whole one."""
        difference = abs(float(self.row["value"]) - self.before)
        return difference / abs(self.before) if self.before else float(difference > 0)

    @property
    def is_step(self) -> bool:
        """Whether the status changed between two judgements."""
        now = self.row["status"]
        return now in _JUDGED and self.status_before in _JUDGED and now != self.status_before

    @property
    def worsening(self) -> int:
        return _JUDGED.index(self.row["status"]) - _JUDGED.index(self.status_before or "")


def of_programme(visit: Visit, kpis: Sequence[KpiDefinition], periods: Periods) -> None:
    """The moves of the programme's KPIs, each with the way to the KPI."""
    lang = visit.lang
    html(f'<h2 class="pk-section">{text(t("changes.title", lang))}</h2>')
    found = [move for kpi in kpis if (move := _newest_move(kpi, periods.get(kpi.kpi_id, [])))]
    moves = sorted((m for m in found if m.size), key=lambda m: -m.size)
    if not found:
        return notices.nothing(t("changes.none", lang))
    with st.container(key="links_changes"):
        for move in moves:
            words = Wording.of(move.kpi, periods[move.kpi.kpi_id], lang, visit.currency)
            navigation.link("kpi", sentence(move, words), visit.selection, kpi=move.kpi.kpi_id)
    same = [move.kpi.label(lang) for move in found if not move.size]
    if same:
        notices.nothing(t("changes.unchanged", lang, kpis=", ".join(same)))
    return None


def _newest_move(kpi: KpiDefinition, rows: list[dict[str, Any]]) -> Move | None:
    row = headline_row(rows)
    if row is None or not row["is_complete"] or row["value"] is None:
        return None
    if row["previous_value"] is None:
        return None
    before = previous_start(row["period_type"], row["period_start"])
    status = next((r["status"] for r in rows if r["period_start"] == before), None)
    return Move(kpi, row, float(row["previous_value"]), status)


def sentence(move: Move, words: Wording) -> str:
    """ "Win rate fell from 58% in September to 41% in October 2026: ▲ watch → ■ breach"."""
    row, lang = move.row, words.lang
    key = "changes.rose" if float(row["value"]) > move.before else "changes.fell"
    said = t(
        key,
        lang,
        kpi=move.kpi.label(lang),
        before=words.with_unit(move.before),
        value=words.with_unit(row["value"]),
        period=period_name(row, lang),
        earlier=words.previous_period(row),
    )
    judged = status_words(row["status"], lang)
    if move.is_step:
        judged = f"{status_words(move.status_before, lang)} → {judged}"
    return t("changes.judged", lang, sentence=said, status=judged)


def status_words(status: str | None, lang: str) -> str:
    known = status or "unknown"
    return f"{theme.status_look(known).shape} {word('status', known, lang)}"


def partner_rows(path: Path, kpis: Sequence[KpiDefinition]) -> pl.DataFrame:
    """All partners in those of the KPIs that are measured for partners."""
    per_partner = tuple(kpi.kpi_id for kpi in kpis if "partner" in kpi.dimensions)
    return data.across_partners(path, per_partner, PartnerFilter())


def of_partners(visit: Visit, kpis: Sequence[KpiDefinition]) -> None:
    """Partners whose status changed in a pinned KPI: the worst steps first."""
    lang = visit.lang
    rows = partner_rows(visit.path, kpis)
    definitions = {kpi.kpi_id: kpi for kpi in kpis}
    changed = rows.filter(
        pl.col("status").is_in(_JUDGED)
        & pl.col("previous_status").is_in(_JUDGED)
        & (pl.col("status") != pl.col("previous_status"))
        & pl.col("previous_value").is_not_null()
    )
    moves = (
        Move(definitions[r["kpi_id"]], r, float(r["previous_value"]), r["previous_status"])
        for r in changed.iter_rows(named=True)
    )
    steps = sorted(moves, key=lambda move: (-move.worsening, -move.size))
    html(f'<h3 class="pk-section">{text(t("changes.partners", lang))}</h3>')
    if not steps:
        return notices.nothing(t("changes.partners_none", lang))
    names = visit.found.partner_names()
    with st.container(key="links_partners"):
        for move in steps[:_PARTNERS_SHOWN]:
            member = move.row["partner_id"]
            words = Wording.of(move.kpi, [move.row], lang, visit.currency)
            said = f"{names.get(member, member)}: {sentence(move, words)}"
            choices = navigation.kpi_choices("partner", member, move.kpi.kpi_id)
            navigation.link("kpi", said, visit.selection, **choices)
    if len(steps) > _PARTNERS_SHOWN:
        count = formats.number(len(steps) - _PARTNERS_SHOWN, lang)
        notices.nothing(t("problems.more", lang, count=count))
    return None
