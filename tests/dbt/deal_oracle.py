"""KPIs of deals in plain Python: influenced pipeline, win rate, velocity.

Belongs here: what is observed of an opportunity. Does not belong here: what an opportunity or a
touch is (see oracle.py).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from plain_rows import Observation

if TYPE_CHECKING:
    from oracle import Oracle
    from plain_rows import Row


def pipeline(oracle: Oracle) -> list[Observation]:
    return [
        observation
        for day in oracle.balance_days()
        for opportunity in oracle.opportunities.values()
        for observation in _pipeline_of(oracle, opportunity, day)
    ]


def _pipeline_of(oracle: Oracle, opportunity: Row, day: date) -> list[Observation]:
    if oracle.local(opportunity["created_date"]) > day:
        return []
    kind, _, amount = oracle.state(opportunity, day)
    converted = oracle.money(amount, opportunity["currency_iso_code"], day)
    if kind != "open" or converted is None:
        return []
    touches = oracle.valid_touches[opportunity["id"]]
    partners = {touch.partner_id for touch in touches if oracle.local(touch.at) <= day}
    name, entity = "partner_influenced_pipeline", opportunity["id"]
    if not partners:
        return [Observation(name, day, None, "opportunity", entity, Decimal(0), converted)]
    return [
        Observation(name, day, partner, "opportunity", entity, converted, converted)
        for partner in partners
    ]


def _closed_per_partner(oracle: Oracle) -> list[tuple[Row, date, str | None, bool]]:
    """Opportunity, close day, influencing partner, won: one for each influencing partner."""
    found = []
    for opportunity in oracle.opportunities.values():
        closing = oracle.closing(opportunity)
        if closing is None or closing[0] > oracle.as_of:
            continue
        won = oracle.state(opportunity, oracle.as_of)[0] == "won"
        for partner in {touch.partner_id for touch in oracle.valid_touches[opportunity["id"]]}:
            found.append((opportunity, closing[0], partner, won))
    return found


def win_rate(oracle: Oracle) -> list[Observation]:
    name, kind = "partner_win_rate", "opportunity"
    return [
        Observation(name, day, partner, kind, opportunity["id"], Decimal(won), Decimal(1))
        for opportunity, day, partner, won in _closed_per_partner(oracle)
    ]


def velocity(oracle: Oracle) -> list[Observation]:
    name, kind = "joint_deal_velocity", "opportunity"
    found = []
    for opportunity, day, partner, won in _closed_per_partner(oracle):
        if won:
            leads = [
                oracle.local(lead["created_date"])
                for lead in oracle.leads.values()
                if lead["converted_opportunity_id"] == opportunity["id"]
            ]
            began = min(
                (created for created in leads if created <= oracle.as_of),
                default=oracle.local(opportunity["created_date"]),
            )
            days = Decimal((day - began).days)
            row = Observation(name, day, partner, kind, opportunity["id"], days, Decimal(1))
            found.append(row)
    return found
