"""The few things that a page is drawn with: texts, lines, areas, marks, tables and charts.

Belongs here: what to draw and where, in points from the top left. Does not belong here: deciding
where (layout), or how a format writes it (pptx, pdf, svg).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from partner_kpis.reports.document import Chart
from partner_kpis.theme import INK, StatusLook

Align: TypeAlias = Literal["left", "right", "center"]
Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Text:
    """Lines from the box's top; `text` is the same without the breaks that its width makes."""

    x: float
    y: float
    w: float
    h: float
    text: str
    lines: tuple[str, ...]
    size: float
    bold: bool = False
    colour: str = INK
    align: Align = "left"
    name: str = ""


@dataclass(frozen=True)
class Status:
    """A status by shape and word on one line."""

    x: float
    y: float
    w: float
    h: float
    look: StatusLook
    word: str
    size: float
    name: str = ""


@dataclass(frozen=True)
class Rule:
    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    width: float = 0.75
    is_dashed: bool = False


@dataclass(frozen=True)
class Area:
    x: float
    y: float
    w: float
    h: float
    fill: str | None
    line: str | None = None


@dataclass(frozen=True)
class Disc:
    """A circle about (x, y)."""

    x: float
    y: float
    r: float
    fill: str | None
    line: str | None = None


@dataclass(frozen=True)
class Path:
    """One or more runs of points; closed and filled, or drawn as a line with gaps between runs."""

    runs: tuple[tuple[Point, ...], ...]
    line: str | None = None
    fill: str | None = None
    width: float = 1.25
    is_dashed: bool = False


@dataclass(frozen=True)
class Figurine:
    """A small picture made of others, such as a sparkline, that moves as one."""

    x: float
    y: float
    w: float
    h: float
    parts: tuple[Mark, ...]
    name: str = ""
    alt: str = ""


@dataclass(frozen=True)
class GridCell:
    fitted_text: str
    lines: tuple[str, ...]
    size: float
    align: Align = "left"
    bold: bool = False
    colour: str = INK
    look: StatusLook | None = None
    place: str = ""


@dataclass(frozen=True)
class GridRow:
    height: float
    cells: tuple[GridCell, ...]


@dataclass(frozen=True)
class Grid:
    """A table; the first row is its header."""

    x: float
    y: float
    widths: tuple[float, ...]
    rows: tuple[GridRow, ...]
    pad: float
    has_total: bool
    name: str
    title: str


@dataclass(frozen=True)
class Plot:
    """A chart's own ground, without its title."""

    x: float
    y: float
    w: float
    h: float
    chart: Chart
    name: str


Mark: TypeAlias = Text | Status | Rule | Area | Disc | Path
Thing: TypeAlias = Mark | Figurine | Grid | Plot


def moved(mark: Mark, dx: float, dy: float) -> Mark:
    """The same mark elsewhere."""
    match mark:
        case Rule():
            return replace(mark, x1=mark.x1 + dx, y1=mark.y1 + dy, x2=mark.x2 + dx, y2=mark.y2 + dy)
        case Path():
            runs = tuple(tuple((x + dx, y + dy) for x, y in run) for run in mark.runs)
            return replace(mark, runs=runs)
        case _:
            return replace(mark, x=mark.x + dx, y=mark.y + dy)
