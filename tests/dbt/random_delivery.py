"""What was promised by a day, at random, on that day, before and after it.

Belongs here: steps of onboarding, items of the roadmap. Does not belong here: results.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random_lake import RandomLake

STEPS = ("Kick-off", "Portal", "Training")


def fill(lake: RandomLake) -> None:
    """With a generator of its own: what is drawn here moves nothing that is drawn elsewhere."""
    draw = random.Random(f"delivery {lake.random.random()}")
    for partner in ("P0", "P1", "P2", "P3", "P5", "P9"):
        for step in STEPS:
            for exported in draw.choice(((None,), (None,), (lake.day(), lake.day()))):
                due = _due(lake, draw)
                row = {"partner_id": partner, "step": step, "due_on": due}
                row["completed_on"] = _done(draw, due)
                lake.add("prm/onboarding_step", row, exported=exported)
    for number in range(40):
        for exported in draw.choice(((None,), (None,), (lake.day(), None))):
            due = _due(lake, draw)
            item = {
                "item_id": f"RM{number}",
                "partner_id": draw.choice(("P0", "P1", "P3", "P9", None)),
                "title": f"Item {number}",
                "committed_on": due,
                "due_on": due,
                "delivered_on": _done(draw, due),
                "kind": draw.choice(("roadmap", "joint_launch", "joint_launch", None)),
                "approved_on": draw.choice((None, due, due - timedelta(days=draw.randrange(200)))),
            }
            lake.add("roadmap/item", item, exported=exported)


def _due(lake: RandomLake, draw: random.Random) -> date:
    edge = lake.as_of + timedelta(days=draw.choice((-1, 0, 1)))
    return draw.choice((lake.day(), lake.day(), edge))


def _done(draw: random.Random, due: date) -> date | None:
    return draw.choice((None, due, due, *(due + timedelta(days=n) for n in (-9, -1, 1, 20))))
