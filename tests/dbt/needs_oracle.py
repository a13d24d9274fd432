"""Which sources a KPI needs, whether they are landed, and which periods they cover.

Belongs here: groups of sources and coverage as kpis.md words them.
Does not belong here: what is observed.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oracle import Oracle

_TOUCHED = "prm/partner"
_DEALT = "salesforce/opportunity"
_RESPONDED = ("salesforce/campaign_member", "salesforce/campaign", "salesforce/lead")

#: Each group as alternatives, one of which must be there as a whole.
GROUPS: dict[str, list[tuple[str, ...]]] = {
    "crm": [(_DEALT,), ("hubspot/deal",)],
    "touches": [
        ("prm/deal_registration",),
        ("prm/referral",),
        ("salesforce/opportunity_partner", _TOUCHED),
        ("salesforce/lead", _TOUCHED),
        (*_RESPONDED, _TOUCHED),
        ("hubspot/deal_company", _TOUCHED),
    ],
    "roles": [("salesforce/opportunity_partner", _TOUCHED), ("hubspot/deal_company", _TOUCHED)],
    "sourcing": [("prm/deal_registration",), ("prm/referral",)],
    "outages": [("sla/probe",), ("sla/statuspage_incident",), ("sla/upptime_summary",)],
    "activity": [
        ("prm/deal_registration",),
        ("prm/referral",),
        ("prm/mdf_claim",),
        ("prm/content_use",),
        ("lms/certification",),
        ("salesforce/opportunity_partner", _DEALT, _TOUCHED),
        ("salesforce/lead", _DEALT, _TOUCHED),
        (*_RESPONDED, _DEALT, _TOUCHED),
        ("hubspot/deal_company", "hubspot/deal", _TOUCHED),
    ],
}

#: The column that says when a row happened; entities without one are registers.
HAPPENED = {
    "salesforce/opportunity": "created_date",
    "salesforce/opportunity_partner": "created_date",
    "salesforce/lead": "created_date",
    "salesforce/campaign_member": "created_date",
    "prm/partner": "contract_start",
    "prm/deal_registration": "submitted_at",
    "prm/referral": "submitted_at",
    "telemetry/event": "timestamp",
    "prm/content_use": "occurred_at",
    "prm/programme_cost": "month",
    "prm/commission_payment": "paid_on",
}


def _alternatives(need: str) -> list[tuple[str, ...]]:
    return GROUPS.get(need, [(need,)])


def landed(oracle: Oracle, need: str) -> bool:
    """Whether the entity, or one alternative of the group, is landed as a whole."""
    return any(all(oracle.known.get(n) for n in names) for names in _alternatives(need))


def covers(oracle: Oracle, need: str, start: date, running: bool, fresh_days: int) -> bool:
    """Whether the entity, or one alternative of the group, covers the period that begins there."""
    return any(
        all(_covers(oracle, name, start, running, fresh_days) for name in names)
        for names in _alternatives(need)
    )


def _covers(oracle: Oracle, name: str, start: date, running: bool, fresh_days: int) -> bool:
    rows = oracle.known.get(name, [])
    if not rows or name not in HAPPENED:
        return bool(rows)
    happened = [row[HAPPENED[name]] for row in rows if row[HAPPENED[name]] is not None]
    days = [oracle.local(at) if isinstance(at, datetime) else at for at in happened]
    fresh = (oracle.as_of - max(days)).days <= fresh_days
    return min(days) <= start <= max(days) or (running and fresh)
