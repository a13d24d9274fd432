"""What partners do, in plain Python: qualifying events, contracted and active partners.

Belongs here: those notions and active_partner_rate. Does not belong here: the health score.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from plain_rows import DAY, Observation

if TYPE_CHECKING:
    from oracle import Oracle

#: Relation, its key and the column that dates it: rows that are an event whatever became of them.
_ROWS = (
    ("prm/referral", ("referral_id",), "submitted_at"),
    ("prm/deal_registration", ("registration_id",), "submitted_at"),
    ("prm/mdf_claim", ("claim_id",), "submitted_at"),
    ("prm/content_use", ("event_id",), "occurred_at"),
)


def contracted(oracle: Oracle, day: date) -> list[str]:
    """Partners whose contract has begun and not ended at the end of that day."""
    return [
        partner
        for partner, row in oracle.partners.items()
        if row["contract_start"] <= day and (row["ended_on"] is None or row["ended_on"] > day)
    ]


def window(oracle: Oracle, day: date) -> tuple[date, date]:
    """First and last of the trailing days that end on `day`."""
    length = oracle.settings["active_partner_window_days"]
    return day - timedelta(days=length) + DAY, day


def qualifying_days(oracle: Oracle) -> dict[str | None, list[date]]:
    """The day of each qualifying event, by partner."""
    found: dict[str | None, list[date]] = {}
    for touch in oracle.touches:
        if touch.evidence in ("crm_role", "utm", "campaign"):
            found.setdefault(touch.partner_id, []).append(oracle.local(touch.at))
    for name, key, column in _ROWS:
        for row in oracle.latest(name, *key):
            found.setdefault(row["partner_id"], []).append(oracle.local(row[column]))
    for row in oracle.latest("lms/certification", "person_id", "certification", "issued_on"):
        found.setdefault(row["partner_id"], []).append(row["issued_on"])
    return found


def active_rate(oracle: Oracle) -> list[Observation]:
    events = qualifying_days(oracle)
    found = []
    for day in oracle.balance_days():
        first, last = window(oracle, day)
        for partner in contracted(oracle, day):
            active = any(first <= on <= last for on in events.get(partner, []))
            number, one, name = Decimal(active), Decimal(1), "active_partner_rate"
            found.append(Observation(name, day, partner, "partner", partner, number, one))
    return found
