"""What moved a KPI's value: the partners and the observed things that weigh most on one side.

Belongs here: short lists, weighed and cut inside DuckDB. Does not belong here: words (alerts), or
which side is bad.

What weighs is what a partner or a thing adds to value − usual: of a sum its own change, of a ratio
or share its numerator less what it would be at the usual ratio. Of a median it is how far its own
value went times its cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import polars as pl

from partner_kpis.serving import evidence as _evidence
from partner_kpis.serving.definitions import KpiDefinition
from partner_kpis.serving.periods import observed_days, previous_start
from partner_kpis.serving.snapshot import Snapshot

Side = Literal["low", "high"]

_CHANGE: Final = {
    "total": "coalesce(now.numerator, 0) - coalesce(was.numerator, 0)",
    "distinct": "coalesce(now.numerator, 0) - coalesce(was.numerator, 0)",
    "share": "coalesce(now.value, 0) - coalesce(was.value, 0)",
    "median": "(now.value - was.value) * now.sample_size",
    "ratio": """coalesce(now.numerator - $usual * now.denominator, 0)
        - coalesce(was.numerator - $usual * was.denominator, 0)""",
}
"""By kind of KPI: what a partner's change adds; top3 has no parts that add up."""

_SEGMENTS: Final = ("tier", "partner_type", "region")


@dataclass(frozen=True)
class Value:
    """One value of a KPI: whose and of which period."""

    kpi: KpiDefinition
    dimension: str
    member: str
    period_type: str
    period_start: date


def partners(
    snapshot: Snapshot, of: Value, side: Side, usual: float | None, most: int
) -> pl.DataFrame:
    """Partners of the programme or a segment whose own change took the value to this side.

    usual: the ratio before, which a ratio is held against. Columns: partner_id, value, was (each
    in the KPI's own unit, null without one), the one that weighs most first. No rows for a partner,
    or a KPI that has no values by partner.
    """
    change, kpi = _CHANGE.get(of.kpi.kind), of.kpi
    if change is None or of.dimension == "partner" or "partner" not in kpi.dimensions:
        return pl.DataFrame(
            schema={"partner_id": pl.String, "value": pl.Float64, "was": pl.Float64}
        )
    is_mine = "true"
    if of.dimension in _SEGMENTS:
        is_mine = f"""now.member in (
            select partner_id from partner_versions
            where {of.dimension} = $member and valid_from <= $last_day
                and (valid_to is null or $last_day < valid_to)
        )"""
    return _ask(
        snapshot,
        f"""
        with periods as (
            select
                member, period_start, value, sample_size, numerator::double as numerator,
                denominator::double as denominator
            from kpi_values
            where kpi_id = $kpi_id and dimension = 'partner' and period_type = $period_type
                and period_start in ($start, $before)
        ),
        changed as (
            select now.member as partner_id, now.value, was.value as was, {change} as weight
            from (from periods where period_start = $start) as now
            left join (from periods where period_start = $before) as was using (member)
            where {is_mine}
        )
        select partner_id, value, was from changed
        where weight * $sign > 0 and value is distinct from was
        order by weight * $sign desc, partner_id
        limit $most
        """,
        kpi_id=kpi.kpi_id,
        period_type=of.period_type,
        start=of.period_start,
        before=previous_start(of.period_type, of.period_start),
        last_day=_days(snapshot, of, of.period_start)[1],
        member=of.member,
        usual=usual or 0.0,
        sign=_sign(side),
        most=most,
    )


def things(
    snapshot: Snapshot, of: Value, side: Side, usual: float | None, most: int
) -> pl.DataFrame:
    """The observed things that weigh most on this side of a value.

    Columns: entity_type, entity_id, numerator, denominator, was (the numerator of the period
    before; of sums, and of somebody's share of the programme), as DOUBLE; null where it is not
    among what was observed. The heaviest first.
    """
    kind = of.kpi.kind
    if kind in ("total", "distinct") or (kind == "share" and of.dimension != "programme"):
        return _changed_things(snapshot, of, side, most)
    evidence = _evidence.evidence_sql(kind)
    if kind == "top3":  # whose they are is what counts
        evidence = f"""
            select
                'partner' as entity_type, partner_ids[1] as entity_id, numerator,
                null::decimal(28, 9) as denominator
            from ({evidence})
        """
    shown, weight, is_above = "coalesce(sum(numerator), 0)", "sum(numerator)", "true"
    if kind == "median":
        shown = "max(numerator)" if side == "high" else "min(numerator)"
        weight = f"({shown}) * $sign"
    elif kind != "top3":
        weight = "(coalesce(sum(numerator), 0) - $usual * sum(denominator)) * $sign"
        is_above = "weight > 0"
    return _ask(
        snapshot,
        f"""
        with weighed as (
            select
                entity_type, entity_id, ({shown})::double as numerator,
                sum(denominator)::double as denominator, null::double as was,
                ({weight})::double as weight
            from ({evidence})
            group by entity_type, entity_id
        )
        select entity_type, entity_id, numerator, denominator, was from weighed
        where {is_above}
        order by weight desc, entity_id
        limit $most
        """,
        **_parameters(snapshot, of),
        usual=usual or 0.0,
        sign=_sign(side),
        most=most,
    )


def _changed_things(snapshot: Snapshot, of: Value, side: Side, most: int) -> pl.DataFrame:
    """What is gone or smaller than the period before, or on the high side new or more."""
    now = _evidence.evidence_sql(of.kpi.kind)
    was = now.replace("$first_day", "$was_first_day").replace("$last_day", "$was_last_day")
    before = previous_start(of.period_type, of.period_start)
    first_day, last_day = _days(snapshot, of, before)
    counted = "1" if of.kpi.kind == "distinct" else "sum(numerator)"
    of_each = f"select entity_type, entity_id, ({counted})::double as numerator from"
    counts = "where numerator <> 0 group by entity_type, entity_id"
    return _ask(
        snapshot,
        f"""
        with now as ({of_each} ({now}) {counts}),
        was as ({of_each} ({was}) {counts}),
        changed as (
            select
                entity_type, entity_id, now.numerator, null::double as denominator,
                was.numerator as was,
                coalesce(now.numerator, 0) - coalesce(was.numerator, 0) as weight
            from now full join was using (entity_type, entity_id)
        )
        select entity_type, entity_id, numerator, denominator, was from changed
        where weight * $sign > 0
        order by weight * $sign desc, entity_id
        limit $most
        """,
        **_parameters(snapshot, of),
        was_first_day=first_day,
        was_last_day=last_day,
        sign=_sign(side),
        most=most,
    )


def _ask(snapshot: Snapshot, sql: str, **parameters: Any) -> pl.DataFrame:
    """The answer with those parameters that the query names; others would be an error."""
    return snapshot._ask(sql, **{n: v for n, v in parameters.items() if f"${n}" in sql})


def _parameters(snapshot: Snapshot, of: Value) -> Mapping[str, Any]:
    first_day, last_day = _days(snapshot, of, of.period_start)
    return _evidence.evidence_parameters(
        of.kpi.kpi_id, of.dimension, of.member, first_day, last_day
    )


def _days(snapshot: Snapshot, of: Value, start: date) -> tuple[date, date]:
    return observed_days(
        of.period_type, start, is_balance=of.kpi.is_balance, as_of=snapshot.info()["as_of"]
    )


def _sign(side: Side) -> int:
    return 1 if side == "high" else -1
