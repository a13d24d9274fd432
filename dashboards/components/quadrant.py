"""Value against health: every partner of the portfolio as a point.

Belongs here: the one chart whose two KPIs the specification names. Does not belong here: any other
chart; no other part of the pages names a KPI.
"""

from __future__ import annotations

from statistics import median
from typing import Any

import polars as pl
import streamlit as st

from dashboards import data
from dashboards.components import chart, labels, notices
from dashboards.components.frame import Visit
from dashboards.components.style import html, text
from dashboards.state import chosen, in_language, set_widget
from partner_kpis import formats, theme
from partner_kpis.serving import KpiDefinition
from partner_kpis.text import t
from partner_kpis.wording import Wording, period_name

HEALTH_KPI = "partner_health_score"
VALUE_KPI = "partner_influenced_pipeline"
_NAMED = 6
"""More names than this would cover each other; the others appear on hover."""
_POINTS = 100
_WIDTH, _HEIGHT = 800, 380
"""The size in pixels that names are set for; a wider page leaves them more room."""
_SHIFTS = {"align": "side", "dx": "dx", "dy": "dy"}
_MIDDLE = 50  # points, where a kept snapshot of an older version names no band


def _middle(visit: Visit) -> float:
    """From so many points on a partner is not at risk."""
    return float(visit.found.info.get("health_watch_from") or _MIDDLE)


def show(visit: Visit, partners: pl.DataFrame) -> None:
    """The chart over `partners`, or why there is none yet."""
    found, lang = visit.found, visit.lang
    html(f'<h2 class="pk-section">{text(t("quadrant.title", lang))}</h2>')
    health = found.definition(HEALTH_KPI)
    choices = [k for k in found.catalogue if _is_value(k) and "partner" in k.dimensions]
    if health is None or not choices:
        return notices.notice(t("quadrant.not_yet", lang))
    kpi = _choose(choices, visit)
    only = visit.selection.only
    rows = data.across_partners(visit.path, (kpi.kpi_id, health.kpi_id), only)
    both = _with_both(rows, kpi, health)
    if both.is_empty():
        return notices.notice(t("quadrant.nothing", lang))
    drawn = _chart(_points(both, kpi, health, partners, visit), kpi, health, visit)
    st.vega_lite_chart(spec=drawn, theme=None, width="stretch")
    missing = partners.height - both.height
    said = t("quadrant.lines", lang, middle=formats.number(_middle(visit), lang))
    if missing:
        left_out = t("quadrant.left_out", lang, count=formats.number(missing, lang))
        said = f"{said} {left_out}"
    return notices.nothing(said)


def _with_both(rows: pl.DataFrame, kpi: KpiDefinition, health: KpiDefinition) -> pl.DataFrame:
    """The rows of the value KPI (columns of compare.across_partners) with a column health."""
    scores = rows.filter((pl.col("kpi_id") == health.kpi_id) & pl.col("value").is_not_null())
    worths = rows.filter((pl.col("kpi_id") == kpi.kpi_id) & pl.col("value").is_not_null())
    return worths.join(
        scores.select("partner_id", pl.col("value").alias("health")), on="partner_id"
    )


def _is_value(kpi: KpiDefinition) -> bool:
    return kpi.unit == "money" or kpi.kind == "share"


def _choose(choices: list[KpiDefinition], visit: Visit) -> KpiDefinition:
    by_id = {kpi.kpi_id: kpi for kpi in choices}
    first = VALUE_KPI if VALUE_KPI in by_id else choices[0].kpi_id
    wanted = visit.selection.kpi_id if visit.selection.kpi_id in by_id else first
    key = in_language("choose_value", visit.lang)
    set_widget(key, wanted)
    st.selectbox(
        t("quadrant.choose", visit.lang),
        list(by_id),
        format_func=lambda kpi_id: by_id[kpi_id].label(visit.lang),
        key=key,
        on_change=chosen(key, "kpi"),
        width=340,
    )
    return by_id[str(wanted)]


def _points(
    both: pl.DataFrame, kpi: KpiDefinition, health: KpiDefinition, partners: pl.DataFrame,
    visit: Visit,
) -> list[dict[str, Any]]:  # fmt: skip
    """A point for every partner that has both: value (money, where there is any) and health."""
    lang, in_money = visit.lang, kpi.kpi_id == VALUE_KPI
    names = dict(partners.select("partner_id", "name").iter_rows())
    rows = both.to_dicts()
    worth = Wording.of(kpi, rows, lang, visit.currency)
    score = Wording.of(health, [{**r, "value": r["health"]} for r in rows], lang, visit.currency)
    points = []
    for row in rows:
        value = float(row["numerator"] if in_money else row["value"])
        said = formats.money(value, visit.currency, lang) if in_money else worth.with_unit(value)
        points.append({
            "name": names[row["partner_id"]],
            "x": value * (100 if kpi.unit == "percent" and not in_money else 1),
            "y": float(row["health"]),
            "value": said,
            "health": score.with_unit(row["health"]),
            "period": period_name(row, lang),
        })  # fmt: skip
    points.sort(key=lambda point: -point["x"])
    _name_the_largest(points)
    return points


def _name_the_largest(points: list[dict[str, Any]]) -> None:
    """Give the points of the largest values a label where there is room for it."""
    low, high = _domain(points)
    places = labels.places(
        [
            (_WIDTH * (p["x"] - low) / (high - low), _HEIGHT * (1 - p["y"] / _POINTS))
            for p in points
        ],
        [p["name"] if place < _NAMED else None for place, p in enumerate(points)],
        _WIDTH,
        _HEIGHT,
    )
    for point, place in zip(points, places, strict=True):
        point["label"] = point["name"] if place else ""
        point["side"] = place.align if place else "left"
        point["dx"], point["dy"] = (place.dx, place.dy) if place else (0, 0)


def _domain(points: list[dict[str, Any]]) -> tuple[float, float]:
    """From where to where the values run: zero belongs to it, and no point lies on the edge."""
    low, high = min(0.0, *(p["x"] for p in points)), max(0.0, *(p["x"] for p in points))
    return low, high + (high - low or 1.0) * 0.05


def _chart(
    points: list[dict[str, Any]], kpi: KpiDefinition, health: KpiDefinition, visit: Visit
) -> chart.Spec:
    lang = visit.lang
    unit = visit.currency if kpi.kpi_id == VALUE_KPI or kpi.unit == "money" else "%"
    numbers = chart.number_expression(unit != "%", lang, "x")
    x: chart.Spec = {
        "field": "x",
        "type": "quantitative",
        "title": f"{kpi.label(lang)} ({unit}), {points[0]['period']}",
        "scale": {"domain": list(_domain(points)), "nice": False},
        "axis": {"labelExpr": numbers, "grid": False, "tickCount": 5, "labelOverlap": True},
    }
    y: chart.Spec = {
        "field": "y",
        "type": "quantitative",
        "title": f"{health.label(lang)} (0–100)",
        "scale": {"domain": [0, _POINTS]},
        "axis": {"grid": False, "tickCount": 5},
    }
    hover = chart.tooltip(name=" ", value=kpi.label(lang), health=health.label(lang))
    dots = {"type": "point", "filled": True, "size": 70, "color": theme.ACCENT, "opacity": 0.85}
    names = {
        "type": "text",
        "fontSize": 11,
        "color": theme.INK,
        **{key: {"expr": f"datum.{field}"} for key, field in _SHIFTS.items()},
    }
    label = {"field": "label", "type": "nominal"}
    # Names are set for a wide page; in a narrow one they would cover each other.
    wide = {"condition": {"test": f"width < {_WIDTH}", "value": 0}, "value": 1}
    layers: list[chart.Spec] = [
        *_middle_lines(median(point["x"] for point in points), _middle(visit)),
        {"mark": dots, "encoding": {"x": x, "y": y, "tooltip": hover}},
        {"mark": names, "encoding": {"x": x, "y": y, "text": label, "opacity": wide}},
    ]
    return chart.in_our_look(layers, height=_HEIGHT, values=points)


def _middle_lines(x: float, y: float) -> list[chart.Spec]:
    rule = {"type": "rule", "color": theme.REST, "strokeDash": [3, 3]}
    data = {"values": [{"x": x, "y": y}]}
    return [
        {"data": data, "mark": rule, "encoding": {name: {"field": name, "type": "quantitative"}}}
        for name in ("x", "y")
    ]
