"""The chart of a KPI with the bounds that an alert was held against.

Belongs here: what an alert adds to the usual drawing. Does not belong here: that drawing (chart).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from dashboards.components import chart
from partner_kpis import theme
from partner_kpis.text import t
from partner_kpis.wording import Wording

_HEIGHT = 210


def with_bounds(
    periods: pl.DataFrame,
    words: Wording,
    facts: Mapping[str, Any],
    explain: Callable[[dict[str, Any]], str],
) -> chart.Spec:
    """As chart.history, lower, with a dashed line at each bound of the facts and its words."""
    spec = chart.history(periods, words, explain)
    bounds = [(name, facts[name]) for name in ("low", "high") if facts.get(name) is not None]
    lines = [layer for name, bound in bounds for layer in _bound(name, float(bound), words)]
    return {**spec, "height": _HEIGHT, "layer": [*spec["layer"], *lines]}


def _bound(name: str, bound: float, words: Wording) -> list[chart.Spec]:
    """A line across the chart, and its words on the side where no value should be."""
    scale = 100 if words.kpi.unit == "percent" else 1
    look = theme.STATUSES["breach"]
    y = {"datum": bound * scale, "type": "quantitative"}
    one: chart.Spec = {
        "values": [{}]
    }  # a drawing of its own: else there would be one for each period
    rule = {"type": "rule", "color": look.colour, "strokeDash": [6, 4], "strokeWidth": 1.4}
    label = {
        "type": "text", "align": "left", "baseline": "middle", "dx": 4, "fontSize": 11,
        "dy": 9 if name == "low" else -9, "color": look.ink,
        "text": t(f"alert_chart.{name}", words.lang, bound=words.with_unit(bound)),
    }  # fmt: skip
    return [
        {"data": one, "mark": rule, "encoding": {"y": y}},
        {"data": one, "mark": label, "encoding": {"x": {"value": 0}, "y": y}},
    ]
