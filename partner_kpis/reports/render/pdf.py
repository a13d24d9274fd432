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
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfgen.canvas import Canvas

    for name in (metrics.REGULAR, metrics.BOLD):
        pdfmetrics.registerFont(metrics.font(name))
    # Streams as bytes: as text they are a quarter larger and take longer than all the drawing.
    rl_config.useA85 = 0
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
                y = self.height - mark.y - mark.h
                box = f"{mark.x:.2f} {y:.2f} {mark.w:.2f} {mark.h:.2f} re"
                self._write(_pen(mark.fill, mark.line, 0.75), box, _paint(mark.fill, mark.line))
            case Disc():
                self._write(_pen(mark.fill, mark.line, 0.9))
                y = self.height - mark.y
                canvas.circle(mark.x, y, mark.r, bool(mark.line), bool(mark.fill))
            case Path():
                self._path(mark)

    def _write(self, *operators: str) -> None:
        self.canvas._code.append(" ".join(operators))

    def _rule(self, rule: Rule) -> None:
        start = f"{rule.x1:.2f} {self.height - rule.y1:.2f} m"
        end = f"{rule.x2:.2f} {self.height - rule.y2:.2f} l S"
        self._write(*_dashed([_pen(None, rule.colour, rule.width), start, end], rule.is_dashed))

    def _path(self, path: Path) -> None:
        steps = [_pen(path.fill, path.line, path.width)]
        for run in path.runs:
            for index, (x, y) in enumerate(run):
                steps.append(f"{x:.2f} {self.height - y:.2f} {'l' if index else 'm'}")
            if path.fill:
                steps.append("h")
        steps.append(_paint(path.fill, path.line))
        self._write(*_dashed(steps, path.is_dashed))

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
        # Operators and not drawString, which spends most of a document on formatting numbers.
        font = metrics.font(metrics.BOLD if bold else metrics.REGULAR)
        document = self.canvas._doc
        shown = " ".join(
            f"{font.getSubsetInternalName(subset, document)} {size:g} Tf <{codes.hex()}> Tj"
            for subset, codes in font.splitString(line.translate(_STAND_INS), document)
        )
        at = f"1 0 0 1 {x:.2f} {self.height - y - size * _BASELINE:.2f} Tm"
        self._write(pdf_text.opening(name), "BT", _pen(colour, None, 0), at, shown, "ET EMC")

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


def _pen(fill: str | None, line: str | None, width: float) -> str:
    """The operators that choose colours and the width of a line."""
    inks = [f"{_rgb(fill)} rg"] if fill else []
    return " ".join([*inks, f"{_rgb(line)} RG {width:g} w"] if line else inks)


def _paint(fill: str | None, line: str | None) -> str:
    return "B" if fill and line else "f" if fill else "S"


def _dashed(operators: list[str], is_dashed: bool) -> list[str]:
    return ["[4 3] 0 d", *operators, "[] 0 d"] if is_dashed else operators


@cache
def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[i : i + 2], 16) / 255:.4g}" for i in (1, 3, 5))
