"""Ends and renewals of the partners' contracts at random, with the corners of their rules.

Belongs here: contract_end and renewed_on of versions that exist. Does not belong here: partners
(see random_lake.py), or results.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random_lake import RandomLake


def fill(lake: RandomLake) -> None:
    """Ends that several versions share, renewals on the first and last days that count."""
    shared = [lake.day() for _ in range(3)]
    settled_now = lake.as_of - timedelta(days=30)
    for row in lake.rows["prm/partner"]:
        end = lake.pick(None, lake.day(), *shared, settled_now, settled_now + timedelta(days=1))
        steps = lake.pick(-181, -180, -40, 0, 30, 31, 400)
        row["contract_end"] = end
        row["renewed_on"] = lake.pick(None, (end or lake.day()) + timedelta(days=steps))
