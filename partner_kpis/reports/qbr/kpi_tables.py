"""Tables of KPIs: the full one of the scorecard and the short one of topic pages.

Belongs here: columns and rows from KPI rows, and the line that names what has no value.
Does not belong here: which KPIs a page has (outline.py), or sentences about them (findings.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from partner_kpis.reports.document import Cell, Column, Corridor, Figure, Nothing, Table
from partner_kpis.reports.qbr.figures import origin, value_key
from partner_kpis.reports.qbr.source import Row
from partner_kpis.reports.qbr.view import View
from partner_kpis.serving import KpiDefinition

_A_YEAR: Final = {"quarter": 4, "month": 12}


def short(view: View, key: str, title: str, kpis: Iterable[KpiDefinition]) -> Table | Nothing:
    """KPI, value, previous, year ago, target, status, last periods, n."""
    return _table(view, key, title, list(kpis), with_corridor=False)


def full(view: View, key: str, title: str, kpis: Iterable[KpiDefinition]) -> Table | Nothing:
    """As `short`, with the corridor bar."""
    return _table(view, key, title, list(kpis), with_corridor=True)


def _table(
    view: View, key: str, title: str, kpis: list[KpiDefinition], *, with_corridor: bool
) -> Table | Nothing:
    """Nothing, with the reasons, where none of the KPIs has a value."""
    valued = view.valued(kpis)
    missing = without_value(view, kpis)
    if not valued:
        return Nothing(key, missing or view.t("qbr.none.kpis"))
    notes = [missing, _running_note(view, valued)]
    return Table(
        key=key,
        title=title,
        columns=_columns(view, with_corridor=with_corridor),
        rows=tuple(_row(view, kpi, row, with_corridor=with_corridor) for kpi, row in valued),
        empty=view.t("qbr.none.kpis"),
        note=" ".join(note for note in notes if note) or None,
        shown=14,
    )


def _columns(view: View, *, with_corridor: bool) -> tuple[Column, ...]:
    now = view.t("qbr.so_far", period=view.period) if view.is_running else view.period
    corridor = [Column("corridor", view.t("qbr.column.corridor"), 1.6)] if with_corridor else []
    return (
        Column("kpi", view.t("column.kpi"), 3.2),
        Column("value", now, 1.3, is_number=True),
        Column("previous", view.period_before(view.start), 1.3, is_number=True),
        Column("year_ago", view.period_before(view.start, _A_YEAR[view.period_type]), 1.3,
               is_number=True),
        Column("target", view.t("column.target"), 1.2, is_number=True),
        *corridor,
        Column("status", view.t("column.status"), 1.6),
        Column("trend", view.t("qbr.column.course"), 1.3),
        Column("n", view.t("column.n"), 0.7, is_number=True),
    )  # fmt: skip


def _row(view: View, kpi: KpiDefinition, row: Row, *, with_corridor: bool) -> tuple[Cell, ...]:
    words, make = view.words(kpi, row), view.make
    corridor: list[Cell] = [_corridor(row)] if with_corridor else []
    return (
        kpi.label(view.lang),
        make.kpi(words, row),
        make.kpi(words, row, "previous_value"),
        make.kpi(words, row, "year_ago_value"),
        make.kpi(words, row, "target"),
        *corridor,
        view.mark(row["status"]),
        view.spark(kpi),
        _sample(view, kpi, row),
    )


def _corridor(row: Row) -> Cell:
    if row["target"] is None:
        return ""
    return Corridor(row["value"], row["target"], row["corridor_low"], row["corridor_high"])


def _sample(view: View, kpi: KpiDefinition, row: Row) -> Figure | str:
    """n; of a share it counts the whole programme, so it says nothing about this partner."""
    if kpi.kind == "share":
        return "–"
    return view.make.count(row["sample_size"], origin("kpi_values", "sample_size",
                                                      **value_key(row)))  # fmt: skip


def without_value(view: View, kpis: Iterable[KpiDefinition]) -> str:
    """The KPIs without a value by the reason for it, in one line; empty where all have one."""
    reasons: dict[str, list[str]] = {}
    for kpi in kpis:
        row = view.row(kpi)
        if row is None or row["value"] is None:
            reasons.setdefault(view.why_not(kpi), []).append(kpi.label(view.lang))
    told = [
        view.t("qbr.without_value", reason=reason, kpis=", ".join(labels))
        for reason, labels in reasons.items()
    ]
    return " ".join(told)


def _running_note(view: View, valued: list[tuple[KpiDefinition, Row]]) -> str:
    """That a running period is not judged, and what its flows are compared with."""
    if not any(view.words(kpi, row).is_running(row) for kpi, row in valued):
        return ""
    return view.t("qbr.running_note", period=view.period_before(view.start))
