"""KPIs of referrals in plain Python: how many, how fast, with what result.

Belongs here: what is observed of a referral. Does not belong here: what a partner earns by it (see
commission_oracle.py), or touches by referrals (see oracle.py).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from plain_rows import Observation

if TYPE_CHECKING:
    from oracle import Oracle
    from plain_rows import Row


def referrals(oracle: Oracle) -> list[Observation]:
    """Every KPI of referrals but commissions."""
    found = []
    for row in oracle.latest("prm/referral", "referral_id"):
        found += _submitted(oracle, row)
    return [observation for observation in found if observation.observed_on <= oracle.as_of]


def _submitted(oracle: Oracle, row: Row) -> list[Observation]:
    on = oracle.local(row["submitted_at"])
    name = {"received": "referrals_received", "sent": "referrals_sent"}[row["direction"]]
    return [_observed(oracle, name, on, row, Decimal(1))]


def _observed(oracle: Oracle, kpi_id: str, on: date, row: Row, numerator: Decimal) -> Observation:
    partner, entity = oracle.registered(row["partner_id"]), row["referral_id"]
    return Observation(kpi_id, on, partner, "referral", entity, numerator, Decimal(1))
