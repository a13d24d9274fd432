"""A table as an XLSX workbook of one sheet.

Belongs here: typed cells, a header that stays, what a sheet may be called. Does not belong here:
which rows and columns, charts, colours.
"""

from __future__ import annotations

import io
import re
from typing import Final

import polars as pl
from xlsxwriter import Workbook

from partner_kpis.tabular import neutralised

XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_MAX_ROWS: Final = 1_048_575
OPTIONS: Final = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False,
}  # fmt: skip
"""Text stays text: no cell becomes a formula or a link by what it looks like."""


def to_xlsx(frame: pl.DataFrame, sheet: str) -> bytes:
    """The frame as a workbook: numbers as numbers, dates as dates, text that cannot run as formula.

    `sheet` is cut to what a sheet may be called. Raises ValueError beyond Excel's row limit.
    """
    if frame.height > _MAX_ROWS:
        raise ValueError(f"A sheet holds at most {_MAX_ROWS:,} rows below its header.")
    name = re.sub(r"[\[\]:*?/\\]", " ", sheet).strip("' ")[:31] or "Sheet1"
    out = io.BytesIO()
    with Workbook(out, OPTIONS) as workbook:
        neutralised(frame).write_excel(
            workbook, worksheet=name, header_format={"bold": True}, freeze_panes=(1, 0),
            autofilter=False, autofit=True, table_style={"style": None},
            dtype_formats={pl.Date: "yyyy-mm-dd", pl.Datetime: "yyyy-mm-dd hh:mm"},
        )  # fmt: skip
    return out.getvalue()
