"""Small drawings as SVG: the corridor bar and the sparkline.

Belongs here: geometry. Does not belong here: which periods or targets to draw.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dashboards.components.style import text
from partner_kpis import theme
from partner_kpis.formats import Number

_WIDTH = 240
_EDGE = 6


@dataclass(frozen=True)
class Corridor:
    """Target and corridor in force; a missing bound equals the target."""

    target: float
    low: float
    high: float

    @classmethod
    def of(cls, target: Number | None, low: Number | None, high: Number | None) -> Corridor | None:
        if target is None:
            return None
        bounds = (float(target if bound is None else bound) for bound in (low, high))
        return cls(float(target), *bounds)


def corridor_bar(corridor: Corridor, value: float | None, status: str, alt: str) -> str:
    """One thin bar: the corridor as a band, the target as a tick, the value as a dot."""
    shown = [corridor.low, corridor.high, corridor.target] + ([] if value is None else [value])
    smallest, largest = min(shown), max(shown)
    margin = (largest - smallest) * 0.2 or abs(largest) * 0.1 or 1.0
    x = _scale(smallest - margin, largest + margin)
    low, high, tick = x(corridor.low), x(corridor.high), x(corridor.target)
    dot = ""
    if value is not None:
        look = theme.status_look(status)
        fill = theme.GROUND if status == "low_n" else look.ink
        dot = (
            f'<circle cx="{x(value):.1f}" cy="9" r="4.5" fill="{fill}" '
            f'stroke="{look.ink}" stroke-width="1.5"/>'
        )
    return _image(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} 18">'
        f'<line x1="{_EDGE}" x2="{_WIDTH - _EDGE}" y1="9" y2="9" stroke="{theme.LINE}"/>'
        f'<rect x="{low:.1f}" y="5" width="{max(high - low, 1):.1f}" height="8" rx="2" '
        f'fill="#CDD3D8"/>'
        f'<line x1="{tick:.1f}" x2="{tick:.1f}" y1="1" y2="17" stroke="{theme.INK}" '
        f'stroke-width="2"/>{dot}</svg>',
        alt,
    )


@dataclass(frozen=True)
class SparkPoint:
    """One period of a sparkline; value None leaves a gap."""

    value: float | None
    is_running: bool = False
    is_low_n: bool = False


def sparkline(points: Sequence[SparkPoint], alt: str) -> str:
    """Complete periods as a line, the running one dashed, low n hollow, missing ones as gaps."""
    known = [point.value for point in points if point.value is not None]
    if not known:
        return ""
    height, middle = 44, 22
    span = max(known) - min(known)

    def y(value: float) -> float:
        return middle if not span else 38 - 32 * (value - min(known)) / span

    step = (_WIDTH - 2 * _EDGE) / max(len(points) - 1, 1)
    parts: list[str] = []
    for i, (before, after) in enumerate(pairwise(points)):
        if before.value is None or after.value is None:
            continue
        dash = ' stroke-dasharray="3 3"' if after.is_running else ""
        parts.append(
            f'<line x1="{_EDGE + i * step:.1f}" y1="{y(before.value):.1f}" '
            f'x2="{_EDGE + (i + 1) * step:.1f}" y2="{y(after.value):.1f}" '
            f'stroke="{theme.ACCENT}" stroke-width="1.6"{dash}/>'
        )
    for i, point in enumerate(points):
        if point.value is not None:
            hollow = point.is_low_n or point.is_running
            parts.append(
                f'<circle cx="{_EDGE + i * step:.1f}" cy="{y(point.value):.1f}" r="2.6" '
                f'fill="{theme.GROUND if hollow else theme.ACCENT}" stroke="{theme.ACCENT}" '
                f'stroke-width="1.4"/>'
            )
    return _image(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}">'
        f"{''.join(parts)}</svg>",
        alt,
    )


def _image(svg: str, alt: str) -> str:
    """The drawing as an image: the page cleans inline SVG away, and an image has a text."""
    encoded = b64encode(svg.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{encoded}" alt="{text(alt)}">'


def _scale(smallest: float, largest: float) -> Callable[[float], float]:
    width = _WIDTH - 2 * _EDGE
    return lambda value: _EDGE + width * (value - smallest) / (largest - smallest)
