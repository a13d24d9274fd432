"""What a chart shows, whichever format draws it: colours, axis, number formats, which labels.

Belongs here: decisions that PPTX, PDF and HTML must share. Does not belong here: drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor, log10
from typing import Final

from partner_kpis import formats, theme
from partner_kpis.reports.document import Chart, Figure, Role

_SHADES: Final[dict[Role, tuple[str, ...]]] = {
    "own": (theme.ACCENT, "#56B4E9", "#A6D4F2", "#CC79A7", "#004B76", "#7FA8C2"),
    "rest": (theme.REST, "#B9BDC1", "#D5D8DB", "#6B6B6B"),
    "target": (theme.INK,),
    "good": (theme.STATUSES["on_target"].colour, "#7FCEB9"),
    "bad": (theme.STATUSES["breach"].colour, "#EAAE7E"),
    "neutral": ("#BFC5CA", "#DDE0E3"),
}
_MOST_LABELS: Final = 26
_WITH_TARGET_LINE: Final = ("columns", "stacked_columns")
HORIZONTAL: Final = ("bars", "mirrored_bars")


@dataclass(frozen=True)
class DrawnSeries:
    """name, values (None is a gap), the printed text of each value, colour."""

    name: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    colour: str
    is_dashed: bool = False


@dataclass(frozen=True)
class Axis:
    """From low to high in steps; all three in the values' own unit."""

    low: float
    high: float
    step: float

    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [self.low + i * self.step for i in range(count + 1)]


@dataclass(frozen=True)
class NumberStyle:
    """How the values of one chart read: as percent, or divided by a factor with a mark behind."""

    is_percent: bool
    factor: float
    mark: str
    decimals: int

    def text(self, value: float, lang: str, decimals: int | None = None) -> str:
        places = self.decimals if decimals is None else decimals
        if self.is_percent:
            return formats.percent(value, lang, places)
        return formats.number(value / self.factor, lang, places) + self.mark

    def code(self, decimals: int | None = None) -> str:
        """The same as a number format of Office, which writes its user's own separators."""
        places = self.decimals if decimals is None else decimals
        zeros = f"0.{'0' * places}" if places else "0"
        if self.is_percent:
            return f"{zeros}%"
        commas = {1.0: "", 1e3: ",", 1e6: ",,"}[self.factor]
        return f'#,##{zeros}{commas}"{self.mark}"' if self.mark else f"#,##{zeros}"


@dataclass(frozen=True)
class ChartSpec:
    """bars and lines: the series by how they are drawn. is_labelled: values stand at the bars."""

    kind: str
    categories: tuple[str, ...]
    bars: tuple[DrawnSeries, ...]
    lines: tuple[DrawnSeries, ...]
    axis: Axis
    numbers: NumberStyle
    is_labelled: bool
    has_legend: bool

    @property
    def series(self) -> tuple[DrawnSeries, ...]:
        return self.bars + self.lines

    @property
    def tick_decimals(self) -> int:
        """As many as tell one tick of the axis from the next."""
        by = 100 if self.numbers.is_percent else 1 / self.numbers.factor
        digits = f"{self.axis.step * by:.6f}".rstrip("0")
        return min(len(digits.split(".")[1]), 3)

    @property
    def is_horizontal(self) -> bool:
        return self.kind in HORIZONTAL

    @property
    def is_stacked(self) -> bool:
        return self.kind in ("stacked_columns", "mirrored_bars", "waterfall")


def spec_of(chart: Chart, lang: str) -> ChartSpec:
    """The decisions for one chart."""
    drawn = _coloured(chart)
    lines = [
        s for s, role in drawn
        if chart.kind == "lines" or (role == "target" and chart.kind in _WITH_TARGET_LINE)
    ]  # fmt: skip
    bars = [s for s, _ in drawn if s not in lines]
    axis_values = _extent(chart.kind, bars, lines)
    numbers = _numbers(chart, lang, max(map(abs, axis_values), default=0.0))
    axis = _axis(axis_values, chart.kind, tight=chart.kind == "lines")
    if numbers.is_percent and axis.high > 1 >= max(axis_values):
        axis = Axis(axis.low, 1.0, axis.step) if _divides(axis, 1.0) else axis
    count = sum(len(s.values) for s in bars)
    labelled = bool(bars) and chart.kind != "stacked_columns" and count <= _MOST_LABELS
    legend = len(drawn) > 1 and (chart.kind != "lines" or not _ends_apart(lines, axis))
    return ChartSpec(
        chart.kind, chart.categories, tuple(bars), tuple(lines), axis, numbers, labelled, legend
    )


def waterfall_levels(spec: ChartSpec) -> list[tuple[float, float]]:
    """Start and end of each column; the first and the last stand on zero, the others move."""
    values = spec.bars[0].values
    levels: list[tuple[float, float]] = []
    at = 0.0
    for index, value in enumerate(values):
        moved = value or 0.0
        if index in (0, len(values) - 1):
            levels.append((0.0, moved))
            at = moved
        else:
            levels.append((at, at + moved))
            at += moved
    return levels


def value_of(figure: Figure) -> float | None:
    """The figure as a float; dates have no place in a chart."""
    value = figure.value
    return float(value) if isinstance(value, int | float | Decimal) else None


def _coloured(chart: Chart) -> list[tuple[DrawnSeries, Role]]:
    used: dict[Role, int] = {}
    made = []
    for series in chart.series:
        shades = _SHADES[series.role]
        colour = shades[used.get(series.role, 0) % len(shades)]
        used[series.role] = used.get(series.role, 0) + 1
        values = tuple(value_of(figure) for figure in series.figures)
        texts = tuple(figure.text for figure in series.figures)
        dashed = series.role == "target"
        made.append((DrawnSeries(series.name, values, texts, colour, dashed), series.role))
    return made


def _extent(kind: str, bars: list[DrawnSeries], lines: list[DrawnSeries]) -> list[float]:
    plain = [v for s in lines for v in s.values if v is not None]
    if kind == "waterfall":
        spec = ChartSpec(kind, (), tuple(bars), (), Axis(0, 1, 1), NumberStyle(False, 1, "", 0),
                         False, False)  # fmt: skip
        return [0.0, *(edge for level in waterfall_levels(spec) for edge in level), *plain]
    if kind == "mirrored_bars":
        most = max((abs(v) for s in bars for v in s.values if v is not None), default=1.0)
        return [-most, most]
    if kind == "stacked_columns":
        columns = list(zip(*(s.values for s in bars), strict=True)) if bars else []
        ups = [sum(v for v in column if v and v > 0) for column in columns]
        downs = [sum(v for v in column if v and v < 0) for column in columns]
        return [0.0, *ups, *downs, *plain]
    return [v for s in bars for v in s.values if v is not None] + plain + ([0.0] if bars else [])


def _axis(values: list[float], kind: str, tight: bool) -> Axis:
    low, high = min(values, default=0.0), max(values, default=1.0)
    if tight and low > 0 and low < (high - low) * 2:
        low = 0.0  # near enough to zero to begin there
    if high <= low:  # a value that never moves: from zero, for above 100 % lies nothing
        low, high = min(low, 0.0), max(high, 0.0) or (1.0 if low == 0 else 0.0)
    raw = (high - low) / 4
    power = 10.0 ** floor(log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.999)
    bottom, top = floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step
    if kind == "mirrored_bars":
        top = max(top, -bottom)
        bottom = -top
    return Axis(bottom, top, step)


def _divides(axis: Axis, value: float) -> bool:
    count = (value - axis.low) / axis.step
    return abs(count - round(count)) < 1e-6


def _numbers(chart: Chart, lang: str, most: float) -> NumberStyle:
    """`most`: the largest value of the axis, which of stacked columns is a sum."""
    figures = [f for s in chart.series for f in s.figures if f.value is not None]
    decimals = max((f.decimals for f in figures), default=0)
    if any(f.kind == "percent" for f in figures):
        return NumberStyle(True, 1.0, "", decimals)
    gap = "\u00a0"
    if most >= 999_950:
        return NumberStyle(False, 1e6, f"{gap}Mio." if lang == "de" else "M", 1)
    if most >= 9_999.5:
        return NumberStyle(False, 1e3, f"{gap}k" if lang == "de" else "k", 1)
    if any(f.kind == "money" for f in figures):
        decimals = 0
    return NumberStyle(False, 1.0, "", decimals)


def _ends_apart(lines: list[DrawnSeries], axis: Axis) -> bool:
    """Whether the names fit at the lines’ ends: few lines, whose ends do not meet."""
    ends = sorted(next((v for v in reversed(s.values) if v is not None), axis.low) for s in lines)
    span = axis.high - axis.low
    return len(ends) <= 4 and all((b - a) / span > 0.085 for a, b in pairwise(ends))
