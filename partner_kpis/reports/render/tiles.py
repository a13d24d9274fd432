"""Tiles on a page: one KPI each, large, with its status, its change and its last periods.

Belongs here: measuring and drawing tiles. Does not belong here: where on a page they stand.
"""

from __future__ import annotations

from math import ceil
from typing import Final

from partner_kpis import theme
from partner_kpis.reports.document import Tile, Tiles
from partner_kpis.reports.render import marks
from partner_kpis.reports.render.drawing import Area, Status, Thing
from partner_kpis.reports.render.metrics import LEADING, fit, width
from partner_kpis.reports.render.pieces import SMALL, Strip, Strips, text

_MOST_TILES: Final = 5
_TILE_PAD: Final = 11.0
_TILE_WIDTH: Final = 260.0


def tiles_piece(block: Tiles, name: str, room: float) -> Strips:
    count = len(block.tiles)
    per_row = count if count <= _MOST_TILES else ceil(count / ceil(count / _MOST_TILES))
    wide = min((room - (per_row - 1) * 12) / max(per_row, 1), _TILE_WIDTH)
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
    unit_wide = width(unit.text, unit.size) + 6 if unit else 0.0
    value = fit(tile.figure.text, room - unit_wide - spark_wide - 4, 22.0, floor=10.0, bold=True)
    value_wide = room - unit_wide - spark_wide
    things.append(
        text(value, at, y + 22 * LEADING - value.height, value_wide, bold=True, name=name)
    )
    if unit:
        used = width(value.text, value.size, True) + 5
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
