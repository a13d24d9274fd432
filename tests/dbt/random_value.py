"""What value KPIs read beside deals and touches, at random, with the corners of their rules.

Belongs here: costs of the programme, deals that were won, and what deals and touches of a lake lack
for those rules: accounts, types, roles, moments that tie, contracts that begin a border's length
before a deal. Does not belong here: deals in every other state (see random_lake.py), or results.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random_lake import RandomLake

Row = dict[str, Any]
ROLES = ("Reseller", "Co-Seller", "co-seller", "Consultant", None)
TYPES = (
    "New Business", "Expansion", "upsell", " Cross-Sell ", "Existing Customer - Upgrade",
    "Existing Customer - Replacement", "Renewal", None,
)  # fmt: skip
CATEGORIES = ("management", "marketing", "systems", "commissions")


def fill(lake: RandomLake) -> None:
    """With a generator of its own: what is drawn here moves nothing that is drawn elsewhere."""
    draw = random.Random(f"value {lake.random.random()}")
    _wins(lake, draw)
    _deals(lake, draw)
    _roles(lake, draw)
    _sourcing(lake, draw)
    _contracts(lake, draw)
    _costs(lake, draw)


def _wins(lake: RandomLake, draw: random.Random) -> None:
    """Deals won by their close date, each with a partner's role, registration or referral."""
    for number in range(16):
        name, created = f"W{number:02}", lake.moment()
        close = created.date() + timedelta(days=draw.choice((0, 1, 20, 60)))
        amount = draw.choice((None, Decimal(draw.randrange(1, 9_000_000)) / 100))
        deal = {
            "id": name,
            "stage_name": "Won",
            "amount": amount or Decimal(1000),
            "currency_iso_code": draw.choice((None, "EUR", "USD")),
            "close_date": close,
            "created_date": created,
            "is_closed": True,
            "is_won": True,
            "is_deleted": False,
        }
        lake.add("salesforce/opportunity", deal)
        if draw.random() < 0.3:
            moved = {"amount": amount, "created_date": created, "is_deleted": False}
            row = {"id": f"HW{number}", "opportunity_id": name, "stage_name": "Won", **moved}
            lake.add("salesforce/opportunity_history", row)
        touch = {"opportunity_id": name, "partner_id": draw.choice(("P0", "P1", "P3", "P5", "P8"))}
        at = {"submitted_at": created, "decided_at": draw.choice((created, None))}
        if number % 3 == 0:
            row = {"registration_id": f"RW{number}", "decision": "approved", **touch, **at}
            lake.add("prm/deal_registration", row)
        if number % 4 == 0:
            row = {"referral_id": f"FW{number}", "direction": "received", "status": "won"}
            lake.add("prm/referral", {**row, **touch, **at})
        if number % 3:
            role = {"account_to_id": draw.choice(("A0", "A1", "A3", "A5", "A9")), "role": None}
            row = {"id": f"OPW{number}", "opportunity_id": name, "created_date": created, **role}
            lake.add("salesforce/opportunity_partner", {**row, "is_deleted": False})


def _deals(lake: RandomLake, draw: random.Random) -> None:
    """Few accounts, so that several wins of one compete; some close on one and the same date."""
    shared = draw.choice(lake.rows["salesforce/opportunity"])["close_date"]
    accounts: dict[str, str | None] = {}
    for row in lake.rows["salesforce/opportunity"]:
        account = accounts.setdefault(row["id"], draw.choice(("C1", "C2", "C3", "C4", None)))
        row["account_id"] = draw.choice((account, account, account, "C5"))
        row["type"] = draw.choice(TYPES)
        if draw.random() < 0.2:
            row["close_date"] = shared


def _roles(lake: RandomLake, draw: random.Random) -> None:
    for row in lake.rows["salesforce/opportunity_partner"]:
        row["role"] = draw.choice(ROLES)


def _sourcing(lake: RandomLake, draw: random.Random) -> None:
    """Registrations and referrals at the creation, just after it, at the window's end, and ties."""
    created = {row["id"]: row["created_date"] for row in lake.rows["salesforce/opportunity"]}
    submitted: dict[str, datetime] = {}
    for name in ("prm/deal_registration", "prm/referral"):
        for row in lake.rows[name]:
            opportunity = row["opportunity_id"]
            if opportunity in created and draw.random() < 0.7:
                at = created[opportunity]
                early = at - timedelta(days=draw.choice((20, 180, 181)))
                after = at + timedelta(microseconds=1)
                tie = submitted.get(opportunity, at)
                row["submitted_at"] = draw.choice((at, early, after, tie, tie))
                submitted[opportunity] = row["submitted_at"]


def _contracts(lake: RandomLake, draw: random.Random) -> None:
    """Contracts that begin on a close date or a border before it, and end on it or a day later."""
    closes = [row["close_date"] for row in lake.rows["salesforce/opportunity"] if row["is_won"]]
    begun: dict[str, tuple[date, date | None]] = {}
    for row in lake.rows["prm/partner"]:
        close = draw.choice(closes)
        start = close - timedelta(days=draw.choice((0, 1, 59, 60, 61, 90, 91)))
        end = draw.choice((None, None, close, close + timedelta(days=1)))
        partner = row["partner_id"]
        begun.setdefault(partner, (start, end))
        if int(partner[1:]) % 2:
            row["contract_start"], row["ended_on"] = begun[partner]


def _costs(lake: RandomLake, draw: random.Random) -> None:
    """Some booked again, some on another day of the month, some ahead, some before anything."""
    first = lake.first.date()
    months = [first + timedelta(days=days) for days in (-60, 0, 0, 14, 31, 31, 59, 59, 90, 120)]
    ahead = lake.as_of + timedelta(days=1)
    for month in [*months, lake.as_of, ahead]:
        for category in CATEGORIES:
            for exported in draw.choice(((None,), (None,), (None, month), ())):
                row = {
                    "month": month if draw.random() < 0.3 else month.replace(day=1),
                    "category": category,
                    "amount": Decimal(draw.randrange(-50_000, 2_000_000)) / 100,
                    "currency": draw.choice((None, "EUR", "EUR", "USD", "GBP", "XAU")),
                }
                lake.add("prm/programme_cost", row, exported=exported)
