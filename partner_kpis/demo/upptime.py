"""An Upptime repository's summary: for each service the days on which it was down.

Belongs here: sla/upptime_summary. It watches integrations that are neither probed nor on the
status page, and a web site that is no integration. Does not belong here: status page and probes
(sla.py).
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import numpy as np

from partner_kpis.demo.draw import lognormal, stream
from partner_kpis.demo.truth import UpptimeService
from partner_kpis.demo.world import World
from partner_kpis.demo.writing import Exporter

REPOSITORY = "nordlicht/upptime"
SITE = ("Nordlicht Plattform", "nordlicht-plattform")
QUIET_SHARE = 1 / 28  # of the days have an outage


def upptime_services(world: World) -> tuple[UpptimeService, ...]:
    """What Upptime saw of the integrations that it watches."""
    return tuple(
        UpptimeService(i.integration_id, str(i.component), _days_down(world, str(i.component)))
        for i in world.integrations
        if i.is_on_upptime
    )


def write_upptime(world: World, out: Exporter) -> None:
    """`history/summary.json` as it stands in the repository at as_of."""
    called = {str(i.component): i.name for i in world.integrations if i.is_on_upptime}
    called[SITE[1]] = SITE[0]
    items = [_item(world, name, slug, _days_down(world, slug)) for slug, name in called.items()]
    file = f"{world.calendar.as_of.isoformat()}/summary.json"
    content = json.dumps(items, indent=2, ensure_ascii=False)
    rows = sum(len(item["dailyMinutesDown"]) for item in items)
    out.text("sla", "upptime_summary", file, content, rows)


def _days_down(world: World, slug: str) -> dict[str, int]:
    """Minutes down by day; the first days of the history and the last ones always have some, so
    that it is known from when to when the service was watched."""
    rng = stream(world.seed, f"upptime {slug}")
    first, last = world.calendar.history_start, world.calendar.as_of
    span = (last - first).days
    chosen = np.flatnonzero(rng.random(span) < QUIET_SHARE)
    days = sorted({1, span - 2, *chosen[chosen < span - 2].tolist()})
    minutes = lognormal(rng, 14, 0.9, len(days)).clip(1, 300).astype(int)
    return {
        (first + timedelta(days=day)).isoformat(): int(down)
        for day, down in zip(days, minutes, strict=True)
    }


def _item(world: World, name: str, slug: str, down: dict[str, int]) -> dict[str, Any]:
    rng = stream(world.seed, f"response {slug}")
    item: dict[str, Any] = {
        "name": name,
        "url": f"https://{slug}.nordlicht.example/health",
        "icon": f"https://icons.nordlicht.example/{slug}.ico",
        "slug": slug,
        "status": "up",
    }
    for label, days in (("", 10_000), ("Day", 1), ("Week", 7), ("Month", 30), ("Year", 365)):
        since = world.calendar.as_of - timedelta(days=min(days, 800) - 1)
        watched = min(days, (world.calendar.as_of - world.calendar.history_start).days + 1)
        lost = sum(m for day, m in down.items() if day >= since.isoformat())
        item[f"uptime{label}"] = f"{100 * (1 - lost / (watched * 1440)):.2f}%"
    for label in ("", "Day", "Week", "Month", "Year"):
        item[f"time{label}"] = int(rng.integers(90, 240))
    item["dailyMinutesDown"] = down
    return item
