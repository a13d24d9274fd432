"""How wide a text is, where it wraps, and what is cut: the one measure for slides and pages.

Belongs here: font metrics and breaking text into lines. Does not belong here: where a text stands.

Slides say Arial, PDF embeds Liberation Sans: both have the same widths, so one measure holds for
both. Lengths are in points.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

FONTS: Final = Path(__file__).with_name("fonts")
REGULAR: Final = "LiberationSans"
BOLD: Final = "LiberationSans-Bold"
LEADING: Final = 1.2
"""Height of a line as a multiple of the font's size; Arial itself needs 1.15."""

_FILES: Final = {REGULAR: "LiberationSans-Regular.ttf", BOLD: "LiberationSans-Bold.ttf"}
# Programs that lay text out themselves round differently; the last hundredth stays free.
_SLACK: Final = 0.985


@dataclass(frozen=True)
class Fitted:
    """A text as it fits: whole or cut with an ellipsis, its lines, and the size they stand in."""

    text: str
    lines: tuple[str, ...]
    size: float

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LEADING


@cache
def font(name: str) -> Any:
    """The embedded font, as reportlab reads it."""
    from reportlab.pdfbase.ttfonts import TTFont

    return TTFont(name, FONTS / _FILES[name])


@cache
def _widths(bold: bool) -> tuple[dict[str, float], float]:
    face = font(BOLD if bold else REGULAR).face
    widths = {chr(code): face.charWidths[code] / 1000 for code in face.charWidths}
    return widths, face.defaultWidth / 1000


@lru_cache(maxsize=65536)
def _ems(text: str, bold: bool) -> float:
    widths, default = _widths(bold)
    return sum(widths.get(c, default) for c in text)


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of one line of text in points."""
    return _ems(text, bold) * size


def wrap(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    """The text in lines no wider than `room`; a word that is wider breaks where it must."""
    if "\n" not in text and width(text, size, bold) <= room * _SLACK:
        return [text]
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _wrapped(paragraph, room * _SLACK, size, bold)
    return lines


def _wrapped(paragraph: str, room: float, size: float, bold: bool) -> list[str]:
    space = width(" ", size, bold)
    lines: list[str] = []
    line, used = "", 0.0
    for word in paragraph.split(" "):
        wide = width(word, size, bold)
        if line and used + space + wide <= room:
            line, used = f"{line} {word}", used + space + wide
            continue
        if line:
            lines.append(line)
        while wide > room and len(word) > 1:
            head = _longest_start(word, room, size, bold)
            lines.append(word[:head])
            word = word[head:]
            wide = width(word, size, bold)
        line, used = word, wide
    return [*lines, line]


def _longest_start(word: str, room: float, size: float, bold: bool) -> int:
    """How many characters of the word fit, at least one."""
    used, widths = 0.0, _widths(bold)
    for index, char in enumerate(word):
        used += widths[0].get(char, widths[1]) * size
        if used > room:
            return max(index, 1)
    return len(word)


def cut(text: str, room: float, size: float, bold: bool = False) -> str:
    """One line: the text, or as much of its start as fits before an ellipsis."""
    if width(text, size, bold) <= room * _SLACK:
        return text
    rest = room * _SLACK - width("…", size, bold)
    return text[: _longest_start(text, max(rest, 0.0), size, bold)].rstrip() + "…"


@lru_cache(maxsize=16384)
def fit(
    text: str, room: float, size: float, *,
    floor: float | None = None, most: int = 1, bold: bool = False,
) -> Fitted:  # fmt: skip
    """The text in at most `most` lines: as it is, smaller down to `floor`, or else cut."""
    floor = size if floor is None else floor
    while True:
        lines = wrap(text, room, size, bold)
        if len(lines) <= most:
            return Fitted(text, tuple(lines), size)
        if size <= floor:
            break
        size = max(size - 0.5, floor)
    kept = lines[: most - 1]
    # The rest of the text, from where the last line begins; wrapping has taken no character away
    # but single spaces.
    start = 0
    for line in kept:
        start = text.index(line, start) + len(line)
    last = cut(text[start:].lstrip().replace("\n", " "), room, size, bold)
    whole = (
        text[:start] + (text[start : start + 1] if text[start : start + 1].isspace() else "") + last
    )
    return Fitted(whole, (*kept, last), size)
