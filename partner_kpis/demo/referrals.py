"""The referral export: a German spreadsheet, saved as CSV.

Belongs here: prm/referral, and the lines of sources.yml that explain its dialect: CP1252,
semicolons, decimal commas, German dates, words and headers, local time, a total at the end.
Does not belong here: which referrals led to deals (deals.py).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from partner_kpis.demo import names
from partner_kpis.demo.deals import REFERRAL, Deals, loose_ends, touches_with
from partner_kpis.demo.draw import DAY, end_of, lognormal, stream, suffix
from partner_kpis.demo.world import World
from partner_kpis.demo.writing import Exporter, Fault

# The referral export is a German spreadsheet: these lines of config/sources.yml explain it.
GERMAN_REFERRALS: dict[str, Any] = {
    "encoding": "cp1252",
    "delimiter": ";",
    "decimal": "comma",
    "date_order": "german",
    "timezone": "Europe/Berlin",
    "columns": {
        "referral_id": "Empfehlungs-Nr.",
        "partner_id": "Partner-Nr.",
        "direction": "Richtung",
        "customer_account_id": "Kundenkonto",
        "submitted_at": "Eingereicht am",
        "first_response_at": "Erste Antwort am",
        "status": "Stand",
        "decided_at": "Entschieden am",
        "opportunity_id": "Verkaufschance",
        "revenue": "Umsatz",
        "involvement": "Beteiligung",
        "updated_at": "Geändert am",
    },
    "constants": {"currency": "EUR"},
    "values": {
        "direction": {"erhalten": "received", "gesendet": "sent"},
        "status": {
            "eingereicht": "submitted",
            "angenommen": "accepted",
            "abgelehnt": "rejected",
            "gewonnen": "won",
            "verloren": "lost",
        },
        "involvement": {"normal": "standard", "hoch": "high", "passiv": "passive"},
    },
    "null_values": ["-"],
    "row_filter": {"exclude_first_column_prefix": ["Summe"]},
}
STATUS_WORDS = {english: german for german, english in GERMAN_REFERRALS["values"]["status"].items()}


def write_referrals(world: World, rows: pl.DataFrame, out: Exporter) -> None:
    """A full German export, and the changes of the month after it."""
    before = 0
    days = world.calendar.month_ends(2)
    for day in days:
        known = _referral_state(rows, end_of(day)).filter(pl.col("updated") >= before)
        faults = _referral_faults(world) if day == days[-1] else []
        total = known["revenue"].sum() or 0
        out.csv(
            "prm",
            "referral",
            f"Empfehlungen_{suffix(day)}.csv",
            _german(known),
            faults=faults,
            encoding="cp1252",
            delimiter=";",
            footers=(f"Summe;;;;;;;;;{german_amount(int(total))};;;",),
        )
        before = end_of(day)


def referrals(world: World, deals: Deals) -> pl.DataFrame:
    """Referrals with their whole fate: number, partner_id, direction, customer, at, answered,
    final status, decided, revenue; moments are whole minutes, as the spreadsheet shows them."""
    rng = stream(world.seed, "referrals")
    good = touches_with(world, deals, REFERRAL)
    outcome = deals.state_at(world.calendar.end).select("deal", "stage", "amount", closed="at")
    good = good.join(outcome, on="deal", how="left", maintain_order="left")
    loose = loose_ends(world, max(10, good.height), "loose referrals")
    rows = pl.concat([good, loose], how="diagonal").sort("at", "partner", "customer")
    has_deal = pl.col("opportunity_id").is_not_null()
    is_won, is_lost = pl.col("stage") == "Closed Won", pl.col("stage") == "Closed Lost"
    partner_id = pl.Series([p.partner_id for p in world.partners])
    hours = pl.Series((lognormal(rng, 14.0, 0.8, rows.height) * 3600).astype(np.int64))
    # What we send to partners never becomes our own opportunity.
    sent = pl.Series(rng.random(rows.height) < 0.6) & ~has_deal
    rejected = pl.Series(rng.random(rows.height) < 0.7)
    words = pl.Series(
        rng.choice(("normal", "hoch", "passiv"), rows.height, p=(0.7, 0.2, 0.1)).astype(str)
    )
    rows = rows.with_row_index("number").with_columns(
        partner_id=partner_id.gather(rows["partner"]),
        direction=pl.when(sent).then(pl.lit("gesendet")).otherwise(pl.lit("erhalten")),
        involvement=words,
        answered=pl.col("at") + hours,
        final=pl.when(is_won)
        .then(pl.lit("won"))
        .when(is_lost)
        .then(pl.lit("lost"))
        .when(has_deal | ~rejected)
        .then(pl.lit("accepted"))
        .otherwise(pl.lit("rejected")),
        decided=pl.when(is_won | is_lost)
        .then(pl.max_horizontal("closed", pl.col("at") + hours + DAY))
        .when(~has_deal & rejected)
        .then(pl.col("at") + hours + DAY),
        revenue=pl.when(is_won).then("amount"),
    )
    return rows.with_columns(pl.col("at", "answered", "decided") // 60 * 60)


def _referral_state(rows: pl.DataFrame, moment: int) -> pl.DataFrame:
    """The referrals as they stood at a moment, with `updated`."""
    known = rows.filter(pl.col("at") < moment)
    is_decided = pl.col("decided").is_not_null() & (pl.col("decided") < moment)
    is_answered = pl.col("answered") < moment
    return known.with_columns(
        status=pl.when(is_decided)
        .then("final")
        .when(is_answered)
        .then(pl.lit("accepted"))
        .otherwise(pl.lit("submitted")),
        decided=pl.when(is_decided).then("decided"),
        answered=pl.when(is_answered).then("answered"),
        revenue=pl.when(is_decided).then("revenue"),
    ).with_columns(updated=pl.coalesce("decided", "answered", "at"))


def german_amount(amount: int) -> str:
    """12500 as 12.500,00."""
    return f"{amount:,}".replace(",", ".") + ",00"


def _german(known: pl.DataFrame) -> pl.DataFrame:
    revenue = [None if v is None else german_amount(v) for v in known["revenue"].to_list()]
    answers = [names.person_name(i).split()[0] for i in known["number"].to_list()]

    def local(column: str) -> pl.Expr:
        moment = pl.from_epoch(pl.col(column), time_unit="s").dt.replace_time_zone("UTC")
        return moment.dt.convert_time_zone("Europe/Berlin").dt.strftime("%d.%m.%Y %H:%M")

    columns = GERMAN_REFERRALS["columns"]
    frame = known.select(
        referral_id=pl.format("REF-{}", pl.col("number").cast(pl.String).str.zfill(6)),
        partner_id="partner_id",
        direction="direction",
        customer_account_id="customer",
        submitted_at=local("at"),
        first_response_at=local("answered"),
        status=pl.col("status").replace_strict(STATUS_WORDS, return_dtype=pl.String),
        decided_at=local("decided"),
        opportunity_id="opportunity_id",
        revenue=pl.Series(revenue, dtype=pl.String),
        involvement="involvement",
        updated_at=local("updated"),
        Bemerkung=pl.Series([f"Rücksprache mit {a} geführt" for a in answers], dtype=pl.String),
    )
    return frame.with_columns(pl.all().fill_null("-")).rename(columns)


def _referral_faults(world: World) -> list[Fault]:
    day = (world.calendar.as_of - timedelta(days=4)).strftime("%d.%m.%Y 10:15")
    row = {
        "referral_id": "REF-900001",
        "partner_id": "P-0105",
        "direction": "erhalten",
        "submitted_at": day,
        "status": "zurückgestellt",
        "updated_at": day,
    }
    columns = GERMAN_REFERRALS["columns"]
    return [Fault("unknown_enum", "status", {columns[k]: v for k, v in row.items()})]
