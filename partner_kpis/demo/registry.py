"""The registry of integrations: who owns them and what the status page calls them.

Belongs here: registry/integration. Does not belong here: how they behave (sla.py, telemetry.py).
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from partner_kpis.demo.sla import PAGE_ID
from partner_kpis.demo.world import World
from partner_kpis.demo.writing import Exporter


def write_registry(world: World, out: Exporter) -> None:
    """One file; every third entry leaves the status page out, there being only one."""
    frame = pl.DataFrame(
        [
            {
                "integration_id": i.integration_id,
                "partner_id": world.partners[i.partner].partner_id,
                "name": i.name,
                "component": i.component,
                "status_page": PAGE_ID if i.component and i.position % 3 else None,
                "released_on": i.released_on.isoformat(),
                "approved_on": (i.released_on - timedelta(days=21)).isoformat(),
            }
            for i in world.integrations
        ]
    )
    out.csv("registry", "integration", "integrations.csv", frame)
