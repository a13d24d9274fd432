"""A home's Salesforce exports as HubSpot would write them, and the values that this changes.

Belongs here: comparing homes. Does not belong here: the translation (partner_kpis/demo/hubspot.py),
or what must come out (test_hubspot.py, test_two_crms.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date

import polars as pl
from helpers import values

from partner_kpis.demo import hubspot
from partner_kpis.demo.hubspot import ID, WITHOUT, number
from partner_kpis.home import DataHome

__all__ = ["ID", "WITHOUT", "differing_values", "number", "rewrite", "rows_of"]


def rewrite(source: DataHome, target: DataHome) -> None:
    shutil.copytree(source.config, target.config, dirs_exist_ok=True)
    hubspot.rewrite(source.landing, target.landing)


def rows_of(home: DataHome, entity: str) -> Iterator[tuple[str, dict[str, str]]]:
    return hubspot.rows_of(home.landing, entity)


def differing_values(salesforce: DataHome, other: DataHome) -> pl.DataFrame:
    """Rows of kpi_values that differ between a home of Salesforce and one with HubSpot."""
    keys = ["kpi_id", "dimension", "member", "period_type", "period_start"]
    compared = values(salesforce).join(
        values(other), on=keys, how="full", coalesce=True, suffix="_other"
    )
    differing = compared.filter(
        pl.any_horizontal(
            ~pl.col(column).eq_missing(pl.col(f"{column}_other"))
            for column in ("value", "numerator", "denominator", "sample_size", "reason")
        )
    )
    # Salesforce dates its roles and covers the time since the first; HubSpot's cover any time.
    first_role = min(row["CreatedDate"] for _, row in rows_of(salesforce, "opportunity_partner"))
    before_roles = (pl.col("kpi_id") == "co_sell_rate") & (
        pl.col("period_start") < date.fromisoformat(first_role[:10])
    )
    unknown_or_0 = pl.col("value").is_null() & (pl.col("value_other") == 0)
    return differing.filter(~(before_roles & unknown_or_0))
