"""KPIs of the portfolio in plain Python: partners that come, stay, renew and leave.

Belongs here: what is observed of contracts. Does not belong here: active partners (see
partner_oracle.py).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from oracle_rollup import end_of, start_of
from partner_oracle import contracted
from plain_rows import DAY, Observation

if TYPE_CHECKING:
    from oracle import Oracle


def portfolio(oracle: Oracle) -> list[Observation]:
    return [*_moves(oracle), *_retention(oracle), *_renewals(oracle)]


def _moves(oracle: Oracle) -> list[Observation]:
    return [
        Observation(kpi_id, on, partner, "partner", partner, Decimal(1), Decimal(1))
        for partner, row in oracle.partners.items()
        for kpi_id, on in (
            ("partner_additions", row["contract_start"]),
            ("partner_losses", row["ended_on"]),
        )
        if on and on <= oracle.as_of
    ]


def _retention(oracle: Oracle) -> list[Observation]:
    found = []
    first = start_of("quarter", oracle.history_start())
    while first <= oracle.as_of:
        following = end_of("quarter", first)
        if first >= oracle.history_start():
            kept = contracted(oracle, min(following - DAY, oracle.as_of))
            for partner in contracted(oracle, first):
                stays, one = Decimal(partner in kept), Decimal(1)
                found.append(
                    Observation("partner_retention", first, partner, "partner", partner, stays, one)
                )
        first = following
    return found


def _renewals(oracle: Oracle) -> list[Observation]:
    rows = oracle.known["prm/partner"]
    ends: set[tuple[str, date]] = {
        (row["partner_id"], row["contract_end"]) for row in rows if row.get("contract_end")
    }
    found = []
    for partner, end in ends:
        on = end + timedelta(days=30)
        renewed = any(
            row["partner_id"] == partner
            and row["renewed_on"] is not None
            and end - timedelta(days=180) <= row["renewed_on"] <= on
            for row in rows
        )
        if on <= oracle.as_of:
            key, number = f"{partner}|{end.isoformat()}", Decimal(renewed)
            found.append(
                Observation("renewal_rate", on, partner, "contract", key, number, Decimal(1))
            )
    return found
