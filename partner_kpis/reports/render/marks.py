"""The small drawings that look alike everywhere: status shapes, corridor bars, sparklines.

Belongs here: their geometry. Does not belong here: colours and shapes themselves (theme.py).
"""

from __future__ import annotations

from math import cos, pi, sin

from partner_kpis import theme
from partner_kpis.reports.document import Corridor, Mark, Spark
from partner_kpis.reports.render.drawing import Area, Disc, Figurine, Path, Point, Rule
from partner_kpis.reports.render.drawing import Mark as Drawn

SHAPE_ROOM = 1.2
"""Width of a status shape with the gap behind it, in sizes of the word's font."""


def look_of(mark: Mark) -> theme.StatusLook:
    """The look of a status, a freshness or a health band; an unknown one looks unknown."""
    for table in (theme.STATUSES, theme.FRESHNESS, theme.HEALTH_BANDS):
        if mark.status in table:
            return table[mark.status]
    return theme.status_look(None)


def status_shape(look: theme.StatusLook, x: float, y: float, size: float) -> list[Drawn]:
    """The shape in a square of `size` at (x, y), drawn so that no font has to know it."""
    c, r = look.colour, size / 2
    mx, my = x + r, y + r
    match look.shape:
        case "●":
            return [Disc(mx, my, r, c)]
        case "▲":
            return [Path((((x, y + size), (x + size, y + size), (mx, y)),), fill=c)]
        case "■":
            return [Area(x, y, size, size, c)]
        case "◇" | "◆":
            diamond = ((mx, y), (x + size, my), (mx, y + size), (x, my), (mx, y))
            return [Path((diamond,), line=c, fill=c if look.shape == "◆" else None)]
        case "◔" | "◑" | "◕":
            share = {"◔": 0.25, "◑": 0.5, "◕": 0.75}[look.shape]
            return [Disc(mx, my, r, None, c), Path((_wedge(mx, my, r, share),), fill=c)]
        case "◉":
            return [Disc(mx, my, r, None, c), Disc(mx, my, r * 0.5, c)]
        case "–":
            return [Rule(x, my, x + size, my, c, 1.25)]
        case _:
            return [Disc(mx, my, r, None, c)]


def _wedge(x: float, y: float, r: float, share: float) -> tuple[Point, ...]:
    steps = [2 * pi * share * i / 16 for i in range(17)]
    return ((x, y), *((x + r * sin(a), y - r * cos(a)) for a in steps), (x, y))


def corridor(item: Corridor, x: float, y: float, w: float, h: float, name: str) -> Figurine | None:
    """Band, tick of the target and dot of the value; None where there is nothing to draw."""
    known = [v for v in (item.value, item.target, item.low, item.high) if v is not None]
    if not known:
        return None
    low, high = min(known), max(known)
    span = (high - low) or abs(high) or 1.0
    # An open side runs to the edge; room is left so that neither dot nor tick touches it.
    start, end = low - span * 0.25, high + span * 0.25

    def at(value: float) -> float:
        return x + (value - start) / (end - start) * w

    mid, thin, r = y + h / 2, min(h * 0.3, 4.0), min(h * 0.24, 3.4)
    parts: list[Drawn] = [Rule(x, mid, x + w, mid, theme.LINE, 0.75)]
    if item.low is not None or item.high is not None:
        left = at(item.low) if item.low is not None else x
        right = at(item.high) if item.high is not None else x + w
        parts.append(Area(left, mid - thin, max(right - left, 1.0), 2 * thin, theme.BAND))
    if item.target is not None:
        tick = at(item.target)
        parts.append(Rule(tick, mid - thin - 1.5, tick, mid + thin + 1.5, theme.INK, 1.25))
    if item.value is not None:
        parts.append(Disc(at(item.value), mid, r, theme.ACCENT, theme.GROUND))
    return Figurine(x, y, w, h, tuple(parts), name)


def sparkline(item: Spark, x: float, y: float, w: float, h: float, name: str) -> Figurine | None:
    """The line with gaps where values lack, and a dot at its last value."""
    known = [v for v in item.values if v is not None]
    if not known:
        return None
    low, high = min(known), max(known)
    step = w / max(len(item.values) - 1, 1)

    def at(index: int, value: float) -> Point:
        share = (value - low) / (high - low) if high > low else 0.5
        return (x + index * step, y + h - share * h)

    runs: list[list[Point]] = [[]]
    for index, value in enumerate(item.values):
        if value is not None:
            runs[-1].append(at(index, value))
        elif runs[-1]:
            runs.append([])
    lines = tuple(tuple(run) for run in runs if len(run) > 1)
    parts: list[Drawn] = [Path(lines, line=theme.REST, width=1.25)] if lines else []
    parts += [Disc(*run[0], 1.1, theme.REST) for run in runs if len(run) == 1]
    last = max(i for i, v in enumerate(item.values) if v is not None)
    parts.append(Disc(*at(last, item.values[last] or 0.0), 2.2, theme.ACCENT))
    return Figurine(x, y, w, h, tuple(parts), name)
