"""Worked numbers with known answers: what the plain-Python calculation itself must get right.

Belongs here: small cases that a person has calculated. Does not belong here: dbt.
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import warehouse
from headline_oracle import Headlines
from oracle_rollup import Rollup
from random_worlds import HEALTH, health_policies

Row = dict[str, Any]
NUMBERS = iter(range(10_000))
PARTNER = {
    "partner_id": "A",
    "utm_source": None,
    "crm_account_id": "ACC-A",
    "contract_start": date(2025, 1, 1),
    "ended_on": None,
    "required_certified_people": 2,
    "tier": "active",
}
OPPORTUNITY = {
    "id": "O1",
    "stage_name": "Open",
    "amount": Decimal(100_000),
    "currency_iso_code": None,
    "close_date": date(2026, 12, 1),
    "created_date": datetime(2026, 5, 1),
    "is_closed": False,
    "is_won": False,
}


def landed(*rows: Row) -> list[Row]:
    return [
        {
            "_loaded_at": datetime(2026, 7, 1),
            "_modified_at": None,
            "_export_date": None,
            "_landed_seq": next(NUMBERS),
            "_row_sha": "",
            **row,
        }
        for row in rows
    ]


def headlines(
    rows: dict[str, list[Row]], policies: list[Row] = HEALTH, **changes: Any
) -> Headlines:
    coverage = {"health_min_coverage": Decimal("0.6")}
    settings = {**warehouse.SETTINGS, **coverage, "reporting_timezone": "UTC", **changes}
    return Headlines({name: landed(*found) for name, found in rows.items()}, settings, policies)


def value_in_june(
    oracle: Headlines, kpi_id: str, kind: str, period: str = "month", **more: Any
) -> Any:
    balance = more.pop("is_balance", False)
    kpi = {"kpi_id": kpi_id, "kind": kind, "rhythm": period, "is_balance": balance, **more}
    rows = [row for row in oracle.observations if row.kpi_id == kpi_id]
    definition = {**kpi, "dimensions": ["programme", "partner"]}
    rollup = Rollup(
        definition,
        rows,
        oracle.as_of,
        lambda row, dimension: "all" if dimension == "programme" else row.partner_id,
        lambda start, running: True,
    )
    start = date(2026, 4, 1) if period == "quarter" else date(2026, 6, 1)
    return {
        key[1]: value.value for key, value in rollup.values().items() if key[2:] == (period, start)
    }


def test_five_promoters_three_passives_and_two_detractors_are_plus_30() -> None:
    scores = [9, 10, 9, 10, 9, 7, 8, 7, 0, 6]
    answers = [
        {
            "response_id": f"S{number}",
            "survey": "integration_nps",
            "partner_id": "A",
            "integration_id": "I1",
            "respondent_hash": f"h{number}",
            "score": Decimal(score),
            "responded_at": datetime(2026, 6, 2),
        }
        for number, score in enumerate(scores)
    ]
    oracle = headlines({"prm/partner": [PARTNER], "survey/response": answers})
    found = value_in_june(oracle, "nps_integration", "ratio", "quarter", value_factor=100)
    assert found == {"all": 30.0, "A": 30.0}


def test_two_overlapping_outages_of_a_month_are_60_minutes_down() -> None:
    def incident(name: str, impact: str, begin: datetime, end: datetime) -> Row:
        moments = {"created_at": begin, "started_at": begin, "resolved_at": end}
        return {"id": name, "page_id": None, "components": '["API"]', "impact": impact, **moments}

    first = incident("i0", "none", datetime(2026, 6, 1), datetime(2026, 6, 1, 1))
    one = incident("i1", "major", datetime(2026, 6, 9, 10), datetime(2026, 6, 9, 10, 30))
    two = incident("i2", "minor", datetime(2026, 6, 9, 10, 20), datetime(2026, 6, 9, 11))
    integration = {
        "integration_id": "I1",
        "partner_id": "A",
        "component": "API",
        "status_page": None,
        "released_on": None,
    }
    oracle = headlines(
        {
            "prm/partner": [PARTNER],
            "registry/integration": [integration],
            "sla/statuspage_incident": [first, one, two],
        }
    )
    found = value_in_june(oracle, "integration_uptime", "ratio")
    assert round(found["A"] * 100, 4) == 99.8611


def test_an_opportunity_that_two_partners_touched_counts_for_each_and_once_for_the_programme() -> (
    None
):
    other = {**PARTNER, "partner_id": "B", "crm_account_id": "ACC-B"}
    touches = [
        {
            "id": f"T{name}",
            "opportunity_id": "O1",
            "account_to_id": f"ACC-{name}",
            "created_date": datetime(2026, 5, 2),
        }
        for name in "AB"
    ]
    oracle = headlines(
        {
            "prm/partner": [PARTNER, other],
            "salesforce/opportunity": [OPPORTUNITY],
            "salesforce/opportunity_partner": touches,
        }
    )
    found = value_in_june(oracle, "partner_influenced_pipeline", "share", is_balance=True)
    assert found == {"all": 1.0, "A": 1.0, "B": 1.0}


def scored(min_coverage: str) -> Headlines:
    """Weights 25, 35, 20, 20 and scores 80, 60, none, 50."""
    policies = health_policies(
        "",
        activity=("25", "0", "10"),
        pipeline=("35", "-0.5", "2"),
        certification=("20", "0", "1"),
        marketing=("20", "0", "14"),
    )
    uses = [
        {"event_id": f"U{n}", "partner_id": "A", "occurred_at": datetime(2026, 6, 3)}
        for n in range(7)
    ]
    touch = {
        "id": "T1",
        "opportunity_id": "O1",
        "account_to_id": "ACC-A",
        "created_date": datetime(2026, 5, 2),
    }
    rows = {
        "prm/partner": [PARTNER],
        "prm/content_use": uses,
        "salesforce/opportunity": [OPPORTUNITY],
        "salesforce/opportunity_partner": [touch],
    }
    return headlines(rows, policies, health_min_coverage=Decimal(min_coverage))


def test_a_component_without_data_shares_its_weight_among_the_rest() -> None:
    oracle = scored("0.8")
    found = value_in_june(oracle, "partner_health_score", "ratio", is_balance=True)
    assert found == {"all": 63.75, "A": 63.75}
    components = {
        row.component: (row.score, row.weight, row.contribution)
        for row in oracle.health.months()
        if row.day == date(2026, 6, 30)
    }
    assert components == {
        "activity": (80, Decimal("31.25"), 25),
        "pipeline": (60, Decimal("43.75"), Decimal("26.25")),
        "marketing": (50, 25, Decimal("12.5")),
    }


def test_a_partner_with_too_little_covered_has_no_score() -> None:
    assert not scored("0.81").health.observations()
