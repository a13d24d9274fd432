"""Which block of a document becomes which piece of a page.

Belongs here: sentences, facts, and choosing the piece for every kind of block.
Does not belong here: tables, tiles, charts’ insides, spreading pieces over pages (layout).
"""

from __future__ import annotations

from itertools import groupby
from math import ceil
from typing import Final

from partner_kpis import theme
from partner_kpis.reports.document import (
    Block,
    Cell,
    Chart,
    Corridor,
    Facts,
    Figure,
    Mark,
    Nothing,
    Spark,
    Statement,
    Statements,
    Table,
    Tiles,
    Tone,
)  # fmt: skip
from partner_kpis.reports.render import marks
from partner_kpis.reports.render.drawing import Area, Rule, Status, Thing
from partner_kpis.reports.render.metrics import LEADING, fit
from partner_kpis.reports.render.pieces import (
    BODY,
    GAP,
    SMALL,
    ChartPiece,
    Piece,
    Side,
    Strip,
    Strips,
    heading,
    text,
    why_empty,
)  # fmt: skip
from partner_kpis.reports.render.tables import natural_width, table_piece
from partner_kpis.reports.render.tiles import tiles_piece

TONES: Final[dict[Tone, str]] = {
    "win": theme.STATUSES["on_target"].colour,
    "risk": theme.STATUSES["breach"].colour,
    "ask": theme.ACCENT,
    "plain": theme.LINE,
}
_SENTENCES: Final = (13.0, 12.0, 11.0, 10.0, 9.0)
_COLUMNS: Final = 3
"""Lists of sentences next to each other; what comes before the last three stands above them."""
_CHART_SHARE: Final = 0.58


def pieces(blocks: tuple[Block, ...], page: str, width: float, lang: str) -> list[Piece]:
    """The blocks in order; lists of sentences stand side by side, and so does a chart with what
    is narrow enough beside it."""
    made: list[Piece] = []
    for is_list, group in groupby(blocks, key=lambda b: isinstance(b, Statements)):
        run = list(group)
        if is_list and len(run) > 1:
            made += [_piece(block, page, width, lang) for block in run[:-_COLUMNS]]
            beside = run[-_COLUMNS:]
            wide = (width - GAP * 1.5 * (len(beside) - 1)) / len(beside)
            columns = tuple(_piece(block, page, wide, lang) for block in beside)
            made.append(Side(columns, (wide,) * len(beside)))
        else:
            made += _paired(run, page, width, lang)
    return made


def _paired(run: list[Block], page: str, width: float, lang: str) -> list[Piece]:
    made: list[Piece] = []
    left = (width - GAP * 1.5) * _CHART_SHARE
    right = width - GAP * 1.5 - left
    while run:
        first, *rest = run
        if rest and _goes_beside(first, rest[0], right):
            widths = (left, right) if isinstance(first, Chart) else (right, left)
            both = (_piece(first, page, widths[0], lang), _piece(rest[0], page, widths[1], lang))
            made.append(Side(both, widths))
            run = rest[1:]
        else:
            made.append(_piece(first, page, width, lang))
            run = rest
    return made


def _goes_beside(first: Block, second: Block, room: float) -> bool:
    for chart, other in ((first, second), (second, first)):
        if isinstance(chart, Chart) and has_data(chart):
            if isinstance(other, Table) and other.rows:
                return min(other.shown, len(other.rows)) <= 12 and natural_width(other) <= room
            if isinstance(other, Facts):
                return len(other.pairs) <= 12
            return isinstance(other, Statements) and len(other.items) <= 6
    return False


def has_data(chart: Chart) -> bool:
    """Whether anything can be drawn; a chart of gaps alone is as good as none."""
    return any(figure.value is not None for s in chart.series for figure in s.figures)


def _piece(block: Block, page: str, width: float, lang: str) -> Piece:
    name = f"p{page}/{block.key}"
    match block:
        case Table() if block.rows:
            return table_piece(block, name, width, lang)
        case Chart() if has_data(block):
            return ChartPiece(block, name, width)
        case Table() | Chart():
            return why_empty(block.title, block.empty, width, name)
        case Nothing():
            return why_empty("", block.why, width, name)
        case Tiles():
            return tiles_piece(block, name, width)
        case Statements() if block.items:
            return _statements(block, name, width, 0)
        case Statements():
            return why_empty(block.title, block.empty, width, name)
        case Facts():
            return facts(block, name, width)


def _statements(block: Statements, name: str, width: float, setting: int) -> Strips:
    size = _SENTENCES[setting]
    strips = tuple(
        _sentence(item, f"{name}/{number}", width, size)
        for number, item in enumerate(block.items, start=1)
    )

    def smaller() -> Strips | None:
        return (
            _statements(block, name, width, setting + 1) if setting < len(_SENTENCES) - 1 else None
        )

    return Strips(strips, heading(block.title, width, name), smaller)


def _sentence(item: Statement, name: str, width: float, size: float) -> Strip:
    room = width - 14
    words = fit(item.text, room, size, most=9)
    below = " · ".join(part for part in (item.kpi_id, item.period) if part)
    small = fit(below, room, SMALL, floor=7.5) if below else None
    tall = words.height + (small.height + 2 if small else 0)

    def draw(x: float, y: float) -> list[Thing]:
        things: list[Thing] = [
            Area(x, y + 1, 3, tall, TONES[item.tone]),
            text(words, x + 14, y, room, name=name),
        ]
        if small:
            below = y + words.height + 2
            things.append(
                text(small, x + 14, below, room, colour=theme.INK_SOFT, name=f"{name}/kpi")
            )
        return things

    return Strip(tall + 12, draw)


def facts(block: Facts, name: str, width: float, size: float = BODY) -> Strips:
    """Label and value in one or two columns, a hairline between rows."""
    columns = 2 if width > 620 and len(block.pairs) > 5 else 1
    wide = (width - (columns - 1) * 2 * GAP) / columns
    if columns == 1 and width > 620:
        wide = width * 0.6  # a value far from its label is read with the wrong one
    rows = ceil(len(block.pairs) / columns)
    strips = tuple(_fact_row(block.pairs[row::rows], name, wide, size) for row in range(rows))
    return Strips(strips)


def _fact_row(pairs: tuple[tuple[str, Cell], ...], name: str, wide: float, size: float) -> Strip:
    label_wide = min(wide * 0.42, 200.0)
    room = wide - label_wide - 8
    made = []
    for label, cell in pairs:
        words = cell.text if isinstance(cell, Figure) else cell if isinstance(cell, str) else ""
        made.append((
            fit(label, label_wide, size, floor=size - 2, most=2), cell,
            fit(words, room, size, floor=size - 2, most=4), f"{name}/{label}",
        ))  # fmt: skip
    tall = max(max(a.height, b.height) for a, _, b, _ in made) + 9

    def draw(x: float, y: float) -> list[Thing]:
        things: list[Thing] = []
        for label, cell, value, place in made:
            things.append(
                text(label, x, y + 4, label_wide, colour=theme.INK_SOFT, name=f"{place}/label")
            )
            at = x + label_wide + 8
            if isinstance(cell, Mark):
                look = marks.look_of(cell)
                things.append(Status(at, y + 4, room, size * LEADING, look, cell.word, size, place))
            elif isinstance(cell, Corridor):
                made_bar = marks.corridor(cell, at, y + 3, min(room, 120), tall - 6, place)
                things += [made_bar] if made_bar else []
            elif isinstance(cell, Spark):
                line = marks.sparkline(cell, at, y + 4, min(room, 120), tall - 8, place)
                things += [line] if line else []
            else:
                things.append(text(value, at, y + 4, room, name=place))
            things.append(Rule(x, y + tall, x + wide, y + tall, theme.LINE, 0.5))
            x += wide + 2 * GAP
        return things

    return Strip(tall, draw)
