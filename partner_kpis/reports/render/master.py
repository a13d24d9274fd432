"""The blank deck that every PPTX begins with: 16 : 9, one master, two layouts, our theme.

Belongs here: master, layouts, theme, and fixed times in the file. Does not belong here: slides.

It is built from python-pptx’s own blank file once in a process, and kept as bytes.
"""

from __future__ import annotations

import io
import re
import struct
from functools import cache
from typing import Any, Final

from partner_kpis import theme
from partner_kpis.reports.render.layout import SIDE, SLIDE

EMU: Final = 12700
FONT: Final = "Arial"
SCHEME: Final[dict[str, str]] = {
    theme.INK: "tx1", theme.INK_SOFT: "tx2", theme.GROUND: "bg1", theme.SURFACE: "bg2",
    theme.ACCENT: "accent1", theme.STATUSES["on_target"].colour: "accent2",
    theme.STATUSES["watch"].colour: "accent3", theme.STATUSES["breach"].colour: "accent4",
    theme.STATUSES["running"].colour: "accent5", theme.REST: "accent6",
}  # fmt: skip
"""Colours that the theme names, so that a deck changes with the theme that a user gives it."""

_NAMESPACES: Final = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_THEME_NAMES: Final = {
    "tx1": "dk1", "bg1": "lt1", "tx2": "dk2", "bg2": "lt2",
}  # fmt: skip


@cache
def blank() -> bytes:
    """The deck without slides; its layouts are "Cover" and "Page", in this order."""
    from pptx import Presentation
    from pptx.util import Emu

    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(emu(SLIDE.width)), Emu(emu(SLIDE.height))
    layouts = list(deck.slide_layouts)
    for layout in layouts:
        if layout.name not in ("Title Only", "Blank"):
            deck.slide_layouts.remove(layout)
    page, cover = deck.slide_layouts
    _redraw(deck.slide_master, _placeholders(is_master=True), None)
    _redraw(page, _placeholders(is_master=False), "Page")
    _redraw(cover, _placeholders(is_master=False), "Cover")
    _restyle(deck.slide_master)
    _recolour(deck)
    _forget_samples(deck)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def emu(points: float) -> int:
    """Points as the English metric units of Office."""
    return round(points * EMU)


def frozen(content: bytes) -> bytes:
    """The zip with the first of January 1980 as the time of each of its files.

    Same contents then give the same bytes; python-pptx has no setting for it.
    """
    data = bytearray(content)
    end = data.rindex(b"PK\x05\x06")
    count, _, at = struct.unpack("<HII", data[end + 10 : end + 20])
    for _ in range(count):
        name, extra, comment = struct.unpack("<HHH", data[at + 28 : at + 34])
        local = struct.unpack("<I", data[at + 42 : at + 46])[0]
        data[at + 12 : at + 16] = data[local + 10 : local + 14] = b"\x00\x00\x21\x00"
        at += 46 + name + extra + comment
    return bytes(data)


def colour_xml(colour: str) -> str:
    """A fill in the theme’s own name where it has one."""
    named = SCHEME.get(colour)
    inner = f'<a:schemeClr val="{named}"/>' if named else f'<a:srgbClr val="{colour[1:]}"/>'
    return f"<a:solidFill>{inner}</a:solidFill>"


def _redraw(part: Any, shapes: str, name: str | None) -> None:
    from pptx.oxml import parse_xml

    tree = part.shapes._spTree
    for child in list(tree)[2:]:
        tree.remove(child)
    for shape in parse_xml(f"<p:spTree {_NAMESPACES}>{shapes}</p:spTree>"):
        tree.append(shape)
    if name:
        part._element.cSld.set("name", name)
        part._element.attrib.pop("type", None)


def _placeholders(is_master: bool) -> str:
    foot = SLIDE.height - SLIDE.foot
    boxes = (
        ("title", "Title", 2, (SIDE, 31.0, SLIDE.inner, 53.0), "", "l", 2200),
        ("body", "Text", 3, (SIDE, 98.0, SLIDE.inner, SLIDE.room), ' idx="1"', "l", 1200),
        ("ftr", "Footer", 4, (SIDE, foot, SLIDE.inner - 60, 12), ' sz="quarter" idx="3"', "l", 850),
        ("sldNum", "Slide Number", 5, (SLIDE.width - SIDE - 48, foot, 48, 12),
         ' sz="quarter" idx="4"', "r", 850),
    )  # fmt: skip
    return "".join(
        _placeholder(*box) for box in boxes if is_master or box[0] != "body"
    ) + _hairline(foot - 6)


def _placeholder(
    kind: str, name: str, number: int, box: tuple[float, float, float, float], more: str,
    align: str, size: int,
) -> str:  # fmt: skip
    x, y, w, h = (emu(v) for v in box)
    text = {"sldNum": '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum">'
                      '<a:rPr lang="en-US"/><a:t>‹#›</a:t></a:fld>',
            "ftr": ""}.get(kind, f'<a:r><a:rPr lang="en-US"/><a:t>{name}</a:t></a:r>')  # fmt: skip
    ink = "tx1" if kind in ("title", "body") else "tx2"
    bold = ' b="1"' if kind == "title" else ""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/>'
        f'</p:cNvSpPr><p:nvPr><p:ph type="{kind}"{more}/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm>'
        f'<a:off x="{x}" y="{y}"/><a:ext cx="{w}" cy="{h}"/></a:xfrm><a:prstGeom prst="rect">'
        "<a:avLst/></a:prstGeom></p:spPr><p:txBody>"
        '<a:bodyPr vert="horz" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/>'
        f'</a:bodyPr><a:lstStyle><a:lvl1pPr marL="0" indent="0" algn="{align}"><a:buNone/>'
        f'<a:defRPr sz="{size}"{bold}><a:solidFill><a:schemeClr val="{ink}"/></a:solidFill>'
        f"</a:defRPr></a:lvl1pPr></a:lstStyle><a:p>{text}</a:p></p:txBody></p:sp>"
    )


def _hairline(y: float) -> str:
    return (
        '<p:cxnSp><p:nvCxnSpPr><p:cNvPr id="9" name="Foot"/><p:cNvCxnSpPr/><p:nvPr userDrawn="1"/>'
        f'</p:nvCxnSpPr><p:spPr><a:xfrm><a:off x="{emu(SIDE)}" y="{emu(y)}"/>'
        f'<a:ext cx="{emu(SLIDE.inner)}" cy="0"/></a:xfrm><a:prstGeom prst="line"><a:avLst/>'
        f'</a:prstGeom><a:ln w="6350">{colour_xml(theme.LINE)}</a:ln></p:spPr></p:cxnSp>'
    )


def _restyle(master: Any) -> None:
    """Titles bold and left, not centred as in the blank file."""
    styles = master._element.find(
        ".//{http://schemas.openxmlformats.org/presentationml/2006/main}titleStyle"
    )
    level = styles[0]
    level.set("algn", "l")
    run = level.find("{http://schemas.openxmlformats.org/drawingml/2006/main}defRPr")
    run.set("sz", "2200")
    run.set("b", "1")


def _recolour(deck: Any) -> None:
    part = next(
        rel.target_part
        for rel in deck.slide_master.part.rels.values()
        if rel.reltype.endswith("/theme")
    )
    xml = part.blob.decode("utf-8")
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{colour[1:]}"/></a:{name}>'
        for name, colour in _theme_colours().items()
    )
    xml = re.sub(
        r"<a:clrScheme.*?</a:clrScheme>",
        f'<a:clrScheme name="partner-kpis">{colours}</a:clrScheme>', xml, flags=re.S,
    )  # fmt: skip
    xml = re.sub(r'(<a:m(?:ajor|inor)Font>\s*<a:latin typeface=")[^"]*', rf"\g<1>{FONT}", xml)
    part._blob = xml.encode("utf-8")


def _theme_colours() -> dict[str, str]:
    by_name = {_THEME_NAMES.get(name, name): colour for colour, name in SCHEME.items()}
    order = ("dk1", "lt1", "dk2", "lt2", *(f"accent{i}" for i in range(1, 7)))
    return {name: by_name[name] for name in order} | {
        "hlink": theme.ACCENT, "folHlink": theme.INK_SOFT,
    }  # fmt: skip


def _forget_samples(deck: Any) -> None:
    """The blank file’s picture, statistics and printer are of somebody else’s deck."""
    package = deck.part.package
    for owner in (package, deck.part):
        for rel_id, rel in list(owner._rels.items()):
            if rel.reltype.endswith(("/thumbnail", "/extended-properties", "/printerSettings")):
                owner._rels.pop(rel_id)
