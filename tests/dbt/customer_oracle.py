"""KPIs of what customers and partners do and say, in plain Python: time to activation and surveys.

Belongs here: those. Does not belong here: whether integrations run (see uptime_oracle.py).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from plain_rows import Observation, half_up

if TYPE_CHECKING:
    from oracle import Oracle
    from plain_rows import Row


def installations(oracle: Oracle) -> list[tuple[str, str, datetime, datetime | None]]:
    """Account, integration, first start, and the first activation at or after it by as_of."""
    moments: dict[tuple[str, str, str], list[datetime]] = defaultdict(list)
    for row in oracle.latest("telemetry/event", "message_id"):
        account, integration = row["context_group_id"], row["properties_integration_id"]
        if account and integration and row["timestamp"] < oracle.ends(oracle.as_of):
            moments[account, integration, row["event"]].append(row["timestamp"])
    found = []
    for (account, integration, event), starts in moments.items():
        if event == oracle.settings["event_start"]:
            start = min(starts)
            done = moments.get((account, integration, oracle.settings["event_activation"]), [])
            after = [at for at in done if at >= start]
            found.append((account, integration, start, min(after) if after else None))
    return found


def activation(oracle: Oracle) -> list[Observation]:
    found = []
    for account, integration, start, activated in installations(oracle):
        if activated is not None:
            micros = (activated - start) // timedelta(microseconds=1)
            found.append(
                Observation(
                    "time_to_activation", oracle.local(activated), oracle.partner_of(integration),
                    "installation", f"{account}|{integration}",
                    half_up(Fraction(micros, 86_400_000_000), 9), Decimal(1),
                )
            )  # fmt: skip
    return found


def nps(oracle: Oracle) -> list[Observation]:
    """The last answer of each respondent on each integration, or as each partner, in a quarter."""
    return [
        *_nps(oracle, "nps_integration", "integration_nps", "integration_id"),
        *_nps(oracle, "nps_partner", "partner_nps", "partner_id"),
    ]


def _nps(oracle: Oracle, kpi_id: str, survey: str, subject: str) -> list[Observation]:
    last: dict[tuple[Any, ...], Row] = {}
    for row in _answers_to(oracle, survey):
        day = oracle.local(row["responded_at"])
        quarter = (day.year, (day.month - 1) // 3)
        of: tuple[Any, ...] = (row["respondent_hash"], row[subject], quarter)
        if row["respondent_hash"] is None:
            of = (row["response_id"],)
        order = (row["responded_at"], row["response_id"])
        if of not in last or order > (last[of]["responded_at"], last[of]["response_id"]):
            last[of] = row
    return [
        _answer(oracle, kpi_id, row, 1 if row["score"] >= 9 else -1 if row["score"] <= 6 else 0)
        for row in last.values()
    ]


def answers(oracle: Oracle) -> list[Observation]:
    """Every answer on satisfaction and effort counts."""
    satisfied = [
        _answer(oracle, "csat", row, row["score"] >= 4) for row in _answers_to(oracle, "csat")
    ]
    effort = [
        _answer(oracle, "customer_effort", row, row["score"]) for row in _answers_to(oracle, "ces")
    ]
    return [*satisfied, *effort]


def _answers_to(oracle: Oracle, survey: str) -> list[Row]:
    return [
        row
        for row in oracle.latest("survey/response", "response_id")
        if row["survey"] == survey and oracle.local(row["responded_at"]) <= oracle.as_of
    ]


def _answer(oracle: Oracle, kpi_id: str, row: Row, number: int | Decimal) -> Observation:
    named = row["partner_id"] is not None
    partner = row["partner_id"] if named else oracle.partner_of(row["integration_id"])
    return Observation(
        kpi_id, oracle.local(row["responded_at"]), oracle.registered(partner),
        "response", row["response_id"], Decimal(number), Decimal(1),
    )  # fmt: skip
