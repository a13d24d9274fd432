"""Period arithmetic shared by the readers: where a period ends and which days it covers.

Belongs here: the calendar of kpis.md (ISO weeks, half-open periods, balance days).
Does not belong here: names of periods for people (formats.py).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal, get_args

PeriodType = Literal["day", "week", "month", "quarter", "year"]

PERIOD_TYPES: Final[tuple[PeriodType, ...]] = get_args(PeriodType)
"""From the finest to the coarsest."""


def is_period_type(text: str) -> bool:
    return text in PERIOD_TYPES


def from_rhythm_up(rhythm: str) -> tuple[PeriodType, ...]:
    """The period types a KPI of this rhythm has values for, finest first."""
    return PERIOD_TYPES[PERIOD_TYPES.index(_known(rhythm)) :]


def period_end(period_type: str, start: date) -> date:
    """The first day after the period that starts on `start`.

    Raises ValueError for an unknown period type.
    """
    kind = _known(period_type)
    if kind == "day":
        return start + timedelta(days=1)
    if kind == "week":
        return start + timedelta(days=7)
    return _add_months(start, {"month": 1, "quarter": 3, "year": 12}[kind])


def period_start(period_type: str, day: date) -> date:
    """The first day of the period that holds `day`; weeks begin on Monday."""
    kind = _known(period_type)
    if kind == "day":
        return day
    if kind == "week":
        return day - timedelta(days=day.weekday())
    if kind == "month":
        return day.replace(day=1)
    if kind == "quarter":
        return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return date(day.year, 1, 1)


def previous_start(period_type: str, start: date) -> date:
    """The start of the period before the one that starts on `start`."""
    return period_start(period_type, start - timedelta(days=1))


def last_complete_start(period_type: str, as_of: date) -> date:
    """The start of the newest period that ends on as_of or before it."""
    newest = period_start(period_type, as_of)
    if period_end(period_type, newest) - timedelta(days=1) <= as_of:
        return newest
    return previous_start(period_type, newest)


def observed_days(
    period_type: str, start: date, *, is_balance: bool, as_of: date
) -> tuple[date, date]:
    """First and last day (both inclusive) whose observations make a period's value.

    A flow counts every day up to as_of; a balance only its last balance day.
    """
    last = min(period_end(period_type, start) - timedelta(days=1), as_of)
    return (last if is_balance else start), last


def _known(period_type: str) -> PeriodType:
    for known in PERIOD_TYPES:
        if period_type == known:
            return known
    raise ValueError(f"'{period_type}' is no period type; choose one of {', '.join(PERIOD_TYPES)}.")


def _add_months(start: date, months: int) -> date:
    ordinal = start.year * 12 + start.month - 1 + months
    return date(ordinal // 12, ordinal % 12 + 1, start.day)
