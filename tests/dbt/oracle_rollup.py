"""Values of periods in plain Python, from any list of observations.

Belongs here: kinds, dimensions, periods, empty periods and running periods as kpis.md words them.
Does not belong here: where observations come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from plain_rows import DAY, Observation

PERIODS = ["day", "week", "month", "quarter", "year"]
Key = tuple[str, str, str, date]


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


class Rollup:
    """The values of one KPI.

    `member_of(observation, dimension)` names the member an observation counts for, or None;
    `covered(start, running)` says whether the KPI's sources cover a period.
    """

    def __init__(
        self,
        definition: dict[str, Any],
        observations: Iterable[Observation],
        as_of: date,
        member_of: Callable[[Observation, str], str | None],
        covered: Callable[[date, bool], bool],
        keep_days: int = 400,
    ) -> None:
        self.kpi, self.as_of, self.keep_days = definition, as_of, keep_days
        self.covered = covered
        self.rows: dict[tuple[str, str], dict[tuple[str, date], Observation]] = {}
        for observation in observations:
            for dimension in definition["dimensions"]:
                member = member_of(observation, dimension)
                if member is not None:
                    key = (observation.entity_id, observation.observed_on)
                    self.rows.setdefault((dimension, member), {})[key] = observation

    def within(self, dimension: str, member: str, first: date, last: date) -> list[Observation]:
        """What counts between two days: for a balance, what the last day shows."""
        if self.kpi["is_balance"]:
            first = last
        rows = self.rows.get((dimension, member), {}).values()
        return [row for row in rows if first <= row.observed_on <= last]

    def value(self, dimension: str, member: str, first: date, last: date, running: bool) -> Any:
        """The value of a span, or None."""
        rows = self.within(dimension, member, first, last)
        kind = self.kpi["kind"]
        if kind == "median":
            return float(median(row.numerator for row in rows)) if rows else None
        total = sum((row.numerator for row in rows), Decimal(0))
        if kind == "ratio":
            below = sum((row.denominator for row in rows), Decimal(0))
            return float(total) / float(below) if below else None
        assert kind == "share"
        programme = self.within("programme", "all", first, last)
        below = sum((row.denominator for row in programme), Decimal(0))
        if not below or (not rows and not (below > 0 and self.covered(first, running))):
            return None
        return float(total) / float(below)

    def values(self) -> dict[Key, Any]:
        """dimension, member, period type and start -> value, for every row that must exist."""
        found: dict[Key, Any] = {}
        for period in PERIODS[PERIODS.index(self.kpi["rhythm"]) :]:
            current = start_of(period, self.as_of)
            previous = start_of(period, current - DAY)
            for (dimension, member), rows in [*self.rows.items(), (("programme", "all"), {})]:
                first = min((day for _, day in rows), default=previous)
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

    def so_far(self, dimension: str, member: str, period: str) -> Any:
        """The previous period's value over as many days as the running one has behind it."""
        current = start_of(period, self.as_of)
        previous = start_of(period, current - DAY)
        last = min(previous + (self.as_of - current), current - DAY)
        return self.value(dimension, member, previous, last, False)
