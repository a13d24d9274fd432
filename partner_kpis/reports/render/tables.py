"""Tables on a page: how wide columns are, how high rows, which rows are shown.

Belongs here: measuring and drawing one table. Does not belong here: where on a page it stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from partner_kpis import formats, theme
from partner_kpis.reports.document import Cell, Column, Corridor, Figure, Mark, Spark, Table
from partner_kpis.reports.render import marks, metrics
from partner_kpis.reports.render.drawing import Align, Grid, GridCell, GridRow, Thing
from partner_kpis.reports.render.pieces import Piece, Strip, heading, small_print
from partner_kpis.text import t

# Size of the font and room above and below a line, from airy to tight.
_SETTINGS: Final = ((11.0, 5.5), (10.5, 4.5), (10.0, 4.0), (9.5, 3.2), (9.0, 2.6))
PAD: Final = 6.0
"""Room left and right within a cell."""
_DRAWN_WIDTH: Final = 84.0
_WORD_WIDTH: Final = 150.0
"""A text column is as wide as its longest word, but no wider than this for one."""
_MOST_LINES: Final = 6
_DIVIDED: Final = 2
"""The setting of a table that needs several pages."""
_FEWEST_ROWS: Final = 4


@dataclass(frozen=True)
class TablePiece:
    """Some rows of a table (numbers into its rows), set in one of a few sizes.

    is_divided: one of several parts, which all keep the same size.
    """

    table: Table
    rows: tuple[int, ...]
    name: str
    width: float
    lang: str
    setting: int = 0
    is_last: bool = True
    is_divided: bool = False
    charts: int = 0
    tables: int = 1

    @property
    def most(self) -> float:
        return self.height

    @property
    def height(self) -> float:
        return self._top.height + sum(row.height for row in self._grid) + self._foot_height

    def squeezed(self, room: float) -> Piece | None:
        tightest = self.setting if self.is_divided else len(_SETTINGS) - 1
        for setting in range(self.setting, tightest + 1):
            piece = replace(self, setting=setting)
            if piece.height <= room:
                return piece
        return None

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        if not self.is_divided:
            return replace(self, setting=_DIVIDED, is_divided=True).split(room)
        used = self._top.height + self._grid[0].height
        count = 0
        for row in self._grid[1:]:
            if used + row.height > room:
                break
            used += row.height
            count += 1
        # Two rows left alone on a page of their own look lost; neither may two begin alone.
        count = min(count, len(self.rows) - 2)
        if count < min(_FEWEST_ROWS, len(self.rows) - 2) or count < 1:
            return None
        first = replace(self, rows=self.rows[:count], is_last=False)
        return first, replace(self, rows=self.rows[count:])

    def draw(self, x: float, y: float, height: float) -> list[Thing]:
        things = list(self._top.draw(x, y))
        y += self._top.height
        total = self.table.has_total and self.rows[-1] == len(self.table.rows) - 1
        things.append(Grid(
            x, y, self._widths, self._grid, PAD, total, self.name, self.table.title or self.name
        ))  # fmt: skip
        y += self._grid[0].height
        for number, row in zip(self.rows, self._grid[1:], strict=True):
            things += self._drawn_cells(number, x, y, row.height)
            y += row.height
        for strip in self._feet:
            things += strip.draw(x, y)
            y += strip.height
        return things

    def _drawn_cells(self, number: int, x: float, y: float, height: float) -> list[Thing]:
        things: list[Thing] = []
        columns = zip(self.table.columns, self.table.rows[number], self._widths, strict=True)
        for column, cell, wide in columns:
            name = f"{self.name}/{number + 1}/{column.key}"
            box = (x + PAD, y + 3, wide - 2 * PAD, height - 6)
            made = None
            if isinstance(cell, Corridor):
                made = marks.corridor(cell, *box, name)
            elif isinstance(cell, Spark):
                made = marks.sparkline(cell, box[0], box[1] + 1, box[2] - 3, box[3] - 2, name)
            if made:
                things.append(made)
            x += wide
        return things

    @cached_property
    def _top(self) -> Strip:
        return heading(self.table.title, self.width, self.name)

    @cached_property
    def _feet(self) -> list[Strip]:
        if not self.is_last:
            return []
        left_out = len(self.table.rows) - _shown_count(self.table)
        count = formats.number(left_out, self.lang)
        more = t("render.more_rows", self.lang, count=count) if left_out else None
        strips = (
            small_print(more, self.width, f"{self.name}/more"),
            small_print(self.table.note, self.width, f"{self.name}/note"),
        )
        return [strip for strip in strips if strip]

    @property
    def _foot_height(self) -> float:
        return sum(strip.height for strip in self._feet)

    @cached_property
    def _widths(self) -> tuple[float, ...]:
        return column_widths(self.table, self.width, _SETTINGS[self.setting][0])

    @cached_property
    def _grid(self) -> tuple[GridRow, ...]:
        size, pad = _SETTINGS[self.setting]
        header = [
            _header_cell(column, wide, round(size * 0.92, 1))
            for column, wide in zip(self.table.columns, self._widths, strict=True)
        ]
        rows = [_row(header, size, pad)]
        last = len(self.table.rows) - 1 if self.table.has_total else -1
        for number in self.rows:
            columns = zip(self.table.columns, self.table.rows[number], self._widths, strict=True)
            cells = [_cell(cell, c, wide, size, number == last) for c, cell, wide in columns]
            rows.append(_row(cells, size, pad))
        return tuple(rows)


def table_piece(table: Table, name: str, width: float, lang: str) -> TablePiece:
    """The rows that a page shows; the last one too where it is the total."""
    count = _shown_count(table)
    rows = list(range(count))
    if table.has_total and count < len(table.rows):
        rows[-1] = len(table.rows) - 1
    # Few short columns over a whole page: the eye would lose the row between them.
    if width > 500:
        width = max(min(width, natural_width(table) * 1.9), width * 0.5)
    return TablePiece(table, tuple(rows), name, width, lang)


def natural_width(table: Table) -> float:
    """The width that the shown rows want on one line each."""
    wants = _wants(table, _SETTINGS[0][0])
    return sum(want for _, want, _ in wants)


def column_widths(table: Table, width: float, size: float) -> tuple[float, ...]:
    """By weight; but numbers stay on one line, and a text takes what another does not need."""
    wants = _wants(table, size)
    total = sum(c.weight for c in table.columns) or 1.0
    widths = [
        max(c.weight / total * width, need)
        for c, (need, _, _) in zip(table.columns, wants, strict=True)
    ]
    _take(widths, [need for need, _, _ in wants], sum(widths) - width)
    spare = [
        max(w - max(need, want), 0.0) for w, (need, want, _) in zip(widths, wants, strict=True)
    ]
    lack = [max(want - w, 0.0) for w, (_, want, _) in zip(widths, wants, strict=True)]
    give = min(sum(spare), sum(lack))
    if give > 0:
        widths = [
            w - s / sum(spare) * give + k / sum(lack) * give
            for w, s, k in zip(widths, spare, lack, strict=True)
        ]
    factor = width / sum(widths)
    return tuple(w * factor for w in widths)


def _take(widths: list[float], needs: list[float], over: float) -> None:
    """Take `over` from the columns that have more than they need, in proportion."""
    spare = [max(w - need, 0.0) for w, need in zip(widths, needs, strict=True)]
    if over <= 0 or sum(spare) <= 0:
        return
    share = min(over / sum(spare), 1.0)
    for index, more in enumerate(spare):
        widths[index] -= more * share


def _wants(table: Table, size: float) -> list[tuple[float, float, bool]]:
    """Of each column: the least width, the width for one line each, and whether it is fixed."""
    shown = table.rows[: _shown_count(table)]
    if table.has_total and table.rows:
        shown = (*shown, table.rows[-1])
    found = []
    for index, column in enumerate(table.columns):
        title = round(size * 0.92, 1)
        words = [metrics.width(w, title, True) for w in column.title.split(" ")]
        cells = [row[index] for row in shown]
        whole = max((_wide(cell, size) for cell in cells), default=0.0)
        fixed = column.is_number or any(not isinstance(cell, str) for cell in cells)
        least = whole if fixed else min(_longest_word(cells, size), _WORD_WIDTH)
        slack = 2 * PAD + 2
        need = max(least, *words) + slack
        found.append((need, max(whole, *words) + slack, fixed))
    return found


def _longest_word(cells: list[Cell], size: float) -> float:
    words = {word for cell in cells if isinstance(cell, str) for word in cell.split()}
    return max((metrics.width(word, size) for word in words), default=0.0) * 1.02


def _wide(cell: Cell, size: float) -> float:
    match cell:
        case Corridor() | Spark():
            return _DRAWN_WIDTH
        case Mark():
            return (metrics.width(cell.word, size) + marks.SHAPE_ROOM * size) * 1.02
        case Figure():
            return metrics.width(cell.text, size, True) * 1.02
        case _:
            return metrics.width(cell, size) * 1.02


def _header_cell(column: Column, wide: float, size: float) -> GridCell:
    fitted = metrics.fit(column.title, wide - 2 * PAD, size, most=3, bold=True)
    align: Align = "right" if column.is_number else "left"
    return GridCell(
        fitted.text, fitted.lines, fitted.size, align, True, theme.INK_SOFT, None, column.key
    )


def _cell(cell: Cell, column: Column, wide: float, size: float, bold: bool) -> GridCell:
    """Numbers shrink before anything of them is cut, texts take more lines."""
    room = wide - 2 * PAD
    align: Align = "right" if column.is_number else "left"
    colour, look = theme.INK, None
    match cell:
        case Mark():
            look = marks.look_of(cell)
            fitted = metrics.fit(cell.word, room - marks.SHAPE_ROOM * size, size, floor=7.0)
            align, colour = "left", look.ink
        case Corridor() | Spark():
            return GridCell("", ("",), size, place=column.key)
        case Figure():
            fitted = metrics.fit(cell.text, room, size, floor=6.0, bold=bold)
        case _ if column.is_number:
            fitted = metrics.fit(cell, room, size, floor=6.0, bold=bold)
        case _:
            fitted = metrics.fit(cell, room, size, most=_MOST_LINES, bold=bold)
    return GridCell(fitted.text, fitted.lines, fitted.size, align, bold, colour, look, column.key)


def _row(cells: list[GridCell], size: float, pad: float) -> GridRow:
    tall = max((len(c.lines) * c.size for c in cells), default=size) * metrics.LEADING
    return GridRow(max(tall, size * metrics.LEADING) + 2 * pad, tuple(cells))


def _shown_count(table: Table) -> int:
    return min(max(table.shown, 1), len(table.rows))
