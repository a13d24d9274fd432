"""The sheets of a document's workbook: overview, texts, tables, charts, lineage.

Belongs here: what stands in which cell, typed, and remembering where each figure stands. Does not
belong here: the file around the sheets and reading it back (xlsx.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from xlsxwriter.utility import xl_rowcol_to_cell

from partner_kpis.reports.document import (
    Cell,
    Chart,
    Corridor,
    Document,
    Facts,
    Figure,
    Mark,
    Nothing,
    Page,
    Spark,
    Statements,
    Table,
    Tiles,
)  # fmt: skip
from partner_kpis.reports.render.marks import look_of
from partner_kpis.tabular import harmless
from partner_kpis.text import t

LINEAGE: Final = "lineage"
_WIDEST: Final = 60


@dataclass
class Sheets:
    workbook: Any
    document: Document
    formats: dict[tuple[str, bool], Any] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    lineage: list[tuple[str, str, str, str, Figure]] = field(default_factory=list)

    def write(self) -> None:
        self.bold = self.workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.big = self.workbook.add_format({"bold": True, "font_size": 16})
        self.link = self.workbook.add_format({"font_color": "#0072B2", "underline": 1})
        overview = self._sheet(self._say("overview"))
        texts = self._sheet(self._say("texts"))
        found: dict[str, str] = {}
        for page, table in self.document.tables():
            found[f"{page.number}/{table.key}"] = self._table(page, table)
        for page, chart in self.document.charts():
            found[f"{page.number}/{chart.key}"] = self._chart(page, chart)
        self._texts(texts)
        self._lineage()
        self._overview(overview, found, texts.get_name())

    def _say(self, key: str) -> str:
        return t(f"render.{key}", self.document.identity.lang)

    def _sheet(self, name: str) -> Any:
        """A sheet under a name that no other has; 31 characters, none that Office refuses."""
        clean = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:31] or "1"
        unique, number = clean, 2
        while unique.lower() in self.names:
            unique = f"{clean[:27]} {number}"
            number += 1
        self.names.add(unique.lower())
        return self.workbook.add_worksheet(unique)

    def _overview(self, sheet: Any, found: dict[str, str], texts: str) -> None:
        who = self.document.identity
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 70)
        sheet.set_column(2, 2, 34)
        sheet.write_string(0, 0, harmless(self.document.title), self.big)
        sheet.write_string(1, 0, harmless(self.document.subtitle))
        facts = (
            ("partner", f"{who.partner_name} ({who.partner_id})"), ("period", who.period),
            ("edition", who.edition), ("snapshot", who.snapshot_id),
            ("hash", who.snapshot_hash), ("as_of", who.as_of.isoformat()),
            ("code_version", who.code_version),
        )  # fmt: skip
        row = 3
        for key, value in facts:
            sheet.write_string(row, 0, self._say(f"identity_{key}"), self.bold)
            sheet.write_string(row, 1, harmless(value))
            row += 1
        row += 1
        for column, key in enumerate(("page", "title", "sheet")):
            sheet.write_string(row, column, self._say(key), self.bold)
        for page in self.document.pages:
            row += 1
            sheet.write_string(row, 0, page.number)
            sheet.write_string(row, 1, harmless(page.title))
            targets = [found.get(f"{page.number}/{b.key}", texts) for b in page.blocks]
            for column, target in enumerate(dict.fromkeys(targets), start=2):
                sheet.write_url(row, column, f"internal:'{target}'!A1", self.link, target)
        row += 2
        sheet.write_url(row, 0, f"internal:'{LINEAGE}'!A1", self.link, LINEAGE)
        sheet.write_string(row, 1, self._say("lineage_about"))

    def _table(self, page: Page, table: Table) -> str:
        sheet = self._sheet(_short(page, table.title, table.key))
        columns = [self._parts(table, index) for index in range(len(table.columns))]
        header = [title for titles in columns for title in titles]
        widths = self._header(sheet, header)
        for number, row in enumerate(table.rows, start=1):
            at = 0
            is_total = table.has_total and number == len(table.rows)
            for column, cell, titles in zip(table.columns, row, columns, strict=True):
                place = f"{table.key}/{number}/{column.key}"
                values = self._spread(cell, len(titles))
                for value in values:
                    long = self._cell(sheet, number, at, value, page, place, is_total)
                    widths[at] = max(widths[at], long)
                    at += 1
        if not table.rows:
            sheet.write_string(1, 0, harmless(table.empty))
        _fit(sheet, widths)
        return str(sheet.get_name())

    def _parts(self, table: Table, index: int) -> list[str]:
        """The headers of one column: a corridor has four, a sparkline one for each period."""
        title = table.columns[index].title
        found = [row[index] for row in table.rows]
        if any(isinstance(cell, Corridor) for cell in found):
            keys = ("value", "target", "low", "high")
            return [f"{title}: {self._say(f'corridor_{key}')}" for key in keys]
        periods = max((len(c.values) for c in found if isinstance(c, Spark)), default=0)
        return [f"{title} {i + 1}" for i in range(periods)] if periods else [title]

    def _spread(self, cell: Cell, count: int) -> list[str | float | Figure | Mark | None]:
        if isinstance(cell, Corridor):
            return [cell.value, cell.target, cell.low, cell.high]
        if isinstance(cell, Spark):
            return [*cell.values, *[None] * (count - len(cell.values))]
        return [cell, *[None] * (count - 1)]

    def _chart(self, page: Page, chart: Chart) -> str:
        sheet = self._sheet(_short(page, "", chart.key))
        widths = self._header(sheet, [chart.unit, *(s.name for s in chart.series)])
        for row, category in enumerate(chart.categories, start=1):
            sheet.write_string(row, 0, harmless(category))
            widths[0] = max(widths[0], len(category))
            for column, series in enumerate(chart.series, start=1):
                place = f"{chart.key}/{series.name}/{category}"
                figure = series.figures[row - 1]
                long = self._cell(sheet, row, column, figure, page, place, False)
                widths[column] = max(widths[column], long)
        _fit(sheet, widths)
        return str(sheet.get_name())

    def _texts(self, sheet: Any) -> None:
        """Sentences, key figures and facts, each with its figures behind it."""
        titles = [self._say(key) for key in ("page", "part", "text", "remark")]
        widths = self._header(sheet, [*titles, *(f"{self._say('figure')} {i}" for i in (1, 2, 3))])
        row = 0
        for page in self.document.pages:
            for block in page.blocks:
                for label, remark, figures in _said(block):
                    row += 1
                    words = (page.number, block.key, label, remark)
                    for column, text in enumerate(words):
                        sheet.write_string(row, column, harmless(text))
                        widths[column] = max(widths[column], len(text))
                    for column, (place, cell) in enumerate(figures, start=4):
                        self._cell(sheet, row, column, cell, page, f"{block.key}/{place}", False)
        _fit(sheet, widths)

    def _header(self, sheet: Any, titles: Iterable[str]) -> list[int]:
        written = list(titles)
        for column, title in enumerate(written):
            sheet.write_string(0, column, harmless(title), self.bold)
        sheet.freeze_panes(1, 1 if len(written) > 3 else 0)
        return [len(title) for title in written]

    def _cell(
        self, sheet: Any, row: int, column: int, value: Any, page: Page, place: str, bold: bool
    ) -> int:
        """Write one cell; about how many characters wide it is."""
        if isinstance(value, Figure):
            at = xl_rowcol_to_cell(row, column)
            self.lineage.append((page.number, place, sheet.get_name(), at, value))
            return self._figure(sheet, row, column, value, bold)
        if isinstance(value, Mark):
            value = f"{look_of(value).shape} {value.word}"
        if isinstance(value, str):
            sheet.write_string(row, column, harmless(value), self.bold if bold else None)
            return len(value)
        if value is not None:
            sheet.write_number(row, column, float(value))
            return 8
        return 0

    def _figure(self, sheet: Any, row: int, column: int, figure: Figure, bold: bool) -> int:
        value = figure.value
        if value is None:
            sheet.write_string(row, column, harmless(figure.text))
        elif isinstance(value, datetime):
            plain = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
            style = self._format("yyyy-mm-dd hh:mm", bold)
            sheet.write_datetime(row, column, plain, style)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self._format("yyyy-mm-dd", bold))
        else:
            style = self._format(_code(figure), bold)
            sheet.write_number(row, column, float(value), style)
        return len(figure.text) + (8 if figure.kind == "money" else 2)

    def _format(self, code: str, bold: bool) -> Any:
        key = (code, bold)
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format({"num_format": code, "bold": bold})
        return self.formats[key]

    def _lineage(self) -> None:
        sheet = self.workbook.add_worksheet(LINEAGE)
        keys = ("page", "place", "sheet", "cell", "printed", "table", "key", "column", "snapshot")
        self._header(sheet, [self._say(key) for key in keys])
        snapshot = self.document.identity.snapshot_id
        for row, (page, place, name, at, figure) in enumerate(self.lineage, start=1):
            origin = figure.origin
            key = ", ".join(f"{k}={v}" for k, v in origin.key) if origin else ""
            source = (origin.table, key, origin.column) if origin else ("", "", "")
            for column, text in enumerate((page, place, name, at, figure.text, *source, snapshot)):
                sheet.write_string(row, column, harmless(text))
        for column, wide in enumerate((7, 34, 26, 8, 18, 20, 44, 18, 28)):
            sheet.set_column(column, column, wide)
        sheet.autofilter(0, 0, max(len(self.lineage), 1), len(keys) - 1)


def _code(figure: Figure) -> str:
    """Office writes its user’s own separators; a workbook has money to the cent."""
    if figure.kind == "money":
        return f'#,##0.00" {figure.currency}"' if figure.currency else "#,##0.00"
    zeros = f"0.{'0' * figure.decimals}" if figure.decimals else "0"
    return f"{zeros}%" if figure.kind == "percent" else f"#,##{zeros}"


def _short(page: Page, title: str, key: str) -> str:
    name = f"{page.number} {title}"
    return name if title and len(name) <= 31 else f"{page.number} {key}"


def _fit(sheet: Any, widths: list[int]) -> None:
    for column, wide in enumerate(widths):
        sheet.set_column(column, column, min(max(wide + 2, 8), _WIDEST))


def _said(block: Any) -> Iterable[tuple[str, str, list[tuple[str, Cell]]]]:
    """(text, remark, figures with their places) of what is no table and no chart."""
    match block:
        case Statements():
            if not block.items:
                yield block.empty, block.title, []
            for number, item in enumerate(block.items, start=1):
                remark = " · ".join(p for p in (block.title, item.kpi_id, item.period) if p)
                figures: list[tuple[str, Cell]] = [
                    (f"{number}/{index}", part)
                    for index, part in enumerate(item.parts)
                    if isinstance(part, Figure)
                ]
                yield item.text, remark, figures
        case Tiles():
            for tile in block.tiles:
                status = f"{look_of(tile.mark).shape} {tile.mark.word}" if tile.mark else ""
                parts = (tile.unit, status, tile.change, tile.sample)
                yield tile.label, " · ".join(p for p in parts if p), [(tile.label, tile.figure)]
        case Facts():
            for label, cell in block.pairs:
                yield label, "", [(label, cell)] if not isinstance(cell, Corridor | Spark) else []
        case Nothing():
            yield block.why, "", []
