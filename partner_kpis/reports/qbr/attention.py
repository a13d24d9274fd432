"""The first page of an ops pack: what needs attention, and the scorecard of the month.

Belongs here: KPIs in breach or to watch as sentences. Does not belong here: alerts that are sent.
"""

from __future__ import annotations

from partner_kpis.reports.document import Page, Statements
from partner_kpis.reports.qbr import front, kpi_tables, rules
from partner_kpis.reports.qbr.findings import statement, title
from partner_kpis.reports.qbr.view import View


def page(view: View, number: str) -> Page:
    """Every KPI in breach or to watch, the furthest first, above the core KPIs."""
    valued = view.valued(view.kpis)
    signals = [s for kpi, row in valued if (s := view.signal(kpi, row)) is not None]
    off = [one for one in rules.risks(signals) if one.kind in ("breach", "watch")]
    rows = {kpi.kpi_id: (kpi, row) for kpi, row in valued}
    said = tuple(statement(view, *rows[one.kpi_id], one, "risk") for one in off)
    chosen = front.core_kpis(view)
    topic = view.t("qbr.page.scorecard")
    return Page(
        number,
        "scorecard",
        title(view, chosen, topic),
        (
            Statements("attention", view.t("qbr.attention"), said, view.t("qbr.none.attention")),
            kpi_tables.full(view, "scorecard", topic, chosen),
        ),
    )
