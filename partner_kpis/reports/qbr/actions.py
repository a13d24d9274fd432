"""Commitments of both sides: what was promised for the quarter, and what is promised next.

Belongs here: rows of qbr_actions as tables, and the pages Commitments and Plan. Does not belong
here: the KPIs that an action is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from partner_kpis.reports.document import (
    Block,
    Cell,
    Column,
    Mark,
    Nothing,
    Origin,
    Page,
    Table,
    Tile,
    Tiles,
)  # fmt: skip
from partner_kpis.reports.qbr.figures import origin
from partner_kpis.reports.qbr.outline import PageSpec
from partner_kpis.reports.qbr.source import Row
from partner_kpis.reports.qbr.view import View
from partner_kpis.reports.quarter import Quarter
from partner_kpis.serving import KpiDefinition
from partner_kpis.text import t, word

SIDES: Final = ("us", "partner")
_LOOKS: Final = {"done": "on_target", "late": "breach", "open": "running", "dropped": "unknown"}
_UNFINISHED: Final = ("open", "late")


def commitments(view: View, spec: PageSpec) -> Page:
    """What both sides had promised for the quarter; older promises only while unfinished."""
    quarter = str(Quarter.of(view.start))
    rows = [row for row in view.rows("qbr_actions") if row["quarter"] == quarter]
    older = [row for row in unfinished(view) if row["quarter"] < quarter]
    topic = view.t("qbr.page.commitments")
    if not rows and not older:
        return Page(spec.number, spec.key, topic, (Nothing("actions", _why(view)),))
    tiles = [_kept(view, side, rows) for side in SIDES if any(r["side"] == side for r in rows)]
    blocks: list[Block] = [Tiles("kept", tuple(tiles))] if tiles else []
    blocks.append(table(view, "actions", view.t("qbr.table.commitments", quarter=view.period),
                        [*rows, *older]))  # fmt: skip
    return Page(spec.number, spec.key, _kept_title(view, rows) or topic, tuple(blocks))


def _kept_title(view: View, rows: list[Row]) -> str:
    """ "Kept: 2 of 3 by us, 1 of 2 by the partner"."""
    told = []
    for side in SIDES:
        mine = [row for row in rows if row["side"] == side]
        if mine:
            done = sum(1 for row in mine if is_done(row))
            told.append(view.t(f"qbr.kept.{side}", done=done, all=len(mine)))
    return view.t("qbr.kept.title", told=", ".join(told)) if told else ""


def _kept(view: View, side: str, rows: list[Row]) -> Tile:
    mine = [row for row in rows if row["side"] == side]
    done = sum(1 for row in mine if is_done(row))
    key = view.at(quarter=mine[0]["quarter"], side=side)
    figure = view.make.share(done / len(mine), origin("qbr_actions", "status", **key))
    sample = view.t("qbr.kept.sample", done=done, all=len(mine))
    return Tile(view.t(f"qbr.kept.tile.{side}"), figure, "", sample=sample)


def plan(view: View, spec: PageSpec) -> Page:
    """What is promised for the next quarter with what is still open, and the targets in force."""
    coming = Quarter.of(view.end)
    rows = [row for row in view.rows("qbr_actions") if row["quarter"] == str(coming)]
    older = [row for row in unfinished(view) if row["quarter"] < str(coming)]
    title = view.t("qbr.table.plan", quarter=coming.label(view.lang))
    listed: Block = table(view, "actions", title, [*rows, *older])
    if not rows and not older:
        listed = Nothing("actions", _why(view))
    return Page(spec.number, spec.key, _plan_title(view, coming, rows),
                (listed, _targets(view, coming)))  # fmt: skip


def _plan_title(view: View, coming: Quarter, rows: list[Row]) -> str:
    quarter = coming.label(view.lang)
    if not rows:
        return view.t("qbr.plan.title_none", quarter=quarter)
    ours = sum(1 for row in rows if row["side"] == "us")
    return view.t("qbr.plan.title", quarter=quarter, ours=ours, theirs=len(rows) - ours)


def _targets(view: View, coming: Quarter) -> Table | Nothing:
    """Target and corridor of each KPI in the next quarter, as far as the snapshot knows it."""
    found = [
        (kpi, row) for kpi in view.kpis
        if (row := _newest_with_target(view, kpi, coming)) is not None
    ]  # fmt: skip
    if not found:
        return Nothing("targets", view.t("qbr.none.targets"))
    return Table(
        key="targets",
        title=view.t("qbr.table.targets", quarter=coming.label(view.lang)),
        columns=(
            Column("kpi", view.t("column.kpi"), 3),
            Column("now", view.period, is_number=True),
            Column("target", view.t("column.target"), is_number=True),
            Column("low", view.t("column.corridor_low"), is_number=True),
            Column("high", view.t("column.corridor_high"), is_number=True),
        ),
        rows=tuple(_target_row(view, kpi, row) for kpi, row in found),
        empty=view.t("qbr.none.targets"),
    )


def _newest_with_target(view: View, kpi: KpiDefinition, coming: Quarter) -> Row | None:
    """The row of the coming quarter, else of the newest before it, that has a target."""
    rows = view.periods_of(kpi.kpi_id, "quarter")
    known = [start for start in rows if view.start <= start <= coming.start]
    newest = rows[max(known)] if known else None
    return newest if newest is not None and newest["target"] is not None else None


def _target_row(view: View, kpi: KpiDefinition, row: Row) -> tuple[Cell, ...]:
    now = view.row(kpi)
    words = view.words(kpi, now or row)
    columns = ("target", "corridor_low", "corridor_high")
    return (
        kpi.label(view.lang),
        view.make.kpi(words, now) if now else "–",
        *(view.make.kpi(words, row, column) for column in columns),
    )


def ops(view: View, number: str) -> Page:
    """The page of a monthly pack: what is open now, and what was done in the month."""
    done = [
        row for row in view.rows("qbr_actions")
        if row["done_on"] is not None and view.start <= row["done_on"] < view.end
    ]  # fmt: skip
    waiting = unfinished(view)
    late = sum(1 for row in waiting if is_late(view, row))
    if not done and not waiting:
        nothing = Nothing("actions", _why(view))
        return Page(number, "actions", view.t("qbr.page.actions"), (nothing,))
    title = view.t("qbr.actions.title", open=len(waiting), late=late)
    listed = table(view, "actions", view.t("qbr.table.actions"), [*waiting, *done])
    return Page(number, "actions", title, (listed,))


def unfinished(view: View) -> list[Row]:
    """What is open or late and not done, whatever quarter it was promised for."""
    rows = view.rows("qbr_actions")
    return [row for row in rows if row["status"] in _UNFINISHED and not is_done(row)]


def is_done(row: Row) -> bool:
    """Done in time or late; what was dropped is not kept."""
    return row["status"] == "done" or (row["status"] == "late" and row["done_on"] is not None)


def is_late(view: View, row: Row) -> bool:
    """Marked as late, or open after its day."""
    if row["status"] == "late":
        return True
    due = row["due_on"]
    return row["status"] == "open" and due is not None and due < view.source.as_of


def text(view: View, row: Row) -> str:
    """What was promised; a text that names somebody else is withheld from the partner edition."""
    said: str = row["text"] or ""
    return view.t("qbr.withheld") if view.screen.first(said) else said


def place(row: Row, column: str) -> Origin:
    return origin("qbr_actions", column, action_id=row["action_id"])


def table(view: View, key: str, title: str, rows: Iterable[Row]) -> Table:
    listed = {row["action_id"]: row for row in rows}.values()
    ordered = sorted(listed, key=lambda r: (SIDES.index(r["side"]), str(r["due_on"]),
                                            r["action_id"]))  # fmt: skip
    return Table(
        key=key,
        title=title,
        columns=(
            Column("side", view.t("qbr.column.side"), 1),
            Column("text", view.t("qbr.column.action"), 4),
            Column("owner", view.t("qbr.column.owner"), 1.4),
            Column("quarter", view.t("qbr.column.quarter"), 0.9),
            Column("due", view.t("qbr.column.due"), 1.1),
            Column("status", view.t("column.status"), 1.2),
            Column("done", view.t("qbr.column.done"), 1.1),
        ),
        rows=tuple(_row(view, row) for row in ordered),
        empty=_why(view),
    )


def _row(view: View, row: Row) -> tuple[Cell, ...]:
    owner = row["owner"] or ""
    return (
        t(f"qbr.side.{row['side']}", view.lang),
        text(view, row),
        "–" if not owner or view.screen.first(owner) else owner,
        Quarter.parse(row["quarter"]).label(view.lang),
        view.make.day(row["due_on"], place(row, "due_on")),
        _status(view, row),
        view.make.day(row["done_on"], place(row, "done_on")),
    )


def _status(view: View, row: Row) -> Mark:
    status = "late" if is_late(view, row) else row["status"]
    return Mark(_LOOKS.get(status, "unknown"), word("qbr.action", status, view.lang))


def _why(view: View) -> str:
    """Why there are no actions: the export is missing, or it names none for this partner."""
    if view.source.has_landed("qbr", "action"):
        return view.t("qbr.none.actions")
    return view.t("qbr.none.actions_missing", folder="landing/qbr/action/")
