"""Answers for documents about many partners: whole tables, read once.

Belongs here: what a deck of every partner reads, in a few queries, with the columns it counts on.
Does not belong here: choosing a partner's rows, or words (reports).

A kept snapshot of an older version lacks some of these tables and columns: a table counts as
without rows, a column as null.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from partner_kpis.serving.snapshot import Snapshot

_MONEY: Final = pl.Decimal(28, 9)
_RATE: Final = pl.Decimal(10, 9)

COLUMNS: Final[dict[str, dict[str, pl.DataType | type[pl.DataType]]]] = {
    "qbr_actions": {
        "action_id": pl.String, "partner_id": pl.String, "quarter": pl.String, "side": pl.String,
        "text": pl.String, "owner": pl.String, "due_on": pl.Date, "done_on": pl.Date,
        "status": pl.String,
    },
    "pipeline_moves": {
        "partner_id": pl.String, "period_start": pl.Date, "position": pl.Int64, "move": pl.String,
        "opportunities": pl.Int64, "amount": _MONEY,
    },
    "opportunities": {
        "opportunity_id": pl.String, "account_id": pl.String, "name": pl.String,
        "stage": pl.String, "amount": _MONEY, "currency": pl.String, "amount_reporting": _MONEY,
        "created_on": pl.Date, "is_open": pl.Boolean, "close_on": pl.Date,
        "stage_since_on": pl.Date, "is_confidential": pl.Boolean,
    },
    "certificates": {
        "partner_id": pl.String, "person_key": pl.String, "certification": pl.String,
        "track": pl.String, "issued_on": pl.Date, "expires_on": pl.Date,
    },
    "mdf_claims": {
        "claim_id": pl.String, "partner_id": pl.String, "campaign_id": pl.String,
        "status": pl.String, "requested": _MONEY, "approved": _MONEY, "paid": _MONEY,
        "submitted_on": pl.Date, "decided_on": pl.Date,
    },
    "referrals": {
        "referral_id": pl.String, "partner_id": pl.String, "direction": pl.String,
        "status": pl.String, "submitted_on": pl.Date, "first_response_hours": pl.Float64,
        "decided_on": pl.Date, "revenue_reporting": _MONEY,
    },
    "commission_lines": {
        "partner_id": pl.String, "referral_id": pl.String, "decided_on": pl.Date,
        "quarter": pl.String, "rank_of_year": pl.Int64, "rate": _RATE, "base_reporting": _MONEY,
        "commission_reporting": _MONEY,
    },
    "health_components": {
        "partner_id": pl.String, "period_start": pl.Date, "component": pl.String,
        "measure": pl.Float64, "score": _MONEY, "contribution": _MONEY, "policy_weight": _MONEY,
    },
    "health_moves": {
        "partner_id": pl.String, "period_start": pl.Date, "component": pl.String,
        "next_band": pl.String, "points_missing": _MONEY, "quantity": pl.Float64,
        "needed": pl.Float64, "best": pl.Float64, "unit": pl.String, "is_reachable": pl.Boolean,
        "rank": pl.Int64,
    },
}  # fmt: skip
"""Table → the columns that documents read, with their types."""


def rows_of(snapshot: Snapshot, table: str) -> pl.DataFrame:
    """The table with exactly the columns of COLUMNS; raises KeyError for any other table."""
    wanted = COLUMNS[table]
    there = snapshot._ask(
        "select column_name from duckdb_columns() where table_name = $name", name=table
    )["column_name"].to_list()
    if not there:
        return pl.DataFrame(schema=wanted)
    return snapshot._ask(f"from {table}").select(
        pl.col(name).cast(kind) if name in there else pl.lit(None, dtype=kind).alias(name)
        for name, kind in wanted.items()
    )


def judged_values(snapshot: Snapshot) -> pl.DataFrame:
    """Every month and quarter of the partners and of the programme, with its judgement.

    Columns: kpi_id, dimension, member, period_type, period_start, is_complete, numerator,
    denominator, value, sample_size, reason, previous_value, year_ago_value, target, corridor_low,
    corridor_high (doubles), status, trend; by period_start. Percentages are fractions.
    """
    return snapshot._ask(
        """
        select
            v.kpi_id, v.dimension, v.member, v.period_type, v.period_start, v.is_complete,
            v.numerator, v.denominator, v.value, v.sample_size, v.reason,
            s.previous_value, s.year_ago_value, s.target::double as target,
            s.corridor_low::double as corridor_low, s.corridor_high::double as corridor_high,
            s.status, s.trend
        from kpi_values as v
        left join kpi_scorecard as s using (kpi_id, dimension, member, period_type, period_start)
        where v.dimension in ('partner', 'programme') and v.period_type in ('month', 'quarter')
        order by v.dimension, v.member, v.kpi_id, v.period_type, v.period_start
        """
    )


def influences(snapshot: Snapshot) -> pl.DataFrame:
    """Each partner's open opportunities that it influences, the largest first.

    Columns: partner_id, role (null without one), evidence (list, sorted), is_sourcing, and those
    of COLUMNS["opportunities"].
    """
    touches = snapshot._ask(
        """
        select
            opportunity_id, partner_id, min(role) as role,
            list_sort(list_distinct(list(evidence))) as evidence,
            bool_or(is_sourcing) as is_sourcing
        from partner_touches
        where is_valid and partner_id is not null
        group by opportunity_id, partner_id
        """
    )
    deals = rows_of(snapshot, "opportunities").filter(pl.col("is_open"))
    return touches.join(deals, on="opportunity_id").sort(
        "partner_id",
        pl.col("amount_reporting").fill_null(-1),
        "opportunity_id",
        descending=[False, True, False],
    )


def quarantined(snapshot: Snapshot) -> pl.DataFrame:
    """How many rows of each export lie in quarantine: columns source, entity, rows."""
    return snapshot._ask(
        """
        select source, entity, count(distinct (file_name, row_number)) as rows
        from quarantined_rows group by source, entity order by source, entity
        """
    )
