"""What alerts look at: complete periods in bulk, and what moved a value.

Belongs here: questions for many KPIs or members at once. Does not belong here: judging the answers
(alerts).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from partner_kpis.serving.snapshot import Snapshot


def complete_periods(snapshot: Snapshot, questions: Sequence[tuple[str, str, str]]) -> pl.DataFrame:
    """Every complete period of every member, for (kpi_id, dimension, period_type) questions; none
    of partners that have ended.

    Columns: kpi_id, dimension, period_type, member, period_start, period_end (exclusive),
    numerator, denominator, value, sample_size, previous_value, year_ago_value, target,
    corridor_low, corridor_high; all numbers but sample_size as DOUBLE. Ordered by period_start.
    """
    return snapshot._ask(
        """
        with asked as (
            select
                unnest($kpis::varchar[]) as kpi_id,
                unnest($dimensions::varchar[]) as dimension,
                unnest($period_types::varchar[]) as period_type
        )
        select
            v.kpi_id, v.dimension, v.period_type, v.member, v.period_start, v.period_end,
            v.numerator::double as numerator, v.denominator::double as denominator, v.value,
            v.sample_size, s.previous_value::double as previous_value,
            s.year_ago_value::double as year_ago_value, s.target::double as target,
            s.corridor_low::double as corridor_low, s.corridor_high::double as corridor_high
        from kpi_values as v
        inner join asked using (kpi_id, dimension, period_type)
        left join kpi_scorecard as s using (kpi_id, dimension, member, period_type, period_start)
        where v.is_complete
            and not (
                v.dimension = 'partner'
                and v.member in (select partner_id from partners where status = 'ended')
            )
        order by v.period_start
        """,
        kpis=[kpi for kpi, _, _ in questions],
        dimensions=[dimension for _, dimension, _ in questions],
        period_types=[period for _, _, period in questions],
    )
