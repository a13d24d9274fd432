"""What one KPI's row says, as a sentence and as a title.

Belongs here: words for signals. Does not belong here: deciding which are said (rules, pages).
"""

from __future__ import annotations

from collections.abc import Iterable

from partner_kpis.reports.document import Figure, Statement, Tone
from partner_kpis.reports.qbr.figures import Part
from partner_kpis.reports.qbr.rules import Signal, risks, wins
from partner_kpis.reports.qbr.source import Row
from partner_kpis.reports.qbr.view import View
from partner_kpis.serving import KpiDefinition


def statement(view: View, kpi: KpiDefinition, row: Row, found: Signal, tone: Tone) -> Statement:
    """One sentence about the row, with the KPI's id and period."""
    return Statement(sentence(view, kpi, row, found), tone, kpi.kpi_id, view.period)


def sentence(view: View, kpi: KpiDefinition, row: Row, found: Signal) -> tuple[Part, ...]:
    key, values = _told(view, kpi, row, found)
    if found.kind == "watch" and key != "corridor":
        return view.said(f"qbr.finding.{key}_watch", **values)
    return view.said(f"qbr.finding.{key}", **values)


def _told(view: View, kpi: KpiDefinition, row: Row, found: Signal) -> tuple[str, dict[str, Part]]:
    words, make = view.words(kpi, row), view.make
    values: dict[str, Part] = {"kpi": kpi.label(view.lang), "value": make.kpi(words, row)}
    if found.kind in ("better", "worse"):
        key = "rose" if row["value"] > row["previous_value"] else "fell"
        values["distance"] = make.difference(words, row, "previous_value")
        values["period"] = view.period_before(view.start)
        return key, values
    if kpi.direction == "corridor":
        for name in ("corridor_low", "corridor_high"):
            column = name if row[name] is not None else "target"
            values[name] = make.kpi(words, row, column, bare=True)
        return "corridor" if found.kind in ("beats", "meets") else "off_corridor", values
    values["target"] = make.kpi(words, row, "target", bare=True)
    distance = make.difference(words, row, "target")
    if not any(digit in distance.text for digit in "123456789"):
        return "at", values
    values["distance"] = distance
    return "above" if row["value"] > row["target"] else "below", values


def title(view: View, kpis: Iterable[KpiDefinition], topic: str) -> str:
    """A page's title: the worst that is said of its KPIs, else the best, else the plain topic.

    Where none of them has a signal, it is the value of the first one that has any.
    """
    valued = view.valued(kpis)
    signals = [s for kpi, row in valued if (s := view.signal(kpi, row)) is not None]
    judged = [s for s in risks(signals) if s.kind != "worse"]
    chosen = next(iter(judged or wins(signals) or risks(signals)), None)
    if chosen is not None:
        kpi, row = next((k, r) for k, r in valued if k.kpi_id == chosen.kpi_id)
        return signal_title(view, kpi, row, chosen)
    return value_title(view, *valued[0]) if valued else topic


def signal_title(view: View, kpi: KpiDefinition, row: Row, found: Signal) -> str:
    key, values = _told(view, kpi, row, found)
    texts = {name: part.text if isinstance(part, Figure) else part for name, part in values.items()}
    return view.t(f"qbr.title.{key}", **texts)


def value_title(view: View, kpi: KpiDefinition, row: Row) -> str:
    """The value in its period, so far where it still runs."""
    words = view.words(kpi, row)
    key = "qbr.title.so_far" if words.is_running(row) else "qbr.title.value"
    return view.t(key, kpi=kpi.label(view.lang), value=words.with_unit(row["value"]),
                  period=view.period)  # fmt: skip
