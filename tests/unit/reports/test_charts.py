"""Native charts of a deck hold the document’s numbers, and so do the workbooks behind them."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation

from partner_kpis.reports.document import Chart, Document, Figure, Page, Series
from partner_kpis.reports.render import pptx
from partner_kpis.reports.render.chartspec import spec_of, value_of
from partner_kpis.reports.render.native_series import native_series
from tests.unit.reports import rich


def natives(document: Document) -> dict[str, Any]:
    """Name of its shape → native chart."""
    deck = Presentation(io.BytesIO(pptx.render(document)))
    return {s.name: s.chart for slide in deck.slides for s in slide.shapes if s.has_chart}


def series_of(native: Any) -> dict[str, list[float | None]]:
    return {s.name: list(s.values) for plot in native.plots for s in plot.series}


def values_of(series: Series) -> list[float | None]:
    return [value_of(figure) for figure in series.figures]


def moves_of(series: dict[str, list[float | None]], name: str) -> list[float | None]:
    """The moves of a waterfall, put together from the series that draw it."""

    def part(key: str, index: int) -> float | None:
        return series.get(key, [None] * len(series[name]))[index]

    moves: list[float | None] = []
    for index, level in enumerate(series[name]):
        up = [part("Increase", index), part("Increase below zero", index)]
        down = [part("Decrease", index), part("Decrease below zero", index)]
        if level is not None:
            moves.append(level)
        elif any(v is not None for v in up):
            moves.append(sum(abs(v) for v in up if v is not None))
        elif any(v is not None for v in down):
            moves.append(-sum(abs(v) for v in down if v is not None))
        else:
            moves.append(None)
    return moves


def test_each_native_chart_has_the_numbers_of_the_document() -> None:
    document = rich.document("en")
    drawn = natives(document)
    checked = 0
    for page, chart in document.charts():
        name = f"p{page.number}/{chart.key}"
        if name not in drawn:
            assert chart.key == "void"  # has no values; the slide says why
            continue
        native = drawn[name]
        assert list(native.plots[0].categories) == list(chart.categories)
        found = series_of(native)
        for number, series in enumerate(chart.series):
            expected = values_of(series)
            if chart.kind == "waterfall":
                assert moves_of(found, series.name) == expected
            elif chart.kind == "mirrored_bars" and number == 0:
                assert found[series.name] == [-v if v is not None else None for v in expected]
            else:
                assert found[series.name] == expected
            checked += 1
    assert checked == 12


def test_the_workbook_behind_a_chart_has_the_same_numbers() -> None:
    for native in natives(rich.document("en")).values():
        blob = native.part.chart_workbook.xlsx_part.blob
        sheet = openpyxl.load_workbook(io.BytesIO(blob)).active
        header, *rows = list(sheet.iter_rows(values_only=True))
        expected = series_of(native)
        assert list(header[1:]) == list(expected)
        assert [row[0] for row in rows] == list(native.plots[0].categories)
        for column, values in enumerate(expected.values(), start=1):
            assert [row[column] for row in rows] == values


def test_a_gap_stays_a_gap() -> None:
    native = natives(rich.document("en"))["p7/rates"]

    assert series_of(native)["Partner"][3] is None
    assert 'dispBlanksAs val="gap"' in native.part.blob.decode()


def test_the_base_of_a_waterfall_is_not_seen() -> None:
    native = natives(rich.document("en"))["p5/moves"]
    base = next(s for plot in native.plots for s in plot.series if s.name == "Base")

    assert base.format.fill.type == 5  # no fill at all
    assert list(base.values)[1:3] == [1_200_000.0, 1_550_000.0]


def test_mirrored_bars_are_read_without_a_sign() -> None:
    bars, _ = native_series(_chart("mirrored_bars", [12, 3], [4, 5]), "en")

    assert [s.values for s in bars] == [(-12.0, -3.0), (4.0, 5.0)]
    assert bars[0].code == "#,##0;#,##0"


def test_bars_begin_at_zero_and_lines_need_not() -> None:
    high = [0.97, 0.99, 0.98]

    assert spec_of(_chart("columns", high), "en").axis.low == 0.0
    assert spec_of(_chart("lines", high), "en").axis.low > 0.9


@pytest.mark.parametrize(("lang", "expected"), [("en", "1.5M"), ("de", "1,5\u00a0Mio.")])
def test_an_axis_is_written_at_the_scale_that_fits(lang: str, expected: str) -> None:
    spec = spec_of(_chart("columns", [1_500_000, 900_000]), lang)

    assert spec.numbers.text(1_500_000, lang) == expected


_amounts = st.integers(-10_000_000, 10_000_000)


@settings(max_examples=150, deadline=None)
@given(st.integers(-5_000_000, 5_000_000), st.lists(_amounts, min_size=1, max_size=8))
def test_a_waterfall_can_be_read_back_wherever_it_crosses_zero(
    opening: int, moves: list[int]
) -> None:
    values = [opening, *moves, opening + sum(moves)]
    bars, _ = native_series(_chart("waterfall", values), "en")
    found = {s.name: list(s.values) for s in bars}

    read = moves_of(found, "s0")

    assert [v or 0.0 for v in read] == [float(v) for v in values]
    for index, value in enumerate(values):
        assert spec_of(_chart("waterfall", values), "en").axis.high >= 0
        assert found["Base"][index] is None or values[index] == value


@pytest.mark.parametrize("kind", ["columns", "stacked_columns", "bars", "lines", "waterfall"])
@pytest.mark.parametrize("values", [[0, 0, 0], [5], [-3, -4], [1e-9, 2e-9], [1e12, 5, None]])
def test_odd_numbers_are_drawn_in_every_format(kind: str, values: list[float | None]) -> None:
    chart = replace(_chart(kind, values), key="odd")
    document = rich.document("en", rows=3)
    odd = replace(document, pages=(*document.pages[:1], Page("2", "p", "Odd", (chart,))))

    assert f"p2/{chart.key}" in natives(odd)
    from partner_kpis.reports.render import html, pdf

    assert pdf.render(odd) and html.render(odd)


def _chart(kind: str, *series: list[Any]) -> Chart:
    made = tuple(
        Series(f"s{i}", tuple(_figure(v) for v in values)) for i, values in enumerate(series)
    )
    names = tuple(f"c{i}" for i in range(len(series[0])))
    return Chart("c", "t", kind, names, made, "n", "–")  # type: ignore[arg-type]


def _figure(value: float | None) -> Figure:
    exact = None if value is None else Decimal(str(value))
    return Figure(exact, "–" if value is None else str(value))
