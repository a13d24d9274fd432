"""The workbook of a document: all rows, typed, harmless, and each figure led back."""

from __future__ import annotations

import io
from datetime import datetime
from functools import cache
from typing import Any

import openpyxl
import pytest

from partner_kpis.reports.render import xlsx
from partner_kpis.reports.render.chartspec import value_of
from tests.unit.reports import rich


@cache
def book(lang: str = "en") -> Any:
    return openpyxl.load_workbook(io.BytesIO(xlsx.render(rich.document(lang))))


def test_every_table_has_a_sheet_with_all_its_rows() -> None:
    assert book()["6 Top"].max_row == 201
    assert book()["6 Alle offenen Geschäfte"].max_row == 201
    assert book()["13 Provision je Empfehlung"].max_row == 42


def test_numbers_are_numbers_and_dates_are_dates() -> None:
    sheet = book()["6 Top"]

    assert sheet["C3"].value == 2919
    assert sheet["C3"].number_format == '#,##0.00" EUR"'
    assert sheet["E3"].value == datetime(2026, 12, 2)
    shares = book()["4 Zwölf Kennzahlen"]
    assert (shares["B3"].value, shares["B3"].number_format) == (0.1, "0.0%")


def test_no_cell_can_run_as_a_formula() -> None:
    found = [
        cell
        for sheet in book()
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]

    assert not [cell.coordinate for cell in found if cell.data_type == "f"]
    assert not [c.coordinate for c in found if c.value.startswith(("=", "+", "-", "@"))]
    assert any(cell.value == '\'=HYPERLINK("http://x")' for cell in found)


def test_the_lineage_leads_every_figure_to_its_cell_and_its_origin() -> None:
    document = rich.document("en")
    header, *rows = list(book()["lineage"].iter_rows(values_only=True))
    expected = [
        (place, figure) for place, figure in document.figures() if not place.startswith("12/void")
    ]

    assert header[:5] == ("Page", "Place", "Sheet", "Cell", "Printed as")
    listed = {f"{row[0]}/{row[1]}": row for row in rows}
    for place, figure in expected:
        page, stands, sheet, cell, printed, table, key, column, snapshot = listed[place]
        assert printed == figure.text, place
        assert snapshot == document.identity.snapshot_id
        if figure.origin:
            assert (table, column) == (figure.origin.table, figure.origin.column)
            assert key == "kpi_id=" + dict(figure.origin.key)["kpi_id"] + ", member=P-0104"
        value = book()[sheet][cell].value
        if value_of(figure) is not None:
            assert value == pytest.approx(value_of(figure), rel=1e-15), place
        elif figure.value is None:
            assert value == figure.text
        assert page and stands


def test_the_overview_says_which_document_it_is_and_links_its_pages() -> None:
    sheet = book("de").worksheets[0]
    texts = {cell.value for row in sheet.iter_rows() for cell in row if cell.value}

    assert sheet.title == "Übersicht"
    assert {"Quartalsgespräch", "Ausgabe", "internal", "lineage"} <= texts
    assert rich.document("de").identity.snapshot_hash in texts
    links = {cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    names = {f"'{name}'!A1" for name in book("de").sheetnames}
    assert links <= names
    assert "'lineage'!A1" in links


def test_sentences_and_key_figures_have_their_sheet() -> None:
    rows = list(book()["Texts"].iter_rows(values_only=True))
    tile = next(row for row in rows if row[2] == "Time to activation")
    sentence = next(row for row in rows if str(row[2]).startswith("Die Abschlussquote"))

    assert tile[3] == "days · ■ Ziel verfehlt · '+3.2 points on August · n 123".replace("'", "")
    assert tile[4] == 10.4
    assert sentence[4:6] == (0.437, 3.2)


def test_a_table_without_rows_says_why() -> None:
    assert book()["12 Kampagnen"]["A2"].value == "No campaigns in Q3 2026."
