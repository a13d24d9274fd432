"""What is unusual of a series against its own past.

Belongs here: what was to be expected of each period, from what was before it. Does not belong here:
whether it is bad enough to tell (kpi_readings.py).
"""

from __future__ import annotations

import polars as pl

from partner_kpis.alerts.rules import Anomaly

_MEMBER = ["dimension", "member"]


def with_expected(rows: pl.DataFrame, anomaly: Anomaly, period_type: str) -> pl.DataFrame:
    """The rows with what was expected of them and whether they are unusual.

    rows: dimension, member, period_start, value. Adds expected DOUBLE and is_unusual BOOLEAN, both
    null where nothing can be said.
    """
    return rows.with_columns(
        expected=pl.lit(None, dtype=pl.Float64), is_unusual=pl.lit(None, dtype=pl.Boolean)
    )
