"""Small random lakes that visit the corners of the definitions.

Belongs here: rows of partners, deals and telemetry, deterministic by seed.
Does not belong here: what partners do beside deals (see random_programme.py), or results.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import random_commissions
import random_contracts
import random_delivery
import random_marketing
import random_programme
import random_referrals
import random_registrations
import random_support
import random_usage
import random_value

Row = dict[str, Any]
STAGES = {
    "Prospecting": (False, False),
    "Proposal": (False, False),
    "Won": (True, True),
    "Lost": (True, False),
}


class RandomLake:
    """Rows by `source/entity` between January and the end of as_of's month, some beyond."""

    def __init__(self, seed: int, as_of: date, without: Iterable[str] = ()) -> None:
        self.random = random.Random(seed)
        self.as_of = as_of
        self.first = datetime(as_of.year, 1, 1)
        self.days = (as_of - self.first.date()).days + 6
        self.rows: dict[str, list[Row]] = {}
        self.sequence = 0
        for fill in (self._partners, self._crm, self._prm, self._registry, self._status):
            fill()
        self._probes()
        self._events()
        self._rates()
        random_programme.fill(self)
        random_value.fill(self)
        random_usage.fill(self)
        random_support.fill(self)
        random_referrals.fill(self)
        random_commissions.fill(self)
        random_marketing.fill(self)
        random_registrations.fill(self)
        random_contracts.fill(self)
        random_delivery.fill(self)
        for name in without:
            del self.rows[name]

    def add(
        self,
        name: str,
        row: Row,
        modified: datetime | None = None,
        exported: date | None = None,
    ) -> None:
        self.sequence += 1
        file = self.sequence % 7
        lineage = {
            "_file_sha256": f"sha{file}",
            "_file_name": f"file{file}.csv",
            "_row_number": self.sequence,
            "_loaded_at": self.pick(*[datetime(2026, 9, 1)] * 15, datetime(2026, 11, 1)),
            "_modified_at": modified,
            "_export_date": exported,
            "_landed_seq": file,
            "_row_sha": f"{self.random.getrandbits(64):016x}",
        }
        self.rows.setdefault(name, []).append({**row, **lineage})

    def moment(self) -> datetime:
        """A moment, often at an hour where local days and summer time matter."""
        day = self.first + timedelta(days=self.random.randrange(self.days))
        if self.random.random() < 0.2:
            day = datetime(self.as_of.year, 3, 28) + timedelta(days=self.random.randrange(3))
        hour = self.random.choice([0, 1, 12, 21, 22, 23])
        micro = self.random.choice([0, 0, 123_457])
        return day + timedelta(hours=hour, minutes=self.random.randrange(60), microseconds=micro)

    def pick(self, *values: Any) -> Any:
        return self.random.choice(values)

    def day(self) -> date:
        return self.moment().date()

    def _partners(self) -> None:
        """Eight with all kinds of contracts; the last two stand in one CRM account or in none."""
        ahead = self.as_of + timedelta(days=1)
        for number in range(8):
            began = self.pick(date(2020, 1, 1), date(2020, 1, 1), self.day(), self.as_of, ahead)
            for _ in range(self.pick(1, 2, 3)):
                ended = self.pick(None, None, None, self.day(), self.as_of, ahead)
                account = {6: self.pick("A0", "A6"), 7: None}.get(number, f"A{number}")
                self.add(
                    "prm/partner",
                    {
                        "partner_id": f"P{number}",
                        "name": f"Partner {number}",
                        "utm_source": self.pick(None, f"utm{number}", f"UTM{number}"),
                        "crm_account_id": account,
                        "partner_type": self.pick("sales", "technology"),
                        "tier": self.pick("strategic", "active", "active", None),
                        "region": self.pick("DACH", "Nordics", None),
                        "required_certified_people": self.pick(None, 0, 1, 2, 3, 7),
                        "contract_start": began,
                        "ended_on": ended,
                    },
                    self.pick(self.moment(), self.moment(), None),
                )

    def _crm(self) -> None:
        for number in range(30):
            created = self.moment()
            name = f"O{number:02}"
            for _ in range(self.pick(1, 1, 2)):
                stage = self.pick(*STAGES, "Won")
                closed, won = STAGES[stage]
                if self.random.random() < 0.05:
                    won = not won
                self.add(
                    "salesforce/opportunity",
                    {
                        "id": name,
                        "stage_name": stage,
                        "amount": self.amount(),
                        "currency_iso_code": self.pick(None, "EUR", "USD", "GBP", "XAU"),
                        "close_date": self.moment().date(),
                        "created_date": created,
                        "is_closed": closed,
                        "is_won": won,
                        "is_deleted": self.random.random() < 0.07,
                    },
                    self.pick(self.moment(), None),
                )
            for step in range(self.pick(0, 1, 3, 5)):
                planned = (created + timedelta(days=17 * number % 200 + 40 * step)).date()
                self.add(
                    "salesforce/opportunity_history",
                    {
                        "id": f"H{number:02}{step}",
                        "opportunity_id": name,
                        "stage_name": self.pick(*STAGES, "Verbal"),
                        "amount": self.amount(),
                        "close_date": planned,
                        "created_date": self.moment(),
                        "is_deleted": self.random.random() < 0.1,
                    },
                )
            if self.random.random() < 0.7:
                self.add(
                    "salesforce/opportunity_partner",
                    {
                        "id": f"OP{number}",
                        "opportunity_id": name,
                        "account_to_id": self.pick("A0", "A1", "A2", "A3", "A4", "A9"),
                        "role": "Reseller",
                        "created_date": self.pick(self.moment(), created - timedelta(days=180)),
                        "is_deleted": self.random.random() < 0.1,
                    },
                    self.moment(),
                )
            late = datetime.combine(self.as_of, time()) + timedelta(days=3)
            for again in range(self.pick(0, 0, 1, 1, 2)):
                self.add(
                    "salesforce/lead",
                    {
                        "id": f"L{number}{again}",
                        "created_date": self.pick(*[self.moment(), created] * 4, late),
                        "converted_opportunity_id": self.pick(name, name, name, None, "O99"),
                        "utm_source": self.pick("utm0", "Utm1", "google", None),
                        "is_deleted": self.random.random() < 0.1,
                    },
                    self.moment(),
                )

    def amount(self) -> Decimal | None:
        whole = Decimal(self.random.randrange(1, 10_000_000)) / 100
        return self.pick(whole, whole, whole, None, Decimal(0))

    def _prm(self) -> None:
        for number in range(12):
            self.add(
                "prm/deal_registration",
                {
                    "registration_id": f"R{number}",
                    "partner_id": self.pick("P0", "P1", "P2", "P8"),
                    "opportunity_id": self.pick(f"O{number:02}", None, "O99"),
                    "submitted_at": self.moment(),
                    "decided_at": self.pick(self.moment(), None),
                    "decision": self.pick("approved", "approved", "pending", "rejected"),
                },
                self.moment(),
            )
            self.add(
                "prm/referral",
                {
                    "referral_id": f"F{number}",
                    "partner_id": self.pick("P0", "P1", "P3", "P9"),
                    "direction": self.pick("received", "received", "sent"),
                    "submitted_at": self.moment(),
                    "status": self.pick("submitted", "accepted", "rejected", "won", "lost"),
                    "decided_at": self.pick(self.moment(), None),
                    "opportunity_id": f"O{number + 5:02}",
                },
                self.moment(),
            )

    def _registry(self) -> None:
        for number in range(5):
            self.add(
                "registry/integration",
                {
                    "integration_id": f"I{number}",
                    "partner_id": f"P{self.pick(0, 1, 2, 7)}",
                    "name": f"Integration {number}",
                    "component": self.pick("API", " API ", "Webhooks", None, "Unnamed"),
                    "status_page": self.pick(None, "page1", "page2"),
                    "released_on": self.pick(None, self.moment().date()),
                },
            )

    def _status(self) -> None:
        pages = self.pick((None,), ("page1",), ("page1", "page2"))
        for number in range(12):
            begin = self.moment()
            length = timedelta(minutes=self.pick(10, 45, 300, 3000), seconds=self.pick(0, 17))
            names = self.pick(["API"], ["Webhooks "], ["API", "Webhooks"], [])
            item = {"page_id": self.pick(*pages), "components": json.dumps(names)}
            if number < 8:
                impact = self.pick("none", "minor", "major", "critical", "maintenance")
                ended = self.pick(begin + length, begin + length, None)
                started = self.pick(begin, None)
                moments = {"created_at": begin, "started_at": started, "resolved_at": ended}
                row = {"id": f"i{number}", "impact": impact, **item, **moments}
                self.add("sla/statuspage_incident", row, begin)
            else:
                if number == 8:
                    begin, length = begin.replace(hour=20, minute=0), timedelta(hours=52)
                moments = {"scheduled_for": begin, "scheduled_until": begin + length}
                row = {"id": f"m{number}", **item, **moments}
                self.add("sla/statuspage_maintenance", row, begin)

    def _probes(self) -> None:
        for _ in range(40):
            begin = self.moment().replace(microsecond=0)
            name = self.pick("I0", "I1", "I2", "I3", "I8")
            for step in range(self.pick(1, 5, 30)):
                at = begin + timedelta(minutes=30 * step)
                row = {
                    "integration_id": name,
                    "checked_at": at,
                    "is_up": self.random.random() < 0.8,
                }
                self.add("sla/probe", row)
        maintenance = self.rows["sla/statuspage_maintenance"][0]
        for edge in (maintenance["scheduled_for"], maintenance["scheduled_until"]):
            self.add("sla/probe", {"integration_id": "I0", "checked_at": edge, "is_up": False})

    def _events(self) -> None:
        names = ("Integration Installed", "First Value Reached", "Integration Called", "Other")
        for number in range(220):
            at = self.moment()
            row = {
                "message_id": f"E{number}",
                "event": self.pick(*names),
                "timestamp": at,
                "context_group_id": self.pick("C1", "C2", "C3", "C4", None),
                "properties_integration_id": self.pick("I0", "I1", "I2", "I3", "I9", None),
                "properties_feature": self.pick(None, "Sync", "Export"),
                "properties_status_code": self.pick(None, 200, 404, 500),
            }
            self.add("telemetry/event", row)
            if self.random.random() < 0.1:
                self.add("telemetry/event", row)
            if self.random.random() < 0.2:
                later = {**row, "message_id": f"E{number}b", "event": self.pick(*names)}
                later["timestamp"] = at + timedelta(minutes=self.pick(0, 5, -5))
                self.add("telemetry/event", later)

    def _rates(self) -> None:
        day = self.first.date() - timedelta(days=3)
        while day <= self.as_of:
            for currency, base in (("USD", 108), ("GBP", 85)):
                late = currency == "GBP" and day < self.first.date() + timedelta(days=40)
                if day.weekday() < 5 and not late:
                    rate = Decimal(base + self.random.randrange(20)) / 100
                    row = {"rate_date": day, "currency": currency, "rate": rate}
                    self.add("finance/ecb_rate", row)
            day += timedelta(days=1)
