"""How long things really take, those that still wait counted in: curves and a table by cohort.

Belongs here: the rows of time_to_event in words, numbers and lines. Does not belong here:
estimating them (dbt does), or the KPI's periods (history.py).
"""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboards import data
from dashboards.components import files, notices, tables, waits_chart
from dashboards.components.frame import Visit
from dashboards.components.style import html, text
from partner_kpis import formats
from partner_kpis.serving import KpiDefinition
from partner_kpis.serving.progress import ALL
from partner_kpis.text import t

_MARKS = (30, 60, 90)


def show(visit: Visit, kpi: KpiDefinition) -> None:
    """Nothing for a KPI of which nothing waits."""
    lang, selection = visit.lang, visit.selection
    rows = data.waits(visit.path, kpi.kpi_id, selection.dimension, selection.member)
    if rows.is_empty():
        return
    html(f'<h2 class="pk-section">{text(t("waits.title", lang))}</h2>')
    notices.nothing(t("waits.why", lang))
    curves = {cohort_name(str(c), lang): part for (c,), part in _by_cohort(rows)}
    st.vega_lite_chart(spec=waits_chart.curves(curves, lang), theme=None, width="stretch")
    frame = _table(curves, lang)
    shares = dict.fromkeys((_by_day(day, lang) for day in _MARKS), 0)
    parts = (kpi.kpi_id, selection.member) if selection.member != "all" else (kpi.kpi_id,)
    tables.show(
        frame,
        lang,
        key="waits",
        file_name=f"{files.name('waits', *parts, as_of=visit.found.as_of)}.csv",
        decimals={t("waits.median", lang): 1, **shares},
    )
    if any(frame[name].null_count() for name in frame.columns):
        html(f'<div class="pk-small">{text(t("waits.empty", lang))}</div>')


def cohort_name(cohort: str, lang: str) -> str:
    """ "2026Q3" as the language writes quarters."""
    if cohort == ALL:
        return t("waits.all", lang)
    year, _, quarter = cohort.partition("Q")
    return t("waits.cohort", lang, year=year, quarter=quarter)


def _by_cohort(rows: pl.DataFrame) -> list[tuple[tuple[Any, ...], pl.DataFrame]]:
    return list(rows.partition_by("cohort", as_dict=True, maintain_order=True).items())


def _by_day(day: int, lang: str) -> str:
    return t("waits.by_day", lang, day=formats.number(day, lang))


def _table(curves: dict[str, pl.DataFrame], lang: str) -> pl.DataFrame:
    """One line a cohort: how many began, the median, the share by each mark, how many wait."""
    lines = []
    for name, curve in curves.items():
        shares = dict(curve.select("day", "finished_share").iter_rows())
        last = curve.row(-1, named=True)
        lines.append({
            t("waits.begun", lang): name,
            t("waits.started", lang): last["started"],
            t("waits.median", lang): last["median_days"],
            **{_by_day(day, lang): _percent(shares.get(day)) for day in _MARKS},
            t("waits.waiting", lang): last["started"] - last["finished"],
        })  # fmt: skip
    numbers = (t("waits.median", lang), *(_by_day(day, lang) for day in _MARKS))
    return pl.DataFrame(lines, schema_overrides=dict.fromkeys(numbers, pl.Float64))


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100
