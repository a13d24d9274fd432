"""A document as PPTX: native charts and tables on a clean master, everything editable.

Belongs here: the deck, its slides, and who it is. Does not belong here: where things stand
(layout), shapes (pptx_shapes), charts (pptx_charts), reading a deck back (pptx_text).

The same document gives the same bytes: times in the file are the identity's or none.
"""

from __future__ import annotations

import io
from typing import Any
from xml.sax.saxutils import escape

from pptx import Presentation
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.parts.chart import ChartPart

from partner_kpis.reports.document import Document, Identity
from partner_kpis.reports.render import identity as identities
from partner_kpis.reports.render import master, pptx_text
from partner_kpis.reports.render.chart_workbook import workbook
from partner_kpis.reports.render.drawing import Grid, Plot
from partner_kpis.reports.render.layout import SLIDE, Slide, laid_out
from partner_kpis.reports.render.native_series import chart_rows
from partner_kpis.reports.render.pptx_charts import chart_xml
from partner_kpis.reports.render.pptx_shapes import Shapes

_MAX_PROPERTY = 255


def render(document: Document) -> bytes:
    """The deck’s bytes."""
    deck = Presentation(io.BytesIO(master.blank()))
    page, cover = deck.slide_layouts
    for slide in laid_out(document, SLIDE):
        _add(deck, cover if slide.is_cover else page, slide, document.identity.lang)
    _describe(deck, document)
    out = io.BytesIO()
    deck.save(out)
    return master.frozen(out.getvalue())


def places(content: bytes) -> dict[str, str]:
    """Every text and number with a digit: its place → as it stands in the file.

    A place reads slide 4 / p4/scorecard / row 3 / Actual.
    """
    return pptx_text.places(content)


def identity(content: bytes) -> Identity:
    """Raises UserError where the deck carries none."""
    return pptx_text.identity(content)


def _add(deck: Any, layout: Any, slide: Slide, lang: str) -> None:
    made = deck.slides.add_slide(layout)
    tree = made.shapes._spTree
    for shape in list(tree)[2:]:
        tree.remove(shape)
    shapes = Shapes(lang)
    shapes.placeholder(slide.title, "title")
    for thing in slide.things:
        match thing:
            case Grid():
                shapes.grid(thing)
            case Plot():
                _add_chart(made.part, shapes, thing, lang)
            case _:
                shapes.add(thing)
    shapes.placeholder(slide.footer, "ftr")
    shapes.placeholder(slide.folio, "sldNum")
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in tree.nsmap.items() if prefix)
    # One parse for all shapes of the slide.
    for shape in parse_xml(f"<p:spTree {spaces}>{''.join(shapes.parts)}</p:spTree>"):
        tree.append(shape)


def _add_chart(part: Any, shapes: Shapes, plot: Plot, lang: str) -> None:
    package = part.package
    uri = package.next_partname("/ppt/charts/chart%d.xml")
    blob = chart_xml(plot.chart, plot.w, plot.h, lang)
    chart = ChartPart.load(uri, CONTENT_TYPE.DML_CHART, package, blob)
    header, rows = chart_rows(plot.chart, lang)
    book = Part(
        PackURI(uri.replace("/charts/chart", "/embeddings/chart").replace(".xml", ".xlsx")),
        CONTENT_TYPE.SML_SHEET, package, workbook(header, rows),
    )  # fmt: skip
    chart.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)
    rel_id = part.relate_to(chart, RELATIONSHIP_TYPE.CHART)
    uri_of_charts = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    inner = (
        f'<a:graphicData uri="{uri_of_charts}">'
        f'<c:chart xmlns:c="{uri_of_charts}" r:id="{rel_id}"/></a:graphicData>'
    )
    shapes.frame((plot.x, plot.y, plot.w, plot.h), plot.name, plot.chart.title, inner)


def _describe(deck: Any, document: Document) -> None:
    """Properties that people see, and the identity in a part that Office keeps when it saves."""
    identity = document.identity
    stamp = identity.created_at.replace(tzinfo=None)
    about = deck.core_properties
    about.title = document.title[:_MAX_PROPERTY]
    about.subject = document.subtitle[:_MAX_PROPERTY]
    about.author = about.last_modified_by = "partner-kpis"
    about.identifier = identity.stem[:_MAX_PROPERTY]
    about.language = identity.lang
    about.created = about.modified = stamp
    about.revision = 1
    text = escape(identities.to_json(identity))
    xml = f'<identity xmlns="{identities.XML_NAMESPACE}">{text}</identity>'
    part = Part(
        PackURI("/customXml/item1.xml"), CONTENT_TYPE.XML, deck.part.package, xml.encode("utf-8")
    )
    deck.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
