"""The workbook behind a native chart: one sheet with its numbers, as small as Office accepts.

Belongs here: those few files. Does not belong here: workbooks for people (xlsx.py).

Written by hand: a general library takes ten times as long, and a deck has ten of them.
"""

from __future__ import annotations

import io
from typing import Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_FIXED: Final = {
    "[Content_Types].xml": (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}


def workbook(header: list[str], rows: list[tuple[str, list[float | None]]]) -> bytes:
    """A header of texts; below it in each row a text and numbers, None as an empty cell."""
    lines = [[_text(0, 1, ""), *(_text(i, 1, name) for i, name in enumerate(header) if i)]]
    for number, (name, values) in enumerate(rows, start=2):
        cells = [_text(0, number, name)]
        cells += [_number(i, number, v) for i, v in enumerate(values, start=1) if v is not None]
        lines.append(cells)
    body = "".join(f'<row r="{i}">{"".join(cells)}</row>' for i, cells in enumerate(lines, start=1))
    sheet = f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as package:
        for name, text in {**_FIXED, "xl/worksheets/sheet1.xml": sheet}.items():
            info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = ZIP_DEFLATED
            package.writestr(info, text)
    return out.getvalue()


def _text(column: int, row: int, text: str) -> str:
    where = f"{chr(ord('A') + column)}{row}"
    return f'<c r="{where}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _number(column: int, row: int, value: float) -> str:
    return f'<c r="{chr(ord("A") + column)}{row}"><v>{value!r}</v></c>'
