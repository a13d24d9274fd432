"""A chart’s numbers as Office is given them: series, signs, number formats.

Belongs here: what stands in a native chart and in the workbook behind it. Does not belong here:
the XML around it (pptx_charts), decisions that all formats share (chartspec.py).

A waterfall is stacked columns whose lowest series has no fill; mirrored bars are stacked bars
whose first series is negative and whose number format leaves the sign out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from partner_kpis import theme
from partner_kpis.reports.document import Chart
from partner_kpis.reports.render.chartspec import (
    ChartSpec,
    NumberStyle,
    spec_of,
    waterfall_levels,
)
from partner_kpis.text import t

_UP: Final = theme.STATUSES["on_target"].colour
_DOWN: Final = theme.STATUSES["breach"].colour


@dataclass(frozen=True)
class NativeSeries:
    """One series as Office has it: name, values with None as a gap, format, colour, labels."""

    name: str
    values: tuple[float | None, ...]
    code: str
    colour: str | None
    is_dashed: bool = False
    has_labels: bool = False
    unlabelled: frozenset[int] = frozenset()
    lifts: tuple[float, ...] = ()
    """Of each label: how far it stands above the middle of its column, in heights of the axis."""


def native_series(chart: Chart, lang: str) -> tuple[list[NativeSeries], list[NativeSeries]]:
    """(bars, lines) with the values that Office is given."""
    spec = spec_of(chart, lang)
    if spec.kind == "waterfall":
        return _waterfall(spec, lang), []
    bars = []
    for number, series in enumerate(spec.bars):
        mirrored = spec.kind == "mirrored_bars" and number == 0
        values = tuple(-v if v is not None and mirrored else v for v in series.values)
        code = _label_code(spec.numbers, values, sign="")
        code = f"{code.split(';')[0]};{code.split(';')[0]}" if mirrored else code
        bars.append(NativeSeries(series.name, values, code, series.colour, False, spec.is_labelled))
    lines = [
        NativeSeries(s.name, s.values, spec.numbers.code(), s.colour, s.is_dashed)
        for s in spec.lines
    ]
    return bars, lines


def chart_rows(chart: Chart, lang: str) -> tuple[list[str], list[tuple[str, list[float | None]]]]:
    """The workbook’s table: its header, and for each category the values."""
    bars, lines = native_series(chart, lang)
    every = [*bars, *lines]
    header = ["", *(s.name for s in every)]
    rows = [(c, [s.values[i] for s in every]) for i, c in enumerate(chart.categories)]
    return header, rows


def _waterfall(spec: ChartSpec, lang: str) -> list[NativeSeries]:
    """base (no fill), levels, up and down; a move across zero has a part on either side of it."""
    series = spec.bars[0]
    levels = waterfall_levels(spec)
    last = len(levels) - 1
    columns: dict[str, list[float | None]] = {
        key: [None] * len(levels) for key in ("base", "level", "up", "down", "up2", "down2")
    }
    for index, (start, end) in enumerate(levels):
        if series.values[index] is None:
            continue
        if index in (0, last):
            columns["level"][index] = end
            continue
        key = "up" if end >= start else "down"
        low, high = sorted((start, end))
        if low < 0 < high:
            columns[key][index], columns[f"{key}2"][index] = high, low
        else:
            near = low if low >= 0 else high
            columns["base"][index] = near
            columns[key][index] = high - low if low >= 0 else low - high
    names = {
        "base": t("render.waterfall_base", lang), "level": series.name,
        "up": t("render.waterfall_up", lang), "down": t("render.waterfall_down", lang),
        "up2": t("render.waterfall_up_below", lang),
        "down2": t("render.waterfall_down_below", lang),
    }  # fmt: skip
    colours = {"base": None, "level": theme.ACCENT, "up": _UP, "up2": _UP}
    split = frozenset(i for key in ("up2", "down2") for i, v in enumerate(columns[key]) if v)
    made = []
    for key, values in columns.items():
        if key.endswith("2") and all(v is None for v in values):
            continue
        sign = {"up": "+", "down": "−"}.get(key[:-1] if key.endswith("2") else key, "")
        span = spec.axis.high - spec.axis.low
        lifts = tuple(abs(v or 0.0) / span / 2 for v in values)
        made.append(NativeSeries(
            names[key], tuple(values), _label_code(spec.numbers, tuple(values), sign),
            colours.get(key, _DOWN), False, key != "base" and not key.endswith("2"),
            split, lifts,
        ))  # fmt: skip
    return made


def _label_code(numbers: NumberStyle, values: tuple[float | None, ...], sign: str) -> str:
    """A number format for labels: each at the scale that fits it, where one sign allows that.

    `sign` stands before every number, whatever its own; Office’s conditions are two at most.
    """
    known = [v for v in values if v is not None]
    before = f'"{sign}"' if sign else ""
    if numbers.factor > 1 and all(v >= 0 for v in known):
        large = NumberStyle(False, 1e6, _mark(numbers, 1e6), 1).code()
        middle = NumberStyle(False, 1e3, _mark(numbers, 1e3), 1).code()
        return f"[>=999950]{before}{large};[>=9999.5]{before}{middle};{before}#,##0"
    code = numbers.code()
    return f"{before}{code};{before}{code}" if sign else code


def _mark(numbers: NumberStyle, factor: float) -> str:
    is_german = numbers.mark.startswith("\u00a0")
    if factor == 1e6:
        return "\u00a0Mio." if is_german else "M"
    return "\u00a0k" if is_german else "k"
