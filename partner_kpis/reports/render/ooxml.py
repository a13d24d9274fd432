"""Office files as what they are: zips of XML that relate to each other.

Belongs here: opening one safely, its relationships, the cells of a workbook. Does not belong here:
what any of it means.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from lxml import etree

from partner_kpis.errors import UserError

_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_S: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def opened(content: bytes) -> ZipFile:
    try:
        return ZipFile(io.BytesIO(content))
    except BadZipFile as error:
        raise UserError(
            "The file cannot be read as an Office file. Use the file as it was made."
        ) from error


def parser() -> Any:
    """Nothing outside of the file is ever fetched or filled in."""
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def related(package: ZipFile, name: str) -> dict[str, str]:
    """Relationship id → file of the package."""
    rels = join(dirname(name), "_rels", name.rsplit("/", 1)[-1] + ".rels")
    if rels not in package.namelist():
        return {}
    root = etree.fromstring(package.read(rels), parser())
    return {
        rel.get("Id"): normpath(join(dirname(name), rel.get("Target"))).lstrip("/")
        for rel in root
        if rel.get("TargetMode") != "External"
    }


def cells(book: ZipFile) -> Iterator[tuple[str, str, str]]:
    """(sheet, cell, text) of every cell that is not empty; numbers as they are written."""
    shared: list[str] = []
    if "xl/sharedStrings.xml" in book.namelist():
        strings = etree.fromstring(book.read("xl/sharedStrings.xml"), parser())
        shared = [_all_text(item) for item in strings.iter(f"{_S}si")]
    root = etree.fromstring(book.read("xl/workbook.xml"), parser())
    targets = related(book, "xl/workbook.xml")
    for sheet in root.iter(f"{_S}sheet"):
        content = etree.fromstring(book.read(targets[sheet.get(f"{_R}id")]), parser())
        for cell in content.iter(f"{_S}c"):
            text = cell.findtext(f"{_S}v") or ""
            if cell.get("t") == "s" and text:
                text = shared[int(text)]
            elif cell.get("t") == "inlineStr":
                text = _all_text(cell)
            formula = cell.findtext(f"{_S}f")
            if formula:
                text = f"={formula} → {text}"
            if text:
                yield sheet.get("name", ""), cell.get("r", ""), text


def _all_text(node: Any) -> str:
    return "".join(part.text or "" for part in node.iter(f"{_S}t"))
