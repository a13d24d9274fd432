"""Pages about families of KPIs: charts as declared, a table of all, and what else a page adds.

Belongs here: the common form of pages 5 and 7 to 13. Does not belong here: the blocks that only
one page has (their modules).
"""

from __future__ import annotations

from collections.abc import Sequence

from partner_kpis.reports.document import Block, Nothing, Page
from partner_kpis.reports.qbr import charts, kpi_tables
from partner_kpis.reports.qbr.findings import title
from partner_kpis.reports.qbr.outline import PageSpec
from partner_kpis.reports.qbr.view import View


def page(
    view: View, spec: PageSpec, first: Sequence[Block | None] = (),
    last: Sequence[Block | None] = (),
) -> Page:  # fmt: skip
    """`first` stand before the charts and the table of KPIs, `last` behind; None is left out."""
    topic = view.t(f"qbr.page.{spec.key}")
    kpis = view.outline.kpis_on(spec, view.kpis)
    drawn = [charts.build(view, chart) for chart in spec.charts]
    table = kpi_tables.short(view, "kpis", view.t("qbr.table.kpis", topic=topic), kpis)
    blocks = [block for block in (*first, *drawn, table, *last) if block is not None]
    return Page(spec.number, spec.key, title(view, kpis, topic), _plain(blocks))


def _plain(blocks: list[Block]) -> tuple[Block, ...]:
    """A page with nothing to show says so once, with all reasons in one line."""
    whys = [block.why for block in blocks if isinstance(block, Nothing)]
    if len(blocks) > 1 and len(whys) == len(blocks):
        return (Nothing(blocks[0].key, " ".join(dict.fromkeys(whys))),)
    return tuple(blocks)
