"""Charts of KPIs over the last periods, as pages.yml declares them.

Belongs here: series and categories from KPI rows. Does not belong here: charts of other tables
(their pages), or drawing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from partner_kpis import formats
from partner_kpis.reports.document import Chart, Figure, Series
from partner_kpis.reports.qbr.findings import signal_title, value_title
from partner_kpis.reports.qbr.outline import ChartSpec, SeriesSpec
from partner_kpis.reports.qbr.view import View
from partner_kpis.serving import KpiDefinition, PeriodType
from partner_kpis.text import word
from partner_kpis.wording import Row, Wording

_GAP = Figure(None, formats.NO_VALUE)
_FEWEST = 3
"""A chart of fewer periods, or of nothing but zeros, says less than the table below it."""


def build(view: View, spec: ChartSpec) -> Chart | None:
    """The chart; None where no series has values enough to show a course."""
    shown = {kpi.kpi_id: kpi for kpi in view.kpis}
    series = [(one, shown[one.kpi]) for one in spec.series if one.kpi in shown]
    if len(series) < len(spec.series):
        return None
    lead = series[0][1]
    period_type, starts = view.history(*(kpi for _, kpi in series))
    drawn = [_series(view, one, kpi, spec, period_type, starts) for one, kpi in series]
    if not any(_has_a_course(one) for one in drawn):
        return None
    drawn += _beside(view, spec, lead, period_type, starts)
    return Chart(
        key=spec.key,
        title=_title(view, spec, lead),
        kind=spec.kind,
        categories=tuple(formats.period_short(period_type, s, view.lang) for s in starts),
        series=tuple(drawn),
        unit=_unit(view, spec, lead),
        empty=view.t("qbr.none.kpis"),
    )


def _has_a_course(series: Series) -> bool:
    values = [figure.value for figure in series.figures if figure.value is not None]
    return len(values) >= _FEWEST and any(values)


def _series(
    view: View, one: SeriesSpec, kpi: KpiDefinition, spec: ChartSpec, period_type: PeriodType,
    starts: list[date],
) -> Series:  # fmt: skip
    rows = view.periods_of(kpi.kpi_id, period_type)
    words = _words(view, kpi, rows.values())
    name = view.t(one.name) if one.name else kpi.label(view.lang)
    figures = tuple(
        view.make.measure(words, rows[s], one.measure, spec.unit) if s in rows else _GAP
        for s in starts
    )
    return Series(name, figures, one.role)


def _beside(
    view: View, spec: ChartSpec, kpi: KpiDefinition, period_type: PeriodType, starts: list[date]
) -> Iterator[Series]:
    """The programme's value and the target, where they are asked for and known."""
    if spec.with_programme and period_type == view.period_type:
        found = [view.programme_row(kpi, s) for s in starts]
        words = _words(view, kpi, [row for row in found if row])
        figures = [view.make.kpi(words, row, bare=True) if row else _GAP for row in found]
        if any(figure.value is not None for figure in figures):
            yield Series(view.t("qbr.series.programme"), tuple(figures), "rest")
    if spec.with_target:
        rows = view.periods_of(kpi.kpi_id, period_type)
        words = _words(view, kpi, rows.values())
        targets = [
            view.make.kpi(words, rows[s], "target", bare=True) if s in rows else _GAP
            for s in starts
        ]
        if any(figure.value is not None for figure in targets):
            yield Series(view.t("column.target"), tuple(targets), "target")


def _words(view: View, kpi: KpiDefinition, rows: Iterable[Row]) -> Wording:
    return Wording.of(kpi, rows, view.lang, view.source.currency)


def _title(view: View, spec: ChartSpec, lead: KpiDefinition) -> str:
    """What the first series says in the period; of several series what is drawn."""
    row = view.row(lead)
    if len(spec.series) > 1 or row is None or row["value"] is None:
        return view.t(f"qbr.chart.{spec.key}")
    found = view.signal(lead, row)
    if found is None:
        return value_title(view, lead, row)
    return signal_title(view, lead, row, found)


def _unit(view: View, spec: ChartSpec, lead: KpiDefinition) -> str:
    unit = spec.unit or lead.unit
    signs = {"money": view.source.currency, "percent": "%", "count": view.t("qbr.unit.count")}
    return signs.get(unit, word("unit", unit, view.lang))
