"""Chance and time: seeded streams of random numbers, working hours, the demo's calendar.

Belongs here: what every part of the simulated business draws with. Moments are whole seconds
since 1970 (UTC) in int64 arrays until an export writes them.
Does not belong here: anything that knows a partner or a deal.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

DAY = 86_400
BUSINESS_ZONE = ZoneInfo("Europe/Berlin")
# Business sleeps in August and in late December, and hurries at the end of a quarter.
MONTH_WEIGHTS = (0.9, 0.95, 1.2, 1.0, 1.0, 1.15, 1.0, 1.0, 1.1, 1.1, 1.15, 1.05)
AUGUST, DECEMBER, LATE = 8, 12, 18  # late December begins with its LATEth day
DIP = 0.42  # what is left of an August or late December day


def stream(seed: int, name: str) -> np.random.Generator:
    """A stream of its own for every purpose: a new entity does not shift the numbers of others."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def local_midnight(day: date) -> int:
    """00:00 of a day in the business zone, as seconds UTC."""
    return seconds(datetime.combine(day, time(), BUSINESS_ZONE))


def day_of(moment: int) -> date:
    """The UTC day of a moment; the same as the local one for everything in working hours."""
    return datetime.fromtimestamp(moment, UTC).date()


def first_of_month(day: date, months_back: int = 0) -> date:
    """The first day of the month that lies `months_back` months before the one of `day`."""
    index = day.year * 12 + day.month - 1 - months_back
    return date(index // 12, index % 12 + 1, 1)


def month_after(month: date) -> date:
    return first_of_month(month, -1)


@dataclass(frozen=True)
class Calendar:
    """About two years of history that end with the day `as_of` in the business zone."""

    as_of: date
    months: int = 24

    @property
    def history_start(self) -> date:
        return first_of_month(self.as_of, self.months - 1)

    @property
    def start(self) -> int:
        """The first moment; two hours into its month, so that it is the same month everywhere."""
        return local_midnight(self.history_start) + 2 * 3600

    @property
    def end(self) -> int:
        """The first moment after as_of: nothing in the demo happens then or later."""
        return local_midnight(self.as_of + timedelta(days=1))

    def month(self, months_back: int) -> date:
        return first_of_month(self.as_of, months_back)

    def month_ends(self, count: int) -> list[date]:
        """The ends of the last `count` months, as_of standing for the running one's, in order."""
        ends = [self.month(i) - timedelta(days=1) for i in range(count - 1)]
        return sorted([self.as_of, *ends])


def working_time(rng: np.random.Generator, days: Ints) -> Ints:
    """A moment between 07:00 and 16:59 UTC of each day (days since 1970); weekends: on Monday."""
    weekday = (days + 3) % 7  # 1970-01-01 was a Thursday
    shifted = days + np.where(weekday >= 5, 7 - weekday, 0)
    return shifted * DAY + rng.integers(7 * 3600, 17 * 3600, size=len(days))


def in_dip(days: Ints) -> Flags:
    """Whether each day (days since 1970) lies in August or late December."""
    found, place = np.unique(days, return_inverse=True)
    dates = [day_of(int(d) * DAY) for d in found]
    quiet = [d.month == AUGUST or (d.month == DECEMBER and d.day >= LATE) for d in dates]
    return np.array(quiet, dtype=np.bool_)[place]


def seasonal_times(
    rng: np.random.Generator, count: int, calendar: Calendar, growth: float = 0.6
) -> Ints:
    """`count` sorted working moments of the demo's history, `growth` more of them at its end."""
    first, last = calendar.start // DAY, (calendar.end - 1) // DAY
    days = np.arange(first, last + 1)
    month = np.array([day_of(int(d) * DAY).month for d in days])
    weights = np.array(MONTH_WEIGHTS)[month - 1] * (1 + growth * (days - first) / (last - first))
    weights *= np.where(in_dip(days), DIP, 1.0)
    weights[(days + 3) % 7 >= 5] = 0
    chosen = rng.choice(days, size=count, p=weights / weights.sum())
    return np.sort(working_time(rng, chosen))


def lognormal(rng: np.random.Generator, median: float | Floats, sigma: float, count: int) -> Floats:
    return np.asarray(np.exp(rng.normal(np.log(median), sigma, size=count)), dtype=np.float64)


def stamp(column: str) -> pl.Expr:
    """Seconds since 1970 as ISO text with milliseconds and Z, the way APIs write it."""
    moment = pl.from_epoch(pl.col(column), time_unit="s")
    return moment.dt.strftime("%Y-%m-%dT%H:%M:%S.000Z").alias(column)


def iso_day(column: str) -> pl.Expr:
    """Seconds since 1970 as an ISO date."""
    return pl.from_epoch(pl.col(column), time_unit="s").dt.strftime("%Y-%m-%d").alias(column)


def iso_text(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def end_of(day: date) -> int:
    """The first moment after a day in the business zone."""
    return local_midnight(day + timedelta(days=1))


def suffix(day: date) -> str:
    """A day as export file names carry it."""
    return day.strftime("%Y%m%d")
