"""KPIs of how customers use integrations, in plain Python, event by event.

Belongs here: activations by account and in time, active installations, depth of use, errors.
Does not belong here: time to activation (see customer_oracle.py), uptime.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from plain_rows import DAY, Observation

if TYPE_CHECKING:
    from datetime import datetime

    from oracle import Oracle
    from plain_rows import Row

ONE = Decimal(1)


@dataclass(frozen=True)
class Installation:
    """An account's first start of an integration, and its first activation from then on."""

    account: str
    integration: str
    started: datetime
    activated: datetime | None

    @property
    def name(self) -> str:
        return f"{self.account}|{self.integration}"


def events(oracle: Oracle) -> list[Row]:
    rows = oracle.latest("telemetry/event", "message_id")
    return [row for row in rows if oracle.local(row["timestamp"]) <= oracle.as_of]


def installations(oracle: Oracle) -> list[Installation]:
    moments: dict[tuple[str, str], dict[str, list[datetime]]] = defaultdict(dict)
    for row in events(oracle):
        account, integration = row["context_group_id"], row["properties_integration_id"]
        if account and integration:
            mine = moments[account, integration]
            mine.setdefault(row["event"], []).append(row["timestamp"])
    found = []
    for (account, integration), mine in moments.items():
        if oracle.settings["event_start"] in mine:
            start = min(mine[oracle.settings["event_start"]])
            done = mine.get(oracle.settings["event_activation"], [])
            after = min((at for at in done if at >= start), default=None)
            found.append(Installation(account, integration, start, after))
    return found


def usage(oracle: Oracle) -> list[Observation]:
    return [
        *_activated_accounts(oracle),
        *_activation_rate(oracle),
        *_active_integrations(oracle),
        *_usage_depth(oracle),
        *_error_rate(oracle),
    ]


def _activated_accounts(oracle: Oracle) -> list[Observation]:
    first: dict[tuple[str, str | None], date] = {}
    for installation in installations(oracle):
        if installation.activated is not None:
            key = installation.account, oracle.partner_of(installation.integration)
            day = oracle.local(installation.activated)
            first[key] = min(day, first.get(key, day))
    return [
        Observation("activated_accounts", day, partner, "account", account, ONE, ONE)
        for (account, partner), day in first.items()
    ]


def _activation_rate(oracle: Oracle) -> list[Observation]:
    found = []
    for installation in installations(oracle):
        due = oracle.local(installation.started) + timedelta(days=90)
        if due > oracle.as_of:
            continue
        at = installation.activated
        in_time = at is not None and oracle.local(at) <= due
        partner = oracle.partner_of(installation.integration)
        found.append(
            Observation(
                "activation_rate_90_days", due, partner, "installation", installation.name,
                Decimal(in_time), ONE,
            )
        )  # fmt: skip
    return found


class _Window:
    """What was used in the trailing days that end on a balance day."""

    def __init__(self, oracle: Oracle, day: date) -> None:
        first = day - timedelta(days=oracle.settings["active_integration_window_days"]) + DAY
        self.called: set[tuple[str, str]] = set()
        self.features: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in events(oracle):
            account, integration = row["context_group_id"], row["properties_integration_id"]
            known = account and integration in oracle.integrations
            if not known or not first <= oracle.local(row["timestamp"]) <= day:
                continue
            status, feature = row["properties_status_code"], row["properties_feature"]
            if row["event"] == oracle.settings["event_use"] and status and status < 400:
                self.called.add((account, integration))
            if row["event"] == oracle.settings["event_feature"] and feature:
                self.features[account, oracle.integrations[integration]["partner_id"]].add(feature)


def _active_integrations(oracle: Oracle) -> list[Observation]:
    return [
        Observation(
            "active_integrations", day, oracle.partner_of(integration), "active_installation",
            f"{account}|{integration}", ONE, ONE,
        )
        for day in oracle.balance_days()
        for account, integration in _Window(oracle, day).called
    ]  # fmt: skip


def _usage_depth(oracle: Oracle) -> list[Observation]:
    found = []
    for day in oracle.balance_days():
        window = _Window(oracle, day)
        of = {(account, oracle.integrations[name]["partner_id"]) for account, name in window.called}
        for account, partner in of:
            used = len(window.features[account, partner])
            found.append(
                Observation(
                    "usage_depth", day, oracle.registered(partner), "account_of_partner",
                    f"{account}|{partner}", Decimal(used), ONE,
                )
            )  # fmt: skip
    return found


def _error_rate(oracle: Oracle) -> list[Observation]:
    calls: dict[tuple[str, date], list[bool]] = defaultdict(list)
    for row in events(oracle):
        integration, status = row["properties_integration_id"], row["properties_status_code"]
        if row["event"] == oracle.settings["event_use"] and integration in oracle.integrations:
            failed = status is not None and status >= 500
            calls[integration, oracle.local(row["timestamp"])].append(failed)
    return [
        Observation(
            "integration_error_rate", day, oracle.partner_of(integration), "integration_calls",
            integration, Decimal(sum(failed)), Decimal(len(failed)),
        )
        for (integration, day), failed in calls.items()
    ]  # fmt: skip
