"""Pages of a document spread over slides: the grid, titles, feet, and what continues where.

Belongs here: the grid of a page and dividing what does not fit. Does not belong here: measuring
single blocks (blocks, tables, pieces), or writing a format.

All lengths are in points from the top left. A slide is 16 : 9; a printed page is A4 across, laid
out larger and scaled down, so that one set of sizes serves both.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from partner_kpis import theme
from partner_kpis.reports.document import Document, Facts, Page
from partner_kpis.reports.render.blocks import facts, pieces
from partner_kpis.reports.render.drawing import Area, Text, Thing
from partner_kpis.reports.render.metrics import fit
from partner_kpis.reports.render.pieces import GAP, Piece, Side, text

SIDE: Final = 44.0
TOP: Final = 98.0
_TITLE_TOP: Final = 31.0


@dataclass(frozen=True)
class Frame:
    """The size of a page in the points that layout works with, and the scale it is printed at.

    foot: from its lower edge to the top of the footer; printers need more of it than screens.
    """

    width: float
    height: float
    scale: float = 1.0
    foot: float = 30.0

    @property
    def room(self) -> float:
        """Height between title and foot."""
        return self.height - TOP - self.foot - 18.0

    @property
    def inner(self) -> float:
        return self.width - 2 * SIDE


SLIDE: Final = Frame(960.0, 540.0)
A4: Final = Frame(841.89 / 0.86, 595.276 / 0.86, 0.86, 42.0)


@dataclass(frozen=True)
class Slide:
    """One slide: its title and foot apart from what is drawn, for formats have places for them."""

    number: int
    page: Page
    title: Text
    footer: Text
    folio: Text
    things: tuple[Thing, ...]
    is_cover: bool = False


def laid_out(document: Document, frame: Frame) -> list[Slide]:
    """The slides of a document; a page that needs more room continues under "… (2)"."""
    slides: list[Slide] = []
    for index, page in enumerate(document.pages):
        if index == 0 and all(isinstance(block, Facts) for block in page.blocks):
            slides.append(_cover(document, page, frame))
            continue
        for part, things in enumerate(_spread(document, page, frame), start=1):
            title = page.title if part == 1 else f"{page.title} ({part})"
            number = len(slides) + 1
            slides.append(_slide(document, page, frame, number, title, things))
    return slides


def _slide(
    document: Document, page: Page, frame: Frame, number: int, title: str, things: list[Thing]
) -> Slide:
    fitted = fit(title, frame.inner, 22.0, floor=16.0, most=2, bold=True)
    footer, folio = _feet(document, page, frame, number)
    return Slide(
        number, page,
        text(fitted, SIDE, _TITLE_TOP, frame.inner, bold=True, name=f"p{page.number}/title"),
        footer, folio, tuple(things),
    )  # fmt: skip


def _feet(document: Document, page: Page, frame: Frame, number: int) -> tuple[Text, Text]:
    y = frame.height - frame.foot
    words = fit(document.footer, frame.inner - 60, 8.5, floor=7.0)
    count = fit(str(number), 48, 8.5)
    name, soft = f"p{page.number}", theme.INK_SOFT
    right = frame.width - SIDE - 48
    return (
        text(words, SIDE, y, frame.inner - 60, colour=soft, name=f"{name}/footer"),
        text(count, right, y, 48, colour=soft, align="right", name=f"{name}/folio"),
    )


def _cover(document: Document, page: Page, frame: Frame) -> Slide:
    """What it is, large, and for whom; the facts below. The first page alone looks like this."""
    wide = frame.inner * 0.82
    over = fit(document.title, wide, 14.0, floor=11.0, most=1, bold=True)
    title = fit(page.title, wide, 36.0, floor=20.0, most=2, bold=True)
    under = fit(document.subtitle, wide, 16.0, floor=12.0, most=2)
    y = frame.height * 0.22
    name = f"p{page.number}"
    things: list[Thing] = [Area(SIDE, y - 20, 56, 4, theme.ACCENT)]
    things.append(text(over, SIDE, y, wide, colour=theme.ACCENT, bold=True, name=f"{name}/kind"))
    y += over.height + 6
    headline = text(title, SIDE, y, wide, bold=True, name=f"{name}/title")
    y += title.height + 8
    things.append(text(under, SIDE, y, wide, colour=theme.INK_SOFT, name=f"{name}/subtitle"))
    y += under.height + 26
    for block in page.blocks:
        if isinstance(block, Facts):
            piece = facts(block, f"{name}/{block.key}", frame.inner, 11.5)
            things += piece.draw(SIDE, y, piece.height)
            y += piece.height + GAP
    footer, folio = _feet(document, page, frame, 1)
    return Slide(1, page, headline, footer, folio, tuple(things), True)


def _spread(document: Document, page: Page, frame: Frame) -> list[list[Thing]]:
    made = pieces(page.blocks, page.number, frame.inner, document.identity.lang)
    return [_drawn(part, frame.room) for part in _packed(deque(made), frame.room)]


def _packed(queue: deque[Piece], room: float) -> list[list[Piece]]:
    """Pieces by slide: at most one chart and one table on each, divided only where nothing else
    helps."""
    if (together := _squeezed_together(list(queue), room)) is not None:
        return [together]
    slides: list[list[Piece]] = [[]]
    while queue:
        piece = queue.popleft()
        here = slides[-1]
        left = room - sum(p.height + GAP for p in here)
        clash = any((p.charts and piece.charts) or (p.tables and piece.tables) for p in here)
        fitted = None if clash else piece.squeezed(left)
        if fitted is not None:
            here.append(fitted)
            continue
        fits_alone = piece.squeezed(room) is not None
        parts = None if clash or (here and fits_alone) else piece.split(left)
        if parts is not None:
            here.append(parts[0])
            queue.appendleft(parts[1])
            slides.append([])
        elif here:
            queue.appendleft(piece)
            slides.append([])
        elif isinstance(piece, Side):
            # Too high side by side: one after the other.
            queue.extendleft(reversed(piece.pieces))
        else:
            here.append(piece)  # a single row higher than a page: texts are cut long before
    return [slide for slide in slides if slide] or [[]]


def _squeezed_together(pieces: list[Piece], room: float) -> list[Piece] | None:
    """All of them on one slide, where one of them can be set tight enough for that."""
    if sum(p.charts for p in pieces) > 1 or sum(p.tables for p in pieces) > 1:
        return None
    gaps = GAP * (len(pieces) - 1)
    for index, piece in enumerate(pieces):
        others = sum(p.height for i, p in enumerate(pieces) if i != index)
        fitted = piece.squeezed(room - others - gaps)
        if fitted is not None:
            return [*pieces[:index], fitted, *pieces[index + 1 :]]
    return None


def _drawn(part: list[Piece], room: float) -> list[Thing]:
    left = max(room - sum(p.height for p in part) - GAP * (len(part) - 1), 0.0)
    things: list[Thing] = []
    y = TOP
    for piece in part:
        # A slide has one chart at most, so all that is left is for the first that can take it.
        height = min(piece.height + left, piece.most)
        left -= height - piece.height
        things += piece.draw(SIDE, y, height)
        y += height + GAP
    return things
