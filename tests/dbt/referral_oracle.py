"""KPIs of referrals in plain Python: how many, how fast, with what result.

Belongs here: what is observed of a referral. Does not belong here: what a partner earns by it (see
commission_oracle.py), or touches by referrals (see oracle.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from plain_rows import Observation, half_up

if TYPE_CHECKING:
    from oracle import Oracle
    from plain_rows import Row

Found = Iterator[tuple[str, date, Decimal | int | None]]


def referrals(oracle: Oracle) -> list[Observation]:
    """Every KPI of referrals but commissions."""
    return [
        Observation(
            kpi_id, on, oracle.registered(row["partner_id"]),
            "referral", row["referral_id"], Decimal(number), Decimal(1),
        )
        for row in oracle.latest("prm/referral", "referral_id")
        for part in (_submission, _answer, _decision)
        for kpi_id, on, number in part(oracle, row)
        if on <= oracle.as_of and number is not None
    ]  # fmt: skip


def _submission(oracle: Oracle, row: Row) -> Found:
    on = oracle.local(row["submitted_at"])
    if row["direction"] == "received":
        yield "referrals_received", on, 1
        yield "reciprocity_balance", on, -1
    else:
        yield "referrals_sent", on, 1
        yield "reciprocity_balance", on, 1


def _answer(oracle: Oracle, row: Row) -> Found:
    if row["direction"] != "received":
        return
    answered = row.get("first_response_at")
    due = row["submitted_at"] + timedelta(hours=oracle.settings["referral_follow_up_hours"])
    in_time = answered is not None and answered <= due
    yield "referral_follow_up_on_time", oracle.local(due), int(in_time)
    if answered is not None:
        waited = (answered - row["submitted_at"]) // timedelta(microseconds=1)
        hours = half_up(Fraction(waited, 3_600_000_000), 9)
        yield "referral_follow_up_hours", oracle.local(answered), hours


def _decision(oracle: Oracle, row: Row) -> Found:
    won = row["status"] == "won"
    if row["direction"] != "received" or row["status"] not in ("won", "lost"):
        return
    if row["decided_at"] is not None:
        on = oracle.local(row["decided_at"])
        yield "referral_conversion_rate", on, int(won)
        earned = oracle.money(row.get("revenue"), row.get("currency"), on) if won else 0
        yield "revenue_per_referral", on, earned
