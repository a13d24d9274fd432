"""The kinds of documents and their formats: who builds which, and who draws it.

Belongs here: the one list of builders and renderers, imported when one is asked for. Does not
belong here: building or drawing anything, files (produce.py).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any, Final, Literal, Protocol, TypeAlias, cast

from partner_kpis.reports.document import Document, Edition, Identity
from partner_kpis.reports.quarter import Quarter, parse_month
from partner_kpis.reports.stamp import Stamp
from partner_kpis.serving import Snapshot

Kind: TypeAlias = Literal["qbr", "ops"]
Format: TypeAlias = Literal["pptx", "pdf", "xlsx", "html", "json"]

FORMATS: Final[tuple[Format, ...]] = ("pptx", "pdf", "xlsx", "html", "json")
USUAL: Final[tuple[Format, ...]] = ("pptx", "pdf", "xlsx")
EDITIONS: Final[tuple[Edition, ...]] = ("internal", "partner")

MIME: Final[dict[Format, str]] = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "json": "application/json",
}


class Renderer(Protocol):
    """What each module of `render` offers."""

    def render(self, document: Document) -> bytes:
        """The document as a file of this format."""

    def places(self, content: bytes) -> dict[str, str]:
        """Every place of a file that prints a number, and what stands there."""

    def identity(self, content: bytes) -> Identity:
        """What the file says it is. Raises ValueError when it does not say so."""


@dataclass(frozen=True)
class Wish:
    """One document: of which kind, for whom, of which period, for whose eyes, in which language.

    period: 2026Q3 of a QBR, 2026-09 of an ops pack.
    """

    kind: Kind
    partner_id: str
    period: str
    edition: Edition
    lang: str


def renderer(form: Format) -> Renderer:
    """The module that draws a format and reads it back."""
    return cast(Renderer, import_module(f"partner_kpis.reports.render.{form}"))


def source(snapshot: Snapshot, stamp: Stamp) -> Any:
    """What all documents of a snapshot need, loaded once; `stamp` is what they are to name."""
    from partner_kpis.reports.qbr import QbrSource

    return QbrSource(snapshot, stamp)


def build(loaded: Any, wish: Wish) -> Document:
    """The document that is wished for; `loaded` is what `source` has answered."""
    document = _built(loaded, wish)
    return replace(document, identity=replace(document.identity, made_by=version()))


@cache
def version() -> str:
    """Short hash of what decides words and layout, besides the snapshot.

    A number in a document made by another version may stand in another place.
    """
    libraries = ("python-pptx", "reportlab", "xlsxwriter", "babel")
    digest = hashlib.sha256(" ".join(map(installed, libraries)).encode())
    here = Path(__file__).parent
    names = ("formats.py", "wording.py", "theme.py", "formula.py", "text/reports.yml")
    files = [*here.rglob("*.py"), *here.rglob("*.yml"), *(here.parent / name for name in names)]
    for path in sorted(files):
        digest.update(path.relative_to(here.parent).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _built(loaded: Any, wish: Wish) -> Document:
    from partner_kpis.reports.qbr import build_ops_pack, build_qbr

    if wish.kind == "ops":
        month = parse_month(wish.period)
        return build_ops_pack(loaded, wish.partner_id, month, wish.edition, wish.lang)
    quarter = Quarter.parse(wish.period)
    return build_qbr(loaded, wish.partner_id, quarter, wish.edition, wish.lang)
