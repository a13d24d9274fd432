"""Tickets of the support, at random, on the borders of their promises.

Belongs here: tickets, and the moments at which their customers had installed something.
Does not belong here: results.
"""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random_lake import RandomLake


def fill(lake: RandomLake) -> None:
    """With a generator of its own: what is drawn here moves nothing that is drawn elsewhere."""
    draw = random.Random(f"support {lake.random.random()}")
    starts = [r for r in lake.rows["telemetry/event"] if r["event"] == "Integration Installed"]
    for number in range(60):
        installed = draw.choice(starts)
        created = draw.choice((lake.moment(), _near_the_end(lake, draw), installed["timestamp"]))
        promised = draw.choice((None, 1, 60, 60, 480, 1440, 2880))
        for again in range(draw.choice((1, 1, 1, 2))):
            row = {
                "id": f"T{number:02}",
                "organization_id": draw.choice(
                    (installed["context_group_id"], installed["context_group_id"], "C1", "C9", None)
                ),
                "status": draw.choice(("open", "solved", "closed", "closed", "deleted")),
                "created_at": created,
                "first_replied_at": _reply(draw, created, promised),
                "sla_first_reply_minutes": promised,
            }
            stamp = draw.choice((None, created + timedelta(hours=again)))
            lake.add("support/zendesk_ticket", row, stamp)


def _near_the_end(lake: RandomLake, draw: random.Random) -> datetime:
    """In the last two days or just after, in whatever zone the world lives."""
    hours = draw.randrange(-48, 30)
    return datetime.combine(lake.as_of, time()) + timedelta(hours=24 + hours)


def _reply(draw: random.Random, created: datetime, promised: int | None) -> datetime | None:
    due = created + timedelta(minutes=promised or 60)
    late = timedelta(microseconds=1)
    return draw.choice((None, created, due, due + late, due - late, due + timedelta(days=3)))
