"""Answers that lay members side by side: partners, segments, the parts of a partner's health.

Belongs here: queries over several members at once, narrowed inside DuckDB to what a page shows.
Does not belong here: the answers for one member (snapshot.py), caching, or anything drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from partner_kpis.serving.definitions import KpiDefinition
from partner_kpis.serving.periods import last_complete_start, period_end, previous_start
from partner_kpis.serving.snapshot import Snapshot

SEGMENTS: Final[tuple[str, ...]] = ("tier", "partner_type", "region")
"""The dimensions whose members are groups of partners."""

MIN_GROUP: Final = 5
"""Partners a group must have before it is ranked: smaller ones would name single partners."""


@dataclass(frozen=True)
class PartnerFilter:
    """Which partners are meant, as they are now; None leaves a column alone."""

    tier: str | None = None
    partner_type: str | None = None
    region: str | None = None
    manager: str | None = None


_CHOSEN: Final = """
    select partner_id from partners
    where ($tier is null or coalesce(tier, 'unknown') = $tier)
        and ($partner_type is null or coalesce(partner_type, 'unknown') = $partner_type)
        and ($region is null or coalesce(region, 'unknown') = $region)
        and ($manager is null or partner_manager = $manager)
"""


def partners(snapshot: Snapshot, only: PartnerFilter) -> pl.DataFrame:
    """The partners of a filter by name (columns: serving contract partners)."""
    return snapshot._ask(
        f"from partners where partner_id in ({_CHOSEN}) order by lower(name), partner_id",
        **asdict(only),
    )


def managers(snapshot: Snapshot) -> list[str]:
    """The partner managers by name."""
    return snapshot._ask(
        "select distinct partner_manager from partners where partner_manager is not null "
        "order by lower(partner_manager)"
    )["partner_manager"].to_list()


def across_partners(
    snapshot: Snapshot, kpis: Sequence[KpiDefinition], only: PartnerFilter
) -> pl.DataFrame:
    """Each KPI at its last complete period for every partner of a filter.

    Columns: kpi_id, partner_id, period_type, period_start, value, numerator, sample_size, reason,
    status, target, previous_value, previous_status. A partner without a row for a KPI is not in
    the answer. Percentages are fractions.
    """
    as_of = snapshot.info()["as_of"]
    starts = [last_complete_start(kpi.rhythm, as_of) for kpi in kpis]
    return snapshot._ask(
        f"""
        with wanted as (
            select
                unnest($kpi_ids::varchar[]) as kpi_id, unnest($rhythms::varchar[]) as period_type,
                unnest($starts::date[]) as period_start, unnest($befores::date[]) as before_start
        ),
        judged as (
            select s.kpi_id, s.member, s.period_start, s.status, s.target, s.previous_value
            from kpi_scorecard as s
            join wanted as w on s.kpi_id = w.kpi_id and s.period_type = w.period_type
                and s.period_start in (w.period_start, w.before_start)
            where s.dimension = 'partner'
        )
        select
            v.kpi_id, v.member as partner_id, v.period_type, v.period_start, v.value, v.numerator,
            v.sample_size, v.reason, s.status, s.target, s.previous_value,
            before.status as previous_status
        from kpi_values as v
        join wanted as w using (kpi_id, period_type, period_start)
        left join judged as s
            on s.kpi_id = v.kpi_id and s.member = v.member and s.period_start = w.period_start
        left join judged as before
            on before.kpi_id = v.kpi_id and before.member = v.member
            and before.period_start = w.before_start
        where v.dimension = 'partner' and v.member in ({_CHOSEN})
        order by v.kpi_id, v.member
        """,
        kpi_ids=[kpi.kpi_id for kpi in kpis],
        rhythms=[kpi.rhythm for kpi in kpis],
        starts=starts,
        befores=[previous_start(k.rhythm, s) for k, s in zip(kpis, starts, strict=True)],
        **asdict(only),
    )


def segments(snapshot: Snapshot, kpi_id: str, period_type: str, start: date) -> pl.DataFrame:
    """The groups of partners beside each other in one period of a KPI.

    Columns: dimension, member, value, sample_size, status, partners (how many partners of the
    group have a value of their own in the period, each in the group of the period's last day).
    """
    last_day = min(period_end(period_type, start) - timedelta(days=1), snapshot.info()["as_of"])
    return snapshot._ask(
        """
        with measured as (
            select
                coalesce(p.tier, 'unknown') as tier,
                coalesce(p.partner_type, 'unknown') as partner_type,
                coalesce(p.region, 'unknown') as region
            from kpi_values as v
            left join partner_versions as p
                on p.partner_id = v.member and p.valid_from <= $last_day
                and (p.valid_to is null or $last_day < p.valid_to)
            where v.kpi_id = $kpi_id and v.dimension = 'partner' and v.period_type = $period_type
                and v.period_start = $start and v.value is not null
        ),
        groups as (
            select dimension, member, count(*) as partners
            from measured unpivot (member for dimension in (tier, partner_type, region))
            group by all
        )
        select
            v.dimension, v.member, v.value, v.sample_size, s.status,
            coalesce(g.partners, 0)::bigint as partners
        from kpi_values as v
        left join kpi_scorecard as s
            using (kpi_id, dimension, member, period_type, period_start)
        left join groups as g on g.dimension = v.dimension and g.member = v.member
        where v.kpi_id = $kpi_id and v.period_type = $period_type and v.period_start = $start
            and v.dimension in ('tier', 'partner_type', 'region')
        order by v.dimension, v.member
        """,
        kpi_id=kpi_id,
        period_type=period_type,
        start=start,
        last_day=last_day,
    )


def health(snapshot: Snapshot, partner_id: str) -> pl.DataFrame:
    """A partner's health parts in its newest complete month and the one before.

    Columns: period_start, component, measure, score, weight, contribution, policy_weight (as
    doubles); the newest month first, the largest contribution first. Empty for a partner that was
    not under contract; contributions are null where too little was measured for a score.
    """
    newest = last_complete_start("month", snapshot.info()["as_of"])
    return snapshot._ask(
        """
        select
            period_start, component, measure, score::double as score, weight::double as weight,
            contribution::double as contribution, policy_weight::double as policy_weight
        from health_components
        where partner_id = $partner_id and period_start in ($newest, $before)
        order by period_start desc, contribution desc nulls last, component
        """,
        partner_id=partner_id,
        newest=newest,
        before=previous_start("month", newest),
    )
