"""What campaigns and claims of a lake lack for the KPIs of marketing, at random.

Belongs here: last days, costs, decisions, amounts, currencies, on the borders of their rules.
Does not belong here: who they are of (see random_programme.py), or results.
"""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random_lake import RandomLake

CURRENCIES = (None, "EUR", "EUR", "USD", "GBP", "XAU")


def fill(lake: RandomLake) -> None:
    """With a generator of its own: what is drawn here moves nothing that is drawn elsewhere."""
    draw = random.Random(f"marketing {lake.random.random()}")
    _campaigns(lake, draw)
    _converted_leads(lake, draw)
    _claims(lake, draw)


def _amount(draw: random.Random) -> Decimal | None:
    return draw.choice((None, Decimal(0), Decimal(draw.randrange(1, 900_000)) / 100))


def _campaigns(lake: RandomLake, draw: random.Random) -> None:
    """Some end on as_of, some a day later, some long before anything else, some never."""
    long_ago = lake.first.date() - timedelta(days=200)
    for row in lake.rows["salesforce/campaign"]:
        ahead = lake.as_of + timedelta(days=1)
        row["end_date"] = draw.choice((None, lake.as_of, ahead, lake.day(), lake.day(), long_ago))
        row["actual_cost"] = draw.choice((_amount(draw), Decimal(500)))
        row["currency_iso_code"] = draw.choice(CURRENCIES)


def _converted_leads(lake: RandomLake, draw: random.Random) -> None:
    """Two leads of one deal in a campaign, and deals that were won."""
    won = [r["id"] for r in lake.rows["salesforce/opportunity"] if r["is_won"]]
    leads = lake.rows["salesforce/lead"]
    for number in range(24):
        lead = draw.choice(leads)
        if draw.random() < 0.5:
            lead["converted_opportunity_id"] = draw.choice(won)
        responded = lake.as_of + timedelta(days=draw.choice((-40, -1, 0, 1)))
        row = {
            "id": f"MW{number}",
            "campaign_id": f"C{draw.randrange(8)}",
            "lead_id": lead["id"],
            "contact_id": None,
            "has_responded": True,
            "first_responded_date": draw.choice((responded, None)),
            "created_date": lake.moment(),
            "is_deleted": False,
        }
        lake.add("salesforce/campaign_member", row)


def _claims(lake: RandomLake, draw: random.Random) -> None:
    midnight = datetime.combine(lake.as_of, time()) + timedelta(days=1)
    edges = tuple(midnight + timedelta(hours=hour) for hour in (-14, -6, -2, -1, 0, 4, 8))
    for row in lake.rows["prm/mdf_claim"]:
        row["decided_at"] = draw.choice((None, lake.moment(), lake.moment(), *edges))
        row["approved_amount"], row["paid_amount"] = _amount(draw), _amount(draw)
        row["currency"] = draw.choice(CURRENCIES)
        row["resubmissions"] = draw.choice((None, 0, 0, 1, 2))
    for number in range(20):
        again = draw.choice(lake.rows["prm/mdf_claim"])
        lake.add("prm/mdf_claim", {**again, "claim_id": f"DM{number}", "decided_at": lake.moment()})
