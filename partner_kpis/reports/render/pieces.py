"""Parts of a page that know their height: what stacks, what grows, what may be divided.

Belongs here: measuring and drawing without knowing the page. Does not belong here: which block
becomes which piece (blocks, tables), or how pieces are spread over pages (layout).

Lengths are in points; every piece is made for one width.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from partner_kpis import theme
from partner_kpis.reports.document import Chart
from partner_kpis.reports.render.chartspec import HORIZONTAL
from partner_kpis.reports.render.drawing import Align, Area, Plot, Text, Thing
from partner_kpis.reports.render.metrics import LEADING, Fitted, fit

BODY: Final = 12.0
SMALL: Final = 9.0
HEADING: Final = 12.5
GAP: Final = 16.0
"""Between pieces, one under the other or side by side."""


class Piece(Protocol):
    """height: the least it needs; most: how high it may grow (charts), else the same."""

    @property
    def height(self) -> float: ...
    @property
    def most(self) -> float: ...
    @property
    def charts(self) -> int: ...
    @property
    def tables(self) -> int: ...
    def squeezed(self, room: float) -> Piece | None:
        """Itself, or a tighter version, that fits into `room`; None where none does."""

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        """A first part that fits into `room` and the rest; None where it cannot be divided so."""

    def draw(self, x: float, y: float, height: float) -> list[Thing]: ...


@dataclass(frozen=True)
class Strip:
    """One row of a piece: its height, and what draws it at (x, y)."""

    height: float
    draw: Callable[[float, float], list[Thing]]


@dataclass(frozen=True)
class Strips:
    """Rows under a heading. smaller: the same set tighter, where that is possible."""

    strips: tuple[Strip, ...]
    head: Strip | None = None
    smaller: Callable[[], Strips | None] | None = None
    charts: int = 0
    tables: int = 0

    @property
    def height(self) -> float:
        return sum(s.height for s in self.strips) + (self.head.height if self.head else 0.0)

    @property
    def most(self) -> float:
        return self.height

    def squeezed(self, room: float) -> Piece | None:
        piece: Strips | None = self
        while piece is not None and piece.height > room:
            piece = piece.smaller() if piece.smaller else None
        return piece

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        used = self.head.height if self.head else 0.0
        for index, strip in enumerate(self.strips):
            if used + strip.height > room:
                if index == 0:
                    return None
                first = replace(self, strips=self.strips[:index], smaller=None)
                return first, replace(self, strips=self.strips[index:], smaller=None)
            used += strip.height
        return None

    def draw(self, x: float, y: float, height: float) -> list[Thing]:
        things: list[Thing] = []
        for strip in (*((self.head,) if self.head else ()), *self.strips):
            things += strip.draw(x, y)
            y += strip.height
        return things


@dataclass(frozen=True)
class ChartPiece:
    """A chart under its finding, with the unit of its axis and its note."""

    chart: Chart
    name: str
    width: float
    least: float = 176.0
    charts: int = 1
    tables: int = 0

    @property
    def height(self) -> float:
        return self.least + self._around()

    @property
    def most(self) -> float:
        """Wide is calm, and few bars need no more than their room."""
        plot = self.width * 0.6
        if self.chart.kind in HORIZONTAL:
            plot = max(self.least, len(self.chart.categories) * 44.0 + 40)
        return plot + self._around()

    def squeezed(self, room: float) -> Piece | None:
        return self if self.height <= room else None

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        return None

    def draw(self, x: float, y: float, height: float) -> list[Thing]:
        height = min(height, self.most)
        top = heading(self.chart.title, self.width, self.name)
        unit = one_line(self.chart.unit, self.width, SMALL, f"{self.name}/unit")
        note = small_print(self.chart.note, self.width, f"{self.name}/note")
        plot = height - self._around()
        things = top.draw(x, y) + unit.draw(x, y + top.height)
        y += top.height + unit.height + 2
        things.append(Plot(x, y, self.width, plot, self.chart, self.name))
        return things + (note.draw(x, y + plot) if note else [])

    def _around(self) -> float:
        note = small_print(self.chart.note, self.width, "")
        line = SMALL * LEADING + 2
        top = heading(self.chart.title, self.width, "").height
        return top + (line if self.chart.unit else 2.0) + (note.height if note else 0)


@dataclass(frozen=True)
class Side:
    """Pieces next to each other, as high as the highest."""

    pieces: tuple[Piece, ...]
    widths: tuple[float, ...]

    @property
    def height(self) -> float:
        return max(piece.height for piece in self.pieces)

    @property
    def most(self) -> float:
        return max(piece.most for piece in self.pieces)

    @property
    def charts(self) -> int:
        return sum(piece.charts for piece in self.pieces)

    @property
    def tables(self) -> int:
        return sum(piece.tables for piece in self.pieces)

    def squeezed(self, room: float) -> Piece | None:
        found = [piece.squeezed(room) for piece in self.pieces]
        if any(piece is None for piece in found):
            return None
        return replace(self, pieces=tuple(piece for piece in found if piece is not None))

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        return None

    def draw(self, x: float, y: float, height: float) -> list[Thing]:
        things: list[Thing] = []
        for piece, width in zip(self.pieces, self.widths, strict=True):
            things += piece.draw(x, y, height)
            x += width + GAP * 1.5
        return things


def text(
    fitted: Fitted, x: float, y: float, w: float, *, bold: bool = False, colour: str = theme.INK,
    align: Align = "left", name: str = "",
) -> Text:  # fmt: skip
    """A fitted text at its place."""
    return Text(
        x, y, w, fitted.height, fitted.text, fitted.lines, fitted.size, bold, colour, align, name
    )


def heading(title: str, width: float, name: str) -> Strip:
    """The bold line above a table, a chart or a list; none without a title."""
    if not title:
        return Strip(0.0, lambda x, y: [])
    fitted = fit(title, width, HEADING, floor=11.0, most=2, bold=True)
    return Strip(
        fitted.height + 5,
        lambda x, y: [text(fitted, x, y, width, bold=True, name=f"{name}/title")],
    )


def one_line(words: str, width: float, size: float, name: str) -> Strip:
    """One small grey line; none without words."""
    if not words:
        return Strip(0.0, lambda x, y: [])
    fitted = fit(words, width, size, floor=7.5)
    return Strip(
        size * LEADING,
        lambda x, y: [text(fitted, x, y, width, colour=theme.INK_SOFT, name=name)],
    )


def small_print(words: str | None, width: float, name: str) -> Strip | None:
    """A note below a table or a chart, in three lines at most."""
    if not words:
        return None
    fitted = fit(words, width, SMALL, floor=8.0, most=3)
    return Strip(
        fitted.height + 4,
        lambda x, y: [text(fitted, x, y + 4, width, colour=theme.INK_SOFT, name=name)],
    )


def why_empty(title: str, why: str, width: float, name: str) -> Strips:
    """A part without data: its heading, and why in one line on a quiet ground."""
    fitted = fit(why, width - 24, BODY, floor=9.0, most=3)
    tall = fitted.height + 18

    def draw(x: float, y: float) -> list[Thing]:
        return [
            Area(x, y, width, tall, theme.SURFACE),
            text(fitted, x + 12, y + 9, width - 24, colour=theme.INK_SOFT, name=f"{name}/empty"),
        ]

    return Strips((Strip(tall, draw),), head=heading(title, width, name))
