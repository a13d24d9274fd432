"""What won referrals earn: the policies of commissions, each with the day from which it holds.

Belongs here: the key `commission` of config/policies.yml, and which values are possible.
Does not belong here: rating a referral (dbt), the statement of it (reports/statement).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from partner_kpis.policy_types import Share, decimal_of

Involvement: TypeAlias = Literal["standard", "high", "passive"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ConversionBonus(_Strict):
    """An addition to the rate, for a partner that closes much of what it refers.

    from_share: won of decided referrals, from which it is paid. min_decided: fewer decided
    referrals earn no bonus (one of one would be 100 %). rate: what is added to the rate.
    """

    from_share: Share = 0.5
    min_decided: int = Field(default=5, ge=1)
    rate: Share


class Split(_Strict):
    """Who shares the commission of a partner's referrals, or of one referral."""

    partner: str | None = None
    referral: str | None = None
    shares: dict[str, Annotated[float, Field(gt=0, le=1)]]

    @model_validator(mode="after")
    def _is_whole(self) -> Split:
        if (self.partner is None) == (self.referral is None):
            raise ValueError("a split names either a partner or a referral")
        total = sum(map(decimal_of, self.shares.values()), Decimal(0))
        if total != 1:
            raise ValueError(f"the shares of {self.of} make {total} and must make exactly 1")
        return self

    @property
    def of(self) -> str:
        return self.partner or self.referral or ""


class Commission(_Strict):
    """One policy. tiers: (up to rank, rate); the last rank is null, for all beyond.

    since (`from` in the file): the first day of the decisions that it rates; None is since ever.
    involvement: a class with a rate of its own is paid that one, whatever its rank. corridors: the
    lowest and highest rate that a class should have; another one is a finding, not an error.
    """

    since: date | None = Field(default=None, alias="from")
    mode: Literal["marginal", "retroactive"] = "marginal"
    tiers: list[tuple[int | None, Share]] = [(3, 0.10), (10, 0.15), (None, 0.20)]
    conversion_bonus: ConversionBonus | None = None
    involvement: dict[Involvement, Share] = {}
    corridors: dict[Involvement, tuple[Share, Share]] = {
        "standard": (0.10, 0.15), "high": (0.20, 0.25), "passive": (0.05, 0.10),
    }  # fmt: skip
    payment_terms_days: int = Field(default=30, ge=0, le=3660)
    splits: list[Split] = []

    @model_validator(mode="after")
    def _ranks_rise(self) -> Commission:
        ranks = [rank for rank, _ in self.tiers]
        finite = [rank for rank in ranks[:-1] if rank is not None]
        if not ranks or ranks[-1] is not None or finite != sorted(set(finite)):
            raise ValueError("ranks must rise and the last one must be null")
        if len(finite) != len(ranks) - 1:
            raise ValueError("only the last rank may be null")
        if finite and finite[0] < 1:
            raise ValueError("ranks count from 1")
        return self

    @model_validator(mode="after")
    def _rates_are_possible(self) -> Commission:
        bonus = decimal_of(self.conversion_bonus.rate) if self.conversion_bonus else Decimal(0)
        highest = max([rate for _, rate in self.tiers] + list(self.involvement.values()))
        if decimal_of(highest) + bonus > 1:
            raise ValueError("a rate and the conversion bonus make more than 1 together")
        for name, (low, high) in self.corridors.items():
            if low > high:
                raise ValueError(f"the corridor of {name} ends below its beginning")
        return self

    @model_validator(mode="after")
    def _splits_are_clear(self) -> Commission:
        seen = [(split.partner, split.referral) for split in self.splits]
        if twice := sorted({split.of for split in self.splits if seen.count(
            (split.partner, split.referral)) > 1}):  # fmt: skip
            raise ValueError(f"splits name {', '.join(twice)} twice")
        return self


def _as_list(written: Any) -> Any:
    """One policy without a list around it holds since ever."""
    return [written] if isinstance(written, dict | Commission) else written


def _days_rise(policies: tuple[Commission, ...]) -> tuple[Commission, ...]:
    """Every decision must have exactly one policy."""
    if not policies:
        raise ValueError("there must be one policy at least")
    if policies[0].since is not None:
        raise ValueError(
            "the first policy holds since ever and has no `from`; "
            "where nothing was paid before that day, begin with tiers [[null, 0]]"
        )
    days = [policy.since for policy in policies[1:]]
    if any(day is None for day in days):
        raise ValueError("every policy but the first needs its `from`")
    if days != sorted({day for day in days if day}):
        raise ValueError("the days of `from` must rise")
    return policies


Commissions: TypeAlias = Annotated[
    tuple[Commission, ...], BeforeValidator(_as_list), AfterValidator(_days_rise)
]
