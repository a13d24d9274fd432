"""Texts and numbers of a deck with their places, read back from its files.

Belongs here: reading what a PPTX shows, edited by whichever program. Does not belong here: making
one (pptx), comparing.

Read as zip and XML: neither shapes nor charts are needed as objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from zipfile import ZipFile

from lxml import etree

from partner_kpis.reports.document import Identity
from partner_kpis.reports.render import identity as identities
from partner_kpis.reports.render.ooxml import cells, opened, parser, related

_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_C: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def places(content: bytes) -> dict[str, str]:
    """Place → text of everything with a digit: shapes, cells, charts, and the charts’ workbooks."""
    found: dict[str, str] = {}
    with opened(content) as package:
        for number, name in enumerate(_slides(package), start=1):
            for place, text in _slide_texts(package, name):
                if any(c.isdigit() for c in text):
                    key = _unused(found, f"slide {number} / {place}")
                    found[key] = text
    return found


def identity(content: bytes) -> Identity:
    """Raises UserError where the deck carries none."""
    with opened(content) as package:
        for name in package.namelist():
            if name.startswith("customXml/item") and name.endswith(".xml"):
                root = etree.fromstring(package.read(name), parser())
                if root.tag == f"{{{identities.XML_NAMESPACE}}}identity":
                    return identities.from_json(root.text)
    return identities.from_json(None)


def _slides(package: ZipFile) -> list[str]:
    """The slides’ files in the order in which they are shown."""
    root = etree.fromstring(package.read("ppt/presentation.xml"), parser())
    targets = related(package, "ppt/presentation.xml")
    return [targets[s.get(f"{_R}id")] for s in root.iter(f"{_P}sldId")]


def _slide_texts(package: ZipFile, name: str) -> Iterator[tuple[str, str]]:
    root = etree.fromstring(package.read(name), parser())
    targets = related(package, name)
    for shape in root.iter(f"{_P}sp", f"{_P}graphicFrame", f"{_P}pic"):
        about = next(shape.iter(f"{_P}cNvPr"))
        label = about.get("name", "")
        if shape.tag == f"{_P}pic":
            # No deck of ours has a picture, and one could cover a number.
            yield f"{label} / picture", f"1 picture {about.get('id')}"
        if about.get("descr"):
            yield f"{label} / alt", about.get("descr")
        table = next(shape.iter(f"{_A}tbl"), None)
        chart = next(shape.iter(f"{_C}chart"), None)
        if table is not None:
            yield from _table_texts(table, label)
        elif chart is not None:
            yield from _chart_texts(package, targets[chart.get(f"{_R}id")], label)
        else:
            lines = [_paragraph(p) for p in shape.iter(f"{_A}p")]
            for index, line in enumerate(lines, start=1):
                yield (label if len(lines) == 1 else f"{label} / line {index}"), line


def _paragraph(paragraph: Any) -> str:
    return "".join(node.text or "" for node in paragraph.iter(f"{_A}t"))


def _table_texts(table: Any, label: str) -> Iterator[tuple[str, str]]:
    rows = [
        ["\n".join(_paragraph(p) for p in cell.iter(f"{_A}p")) for cell in row.iter(f"{_A}tc")]
        for row in table.iter(f"{_A}tr")
    ]
    header = rows[0] if rows else []
    for number, row in enumerate(rows):
        for index, text in enumerate(row):
            column = header[index] if index < len(header) and header[index] else f"{index + 1}"
            where = f"header {index + 1}" if number == 0 else f"row {number} / {column}"
            yield f"{label} / {where}", text


def _chart_texts(package: ZipFile, name: str, label: str) -> Iterator[tuple[str, str]]:
    root = etree.fromstring(package.read(name), parser())
    for number, series in enumerate(root.iter(f"{_C}ser"), start=1):
        title = _cached(series.find(f"{_C}tx")).get(0, str(number))
        names = _cached(series.find(f"{_C}cat"))
        yield f"{label} / series {number}", title
        for index, text in names.items():
            yield f"{label} / {title} / category {index + 1}", text
        for index, text in _cached(series.find(f"{_C}val")).items():
            yield f"{label} / {title} / {names.get(index, index + 1)}", text
    # Labels and titles that somebody typed over the numbers.
    for index, text in enumerate((_paragraph(p) for p in root.iter(f"{_A}p")), start=1):
        yield f"{label} / text {index}", text
    for target in related(package, name).values():
        if target.endswith(".xlsx"):
            yield from _workbook_texts(package.read(target), label)


def _cached(reference: Any) -> dict[int, str]:
    if reference is None:
        return {}
    return {
        int(point.get("idx")): point.findtext(f"{_C}v", "") for point in reference.iter(f"{_C}pt")
    }


def _workbook_texts(content: bytes, label: str) -> Iterator[tuple[str, str]]:
    with opened(content) as book:
        for _, cell, text in cells(book):
            yield f"{label} / workbook / {cell}", text


def _unused(found: dict[str, str], key: str) -> str:
    if key not in found:
        return key
    number = 2
    while f"{key} ({number})" in found:
        number += 1
    return f"{key} ({number})"
