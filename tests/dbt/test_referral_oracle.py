"""Worked numbers of referrals and commissions: what the plain-Python calculation must get right.

Belongs here: small cases that a person has calculated. Does not belong here: dbt.
"""

from __future__ import annotations

import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from test_oracle import PARTNER, headlines, value_in_june

from partner_kpis.commission_policy import Commission

Row = dict[str, Any]


def won(count: int) -> list[Row]:
    """Referrals of 10,000 each, won one after another in May and June."""
    return [
        {
            "referral_id": f"F{number:02}",
            "partner_id": "A",
            "direction": "received",
            "submitted_at": datetime(2026, 4, 1),
            "first_response_at": None,
            "status": "won",
            "decided_at": datetime(2026, 5 + number // 20, 1 + number % 20),
            "opportunity_id": None,
            "revenue": Decimal(10_000),
            "currency": "EUR",
        }
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("count", "earned"), [(3, 3_000), (4, 4_500), (10, 13_500), (11, 15_500), (12, 17_500)]
)
def test_marginal_commission_pays_each_referral_by_its_own_rank(count: int, earned: int) -> None:
    oracle = headlines({"prm/partner": [PARTNER], "prm/referral": won(count)})
    found = value_in_june(oracle, "commission_earned", "total", "quarter")
    assert found == {"all": earned, "A": earned}


def test_retroactive_commission_pays_twelve_referrals_by_the_twelfth() -> None:
    rows = {"prm/partner": [PARTNER], "prm/referral": won(12)}
    oracle = headlines(rows, commission=(Commission(mode="retroactive"),))
    found = value_in_june(oracle, "commission_earned", "total", "quarter")
    assert found == {"all": 24_000, "A": 24_000}


def test_twelve_sent_and_two_received_are_out_of_balance() -> None:
    rows = won(14)
    for row in rows[2:]:
        row["direction"] = "sent"
    oracle = headlines({"prm/partner": [PARTNER], "prm/referral": rows})
    found = value_in_june(oracle, "reciprocity_balance", "ratio", "quarter")
    assert {member: round(value, 4) for member, value in found.items()} == {
        "all": 0.7143, "A": 0.7143
    }  # fmt: skip
