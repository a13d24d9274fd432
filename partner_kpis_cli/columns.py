"""Columns of text for a terminal and for paper.

Belongs here: alignment. Nothing is ever cut: a narrow terminal breaks the line itself. Does not
belong here: what stands in a cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Justify = Literal["left", "right"]


def lines_of(columns: Sequence[tuple[Justify, str, Sequence[str]]]) -> list[str]:
    """The header and one line a row of columns (justification, name, cells)."""
    aligned = [_aligned(*column) for column in columns]
    return ["  ".join(cells).rstrip() for cells in zip(*aligned, strict=True)]


def _aligned(justify: Justify, name: str, cells: Sequence[str]) -> list[str]:
    width = max(map(len, (name, *cells)))
    return [c.rjust(width) if justify == "right" else c.ljust(width) for c in (name, *cells)]
