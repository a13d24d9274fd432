"""Pages A1 to A3: notes on the data, definitions of what is used, and how to verify it.

Belongs here: what a reader needs to trust or doubt the numbers. Does not belong here: the numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from partner_kpis import formats, formula
from partner_kpis.reports.document import (
    Block,
    Cell,
    Column,
    Facts,
    Figure,
    Mark,
    Nothing,
    Page,
    Statements,
    Table,
    Tiles,
)  # fmt: skip
from partner_kpis.reports.document import Chart as ChartBlock
from partner_kpis.reports.qbr.figures import origin
from partner_kpis.reports.qbr.outline import PageSpec
from partner_kpis.reports.qbr.source import QbrSource, Row
from partner_kpis.reports.qbr.view import View
from partner_kpis.serving import Entity, KpiDefinition, alternatives
from partner_kpis.text import team, word

_DEFINITIONS: Final = 8
"""Definitions in one table: their texts are long."""


def used_kpis(source: QbrSource, pages: Iterable[Page]) -> list[KpiDefinition]:
    """The KPIs that the pages show or speak of, in the catalogue's order."""
    used = {kpi_id for page in pages for block in page.blocks for kpi_id in _named(block)}
    return [kpi for kpi in source.catalogue.values() if kpi.kpi_id in used]


def _named(block: Block) -> Iterable[str | None]:
    for figure in _figures(block):
        if figure.origin is not None:
            yield dict(figure.origin.key).get("kpi_id")
    if isinstance(block, Statements):
        yield from (item.kpi_id for item in block.items)


def _figures(block: Block) -> Iterable[Figure]:
    match block:
        case Table():
            cells: Iterable[object] = (cell for row in block.rows for cell in row)
        case ChartBlock():
            cells = (figure for series in block.series for figure in series.figures)
        case Tiles():
            cells = (tile.figure for tile in block.tiles)
        case Statements():
            cells = (part for item in block.items for part in item.parts)
        case _:
            cells = ()
    return (cell for cell in cells if isinstance(cell, Figure))


def notes(view: View, spec: PageSpec, used: list[KpiDefinition]) -> Page:
    """The exports behind the used KPIs: until when they reach and what was not believed."""
    needed = _needed(view, used)
    rows = [row for row in view.source.freshness if (row["source"], row["entity"]) in needed]
    odd = [row for row in rows if row["status"] not in ("fresh", "loaded")]
    names = ", ".join(f"{row['source']}/{row['entity']}" for row in odd)
    title = view.t("qbr.notes.title_odd" if odd else "qbr.notes.title", count=len(rows),
                   names=names)  # fmt: skip
    blocks: list[Block] = [_sources(view, rows)] if rows else []
    if not rows:
        blocks.append(Nothing("sources", view.t("qbr.none.sources")))
    if view.is_internal:
        blocks.append(_findings(view, needed))
    return Page(spec.number, spec.key, title, tuple(blocks))


def _needed(view: View, used: list[KpiDefinition]) -> set[Entity]:
    """Of each need the exports that have landed; what is missing outright counts too."""
    found: set[Entity] = set()
    for need in {need for kpi in used for need in kpi.needs}:
        ways = alternatives(need)
        landed = {e for way in ways for e in way if e in view.source.landed}
        found |= landed or set(ways[0])
    return found


def _sources(view: View, rows: list[Row]) -> Table:
    inside = view.is_internal
    counts = [
        Column("quarantine", view.t("qbr.column.quarantine"), 1, is_number=True),
        Column("findings", view.t("qbr.column.findings"), 1, is_number=True),
    ]
    return Table(
        key="sources",
        title=view.t("qbr.table.sources"),
        columns=(
            Column("source", view.t("column.source"), 3),
            Column("until", view.t("column.data_until"), 1.4, is_number=True),
            Column("status", view.t("column.status"), 1.4),
            *(counts if inside else ()),
        ),
        rows=tuple(_source(view, row, inside) for row in rows),
        empty=view.t("qbr.none.sources"),
        shown=20,
    )


def _source(view: View, row: Row, inside: bool) -> tuple[Cell, ...]:
    entity = (row["source"], row["entity"])
    key = {"source": entity[0], "entity": entity[1]}
    count = view.make.count
    counts = (
        count(view.source.quarantined.get(entity, 0), origin("quarantined_rows", "rows", **key)),
        count(_finding_count(view, entity), origin("findings", "row_count", **key)),
    )
    return (
        "/".join(entity),
        view.make.day(row["data_until"], origin("source_freshness", "data_until", **key)),
        Mark(row["status"], word("freshness", row["status"], view.lang)),
        *(counts if inside else ()),
    )


def _finding_count(view: View, entity: Entity) -> int:
    return sum(1 for row in view.source.findings if (row["source"], row["entity"]) == entity)


def _findings(view: View, needed: set[Entity]) -> Table | Nothing:
    """What the data says about itself, of the used exports; they may name anybody: internal."""
    rows = [row for row in view.source.findings if (row["source"], row["entity"]) in needed]
    if not rows:
        return Nothing("findings", view.t("problems.no_findings"))
    return Table(
        key="findings",
        title=view.t("problems.findings", count=len(rows)),
        columns=(
            Column("severity", view.t("qbr.column.severity"), 1),
            Column("source", view.t("column.source"), 2),
            Column("message", view.t("column.message"), 6),
        ),
        rows=tuple(
            (
                word("severity", row["severity"], view.lang),
                f"{row['source']}/{row['entity']}",
                row[f"message_{view.lang}"],
            )
            for row in rows
        ),
        empty=view.t("problems.no_findings"),
    )


def definitions(view: View, spec: PageSpec, used: list[KpiDefinition]) -> Page:
    """Each used KPI: what it says, how it is computed, who owns it, in which version."""
    title = view.t("qbr.definitions.title", count=len(used))
    parts = [used[i : i + _DEFINITIONS] for i in range(0, len(used), _DEFINITIONS)]
    tables = tuple(_definitions(view, part, i) for i, part in enumerate(parts, start=1))
    nothing = Nothing("definitions", view.t("qbr.none.kpis"))
    return Page(spec.number, spec.key, title, tables or (nothing,))


def _definitions(view: View, kpis: list[KpiDefinition], number: int) -> Table:
    lang = view.lang
    return Table(
        key=f"definitions_{number}",
        title=view.t("qbr.table.definitions", first=kpis[0].label(lang), last=kpis[-1].label(lang)),
        columns=(
            Column("kpi", view.t("column.kpi"), 2),
            Column("meaning", view.t("qbr.column.meaning"), 4),
            Column("formula", view.t("definition.formula"), 4),
            Column("owner", view.t("qbr.column.owner"), 1.4),
            Column("version", view.t("qbr.column.version"), 0.8),
        ),
        rows=tuple(
            (
                f"{kpi.label(lang)} ({kpi.kpi_id})",
                kpi.description(lang),
                f"{formula.in_words(kpi, lang)} {formula.days_in_words(kpi, lang)}",
                team(kpi.owner, lang),
                kpi.definition_version,
            )
            for kpi in kpis
        ),
        empty=view.t("qbr.none.kpis"),
        shown=_DEFINITIONS,
    )


def verification(view: View, spec: PageSpec) -> Page:
    """How anyone can recompute every number of this document."""
    stamp = view.source.stamp
    pairs: list[tuple[str, Cell]] = [
        (view.t("qbr.verify.snapshot"), stamp.snapshot_id),
        (view.t("qbr.verify.hash"), stamp.snapshot_hash),
        (view.t("qbr.cover.as_of"), view.make.day(stamp.as_of, origin("snapshot", "as_of"))),
        (view.t("qbr.verify.created"), formats.moment(stamp.created_at, view.lang)),
        (view.t("qbr.verify.code"), stamp.code_version),
        (view.t("qbr.verify.command"), view.t("qbr.verify.command_line")),
    ]
    return Page(spec.number, spec.key, view.t("qbr.page.verification"),
                (Facts("verification", tuple(pairs)),))  # fmt: skip
