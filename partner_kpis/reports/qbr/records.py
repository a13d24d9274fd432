"""Tables of single records on topic pages: referrals, MDF claims, commissions, programme KPIs.

Belongs here: rows of a quarter as tables, and the MDF funnel. Does not belong here: KPIs of the
partner (kpi_tables.py), or pages.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

from partner_kpis.reports.document import (
    Cell,
    Chart,
    Column,
    Origin,
    Series,
    Table,
)  # fmt: skip
from partner_kpis.reports.qbr.figures import origin
from partner_kpis.reports.qbr.source import Row
from partner_kpis.reports.qbr.view import View
from partner_kpis.reports.quarter import Quarter
from partner_kpis.text import word

_FUNNEL: Final = ("requested", "approved", "paid")
_QUARTERS: Final = 4


def referrals(view: View) -> Table | None:
    """Referrals submitted or decided in the quarter, either way; None without any."""
    rows = _of_quarter(view, "referrals")
    if not rows:
        return None
    return Table(
        key="referrals",
        title=view.t("qbr.table.referrals", period=view.period),
        columns=(
            Column("referral", view.t("qbr.column.referral"), 1.3),
            Column("direction", view.t("qbr.column.direction"), 1.2),
            Column("submitted", view.t("qbr.column.submitted"), 1.2, is_number=True),
            Column("response", view.t("qbr.column.first_response"), 1.2, is_number=True),
            Column("status", view.t("column.status"), 1.2),
            Column("decided", view.t("qbr.column.decided"), 1.2, is_number=True),
            Column("revenue", view.t("qbr.column.revenue", currency=view.source.currency), 1.3,
                   is_number=True),
        ),
        rows=tuple(_referral(view, row) for row in rows),
        empty=view.t("qbr.none.referrals"),
        shown=10,
    )  # fmt: skip


def _referral(view: View, row: Row) -> tuple[Cell, ...]:
    at = _places("referrals", "referral_id", row)
    return (
        row["referral_id"],
        word("qbr.direction", row["direction"], view.lang),
        view.make.day(row["submitted_on"], at("submitted_on")),
        view.make.number(row["first_response_hours"], 1, at("first_response_hours")),
        word("qbr.record", row["status"], view.lang),
        view.make.day(row["decided_on"], at("decided_on")),
        view.make.money(row["revenue_reporting"], at("revenue_reporting")),
    )


def mdf_funnel(view: View) -> Chart | None:
    """Requested, approved and paid for the claims of the last four quarters; None without any."""
    first = Quarter.of(view.start)
    for _ in range(_QUARTERS - 1):
        first = first.previous
    rows = [
        row for row in view.rows("mdf_claims")
        if row["submitted_on"] is not None and first.start <= row["submitted_on"] < view.end
    ]  # fmt: skip
    if not rows:
        return None
    sums = [_sum(rows, column) for column in _FUNNEL]
    where = view.at()
    figures = tuple(
        view.make.money(amount, origin("mdf_claims", column, **where), scaled=True)
        for column, amount in zip(_FUNNEL, sums, strict=True)
    )
    titles = dict(zip(_FUNNEL, (figure.text for figure in figures), strict=True))
    return Chart(
        key="mdf_funnel",
        title=view.t("qbr.mdf.title", **titles),
        kind="bars",
        categories=tuple(view.t(f"qbr.column.{column}") for column in _FUNNEL),
        series=(Series(view.t("qbr.series.mdf"), figures),),
        unit=view.source.currency,
        empty=view.t("qbr.none.mdf"),
        note=view.t(
            "qbr.mdf.note", count=len(rows), first=first.label(view.lang), last=view.period
        ),
    )


def mdf_claims(view: View) -> Table | None:
    """The claims submitted or decided in the quarter; None without any."""
    rows = _of_quarter(view, "mdf_claims")
    if not rows:
        return None
    amounts = [
        Column(name, f"{view.t(f'qbr.column.{name}')} ({view.source.currency})", 1.2,
               is_number=True) for name in _FUNNEL
    ]  # fmt: skip
    return Table(
        key="claims",
        title=view.t("qbr.table.claims", period=view.period),
        columns=(
            Column("claim", view.t("qbr.column.claim"), 1.3),
            Column("submitted", view.t("qbr.column.submitted"), 1.2, is_number=True),
            Column("status", view.t("column.status"), 1.2),
            *amounts,
            Column("decided", view.t("qbr.column.decided"), 1.2, is_number=True),
        ),
        rows=tuple(_claim(view, row) for row in rows),
        empty=view.t("qbr.none.mdf"),
        shown=10,
    )


def _claim(view: View, row: Row) -> tuple[Cell, ...]:
    at = _places("mdf_claims", "claim_id", row)
    return (
        row["claim_id"],
        view.make.day(row["submitted_on"], at("submitted_on")),
        word("qbr.record", row["status"], view.lang),
        *(view.make.money(row[name], at(name)) for name in _FUNNEL),
        view.make.day(row["decided_on"], at("decided_on")),
    )


def commissions(view: View) -> Table | None:
    """What the referrals won in the quarter earn, one line each; None without any."""
    quarter = str(Quarter.of(view.start))
    rows = [row for row in view.rows("commission_lines") if row["quarter"] == quarter]
    if not rows:
        return None
    rows.sort(key=lambda row: (row["decided_on"], row["referral_id"]))
    currency = view.source.currency
    total = _sum(rows, "commission_reporting")
    where = origin("commission_lines", "commission_reporting", **view.at(quarter=quarter))
    empty: tuple[Cell, ...] = ("", "", "", "")
    return Table(
        key="commissions",
        title=view.t("qbr.table.commissions", period=view.period),
        columns=(
            Column("referral", view.t("qbr.column.referral"), 1.3),
            Column("decided", view.t("qbr.column.decided"), 1.2, is_number=True),
            Column("rank", view.t("qbr.column.rank"), 0.9, is_number=True),
            Column("rate", view.t("qbr.column.rate"), 0.9, is_number=True),
            Column("base", view.t("qbr.column.base", currency=currency), 1.3, is_number=True),
            Column("commission", view.t("qbr.column.commission", currency=currency), 1.3,
                   is_number=True),
        ),
        rows=(
            *(_commission(view, row) for row in rows),
            (view.t("qbr.total"), *empty, view.make.money(total, where)),
        ),
        empty=view.t("qbr.none.commissions"),
        shown=10,
        has_total=True,
    )  # fmt: skip


def _commission(view: View, row: Row) -> tuple[Cell, ...]:
    # A referral may be shared: its line is that of the partner.
    at = _places("commission_lines", "referral_id", row, **view.at())
    return (
        row["referral_id"],
        view.make.day(row["decided_on"], at("decided_on")),
        view.make.count(row["rank_of_year"], at("rank_of_year")),
        view.make.share(row["rate"], at("rate"), 1),
        view.make.money(row["base_reporting"], at("base_reporting")),
        view.make.money(row["commission_reporting"], at("commission_reporting")),
    )


def programme(view: View, kpi_ids: tuple[str, ...]) -> Table | None:
    """KPIs of the whole programme, for the internal edition alone; None without a value."""
    if not view.is_internal:
        return None
    found = [
        (kpi, row) for kpi_id in kpi_ids
        if (kpi := view.source.catalogue.get(kpi_id)) is not None
        and (row := view.programme_row(kpi, view.start)) is not None
        and row["value"] is not None
    ]  # fmt: skip
    if not found:
        return None
    return Table(
        key="programme",
        title=view.t("qbr.table.programme"),
        columns=(
            Column("kpi", view.t("column.kpi"), 3),
            Column("value", view.period, is_number=True),
            Column("previous", view.period_before(view.start), is_number=True),
            Column("target", view.t("column.target"), is_number=True),
            Column("status", view.t("column.status"), 1.4),
        ),
        rows=tuple(
            (
                kpi.label(view.lang),
                *(view.make.kpi(view.words(kpi, row), row, column)
                  for column in ("value", "previous_value", "target")),
                view.mark(row["status"]),
            )
            for kpi, row in found
        ),
        empty=view.t("qbr.none.kpis"),
    )  # fmt: skip


def _of_quarter(view: View, table: str) -> list[Row]:
    """Rows submitted or decided in the period, in the order of their submission."""

    def is_in(day: date | None) -> bool:
        return day is not None and view.start <= day < view.end

    rows = [r for r in view.rows(table) if is_in(r["submitted_on"]) or is_in(r["decided_on"])]
    return sorted(rows, key=lambda r: (str(r["submitted_on"]), *[str(v) for v in r.values()]))


def _places(table: str, key: str, row: Row, **more: object) -> Callable[[str], Origin]:
    return lambda column: origin(table, column, **{**more, key: row[key]})


def _sum(rows: list[Row], column: str) -> Decimal:
    return sum((row[column] or Decimal(0) for row in rows), Decimal(0))
