"""The partner programme's exports: partners as they were at four dates, and deal registrations.

Belongs here: partners and deal registrations. Does not belong here: referrals, whose export is a
spreadsheet (referrals.py); what happened (world.py, deals.py).
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from partner_kpis.demo.deals import REGISTRATION, Deals, loose_ends, touches_with
from partner_kpis.demo.draw import (
    DAY,
    end_of,
    iso_day,
    iso_text,
    local_midnight,
    lognormal,
    stamp,
    stream,
    suffix,
)
from partner_kpis.demo.world import CURRENCIES, Partner, World
from partner_kpis.demo.writing import Exporter, Fault


def write_prm(world: World, deals: Deals, out: Exporter) -> None:
    """Partners and registrations of the source prm."""
    _write_partners(world, out)
    _write_registrations(world, deals, out)


def _write_partners(world: World, out: Exporter) -> None:
    """The list of partners at four month ends, half a year apart; ended ones stay listed."""
    calendar = world.calendar
    for months_back in (18, 12, 6, 0):
        last = months_back == 0
        day = calendar.as_of if last else calendar.month(months_back - 1) - timedelta(days=1)
        moment = end_of(day)
        rows = [_partner_row(p, day, moment) for p in world.partners]
        frame = pl.DataFrame([r for r in rows if r], schema=dict.fromkeys(_PARTNER, pl.String))
        homeless = {"partner_id": "P-9001", "partner_type": "sales", "contract_start": "2026-01-01"}
        faults = [Fault("missing_required", "name", homeless)] if last else []
        out.csv("prm", "partner", f"partner_{suffix(day)}.csv", frame, faults=faults)


_PARTNER = (
    "partner_id", "name", "website", "utm_source", "crm_account_id", "partner_type",
    "engagement_model", "tier", "region", "country", "currency", "partner_manager",
    "partner_contact", "required_certified_people", "contract_start", "contract_end",
    "renewed_on", "ended_on", "updated_at",
)  # fmt: skip


def _partner_row(partner: Partner, day: date, moment: int) -> dict[str, str | None] | None:
    """The partner as the programme knew it at the end of a day; nothing before it registered."""
    known = [(since, tier) for since, tier in partner.tiers if since < moment]
    if not known:
        return None
    since, tier = known[-1]
    has_ended = partner.ended_on is not None and partner.ended_on <= day
    renewals = [
        renewed
        for years in (1, 2, 3, 4, 5)
        if (renewed := partner.contract_start + timedelta(days=365 * years - 40)) <= day
        and not (partner.ended_on and renewed >= partner.ended_on)
    ]
    stamps = [since, *(local_midnight(r) + 36_000 for r in renewals[-1:])]
    if has_ended and partner.ended_on:
        stamps.append(local_midnight(partner.ended_on) + 36_000)
    # Every other partner's CRM id was copied from a report, which shows 15 characters only.
    crm = partner.crm_account_id[:15] if partner.position % 2 else partner.crm_account_id
    contract_end = partner.contract_start + timedelta(days=365 * (len(renewals) + 1))
    return {
        "partner_id": partner.partner_id,
        "name": partner.name,
        "website": f"https://www.{partner.utm_source}.example",
        "utm_source": partner.utm_source,
        "crm_account_id": crm,
        "partner_type": partner.partner_type,
        "engagement_model": partner.engagement_model,
        "tier": tier,
        "region": partner.region,
        "country": partner.country,
        "currency": CURRENCIES.get(partner.country, "EUR"),
        "partner_manager": partner.manager,
        "partner_contact": partner.contact,
        "required_certified_people": {"strategic": "6", "active": "3"}.get(tier, "1"),
        "contract_start": partner.contract_start.isoformat(),
        "contract_end": contract_end.isoformat(),
        "renewed_on": renewals[-1].isoformat() if renewals else None,
        "ended_on": partner.ended_on.isoformat() if has_ended and partner.ended_on else None,
        "updated_at": iso_text(max(stamps)),
    }


def _write_registrations(world: World, deals: Deals, out: Exporter) -> None:
    """Two full exports a month apart: most rows of the second are there already."""
    rng = stream(world.seed, "registrations")
    good = touches_with(world, deals, REGISTRATION)
    loose = loose_ends(world, max(6, good.height // 2), "loose registrations")
    rows = pl.concat([good, loose], how="diagonal").sort("at", "partner", "customer")
    partner_id = pl.Series([p.partner_id for p in world.partners])
    hours = lognormal(rng, 22.0, 0.7, rows.height)
    rows = rows.with_row_index("number").with_columns(
        partner_id=partner_id.gather(rows["partner"]),
        decided=pl.col("at") + pl.Series((hours * 3600).astype(np.int64)),
        verdict=pl.when(
            pl.col("opportunity_id").is_not_null() | pl.Series(rng.random(rows.height) < 0.3)
        )
        .then(pl.lit("approved"))
        .otherwise(pl.lit("rejected")),
    )
    days = world.calendar.month_ends(2)
    for day in days:
        moment = end_of(day)
        known = rows.filter(pl.col("at") < moment)
        is_decided = pl.col("decided") < moment
        known = known.with_columns(
            decision=pl.when(is_decided).then("verdict").otherwise(pl.lit("pending")),
            decided=pl.when(is_decided).then("decided"),
            until=pl.when(is_decided & (pl.col("verdict") == "approved")).then(
                pl.col("decided") + 90 * DAY
            ),
            updated=pl.when(is_decided).then("decided").otherwise("at"),
        )
        frame = known.select(
            registration_id=pl.format("REG-{}", pl.col("number").cast(pl.String).str.zfill(6)),
            partner_id="partner_id",
            customer_account_id="customer",
            opportunity_id="opportunity_id",
            submitted_at=stamp("at"),
            decided_at=stamp("decided"),
            decision="decision",
            protected_until=iso_day("until"),
            updated_at=stamp("updated"),
        )
        faults = _registration_faults(world) if day == days[-1] else []
        file = f"deal_registration_{suffix(day)}.csv"
        out.csv("prm", "deal_registration", file, frame, faults=faults)


def _registration_faults(world: World) -> list[Fault]:
    submitted = iso_text(world.calendar.end - 6 * DAY)
    row = {"partner_id": "P-0103", "submitted_at": submitted, "decision": "pending"}
    return [
        Fault(
            "unknown_enum", "decision", row | {"registration_id": "REG-900001", "decision": "maybe"}
        ),
        Fault(
            "bad_date",
            "submitted_at",
            row | {"registration_id": "REG-900002", "submitted_at": "last Tuesday"},
        ),
    ]
