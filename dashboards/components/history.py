"""One KPI over its periods: chart and table.

Belongs here: choosing periods, and what is shown of them. Does not belong here: what the KPI means
(definition.py), drawing the chart (chart.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from dashboards import data
from dashboards.components import chart, files, tables
from dashboards.components.frame import Visit
from dashboards.components.reasons import listed, reason, reason_text
from dashboards.components.style import html, text
from dashboards.state import Selection, chosen, in_language, set_widget
from partner_kpis import formats, theme
from partner_kpis.serving import KpiDefinition, from_rhythm_up
from partner_kpis.text import t, word
from partner_kpis.wording import Wording, in_period, period_name

_SHOWN = {"day": 60, "week": 53, "month": 24, "quarter": 12, "year": 10}
"""How many periods one looks at; the command line and the snapshot hold them all."""


def choose_period_type(kpi: KpiDefinition, selection: Selection) -> str:
    """The switch from the KPI's rhythm upwards; answers what is chosen."""
    allowed = from_rhythm_up(kpi.rhythm)
    kind = selection.period_type if selection.period_type in allowed else kpi.rhythm
    key = in_language("choose_period_type", selection.lang)
    set_widget(key, kind)
    st.segmented_control(
        t("choose.period_type", selection.lang),
        allowed,
        format_func=lambda name: t(f"period_type.{name}", selection.lang),
        key=key,
        on_change=chosen(key, "period", drops=("start",)),
    )
    return kind


def periods(path: Path, kpi: KpiDefinition, selection: Selection, kind: str) -> pl.DataFrame:
    """The periods on show, oldest first, with a column period_type."""
    found = data.values(path, kpi.kpi_id, selection.dimension, selection.member, kind)
    return found.tail(_SHOWN[kind]).with_columns(pl.lit(kind).alias("period_type"))


def headline_of(shown: pl.DataFrame) -> dict[str, Any]:
    """The last complete period, else the running one."""
    rows = shown.to_dicts()
    complete = [row for row in rows if row["is_complete"]]
    return (complete or rows)[-1]


def draw(
    visit: Visit, kpi: KpiDefinition, shown: pl.DataFrame, row: dict[str, Any], words: Wording
) -> None:
    """Chart, legend in words, table of the periods; the title speaks of the chosen one, `row`."""
    lang, found = words.lang, visit.found

    def explain(row: dict[str, Any]) -> str:
        return reason_text(kpi, row["reason"], found.landed, found.stale, lang)

    below = ""
    if row["value"] is None:
        why = reason(kpi, row["reason"], found.landed, found.stale, lang, ways=None)
        below = f'<div class="pk-reason">{listed(why)}</div>'
    html(f'<h3 class="pk-section">{text(chart_title(row, words))}</h3>{below}')
    st.vega_lite_chart(spec=chart.history(shown, words, explain), theme=None, width="stretch")
    hint = t("detail.legend", lang)
    if shown["value"].null_count():
        hint = f"{hint} · {t('detail.missing_points', lang)}"
    html(f'<div class="pk-small">{text(hint)}</div>')
    html(f"<h3>{text(t('detail.values', lang))}</h3>")
    frame, decimals = _table(shown, words, visit.selection.dimension, explain)
    parts = files.kpi_name(words, visit.selection, row["period_type"])
    file_name = files.name(*parts, as_of=found.as_of)
    tables.show(
        frame,
        lang,
        key="values",
        file_name=f"{file_name}.csv",
        decimals=decimals,
        height=min(38 + 35 * frame.height, 318),
        saved=lambda: files.kpi_periods(shown, words, visit.selection, found),
    )


def chart_title(row: dict[str, Any], words: Wording) -> str:
    """The finding of the chart: "58% in September 2026: on target"."""
    if row["value"] is None:
        name = period_name(row, words.lang)
        return t("detail.chart_title_unknown", words.lang, period=name)
    status = word("finding", row["status"] or "unknown", words.lang)
    value = words.with_unit(row["value"])
    return t(
        "detail.chart_title",
        words.lang,
        value=value,
        period=in_period(row, words.lang),
        finding=status,
    )


def _table(
    shown: pl.DataFrame, words: Wording, dimension: str, explain: Any
) -> tuple[pl.DataFrame, dict[str, int]]:
    """The periods newest first, as people read them, and the decimals of each number column."""
    lang, scale = words.lang, 100 if words.kpi.unit == "percent" else 1
    unit = words.unit_in_header
    rows = shown.reverse().to_dicts()

    def header(key: str) -> str:
        return f"{t(key, lang)} ({unit})" if unit else t(key, lang)

    numbers = {
        header("column.value"): "value",
        header("column.previous"): "previous_value",
        header("column.year_ago"): "year_ago_value",
        header("column.target"): "target",
        header("column.corridor_low"): "corridor_low",
        header("column.corridor_high"): "corridor_high",
    }
    columns: dict[str, list[Any]] = {t("column.period", lang): [period_name(r, lang) for r in rows]}
    for name, source in numbers.items():
        columns[name] = [None if r[source] is None else float(r[source]) * scale for r in rows]
        if source == "previous_value" and any(words.is_running(r) for r in rows):
            columns[t("column.compared_with", lang)] = [words.compared_with(r) for r in rows]
    columns[t(words.sample_key("column.n", dimension), lang)] = [r["sample_size"] for r in rows]
    columns[t("column.status", lang)] = [_status(r["status"], lang) for r in rows]
    columns[t("column.trend", lang)] = [
        word("trend", r["trend"], lang) if r["trend"] else "" for r in rows
    ]
    if any(r["value"] is None for r in rows):
        columns[t("column.reason", lang)] = [explain(r) if r["value"] is None else "" for r in rows]
    frame = pl.DataFrame(columns, schema_overrides=dict.fromkeys(numbers, pl.Float64), strict=False)
    empty = [name for name in numbers if frame[name].null_count() == frame.height]
    return frame.drop(empty[1:] if header("column.value") in empty else empty), dict.fromkeys(
        numbers, words.decimals
    )


def _status(status: str | None, lang: str) -> str:
    return f"{theme.status_look(status).shape} {word('status', status or 'unknown', lang)}"


def choose_period(shown: pl.DataFrame, selection: Selection) -> dict[str, Any]:
    """Which period's evidence to show: the one in the address, else the headline."""
    rows = {row["period_start"].isoformat(): row for row in shown.reverse().to_dicts()}
    default = headline_of(shown)["period_start"].isoformat()
    wanted = selection.period_start.isoformat() if selection.period_start else default
    start = wanted if wanted in rows else default
    key = in_language("choose_period", selection.lang)
    set_widget(key, start)
    st.selectbox(
        t("choose.period", selection.lang),
        list(rows),
        format_func=lambda name: formats.period(
            rows[name]["period_type"], rows[name]["period_start"], selection.lang
        ),
        key=key,
        on_change=chosen(key, "start"),
    )
    return rows[start]
