"""The policies of commissions as tables of the schema `control`, for dbt's models.

Belongs here: rows of policies, by the number of the policy. Does not belong here: which values are
possible (commission_policy.py), the other control tables (control_tables.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from partner_kpis.commission_policy import Commission
from partner_kpis.file_tables import frame_of
from partner_kpis.policy_types import decimal_of

COMMISSION_TABLES: Final = (
    "commission_policies", "commission_tiers", "commission_involvements", "commission_splits",
)  # fmt: skip
_SHARE: Final = pl.Decimal(18, 9)


def commission_tables(policies: Sequence[Commission]) -> dict[str, pl.DataFrame]:
    """The four tables of COMMISSION_TABLES; `policy` counts the policies from 1, oldest first."""
    numbered = list(enumerate(policies, start=1))
    return {
        "commission_policies": _policies(numbered),
        "commission_tiers": _tiers(numbered),
        "commission_involvements": _involvements(numbered),
        "commission_splits": _splits(numbered),
    }


def _policies(numbered: list[tuple[int, Commission]]) -> pl.DataFrame:
    """valid_from is null since ever, valid_to the next policy's first day; no bonus is null."""
    ends = [later.since for _, later in numbered[1:]] + [None]
    rows = []
    for (number, policy), valid_to in zip(numbered, ends, strict=True):
        bonus = policy.conversion_bonus
        rows.append((
            number, policy.since, valid_to, policy.mode,
            decimal_of(bonus.from_share) if bonus else None,
            bonus.min_decided if bonus else None,
            decimal_of(bonus.rate) if bonus else None,
            policy.payment_terms_days,
        ))  # fmt: skip
    return frame_of(
        {"policy": pl.Int64, "valid_from": pl.Date, "valid_to": pl.Date, "mode": pl.String,
         "bonus_from_share": _SHARE, "bonus_min_decided": pl.Int64, "bonus_rate": _SHARE,
         "payment_terms_days": pl.Int64},
        rows,
    )  # fmt: skip


def _tiers(numbered: list[tuple[int, Commission]]) -> pl.DataFrame:
    """The ranks of each rate, both ends included; a policy's last one has no end."""
    rows = []
    for number, policy in numbered:
        first = 1
        for last, rate in policy.tiers:
            rows.append((number, first, last, decimal_of(rate)))
            first = (last or 0) + 1
    return frame_of(
        {"policy": pl.Int64, "from_rank": pl.Int64, "to_rank": pl.Int64, "rate": _SHARE}, rows
    )


def _involvements(numbered: list[tuple[int, Commission]]) -> pl.DataFrame:
    """The classes with a rate of their own; without a corridor, any rate is fine."""
    rows = []
    for number, policy in numbered:
        for name, rate in policy.involvement.items():
            low, high = map(decimal_of, policy.corridors.get(name, (0, 1)))
            rows.append((number, name, decimal_of(rate), low, high))
    return frame_of(
        {"policy": pl.Int64, "involvement": pl.String, "rate": _SHARE, "corridor_low": _SHARE,
         "corridor_high": _SHARE},
        rows,
    )  # fmt: skip


def _splits(numbered: list[tuple[int, Commission]]) -> pl.DataFrame:
    """Who is paid which share; `position` is the order in which the policy names them."""
    return frame_of(
        {"policy": pl.Int64, "partner_id": pl.String, "referral_id": pl.String,
         "position": pl.Int64, "payee_id": pl.String, "share": _SHARE},
        (
            (number, split.partner, split.referral, position, payee, decimal_of(share))
            for number, policy in numbered
            for split in policy.splits
            for position, (payee, share) in enumerate(split.shares.items(), start=1)
        ),
    )  # fmt: skip
