"""KPIs of repair and support in plain Python: time to recovery, first replies.

Belongs here: incidents and tickets one by one. Does not belong here: uptime and its minutes (see
uptime_oracle.py), errors of calls (see usage_oracle.py).
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from plain_rows import Observation, components, half_up
from uptime_oracle import page_named_by
from usage_oracle import installations

if TYPE_CHECKING:
    from oracle import Oracle
    from plain_rows import Row

HOUR = timedelta(hours=1) // timedelta(microseconds=1)
COUNTED = ("minor", "major", "critical")


def reliability(oracle: Oracle) -> list[Observation]:
    return [*recoveries(oracle), *first_replies(oracle)]


def recoveries(oracle: Oracle) -> list[Observation]:
    """Each incident resolved by as_of, for every partner whose component it hit."""
    found = []
    for row in oracle.latest("sla/statuspage_incident", "id"):
        began, ended = row["started_at"] or row["created_at"], row["resolved_at"]
        if ended is None or oracle.local(ended) > oracle.as_of or ended < began:
            continue
        hours = half_up(Fraction((ended - began) // timedelta(microseconds=1), HOUR), 9)
        for partner in _partners_hit(oracle, row):
            found.append(
                Observation(
                    "mttr_hours",
                    oracle.local(ended),
                    partner,
                    "incident",
                    row["id"],
                    hours,
                    Decimal(1),
                )
            )
    return found


def _partners_hit(oracle: Oracle, incident: Row) -> set[str | None]:
    """None stands for integrations of partners that nobody knows."""
    if incident["impact"] not in COUNTED:
        return set()
    page = incident["page_id"] or "default"
    return {
        oracle.registered(integration["partner_id"])
        for integration in oracle.integrations.values()
        if (integration.get("component") or "").strip() in components(incident)
        and page_named_by(oracle, integration) == page
    }


def first_replies(oracle: Oracle) -> list[Observation]:
    """Each ticket whose promise fell due by as_of, for the partners installed at its creation."""
    installed = installations(oracle)
    found = []
    for row in oracle.latest("support/zendesk_ticket", "id"):
        promised, replied = row["sla_first_reply_minutes"], row["first_replied_at"]
        if promised is None or row["status"] == "deleted":
            continue
        due = row["created_at"] + timedelta(minutes=promised)
        if oracle.local(due) > oracle.as_of:
            continue
        partners = {
            oracle.partner_of(installation.integration)
            for installation in installed
            if installation.account == row["organization_id"]
            and installation.started <= row["created_at"]
        }
        in_time = replied is not None and replied <= due
        found += [
            Observation(
                "support_first_reply_on_time", oracle.local(due), partner, "ticket", row["id"],
                Decimal(in_time), Decimal(1),
            )
            for partner in partners or {None}
        ]  # fmt: skip
    return found
