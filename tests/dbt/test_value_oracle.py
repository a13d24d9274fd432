"""Worked numbers of value KPIs: small cases that a person has calculated, for the plain Python.

Belongs here: revenue, its concentration, costs, first deals. Does not belong here: dbt.
"""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from headline_oracle import Headlines
from plain_rows import Row
from test_oracle import OPPORTUNITY, PARTNER, headlines, value_in_june

WON = {**OPPORTUNITY, "stage_name": "Won", "is_closed": True, "is_won": True, "type": None}


def partner(name: str, **more: object) -> Row:
    return {**PARTNER, "partner_id": name, "crm_account_id": f"ACC-{name}", **more}


def won(name: str, amount: int, on: date = date(2026, 6, 15), **more: object) -> Row:
    return {**WON, "id": name, "account_id": name, "amount": Decimal(amount), "close_date": on,
            "created_date": datetime(2026, 3, 1), **more}  # fmt: skip


def role(opportunity: str, of: str) -> Row:
    return {"id": f"{opportunity}{of}", "opportunity_id": opportunity, "role": None,
            "account_to_id": f"ACC-{of}", "created_date": datetime(2026, 3, 1)}  # fmt: skip


def deals(partners: list[Row], wins: list[Row], roles: list[Row], **more: list[Row]) -> Headlines:
    return headlines(
        {
            "prm/partner": partners,
            "salesforce/opportunity": wins,
            "salesforce/opportunity_partner": roles,
            **{name.replace("__", "/"): rows for name, rows in more.items()},
        }
    )


def test_a_deal_of_two_partners_is_100_for_each_and_100_for_the_programme() -> None:
    both = [partner("A"), partner("B")]
    oracle = deals(both, [won("O", 100)], [role("O", "A"), role("O", "B")])
    found = value_in_june(oracle, "average_deal_size", "ratio")
    assert found == {"all": 100.0, "A": 100.0, "B": 100.0}
    share = value_in_june(oracle, "partner_revenue_share", "share")
    assert share == {"all": 1.0, "A": 1.0, "B": 1.0}


def test_100_dollars_won_at_a_rate_of_0_90_are_90_euros_for_ever() -> None:
    rates = [
        {"rate_date": day, "currency": "USD", "rate": Decimal(1) / Decimal(euros)}
        for day, euros in ((date(2026, 6, 15), "0.90"), (date(2026, 6, 30), "0.95"))
    ]
    oracle = deals(
        [partner("A")],
        [won("O", 100, currency_iso_code="USD")],
        [role("O", "A")],
        finance__ecb_rate=rates,
    )
    found = value_in_june(oracle, "average_deal_size", "ratio")
    assert found["all"] == 90.0


def test_revenue_of_600_000_for_costs_of_120_000_is_5() -> None:
    costs = [
        {"month": date(2026, 5, 1), "category": name, "amount": Decimal(k * 1000), "currency": None}
        for name, k in (("management", 60), ("marketing", 35), ("systems", 15), ("commissions", 10))
    ]
    oracle = deals([partner("A")], [won("O", 600_000)], [role("O", "A")], prm__programme_cost=costs)
    found = value_in_june(oracle, "programme_roi", "ratio", "quarter")
    assert found["all"] == 5.0


def test_the_three_largest_of_seven_partners_make_70_percent() -> None:
    shares = {"A": 40, "B": 20, "C": 10, "D": 10, "E": 10, "F": 5, "G": 5}
    oracle = deals(
        [partner(name) for name in shares],
        [won(f"O{name}", amount) for name, amount in shares.items()],
        [role(f"O{name}", name) for name in shares],
    )
    found = value_in_june(oracle, "revenue_concentration_top3", "top3", "quarter")
    assert found["all"] == 0.7


@pytest.mark.parametrize(("days", "share"), [(60, 0.375), (90, 0.5)])
def test_partners_too_young_are_not_judged(days: int, share: float) -> None:
    """Ten partners, two of them 40 days old; three of the eight others had revenue by day 60, a
    fourth by day 90."""
    due = date(2026, 6, 20)
    old, young = due - timedelta(days=days), date(2026, 6, 30) - timedelta(days=40)
    partners = [partner(f"P{n}", contract_start=old if n < 8 else young) for n in range(10)]
    lengths = (1, 30, 60, 90, 91)
    wins = [won(f"O{n}", 1, old + timedelta(days=length)) for n, length in enumerate(lengths)]
    oracle = deals(partners, wins, [role(f"O{n}", f"P{n}") for n in range(5)])
    found = value_in_june(oracle, f"first_revenue_within_{days}_days", "ratio")
    assert found["all"] == share
