"""The observations behind one value, and the sum that leads back to it.

Belongs here: the reading side of the roll-up in kpis.md: which observations a value stands on, and
the same arithmetic in plain decimals, so that a test (or a doubting reader) can check a number.
Does not belong here: the roll-up that made the value (dbt), or where an observed thing comes from.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, Final

import polars as pl

DIMENSIONS: Final[tuple[str, ...]] = ("programme", "partner", "tier", "partner_type", "region")

EVIDENCE_COLUMNS: Final[tuple[str, ...]] = (
    "observed_on",
    "entity_type",
    "entity_id",
    "partner_ids",
    "numerator",
    "denominator",
    "counts_for",
)

_NINE_PLACES: Final = Decimal("0.000000001")

# An observation's member is decided on its own day: a partner that changed tier in May counts for
# the old tier in April. A partner without a version, or a version without the attribute, is the
# member `unknown`; an observation without a partner belongs to the programme alone.
_OBSERVED: Final = """
with observed as (
    select
        o.observed_on, o.partner_id, o.entity_type, o.entity_id, o.numerator, o.denominator,
        case $dimension
            when 'programme' then 'all'
            when 'partner' then o.partner_id
            else case when o.partner_id is not null then
                coalesce(
                    case $dimension
                        when 'tier' then v.tier
                        when 'partner_type' then v.partner_type
                        when 'region' then v.region
                    end,
                    'unknown'
                )
            end
        end as member
    from kpi_observations as o
    left join partner_versions as v
        on v.partner_id = o.partner_id
        and v.valid_from <= o.observed_on
        and (v.valid_to is null or o.observed_on < v.valid_to)
    where o.kpi_id = $kpi_id and o.observed_on between $first_day and $last_day
)
"""

# Two partners of one tier that influenced one deal are two observations but one piece of evidence.
# A numerator that does not count is left out, so that plain column sums lead back to the value.
_ONCE: Final = """
, once as (
    select
        observed_on, entity_type, entity_id,
        coalesce(
            list_sort(list_distinct(list(partner_id) filter (partner_id is not null))),
            []::varchar[]
        ) as partner_ids,
        any_value(numerator) as numerator,
        any_value(denominator) as denominator,
        {counts_for} as counts_for
    from observed
    where {condition}
    group by observed_on, entity_type, entity_id{per_partner}
)
select
    observed_on, entity_type, entity_id, partner_ids,
    case when counts_for <> 'denominator' then numerator end as numerator,
    denominator, counts_for
from once
order by counts_for = 'denominator', observed_on, entity_type, entity_id, partner_ids
"""


def evidence_sql(kind: str) -> str:
    """The query for one KPI kind; every parameter is bound by name.

    Parameters: kpi_id, dimension, member, first_day, last_day.
    Columns: EVIDENCE_COLUMNS. `counts_for` says what a row adds: its numerator, its denominator or
    both; only a share has rows that add a denominator alone (the rest of the programme).
    """
    mine = "member = $member"
    if kind == "share":
        counts_for = (
            f"case when coalesce(bool_or({mine}), false) then 'both' else 'denominator' end"
        )
        return _OBSERVED + _ONCE.format(counts_for=counts_for, condition="true", per_partner="")
    if kind == "top3":
        return _OBSERVED + _ONCE.format(
            counts_for="'numerator'",
            condition=f"{mine} and partner_id is not null",
            per_partner=", partner_id",
        )
    counts_for = "'both'" if kind == "ratio" else "'numerator'"
    return _OBSERVED + _ONCE.format(counts_for=counts_for, condition=mine, per_partner="")


@dataclass(frozen=True)
class Resummed:
    """What evidence rows add up to, in the shape of kpi_values."""

    numerator: Decimal | None
    denominator: Decimal | None
    value: float | None


def resum(kind: str, rows: pl.DataFrame, value_factor: int = 1) -> Resummed:
    """Recompute a value from its evidence (columns: EVIDENCE_COLUMNS), in exact decimals.

    The value is a fraction for ratio (times value_factor), share and top3 (0.25 for 25 %) and in
    the observations' own unit otherwise. It is None where nothing was observed or the
    denominator is 0.
    Raises ValueError for an unknown kind.
    """
    with localcontext() as context:
        context.prec = 50  # DECIMAL(38,9) sums must not be rounded on the way
        match kind:
            case "total":
                return _plain(_add(rows, "numerator"))
            case "distinct":
                things = rows.select("entity_type", "entity_id").unique().height
                return _plain(Decimal(things))
            case "ratio" | "share":
                return _divided(_add(rows, "numerator"), _add(rows, "denominator"), value_factor)
            case "median":
                return _median([v for v in rows["numerator"].to_list() if v is not None])
            case "top3":
                return _top3(rows)
    raise ValueError(f"'{kind}' is no kind of KPI that can be summed again.")


def _add(rows: pl.DataFrame, column: str) -> Decimal:
    counted = rows.filter(pl.col("counts_for").is_in([column, "both"]))
    return sum((v for v in counted[column].to_list() if v is not None), Decimal(0))


def _plain(value: Decimal) -> Resummed:
    return Resummed(value, None, float(value))


def _divided(numerator: Decimal, denominator: Decimal, factor: int = 1) -> Resummed:
    value = float(numerator * factor) / float(denominator) if denominator else None
    return Resummed(numerator, denominator, value)


def _median(values: list[Decimal]) -> Resummed:
    """Interpolated, as SQL percentile_cont(0.5).

    Half of an odd sum has ten places: the value keeps them, the numerator has nine in kpi_values.
    """
    if not values:
        return Resummed(None, None, None)
    ordered = sorted(values)
    middle = len(ordered) // 2
    exact = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return Resummed(exact.quantize(_NINE_PLACES, ROUND_HALF_UP), None, float(exact))


def _top3(rows: pl.DataFrame) -> Resummed:
    by_partner: dict[str, Decimal] = defaultdict(Decimal)
    for partner_ids, numerator in rows.select("partner_ids", "numerator").iter_rows():
        by_partner[partner_ids[0]] += numerator or Decimal(0)
    largest = sorted(by_partner.values(), reverse=True)[:3]
    return _divided(sum(largest, Decimal(0)), sum(by_partner.values(), Decimal(0)))


def evidence_parameters(
    kpi_id: str, dimension: str, member: str, first_day: date, last_day: date
) -> dict[str, Any]:
    """The bound parameters of `evidence_sql`; an unknown dimension raises ValueError."""
    if dimension not in DIMENSIONS:
        raise ValueError(f"'{dimension}' is no dimension; choose one of {', '.join(DIMENSIONS)}.")
    return {
        "kpi_id": kpi_id,
        "dimension": dimension,
        "member": member,
        "first_day": first_day,
        "last_day": last_day,
    }
