"""A document as one page of HTML that needs nothing else: no script, no font, no picture file.

Belongs here: the page and its blocks. Does not belong here: its style (html_style.py), drawings
(svg.py, charts.py), reading a page back (html_text.py).

Every text is escaped here. Tables have all their rows, charts their numbers below them.
"""

from __future__ import annotations

from html import escape
from typing import Final

from partner_kpis.reports.document import (
    Block,
    Cell,
    Chart,
    Corridor,
    Document,
    Facts,
    Figure,
    Identity,
    Mark,
    Nothing,
    Page,
    Spark,
    Statement,
    Statements,
    Table,
    Tile,
    Tiles,
)  # fmt: skip
from partner_kpis.reports.render import html_text, marks
from partner_kpis.reports.render import identity as identities
from partner_kpis.reports.render.blocks import has_data
from partner_kpis.reports.render.charts import chart_marks
from partner_kpis.reports.render.drawing import Figurine, moved
from partner_kpis.reports.render.html_style import STYLE
from partner_kpis.reports.render.svg import svg
from partner_kpis.text import t

# Drawn at the width of a phone, so that words stay readable there; wider screens scale it up.
_CHART: Final = (380.0, 225.0)
_SMALL: Final = (88.0, 20.0)
_LONG: Final = 60
"""Characters from which a cell is prose and wants the width for it."""
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def render(document: Document) -> bytes:
    """The page in UTF-8; the same document gives the same bytes."""
    lang = document.identity.lang
    links = "".join(
        f'<li><a href="#p{escape(page.number)}">{escape(page.title)}</a></li>'
        for page in document.pages[1:]
    )
    pages = "".join(_page(page, index == 0, lang) for index, page in enumerate(document.pages))
    # "</" would end the element whatever stands around it.
    identity = identities.to_json(document.identity).replace("</", "<\\/")
    text = (
        f'<!DOCTYPE html>\n<html lang="{escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{escape(document.title)} · {escape(document.subtitle)}</title>\n"
        f"<style>{STYLE}</style>\n"
        f'<script type="application/json" id="{html_text.IDENTITY}">{identity}</script>\n'
        f'</head>\n<body>\n<header><p class="kind" data-place="title">{escape(document.title)}</p>'
        f'<p class="subtitle" data-place="subtitle">{escape(document.subtitle)}</p></header>\n'
        f'<nav aria-label="{escape(t("render.contents", lang))}"><ol data-place="contents">{links}'
        f"</ol></nav>\n<main>\n{pages}</main>\n"
        f'<footer data-place="footer">{escape(document.footer)}</footer>\n</body>\n</html>\n'
    )
    return text.encode("utf-8")


def places(content: bytes) -> dict[str, str]:
    """Every text with a digit: its place, such as p4/scorecard/3/actual → the text."""
    return html_text.places(content)


def identity(content: bytes) -> Identity:
    """Raises UserError where the page carries none."""
    return html_text.identity(content)


def _page(page: Page, is_first: bool, lang: str) -> str:
    level = "h1" if is_first else "h2"
    name = f"p{page.number}"
    groups: list[str] = []
    lists: list[str] = []
    for block in page.blocks:
        made = _block(block, f"{name}/{block.key}", lang)
        if isinstance(block, Statements):
            lists.append(made)
            continue
        if lists:
            groups.append(f'<div class="lists">{"".join(lists)}</div>')
            lists = []
        groups.append(made)
    if lists:
        groups.append(f'<div class="lists">{"".join(lists)}</div>')
    return (
        f'<section id="{escape(name)}"><{level} data-place="{escape(name)}/title">'
        f"{escape(page.title)}</{level}>{''.join(groups)}</section>\n"
    )


def _block(block: Block, name: str, lang: str) -> str:
    match block:
        case Table() if block.rows:
            return _table(block, name)
        case Chart() if has_data(block):
            return _chart(block, name, lang)
        case Table() | Chart():
            return _empty(block.title, block.empty, name)
        case Statements() if block.items:
            items = "".join(
                _sentence(item, f"{name}/{i}") for i, item in enumerate(block.items, start=1)
            )
            return f"<div>{_heading(block.title, name)}<ul>{items}</ul></div>"
        case Statements():
            return f"<div>{_empty(block.title, block.empty, name)}</div>"
        case Tiles():
            tiles = "".join(_tile(tile, f"{name}/{tile.label}") for tile in block.tiles)
            return f'<div class="tiles">{tiles}</div>'
        case Facts():
            pairs = "".join(
                f"<dt>{escape(label)}</dt>{_cell(cell, f'{name}/{label}', 'dd')}"
                for label, cell in block.pairs
            )
            return f'<dl data-place="{escape(name)}">{pairs}</dl>'
        case Nothing():
            return _empty("", block.why, name)


def _heading(title: str, name: str) -> str:
    return f'<h3 data-place="{escape(name)}/title">{escape(title)}</h3>' if title else ""


def _empty(title: str, why: str, name: str) -> str:
    words = f'<p class="empty" data-place="{escape(name)}/empty">{escape(why)}</p>'
    return _heading(title, name) + words


def _note(note: str | None, name: str) -> str:
    return f'<p class="note" data-place="{escape(name)}/note">{escape(note)}</p>' if note else ""


def _table(table: Table, name: str) -> str:
    head = "".join(
        f'<th scope="col"{_right(c.is_number)} data-place="{escape(name)}/header/{escape(c.key)}">'
        f"{escape(c.title)}</th>"
        for c in table.columns
    )
    rows = []
    for number, row in enumerate(table.rows, start=1):
        cells = []
        for index, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            place = f"{name}/{number}/{column.key}"
            tag = 'th scope="row"' if index == 0 else "td"
            cells.append(_cell(cell, place, tag, column.is_number))
        total = ' class="total"' if table.has_total and number == len(table.rows) else ""
        rows.append(f"<tr{total}>{''.join(cells)}</tr>")
    label = f' aria-label="{escape(table.title)}"' if table.title else ""
    return (
        f'{_heading(table.title, name)}<div class="wide" tabindex="0" role="region"{label}>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
        f"{_note(table.note, name)}"
    )


def _right(is_number: bool) -> str:
    return ' class="number"' if is_number else ""


def _cell(cell: Cell, place: str, tag: str, is_number: bool = False) -> str:
    match cell:
        case Figure():
            inner = escape(cell.text)
        case Mark():
            inner = _mark(cell)
        case Corridor():
            inner = _small(marks.corridor(cell, 0, 0, *_SMALL, ""))
        case Spark():
            inner = _small(marks.sparkline(cell, 2, 3, _SMALL[0] - 5, _SMALL[1] - 6, ""))
        case _:
            inner = escape(cell)
    end = tag.split(" ")[0]
    is_long = isinstance(cell, str) and len(cell) > _LONG and not is_number
    css = ' class="long"' if is_long else _right(is_number)
    return f'<{tag}{css} data-place="{escape(place)}">{inner}</{end}>'


def _mark(mark: Mark) -> str:
    look = marks.look_of(mark)
    return (
        f'<span class="status" style="color:{look.ink}"><span aria-hidden="true" '
        f'style="color:{look.colour}">{look.shape}</span> {escape(mark.word)}</span>'
    )


def _small(drawn: Figurine | None) -> str:
    return svg(drawn.parts, *_SMALL, "", "small") if drawn else ""


def _chart(chart: Chart, name: str, lang: str) -> str:
    w, h = _CHART
    if chart.kind in ("bars", "mirrored_bars"):
        h = max(110.0, 40.0 + 26.0 * len(chart.categories))
    drawn = [moved(mark, 0, 0) for mark in chart_marks(chart, w, h, lang, name)]
    head = "".join(f'<th scope="col" class="number">{escape(s.name)}</th>' for s in chart.series)
    rows = []
    for index, category in enumerate(chart.categories):
        cells = "".join(
            _cell(s.figures[index], f"{name}/{s.name}/{category}", "td", True) for s in chart.series
        )
        rows.append(f'<tr><th scope="row">{escape(category)}</th>{cells}</tr>')
    data = (
        f"<details><summary>{escape(t('render.chart_data', lang))}</summary>"
        f'<div class="wide"><table data-place="{escape(name)}/data"><thead><tr><th scope="col">'
        f"{escape(chart.unit)}</th>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
        "</details>"
    )
    return (
        f'<figure data-place="{escape(name)}/picture"><figcaption>{_heading(chart.title, name)}'
        f'<p class="note" data-place="{escape(name)}/unit">{escape(chart.unit)}</p></figcaption>'
        f"{svg(drawn, w, h, chart.title, 'chart')}</figure>{_note(chart.note, name)}{data}"
    )


def _sentence(item: Statement, name: str) -> str:
    words = "".join(
        f"<strong>{escape(part.text)}</strong>" if isinstance(part, Figure) else escape(part)
        for part in item.parts
    )
    below = " · ".join(part for part in (item.kpi_id, item.period) if part)
    small = f"<small>{escape(below)}</small>" if below else ""
    return f'<li class="{item.tone}" data-place="{escape(name)}"><span>{words}</span>{small}</li>'


def _tile(tile: Tile, name: str) -> str:
    unit = f" <small>{escape(tile.unit)}</small>" if tile.unit else ""
    spark = _cell(tile.spark, f"{name}/spark", "div") if tile.spark else ""
    status = _mark(tile.mark) if tile.mark else ""
    rest = "".join(f"<p>{escape(words)}</p>" for words in (tile.change, tile.sample) if words)
    return (
        f'<div class="tile" data-place="{escape(name)}"><p class="label">{escape(tile.label)}</p>'
        f'<p class="value">{escape(tile.figure.text)}{unit}</p>{spark}{status}{rest}</div>'
    )
