"""The pages before the topics: cover and one-page scorecard.

Belongs here: what a reader sees first. Does not belong here: sentences (summary.py) and tables
(kpi_tables.py) themselves.
"""

from __future__ import annotations

from partner_kpis import formats
from partner_kpis.reports.document import Cell, Facts, Page
from partner_kpis.reports.qbr import health, kpi_tables
from partner_kpis.reports.qbr.figures import origin
from partner_kpis.reports.qbr.findings import title
from partner_kpis.reports.qbr.outline import PageSpec, standing
from partner_kpis.reports.qbr.view import View
from partner_kpis.serving import KpiDefinition
from partner_kpis.text import word


def cover(view: View, spec: PageSpec) -> Page:
    """Who, which quarter, from which data, and who may read it."""
    partner = view.partner
    state = view.t("qbr.cover.so_far" if view.is_running else "qbr.cover.complete")
    pairs: list[tuple[str, Cell]] = [
        (view.t("column.partner"), f"{partner['name']} ({partner['partner_id']})"),
        (view.t("dimension.tier"), word("tier", partner["tier"] or "unknown", view.lang)),
        (view.t("dimension.partner_type"),
         word("partner_type", partner["partner_type"] or "unknown", view.lang)),
        (view.t("dimension.region"), word("region", partner["region"] or "unknown", view.lang)),
        (view.t("filter.manager"), partner["partner_manager"] or "–"),
        (view.t("qbr.cover.contract"), _contract(view)),
        (view.t("column.period"), f"{view.period} ({state})"),
        (view.t("qbr.cover.as_of"), view.make.day(view.source.as_of,
                                                  origin("snapshot", "as_of"))),
        (view.t("column.data_until"), _data_until(view)),
        (view.t("qbr.cover.class"), view.t(f"qbr.class.{view.edition}", partner=partner["name"])),
        (view.t("qbr.cover.snapshot"), view.source.stamp.snapshot_id),
    ]  # fmt: skip
    return Page(spec.number, spec.key, view.t("qbr.cover.title", partner=partner["name"],
                period=view.period), (Facts("about", tuple(pairs)),))  # fmt: skip


def _contract(view: View) -> Cell:
    ends = view.partner["contract_end"]
    if ends is None:
        return view.t("qbr.cover.contract_open")
    return view.make.day(ends, origin("partners", "contract_end", **view.at()))


def _data_until(view: View) -> Cell:
    """The newest day of any export that has landed."""
    known = [(row["data_until"], row) for row in view.source.freshness if row["data_until"]]
    if not known:
        return view.t("page.no_data")
    until, row = max(known, key=lambda one: one[0])
    where = origin("source_freshness", "data_until", source=row["source"], entity=row["entity"])
    return view.make.day(until, where)


def scorecard(view: View, spec: PageSpec) -> Page:
    """The few KPIs that matter most, each with target, corridor and course."""
    chosen = core_kpis(view)
    topic = view.t("qbr.page.scorecard")
    table = kpi_tables.full(view, "scorecard", topic, chosen)
    parts = health.way(view)
    blocks = (parts, table) if parts else (table,)
    return Page(spec.number, spec.key, title(view, chosen, topic), blocks)


def core_kpis(view: View) -> list[KpiDefinition]:
    """Pinned ones, then those with a target here, then the featured that have a value."""
    spec = view.outline.scorecard
    valued = {kpi.kpi_id for kpi, _ in view.valued(view.kpis)}

    def place(kpi: KpiDefinition) -> tuple[int, tuple[bool, int, int]]:
        row = view.row(kpi)
        has_target = row is not None and row["target"] is not None
        rank = 0 if kpi.pinned_position is not None else 1 if has_target else 2
        return rank, standing(kpi, spec.featured)

    wanted = [
        kpi for kpi in view.kpis
        if kpi.pinned_position is not None
        or (kpi.kpi_id in valued and place(kpi) < (2, (True, 0, len(spec.featured))))
    ]  # fmt: skip
    return sorted(wanted, key=place)[: spec.most]


def document_names(view: View, kind: str) -> tuple[str, str, str]:
    """Title, subtitle and footer of a document."""
    name = view.partner["name"]
    subtitle = f"{name} · {view.period}"
    if view.is_running:
        until = formats.day(view.source.as_of, view.lang)
        subtitle = view.t("qbr.subtitle.so_far", subtitle=subtitle, day=until)
    footer = view.t("qbr.footer", partner=name, period=view.period,
                    edition=view.t(f"qbr.edition.{view.edition}"),
                    snapshot=view.source.stamp.snapshot_id)  # fmt: skip
    return view.t(f"report.title.{kind}"), subtitle, footer
