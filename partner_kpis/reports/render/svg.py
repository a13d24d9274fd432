"""Marks of the layout as SVG, for pages of HTML.

Belongs here: the same drawings that a PDF has, as text for a browser. Does not belong here: the
page around them (html.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from partner_kpis.reports.render import metrics
from partner_kpis.reports.render.drawing import Area, Disc, Mark, Path, Rule, Text


def svg(marks: Iterable[Mark], w: float, h: float, label: str, css: str = "") -> str:
    """An inline picture of w × h that scales with its width; `label` is read to the blind."""
    inner = "".join(_drawn(mark) for mark in marks)
    role = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return f'<svg class="{css}" viewBox="0 0 {_n(w)} {_n(h)}" {role}>{inner}</svg>'


def _drawn(mark: Mark) -> str:
    match mark:
        case Text():
            return _text(mark)
        case Rule():
            dash = ' stroke-dasharray="4 3"' if mark.is_dashed else ""
            return (
                f'<line x1="{_n(mark.x1)}" y1="{_n(mark.y1)}" x2="{_n(mark.x2)}" '
                f'y2="{_n(mark.y2)}" stroke="{mark.colour}" stroke-width="{mark.width}"{dash}/>'
            )
        case Area():
            return (
                f'<rect x="{_n(mark.x)}" y="{_n(mark.y)}" width="{_n(mark.w)}" '
                f'height="{_n(mark.h)}"{_ink(mark.fill, mark.line)}/>'
            )
        case Disc():
            return (
                f'<circle cx="{_n(mark.x)}" cy="{_n(mark.y)}" r="{_n(mark.r)}"'
                f"{_ink(mark.fill, mark.line)}/>"
            )
        case Path():
            runs = ("M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in run) for run in mark.runs)
            dash = ' stroke-dasharray="4 3"' if mark.is_dashed else ""
            ink = _ink(mark.fill, mark.line, mark.width)
            return f'<path d="{"".join(runs)}"{ink}{dash}/>'
        case _:
            return ""


def _text(item: Text) -> str:
    anchor = {"left": "start", "right": "end", "center": "middle"}[item.align]
    x = item.x + {"left": 0.0, "right": item.w, "center": item.w / 2}[item.align]
    weight = ' font-weight="700"' if item.bold else ""
    lines = []
    for index, line in enumerate(item.lines):
        y = item.y + item.size * (0.94 + index * metrics.LEADING)
        lines.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(item.size)}" text-anchor="{anchor}" '
            f'fill="{item.colour}"{weight}>{escape(line)}</text>'
        )
    return "".join(lines)


def _ink(fill: str | None, line: str | None, width: float = 0.9) -> str:
    stroke = f' stroke="{line}" stroke-width="{width}"' if line else ""
    return f' fill="{fill or "none"}"{stroke}'


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
