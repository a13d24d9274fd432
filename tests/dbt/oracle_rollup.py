"""Values of periods in plain Python, from any list of observations.

Belongs here: kinds, dimensions, periods, empty periods and running periods as kpis.md words them.
Does not belong here: where observations come from.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

from plain_rows import DAY, Observation, half_up

PERIODS = ["day", "week", "month", "quarter", "year"]
Key = tuple[str, str, str, date]


@dataclass(frozen=True)
class Value:
    """What kpi_values says of a member and period."""

    value: float | None
    numerator: Decimal | None
    denominator: Decimal | None
    sample_size: int


def start_of(period: str, day: date) -> date:
    if period == "week":
        return day - timedelta(days=day.weekday())
    if period == "month":
        return day.replace(day=1)
    if period == "quarter":
        return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return date(day.year, 1, 1) if period == "year" else day


def end_of(period: str, start: date) -> date:
    """The first day after the period."""
    length = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}[period]
    return start + DAY if period == "day" else start_of(period, start + timedelta(days=length))


def _day(observation: Observation) -> date:
    return observation.observed_on


class Rollup:
    """The values of one KPI.

    `member_of(observation, dimension)` names the member an observation counts for, or None;
    `covered(start, running)` says whether the KPI's sources cover a period; `missing` that one of
    them is not landed.
    """

    def __init__(
        self,
        definition: dict[str, Any],
        observations: Iterable[Observation],
        as_of: date,
        member_of: Callable[[Observation, str], str | None],
        covered: Callable[[date, bool], bool],
        missing: bool = False,
        keep_days: int = 400,
    ) -> None:
        self.kpi, self.as_of, self.keep_days = definition, as_of, keep_days
        self.covered, self.missing = covered, missing
        once: dict[tuple[str, str], dict[tuple[str, date], Observation]] = {}
        for observation in observations:
            for dimension in self._dimensions():
                member = member_of(observation, dimension)
                if member is not None:
                    key = (observation.entity_id, observation.observed_on)
                    once.setdefault((dimension, member), {})[key] = observation
        self.rows = {key: sorted(found.values(), key=_day) for key, found in once.items()}

    def _dimensions(self) -> list[str]:
        """Those with values, and the partners of which a top3 is made."""
        own = self.kpi["dimensions"]
        return [*own, "partner"] if self.kpi["kind"] == "top3" and "partner" not in own else own

    def within(self, dimension: str, member: str, first: date, last: date) -> list[Observation]:
        """What counts between two days: for a balance, what the last day shows."""
        if self.kpi["is_balance"]:
            first = last
        rows = self.rows.get((dimension, member), [])
        return rows[bisect_left(rows, first, key=_day) : bisect_right(rows, last, key=_day)]

    def value(self, dimension: str, member: str, first: date, last: date, running: bool) -> Value:
        rows = self.within(dimension, member, first, last)
        kind = self.kpi["kind"]
        counted = rows if kind != "share" else self.within("programme", "all", first, last)
        size = self._sample_size(counted)
        if self.missing:
            return Value(None, None, None, size)
        if kind == "median":
            if not rows:
                return Value(None, None, None, size)
            middle = median(Fraction(row.numerator) for row in rows)
            return Value(float(middle), half_up(middle, 9), None, size)
        total = sum((row.numerator for row in rows), Decimal(0))
        if kind in ("total", "distinct"):
            if not rows and not self.covered(first, running):
                return Value(None, None, None, size)
            found = total if kind == "total" else Decimal(size)
            return Value(float(found), found, None, size)
        if kind == "top3":
            return self._top3(first, last)
        below = sum((row.denominator for row in counted), Decimal(0))
        known = rows or (below > 0 and self.covered(first, running))
        if not below or (kind == "share" and not known):
            return Value(None, None, None, size)
        value = float(total) / float(below) * self.kpi.get("value_factor", 1)
        return Value(value, total, below, size)

    def _top3(self, first: date, last: date) -> Value:
        """The three largest partners among all, and how many have a numerator."""
        sums = sorted(
            (
                sum(
                    (row.numerator for row in self.within("partner", member, first, last)),
                    Decimal(0),
                )
                for dimension, member in self.rows
                if dimension == "partner"
            ),
            reverse=True,
        )
        largest, every = sum(sums[:3], Decimal(0)), sum(sums, Decimal(0))
        size = sum(1 for each in sums if each)
        if not every:
            return Value(None, None, None, size)
        return Value(float(largest) / float(every), largest, every, size)

    def _sample_size(self, rows: list[Observation]) -> int:
        """How many different entities stand behind a value."""
        if self.kpi.get("sample_basis") == "denominator":
            return int(sum(row.denominator for row in rows))
        counts = self.kpi["kind"] in ("median", "total", "distinct")
        return len({(r.entity_type, r.entity_id) for r in rows if counts or r.denominator})

    def values(self) -> dict[Key, Value]:
        """dimension, member, period type and start -> value, for every row that must exist."""
        found: dict[Key, Value] = {}
        for period in PERIODS[PERIODS.index(self.kpi["rhythm"]) :]:
            current = start_of(period, self.as_of)
            previous = start_of(period, current - DAY)
            for (dimension, member), rows in [*self.rows.items(), (("programme", "all"), [])]:
                if dimension not in self.kpi["dimensions"]:
                    continue
                first = rows[0].observed_on if rows else previous
                if dimension == "programme":
                    first = min(first, previous)
                start = start_of(period, first)
                while start <= self.as_of:
                    end = end_of(period, start)
                    last = min(end - DAY, self.as_of)
                    running = end - DAY > self.as_of
                    if period != "day" or (self.as_of - start).days < self.keep_days:
                        key = (dimension, member, period, start)
                        if key not in found or rows:
                            found[key] = self.value(dimension, member, start, last, running)
                    start = end
        return found

    def so_far(self, dimension: str, member: str, period: str) -> Value:
        """The previous period's value over as many days as the running one has behind it.

        A member that nobody had observed by the end of that period has no value there.
        """
        current = start_of(period, self.as_of)
        rows = self.rows.get((dimension, member), [])
        if dimension != "programme" and (not rows or rows[0].observed_on >= current):
            return Value(None, None, None, 0)
        previous = start_of(period, current - DAY)
        last = min(previous + (self.as_of - current), current - DAY)
        return self.value(dimension, member, previous, last, False)
