"""Integration uptime in plain Python: each day cut into pieces, each piece asked what it was.

Belongs here: integration_uptime as kpis.md words it. Does not belong here: any other KPI.
"""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from plain_rows import DAY, Observation, components, half_up

if TYPE_CHECKING:
    from oracle import Oracle
    from plain_rows import Row

Window = tuple[datetime, datetime]
MINUTE = 60_000_000


def _page(row: Row) -> str:
    return row["page_id"] or "default"


def _inside(at: datetime, windows: list[Window]) -> bool:
    return any(begin <= at < end for begin, end in windows)


def _minutes(windows: list[Window], but_not: list[Window], begin: datetime, end: datetime) -> int:
    """Microseconds of [begin, end) inside some window and outside all of `but_not`."""
    cuts = {begin, end}
    for window in [*windows, *but_not]:
        cuts |= {moment for moment in window if begin < moment < end}
    total = 0
    edges = sorted(cuts)
    for left, right in itertools.pairwise(edges):
        if _inside(left, windows) and not _inside(left, but_not):
            total += (right - left) // timedelta(microseconds=1)
    return total


class _Page:
    """What one status page says, as far as it is landed."""

    def __init__(self, oracle: Oracle, page: str) -> None:
        incidents = oracle.latest("sla/statuspage_incident", "id")
        maintenances = oracle.latest("sla/statuspage_maintenance", "id")
        self.incidents = [row for row in incidents if _page(row) == page]
        self.maintenances = [row for row in maintenances if _page(row) == page]
        moments = [row["started_at"] or row["created_at"] for row in self.incidents]
        moments += [row["scheduled_for"] for row in self.maintenances]
        self.first_day = min(oracle.local(moment) for moment in moments)
        self.end = oracle.ends(oracle.as_of)

    def outages(self, component: str) -> list[Window]:
        return [
            (row["started_at"] or row["created_at"], min(row["resolved_at"] or self.end, self.end))
            for row in self.incidents
            if component in components(row) and row["impact"] in ("minor", "major", "critical")
        ]

    def maintained(self, component: str) -> list[Window]:
        return [
            (row["scheduled_for"], row["scheduled_until"])
            for row in self.maintenances
            if component in components(row)
        ]


def _several_pages(oracle: Oracle, integration: Row) -> bool:
    """Whether it is open which of several landed pages speaks of the integration."""
    return not integration["status_page"] and len(_landed_pages(oracle)) > 1


def _landed_pages(oracle: Oracle) -> set[str]:
    items = oracle.latest("sla/statuspage_incident", "id")
    items += oracle.latest("sla/statuspage_maintenance", "id")
    return {_page(row) for row in items}


def _page_of(oracle: Oracle, integration: Row) -> _Page | None:
    named = page_named_by(oracle, integration)
    return _Page(oracle, named) if named and _component(integration) else None


def page_named_by(oracle: Oracle, integration: Row) -> str | None:
    """The landed page that speaks of an integration: its own, or the only one."""
    landed = _landed_pages(oracle)
    named = integration["status_page"] or (min(landed) if len(landed) == 1 else None)
    return named if named in landed else None


def _component(integration: Row) -> str:
    return (integration.get("component") or "").strip()


class _Upptime:
    """Minutes down by day of the slug that a component names; an unlisted day has none."""

    def __init__(self, oracle: Oracle, component: str) -> None:
        self.down = {
            row["day"]: row["minutes_down"]
            for row in oracle.latest("sla/upptime_summary", "slug", "day")
            if component and row["slug"].strip() == component
        }

    def first_day(self) -> date | None:
        return min(self.down, default=None)

    def up(self, due: int, day: date) -> Fraction:
        return max(Fraction(0), due - Fraction(self.down.get(day, 0)) * MINUTE)


def uptime(oracle: Oracle) -> list[Observation]:
    """Every integration and day that probes, a status page or Upptime tell of."""
    probes: dict[tuple[str, date], list[Row]] = {}
    for row in oracle.latest("sla/probe", "integration_id", "checked_at"):
        key = (row["integration_id"], oracle.local(row["checked_at"]))
        probes.setdefault(key, []).append(row)
    found = []
    for name in sorted({*oracle.integrations, *(probed for probed, _ in probes)}):
        integration = oracle.integrations.get(name, {})
        page = _page_of(oracle, integration) if integration else None
        upptime = _Upptime(oracle, _component(integration))
        if integration and _several_pages(oracle, integration):
            upptime = _Upptime(oracle, "")
        starts = {page.first_day if page else None, upptime.first_day()} - {None}
        days = {day for probed, day in probes if probed == name}
        day = min(starts, default=oracle.as_of + DAY)
        while day <= oracle.as_of:
            days.add(day)
            day += DAY
        for day in sorted(days):
            if day <= oracle.as_of:
                checks = probes.get((name, day), [])
                found += _day(oracle, name, day, checks, page, upptime)
    return found


def _day(
    oracle: Oracle, name: str, day: date, checks: list[Row], page: _Page | None, upptime: _Upptime
) -> list[Observation]:
    integration = oracle.integrations.get(name, {})
    component = _component(integration)
    begin, end = oracle.begins(day), oracle.ends(day)
    maintained = page.maintained(component) if page else []
    due = _minutes([(begin, end)], maintained, begin, end)
    outside = [row for row in checks if not _inside(row["checked_at"], maintained)]
    released = integration.get("released_on") or date.min
    listed = upptime.first_day()
    if due == 0:
        return []
    if outside:
        up = due * Fraction(sum(row["is_up"] for row in outside), len(outside))
    elif page is not None and day >= max(page.first_day, released):
        up = Fraction(due - _minutes(page.outages(component), maintained, begin, end))
    elif listed is not None and day >= max(listed, released):
        up = upptime.up(due, day)
    else:
        return []
    return [
        Observation(
            "integration_uptime", day, oracle.partner_of(name), "integration", name,
            half_up(up / MINUTE, 9), half_up(Fraction(due, MINUTE), 9),
        )
    ]  # fmt: skip
