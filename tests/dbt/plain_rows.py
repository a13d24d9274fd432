"""What every plain-Python calculation of KPIs starts from: rows, versions, exact rounding.

Belongs here: small things without any KPI in them. Does not belong here: definitions.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Observation:
    """One row of kpi_observations."""

    kpi_id: str
    observed_on: date
    partner_id: str | None
    entity_type: str
    entity_id: str
    numerator: Decimal
    denominator: Decimal


@dataclass(frozen=True)
class Touch:
    """One row of the ledger of touches; without a partner when it is not registered."""

    opportunity_id: str | None
    partner_id: str | None
    evidence: str
    at: datetime
    role: str | None = None


def half_up(value: Fraction, places: int) -> Decimal:
    """Rounded half away from zero to that many places."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def version(row: Row) -> tuple[Any, ...]:
    """Greater is newer."""
    if row["_modified_at"] is not None:
        return (2, row["_modified_at"], row["_row_sha"])
    if row["_export_date"] is not None:
        return (1, row["_export_date"], row["_row_sha"])
    return (0, row["_landed_seq"], row["_row_sha"])


def components(row: Row) -> set[str]:
    return {name.strip() for name in json.loads(row["components"] or "[]")}
