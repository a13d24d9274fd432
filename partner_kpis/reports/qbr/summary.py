"""Page 2, the executive summary: health, wins, risks and what is asked.

Belongs here: causes that are worth a sentence, and which of them are told. Does not belong here:
judging KPI rows (rules.py), or how their sentences read (findings.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from partner_kpis.reports.document import Page, Statement, Statements, Tone
from partner_kpis.reports.qbr import actions, certificates, health, rules
from partner_kpis.reports.qbr.figures import Part, origin
from partner_kpis.reports.qbr.findings import statement
from partner_kpis.reports.qbr.outline import PageSpec
from partner_kpis.reports.qbr.view import View
from partner_kpis.reports.quarter import Quarter
from partner_kpis.serving import alternatives
from partner_kpis.text import has, team

MOST: Final = 3
SOON_DAYS: Final = 90


@dataclass(frozen=True)
class Cause:
    """A risk as a sentence, and the ask that follows from it."""

    risk: Statement
    ask: Statement


def page(view: View, spec: PageSpec) -> Page:
    found = _signals(view)
    won = _one_move_a_family(view, rules.wins(found))[:MOST]
    causes = list(_causes(view, found))
    asked = _different([*_late_actions(view), *(cause.ask for cause in causes)], view)
    told = [
        Statements("wins", view.t("qbr.summary.wins"),
                   tuple(_told(view, one, "win") for one in won), view.t("qbr.none.wins")),
        Statements("risks", view.t("qbr.summary.risks"),
                   tuple(cause.risk for cause in causes[:MOST]), view.t("qbr.none.risks")),
        Statements("asks", view.t("qbr.summary.asks"), tuple(asked[:MOST]),
                   view.t("qbr.none.asks")),
    ]  # fmt: skip
    title = _title(view, len(won), len(causes[:MOST]), len(asked[:MOST]))
    return Page(spec.number, spec.key, title, (health.score(view), *told))


def _title(view: View, won: int, at_risk: int, asked: int) -> str:
    """How many of each; the plain topic where there is nothing to tell."""
    if not won and not at_risk:
        return view.t("qbr.page.summary")
    told = [
        view.t(f"qbr.summary.{name}.{'one' if count == 1 else 'many'}", count=count)
        for name, count in (("won", won), ("at_risk", at_risk), ("asked", asked))
    ]
    return view.t("qbr.summary.title", period=view.period, told=", ".join(told))


def _signals(view: View) -> list[rules.Signal]:
    found = (view.signal(kpi, row) for kpi, row in view.valued(view.kpis))
    return [one for one in found if one is not None]


def _one_move_a_family(view: View, found: list[rules.Signal]) -> list[rules.Signal]:
    """Of the moves without a target only the largest of each family: the others tell the same."""
    kept, families = [], set()
    for one in found:
        family = view.source.catalogue[one.kpi_id].family
        if one.kind in ("better", "worse") and family in families:
            continue
        families.add(family)
        kept.append(one)
    return kept


def _different(asks: list[Statement], view: View) -> list[Statement]:
    """Of the asks that follow from one family of KPIs only the first: they ask for the same."""
    kept, families = [], set()
    for ask in asks:
        kpi = view.source.catalogue.get(ask.kpi_id) if ask.kpi_id else None
        if kpi is not None and kpi.family in families:
            continue
        if kpi is not None:
            families.add(kpi.family)
        kept.append(ask)
    return kept


def _told(view: View, found: rules.Signal, tone: Tone) -> Statement:
    kpi = view.source.catalogue[found.kpi_id]
    row = view.row(kpi)
    assert row is not None  # a signal is read from it
    return statement(view, kpi, row, found, tone)


def _causes(view: View, found: list[rules.Signal]) -> Iterator[Cause]:
    """Breaches, then what is dated and near, then data, then what is to watch or has worsened."""
    at_risk = _one_move_a_family(view, rules.risks(found))
    yield from (_kpi_cause(view, one) for one in at_risk if one.kind == "breach")
    yield from _contract(view)
    yield from _certificates(view)
    yield from _sources(view)
    yield from (_kpi_cause(view, one) for one in at_risk if one.kind != "breach")


def _kpi_cause(view: View, found: rules.Signal) -> Cause:
    kpi = view.source.catalogue[found.kpi_id]
    by_family = f"qbr.ask.{kpi.family}"
    key = by_family if has(by_family) else "qbr.ask.kpi"
    parts = view.said(key, kpi=kpi.label(view.lang), owner=team(kpi.owner, view.lang))
    return Cause(_told(view, found, "risk"), Statement(parts, "ask", kpi.kpi_id, view.period))


def _contract(view: View) -> Iterator[Cause]:
    ends, today = view.partner["contract_end"], view.source.as_of
    if ends is None or view.partner["status"] != "contracted":
        return
    left = (ends - today).days
    if left > SOON_DAYS:
        return
    where = origin("partners", "contract_end", **view.at())
    day = view.make.day(ends, where)
    if left < 0:
        risk = view.said("qbr.risk.contract_over", day=day)
    else:
        risk = view.said("qbr.risk.contract", day=day, days=view.make.count(left, where))
    yield _dated(view, risk, view.said("qbr.ask.contract", day=day))


def _certificates(view: View) -> Iterator[Cause]:
    count = certificates.expiring_count(view)
    if not count:
        return
    number = view.make.count(count, origin("certificates", "expires_on", **view.at()))
    suffix = "one" if count == 1 else "many"
    days = str(certificates.BOUNDS[-1])
    risk = view.said(f"qbr.risk.certificates.{suffix}", count=number, days=days)
    yield _dated(view, risk, view.said("qbr.ask.certificates", count=number))


def _sources(view: View) -> Iterator[Cause]:
    """Stale and held exports that KPIs here stand on; how data arrive is our matter alone."""
    if not view.is_internal:
        return
    needed = {
        e for kpi in view.kpis for need in kpi.needs for way in alternatives(need) for e in way
    }
    for row in view.source.freshness:
        entity = (row["source"], row["entity"])
        if row["status"] not in ("stale", "held") or entity not in needed:
            continue
        where = origin("source_freshness", "data_until", source=entity[0], entity=entity[1])
        until = view.make.day(row["data_until"], where)
        name = "/".join(entity)
        yield _dated(view, view.said(f"qbr.risk.{row['status']}", source=name, day=until),
                     view.said(f"qbr.ask.{row['status']}", source=name))  # fmt: skip


def _dated(view: View, risk: tuple[Part, ...], ask: tuple[Part, ...]) -> Cause:
    """A cause that is no KPI: it is told as of the snapshot's day."""
    as_of = view.make.day(view.source.as_of, None).text
    return Cause(Statement(risk, "risk", period=as_of), Statement(ask, "ask", period=as_of))


def _late_actions(view: View) -> Iterator[Statement]:
    """What the partner has promised and not done in time."""
    for row in actions.unfinished(view):
        if row["side"] == "partner" and actions.is_late(view, row):
            due = view.make.day(row["due_on"], actions.place(row, "due_on"))
            parts = view.said("qbr.ask.action", text=actions.text(view, row), day=due)
            quarter = Quarter.parse(row["quarter"]).label(view.lang)
            yield Statement(parts, "ask", period=quarter)
