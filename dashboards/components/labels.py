"""Names beside the points of a drawing, none over another name or point.

Belongs here: where there is room for a name. Does not belong here: which points or names there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

CHARACTER: Final = 6.2
"""About the width in pixels of a letter of 11 pixels, wide ones counted in."""
_HEIGHT: Final = 14.0
_GAP: Final = 8.0
_DOT: Final = 5.0

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True)
class Place:
    """Where a name stands: shifted from its point, and on which side of the shift it lies."""

    align: str
    dx: float
    dy: float


_PLACES: Final = (
    Place("left", _GAP, 0),
    Place("right", -_GAP, 0),
    Place("center", 0, -_GAP - 5),
    Place("center", 0, _GAP + 5),
)
"""In the order in which they are tried."""


def places(
    points: Sequence[tuple[float, float]], names: Sequence[str | None], width: float, height: float
) -> list[Place | None]:
    """A place for each name, the first ones first; None where there is none or no name.

    `points` are in pixels from the upper left corner of an area of that width and height.
    """
    taken = [(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in points]
    found: list[Place | None] = []
    for own, ((x, y), name) in enumerate(zip(points, names, strict=True)):
        chosen = None
        for place in _PLACES if name else ():
            box = _box(x + place.dx, y + place.dy, CHARACTER * len(name or ""), place.align)
            others = [other for at, other in enumerate(taken) if at != own]
            if _is_inside(box, width, height) and not any(_meet(box, o) for o in others):
                chosen = place
                taken.append(box)
                break
        found.append(chosen)
    return found


def _box(x: float, y: float, width: float, align: str) -> Box:
    left = {"left": x, "right": x - width, "center": x - width / 2}[align]
    return (left, y - _HEIGHT / 2, left + width, y + _HEIGHT / 2)


def _is_inside(box: Box, width: float, height: float) -> bool:
    return box[0] >= 0 and box[2] <= width and box[1] >= -_HEIGHT and box[3] <= height


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
