"""The registry of integrations: who owns them and what the status page calls them.

Belongs here: registry/integration. Does not belong here: how they behave (sla.py, telemetry.py).
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from partner_kpis.demo.sla import PAGE_ID
from partner_kpis.demo.upptime import REPOSITORY
from partner_kpis.demo.world import Integration, World
from partner_kpis.demo.writing import Exporter


def write_registry(world: World, out: Exporter) -> None:
    """One file."""
    frame = pl.DataFrame(
        [
            {
                "integration_id": i.integration_id,
                "partner_id": world.partners[i.partner].partner_id,
                "name": i.name,
                "component": i.component,
                "status_page": _status_page(i),
                "released_on": i.released_on.isoformat(),
                "approved_on": (i.released_on - timedelta(days=21)).isoformat(),
            }
            for i in world.integrations
        ]
    )
    out.csv("registry", "integration", "integrations.csv", frame)


def _status_page(integration: Integration) -> str | None:
    """Every third entry leaves the page out, there being only one. What Upptime watches names its
    repository, so that the page does not speak for it."""
    if integration.is_on_upptime:
        return REPOSITORY
    return PAGE_ID if integration.component and integration.position % 3 else None
