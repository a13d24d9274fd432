"""Documents in the formats that people want: PPTX, PDF, XLSX, HTML and JSON.

Belongs here: the list of formats, and reaching one by its name. Does not belong here: what a
document says (its builders), what any one format looks like (its module).

Each module of a format has render(document) -> bytes, places(content) -> place → text of every
number in a file, and identity(content) -> which document it is. The same document gives the same
bytes, so a file that differs anywhere was not made from it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, Protocol, cast

from partner_kpis.reports.document import Document, Identity

FORMATS: Final = ("pptx", "pdf", "xlsx", "html", "json")


class Renderer(Protocol):
    """What the module of a format offers."""

    def render(self, document: Document) -> bytes: ...
    def places(self, content: bytes) -> dict[str, str]: ...
    def identity(self, content: bytes) -> Identity: ...


def renderer(format_name: str) -> Renderer:
    """The module of a format, loaded when it is first asked for: their libraries are heavy.

    Raises KeyError for a format that is not in FORMATS.
    """
    if format_name not in FORMATS:
        raise KeyError(format_name)
    return cast("Renderer", import_module(f"{__name__}.{format_name}"))
