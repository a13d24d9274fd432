"""A small world of random exports, deterministic by seed, and ways to land it.

Belongs here: rows of every entity with all that makes versions hard (conflicts, equal stamps,
deleted rows, late events, tier changes, maintenance after the probes), and cutting exports into
parts. Does not belong here: running the pipeline or comparing its results.

Every row is ordered by a rule that does not depend on landing: a modification stamp, an export
date in the path, or it never changes.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

Row = dict[str, Any]

AS_OF = date(2026, 6, 20)
FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)
STAGES = (
    ("Prospecting", False, False),
    ("Negotiation", False, False),
    ("Closed Won", True, True),
    ("Closed Lost", True, False),
)
PARTNERS = ("P1", "P2", "P3")
COMPONENTS = ("API", "Webhooks")


@dataclass(frozen=True)
class Export:
    """Rows that a user exported together; `export_date` is written into the path."""

    entity: str
    name: str
    rows: tuple[Row, ...]
    export_date: date | None = None

    @property
    def is_jsonl(self) -> bool:
        return self.entity.startswith(("telemetry/", "sla/statuspage_"))

    def text(self) -> str:
        """The file's content: JSON lines, or CSV with a header."""
        if self.is_jsonl:
            return "".join(json.dumps(row) + "\n" for row in self.rows)
        out = io.StringIO()
        columns = list(dict.fromkeys(column for row in self.rows for column in row))
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        return out.getvalue()

    def file_name(self) -> str:
        """Path below landing/."""
        folder = f"{self.export_date}/" if self.export_date else ""
        return f"{self.entity}/{folder}{self.name}.{'jsonl' if self.is_jsonl else 'csv'}"


def drop(landing: Path, exports: Sequence[Export]) -> None:
    """Write exports as files below a landing folder."""
    for export in exports:
        path = landing / export.file_name()
        assert not path.exists(), f"{path} would be overwritten"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(export.text(), encoding="utf-8")


def scattered(exports: Sequence[Export], random: Random, runs: int) -> list[list[Export]]:
    """The same exports cut into parts, some twice under other names, dealt out to several runs.

    Names are random, because files of one run are landed in the order of their names.
    """
    dealt: list[list[Export]] = [[] for _ in range(runs)]
    parts = [part for export in exports for part in _parts(export, random)]
    copies = random.sample(parts, k=max(1, len(parts) // 4))
    for part in [*parts, *copies]:
        name = f"x{random.getrandbits(64):016x}"
        name = name.translate(str.maketrans("0123456789", "ghijklmnop"))  # reads as no date
        dealt[random.randrange(runs)].append(replace(part, name=name))
    return dealt


def _parts(export: Export, random: Random) -> list[Export]:
    rows = export.rows
    cuts = sorted(
        {random.randrange(1, len(rows)) for _ in range(random.randrange(3))}
        if len(rows) > 1
        else ()
    )
    bounds = [0, *cuts, len(rows)]
    return [replace(export, rows=rows[a:b]) for a, b in pairwise(bounds)]


def random_world(seed: int) -> list[Export]:
    """Exports of every entity. The same seed gives the same exports."""
    random = Random(seed)
    exports: list[Export] = []
    for entity, versions in (
        ("salesforce/account", _accounts(random)),
        ("salesforce/opportunity", _opportunities(random)),
        ("salesforce/opportunity_partner", _opportunity_partners(random)),
        ("salesforce/lead", _leads(random)),
        ("prm/partner", _partners(random)),
        ("prm/deal_registration", _deal_registrations(random)),
        ("prm/referral", _referrals(random)),
        ("sla/statuspage_incident", _incidents(random)),
        ("sla/statuspage_maintenance", _maintenances(random)),
    ):
        exports += _spread(entity, versions, random, dated=False)
    for entity, rows in (
        ("salesforce/opportunity_history", _history(random)),
        ("telemetry/event", _events(random)),
        ("sla/probe", _probes(random)),
    ):
        exports += _spread(entity, rows, random, dated=False)
        exports += _spread(entity, _changed(entity, rows, random), random, dated=True)
    for entity, rows in (
        ("registry/integration", _integrations(random)),
        ("finance/ecb_rate", _rates(random)),
        ("planning/target", _targets(random)),
    ):
        exports += _spread(entity, rows, random, dated=True)
    return exports


def _spread(entity: str, rows: list[Row], random: Random, *, dated: bool) -> list[Export]:
    """Rows dealt out to two or three exports; neighbours overlap, as full exports do."""
    rows = random.sample(rows, k=len(rows))
    count = random.randrange(2, 4)
    exports = []
    for i in range(count):
        mine = rows[i::count] + random.sample(rows, k=len(rows) // 4)
        # Two exports may carry the same date: their conflicts fall to the content.
        on = FIRST.date() + timedelta(days=random.choice((10, 40, 80))) if dated else None
        exports.append(Export(entity, f"{'abc'[i]}{'dated' if dated else ''}", tuple(mine), on))
    return exports


def _moment(random: Random, days: int = 165) -> datetime:
    return FIRST + timedelta(minutes=random.randrange(days * 24 * 60))


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _sf_id(prefix: str, number: int) -> str:
    return f"{prefix}{number:012d}AAA"


def _stamps(random: Random, created: datetime) -> list[str]:
    """Stamps of one to three versions; equal ones happen."""
    stamps = [created + timedelta(days=random.randrange(1, 60)) for _ in range(random.randrange(3))]
    stamps = [created, *stamps]
    if random.random() < 0.4:
        stamps.append(stamps[-1])
    return [_iso(stamp) for stamp in stamps]


def _accounts(random: Random) -> list[Row]:
    return [
        {"Id": _sf_id("001", n), "Name": f"Customer {n} {i}", "CreatedDate": _iso(FIRST),
         "SystemModstamp": stamp, "IsDeleted": "false"}
        for n in range(6)
        for i, stamp in enumerate(_stamps(random, FIRST))
    ]  # fmt: skip


def _opportunities(random: Random) -> list[Row]:
    rows = []
    for n in range(14):
        created = _moment(random, 120)
        for stamp in _stamps(random, created):
            stage, is_closed, is_won = random.choice(STAGES)
            if random.random() < 0.05:  # a stage whose rows contradict each other
                is_closed, is_won = True, False
            rows.append({
                "Id": _sf_id("006", n), "AccountId": _sf_id("001", n % 6), "Name": f"Deal {n}",
                "StageName": stage, "Amount": random.choice(("", random.randrange(1, 9999) / 4)),
                "CurrencyIsoCode": random.choice(("", "EUR", "USD")),
                "CloseDate": str((created + timedelta(days=random.randrange(90))).date()),
                "CreatedDate": _iso(created), "IsClosed": is_closed, "IsWon": is_won,
                "SystemModstamp": stamp, "IsDeleted": random.random() < 0.1,
            })  # fmt: skip
    return rows


def _history(random: Random) -> list[Row]:
    return [
        {"Id": _sf_id("008", n), "OpportunityId": _sf_id("006", random.randrange(14)),
         "StageName": random.choice(STAGES)[0], "Amount": random.randrange(1, 9999) / 4,
         "CreatedDate": _iso(_moment(random)), "IsDeleted": random.random() < 0.1}
        for n in range(25)
    ]  # fmt: skip


def _opportunity_partners(random: Random) -> list[Row]:
    rows = []
    for n in range(10):
        created, opportunity = _moment(random), _sf_id("006", random.randrange(14))
        for stamp in _stamps(random, created):
            rows.append({
                "Id": _sf_id("00I", n), "OpportunityId": opportunity,
                "AccountToId": _sf_id("001", 100 + random.randrange(3)),
                "Role": random.choice(("Reseller", "Referrer")), "CreatedDate": _iso(created),
                "SystemModstamp": stamp, "IsDeleted": random.random() < 0.15,
            })  # fmt: skip
    return rows


def _leads(random: Random) -> list[Row]:
    rows = []
    for n in range(8):
        created = _moment(random)
        for stamp in _stamps(random, created):
            rows.append({
                "Id": _sf_id("00Q", n), "Company": f"Company {n}",
                "Email": f"person{random.randrange(99)}@company{n}.example",
                "CreatedDate": _iso(created), "IsConverted": "true",
                "ConvertedOpportunityId": _sf_id("006", random.randrange(14)),
                "utm_source__c": random.choice(("one", "TWO", "", "three")),
                "SystemModstamp": stamp, "IsDeleted": random.random() < 0.1,
            })  # fmt: skip
    return rows


def _partners(random: Random) -> list[Row]:
    rows = []
    for n, partner in enumerate(PARTNERS):
        for stamp in _stamps(random, _moment(random, 90)):
            rows.append({
                "partner_id": partner, "name": f"Partner {partner}",
                "utm_source": ("one", "two", "three")[n],
                "crm_account_id": _sf_id("001", 100 + n),
                "partner_type": random.choice(("sales", "technology", "service")),
                "tier": random.choice(("strategic", "active", "network", "")),
                "region": random.choice(("DACH", "Nordics")),
                "partner_contact": f"someone{random.randrange(99)}@{partner.lower()}.example",
                "contract_start": "2025-11-01", "updated_at": stamp,
            })  # fmt: skip
    return rows


def _deal_registrations(random: Random) -> list[Row]:
    rows = []
    for n in range(8):
        submitted, partner = _moment(random, 120), random.choice((*PARTNERS, "P-unknown"))
        for stamp in _stamps(random, submitted):
            rows.append({
                "registration_id": f"R{n}", "partner_id": partner,
                "opportunity_id": _sf_id("006", random.randrange(14)),
                "submitted_at": _iso(submitted),
                "decision": random.choice(("pending", "approved", "approved", "rejected")),
                "decided_at": _iso(submitted + timedelta(days=3)), "updated_at": stamp,
            })  # fmt: skip
    return rows


def _referrals(random: Random) -> list[Row]:
    rows = []
    for n in range(8):
        submitted = _moment(random, 120)
        for stamp in _stamps(random, submitted):
            rows.append({
                "referral_id": f"F{n}", "partner_id": random.choice(PARTNERS),
                "direction": random.choice(("received", "received", "sent")),
                "submitted_at": _iso(submitted),
                "status": random.choice(("submitted", "accepted", "rejected", "won", "lost")),
                "opportunity_id": _sf_id("006", random.randrange(14)), "updated_at": stamp,
            })  # fmt: skip
    return rows


def _integrations(random: Random) -> list[Row]:
    return [
        {"integration_id": f"I{n}", "partner_id": random.choice(PARTNERS), "name": f"Number {n}",
         "component": random.choice((*COMPONENTS, "")), "released_on": f"2026-01-{10 + n}"}
        for n in range(4)
        for _ in range(2)
    ]  # fmt: skip


def _incidents(random: Random) -> list[Row]:
    rows = []
    for n in range(6):
        started = _moment(random)
        for stamp in _stamps(random, started):
            ended = _iso(started + timedelta(minutes=random.randrange(1, 3000)))
            named = random.sample(COMPONENTS, k=random.randrange(3))
            rows.append({
                "id": f"inc{n}", "name": f"Incident {n}", "status": "resolved",
                "impact": random.choice(("none", "minor", "major", "critical")),
                "created_at": _iso(started), "started_at": _iso(started),
                "resolved_at": random.choice((None, ended)),
                "components": [{"name": name} for name in named],
                "updated_at": stamp,
            })  # fmt: skip
    return rows


def _maintenances(random: Random) -> list[Row]:
    rows = []
    for n in range(4):
        begins = _moment(random)
        for stamp in _stamps(random, begins):
            rows.append({
                "id": f"main{n}", "name": f"Maintenance {n}", "status": "completed",
                "impact": "maintenance", "scheduled_for": _iso(begins),
                "scheduled_until": _iso(begins + timedelta(minutes=random.randrange(1, 4000))),
                "components": [{"name": random.choice(COMPONENTS)}], "created_at": _iso(begins),
                "updated_at": stamp,
            })  # fmt: skip
    return rows


def _events(random: Random) -> list[Row]:
    rows = []
    for n in range(60):
        event = random.choice(("Integration Installed", "First Value Reached",
                               "First Value Reached", "Feature Used"))  # fmt: skip
        rows.append({
            "messageId": f"m{n}", "type": random.choice(("track", "track", "track", "page")),
            "event": event, "userId": f"user-{random.randrange(9)}",
            "timestamp": _iso(_moment(random)),
            "context": {"groupId": random.choice((_sf_id("001", random.randrange(4)), None))},
            "properties": {"integration_id": f"I{random.randrange(4)}", "feature": "export"},
        })  # fmt: skip
    return rows


def _probes(random: Random) -> list[Row]:
    # Around midnight, where local days and UTC days part; a row each, so that keys are unique.
    days = random.sample(range(20, 160), k=12)
    return [
        {"integration_id": f"I{n}", "is_up": random.random() < 0.8, "response_ms": 100 + hour,
         "checked_at": _iso(FIRST.replace(hour=0) + timedelta(days=day, hours=hour, minutes=30))}
        for n in range(3)
        for day in days
        for hour in (0, 5, 21, 22, 23)
    ]  # fmt: skip


def _changed(entity: str, rows: list[Row], random: Random) -> list[Row]:
    """Some of the rows as a dated export corrects them; keys and event times stay."""
    changed = []
    for row in random.sample(rows, k=len(rows) // 3):
        for _ in range(random.randrange(1, 3)):
            if entity == "salesforce/opportunity_history":
                news: Row = {"StageName": random.choice(STAGES)[0], "Amount": random.randrange(999)}
            elif entity == "telemetry/event":
                news = {"event": random.choice(("Integration Installed", "First Value Reached")),
                        "userId": f"user-{random.randrange(9)}"}  # fmt: skip
            else:
                news = {"is_up": random.random() < 0.5}
            changed.append(row | news)
    return changed


def _rates(random: Random) -> list[Row]:
    """The ECB's wide rows; some days are corrected in another export."""
    return [
        {"Date": str(FIRST.date() + timedelta(days=day)),
         "USD": random.choice(("N/A", f"{1 + random.random() / 4:.4f}")),
         "JPY": f"{150 + random.random() * 20:.2f}"}
        for day in range(-10, 165, 5)
        for _ in range(random.randrange(1, 3))
    ]  # fmt: skip


def _targets(random: Random) -> list[Row]:
    return [
        {"kpi_id": kpi, "dimension": "programme", "member": "all", "valid_from": valid_from,
         "target": random.randrange(1, 99) / 100}
        for kpi in ("partner_win_rate", "integration_uptime")
        for valid_from in ("2026-01-01", "2026-04-01")
        for _ in range(2)
    ]  # fmt: skip
