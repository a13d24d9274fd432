"""A document as PDF: A4 across, fonts embedded, charts as vectors.

Belongs here: writing what the layout drew onto a PDF canvas. Does not belong here: where things
stand (layout), what charts look like (charts.py), reading a PDF back (pdf_text.py).

The same document gives the same bytes: times in the file are the identity's.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from partner_kpis import theme
from partner_kpis.reports.document import Document, Identity
from partner_kpis.reports.render import identity as identities
from partner_kpis.reports.render import metrics, pdf_text
from partner_kpis.reports.render.charts import chart_marks
from partner_kpis.reports.render.drawing import (
    Area,
    Disc,
    Figurine,
    Grid,
    GridCell,
    Mark,
    Path,
    Plot,
    Rule,
    Status,
    Text,
    Thing,
    moved,
)  # fmt: skip
from partner_kpis.reports.render.layout import A4, Slide, laid_out
from partner_kpis.reports.render.marks import SHAPE_ROOM, status_shape

_BASELINE: Final = 0.94
"""From the top of a line to its baseline, in sizes of the font."""
# Characters that the embedded font lacks, and what stands for them.
_STAND_INS: Final = str.maketrans({
    "◇": "◊", "◆": "■", "◉": "●", "✔": "√", "✓": "√", "✖": "×", "₺": "TL", "\u202f": "\u00a0",
})  # fmt: skip


def render(document: Document) -> bytes:
    """The PDF’s bytes; one page for each slide of the layout."""
    out = io.BytesIO()
    canvas = _canvas(out, document)
    for slide in laid_out(document, A4):
        _Page(canvas, document.identity.lang).draw(slide)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def places(content: bytes) -> dict[str, str]:
    """Every text with a digit: its place → the text. A place reads page 4 / p4/scorecard / …"""
    return pdf_text.places(content)


def identity(content: bytes) -> Identity:
    """Raises UserError where the PDF carries none."""
    return pdf_text.identity(content)


def _canvas(out: io.BytesIO, document: Document) -> Any:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfgen.canvas import Canvas

    for name in (metrics.REGULAR, metrics.BOLD):
        pdfmetrics.registerFont(metrics.font(name))
    size = (A4.width * A4.scale, A4.height * A4.scale)
    canvas = Canvas(
        out, pagesize=size, invariant=1, pageCompression=1, lang=document.identity.lang,
        initialFontName=metrics.REGULAR,
    )  # fmt: skip
    stamp = document.identity.created_at
    # What reportlab calls the time of the file; it has no argument for one.
    canvas._doc.info._dateFormatter = lambda *_: f"D:{stamp:%Y%m%d%H%M%S}+00'00'"
    canvas.setTitle(document.title)
    canvas.setSubject(document.subtitle)
    canvas.setAuthor("partner-kpis")
    canvas.setCreator("partner-kpis")
    canvas.setKeywords(identities.to_json(document.identity))
    return canvas


class _Page:
    """One page of the canvas, in the layout's coordinates."""

    def __init__(self, canvas: Any, lang: str) -> None:
        self.canvas = canvas
        self.lang = lang
        self.height = A4.height

    def draw(self, slide: Slide) -> None:
        self.canvas.scale(A4.scale, A4.scale)
        self.canvas.bookmarkPage(f"slide{slide.number}")
        self.canvas.addOutlineEntry(slide.title.text, f"slide{slide.number}", 0)
        self._things([slide.title, *slide.things])
        y = slide.footer.y - 6
        self._rule(Rule(slide.footer.x, y, A4.width - slide.footer.x, y, theme.LINE, 0.5))
        self._things([slide.footer, slide.folio])

    def _things(self, things: Iterable[Thing]) -> None:
        for thing in things:
            match thing:
                case Grid():
                    self._grid(thing)
                case Plot():
                    drawn = chart_marks(thing.chart, thing.w, thing.h, self.lang, thing.name)
                    for mark in drawn:
                        self._mark(moved(mark, thing.x, thing.y))
                case Figurine():
                    for mark in thing.parts:
                        self._mark(mark)
                case _:
                    self._mark(thing)

    def _mark(self, mark: Mark) -> None:
        canvas = self.canvas
        match mark:
            case Text():
                self._text(mark)
            case Status():
                self._status(mark)
            case Rule():
                self._rule(mark)
            case Area():
                self._ink(mark.fill, mark.line, 0.75)
                y = self.height - mark.y - mark.h
                canvas.rect(mark.x, y, mark.w, mark.h, bool(mark.line), bool(mark.fill))
            case Disc():
                self._ink(mark.fill, mark.line, 0.9)
                y = self.height - mark.y
                canvas.circle(mark.x, y, mark.r, bool(mark.line), bool(mark.fill))
            case Path():
                self._path(mark)

    def _ink(self, fill: str | None, line: str | None, width: float) -> None:
        if fill:
            self.canvas.setFillColor(_colour(fill))
        if line:
            self.canvas.setStrokeColor(_colour(line))
            self.canvas.setLineWidth(width)

    def _rule(self, rule: Rule) -> None:
        self._ink(None, rule.colour, rule.width)
        self._dash(rule.is_dashed)
        self.canvas.line(rule.x1, self.height - rule.y1, rule.x2, self.height - rule.y2)
        self._dash(False)

    def _path(self, path: Path) -> None:
        self._ink(path.fill, path.line, path.width)
        self._dash(path.is_dashed)
        drawn = self.canvas.beginPath()
        for run in path.runs:
            for index, (x, y) in enumerate(run):
                (drawn.lineTo if index else drawn.moveTo)(x, self.height - y)
            if path.fill:
                drawn.close()
        self.canvas.drawPath(drawn, bool(path.line), bool(path.fill))
        self._dash(False)

    def _dash(self, is_dashed: bool) -> None:
        if is_dashed:
            self.canvas.setDash(4, 3)
        elif getattr(self, "_was_dashed", False):
            self.canvas.setDash()
        self._was_dashed = is_dashed

    def _text(self, item: Text) -> None:
        y = item.y
        for line in item.lines:
            self._line(line, item, y)
            y += item.size * metrics.LEADING

    def _line(self, line: str, item: Text, y: float) -> None:
        x = item.x
        if item.align != "left":
            spare = item.w - metrics.width(line, item.size, item.bold)
            x += spare if item.align == "right" else spare / 2
        self._words(line, x, y, item.size, item.bold, item.colour, item.name)

    def _words(
        self, line: str, x: float, y: float, size: float, bold: bool, colour: str, name: str
    ) -> None:
        canvas = self.canvas
        canvas.setFillColor(_colour(colour))
        canvas.setFont(metrics.BOLD if bold else metrics.REGULAR, size)
        # The place of a text stands around it, so that a reader can name it without guessing.
        if name:
            canvas._code.append(pdf_text.opening(name))
        canvas.drawString(x, self.height - y - size * _BASELINE, line.translate(_STAND_INS))
        if name:
            canvas._code.append(pdf_text.CLOSING)

    def _status(self, item: Status) -> None:
        side = item.size * 0.72
        top = item.y + (item.size * metrics.LEADING - side) / 2
        for mark in status_shape(item.look, item.x, top, side):
            self._mark(mark)
        x = item.x + SHAPE_ROOM * item.size
        word = metrics.cut(item.word, item.w - SHAPE_ROOM * item.size, item.size)
        self._words(word, x, item.y, item.size, False, item.look.ink, item.name)

    def _grid(self, grid: Grid) -> None:
        y = grid.y
        width = sum(grid.widths)
        last = len(grid.rows) - 1
        for number, row in enumerate(grid.rows):
            x = grid.x
            for column, (cell, wide) in enumerate(zip(row.cells, grid.widths, strict=True)):
                place = pdf_text.cell_place(grid, number, column)
                self._cell(
                    cell, x + grid.pad, y, wide - 2 * grid.pad, row.height, place, number == 0
                )
                x += wide
            y += row.height
            above_total = grid.has_total and number == last - 1
            strong = number == 0 or above_total
            colour = theme.REST if strong else theme.LINE
            self._rule(Rule(grid.x, y, grid.x + width, y, colour, 0.8 if strong else 0.5))

    def _cell(
        self, cell: GridCell, x: float, y: float, w: float, h: float, place: str, is_head: bool
    ) -> None:
        tall = len(cell.lines) * cell.size * metrics.LEADING
        top = y + (h - tall - (3 if is_head else 0) if is_head else (h - tall) / 2)
        if cell.look:
            self._status(Status(x, top, w, tall, cell.look, cell.fitted_text, cell.size, place))
        elif cell.fitted_text:
            self._text(Text(
                x, top, w, tall, cell.fitted_text, cell.lines, cell.size, cell.bold, cell.colour,
                cell.align, place,
            ))  # fmt: skip


@cache
def _colour(value: str) -> Any:
    from reportlab.lib.colors import HexColor

    return HexColor(value)
