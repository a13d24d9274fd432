"""What partners learn and read: certificates of their people, and uses of sales content.

Belongs here: lms/certification and prm/content_use. Does not belong here: who the partners are
(world.py) and how many certified people each must have (prm.py).
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import numpy as np
import polars as pl

from partner_kpis.demo.draw import (
    DAY,
    day_of,
    end_of,
    iso_text,
    local_midnight,
    seasonal_times,
    stamp,
    stream,
    suffix,
)
from partner_kpis.demo.prm import REQUIRED_PEOPLE
from partner_kpis.demo.world import DORMANT_PARTNER, Partner, World
from partner_kpis.demo.writing import Exporter, Fault

USES = {"strategic": 5.0, "active": 1.6, "network": 0.35}  # a month
ASSETS = (
    "battlecard-erp", "pitch-deck-platform", "case-study-logistics", "price-list", "demo-script",
    "roi-calculator", "security-whitepaper", "webinar-recording", "onboarding-guide",
)  # fmt: skip
CERTIFICATES = (
    ("Sales Foundations", "sales", 365), ("Solution Selling", "sales", 365),
    ("Integration Engineer", "technical", 730), ("Platform Architect", "technical", 730),
    ("Campaign Practitioner", "marketing", None),
)  # fmt: skip
YEAR_AGO = (381, 365, 352)  # days before as_of: the dormant partner was there


def write_enablement(world: World, out: Exporter) -> None:
    """Certificates as two full exports a month apart, content uses as one file a year."""
    _write_certificates(world, out)
    _write_uses(world, out)


def last_sign_of_life(world: World) -> date:
    """The last day of the dormant partner: a content use, planted."""
    return world.quiet_since - timedelta(days=1)


def _write_certificates(world: World, out: Exporter) -> None:
    rng = stream(world.seed, "certificates")
    rows = [row for partner in world.partners for row in _certificates(rng, world, partner)]
    frame = pl.DataFrame(rows, schema=_CERTIFICATE, orient="row")
    frame = frame.unique(["person_id", "certification", "issued_on"], keep="first")
    frame = frame.sort("issued_on", "partner_id", "person_id", "certification")
    days = world.calendar.month_ends(2)
    for day in days:
        faults = _certificate_faults(world) if day == days[-1] else []
        known = frame.filter(pl.col("issued_on") <= day.isoformat())
        file = f"certification_{suffix(day)}.csv"
        out.csv("lms", "certification", file, known, faults=faults)


_CERTIFICATE = dict.fromkeys(
    ("person_id", "partner_id", "certification", "track", "issued_on", "expires_on"), pl.String
)


def _certificates(
    rng: np.random.Generator, world: World, partner: Partner
) -> list[tuple[str, str, str, str, str, str | None]]:
    """One or two certificates for each certified person; most are renewed shortly before they
    expire. The better engaged a partner, the more of its people."""
    people = int(
        rng.binomial(REQUIRED_PEOPLE[partner.tier] + 2, min(0.9, 0.55 * partner.engagement))
    )
    if partner.position != DORMANT_PARTNER:
        people = max(people, int(partner.engagement > 0))
    starts, ends = world.active_bounds()
    first = max(day_of(int(starts[partner.position])), world.calendar.history_start)
    last = min(day_of(int(ends[partner.position]) - DAY), world.calendar.as_of)
    rows = []
    for person in range(people):
        for choice in rng.choice(len(CERTIFICATES), rng.integers(1, 3), replace=False):
            name, track, valid = CERTIFICATES[int(choice)]
            span = max(1, (last - first).days)
            issued = first + timedelta(days=int(rng.integers(-150, max(1, int(span * 0.9)))))
            while issued <= last:
                expires = issued + timedelta(days=valid) if valid else None
                key = person_id(world.seed, partner.partner_id, person)
                until = expires.isoformat() if expires else None
                if issued >= partner.contract_start:
                    rows.append((key, partner.partner_id, name, track, issued.isoformat(), until))
                if expires is None or rng.random() > 0.75:
                    break
                issued = expires - timedelta(days=int(rng.integers(2, 40)))
    return rows


def person_id(seed: int, partner_id: str, number: int) -> str:
    """A hash, as a learning system hands it out: never a name or an address."""
    return hashlib.sha256(f"{seed}|{partner_id}|{number}".encode()).hexdigest()[:24]


def _certificate_faults(world: World) -> list[Fault]:
    row = {
        "person_id": person_id(world.seed, "bad rows", 1),
        "partner_id": world.partners[0].partner_id,
        "certification": "Sales Foundations",
        "track": "sales",
        "issued_on": (world.calendar.as_of - timedelta(days=20)).isoformat(),
    }
    mail = "trainee@partner.example"  # where the hash belongs
    return [
        Fault("unknown_enum", "track", row | {"track": "legal"}),
        Fault("bad_pattern", "person_id", row | {"person_id": mail}),
    ]


def _write_uses(world: World, out: Exporter) -> None:
    rng = stream(world.seed, "content uses")
    rates = np.array([USES[p.tier] * p.engagement for p in world.partners])
    count = round(float(rates.sum()) * world.calendar.months)
    at = seasonal_times(rng, count, world.calendar, 0.3)
    partner = rng.choice(len(rates), size=count, p=rates / rates.sum())
    starts, ends = world.active_bounds()
    keep = (starts[partner] <= at) & (at < ends[partner])
    days = [world.calendar.as_of - timedelta(days=n) for n in YEAR_AGO] + [last_sign_of_life(world)]
    planted = np.array([local_midnight(day) + 36_000 for day in days])
    uses = pl.DataFrame(
        {
            "partner": np.concatenate([partner[keep], np.full(len(days), DORMANT_PARTNER)]),
            "at": np.concatenate([at[keep], planted]),
        }
    )
    partner_id = pl.Series([p.partner_id for p in world.partners], dtype=pl.String)
    uses = uses.sort("at", "partner").with_columns(
        asset=pl.Series(rng.choice(ASSETS, uses.height).astype(str)),
        event_id=pl.format("use-{}", pl.int_range(pl.len()).cast(pl.String).str.zfill(6)),
    )
    uses = uses.with_columns(partner_id=partner_id.gather(uses["partner"]))
    before = 0
    for day in world.calendar.month_ends(2):
        part = uses.filter((pl.col("at") >= before) & (pl.col("at") < end_of(day)))
        frame = part.select(
            event_id="event_id",
            partner_id="partner_id",
            asset_id="asset",
            occurred_at=stamp("at"),
        )
        last = day == world.calendar.as_of
        faults = [Fault("missing_required", "partner_id", _nobody(world))] if last else []
        out.csv("prm", "content_use", f"content_use_{suffix(day)}.csv", frame, faults=faults)
        before = end_of(day)


def _nobody(world: World) -> dict[str, str]:
    at = iso_text(world.calendar.end - 3 * DAY)
    return {"event_id": "use-900001", "asset_id": ASSETS[0], "occurred_at": at}
