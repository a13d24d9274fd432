"""The curves of how many have finished by a day.

Belongs here: the Vega-Lite drawing. Does not belong here: which cohorts there are (waits.py).
"""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboards.components import chart
from dashboards.components.chart import Spec
from partner_kpis import formats, theme
from partner_kpis.text import t

_LABEL_GAP = 6.0
"""Per cent between two names at the ends of lines, so that neither lies on the other."""
_DASHES = ([1, 0], [1, 0], [6, 3], [3, 3], [1, 3])
"""All and the newest cohort have a colour of their own; the grey lines differ by their dashes."""


def curves(by_name: dict[str, pl.DataFrame], lang: str) -> Spec:
    """A step curve for each cohort (columns of progress.waits), in the order given.

    The first, of all cohorts, is dark; the newest cohort has the accent; the others are grey and
    dashed. A line ends where nothing is observed any more.
    """
    inks = [theme.INK, theme.ACCENT, *[theme.REST] * len(by_name)]
    rows = [
        point
        for (name, curve), ink in zip(by_name.items(), inks, strict=False)
        for point in _points(name, curve, ink, lang)
    ]
    x: Spec = {
        "field": "day",
        "type": "quantitative",
        "title": t("waits.days", lang),
        "scale": {"domainMin": 0, "nice": False},
        "axis": {
            "grid": False,
            "tickCount": 8,
            "labelExpr": chart.number_expression(is_money=False, lang=lang),
        },
    }
    y: Spec = {
        "field": "share",
        "type": "quantitative",
        "title": t("waits.share", lang),
        "scale": {"domain": [0, 100]},
        "axis": {"tickCount": 5, "domain": False, "ticks": False},
    }
    ink: Spec = {"field": "ink", "type": "nominal", "scale": None}
    detail: Spec = {"field": "cohort", "type": "nominal"}
    dash: Spec = {
        "field": "cohort",
        "type": "nominal",
        "scale": {"domain": list(by_name), "range": list(_DASHES[: len(by_name)])},
        "legend": None,
    }
    hover = chart.tooltip(cohort=" ", said=" ", waiting=" ")
    line = {"type": "line", "interpolate": "step-after", "strokeWidth": 2}
    # A wide invisible point: a step has no mark of its own to aim at.
    spot = {"type": "point", "filled": True, "size": 60, "opacity": 0}
    name = {"type": "text", "align": "left", "dx": 6, "fontSize": 11}
    drawn: Spec = {"x": x, "y": y, "color": ink, "detail": detail, "strokeDash": dash}
    layers: list[Spec] = [
        {"mark": line, "encoding": drawn},
        {"mark": spot, "encoding": {"x": x, "y": y, "tooltip": hover}},
        {
            "mark": name,
            "transform": [{"filter": "isValid(datum.label_at)"}],
            "encoding": {
                "x": x,
                "y": {**y, "field": "label_at"},
                "color": {**ink, "field": "name_ink"},
                "text": {"field": "cohort", "type": "nominal"},
            },
        },
    ]
    return chart.in_our_look(layers, height=260, values=_labelled(rows))


def _points(name: str, curve: pl.DataFrame, ink: str, lang: str) -> list[dict[str, Any]]:
    seen = curve.filter(pl.col("finished_share").is_not_null())
    return [
        {
            "cohort": name,
            "day": row["day"],
            "share": row["finished_share"] * 100,
            "ink": ink,
            "name_ink": theme.INK_SOFT if ink == theme.REST else ink,
            "said": t(
                "waits.point",
                lang,
                share=formats.percent(row["finished_share"], lang, 0),
                day=formats.number(row["day"], lang),
            ),
            "waiting": t("waits.at_risk", lang, count=formats.number(row["at_risk"], lang)),
        }
        for row in seen.iter_rows(named=True)
    ]


def _labelled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The points; each line's last one with the height at which the line's name has room."""
    ends = {row["cohort"]: row for row in rows}
    below = 200.0
    for end in sorted(ends.values(), key=lambda row: -row["share"]):
        below = min(end["share"], below - _LABEL_GAP)
        end["label_at"] = below
    return rows
