"""Readings of rules about KPIs: each complete period of each member against its bounds.

Belongs here: one question to the snapshot for all rules, and runs of periods, both in bulk. Does
not belong here: what follows from a reading (lifecycle.py); unusual values (anomalies.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from partner_kpis.alerts.lifecycle import UNKNOWN_ENDS
from partner_kpis.alerts.readings import Reading, Subject
from partner_kpis.alerts.rules import Condition, KpiRule
from partner_kpis.serving import KpiDefinition, Snapshot, watching

TREND: Final = 8
"""So many values before and with the judged one go into a message."""

_SUBJECT: Final = ["dimension", "member"]


@dataclass(frozen=True)
class Watch:
    """One KPI that a rule watches, by which periods, and the last period it judged before."""

    rule: KpiRule
    kpi: KpiDefinition
    judged: date | None = None

    @property
    def period_type(self) -> str:
        return self.rule.period or self.kpi.rhythm

    @property
    def question(self) -> tuple[str, str, str]:
        return self.kpi.kpi_id, self.rule.scope.dimension, self.period_type


Periods = Mapping[tuple[str, str, str], pl.DataFrame]
"""Complete periods, by KPI, dimension and period type."""


def periods(snapshot: Snapshot, watches: Sequence[Watch]) -> Periods:
    """The complete periods behind the watches, oldest first, by (kpi, dimension, period type)."""
    questions = sorted({watch.question for watch in watches})
    frame = watching.complete_periods(snapshot, questions)
    keys = ["kpi_id", "dimension", "period_type"]
    found: dict[Any, pl.DataFrame] = frame.partition_by(keys, as_dict=True)
    return dict(found)


def readings(
    watch: Watch, rows: pl.DataFrame, *, min_sample: int, every: bool = False
) -> Iterator[Reading]:
    """Readings of each member, in the order of their periods.

    Of a rule that judged before: the periods since then, and that one again (a corrected export
    may have changed it). Of a new rule the newest period alone; every: all of them, for a replay.
    """
    judged = _judged(watch, rows, min_sample, None if every else _needed(watch, rows))
    if not every:
        last = pl.col("period_start") == pl.col("period_start").max().over(_SUBJECT)
        since = pl.col("period_start") >= (watch.judged or date.max)
        judged = judged.filter(last | since)
    for row in judged.sort(*_SUBJECT, "period_start").iter_rows(named=True):
        yield Reading(
            rule_id=watch.rule.id,
            subject=Subject(watch.kpi.kpi_id, row["dimension"], row["member"]),
            moment=row["period_start"],
            state=row["state"],
            run=row["run"],
            since=row["since"],
            facts=_facts(row, watch.rule.when),
        )


def _needed(watch: Watch, rows: pl.DataFrame) -> int:
    """So many of the newest periods decide what follows: those not judged yet, and a run before."""
    rule = watch.rule
    starts = rows["period_start"]
    fresh = starts.filter(starts >= watch.judged).n_unique() if watch.judged else 1
    return fresh + max(rule.periods, rule.clear.periods, UNKNOWN_ENDS) + 1


def _judged(watch: Watch, rows: pl.DataFrame, min_sample: int, recent: int | None) -> pl.DataFrame:
    """The rows with state, run, since, low and high: the bounds they were held against.

    recent: so many of the newest periods are looked at for what is unusual; None: all.
    """
    rule, kpi = watch.rule, watch.kpi
    if rule.scope.members:
        rows = rows.filter(pl.col("member").is_in(rule.scope.members))
    rows = rows.sort(*_SUBJECT, "period_start")
    if rule.when.anomaly is not None:
        from partner_kpis.alerts.anomalies import with_expected

        rows = with_expected(rows, rule.when.anomaly, watch.period_type, recent=recent)
    low, high = bounds(rule.when, kpi, rule.scope.dimension)
    rows = rows.with_columns(low=low, high=high)
    value = pl.col("value")
    is_breached = breached(rule.when, value)
    limit = rule.min_sample if rule.min_sample is not None else min_sample
    has_sample = kpi.kind in ("ratio", "share", "median") and kpi.sample_basis != "none"
    is_small = pl.col("sample_size") < limit if has_sample else pl.lit(False)
    is_clear = ~is_breached
    if rule.clear.above is not None:
        is_clear &= value >= rule.clear.above
    if rule.clear.below is not None:
        is_clear &= value <= rule.clear.below
    state = (
        pl.when(value.is_null() | is_small | is_breached.is_null())
        .then(pl.lit("unknown"))
        .when(is_breached)
        .then(pl.lit("breached"))
        .when(is_clear)
        .then(pl.lit("clear"))
        .otherwise(pl.lit("between"))
    )
    return _with_runs(_with_trend(rows.with_columns(state=state)))


def bounds(when: Condition, kpi: KpiDefinition, dimension: str) -> tuple[pl.Expr, pl.Expr]:
    """The lower and the upper bound in force in each period; null where there is none.

    Targets in force come first; without any, the corridor that the KPI's definition starts from.
    That one is the programme's: of a sum, a partner has only a part.
    """
    is_own = dimension == "programme" or kpi.kind in ("ratio", "median")
    has_target = pl.any_horizontal(pl.col("target", "corridor_low", "corridor_high").is_not_null())

    def in_force(name: str, usual: float | None) -> pl.Expr:
        start = pl.lit(usual if is_own else None, dtype=pl.Float64)
        return pl.when(has_target).then(pl.col(name)).otherwise(start)

    target = in_force("target", kpi.corridor_target)
    low = pl.coalesce(in_force("corridor_low", kpi.corridor_low), target)
    high = pl.coalesce(in_force("corridor_high", kpi.corridor_high), target)
    if when.outside is not None:
        return _corridor(kpi.direction, low, high)
    floor = when.floor or when
    named = {"target": (target, target), "corridor": (low, high)}
    lower = floor.below if not isinstance(floor.below, str) else named[floor.below][0]
    upper = floor.above if not isinstance(floor.above, str) else named[floor.above][1]
    return _as_bound(lower), _as_bound(upper)


def _corridor(direction: str, low: pl.Expr, high: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Where the scorecard says breach: a corridor that is one's aim has a margin of a tenth."""
    nothing = _as_bound(None)
    if direction == "higher":
        return low, nothing
    if direction == "lower":
        return nothing, high
    margin = 0.1 * (high - low)
    return low - margin, high + margin


def _as_bound(value: float | pl.Expr | None) -> pl.Expr:
    return value if isinstance(value, pl.Expr) else pl.lit(value, dtype=pl.Float64)


def breached(when: Condition, value: pl.Expr) -> pl.Expr:
    """Whether a value opens an alert; null where nothing can be said (no bound, no past)."""
    outside = (value < pl.col("low")).fill_null(False) | (value > pl.col("high")).fill_null(False)
    has_bound = pl.col("low").is_not_null() | pl.col("high").is_not_null()
    is_outside = pl.when(has_bound).then(outside)
    if when.anomaly is not None:
        return pl.when(pl.col("is_unusual").is_not_null()).then(
            pl.col("is_unusual") & is_outside.fill_null(False)
        )
    if when.change is None:
        return is_outside
    before = pl.col("previous_value" if when.change.against == "previous" else "year_ago_value")
    moved = (value - before) / before.abs()
    falls, rises = when.change.falls_by, when.change.rises_by
    passed = moved <= -falls if falls is not None else moved >= rises
    return pl.when(before.is_not_null() & (before != 0)).then(passed)


def _with_runs(rows: pl.DataFrame) -> pl.DataFrame:
    """run: periods in a row in this state; since: the first of them.

    A period of which nothing is known neither counts nor ends the run of others.
    """
    known = pl.col("state") != "unknown"
    spells = (
        rows.filter(known).with_columns(spell=pl.col("state").rle_id().over(_SUBJECT)),
        rows.with_columns(spell=known.cast(pl.UInt32).cum_sum().over(_SUBJECT)).filter(~known),
    )
    return pl.concat([
        part.with_columns(
            run=pl.int_range(1, pl.len() + 1).over(*_SUBJECT, "spell"),
            since=pl.col("period_start").first().over(*_SUBJECT, "spell"),
        ).drop("spell")
        for part in spells
    ])  # fmt: skip


def _with_trend(rows: pl.DataFrame) -> pl.DataFrame:
    """The last values of the same member, as many as are told, oldest first."""
    steps = [pl.col("value").shift(n).over(_SUBJECT) for n in range(TREND - 1, -1, -1)]
    return rows.with_columns(recent=pl.concat_list(steps))


def _facts(row: Mapping[str, Any], when: Condition) -> dict[str, Any]:
    facts = {
        name: row[name]
        for name in (
            "period_type", "value", "previous_value", "year_ago_value", "target", "low", "high",
            "sample_size", "numerator", "denominator",
        )
    } | {"period_start": row["period_start"].isoformat()}  # fmt: skip
    recent = list(row["recent"])
    while recent and recent[0] is None:
        recent.pop(0)
    facts["recent"] = recent
    if when.anomaly is not None:
        facts["expected"] = row["expected"]
    if when.change is not None:
        facts["against"] = when.change.against
    return {name: value for name, value in facts.items() if value is not None}
