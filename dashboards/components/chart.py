"""The chart of one KPI over its periods.

Belongs here: the Vega-Lite drawing (conventions: look.md, "Charts"). Does not belong here: choosing
periods, or the words around the chart.

Drawings are written as the plain specification that the browser draws: making one out of objects
of Altair, which checks and copies at every step, would take longer than all else on a page. A test
checks them against the schema of Vega-Lite instead.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import polars as pl

from partner_kpis import formats, theme
from partner_kpis.text import t, word
from partner_kpis.wording import Wording

Spec = dict[str, Any]
"""A Vega-Lite specification or a part of one."""

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_TICKS = 8
_FONT = "Segoe UI, Helvetica Neue, Arial, Liberation Sans, sans-serif"


def history(
    periods: pl.DataFrame, words: Wording, explain: Callable[[dict[str, Any]], str]
) -> Spec:
    """Values over periods (columns of Snapshot.values plus period_type), oldest first.

    The corridor lies behind the line, the running period is dashed, low-n points are hollow, and a
    period without a value is a gap with a mark on the axis; `explain` says why.
    """
    rows = [_point(row, words, explain) for row in periods.iter_rows(named=True)]
    _name_segments(rows)
    shown = [row["period"] for row in rows]
    x: Spec = {
        "field": "period",
        "type": "ordinal",
        "sort": shown,
        "title": None,
        "scale": {"domain": shown, "paddingInner": 0, "paddingOuter": 0},
        "axis": {
            "values": _spread(shown),
            "labelExpr": _labels(rows),
            "labelAngle": 0,
            "grid": False,
            "ticks": False,
            "labelPadding": 8,
            "labelOverlap": True,
        },
    }
    y: Spec = {
        "field": "value",
        "type": "quantitative",
        "title": _axis_title(words),
        "scale": {"zero": False, "nice": True},
        "axis": {
            "labelExpr": number_expression(words.kpi.unit == "money", words.lang),
            "tickCount": 5,
            "domain": False,
            "ticks": False,
        },
    }
    layers = [
        *_target_layers(rows, x, _axis_title(words)),
        *_line_layers(x, y),
        *_missing_layer(rows, x),
        *_end_label(rows, x, y),
    ]
    return in_our_look(layers, height=280, values=rows)


def in_our_look(layers: list[Spec], *, height: int, values: list[dict[str, Any]]) -> Spec:
    """A whole drawing of layers over `values`, in the fonts and colours of the theme."""
    return {
        "$schema": _SCHEMA,
        "data": {"values": values},
        "layer": layers,
        "height": height,
        "width": "container",
        # A label at the right edge may be drawn wider than the browser measured it.
        "padding": {"left": 5, "top": 5, "right": 16, "bottom": 5},
        "config": {
            "font": _FONT,
            "background": theme.GROUND,
            "view": {"stroke": None},
            "axis": {
                "labelColor": theme.INK_SOFT,
                "titleColor": theme.INK_SOFT,
                "gridColor": "#ECECEC",
                "domainColor": theme.LINE,
                "labelFontSize": 12,
                "titleFontSize": 12,
                "titleFontWeight": "normal",
            },
        },
    }


def tooltip(**titles: str) -> list[Spec]:
    """Field → the title of its line on hover."""
    return [{"field": name, "type": "nominal", "title": said} for name, said in titles.items()]


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


def _layer(mark: Spec, *transforms: Spec, **encoding: Any) -> Spec:
    """One layer over the values that every layer shares."""
    return {"mark": mark, "transform": list(transforms), "encoding": encoding}


def _only(condition: str) -> Spec:
    return {"filter": condition}


def _target_layers(rows: list[dict[str, Any]], x: Spec, title: str) -> list[Spec]:
    if all(row["target"] is None for row in rows):
        return []
    there = _only("isValid(datum.target)")
    low = {"field": "low", "type": "quantitative", "title": title}
    target = {"field": "target", "type": "quantitative", "title": title}
    band = {"type": "bar", "color": theme.BAND, "stroke": theme.BAND, "width": {"band": 1}}
    tick = {
        "type": "tick",
        "color": theme.INK,
        "thickness": 1.5,
        "width": {"band": 0.8 if len(rows) < 30 else 1},
    }
    return [
        _layer(band, there, x=x, y=low, y2={"field": "high"}),
        _layer(tick, there, x=x, y=target),
    ]


def _line_layers(x: Spec, y: Spec) -> list[Spec]:
    hover = tooltip(name=" ", shown="=", judged=" ", n="n")
    known, complete = _only("isValid(datum.value)"), _only("!datum.is_running")
    segment = {"field": "segment", "type": "nominal"}
    line = {"type": "line", "color": theme.ACCENT, "strokeWidth": 2}
    # The dashed piece leads from the last complete period to the running one.
    before_running = {
        "window": [{"op": "lead", "field": "is_running", "as": "next_running"}],
        "sort": [{"field": "period"}],
    }
    running = _only("datum.is_running || datum.next_running")
    filled = {"type": "point", "filled": True, "color": theme.ACCENT, "size": 46, "opacity": 1}
    hollow = {"type": "point", "fill": theme.GROUND, "stroke": theme.ACCENT, "size": 52,
              "strokeWidth": 1.6, "opacity": 1}  # fmt: skip
    return [
        _layer(line, known, complete, x=x, y=y, detail=segment),
        _layer({**line, "strokeDash": [4, 4]}, known, before_running, running,
               x=x, y=y, detail=segment),
        _layer(filled, known, complete, _only("!datum.is_low_n"), x=x, y=y, tooltip=hover),
        _layer(hollow, known, _only("datum.is_low_n || datum.is_running"),
               x=x, y=y, tooltip=hover),
    ]  # fmt: skip


def _missing_layer(rows: list[dict[str, Any]], x: Spec) -> list[Spec]:
    if all(row["value"] is not None for row in rows):
        return []
    mark = {"type": "text", "text": "◇", "color": theme.INK_SOFT, "fontSize": 13,
            "baseline": "bottom"}  # fmt: skip
    hover = tooltip(name=" ", shown=" ")
    return [_layer(mark, _only("!isValid(datum.value)"), x=x, y={"value": "height"}, tooltip=hover)]


def _end_label(rows: list[dict[str, Any]], x: Spec, y: Spec) -> list[Spec]:
    known = [row for row in rows if row["value"] is not None]
    if not known:
        return []
    last = known[-1]["period"]
    # Beside the point: above and below it are the line, the corridor and the axis.
    mark = {"type": "text", "align": "left", "dx": 9, "color": theme.INK,
            "fontSize": 12, "fontWeight": 600}  # fmt: skip
    shown = {"field": "shown", "type": "nominal"}
    return [_layer(mark, _only(f"datum.period === {json.dumps(last)}"), x=x, y=y, text=shown)]


def _spread(periods: list[str]) -> list[str]:
    """About eight periods to label, the newest among them."""
    step = max(1, -(-len(periods) // _TICKS))
    return periods[::-1][::step][::-1]


def _labels(rows: list[dict[str, Any]]) -> str:
    return f"({json.dumps({row['period']: row['axis'] for row in rows})})[datum.value]"


def number_expression(is_money: bool, lang: str, axis: str = "y") -> str:
    """Axis numbers in the reader's language; Vega itself writes English. Money has one scale for
    the whole axis, that of its largest number: 0.5M beside 1.0M, not 500k."""
    if not is_money:
        return _in_language("format(datum.value, ',.12~g')", lang)
    largest = f"max(abs(domain('{axis}')[0]), abs(domain('{axis}')[1]))"
    expression = _in_language("format(datum.value, ',.12~g')", lang)
    for size, mark in reversed(_SCALES[lang]):
        scaled = _in_language(f"format(datum.value / {size}, ',.6~g')", lang)
        expression = f"{largest} >= {max(size, _PLAIN_BELOW)} ? {scaled} + '{mark}' : {expression}"
    return f"datum.value == 0 ? '0' : {expression}"


_PLAIN_BELOW = 10_000  # as formats.money writes amounts
_SCALES = {
    "en": ((1_000_000_000, "bn"), (1_000_000, "M"), (1_000, "k")),
    "de": ((1_000_000_000, " Mrd."), (1_000_000, " Mio."), (1_000, " k")),
}


def _in_language(english: str, lang: str) -> str:
    if lang != "de":
        return english
    return f"replace(replace(replace({english}, /,/g, '§'), '.', ','), /§/g, '.')"


def _axis_title(words: Wording) -> str:
    return words.unit_in_header or t("column.value", words.lang)
