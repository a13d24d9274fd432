"""A tiny world in which every value can be worked out by hand.

Belongs here: its exports, and which rows of kpi_values an observation of a partner touches.
Does not belong here: changes to it, which are the tests' own.

Two partners: P1 (active, technology, DACH) with integration I1, P2 (network, sales, Nordics) with
I2. Deals are created on 2 March and open unless said: O1 (1000, P1), O2 (3000, nobody), O3 (P2, won
on 15 April), O4 (P1, lost on 20 April), O5 (4000, nobody, from 18 June). As of Saturday, 20 June
2026.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from helpers import (
    incident,
    track,
    write_csv,
    write_incidents,
    write_jsonl,
)

from partner_kpis.home import DataHome

TINY_AS_OF = date(2026, 6, 20)
P1 = (
    ("partner", "P1"), ("tier", "active"), ("partner_type", "technology"), ("region", "DACH"),
)  # fmt: skip
P2 = (
    ("partner", "P2"), ("tier", "network"), ("partner_type", "sales"), ("region", "Nordics"),
)  # fmt: skip
PROGRAMME = (("programme", "all"),)
_RHYTHMS = {
    "partner_influenced_pipeline": "month", "partner_win_rate": "month",
    "time_to_activation": "week", "integration_uptime": "day", "joint_deal_velocity": "month",
    "active_partner_rate": "month", "partner_health_score": "month",
}  # fmt: skip

Key = tuple[str, str, str, str, date]


def opportunity(number: int, **changes: Any) -> dict[str, Any]:
    """One row of the opportunity export, as of its first version."""
    row: dict[str, Any] = {
        "Id": f"006{number:012d}AAA", "AccountId": "001000000000001AAA", "Amount": 1000,
        "CreatedDate": "2026-03-02T09:00:00Z", "SystemModstamp": "2026-03-02T09:00:00Z",
        "IsDeleted": "false",
    }  # fmt: skip
    return row | {
        1: {},
        2: {"Amount": 3000},
        3: {"StageName": "Closed Won", "IsClosed": "true", "IsWon": "true",
            "CloseDate": "2026-04-15"},
        4: {"StageName": "Closed Lost", "IsClosed": "true", "CloseDate": "2026-04-20"},
        5: {"Amount": 4000, "CreatedDate": "2026-06-18T09:00:00Z",
            "SystemModstamp": "2026-06-18T09:00:00Z"},
    }.get(number, {}) | changes  # fmt: skip


def partner(name: str, **changes: Any) -> dict[str, Any]:
    row = {"partner_id": name, "updated_at": "2025-01-01T09:00:00Z"}
    if name == "P2":
        row |= {"tier": "network", "partner_type": "sales", "region": "Nordics"}
    return row | changes


def drop_tiny_world(home: DataHome) -> DataHome:
    """Write the world's exports; returns the home."""
    write_csv(home, "salesforce/account", [{"Id": f"00100000000000{n}AAA"} for n in range(1, 6)])
    write_csv(home, "salesforce/opportunity", [opportunity(n) for n in range(1, 6)])
    write_csv(home, "prm/partner", [partner("P1"), partner("P2")])
    write_csv(
        home,
        "prm/deal_registration",
        [
            {"registration_id": f"R{n}", "partner_id": who, "opportunity_id": opportunity(n)["Id"],
             "submitted_at": "2026-03-01T09:00:00Z", "updated_at": "2026-03-01T09:00:00Z"}
            for n, who in ((1, "P1"), (3, "P2"), (4, "P1"))
        ],
    )  # fmt: skip
    write_csv(
        home,
        "registry/integration",
        [
            {"integration_id": "I1", "partner_id": "P1", "component": "API"},
            {"integration_id": "I2", "partner_id": "P2", "component": ""},
        ],
        name="2026-01-01/export.csv",
    )
    events = [
        track(f"m{account}{event}", event, at, account=account, integration=integration)
        for account, integration, event, at in (
            ("A1", "I1", "Integration Installed", "2026-03-03T12:00:00Z"),
            ("A1", "I1", "First Value Reached", "2026-03-13T12:00:00Z"),
            ("A2", "I1", "Integration Installed", "2026-04-01T12:00:00Z"),
            ("A2", "I1", "First Value Reached", "2026-04-21T12:00:00Z"),
            ("A3", "I2", "Integration Installed", "2026-04-01T12:00:00Z"),
            ("A4", "I2", "Integration Installed", "2026-03-03T12:00:00Z"),
            ("A4", "I2", "First Value Reached", "2026-03-13T12:00:00Z"),
            ("A4", "I2", "Feature Used", "2026-06-18T12:00:00Z"),
        )
    ]
    write_jsonl(home, "telemetry/event", events)
    write_incidents(
        home, [incident("i1", "2026-05-01T12:00:00Z", "2026-05-01T13:00:00Z", ["API"], "minor")]
    )
    write_csv(
        home,
        "sla/probe",
        [
            {"integration_id": integration, "checked_at": at, "is_up": is_up}
            for integration, at, is_up in (
                ("I1", "2026-05-04T12:00:00Z", True), ("I1", "2026-05-05T12:00:00Z", False),
                ("I1", "2026-05-05T13:00:00Z", True), ("I2", "2026-05-04T12:00:00Z", True),
                ("I1", "2026-06-18T12:00:00Z", True),
            )
        ],
        name="2026-06-19/export.csv",
    )  # fmt: skip
    write_csv(
        home,
        "planning/target",
        [{"kpi_id": "partner_win_rate", "valid_from": "2026-01-01", "target": "0.3"}],
        name="2026-01-01/export.csv",
    )
    return home


def keys(kpi_id: str, members: Iterable[tuple[str, str]], days: Iterable[date]) -> set[Key]:
    """Keys of kpi_values in whose periods the days lie, from the KPI's rhythm upwards."""
    order = ("day", "week", "month", "quarter", "year")
    types = order[order.index(_RHYTHMS[kpi_id]) :]
    return {
        (kpi_id, *member, period_type, _start(period_type, day))
        for member in members
        for day in days
        for period_type in types
    }


def days_from(first: date, last: date = TINY_AS_OF) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _start(period_type: str, day: date) -> date:
    if period_type == "week":
        return day - timedelta(days=day.weekday())
    if period_type == "month":
        return day.replace(day=1)
    if period_type == "quarter":
        return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return date(day.year, 1, 1) if period_type == "year" else day
