"""Ten small worlds: seeds, days, zones, currencies, policies and what is not landed.

Belongs here: what differs between worlds. Does not belong here: their rows (see random_lake.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from partner_kpis.commission_policy import Commission

Row = dict[str, Any]


def health_policies(tier: str, **components: tuple[str, str, str]) -> list[Row]:
    """Rows of control.health_policies: weight, zero point and hundred point by component."""
    return [
        {
            "tier": tier,
            "component": component,
            "weight": Decimal(weight),
            "zero_at": Decimal(zero),
            "hundred_at": Decimal(hundred),
        }
        for component, (weight, zero, hundred) in components.items()
    ]


#: The policies that hold without a file.
HEALTH = health_policies(
    "",
    activity=("20", "0", "12"),
    pipeline=("30", "0", "2"),
    certification=("20", "0", "1"),
    marketing=("10", "0", "20"),
    reliability=("10", "0.95", "0.999"),
    satisfaction=("10", "-50", "50"),
)

#: Odd weights, thirds that round, a point scale that falls, a component that weighs nothing.
OF_A_TIER = health_policies(
    "active",
    activity=("7", "0", "3"),
    pipeline=("11.5", "0.5", "1.7"),
    certification=("0", "0", "1"),
    marketing=("3", "1", "8"),
    reliability=("13", "0.2", "0.97"),
    satisfaction=("5", "100", "-100"),
)


@dataclass(frozen=True)
class World:
    """`settings` differ from those of the fixture warehouse; `without` is never landed."""

    seed: int
    settings: Row
    health: list[Row] = field(default_factory=lambda: HEALTH)
    without: tuple[str, ...] = ()
    co_sell_roles: tuple[str, ...] = ()


#: Ranks that few referrals reach, and rates that do not divide well.
STEEP = [(1, 0.3333), (4, 0.125), (None, 1)]
RETROACTIVE = (Commission(mode="retroactive"),)
#: A year in which everything changes, and commissions are shared.
CHANGING = (
    Commission(),
    Commission.model_validate(
        {
            "from": date(2026, 2, 10),
            "conversion_bonus": {"from_share": 0.5, "min_decided": 2, "rate": 0.0333},
            "involvement": {"high": 0.225, "passive": 0.07},
            "splits": [
                {"partner": "P0", "shares": {"P0": 0.6, "P1": 0.4}},
                {"referral": "N07", "shares": {"P1": 0.335, "P2": 0.335, "P9": 0.33}},
            ],
        }
    ),
    Commission.model_validate(
        {
            "from": date(2026, 4, 1),
            "mode": "retroactive",
            "tiers": STEEP,
            "conversion_bonus": {"from_share": 0.4, "min_decided": 3, "rate": 0},
            "splits": [{"partner": "P2", "shares": {"P3": 1}}],
        }
    ),
)
STATUS_PAGE = ("sla/statuspage_incident", "sla/statuspage_maintenance")

WORLDS = [
    World(1, {"as_of": date(2026, 6, 30), "commission": CHANGING}),
    World(
        2,
        {
            "as_of": date(2026, 5, 20),
            "health_min_coverage": Decimal("0.3"),
            "commission": RETROACTIVE,
        },
        [*HEALTH, *OF_A_TIER],
    ),
    World(
        3,
        {
            "as_of": date(2026, 5, 31),
            "reporting_currency": "USD",
            "health_min_coverage": Decimal("0.4"),
            "commission": (Commission(tiers=STEEP),),
        },
        without=STATUS_PAGE,
    ),
    World(
        4,
        {
            "as_of": date(2026, 4, 26),
            "reporting_timezone": "America/New_York",
            "commission": (Commission(mode="retroactive", tiers=STEEP),),
        },
        co_sell_roles=("Co-Seller", "Consultant"),
    ),
    World(
        5,
        {
            "as_of": date(2026, 3, 31),
            "reporting_timezone": "Asia/Kolkata",
            "active_partner_window_days": 30,
            "influence_window_days": 20,
            "min_sample": 2,
            "health_min_coverage": Decimal("0.25"),
            "referral_follow_up_hours": 48,
            "deal_registration_decision_hours": 72,
        },
        without=("lms/certification", "salesforce/campaign"),
    ),
    World(
        6,
        {
            "as_of": date(2026, 2, 15),
            "reporting_timezone": "Pacific/Auckland",
            "reporting_currency": "GBP",
            "min_sample": 1,
            "health_min_coverage": Decimal(0),
        },
        without=("prm/content_use", *STATUS_PAGE),
    ),
    World(
        7,
        {
            "as_of": date(2025, 4, 15),
            "reporting_timezone": "UTC",
            "history_start": date(2025, 2, 10),
            "health_min_coverage": Decimal("0.8"),
        },
        [*HEALTH, *OF_A_TIER],
        ("prm/content_use", "salesforce/campaign_member", "survey/response"),
    ),
    World(
        8,
        {"as_of": date(2026, 4, 12), "min_sample": 2, "health_min_coverage": Decimal("0.3")},
        without=(
            "salesforce/lead",
            "salesforce/opportunity_partner",
            "prm/deal_registration",
            "prm/referral",
            "sla/probe",
        ),
    ),
    World(
        9,
        {"as_of": date(2026, 3, 29), "active_partner_window_days": 14},
        without=("salesforce/opportunity", "salesforce/opportunity_history"),
    ),
    World(
        10,
        {"as_of": date(2026, 4, 30), "known_at": datetime(2026, 10, 1)},
        [*HEALTH, *OF_A_TIER],
        co_sell_roles=("Reseller",),
    ),
]
