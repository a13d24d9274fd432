"""Which document a file is, and that one number altered anywhere in it is found and named."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import ByteStringObject, ContentStream, NameObject

from partner_kpis.errors import UserError
from partner_kpis.reports.render import FORMATS, renderer
from tests.unit.reports import rich


@cache
def content(format_name: str, lang: str = "de") -> bytes:
    return renderer(format_name).render(rich.document(lang, rows=30))


@cache
def places(format_name: str) -> dict[str, str]:
    return renderer(format_name).places(content(format_name))


def differing(format_name: str, altered: bytes) -> list[str]:
    """The places at which the altered file says something else."""
    now = renderer(format_name).places(altered)
    before = places(format_name)
    return sorted(p for p in now.keys() | before.keys() if now.get(p) != before.get(p))


def in_zip(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The zip with the text of one of its files changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            text = old.read(info)
            if info.filename == name:
                changed = change(text.decode("utf-8"))
                assert changed != text.decode("utf-8")
                text = changed.encode("utf-8")
            new.writestr(info, text)
    return out.getvalue()


def replaced_once(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


@pytest.mark.parametrize("format_name", FORMATS)
def test_the_same_document_gives_the_same_bytes(format_name: str) -> None:
    again = renderer(format_name).render(rich.document("de", rows=30))

    assert again == content(format_name)


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_file_knows_which_document_it_is(format_name: str) -> None:
    assert renderer(format_name).identity(content(format_name)) == rich.document("de").identity


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("foreign", [b"", b"nonsense", b"{}", b"%PDF-1.4 nonsense"])
def test_a_foreign_file_is_refused_with_a_sentence(format_name: str, foreign: bytes) -> None:
    with pytest.raises(UserError, match="as it was made"):
        renderer(format_name).identity(foreign)


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_definition_of_a_hundred_kpis_fits_into_a_file(format_name: str) -> None:
    document = rich.document("en", rows=3)
    many = tuple((f"kpi_{i:03}", f"1.{i}.0") for i in range(100))
    identity = replace(document.identity, definitions=many, partner_name="Ünal </script> & 'Söhne'")
    made = renderer(format_name).render(replace(document, identity=identity))

    assert renderer(format_name).identity(made) == identity


@pytest.mark.parametrize("format_name", FORMATS)
def test_every_printed_figure_is_at_some_place(format_name: str) -> None:
    """Of tables, tiles, sentences and facts; charts print what has room."""
    document = rich.document("de", rows=10)
    made = renderer(format_name)
    read = made.places(made.render(document))
    # A PDF knows one space only.
    everything = "\n".join(read.values()).replace("\u00a0", " ")
    charts = {f"{page.number}/{chart.key}" for page, chart in document.charts()}
    for place, figure in document.figures():
        if "/".join(place.split("/")[:2]) in charts or not re.search(r"\d", figure.text):
            continue
        assert figure.text.replace("\u00a0", " ") in everything, place


ALTERED: dict[str, list[tuple[str, str, Callable[[str], str], str]]] = {
    "pptx": [
        ("a cell", "ppt/slides/slide3.xml", replaced_once("20,0\u00a0%", "20,1\u00a0%"),
         "slide 3 / p4/scorecard / row 3 / Ist"),
        ("a tile", "ppt/slides/slide2.xml", replaced_once(">71<", ">72<"),
         "slide 2 / p2/core/Partner health"),
        ("a sentence", "ppt/slides/slide2.xml", replaced_once("um −12 Z", "um −13 Z"),
         "slide 2 / p2/risks/2"),
        ("a chart", "ppt/charts/chart1.xml", replaced_once(">400000.0<", ">410000.0<"),
         "slide 4 / p5/moves / Zunahme / new"),
        ("a footer", "ppt/slides/slide2.xml", replaced_once("Q3 2026 · Snap", "Q4 2026 · Snap"),
         "slide 2 / p2/footer"),
    ],
    "xlsx": [
        ("a number", "xl/worksheets/sheet3.xml", replaced_once("<v>0.1</v>", "<v>0.2</v>"),
         "4 Zwölf Kennzahlen / B3"),
        ("a printed text", "xl/sharedStrings.xml", replaced_once("20,0\u00a0%", "20,1\u00a0%"),
         "lineage / E"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("format_name", "name", "change", "place"),
    [
        pytest.param(f, name, change, place, id=f"{f}: {what}")
        for f, cases in ALTERED.items()
        for what, name, change, place in cases
    ],
)
def test_one_altered_number_in_an_office_file_is_named(
    format_name: str, name: str, change: Callable[[str], str], place: str
) -> None:
    found = differing(format_name, in_zip(content(format_name), name, change))

    assert found and all(p.startswith(place) for p in found), found


def test_one_altered_number_in_the_workbook_behind_a_chart_is_named() -> None:
    def change_book(data: bytes) -> bytes:
        change = replaced_once("<v>400000.0</v>", "<v>410000.0</v>")
        return in_zip(data, "xl/worksheets/sheet1.xml", change)

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content("pptx"))) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            is_first = info.filename == "ppt/embeddings/chart1.xlsx"
            new.writestr(info, change_book(data) if is_first else data)

    assert differing("pptx", out.getvalue()) == ["slide 4 / p5/moves / workbook / D3"]


@pytest.mark.parametrize(
    "place", ["page 3 / p4/scorecard/row 3/actual", "page 2 / p2/core/Partner health"]
)
def test_one_altered_number_in_print_is_named(place: str) -> None:
    """The glyphs of one text change places, as an editor of PDF would write them anew."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content("pdf"))))
    page = writer.pages[int(place.split(" ")[1]) - 1]
    stream = ContentStream(page.get_contents(), writer)
    here = ""
    for operands, operator in stream.operations:
        if operator == b"BDC":
            here = str(operands[1]["/Name"])
        if operator == b"Tj" and place.endswith(f"/ {here}"):
            raw = operands[0].original_bytes
            operands[0] = ByteStringObject(raw[1:] + raw[:1])
    page[NameObject("/Contents")] = stream
    out = io.BytesIO()
    writer.write(out)

    assert differing("pdf", out.getvalue()) == [place]


def test_what_is_laid_over_a_page_in_print_is_found() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content("pdf"))))
    writer.add_annotation(2, FreeText(text="45,0 %", rect=(100, 400, 160, 420)))
    out = io.BytesIO()
    writer.write(out)

    assert differing("pdf", out.getvalue()) == ["page 3 / laid over 1"]


def test_one_altered_number_of_a_page_of_html_is_named() -> None:
    text = content("html").decode()
    before = 'data-place="p4/scorecard/3/actual">20,0\u00a0%<'
    assert before in text
    altered = text.replace(before, before.replace("20,0", "20,1"))

    assert differing("html", altered.encode()) == ["p4/scorecard/3/actual"]


def test_any_altered_digit_of_json_is_found() -> None:
    text = content("json").decode()
    start = text.index('"pages"')
    random.seed(7)
    digits = [m.start() for m in re.finditer(r"(?<=[\d.,: ])\d(?=[\d.,\n\" %])", text[start:])]
    for at in random.sample(digits, 60):
        where = start + at
        digit = str((int(text[where]) + 1) % 9 + 1)
        if digit == text[where]:
            continue
        altered = text[:where] + digit + text[where + 1 :]
        try:
            json.loads(altered)
        except ValueError:
            continue
        assert len(differing("json", altered.encode())) >= 1, text[where - 40 : where + 20]


@pytest.mark.parametrize("format_name", FORMATS)
def test_places_of_an_unaltered_file_agree_with_those_rendered_anew(format_name: str) -> None:
    again = renderer(format_name).render(rich.document("de", rows=30))

    assert renderer(format_name).places(again) == places(format_name)


def test_an_unknown_format_is_not_loaded() -> None:
    with pytest.raises(KeyError):
        renderer("docx")
