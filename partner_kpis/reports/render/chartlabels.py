"""The words around a chart: legend, categories, labels at bars.

Belongs here: where these words stand and how they are kept from each other. Does not belong here:
bars and lines (charts.py).
"""

from __future__ import annotations

from math import ceil
from typing import Final

from partner_kpis import theme
from partner_kpis.reports.render.chartspec import ChartSpec
from partner_kpis.reports.render.drawing import Area, Mark, Rule, Text
from partner_kpis.reports.render.metrics import LEADING, Fitted, fit, width
from partner_kpis.reports.render.pieces import text

AXIS: Final = 9.0
LABEL: Final = 8.5


def legend(spec: ChartSpec, w: float, name: str) -> tuple[list[Mark], float]:
    """A square or a dash and the name of each series, in as many rows as they need; the height."""
    marks: list[Mark] = []
    x, y, tall = 0.0, 0.0, AXIS * LEADING + 2
    lines = {s.name for s in spec.lines}
    for series in spec.series:
        fitted = fit(series.name, min(w - 20, 220.0), AXIS)
        wide = width(fitted.text, AXIS) * 1.03 + 1
        if x and x + 14 + wide > w:
            x, y = 0.0, y + tall
        if series.name in lines:
            mid = y + AXIS * 0.6
            marks.append(Rule(x, mid, x + 10, mid, series.colour, 1.75, series.is_dashed))
        else:
            marks.append(Area(x + 1, y + 1.5, 8, 8, series.colour))
        marks.append(text(fitted, x + 14, y, wide, colour=theme.INK_SOFT, name=f"{name}/legend"))
        x += 14 + wide + 16
    return marks, y + tall


def categories_below(
    names: tuple[str, ...], left: float, slot: float, name: str
) -> tuple[list[Text], float]:
    """Names under their columns, in two lines where they must; every second one where even that
    is too narrow. The height with it."""
    every = 1
    if slot < 24 and len(names) > 12:
        every = ceil(24 / slot)
    room = slot * every - 3
    fitted = [fit(n, room, AXIS, floor=7.0, most=2) for n in names[::every]]
    # One size for all: names that differ in size look like names that differ in rank.
    size = min((f.size for f in fitted), default=AXIS)
    fitted = [fit(n, room, size, most=2) for n in names[::every]]
    made = []
    for index, each in enumerate(fitted):
        x = left + slot * (index * every + 0.5) - room / 2
        made.append(
            text(each, x, 0, room, colour=theme.INK_SOFT, align="center", name=f"{name}/categories")
        )
    return made, max((f.height for f in fitted), default=0.0)


def categories_left(
    names: tuple[str, ...], most: float, top: float, slot: float, name: str
) -> tuple[list[Mark], float]:
    """Names before their bars; where the bars begin."""
    wide = min(max((width(n, AXIS) for n in names), default=0.0) * 1.03 + 1, most)
    lines = 2 if slot >= 2 * AXIS * LEADING else 1
    made: list[Mark] = []
    for index, each in enumerate(names):
        fitted = fit(each, wide, AXIS, floor=7.5, most=lines)
        y = top + slot * (index + 0.5) - fitted.height / 2
        made.append(
            text(
                fitted, 0, y, wide, colour=theme.INK_SOFT, align="right", name=f"{name}/categories"
            )
        )
    return made, wide + 8


def bar_label(words: str, middle: float, y: float, place: str) -> Text:
    """The value of a column, centred above it."""
    wide = width(words, LABEL) * 1.03 + 1
    fitted = Fitted(words, (words,), LABEL)
    return text(fitted, middle - wide / 2, y, wide, align="center", name=place)
