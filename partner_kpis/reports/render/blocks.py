"""Which block of a document becomes which piece of a page.

Belongs here: tiles, sentences, facts, and choosing the piece for every kind of block.
Does not belong here: tables (tables.py), charts’ insides, spreading pieces over pages (layout).
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
    Tile,
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

TONES: Final[dict[Tone, str]] = {
    "win": theme.STATUSES["on_target"].colour,
    "risk": theme.STATUSES["breach"].colour,
    "ask": theme.ACCENT,
    "plain": theme.LINE,
}
_SENTENCES: Final = (13.0, 12.0, 11.0, 10.0, 9.0)
_MOST_TILES: Final = 5
_TILE_PAD: Final = 11.0
_CHART_SHARE: Final = 0.58


def pieces(blocks: tuple[Block, ...], page: str, width: float, lang: str) -> list[Piece]:
    """The blocks in order; lists of sentences stand side by side, and so does a chart with what
    is narrow enough beside it."""
    made: list[Piece] = []
    for is_list, group in groupby(blocks, key=lambda b: isinstance(b, Statements)):
        run = list(group)
        if is_list and 2 <= len(run) <= 3:
            wide = (width - GAP * 1.5 * (len(run) - 1)) / len(run)
            columns = tuple(_piece(b, page, wide, lang) for b in run)
            made.append(Side(columns, (wide,) * len(run)))
            continue
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
            return _tiles(block, name, width)
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


def _tiles(block: Tiles, name: str, width: float) -> Strips:
    count = len(block.tiles)
    per_row = count if count <= _MOST_TILES else ceil(count / ceil(count / _MOST_TILES))
    wide = (width - (per_row - 1) * 12) / max(per_row, 1)
    tall = max((_tile_height(tile, wide) for tile in block.tiles), default=0.0)
    strips = []
    for start in range(0, count, max(per_row, 1)):
        row = block.tiles[start : start + per_row]
        is_last = start + per_row >= count
        strips.append(_tile_row(row, name, wide, tall, 0.0 if is_last else 12.0))
    return Strips(tuple(strips))


def _tile_row(row: tuple[Tile, ...], name: str, wide: float, tall: float, below: float) -> Strip:
    def draw(x: float, y: float) -> list[Thing]:
        things: list[Thing] = []
        for tile in row:
            things += _tile(tile, f"{name}/{tile.label}", x, y, wide, tall)
            x += wide + 12
        return things

    return Strip(tall + below, draw)


def _tile_parts(tile: Tile, wide: float) -> tuple[float, list[tuple[str, float, int]]]:
    """The room within, and the small lines at the foot: words, size, how many lines at most."""
    small = [(tile.change, SMALL + 0.5, 2), (tile.sample, SMALL, 1)]
    return wide - 2 * _TILE_PAD, [part for part in small if part[0]]


def _tile_height(tile: Tile, wide: float) -> float:
    room, small = _tile_parts(tile, wide)
    tall = _TILE_PAD + fit(tile.label, room, 10.5, floor=9.5, most=2).height + 4 + 22 * LEADING
    tall += 5 + 10.5 * LEADING if tile.mark else 0
    tall += sum(fit(words, room, size, most=most).height + 3 for words, size, most in small)
    return tall + _TILE_PAD - 2


def _tile(tile: Tile, name: str, x: float, y: float, wide: float, tall: float) -> list[Thing]:
    room, small = _tile_parts(tile, wide)
    things: list[Thing] = [Area(x, y, wide, tall, theme.GROUND, theme.LINE)]
    at = x + _TILE_PAD
    label = fit(tile.label, room, 10.5, floor=9.5, most=2)
    things.append(text(label, at, y + _TILE_PAD, room, colour=theme.INK_SOFT, name=f"{name}/label"))
    y += _TILE_PAD + label.height + 4
    spark_wide = room * 0.32 if tile.spark else 0.0
    unit = fit(tile.unit, room * 0.4, 10.0, floor=8.0) if tile.unit else None
    unit_wide = _width_of(unit.text, unit.size) + 6 if unit else 0.0
    value = fit(tile.figure.text, room - unit_wide - spark_wide - 4, 22.0, floor=10.0, bold=True)
    value_wide = room - unit_wide - spark_wide
    things.append(
        text(value, at, y + 22 * LEADING - value.height, value_wide, bold=True, name=name)
    )
    if unit:
        used = _width_of(value.text, value.size, True) + 5
        base = y + 22 * LEADING - unit.height - 3.2
        things.append(
            text(unit, at + used, base, unit_wide + 2, colour=theme.INK_SOFT, name=f"{name}/unit")
        )
    if tile.spark:
        left = at + room - spark_wide
        line = marks.sparkline(tile.spark, left, y + 5, spark_wide - 3, 17, f"{name}/spark")
        things += [line] if line else []
    y += 22 * LEADING
    if tile.mark:
        look = marks.look_of(tile.mark)
        things.append(
            Status(at, y + 5, room, 10.5 * LEADING, look, tile.mark.word, 10.5, f"{name}/status")
        )
        y += 5 + 10.5 * LEADING
    for number, (words, size, most) in enumerate(small, start=1):
        line_fit = fit(words, room, size, most=most)
        things.append(
            text(line_fit, at, y + 3, room, colour=theme.INK_SOFT, name=f"{name}/line {number}")
        )
        y += line_fit.height + 3
    return things


def _width_of(words: str, size: float, bold: bool = False) -> float:
    from partner_kpis.reports.render.metrics import width

    return width(words, size, bold)
