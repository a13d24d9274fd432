"""What partners and their customers do beside deals, at random, with the corners of the rules.

Belongs here: campaigns, claims, content, certificates, surveys, Upptime.
Does not belong here: partners, deals and telemetry (see random_lake.py), or results.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random_lake import RandomLake

PARTNERS = ("P0", "P1", "P2", "P3", "P4", "P5", "P9")


def fill(lake: RandomLake) -> None:
    for kind in (_campaigns, _members, _claims, _content, _certificates, _surveys, _upptime):
        kind(lake)


def _versions(lake: RandomLake) -> list[date | None]:
    """Export dates of one thing's versions: mostly one without any."""
    older, newer = lake.day(), lake.day()
    return lake.pick([None], [None], [None], [None, None], [older, newer], [newer, None])


def _near_the_end(lake: RandomLake) -> date:
    """A day on which a month, or the run's own time, is about to end."""
    last = date(lake.as_of.year, lake.pick(2, 3, 4), 1) - timedelta(days=1)
    edge = lake.pick(lake.as_of, lake.as_of, last)
    return edge + timedelta(days=lake.pick(-90, -89, -1, 0, 0, 1))


def _campaigns(lake: RandomLake) -> None:
    """Some without a partner, of an unknown partner, of a later version or deleted."""
    for number in range(8):
        for exported in _versions(lake):
            row = {
                "id": f"C{number}",
                "name": f"Campaign {number}",
                "partner_account": lake.pick("A0", "A1", "A2", "A3", "A4", "A9", None),
                "is_deleted": lake.random.random() < 0.1,
            }
            lake.add("salesforce/campaign", row, exported=exported)


def _members(lake: RandomLake) -> None:
    """Leads converted or not, contacts, no date of response, responses before the window."""
    leads = [row["id"] for row in lake.rows["salesforce/lead"]]
    for number in range(70):
        created = lake.moment()
        early = created.date() - timedelta(days=lake.pick(20, 180, 400))
        responded = lake.pick(None, lake.day(), lake.day(), _near_the_end(lake), early)
        campaign = f"C{lake.pick(*range(8), 99)}"
        lead = lake.pick(None, "L99", *lake.random.choices(leads, k=6))
        for exported in _versions(lake):
            row = {
                "id": f"M{number}",
                "campaign_id": campaign,
                "lead_id": lead,
                "contact_id": lake.pick(None, "K1"),
                "has_responded": lake.pick(True, True, True, False, None),
                "first_responded_date": responded,
                "created_date": created,
                "is_deleted": lake.random.random() < 0.1,
            }
            lake.add("salesforce/campaign_member", row, exported=exported)


def _claims(lake: RandomLake) -> None:
    for number in range(8):
        row = {
            "claim_id": f"D{number}",
            "partner_id": lake.pick(*PARTNERS),
            "requested_amount": Decimal(1000),
            "submitted_at": lake.moment(),
            "status": lake.pick("submitted", "approved", "rejected", "paid"),
        }
        lake.add("prm/mdf_claim", row)


def _content(lake: RandomLake) -> None:
    for number in range(30):
        row: dict[str, Any] = {
            "event_id": f"U{number}",
            "partner_id": lake.pick(*PARTNERS),
            "asset_id": lake.pick("deck", "video"),
            "occurred_at": lake.moment(),
        }
        lake.add("prm/content_use", row)


def _certificates(lake: RandomLake) -> None:
    """Several of one person, some that expire on a balance day, some never, some too early."""
    for number in range(40):
        issued = lake.pick(lake.day(), _near_the_end(lake), date(2024, 5, 1))
        for exported in _versions(lake):
            row = {
                "person_id": f"Z{number % 9}",
                "partner_id": lake.pick(*PARTNERS),
                "certification": lake.pick("Basics", "Expert"),
                "track": lake.pick("sales", "technical", "marketing"),
                "issued_on": issued,
                "expires_on": lake.pick(None, lake.day(), _near_the_end(lake), _near_the_end(lake)),
            }
            lake.add("lms/certification", row, exported=exported)


def _surveys(lake: RandomLake) -> None:
    """Answers twice in a quarter, at one moment, by nobody, after as_of, about nothing known."""
    scores = [Decimal(score) for score in (*range(11), "6.5", "8.5", "9.5")]
    for number in range(90):
        row = {
            "response_id": f"S{number:02}",
            "survey": lake.pick(*["integration_nps"] * 6, *["partner_nps", "csat", "ces"] * 2),
            "partner_id": lake.pick(None, None, None, "P0", "P1", "P9"),
            "integration_id": lake.pick("I0", "I1", "I2", "I3", "I4", "I9", None),
            "respondent_hash": lake.pick("h0", "h1", "h2", "h3", None),
            "score": lake.pick(*scores),
            "responded_at": lake.moment(),
        }
        for exported in _versions(lake):
            lake.add("survey/response", {**row, "score": lake.pick(*scores)}, exported=exported)
        if lake.random.random() < 0.2:
            tie = {**row, "response_id": lake.pick(f"S{number:02}x", f"R{number:02}")}
            lake.add("survey/response", {**tie, "score": lake.pick(*scores)})


def _upptime(lake: RandomLake) -> None:
    """Slugs whose lists begin late and have gaps, one of nobody, one that outlasts the day."""
    for slug in ("API", " Webhooks", "Unnamed ", "nobody"):
        begin = lake.day()
        for step in range(60):
            day = begin + timedelta(days=step)
            if lake.random.random() < 0.3:
                for exported in _versions(lake):
                    down = Decimal(lake.pick("0", "21", "12.35", "1380", "1440", "1500"))
                    row = {"slug": slug, "day": day, "minutes_down": down, "name": slug}
                    lake.add("sla/upptime_summary", row, exported=exported)
