"""Marks of the layout as shapes of a slide, in Office’s XML.

Belongs here: texts, lines, areas, tables and small pictures as DrawingML. Does not belong here:
charts (pptx_charts), the deck and its files (pptx).

Strings and not python-pptx’s objects: a deck has thousands of cells, and each costs a tenth this
way. All text is escaped here and nowhere else.
"""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from partner_kpis import theme
from partner_kpis.reports.render.drawing import (
    Area,
    Disc,
    Figurine,
    Grid,
    GridCell,
    Mark,
    Path,
    Rule,
    Status,
    Text,
)  # fmt: skip
from partner_kpis.reports.render.master import colour_xml, emu

_NO_STYLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_ALIGN: Final = {"left": "", "right": ' algn="r"', "center": ' algn="ctr"'}
_CONTROLS: Final = {code: None for code in range(32) if code not in (9, 10, 13)}


class Shapes:
    """The shapes of one slide, numbered as they are added."""

    def __init__(self, lang: str) -> None:
        self.lang = "de-DE" if lang == "de" else "en-GB"
        self.parts: list[str] = []
        self._last = 1

    def number(self) -> int:
        self._last += 1
        return self._last

    def placeholder(self, item: Text, kind: str) -> None:
        """A text in a place of the layout: title, ftr or sldNum."""
        index = {"title": "", "ftr": ' sz="quarter" idx="3"', "sldNum": ' sz="quarter" idx="4"'}
        if kind == "sldNum":
            run = (
                '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum">'
                f'<a:rPr lang="{self.lang}"/><a:t>{escape(item.text)}</a:t></a:fld>'
            )
        else:
            run = self._run(item.text, item.size, item.bold, item.colour)
        self.parts.append(
            f'<p:sp><p:nvSpPr><p:cNvPr id="{self.number()}" name={_quoted(item.name)}/><p:cNvSpPr>'
            f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="{kind}"{index[kind]}/></p:nvPr>'
            f"</p:nvSpPr><p:spPr>{_box(item.x, item.y, item.w, item.h)}</p:spPr><p:txBody>"
            f"<a:bodyPr/><a:lstStyle/><a:p>{run}</a:p></p:txBody></p:sp>"
        )

    def add(self, mark: Mark | Figurine) -> None:
        match mark:
            case Figurine():
                self._figurine(mark)
            case Text():
                run = self._paragraphs(mark.text, mark.size, mark.bold, mark.colour, mark.align)
                self._text_box((mark.x, mark.y, mark.w, mark.h), mark.name, run)
            case Status():
                run = self._status(mark.look, mark.word, mark.size)
                self._text_box((mark.x, mark.y, mark.w, mark.h), mark.name, f"<a:p>{run}</a:p>")
            case _:
                self.parts.append(self._drawn(mark))

    def grid(self, grid: Grid) -> None:
        """A native table; rows are as high as measured, so that what lies above them fits."""
        columns = "".join(f'<a:gridCol w="{emu(w)}"/>' for w in grid.widths)
        last = len(grid.rows) - 1
        rows = []
        for number, row in enumerate(grid.rows):
            strong = number == 0 or (grid.has_total and number == last - 1)
            colour, thick = (theme.REST, 9525) if strong else (theme.LINE, 6350)
            border = f'<a:lnB w="{thick}">{colour_xml(colour)}</a:lnB>'
            anchor = "b" if number == 0 else "ctr"
            below = emu(3) if number == 0 else 0
            frame = (
                f'<a:tcPr marL="{emu(grid.pad)}" marR="{emu(grid.pad)}" marT="0" marB="{below}" '
                f'anchor="{anchor}">{border}<a:noFill/></a:tcPr>'
            )
            cells = "".join(
                f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{self._cell(c)}</a:txBody>{frame}</a:tc>"
                for c in row.cells
            )
            rows.append(f'<a:tr h="{emu(row.height)}">{cells}</a:tr>')
        total = ' lastRow="1"' if grid.has_total else ""
        tall = sum(row.height for row in grid.rows)
        inner = (
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table"><a:tbl>'
            f'<a:tblPr firstRow="1"{total}><a:tableStyleId>{_NO_STYLE}</a:tableStyleId></a:tblPr>'
            f"<a:tblGrid>{columns}</a:tblGrid>{''.join(rows)}</a:tbl></a:graphicData>"
        )
        self.frame((grid.x, grid.y, sum(grid.widths), tall), grid.name, grid.title, inner)

    def frame(
        self, box: tuple[float, float, float, float], name: str, alt: str, inner: str
    ) -> None:
        """A graphic frame around a table or a chart."""
        x, y, w, h = (emu(v) for v in box)
        self.parts.append(
            f'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="{self.number()}" '
            f"name={_quoted(name)} descr={_quoted(alt)}/><p:cNvGraphicFramePr>"
            '<a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>'
            f'<p:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{w}" cy="{h}"/></p:xfrm>'
            f"<a:graphic>{inner}</a:graphic></p:graphicFrame>"
        )

    def _text_box(self, box: tuple[float, float, float, float], name: str, paragraphs: str) -> None:
        self.parts.append(
            f'<p:sp><p:nvSpPr><p:cNvPr id="{self.number()}" name={_quoted(name)}/>'
            f'<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr>{_box(*box)}'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr><p:txBody>'
            '<a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0"><a:noAutofit/></a:bodyPr>'
            "<a:lstStyle/>"
            f"{paragraphs}</p:txBody></p:sp>"
        )

    def _cell(self, cell: GridCell) -> str:
        if cell.look:
            return f"<a:p>{self._status(cell.look, cell.fitted_text, cell.size)}</a:p>"
        return self._paragraphs(cell.fitted_text, cell.size, cell.bold, cell.colour, cell.align)

    def _paragraphs(self, text: str, size: float, bold: bool, colour: str, align: str) -> str:
        how = f"<a:pPr{_ALIGN[align]}/>" if align != "left" else ""
        if not text:
            # An empty paragraph is as high as its font; without a size it would push the row.
            return f'<a:p>{how}<a:endParaRPr lang="{self.lang}" sz="{_size(size)}"/></a:p>'
        return "".join(
            f"<a:p>{how}{self._run(line, size, bold, colour)}</a:p>" for line in text.split("\n")
        )

    def _run(self, text: str, size: float, bold: bool, colour: str) -> str:
        weight = ' b="1"' if bold else ' b="0"'
        return (
            f'<a:r><a:rPr lang="{self.lang}" sz="{_size(size)}"{weight}>{colour_xml(colour)}'
            f"</a:rPr><a:t>{escape(text.translate(_CONTROLS))}</a:t></a:r>"
        )

    def _status(self, look: theme.StatusLook, word: str, size: float) -> str:
        shape = self._run(f"{look.shape}\u00a0", size, False, look.colour)
        return shape + self._run(word, size, False, look.ink)

    def _figurine(self, item: Figurine) -> None:
        x, y, w, h = (emu(v) for v in (item.x, item.y, item.w, item.h))
        box = (
            f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{w}" cy="{h}"/>'
            f'<a:chOff x="{x}" y="{y}"/><a:chExt cx="{w}" cy="{h}"/></a:xfrm>'
        )
        number = self.number()
        inner = "".join(self._drawn(part) for part in item.parts)
        self.parts.append(
            f'<p:grpSp><p:nvGrpSpPr><p:cNvPr id="{number}" name={_quoted(item.name)}/>'
            f"<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr>{box}</p:grpSpPr>{inner}</p:grpSp>"
        )

    def _drawn(self, mark: Mark) -> str:
        match mark:
            case Rule():
                x, y = min(mark.x1, mark.x2), min(mark.y1, mark.y2)
                box = _box(x, y, abs(mark.x2 - mark.x1), abs(mark.y2 - mark.y1))
                line = _line(mark.colour, mark.width, mark.is_dashed)
                return self._shape(box, "line", line, "cxn")
            case Area():
                ink = _fill(mark.fill) + _line(mark.line, 0.75)
                return self._shape(_box(mark.x, mark.y, mark.w, mark.h), "rect", ink)
            case Disc():
                box = _box(mark.x - mark.r, mark.y - mark.r, 2 * mark.r, 2 * mark.r)
                return self._shape(box, "ellipse", _fill(mark.fill) + _line(mark.line, 0.75))
            case Path():
                return self._path(mark)
            case _:
                raise TypeError(f"{type(mark).__name__} is no drawn shape.")

    def _shape(self, box: str, geometry: str, ink: str, kind: str = "sp") -> str:
        number = self.number()
        tag, extra = ("cxnSp", "Cxn") if kind == "cxn" else ("sp", "")
        return (
            f'<p:{tag}><p:nv{extra}SpPr><p:cNvPr id="{number}" name="{geometry} {number}"/>'
            f"<p:cNv{extra}SpPr/><p:nvPr/></p:nv{extra}SpPr><p:spPr>{box}"
            f'<a:prstGeom prst="{geometry}"><a:avLst/></a:prstGeom>{ink}</p:spPr></p:{tag}>'
        )

    def _path(self, path: Path) -> str:
        points = [point for run in path.runs for point in run]
        left, top = min(x for x, _ in points), min(y for _, y in points)
        wide = max(max(x for x, _ in points) - left, 0.1)
        tall = max(max(y for _, y in points) - top, 0.1)
        steps = []
        for run in path.runs:
            for index, (x, y) in enumerate(run):
                step = "lnTo" if index else "moveTo"
                at = f'<a:pt x="{emu(x - left)}" y="{emu(y - top)}"/>'
                steps.append(f"<a:{step}>{at}</a:{step}>")
        closed = "<a:close/>" if path.fill else ""
        fill = "" if path.fill else ' fill="none"'
        number = self.number()
        return (
            f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="path {number}"/><p:cNvSpPr/><p:nvPr/>'
            f"</p:nvSpPr><p:spPr>{_box(left, top, wide, tall)}<a:custGeom><a:avLst/><a:gdLst/>"
            '<a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
            f'<a:path w="{emu(wide)}" h="{emu(tall)}"{fill}>{"".join(steps)}{closed}</a:path>'
            f"</a:pathLst></a:custGeom>{_fill(path.fill)}"
            f"{_line(path.line, path.width, path.is_dashed)}</p:spPr></p:sp>"
        )


def _quoted(text: str) -> str:
    return quoteattr(text.translate(_CONTROLS))


def _size(points: float) -> int:
    return int(points * 100)


def _box(x: float, y: float, w: float, h: float) -> str:
    return (
        f'<a:xfrm><a:off x="{emu(x)}" y="{emu(y)}"/><a:ext cx="{emu(w)}" cy="{emu(h)}"/></a:xfrm>'
    )


def _fill(colour: str | None) -> str:
    return colour_xml(colour) if colour else "<a:noFill/>"


def _line(colour: str | None, width: float = 0.75, is_dashed: bool = False) -> str:
    if not colour:
        return "<a:ln><a:noFill/></a:ln>"
    dash = '<a:prstDash val="dash"/>' if is_dashed else ""
    return f'<a:ln w="{emu(width)}">{colour_xml(colour)}{dash}</a:ln>'
