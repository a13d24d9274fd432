"""Answers about the way to a goal: what would lift a score, how long things take, objectives.

Belongs here: queries over health_moves, time_to_event and objectives, narrowed inside DuckDB to
what a page shows. Does not belong here: caching, or anything drawn.

A kept snapshot of an older version has none of these tables; each answer is then empty.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import polars as pl

from partner_kpis.serving.snapshot import Snapshot

ALL: Final = "all"
"""The cohort of everything that ever started."""

COHORTS: Final = 4
"""How many of the newest start cohorts are laid beside all."""


def health_moves(snapshot: Snapshot, partner_id: str, month: date) -> pl.DataFrame:
    """What would lift a partner's score of a month into the next band, the smallest change first.

    Columns: component, next_band, points_missing (a double), quantity, needed, best, unit,
    is_reachable, effort, rank. What is out of reach comes last. Percentages are fractions. Empty
    for a partner in the best band and for one without a score.
    """
    return _ask(
        snapshot,
        "health_moves",
        """
        select
            component, next_band, points_missing::double as points_missing, quantity, needed, best,
            unit, is_reachable, effort, rank
        from health_moves
        where partner_id = $partner_id and period_start = $month
        order by rank nulls last, component
        """,
        partner_id=partner_id,
        month=month,
    )


def waits(snapshot: Snapshot, kpi_id: str, dimension: str, member: str) -> pl.DataFrame:
    """How long things really take: all starts, then the newest cohorts, the newest first.

    Columns: cohort (`all` or such as 2026Q3), day, started, at_risk, finished, finished_share
    (0 to 1; null beyond what is observed), median_days (null where half have not finished). Empty
    for a KPI of which nothing waits.
    """
    return _ask(
        snapshot,
        "time_to_event",
        """
        with mine as (
            select cohort, day, started, at_risk, finished, finished_share, median_days
            from time_to_event
            where kpi_id = $kpi_id and dimension = $dimension and member = $member
        ),
        newest as (
            select distinct cohort from mine where cohort <> 'all' order by cohort desc limit $count
        )
        from mine
        where cohort = 'all' or cohort in (from newest)
        order by cohort = 'all' desc, cohort desc, day
        """,
        kpi_id=kpi_id,
        dimension=dimension,
        member=member,
        count=COHORTS,
    )


def key_results(snapshot: Snapshot) -> pl.DataFrame:
    """The objectives' key results for the programme and for groups of partners.

    Columns: objective, kpi_id, dimension, member, period_type, period_start, baseline, target,
    value, sample_size, progress (0 to 1; null when unknown), status; the programme first.
    """
    return _ask(
        snapshot,
        "objectives",
        """
        select
            o.objective, o.kpi_id, o.dimension, o.member, o.period_type, o.period_start,
            o.baseline::double as baseline, o.target::double as target, o.value, v.sample_size,
            o.progress, o.status
        from objectives as o
        left join kpi_values as v
            using (kpi_id, dimension, member, period_type, period_start)
        where o.dimension <> 'partner'
        order by o.objective, o.dimension <> 'programme', o.kpi_id, o.dimension, o.member
        """,
    )


def partner_results(snapshot: Snapshot) -> pl.DataFrame:
    """The key results of single partners, counted: one row per objective, KPI and status.

    Columns: objective, kpi_id, status, partners, known (partners with a progress), progress
    (their mean).
    """
    return _ask(
        snapshot,
        "objectives",
        """
        select
            objective, kpi_id, status, count(*) as partners, count(progress) as known,
            avg(progress) as progress
        from objectives
        where dimension = 'partner'
        group by objective, kpi_id, status
        order by objective, kpi_id, status
        """,
    )


def _ask(snapshot: Snapshot, table: str, sql: str, **parameters: Any) -> pl.DataFrame:
    """The answer; a frame without columns where the snapshot knows no such table."""
    there = snapshot._ask("select 1 from duckdb_tables() where table_name = $name", name=table)
    return pl.DataFrame() if there.is_empty() else snapshot._ask(sql, **parameters)
