"""Texts of an HTML page with their places, read back.

Belongs here: walking the page’s text. Does not belong here: making the page.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

from partner_kpis.reports.document import Identity
from partner_kpis.reports.render import identity as identities

IDENTITY: Final = "partner-kpis-identity"
_VOID: Final = frozenset({"meta", "br", "hr", "img", "link", "input", "wbr"})
_SVG_EMPTY: Final = frozenset({"line", "rect", "circle", "path"})


def places(content: bytes) -> dict[str, str]:
    """Place → text of everything with a digit; the place is of the nearest element that has one.

    Several texts of one place are numbered from the second on.
    """
    reader = _Reader()
    reader.feed(content.decode("utf-8", errors="replace"))
    found: dict[str, str] = {}
    counts: dict[str, int] = {}
    for place, text in reader.texts:
        counts[place] = counts.get(place, 0) + 1
        if any(c.isdigit() for c in text):
            nth = f" / text {counts[place]}" if counts[place] > 1 else ""
            found[place + nth] = text
    return found


def identity(content: bytes) -> Identity:
    """Raises UserError where the page carries none."""
    reader = _Reader()
    reader.feed(content.decode("utf-8", errors="replace"))
    return identities.from_json(reader.identity)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[tuple[str, str]] = []
        self.identity: str | None = None
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        place = given.get("data-place") or (self._open[-1][1] if self._open else "page")
        if tag == "script" and given.get("id") == IDENTITY:
            place = IDENTITY
        for name in ("aria-label", "title", "alt"):
            if given.get(name):
                self.texts.append((f"{place} / {name}", given[name] or ""))
        if tag not in _VOID and tag not in _SVG_EMPTY:
            self._open.append((tag, place))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID and tag not in _SVG_EMPTY:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index][0] == tag:
                del self._open[index:]
                return

    def handle_data(self, data: str) -> None:
        tag, place = self._open[-1] if self._open else ("", "page")
        if place == IDENTITY:
            self.identity = (self.identity or "") + data
        elif tag != "style" and data.strip():
            self.texts.append((place, data.strip()))
