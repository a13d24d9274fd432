"""The chart of one KPI over its periods.

Belongs here: the Altair drawing (conventions: look.md, "Charts"). Does not belong here: choosing
periods, or the words around the chart.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import altair as alt
import polars as pl

from dashboards.components.words import Wording
from partner_kpis import formats, theme
from partner_kpis.text import t, word

_TICKS = 8
_FONT = "Segoe UI, Helvetica Neue, Arial, Liberation Sans, sans-serif"


def history(
    periods: pl.DataFrame, words: Wording, explain: Callable[[dict[str, Any]], str]
) -> alt.LayerChart:
    """Values over periods (columns of Snapshot.values plus period_type), oldest first.

    The corridor lies behind the line, the running period is dashed, low-n points are hollow, and a
    period without a value is a gap with a mark on the axis; `explain` says why.
    """
    rows = [_point(row, words, explain) for row in periods.iter_rows(named=True)]
    _name_segments(rows)
    data = alt.Data(values=rows)
    shown = [row["period"] for row in rows]
    x = alt.X(
        "period:O",
        sort=shown,
        title=None,
        scale=alt.Scale(domain=shown, paddingInner=0, paddingOuter=0),
        axis=alt.Axis(
            values=_spread(shown),
            labelExpr=_labels(rows),
            labelAngle=0,
            grid=False,
            ticks=False,
            labelPadding=8,
            labelOverlap=True,
        ),
    )
    y = alt.Y(
        "value:Q",
        title=_axis_title(words),
        scale=alt.Scale(zero=False, nice=True),
        axis=alt.Axis(
            labelExpr=number_expression(words.kpi.unit == "money", words.lang),
            tickCount=5,
            domain=False,
            ticks=False,
        ),
    )
    layers = [
        *_target_layers(data, rows, x, _axis_title(words)),
        *_line_layers(data, x, y),
        *_missing_layer(data, rows, x),
        *_end_label(data, rows, x, y),
    ]
    return in_our_look(alt.layer(*layers).properties(height=280, width="container"))


def in_our_look(drawn: alt.LayerChart) -> alt.LayerChart:
    """The fonts and colours of the theme."""
    return (
        drawn.configure(font=_FONT, background=theme.GROUND)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=theme.INK_SOFT,
            titleColor=theme.INK_SOFT,
            gridColor="#ECECEC",
            domainColor=theme.LINE,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
        )
    )


def _point(
    row: dict[str, Any], words: Wording, explain: Callable[[dict[str, Any]], str]
) -> dict[str, Any]:
    lang, scale = words.lang, 100 if words.kpi.unit == "percent" else 1
    status = row["status"] or "unknown"
    target = row["target"]
    low = target if row["corridor_low"] is None else row["corridor_low"]
    high = target if row["corridor_high"] is None else row["corridor_high"]

    def scaled(value: float | None) -> float | None:
        return None if value is None else float(value) * scale

    return {
        "period": row["period_start"].isoformat(),
        "axis": formats.period_short(row["period_type"], row["period_start"], lang),
        "name": formats.period(row["period_type"], row["period_start"], lang),
        "value": scaled(row["value"]),
        "target": scaled(target),
        "low": scaled(low),
        "high": scaled(high),
        "is_running": not row["is_complete"],
        "is_low_n": status == "low_n",
        "shown": words.with_unit(row["value"]) if row["value"] is not None else explain(row),
        "judged": f"{theme.status_look(status).shape} {word('status', status, lang)}",
        "n": str(row["sample_size"] or 0),
    }


def _name_segments(rows: list[dict[str, Any]]) -> None:
    """Number the stretches between gaps, so that no line crosses one."""
    segment = 0
    for row in rows:
        segment += row["value"] is None
        row["segment"] = segment


def _target_layers(
    data: alt.Data, rows: list[dict[str, Any]], x: alt.X, title: str
) -> list[alt.Chart]:
    if all(row["target"] is None for row in rows):
        return []
    base = alt.Chart(data).transform_filter("isValid(datum.target)")
    width = alt.RelativeBandSize(1)
    band = base.mark_bar(color=theme.BAND, stroke=theme.BAND, width=width).encode(
        x=x, y=alt.Y("low:Q", title=title), y2="high:Q"
    )
    tick = base.mark_tick(
        color=theme.INK, thickness=1.5, width=alt.RelativeBandSize(0.8) if len(rows) < 30 else width
    ).encode(x=x, y=alt.Y("target:Q", title=title))
    return [band, tick]


def _line_layers(data: alt.Data, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("shown:N", title="="),
        alt.Tooltip("judged:N", title=" "),
        alt.Tooltip("n:N", title="n"),
    ]
    base = alt.Chart(data).transform_filter("isValid(datum.value)")
    whole = base.transform_filter("!datum.is_running")
    line = whole.mark_line(color=theme.ACCENT, strokeWidth=2).encode(x=x, y=y, detail="segment:N")
    # The dashed piece leads from the last complete period to the running one.
    dashed = (
        base.transform_window(next_running="lead(is_running)", sort=[{"field": "period"}])
        .transform_filter("datum.is_running || datum.next_running")
        .mark_line(color=theme.ACCENT, strokeWidth=2, strokeDash=[4, 4])
        .encode(x=x, y=y, detail="segment:N")
    )
    filled = (
        whole.transform_filter("!datum.is_low_n")
        .mark_point(filled=True, color=theme.ACCENT, size=46, opacity=1)
        .encode(x=x, y=y, tooltip=tooltip)
    )
    hollow = (
        base.transform_filter("datum.is_low_n || datum.is_running")
        .mark_point(fill=theme.GROUND, stroke=theme.ACCENT, size=52, strokeWidth=1.6, opacity=1)
        .encode(x=x, y=y, tooltip=tooltip)
    )
    return [line, dashed, filled, hollow]


def _missing_layer(data: alt.Data, rows: list[dict[str, Any]], x: alt.X) -> list[alt.Chart]:
    if all(row["value"] is not None for row in rows):
        return []
    mark = (
        alt.Chart(data)
        .transform_filter("!isValid(datum.value)")
        .mark_text(text="◇", color=theme.INK_SOFT, fontSize=13, baseline="bottom")
        .encode(
            x=x,
            y=alt.value("height"),
            tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("shown:N", title=" ")],
        )
    )
    return [mark]


def _end_label(data: alt.Data, rows: list[dict[str, Any]], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    known = [row for row in rows if row["value"] is not None]
    if not known:
        return []
    last = known[-1]["period"]
    # On the side of the point that the line does not come from.
    falls = len(known) > 1 and known[-1]["value"] < known[-2]["value"]
    label = (
        alt.Chart(data)
        .transform_filter(f"datum.period === {json.dumps(last)}")
        .mark_text(
            align="right", dy=16 if falls else -14, color=theme.INK, fontSize=12, fontWeight=600
        )
        .encode(x=x, y=y, text="shown:N")
    )
    return [label]


def _spread(periods: list[str]) -> list[str]:
    """About eight periods to label, the newest among them."""
    step = max(1, -(-len(periods) // _TICKS))
    return periods[::-1][::step][::-1]


def _labels(rows: list[dict[str, Any]]) -> str:
    return f"({json.dumps({row['period']: row['axis'] for row in rows})})[datum.value]"


def number_expression(is_money: bool, lang: str) -> str:
    """Axis numbers in the reader's language; Vega itself writes English."""
    english = f"format(datum.value, '{',.3~s' if is_money else ',.12~g'}')"
    if lang != "de":
        return f"replace({english}, 'G', 'bn')" if is_money else english
    german = f"replace(replace(replace({english}, /,/g, '§'), '.', ','), /§/g, '.')"
    return f"replace(replace({german}, 'M', ' Mio.'), 'G', ' Mrd.')" if is_money else german


def _axis_title(words: Wording) -> str:
    return words.unit_in_header or t("column.value", words.lang)
