"""What customers do with integrations, at random, on the borders of windows and days.

Belongs here: more events, and integrations of nobody known. Does not belong here: results.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random_lake import RandomLake


def fill(lake: RandomLake) -> None:
    _registry(lake)
    _events(lake)


def _registry(lake: RandomLake) -> None:
    """Two integrations of partners that the registry of partners does not know."""
    for name, partner in (("I5", "P9"), ("I6", "P9")):
        row = {
            "integration_id": name,
            "partner_id": partner,
            "name": name,
            "component": lake.pick("API", "Webhooks", None),
            "status_page": lake.pick(None, "page1"),
            "released_on": None,
        }
        lake.add("registry/integration", row)


def _near_an_edge(lake: RandomLake) -> datetime:
    """About midnight, a window, or 90 days before as_of, in whatever zone the world lives."""
    days = lake.pick(0, 0, 1, 7, 27, 28, 28, 29, 56, 90, 91, 180)
    day = datetime.combine(lake.as_of, time()) - timedelta(days=days)
    hour = lake.pick(0, 3, 4, 5, 11, 12, 13, 18, 19, 21, 22, 23)
    return day + timedelta(hours=hour, minutes=lake.pick(0, 29, 30, 59), seconds=lake.pick(0, 59))


def _events(lake: RandomLake) -> None:
    """Few accounts, so that they meet again; calls of every outcome, also without one."""
    names = ("Integration Called", "Integration Called", "Feature Used", "Feature Used")
    milestones = ("Integration Installed", "First Value Reached")
    for number in range(160):
        row = {
            "message_id": f"U{number}",
            "event": lake.pick(*names, *names, *milestones),
            "timestamp": lake.pick(lake.moment, lambda: _near_an_edge(lake))(),
            "context_group_id": lake.pick("C1", "C2", "C3", "C5", "C6", None),
            "properties_integration_id": lake.pick("I0", "I1", "I4", "I5", "I6", "I9", None),
            "properties_feature": lake.pick(None, "Sync", "Export", "Import"),
            "properties_status_code": lake.pick(None, 200, 201, 399, 400, 404, 499, 500, 503),
        }
        lake.add("telemetry/event", row)
        if lake.random.random() < 0.1:
            lake.add("telemetry/event", row)
