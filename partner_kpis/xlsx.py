"""A table as an XLSX workbook of one sheet, with nothing but the standard library.

Belongs here: the few parts of Office Open XML (ECMA-376) that a plain table needs: typed cells,
one header row that stays, dates. Does not belong here: which rows and columns, charts, colours.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

import polars as pl

from partner_kpis.tabular import harmless

XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_EPOCH = datetime(1899, 12, 30)  # day 0 of Excel's calendar, counted past its false leap day
_STYLE = {"header": 1, "date": 2, "moment": 3}
_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
)  # XML 1.0 has no such characters
_MAX_ROWS: Final = 1_048_575


def to_xlsx(frame: pl.DataFrame, sheet: str) -> bytes:
    """The frame as a workbook: numbers as numbers, dates as dates, text that cannot run as formula.

    `sheet` is cut to what a sheet may be called. Raises ValueError beyond Excel's row limit.
    """
    if frame.height > _MAX_ROWS:
        raise ValueError(f"A sheet holds at most {_MAX_ROWS:,} rows below its header.")
    name = re.sub(r"[\[\]:*?/\\]", " ", sheet).strip("' ")[:31] or "Sheet1"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in _parts(name):
            archive.writestr(path, content)
        archive.writestr("xl/worksheets/sheet1.xml", _sheet(frame))
    return out.getvalue()


def _parts(sheet: str) -> Iterable[tuple[str, str]]:
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    yield (
        "[Content_Types].xml",
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kinds}.styles+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{kinds}.worksheet+xml"/></Types>',
    )
    yield (
        "_rels/.rels",
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
        f'<sheet name={quoteattr(sheet)} sheetId="1" r:id="rId1"/></sheets></workbook>',
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_LINKS}/styles" Target="styles.xml"/></Relationships>',
    )
    yield (
        "xl/styles.xml",
        f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        '</cellStyleXfs><cellXfs count="4">'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
        '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="22" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        "</cellXfs></styleSheet>",
    )


def _sheet(frame: pl.DataFrame) -> str:
    widths = "".join(
        f'<col min="{i}" max="{i}" width="{max(12, min(len(name) + 2, 40))}" customWidth="1"/>'
        for i, name in enumerate(frame.columns, 1)
    )
    rows = [_row(1, frame.columns, "header")]
    rows += [_row(i, values) for i, values in enumerate(frame.iter_rows(), 2)]
    columns = f"<cols>{widths}</cols>" if widths else ""
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
        f"</sheetViews>{columns}<sheetData>{''.join(rows)}</sheetData></worksheet>"
    )


def _row(number: int, values: Iterable[Any], style: str = "") -> str:
    return f'<row r="{number}">{"".join(_cell(value, style) for value in values)}</row>'


def _cell(value: Any, style: str = "") -> str:
    if value is None or (isinstance(value, float) and value != value):
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value!r}</v></c>"
    if isinstance(value, Decimal):
        return f"<c><v>{value:f}</v></c>"
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime(*value.timetuple()[:3])
        days = (moment.replace(tzinfo=None) - _EPOCH).total_seconds() / 86_400
        kind = _STYLE["moment" if isinstance(value, datetime) else "date"]
        return f'<c s="{kind}"><v>{days!r}</v></c>'
    words = escape(harmless(_FORBIDDEN.sub("", str(value))))
    mark = f' s="{_STYLE[style]}"' if style else ""
    return f'<c{mark} t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'
