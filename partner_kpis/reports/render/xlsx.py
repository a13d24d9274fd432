"""A document as a workbook: every table with all its rows, and where each number comes from.

Belongs here: the file, who it is, reading it back. Does not belong here: its sheets
(xlsx_sheets.py), a single table for download (partner_kpis/xlsx.py).

Sheets: an overview with the pages, the sentences and key figures, one for each table and chart, and
`lineage` with a row for every figure: page, sheet and cell, printed text, and its origin.
"""

from __future__ import annotations

import io
from typing import Any, Final

from lxml import etree
from xlsxwriter import Workbook

from partner_kpis.reports.document import Document, Identity
from partner_kpis.reports.render import identity as identities
from partner_kpis.reports.render.ooxml import cells, opened, parser
from partner_kpis.reports.render.xlsx_sheets import Sheets
from partner_kpis.xlsx import OPTIONS

_PROPERTY: Final = "partner-kpis identity"
_PART: Final = 240
"""Characters of the identity in one property; Office takes 255."""


def render(document: Document) -> bytes:
    """The workbook’s bytes; the same document gives the same bytes."""
    out = io.BytesIO()
    with Workbook(out, OPTIONS) as workbook:
        _describe(workbook, document)
        Sheets(workbook, document).write()
    return out.getvalue()


def places(content: bytes) -> dict[str, str]:
    """Every cell with a digit: sheet / cell → its value, dates as Office’s serial numbers."""
    with opened(content) as book:
        return {
            f"{sheet} / {cell}": text
            for sheet, cell, text in cells(book)
            if any(c.isdigit() for c in text)
        }


def identity(content: bytes) -> Identity:
    """Raises UserError where the workbook carries none."""
    parts: dict[str, str] = {}
    with opened(content) as book:
        if "docProps/custom.xml" in book.namelist():
            root = etree.fromstring(book.read("docProps/custom.xml"), parser())
            parts = {p.get("name", ""): "".join(p.itertext()) for p in root}
    names = sorted(name for name in parts if name.startswith(_PROPERTY))
    return identities.from_json("".join(parts[name] for name in names))


def _describe(workbook: Any, document: Document) -> None:
    stamp = document.identity.created_at.replace(tzinfo=None)
    workbook.set_properties({
        "title": document.title, "subject": document.subtitle, "author": "partner-kpis",
        "created": stamp,
    })  # fmt: skip
    text = identities.to_json(document.identity)
    for number, start in enumerate(range(0, len(text), _PART), start=1):
        part = text[start : start + _PART]
        workbook.set_custom_property(f"{_PROPERTY} {number:03}", part, "text")
