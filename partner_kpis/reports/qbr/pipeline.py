"""Pages 5 and 6: how the partner's pipeline moved, and its largest open opportunities by name.

Belongs here: the waterfall of pipeline_moves and the table of open opportunities. Does not belong
here: KPIs of the pipeline (topics.py).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from partner_kpis.reports.document import (
    Block,
    Cell,
    Chart,
    Column,
    Figure,
    Mark,
    Nothing,
    Origin,
    Page,
    Series,
    Table,
)  # fmt: skip
from partner_kpis.reports.qbr import topics
from partner_kpis.reports.qbr.figures import origin
from partner_kpis.reports.qbr.outline import PageSpec
from partner_kpis.reports.qbr.source import Row
from partner_kpis.reports.qbr.view import View
from partner_kpis.text import word

LARGEST: Final = 10
_SLIPPED: Final = "slipped"


def value_page(view: View, spec: PageSpec) -> Page:
    return topics.page(view, spec, first=[waterfall(view)])


def waterfall(view: View) -> Block | None:
    """Opening pipeline, the moves and closing; None where the partner never had a pipeline."""
    rows = [row for row in view.rows("pipeline_moves") if row["period_start"] == view.start]
    moves = sorted((r for r in rows if r["move"] != _SLIPPED), key=lambda r: r["position"])
    if not any(row["amount"] for row in moves):
        return None
    slipped = next((row for row in rows if row["move"] == _SLIPPED and row["opportunities"]), None)
    opening, closing = moves[0]["amount"], moves[-1]["amount"]
    way = "same" if opening == closing else "grew" if closing > opening else "shrank"
    money = view.make.money
    title = view.t(f"qbr.waterfall.{way}", opening=money(opening, None, scaled=True).text,
                   closing=money(closing, None, scaled=True).text)  # fmt: skip
    figures = tuple(_move(view, row) for row in moves)
    return Chart(
        key="moves",
        title=title,
        kind="waterfall",
        categories=tuple(view.t(f"qbr.move.{row['move']}") for row in moves),
        series=(Series(view.t("qbr.series.pipeline"), figures),),
        unit=view.source.currency,
        empty=view.t("qbr.none.pipeline"),
        note=_slipped_note(view, slipped),
    )


def _move(view: View, row: Row) -> Figure:
    is_level = row["move"] in ("opening", "closing")
    key = view.at(period_start=row["period_start"], move=row["move"])
    where = origin("pipeline_moves", "amount", **key)
    return view.make.money(row["amount"], where, scaled=True, signed=not is_level)


def _slipped_note(view: View, slipped: Row | None) -> str | None:
    if slipped is None:
        return None
    amount = view.make.money(slipped["amount"], None, scaled=True).text
    suffix = "one" if slipped["opportunities"] == 1 else "many"
    return view.t(f"qbr.waterfall.slipped.{suffix}", amount=amount, count=slipped["opportunities"])


def by_name(view: View, number: str, key: str) -> Page:
    """The largest open opportunities that the partner influences, as of the snapshot's day."""
    deals = view.source.open_deals(view.partner_id)
    if not deals:
        nothing = Nothing("deals", view.t("qbr.none.pipeline"))
        return Page(number, key, view.t("qbr.page.pipeline"), (nothing,))
    total = sum((deal["amount_reporting"] or Decimal(0) for deal in deals), Decimal(0))
    late = sum(1 for deal in deals if _is_slipped(view, deal))
    suffix = "one" if len(deals) == 1 else "many"
    title = view.t(f"qbr.pipeline.title.{suffix}", count=len(deals),
                   amount=view.make.money(total, None, scaled=True).text)  # fmt: skip
    if late:
        title = view.t("qbr.pipeline.title_slipped", title=title, count=late)
    return Page(number, key, title, (_table(view, deals, total),))


def _table(view: View, deals: list[Row], total: Decimal) -> Table:
    largest = deals[:LARGEST]
    columns = _columns(view)
    known = [column for column in columns if _is_told(view, column.key, largest)]
    masked = _masked(view, largest)
    rows = [_row(view, deal, masked) for deal in largest]
    rows.append(_total(view, len(deals), total))
    return Table(
        key="deals",
        title=view.t("qbr.table.deals", day=view.make.day(view.source.as_of, None).text),
        columns=tuple(known),
        rows=tuple(tuple(row[column.key] for column in known) for row in rows),
        empty=view.t("qbr.none.pipeline"),
        note=_note(view, len(deals)),
        has_total=True,
    )


def _is_told(view: View, column: str, deals: list[Row]) -> bool:
    """Whether a column has something to say: an older snapshot does not know some of the days."""
    if column == "slipped":
        return any(_is_slipped(view, deal) for deal in deals)
    return column not in _DATES or any(deal[_DATES[column]] is not None for deal in deals)


_DATES: Final = {"stage_since": "stage_since_on", "close_on": "close_on"}


def _columns(view: View) -> tuple[Column, ...]:
    currency = view.source.currency
    return (
        Column("name", view.t("qbr.column.opportunity"), 3.4),
        Column("stage", view.t("qbr.column.stage"), 1.5),
        Column("native", view.t("qbr.column.amount"), 1.3, is_number=True),
        Column("amount", view.t("qbr.column.amount_in", currency=currency), 1.3, is_number=True),
        Column("age", view.t("qbr.column.age"), 0.8, is_number=True),
        Column("stage_since", view.t("qbr.column.in_stage"), 0.9, is_number=True),
        Column("close_on", view.t("qbr.column.expected"), 1.2, is_number=True),
        Column("role", view.t("qbr.column.role"), 1.8),
        Column("slipped", view.t("qbr.column.slipped"), 1),
    )


def _row(view: View, deal: Row, masked: dict[str, str]) -> dict[str, Cell]:
    make, as_of = view.make, view.source.as_of
    since = deal["stage_since_on"]
    return {
        "name": masked.get(deal["opportunity_id"]) or _name(view, deal),
        "stage": deal["stage"] or "–",
        "native": make.money(deal["amount"], _place(view, deal, "amount"),
                             currency=deal["currency"] or view.source.currency),
        "amount": make.money(deal["amount_reporting"], _place(view, deal, "amount_reporting")),
        "age": make.count((as_of - deal["created_on"]).days, _place(view, deal, "created_on")),
        "stage_since": make.count((as_of - since).days if since else None,
                                  _place(view, deal, "stage_since_on")),
        "close_on": make.day(deal["close_on"], _place(view, deal, "close_on")),
        "role": _role(view, deal),
        "slipped": Mark("watch", view.t("qbr.slipped")) if _is_slipped(view, deal) else "",
    }  # fmt: skip


def _name(view: View, deal: Row) -> str:
    name = deal["name"] or deal["opportunity_id"]
    return view.t("qbr.confidential.inside", name=name) if deal["is_confidential"] else name


def _masked(view: View, deals: list[Row]) -> dict[str, str]:
    """Opportunity → the name under which the partner edition shows it.

    A name that gives another partner away is masked like that of a customer who asked for it.
    """
    if view.is_internal:
        return {}
    hidden = [d for d in deals if d["is_confidential"] or view.screen.first(d["name"] or "")]
    return {
        deal["opportunity_id"]: view.t("qbr.confidential", number=number)
        for number, deal in enumerate(hidden, start=1)
    }


def _place(view: View, deal: Row, column: str) -> Origin:
    """The deal's row; of a confidential one a partner learns no id that others could look up."""
    if deal["is_confidential"] and not view.is_internal:
        return origin("opportunities", column, is_confidential="true")
    return origin("opportunities", column, opportunity_id=deal["opportunity_id"])


def _role(view: View, deal: Row) -> str:
    """The role in the CRM, else how the partner is known to have touched the deal."""
    words = [word("qbr.evidence", e, view.lang) for e in deal["evidence"] if e != "crm_role"]
    told = deal["role"] or ", ".join(words) or word("qbr.evidence", "crm_role", view.lang)
    return view.t("qbr.role.sourced", role=told) if deal["is_sourcing"] else told


def _is_slipped(view: View, deal: Row) -> bool:
    return deal["close_on"] is not None and deal["close_on"] < view.source.as_of


def _total(view: View, count: int, total: Decimal) -> dict[str, Cell]:
    where = origin("opportunities", "amount_reporting", is_open="true", **view.at())
    label = view.t("qbr.pipeline.total", count=count)
    empty: dict[str, Cell] = {column.key: "" for column in _columns(view)}
    return {**empty, "name": label, "amount": view.make.money(total, where)}


def _note(view: View, count: int) -> str | None:
    more = count - LARGEST
    told = [view.t("qbr.pipeline.more", count=more)] if more > 0 else []
    if view.last_day < view.source.as_of:
        told.append(view.t("qbr.pipeline.newer"))
    return " ".join(told) or None
