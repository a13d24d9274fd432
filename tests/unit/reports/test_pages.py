"""What slides and printed pages look like, measured in the finished files."""

from __future__ import annotations

import io
from collections import Counter
from functools import cache
from typing import Any

import pypdfium2
import pytest
from PIL import ImageFont
from pptx import Presentation
from pypdf import PdfReader

from partner_kpis import theme
from partner_kpis.reports.render import metrics, pdf, pptx
from partner_kpis.reports.render.layout import A4, SLIDE, laid_out
from tests.unit.reports import rich

LANGUAGES = ("en", "de")
_EMU = 12700


@cache
def deck(lang: str) -> Any:
    return Presentation(io.BytesIO(pptx.render(rich.document(lang))))


@cache
def printed(lang: str) -> bytes:
    return pdf.render(rich.document(lang))


@cache
def arial(bold: bool, size: float) -> Any:
    """The font with another library than the one that laid the page out."""
    name = "LiberationSans-Bold.ttf" if bold else "LiberationSans-Regular.ttf"
    return ImageFont.truetype(str(metrics.FONTS / name), size * 10)


def lines_needed(text: str, room: float, size: float, bold: bool) -> int:
    """Lines of a text in a box of this width, as an office program wraps it."""
    font = arial(bold, size)
    count = 0
    for paragraph in text.split("\n"):
        line = ""
        count += 1
        for word in paragraph.split(" "):
            longer = f"{line} {word}".strip()
            if font.getlength(longer) / 10 <= room:
                line = longer
                continue
            count += 1 if line else 0
            line = word
            while font.getlength(line) / 10 > room:  # a word that is wider breaks within
                count += 1
                line = line[int(len(line) * room / (font.getlength(line) / 10)) :]
    return count


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_of_a_document_is_in_both_files_in_order(lang: str) -> None:
    document = rich.document(lang)
    titles = [slide.shapes.title.text for slide in deck(lang).slides]
    outline = [entry.title for entry in PdfReader(io.BytesIO(printed(lang))).outline]

    for found in (titles, outline):
        starts = [t for t in found if not t.endswith(")") or t in {p.title for p in document.pages}]
        assert starts == [page.title for page in document.pages]
    assert len(titles) == len(laid_out(document, SLIDE)) == 20
    assert len(outline) == len(laid_out(document, A4)) == 18


def test_a_slide_has_one_chart_and_one_table_at_most() -> None:
    for slide in deck("en").slides:
        assert sum(shape.has_chart for shape in slide.shapes) <= 1
        assert sum(shape.has_table for shape in slide.shapes) <= 1


def test_a_page_that_continues_says_which_part_it_is() -> None:
    titles = [slide.shapes.title.text for slide in deck("en").slides]

    assert [t for t in titles if t.startswith("Four charts")] == [
        "Four charts need four slides",
        "Four charts need four slides (2)",
        "Four charts need four slides (3)",
        "Four charts need four slides (4)",
    ]


def test_a_long_table_is_shown_in_part_and_says_what_the_workbook_has() -> None:
    texts = "\n".join(text for _, text in _texts_of(deck("en")))

    assert "Rows not shown here: 190. The workbook has all of them." in texts
    assert "Rows not shown here: 140. The workbook has all of them." in texts


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_of_a_slide_leaves_its_box(lang: str) -> None:
    checked = 0
    for slide in deck(lang).slides:
        for shape in slide.shapes:
            if not shape.has_text_frame or not shape.text_frame.text:
                continue
            for paragraph in shape.text_frame.paragraphs:
                # A field, such as the page’s number, is no run.
                if not paragraph.runs:
                    continue
                run = paragraph.runs[0]
                size = run.font.size.pt
                room = shape.width / _EMU
                needed = lines_needed(paragraph.text, room, size, bool(run.font.bold))
                assert needed * size * 1.15 <= shape.height / _EMU + 0.6, paragraph.text
                checked += 1
    assert checked > 120


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_of_a_table_pushes_its_row_beyond_what_was_measured(lang: str) -> None:
    for slide in deck(lang).slides:
        for shape in slide.shapes:
            if not shape.has_table:
                continue
            for row in shape.table.rows:
                for column, cell in enumerate(row.cells):
                    if not cell.text_frame.text:
                        continue
                    run = cell.text_frame.paragraphs[0].runs[0]
                    room = (shape.table.columns[column].width - cell.margin_left) / _EMU
                    room -= cell.margin_right / _EMU
                    needed = lines_needed(
                        cell.text_frame.text, room, run.font.size.pt, bool(run.font.bold)
                    )
                    below = cell.margin_bottom / _EMU
                    assert needed * run.font.size.pt * 1.15 + below <= row.height / _EMU + 0.6
            bottom = (shape.top + sum(row.height for row in shape.table.rows)) / _EMU
            assert bottom <= SLIDE.height - 36


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_shape_of_a_slide_lies_within_it(lang: str) -> None:
    for slide in deck(lang).slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0
            assert shape.left + shape.width <= deck(lang).slide_width
            assert shape.top + shape.height <= deck(lang).slide_height


def test_what_lies_above_cells_lies_within_them() -> None:
    slide = next(s for s in deck("en").slides if "Three of twelve" in s.shapes.title.text)
    table = next(shape for shape in slide.shapes if shape.has_table)
    edges = [table.top]
    for row in table.table.rows:
        edges.append(edges[-1] + row.height)
    bars = [s for s in slide.shapes if s.name.endswith(("/corridor", "/trend"))]

    assert len(bars) == 24
    for bar in bars:
        row = int(bar.name.split("/")[-2])
        assert edges[row] <= bar.top and bar.top + bar.height <= edges[row + 1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_of_a_printed_page_leaves_it_or_covers_another(lang: str) -> None:
    for page in pypdfium2.PdfDocument(printed(lang)):
        width, height = page.get_size()
        assert (round(width), round(height)) == (842, 595)  # A4 across
        text = page.get_textpage()
        boxes = [text.get_rect(i) for i in range(text.count_rects())]
        for left, bottom, right, top in boxes:
            # Printers cannot reach the outermost quarter of an inch.
            assert left >= 18 and bottom >= 18 and right <= width - 18 and top <= height - 18
        for index, one in enumerate(boxes):
            for other in boxes[index + 1 :]:
                wide = min(one[2], other[2]) - max(one[0], other[0])
                high = min(one[3], other[3]) - max(one[1], other[1])
                assert wide < 0.8 or high < 0.8, (one, other, text.get_text_bounded(*one))


def test_a_printed_page_brings_its_fonts() -> None:
    for page in PdfReader(io.BytesIO(printed("de"))).pages:
        for font in page["/Resources"]["/Font"].values():
            assert "/FontFile2" in font.get_object()["/FontDescriptor"]


@pytest.mark.parametrize("name", ["Żółwiński & Çağlar", "İstanbul Gıda Ş.", "Überseehandels"])
def test_letters_of_europe_are_readable_in_print(name: str) -> None:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(printed("de"))).pages)

    assert name in text


def test_a_status_is_a_shape_and_a_word() -> None:
    words = {text for _, text in _texts_of(deck("de"))}

    assert "■\u00a0Ziel verfehlt" in words
    assert f"{theme.STATUSES['running'].shape}\u00a0läuft" in words


def test_each_slide_has_its_footer_and_its_number() -> None:
    document = rich.document("en")
    for number, slide in enumerate(deck("en").slides, start=1):
        by_name = {shape.name.split("/")[-1]: shape for shape in slide.shapes}
        assert by_name["footer"].text_frame.text == document.footer
        assert by_name["folio"].text_frame.text == str(number)


def test_shapes_are_named_by_the_block_that_they_show() -> None:
    slide = deck("en").slides[2]
    names = Counter(shape.name for shape in slide.shapes)

    assert names["p4/scorecard"] == 1


@pytest.mark.parametrize("module", [pptx, pdf])
def test_an_empty_part_says_why(module: Any) -> None:
    content = module.render(rich.document("en"))
    if module is pptx:
        text = "\n".join(t for _, t in _texts_of(Presentation(io.BytesIO(content))))
    else:
        text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)

    assert "No campaigns in Q3 2026." in text
    assert "Keine Werte in 2026." in text
    assert "No tickets: drop support/zendesk_ticket into landing/." in text


def _texts_of(presentation: Any) -> list[tuple[str, str]]:
    found = []
    for slide in presentation.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append((shape.name, shape.text_frame.text))
            if shape.has_table:
                for row in shape.table.rows:
                    found += [(shape.name, cell.text_frame.text) for cell in row.cells]
    return found
