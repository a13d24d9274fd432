"""Native charts of a slide, with the workbook behind them that people edit.

Belongs here: a chart as DrawingML and its small workbook. Does not belong here: what a chart shows
(chartspec.py, native_series.py), the slide around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

from partner_kpis import theme
from partner_kpis.reports.document import Chart
from partner_kpis.reports.render import metrics
from partner_kpis.reports.render.chartspec import ChartSpec, spec_of
from partner_kpis.reports.render.master import FONT, colour_xml
from partner_kpis.reports.render.native_series import NativeSeries, native_series

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<c:date1904 val="0"/><c:roundedCorners val="0"/>'
)
_ABOVE: Final = 18.0
_BELOW: Final = 32.0
"""Points above and below the columns of a waterfall: for labels, and for two lines of names."""


def chart_xml(chart: Chart, w: float, h: float, lang: str) -> bytes:
    """The chart’s part; its workbook is related as rId1."""
    spec = spec_of(chart, lang)
    bars, lines = native_series(chart, lang)
    sheet = _Sheet(spec.categories)
    groups = []
    if bars:
        groups.append(_bar_group(spec, bars, sheet, h))
    if lines:
        groups.append(_line_group(spec, lines, sheet, offset=len(bars)))
    legend = _LEGEND if spec.has_legend and spec.kind != "waterfall" else ""
    body = (
        '<c:chart><c:autoTitleDeleted val="1"/><c:plotArea>'
        f"{_layout(spec, w, h, lang)}{''.join(groups)}{_axes(spec, lang)}</c:plotArea>{legend}"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_text(900, theme.INK_SOFT)}"
        '<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )
    return (_HEAD + body).encode("utf-8")


class _Sheet:
    """Where categories and series stand in the workbook."""

    def __init__(self, categories: Sequence[str]) -> None:
        self.categories = categories

    def names(self) -> str:
        points = "".join(
            f'<c:pt idx="{i}"><c:v>{escape(name)}</c:v></c:pt>'
            for i, name in enumerate(self.categories)
        )
        count = len(self.categories)
        return (
            f"<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${count + 1}</c:f><c:strCache>"
            f'<c:ptCount val="{count}"/>{points}</c:strCache></c:strRef></c:cat>'
        )

    def name(self, index: int, name: str) -> str:
        column = chr(ord("B") + index)
        return (
            f"<c:tx><c:strRef><c:f>Sheet1!${column}$1</c:f><c:strCache>"
            f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(name)}</c:v></c:pt></c:strCache>'
            "</c:strRef></c:tx>"
        )

    def values(self, index: int, series: NativeSeries) -> str:
        column = chr(ord("B") + index)
        points = "".join(
            f'<c:pt idx="{i}"><c:v>{value!r}</c:v></c:pt>'
            for i, value in enumerate(series.values)
            if value is not None
        )
        count = len(series.values)
        return (
            f"<c:val><c:numRef><c:f>Sheet1!${column}$2:${column}${count + 1}</c:f><c:numCache>"
            f'<c:formatCode>{escape(series.code)}</c:formatCode><c:ptCount val="{count}"/>{points}'
            "</c:numCache></c:numRef></c:val>"
        )


def _bar_group(spec: ChartSpec, bars: list[NativeSeries], sheet: _Sheet, h: float) -> str:
    direction = "bar" if spec.is_horizontal else "col"
    grouping = "stacked" if spec.is_stacked else "clustered"
    overlap = 100 if spec.is_stacked else 0
    gap = 62 if spec.is_stacked or len(bars) == 1 else 50
    made = []
    for index, series in enumerate(bars):
        fill = colour_xml(series.colour) if series.colour else "<a:noFill/>"
        made.append(
            f'<c:ser><c:idx val="{index}"/><c:order val="{index}"/>'
            f"{sheet.name(index, series.name)}<c:spPr>{fill}</c:spPr>"
            f'<c:invertIfNegative val="0"/>{_labels(spec, series, h)}'
            f"{sheet.names()}{sheet.values(index, series)}</c:ser>"
        )
    return (
        f'<c:barChart><c:barDir val="{direction}"/><c:grouping val="{grouping}"/>'
        f'<c:varyColors val="0"/>{"".join(made)}<c:gapWidth val="{gap}"/>'
        f'<c:overlap val="{overlap}"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
    )


def _labels(spec: ChartSpec, series: NativeSeries, h: float) -> str:
    if not series.has_labels:
        return ""
    flags = (
        '<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
        '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
    )
    where = {"waterfall": "ctr", "mirrored_bars": "inEnd"}.get(spec.kind, "outEnd")
    ink = theme.INK
    if spec.kind == "mirrored_bars" and theme.contrast(theme.GROUND, series.colour or "") >= 4.5:
        ink = theme.GROUND
    look = _label_look(series.code, ink, where)
    single = []
    # Stacked columns have no place above them; each label is moved there from their middle.
    plot = h - _ABOVE - _BELOW
    for index, lift in enumerate(series.lifts):
        if index in series.unlabelled:
            single.append(f'<c:dLbl><c:idx val="{index}"/><c:delete val="1"/></c:dLbl>')
        elif series.values[index] is not None:
            up = -(lift * plot + 7) / h
            # Nothing moved: no sign before the zero.
            own = look if series.values[index] else _label_look("0", ink, where)
            single.append(
                f'<c:dLbl><c:idx val="{index}"/><c:layout><c:manualLayout><c:x val="0"/>'
                f'<c:y val="{up:.4f}"/></c:manualLayout></c:layout>{own}{flags}</c:dLbl>'
            )
    return f"<c:dLbls>{''.join(single)}{look}{flags}{_NO_LEADERS}</c:dLbls>"


def _label_look(code: str, ink: str, where: str) -> str:
    quoted = escape(code, {'"': "&quot;"})
    return (
        f'<c:numFmt formatCode="{quoted}" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/>'
        f'</a:ln></c:spPr>{_text(850, ink)}<c:dLblPos val="{where}"/>'
    )


def _line_group(spec: ChartSpec, lines: list[NativeSeries], sheet: _Sheet, offset: int) -> str:
    made = []
    for number, series in enumerate(lines):
        index = number + offset
        fill = colour_xml(series.colour or theme.INK)
        dash = '<a:prstDash val="dash"/>' if series.is_dashed else ""
        marker = (
            '<c:marker><c:symbol val="none"/></c:marker>'
            if series.is_dashed or spec.bars
            else '<c:marker><c:symbol val="circle"/><c:size val="5"/><c:spPr>'
            f'{fill}<a:ln w="6350">{colour_xml(theme.GROUND)}</a:ln></c:spPr></c:marker>'
        )
        thick = 15875 if series.is_dashed else 25400
        made.append(
            f'<c:ser><c:idx val="{index}"/><c:order val="{index}"/>'
            f'{sheet.name(index, series.name)}<c:spPr><a:ln w="{thick}" cap="rnd">{fill}{dash}'
            f"<a:round/></a:ln></c:spPr>{marker}{_end_label(spec, series)}"
            f'{sheet.names()}{sheet.values(index, series)}<c:smooth val="0"/></c:ser>'
        )
    return (
        '<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'{"".join(made)}<c:marker val="1"/><c:axId val="1"/><c:axId val="2"/></c:lineChart>'
    )


def _end_label(spec: ChartSpec, series: NativeSeries) -> str:
    """The series’ name at its last point, instead of a legend."""
    known = [i for i, v in enumerate(series.values) if v is not None]
    if spec.has_legend or not known:
        return ""
    flags = (
        '<c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/>'
        '<c:showSerName val="{}"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
    )
    ink = theme.INK if series.is_dashed else series.colour or theme.INK
    return (
        f'<c:dLbls><c:dLbl><c:idx val="{known[-1]}"/><c:spPr><a:noFill/></c:spPr>{_text(900, ink)}'
        f'<c:dLblPos val="r"/>{flags.format(1)}</c:dLbl>{flags.format(0)}</c:dLbls>'
    )


def _layout(spec: ChartSpec, w: float, h: float, lang: str) -> str:
    """Room for the lines’ names, and a known height for lifted labels; all else Office lays out."""
    if spec.kind == "waterfall":
        return _inner(0.01, _ABOVE / h, 0.98, 1 - (_ABOVE + _BELOW) / h)
    if spec.has_legend or not spec.lines:
        return "<c:layout/>"
    names = max(metrics.width(s.name, 9.0) for s in spec.lines) + 16
    ticks = max(metrics.width(spec.numbers.text(v, lang), 9.0) for v in spec.axis.ticks())
    left, right = (ticks + 12) / w, min(names / w, 0.25)
    top, below = 8 / h, 26 / h
    return _inner(left, top, 1 - left - right, 1 - top - below)


def _inner(x: float, y: float, w: float, h: float) -> str:
    return (
        '<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/>'
        f'<c:yMode val="edge"/><c:x val="{x:.4f}"/><c:y val="{y:.4f}"/><c:w val="{w:.4f}"/>'
        f'<c:h val="{h:.4f}"/></c:manualLayout></c:layout>'
    )


def _axes(spec: ChartSpec, lang: str) -> str:
    across = spec.is_horizontal
    hidden = 1 if spec.is_labelled else 0
    code = escape(_axis_code(spec), {'"': "&quot;"})
    base = f'<c:spPr><a:ln w="6350">{colour_xml(theme.REST)}</a:ln></c:spPr>'
    grid = (
        ""
        if hidden
        else f'<c:majorGridlines><c:spPr><a:ln w="6350">{colour_xml(theme.LINE)}</a:ln></c:spPr>'
        "</c:majorGridlines>"
    )
    order = "maxMin" if across else "minMax"
    # Labels at the ends of columns need room that an unseen axis can give.
    spare = (spec.axis.high - spec.axis.low) * (0.07 if hidden and spec.kind == "columns" else 0)
    high = spec.axis.high + spare
    low = spec.axis.low - (spare if spec.axis.low < 0 else 0.0)
    return (
        f'<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="{order}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{"l" if across else "b"}"/>'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/>{base}{_text(900, theme.INK_SOFT)}'
        '<c:crossAx val="2"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="60"/><c:noMultiLvlLbl val="1"/></c:catAx>'
        '<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/>'
        f'<c:max val="{high!r}"/><c:min val="{low!r}"/></c:scaling>'
        f'<c:delete val="{hidden}"/><c:axPos val="{"b" if across else "l"}"/>{grid}'
        f'<c:numFmt formatCode="{code}" sourceLinked="0"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f"<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{_text(900, theme.INK_SOFT)}"
        f'<c:crossAx val="1"/><c:crosses val="{"max" if across else "autoZero"}"/>'
        f'<c:crossBetween val="between"/><c:majorUnit val="{spec.axis.step!r}"/></c:valAx>'
    )


def _axis_code(spec: ChartSpec) -> str:
    code = spec.numbers.code(spec.tick_decimals)
    return f"{code};{code}" if spec.kind == "mirrored_bars" else code


_NO_LEADERS: Final = (
    '<c:extLst><c:ext uri="{CE6537A1-D6FC-4f65-9D91-7224C49458BB}" '
    'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart">'
    '<c15:showLeaderLines val="0"/></c:ext></c:extLst>'
)


def _text(size: int, ink: str) -> str:
    return (
        "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>"
        f'<a:defRPr sz="{size}" b="0">{colour_xml(ink)}<a:latin typeface="{FONT}"/></a:defRPr>'
        '</a:pPr><a:endParaRPr lang="en-US"/></a:p></c:txPr>'
    )


_LEGEND: Final = (
    '<c:legend><c:legendPos val="t"/><c:overlay val="0"/>' + _text(900, theme.INK_SOFT)
    + "</c:legend>"
)  # fmt: skip
