"""Charts drawn as marks, for PDF and HTML; slides have native ones of the same decisions.

Belongs here: the geometry of bars, lines and their axes. Does not belong here: colours, axes and
labels (chartspec.py), or how a format writes a mark.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from partner_kpis import theme
from partner_kpis.reports.document import Chart
from partner_kpis.reports.render.chartlabels import (
    AXIS,
    LABEL,
    bar_label,
    categories_below,
    categories_left,
    legend,
)  # fmt: skip
from partner_kpis.reports.render.chartspec import ChartSpec, DrawnSeries, spec_of, waterfall_levels
from partner_kpis.reports.render.drawing import Area, Disc, Mark, Path, Point, Rule, Text
from partner_kpis.reports.render.metrics import LEADING, fit, width
from partner_kpis.reports.render.pieces import text

_UP: Final = theme.STATUSES["on_target"].colour
_DOWN: Final = theme.STATUSES["breach"].colour


@dataclass(frozen=True)
class _Plane:
    """Where columns and points stand: each category has a slot, each value a height."""

    left: float
    slot: float
    y_of: Callable[[float], float]

    def middle(self, index: int) -> float:
        return self.left + self.slot * (index + 0.5)


def chart_marks(chart: Chart, w: float, h: float, lang: str, name: str) -> list[Mark]:
    """The chart in a box of w × h with its corner at (0, 0)."""
    spec = spec_of(chart, lang)
    marks: list[Mark] = []
    top = 4.0
    if spec.has_legend:
        drawn, tall = legend(spec, w, name)
        marks += drawn
        top += tall + 4
    draw = _horizontal if spec.is_horizontal else _vertical
    return marks + draw(spec, w, h, top, lang, name)


def _vertical(spec: ChartSpec, w: float, h: float, top: float, lang: str, name: str) -> list[Mark]:
    ticks = spec.axis.ticks()
    words = [_tick(spec, value, lang) for value in ticks]
    labelled = spec.is_labelled and _labels_fit(spec, (w - 6) / max(len(spec.categories), 1))
    left = 2.0 if labelled else max(width(word, AXIS) for word in words) + 8
    right = w - (_ends_width(spec, w) if spec.lines and not spec.has_legend else 4)
    slot = (right - left) / max(len(spec.categories), 1)
    below, tall = categories_below(spec.categories, left, slot, name)
    floor = h - tall - 4
    has_low_labels = labelled and spec.axis.low < 0 and spec.kind != "waterfall"
    bottom = floor - (12 if has_low_labels else 0)
    top += 12 if labelled else 4

    def y_of(value: float) -> float:
        share = (value - spec.axis.low) / (spec.axis.high - spec.axis.low)
        return bottom - share * (bottom - top)

    marks: list[Mark] = []
    for value, word in zip(ticks, words, strict=True):
        y = y_of(value)
        is_base = abs(value) < spec.axis.step * 1e-6
        # Where every bar says its value, an axis would say it again.
        if is_base or not labelled:
            marks.append(Rule(left, y, right, y, theme.REST if is_base else theme.LINE, 0.5))
        if not labelled:
            marks.append(_axis_text(word, 0, y - AXIS * 0.6, left - 6, name))
    plane = _Plane(left, slot, y_of)
    if spec.kind == "waterfall":
        marks += _waterfall(spec, plane, labelled, name)
    elif spec.is_stacked:
        marks += _stacks(spec, plane)
    else:
        marks += _columns(spec, plane, labelled, name)
    for series in spec.lines:
        marks += _line(series, plane, not spec.bars)
        if not spec.has_legend:
            marks += _name_at_end(series, plane, w, name)
    return marks + [replace(mark, y=mark.y + floor + 4) for mark in below]


def _tick(spec: ChartSpec, value: float, lang: str) -> str:
    decimals = spec.tick_decimals
    return spec.numbers.text(value if abs(value) > 1e-12 else 0.0, lang, decimals)


def _axis_text(word: str, x: float, y: float, wide: float, name: str) -> Text:
    fitted = fit(word, wide + 4, AXIS, floor=6.0)
    return text(fitted, x, y, wide, colour=theme.INK_SOFT, align="right", name=f"{name}/axis")


def _labels_fit(spec: ChartSpec, slot: float) -> bool:
    wide = max((width(t, LABEL) for s in spec.bars for t in s.texts), default=0.0)
    shown = 1 if spec.is_stacked else max(len(spec.bars), 1)
    return wide * shown <= slot * 0.98


def _columns(spec: ChartSpec, plane: _Plane, labelled: bool, name: str) -> list[Mark]:
    marks: list[Mark] = []
    count = max(len(spec.bars), 1)
    wide = min(plane.slot * 0.66 / count, 64.0)
    for number, series in enumerate(spec.bars):
        for index, value in enumerate(series.values):
            if value is None:
                continue
            x = plane.middle(index) + (number - count / 2) * wide
            top, base = sorted((plane.y_of(value), plane.y_of(0.0)))
            marks.append(Area(x + 0.75, top, wide - 1.5, max(base - top, 0.6), series.colour))
            if labelled:
                place = f"{name}/{series.name}/{spec.categories[index]}"
                y = top - LABEL * LEADING - 1 if value >= 0 else base + 1
                marks.append(bar_label(series.texts[index], x + wide / 2, y, place))
    return marks


def _stacks(spec: ChartSpec, plane: _Plane) -> list[Mark]:
    marks: list[Mark] = []
    wide = min(plane.slot * 0.62, 72.0)
    for index in range(len(spec.categories)):
        up = down = 0.0
        for series in spec.bars:
            value = series.values[index]
            if not value:
                continue
            start = up if value > 0 else down
            if value > 0:
                up += value
            else:
                down += value
            top, base = sorted((plane.y_of(start + value), plane.y_of(start)))
            x = plane.middle(index) - wide / 2
            marks.append(Area(x, top, wide, base - top, series.colour))
    return marks


def _waterfall(spec: ChartSpec, plane: _Plane, labelled: bool, name: str) -> list[Mark]:
    marks: list[Mark] = []
    wide = min(plane.slot * 0.62, 72.0)
    series = spec.bars[0]
    levels = waterfall_levels(spec)
    for index, (start, end) in enumerate(levels):
        x = plane.middle(index) - wide / 2
        is_level = index in (0, len(levels) - 1)
        colour = theme.ACCENT if is_level else _UP if end >= start else _DOWN
        top, base = sorted((plane.y_of(start), plane.y_of(end)))
        marks.append(Area(x, top, wide, max(base - top, 0.6), colour))
        if index + 1 < len(levels):
            level = plane.y_of(end)
            marks.append(Rule(x + wide, level, x + plane.slot, level, theme.REST, 0.5))
        if labelled:
            place = f"{name}/{series.name}/{spec.categories[index]}"
            y = top - LABEL * LEADING - 1
            marks.append(bar_label(series.texts[index], x + wide / 2, y, place))
    return marks


def _line(series: DrawnSeries, plane: _Plane, has_points: bool) -> list[Mark]:
    runs: list[list[Point]] = [[]]
    for index, value in enumerate(series.values):
        if value is not None:
            runs[-1].append((plane.middle(index), plane.y_of(value)))
        elif runs[-1]:
            runs.append([])
    long = tuple(tuple(run) for run in runs if len(run) > 1)
    marks: list[Mark] = []
    if long:
        thick = 1.25 if series.is_dashed else 2.0
        marks.append(Path(long, line=series.colour, width=thick, is_dashed=series.is_dashed))
    if has_points and not series.is_dashed:
        marks += [Disc(x, y, 2.6, series.colour, theme.GROUND) for run in runs for x, y in run]
    return marks


def _name_at_end(series: DrawnSeries, plane: _Plane, w: float, name: str) -> list[Mark]:
    known = [index for index, value in enumerate(series.values) if value is not None]
    if not known:
        return []
    x, y = plane.middle(known[-1]) + 8, plane.y_of(series.values[known[-1]] or 0.0)
    fitted = fit(series.name, w - x, AXIS, floor=7.0, most=2)
    colour = theme.INK if series.is_dashed else series.colour
    return [text(fitted, x, y - fitted.height / 2, w - x, colour=colour, name=f"{name}/end")]


def _ends_width(spec: ChartSpec, w: float) -> float:
    """Room for the names at the lines’ ends."""
    return min(max(width(s.name, AXIS) for s in spec.lines) * 1.03, w * 0.22)


def _horizontal(
    spec: ChartSpec, w: float, h: float, top: float, lang: str, name: str
) -> list[Mark]:
    slot = (h - top - 18) / max(len(spec.categories), 1)
    marks, left = categories_left(spec.categories, w * 0.34, top, slot, name)
    room = max((width(t, LABEL) for s in spec.bars for t in s.texts), default=0.0) + 6
    low, high = spec.axis.low, spec.axis.high
    start, end = left + (room if low < 0 else 0), w - room

    def x_of(value: float) -> float:
        return start + (value - low) / (high - low) * (end - start)

    labelled = spec.is_labelled and slot >= LABEL * LEADING
    for value in spec.axis.ticks():
        x = x_of(value)
        is_base = abs(value) < spec.axis.step * 1e-6
        if is_base or not labelled:
            colour = theme.REST if is_base else theme.LINE
            marks.append(Rule(x, top, x, h - 16, colour, 0.5))
        if not labelled:
            word = _tick(spec, abs(value) if spec.kind == "mirrored_bars" else value, lang)
            made = fit(word, 60, AXIS, floor=6.0)
            soft = theme.INK_SOFT
            marks.append(
                text(made, x - 30, h - 13, 60, colour=soft, align="center", name=f"{name}/axis")
            )
    return marks + _bars(spec, top, slot, x_of, name if labelled else None)


def _bars(
    spec: ChartSpec, top: float, slot: float, x_of: Callable[[float], float], name: str | None
) -> list[Mark]:
    """The bars; with their values at their ends where there is a name to place them under."""
    is_mirror = spec.kind == "mirrored_bars"
    count = 1 if is_mirror else max(len(spec.bars), 1)
    thick = min(slot * 0.7 / count, 26.0)
    marks: list[Mark] = []
    for number, series in enumerate(spec.bars):
        sign = -1.0 if is_mirror and number == 0 else 1.0
        shift = -0.5 if is_mirror else number - count / 2
        for index, value in enumerate(series.values):
            if value is None:
                continue
            y = top + slot * (index + 0.5) + shift * thick
            a, b = sorted((x_of(0.0), x_of(sign * value)))
            marks.append(Area(a, y + 0.75, max(b - a, 0.6), thick - 1.5, series.colour))
            if name:
                place = f"{name}/{series.name}/{spec.categories[index]}"
                left = sign * value < 0
                at = a if left else b
                marks.append(_side_label(series.texts[index], at, y, thick, left, place))
    return marks


def _side_label(words: str, x: float, y: float, thick: float, to_left: bool, place: str) -> Text:
    wide = width(words, LABEL) * 1.03
    fitted = fit(words, wide, LABEL)
    at = x - 4 - wide if to_left else x + 4
    return text(fitted, at, y + (thick - fitted.height) / 2, wide, align="left", name=place)
