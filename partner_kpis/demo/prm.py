"""The partner programme's list of partners, as it was at four dates.

Belongs here: prm/partner. Does not belong here: who the partners are (world.py), and the
programme's other exports (registrations.py, referrals.py, mdf.py, enablement.py).
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from partner_kpis.demo.draw import end_of, iso_text, local_midnight, suffix
from partner_kpis.demo.world import CURRENCIES, Partner, World
from partner_kpis.demo.writing import Exporter, Fault


def write_partners(world: World, out: Exporter) -> None:
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


REQUIRED_PEOPLE = {"strategic": 6, "active": 3, "network": 1}
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
        "required_certified_people": str(REQUIRED_PEOPLE[tier]),
        "contract_start": partner.contract_start.isoformat(),
        "contract_end": contract_end.isoformat(),
        "renewed_on": renewals[-1].isoformat() if renewals else None,
        "ended_on": partner.ended_on.isoformat() if has_ended and partner.ended_on else None,
        "updated_at": iso_text(max(stamps)),
    }
