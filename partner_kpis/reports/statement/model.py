"""The nouns of a statement, and how they are written down.

Belongs here: lines, corrections, balances, and their one form as JSON with its hash.
Does not belong here: which lines a quarter has (settle.py), files (issued.py), words (pages.py).

Amounts are of the reporting currency, in whole cents; None is unknown for want of a rate.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from types import UnionType
from typing import Any, Final, Literal, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

from partner_kpis.reports.stamp import Stamp

Reason: TypeAlias = Literal["late", "changed", "gone"]
Bucket: TypeAlias = Literal["days_0_30", "days_31_60", "days_61_90", "days_over_90", "advance"]
Kind: TypeAlias = Literal["commission", "payment"]

CENT: Final = Decimal("0.01")
NOTHING: Final = Decimal("0.00")


def cents(amount: Decimal | None) -> Decimal | None:
    """Rounded half up, away from zero, to whole cents."""
    return None if amount is None else amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class EarnedLine:
    """What one won referral earned; columns as in the serving table commission_lines."""

    referral_id: str
    decided_on: date
    policy_from: date | None
    mode: str
    involvement: str
    rank_of_year: int
    rate: Decimal
    conversion_bonus_rate: Decimal
    split_share: Decimal
    base_amount: Decimal
    base_currency: str
    fx_rate: float | None
    base: Decimal | None
    amount: Decimal | None


@dataclass(frozen=True)
class PaymentLine:
    """One payment that was made; columns as in the serving table commission_payments."""

    payment_id: str
    referral_id: str | None
    own_amount: Decimal
    currency: str
    due_on: date | None
    paid_on: date
    amount: Decimal | None


@dataclass(frozen=True)
class Correction:
    """What later data say of an earlier quarter.

    item_id: of the referral or the payment. day and quarter: when it was won or paid. before: what
    all statements until now say of it; now: what the data say; amount: the effect on the balance.
    """

    kind: Kind
    item_id: str
    referral_id: str | None
    day: date
    quarter: str
    reason: Reason
    rate_before: Decimal | None
    rate_now: Decimal | None
    before: Decimal
    now: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Balances:
    """closing = opening + earned + corrections − paid."""

    opening: Decimal
    earned: Decimal
    corrections: Decimal
    paid: Decimal
    closing: Decimal


@dataclass(frozen=True)
class Age:
    """How much of the closing balance has been open for so long; `advance` is paid too early."""

    bucket: Bucket
    amount: Decimal


@dataclass(frozen=True)
class QuarterSum:
    """What all statements until now say was earned and paid in one quarter of the year."""

    quarter: str
    earned: Decimal
    paid: Decimal


@dataclass(frozen=True)
class Statement:
    """Everything that a statement says. number: counts the partner's statements from 1.

    previous_hash: of the statement before, empty for the first; a ledger is a chain.
    """

    partner_id: str
    partner_name: str
    quarter: str
    number: int
    currency: str
    stamp: Stamp
    run_id: str
    definitions: tuple[tuple[str, str], ...]
    balances: Balances
    earned: tuple[EarnedLine, ...]
    payments: tuple[PaymentLine, ...]
    corrections: tuple[Correction, ...]
    ages: tuple[Age, ...]
    year: tuple[QuarterSum, ...]
    previous_hash: str

    @property
    def hash(self) -> str:
        """sha256 of all that the statement says, in hexadecimal."""
        return hashlib.sha256(_canonical(self.as_json()).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Plain values; decimals and days as text, so that nothing is lost."""
        written = _plain(asdict(self))
        assert isinstance(written, dict)
        return written

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> Statement:
        """The statement that as_json wrote. Raises KeyError, TypeError or ValueError."""
        return _read(cls, data)


def _canonical(data: dict[str, Any]) -> str:
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, date):  # datetimes are dates too
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


Noun = TypeVar("Noun")


def _read(noun: type[Noun], data: dict[str, Any]) -> Noun:
    kinds = get_type_hints(noun)
    return noun(**{f.name: _value(kinds[f.name], data[f.name]) for f in fields(noun)})  # type: ignore[arg-type]


def _value(kind: Any, value: Any) -> Any:
    """A plain value as the type of its field."""
    if value is None:
        return None
    if get_origin(kind) is tuple:
        inner = [part for part in get_args(kind) if part is not ...]
        kinds = inner * len(value) if ... in get_args(kind) else inner
        return tuple(_value(k, part) for k, part in zip(kinds, value, strict=True))
    if isinstance(kind, UnionType):
        (kind,) = (part for part in get_args(kind) if part is not type(None))
    if kind is Decimal:
        return Decimal(value)
    if kind is date or kind is datetime:
        return kind.fromisoformat(value)
    return _read(kind, value) if isinstance(value, dict) else value
