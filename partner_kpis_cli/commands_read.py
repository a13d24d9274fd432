"""The commands that only read: status and kpi."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from pathlib import Path

import polars as pl

from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.policies import Policies
from partner_kpis.serving import KpiDefinition, Snapshot
from partner_kpis.serving.quality import landed
from partner_kpis.tabular import neutralised
from partner_kpis_cli.kpi_page import KpiPage

_DIMENSIONS = ("programme", "partner", "tier", "partner_type", "region")


def status_command(root: Path, lang: str) -> int:
    """Print what a home serves, what its sources are like, and what waits for somebody."""
    from partner_kpis_cli.status_page import Facts, Page

    Page(Facts.of(DataHome.at(root).existing()), lang).print()
    return 0


def kpi_command(
    kpi_id: str,
    root: Path,
    dimension: str | None,
    member: str | None,
    period: str | None,
    evidence: bool,
    form: str,
    lang: str,
) -> int:
    """Print values, or with --evidence the observations and file rows behind one value."""
    if form not in ("table", "csv", "json"):
        raise UserError(f"{form!r} is no format. Choose table, csv or json.")
    home = DataHome.at(root).existing()
    with Snapshot.open(home) as snapshot:
        definition = snapshot.definition(kpi_id)
        where = _member(snapshot, kpi_id, dimension, member)
        kind, start = _period(period) if period else (definition.rhythm, None)
        values = snapshot.values(kpi_id, *where, kind)
        if start is not None:
            values = values.filter(pl.col("period_start") == start)
        if values.is_empty():
            raise UserError(_no_value(definition, where, kind, period))
        page = KpiPage(
            definition, where, kind, snapshot.info()["as_of"], _currency(home), lang,
            landed(snapshot.freshness()),
        )  # fmt: skip
        if not evidence:
            shown = values.select(
                pl.lit(where[0]).alias("dimension"), pl.lit(where[1]).alias("member"),
                pl.lit(kind).alias("period_type"), pl.all(),
            )  # fmt: skip
            if form == "table":
                page.values(values.to_dicts())
            return _print(shown, form)
        if start is None:
            complete = values.filter("is_complete")
            row = (complete if complete.height else values).tail(1)
            start = row["period_start"][0]
        rows = _with_sources(snapshot, kpi_id, where, kind, start)
        if form == "table":
            value = values.filter(pl.col("period_start") == start).row(0, named=True)
            page.evidence(start, value, rows.to_dicts())
        return _print(rows, form)


def _no_value(
    definition: KpiDefinition, where: tuple[str, str], kind: str, period: str | None
) -> str:
    told = f"{definition.kpi_id} has no value for {where[0]} {where[1]}"
    if period:
        return (
            f"{told} in {period} by {kind}. Its rhythm is {definition.rhythm}; leave out --period "
            "to see what there is."
        )
    if where[0] not in definition.dimensions:
        return f"{told}: it is measured by {', '.join(definition.dimensions)} only."
    return f"{told}: nothing was observed there yet. Leave out --member to see the programme."


def _currency(home: DataHome) -> str:
    """What money is stated in; faulty policies keep nobody from reading what is published."""
    try:
        return Policies.load(home).reporting_currency
    except UserError:
        return str(Policies.model_fields["reporting_currency"].default)


def _member(
    snapshot: Snapshot, kpi_id: str, dimension: str | None, member: str | None
) -> tuple[str, str]:
    """The dimension of a member; without one, the first that knows it."""
    if dimension is not None and dimension not in _DIMENSIONS:
        raise UserError(f"{dimension!r} is no dimension. Choose one of {', '.join(_DIMENSIONS)}.")
    if member is None or (member == "all" and dimension in (None, "programme")):
        if dimension not in (None, "programme"):
            raise UserError(f"Name a member of {dimension} with --member.")
        return "programme", "all"
    tried = [dimension] if dimension else list(_DIMENSIONS[1:])
    known = {d: set(snapshot.members(d)["member"].to_list()) for d in tried}
    for name in tried:
        if member in known[name]:
            return name, member
    some = sorted(set().union(*known.values()))[:10]
    raise UserError(f"No member is called {member!r}. Some are: {', '.join(map(str, some))}.")


def _period(text: str) -> tuple[str, date]:
    """(period type, first day) of 2026, 2026Q3, 2026-09, 2026-W36 or 2026-09-30."""
    patterns = {
        "year": r"(\d{4})", "quarter": r"(\d{4})-?Q([1-4])", "month": r"(\d{4})-(\d{2})",
        "week": r"(\d{4})-?W(\d{2})", "day": r"(\d{4})-(\d{2})-(\d{2})",
    }  # fmt: skip
    for kind, pattern in patterns.items():
        match = re.fullmatch(pattern, text.strip().upper())
        if match:
            try:
                return kind, _first_day(kind, [int(group) for group in match.groups()])
            except ValueError:
                break
    raise UserError(f"{text!r} is no period. Write 2026, 2026Q3, 2026-09, 2026-W36 or 2026-09-30.")


def _first_day(kind: str, numbers: list[int]) -> date:
    if kind == "year":
        return date(numbers[0], 1, 1)
    if kind == "quarter":
        return date(numbers[0], 3 * numbers[1] - 2, 1)
    if kind == "week":
        return date.fromisocalendar(numbers[0], numbers[1], 1)
    return date(*numbers) if kind == "day" else date(numbers[0], numbers[1], 1)


def _with_sources(
    snapshot: Snapshot, kpi_id: str, where: tuple[str, str], kind: str, start: date
) -> pl.DataFrame:
    """Observations with the file rows of their things, one line a file row."""
    rows = snapshot.evidence(kpi_id, *where, kind, start)
    rows = rows.with_columns(pl.col("partner_ids").list.join(", ").alias("partner_ids"))
    sources = snapshot.sources_of(rows).select(
        "entity_type", "entity_id", "observed_on",
        pl.concat_str("source", "entity", separator="/").alias("from"),
        "primary_key", "file_name", "row_number", "row_count",
    )  # fmt: skip
    return rows.join(
        sources, on=["entity_type", "entity_id", "observed_on"], how="left", maintain_order="left"
    )


def _print(frame: pl.DataFrame, form: str) -> int:
    """Print the forms for machines; the table for people has been printed by its page."""
    if form == "json":
        json.dump(frame.to_dicts(), sys.stdout, default=str, indent=1, ensure_ascii=False)
        sys.stdout.write("\n")
    elif form == "csv":
        sys.stdout.write(neutralised(frame).write_csv())
    return 0
