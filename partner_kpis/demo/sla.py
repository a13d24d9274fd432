"""How reliable integrations were: a status page as served, and probes from outside.

Belongs here: sla files. The page serves only its newest 50 incidents, so it is downloaded again
and again, and the downloads overlap. Does not belong here: the integrations (world.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from partner_kpis.demo.draw import (
    DAY,
    day_of,
    end_of,
    first_of_month,
    iso_text,
    local_midnight,
    lognormal,
    month_after,
    stamp,
    stream,
)
from partner_kpis.demo.truth import BadMonth
from partner_kpis.demo.world import SLOW_PARTNER, Integration, World
from partner_kpis.demo.writing import Exporter

PAGE_ID, PAGE_NAME, PAGE_URL = (
    "kx7v2q9d4h1m",
    "Nordlicht Plattform",
    "https://status.nordlicht.example",
)
SERVED, STEP = 50, 30  # incidents the page serves; new ones between two downloads
BAD_DAYS = ((5, 310), (13, 415), (21, 260))  # days into the bad month, minutes down
MONTHS_BACK = 2  # the bad month lies two before the one of as_of
PROBE_DAYS, PROBE_SECONDS = 120, 1800
IMPACTS, IMPACT_WEIGHTS = ("none", "minor", "major", "critical"), (0.15, 0.5, 0.25, 0.1)


@dataclass(frozen=True)
class Incident:
    """An outage of components; moments in seconds, `resolved` may lie in the future."""

    number: int
    started: int
    resolved: int
    impact: str
    components: tuple[str, ...]


def bad_integration(world: World) -> Integration:
    """The first integration after the slow partner's own; on the status page, never probed."""
    return next(i for i in world.integrations if i.partner != SLOW_PARTNER)


def bad_month(world: World) -> BadMonth:
    integration = bad_integration(world)
    month = world.calendar.month(MONTHS_BACK)
    minutes = (local_midnight(month_after(month)) - local_midnight(month)) // 60
    return BadMonth(
        partner_id=world.partners[integration.partner].partner_id,
        integration_id=integration.integration_id,
        component=str(integration.component),
        month=month,
        down_minutes=sum(down for _, down in BAD_DAYS),
        month_minutes=minutes,
    )


def write_sla(world: World, out: Exporter) -> None:
    """Files of the source sla. Scale 1: some 130 incidents, 25 maintenances, 35,000 probes."""
    _write_incidents(world, out)
    _write_maintenances(world, out)
    _write_probes(world, out)


def _in_bad_month(world: World, moment: int, margin_days: int = 2) -> bool:
    """Near enough to the bad month to change its uptime."""
    month = world.calendar.month(MONTHS_BACK)
    early = local_midnight(month) - margin_days * DAY
    return early <= moment < local_midnight(month_after(month)) + margin_days * DAY


def _incidents(world: World) -> list[Incident]:
    """Every component fails about every second month, mostly for half an hour."""
    rng = stream(world.seed, "incidents")
    components = [c for i in world.integrations if (c := i.page_component)]
    bad = bad_integration(world).component
    count = round(len(components) * world.calendar.months * 0.5)
    at = rng.integers(world.calendar.start + 4 * DAY, world.calendar.end - 2 * DAY, count)
    minutes = np.clip(lognormal(rng, 34, 0.8, count), 4, 600)
    drafts: list[tuple[int, int, str, tuple[str, ...]]] = []
    for started, length in zip(at.tolist(), minutes.tolist(), strict=True):
        chosen = rng.choice(components, 2, replace=False).tolist()
        hit = tuple(chosen) if rng.random() < 0.15 else (chosen[0],)
        if bad in hit and _in_bad_month(world, started):
            continue
        impact = str(rng.choice(IMPACTS, p=IMPACT_WEIGHTS))
        drafts.append((started, started + int(length * 60), impact, hit))
    month = local_midnight(world.calendar.month(MONTHS_BACK))
    for day, down in BAD_DAYS:
        begins = month + day * DAY + 9 * 3600
        drafts.append((begins, begins + down * 60, "major", (str(bad),)))
    still_open = next(c for c in reversed(components) if c != bad)
    drafts.append((world.calendar.end - 7 * 3600, world.calendar.end + DAY, "minor", (still_open,)))
    drafts.sort()
    return [Incident(n, *draft) for n, draft in enumerate(drafts)]


def _page(moment: int) -> dict[str, str]:
    return {
        "id": PAGE_ID,
        "name": PAGE_NAME,
        "url": PAGE_URL,
        "time_zone": "Europe/Berlin",
        "updated_at": iso_text(moment),
    }


def _component(name: str, position: int) -> dict[str, Any]:
    return {
        "id": f"c{position:011d}",
        "name": name,
        "status": "operational",
        "position": position,
        "description": None,
        "showcase": True,
        "group_id": None,
        "page_id": PAGE_ID,
        "only_show_if_degraded": False,
    }


def _served(incident: Incident, moment: int, positions: dict[str, int]) -> dict[str, Any]:
    """An incident as the page shows it at a moment, with its updates so far."""
    is_over = incident.resolved <= moment
    identifier = f"i{incident.number:011d}"
    steps = [("investigating", incident.started + 120, "Wir untersuchen eine Störung.")]
    if is_over:
        steps.insert(0, ("resolved", incident.resolved, "Die Störung ist behoben."))
    updates = [
        {
            "id": f"u{incident.number:08d}{status[:3]}",
            "incident_id": identifier,
            "status": status,
            "body": body,
            "created_at": iso_text(at),
            "updated_at": iso_text(at),
            "display_at": iso_text(at),
        }
        for status, at, body in steps
    ]
    return {
        "id": identifier,
        "name": f"Störung: {', '.join(incident.components)}",
        "status": "resolved" if is_over else "investigating",
        "impact": incident.impact,
        "created_at": iso_text(incident.started + 120),
        "started_at": iso_text(incident.started),
        "updated_at": iso_text(max(at for _, at, _ in steps)),
        "monitoring_at": None,
        "resolved_at": iso_text(incident.resolved) if is_over else None,
        "shortlink": f"{PAGE_URL}/i/{identifier}",
        "page_id": PAGE_ID,
        "incident_updates": updates,
        "components": [_component(name, positions[name]) for name in incident.components],
    }


def _positions(world: World) -> dict[str, int]:
    return {c: i.position + 1 for i in world.integrations if (c := i.page_component)}


def _write_incidents(world: World, out: Exporter) -> None:
    incidents, positions = _incidents(world), _positions(world)
    days = {day_of(incident.started) for incident in incidents[STEP - 1 : -1 : STEP]}
    for day in sorted({*days, world.calendar.as_of}):
        moment = end_of(day)
        known = [i for i in incidents if i.started + 120 < moment][-SERVED:]
        items = [_served(i, moment - 1, positions) for i in reversed(known)]
        content = json.dumps({"page": _page(moment - 1), "incidents": items}, ensure_ascii=False)
        file = f"{day.isoformat()}/incidents.json"
        out.text("sla", "statuspage_incident", file, content, len(items))


def _write_maintenances(world: World, out: Exporter) -> None:
    """One early Sunday morning a month for a few components, the first in the first days."""
    rng = stream(world.seed, "maintenances")
    positions = _positions(world)
    bad = bad_integration(world).component
    items: list[dict[str, Any]] = []
    month: date = world.calendar.history_start
    while month <= world.calendar.as_of:
        sunday = month + timedelta(days=(6 - month.weekday()) % 7)
        begins = local_midnight(sunday) + 3 * 3600
        if begins + 3 * 3600 < world.calendar.end:
            chosen = rng.choice(list(positions), 3, replace=False).tolist()
            names = [n for n in chosen if n != bad or not _in_bad_month(world, begins)]
            items.append(_maintenance(len(items), begins, names, positions))
        month = month_after(first_of_month(month))
    page = _page(world.calendar.end - 1)
    body = {"page": page, "scheduled_maintenances": items[::-1][:SERVED]}
    file = f"{world.calendar.as_of.isoformat()}/scheduled_maintenances.json"
    content = json.dumps(body, ensure_ascii=False)
    out.text("sla", "statuspage_maintenance", file, content, len(body["scheduled_maintenances"]))


def _maintenance(
    number: int, begins: int, names: list[str], positions: dict[str, int]
) -> dict[str, Any]:
    until = begins + (60 + number % 3 * 30) * 60
    identifier = f"m{number:011d}"
    return {
        "id": identifier,
        "name": "Geplante Wartung",
        "status": "completed",
        "impact": "maintenance",
        "created_at": iso_text(begins - 5 * DAY),
        "started_at": iso_text(begins),
        "updated_at": iso_text(until),
        "monitoring_at": None,
        "resolved_at": iso_text(until),
        "scheduled_for": iso_text(begins),
        "scheduled_until": iso_text(until),
        "shortlink": f"{PAGE_URL}/i/{identifier}",
        "page_id": PAGE_ID,
        "incident_updates": [],
        "components": [_component(name, positions[name]) for name in names],
    }


def _write_probes(world: World, out: Exporter) -> None:
    """A check every half hour over the last 120 days; one in 300 fails, failures last a while."""
    rng = stream(world.seed, "probes")
    probed = [i for i in world.integrations if i.is_probed]
    begin = local_midnight(world.calendar.as_of - timedelta(days=PROBE_DAYS - 1))
    slots = np.arange(begin, world.calendar.end, PROBE_SECONDS)
    parts = []
    for integration in probed:
        fails = rng.random(len(slots)) < 0.0011
        is_down = fails | np.roll(fails, 1) | np.roll(fails, 2)
        response = lognormal(rng, 180, 0.35, len(slots)).astype(np.int64)
        parts.append(
            pl.DataFrame(
                {
                    "integration_id": [integration.integration_id] * len(slots),
                    "at": slots + integration.position * 7 % 600,
                    "is_up": np.where(is_down, "false", "true").astype(str),
                    "response_ms": pl.Series(response).set(pl.Series(is_down), None),
                }
            )
        )
    probes = pl.concat(parts).sort("at", "integration_id")
    month = first_of_month(day_of(begin + DAY // 2))
    while month <= world.calendar.as_of:
        low, high = local_midnight(month), local_midnight(month_after(month))
        frame = probes.filter((pl.col("at") >= low) & (pl.col("at") < high))
        frame = frame.select(
            "integration_id", stamp("at").alias("checked_at"), "is_up", "response_ms"
        )
        out.csv("sla", "probe", f"probes_{month.strftime('%Y_%m')}.csv", frame)
        month = month_after(month)
