"""Salesforce exports of a home rewritten as HubSpot would export the same business.

Belongs here: the translation, and the values that it changes. Does not belong here: what must come
out (test_hubspot.py, test_two_crms.py).
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
from helpers import Row, values, write_csv

from partner_kpis.home import DataHome

#: What HubSpot's exports do not know; to be left out on both sides of a comparison.
WITHOUT = ("lead", "campaign", "campaign_member", "opportunity_history")

ID = re.compile(r"\b(?:001|006)[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?\b")


def rewrite(source: DataHome, target: DataHome) -> None:
    """Land in `target` what `source` holds: its CRM as HubSpot's exports, with HubSpot's ids in
    every other export that names an account or a deal. Leads, campaigns and history have no
    counterpart, and a row without a stage, which Salesforce's contract refuses, is left out."""
    shutil.copytree(source.config, target.config, dirs_exist_ok=True)
    _deals(source, target)
    _companies(source, target)
    _roles(source, target)
    for path in sorted(source.landing.rglob("*.*")):
        inside = path.relative_to(source.landing)
        if path.is_file() and inside.parts[0] != "salesforce":
            goal = target.landing / inside
            goal.parent.mkdir(parents=True, exist_ok=True)
            goal.write_bytes(_renamed(path))


def number(salesforce_id: str) -> str:
    """The id of a HubSpot record that stands for a Salesforce record."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    value = 0
    for letter in salesforce_id[:15]:
        value = value * 62 + letters.index(letter)
    return str(value)


def rows_of(home: DataHome, entity: str) -> Iterator[tuple[str, dict[str, str]]]:
    """File name and row of every CSV export of a Salesforce entity; a login page has no rows."""
    for path in sorted((home.landing / "salesforce" / entity).glob("*.csv")):
        text = path.read_text(encoding="utf-8")
        if not text.lstrip().startswith("<"):
            for row in csv.DictReader(text.splitlines()):
                if row.get("StageName") != "":
                    yield path.name, row


def differing_values(salesforce: DataHome, other: DataHome) -> pl.DataFrame:
    """Rows of kpi_values that differ between a home of Salesforce and one with HubSpot."""
    keys = ["kpi_id", "dimension", "member", "period_type", "period_start"]
    compared = values(salesforce).join(
        values(other), on=keys, how="full", coalesce=True, suffix="_other"
    )
    differing = compared.filter(
        pl.any_horizontal(
            ~pl.col(column).eq_missing(pl.col(f"{column}_other"))
            for column in ("value", "numerator", "denominator", "sample_size", "reason")
        )
    )
    # Salesforce dates its roles and covers the time since the first; HubSpot's cover any time.
    first_role = min(row["CreatedDate"] for _, row in rows_of(salesforce, "opportunity_partner"))
    before_roles = (pl.col("kpi_id") == "co_sell_rate") & (
        pl.col("period_start") < date.fromisoformat(first_role[:10])
    )
    unknown_or_0 = pl.col("value").is_null() & (pl.col("value_other") == 0)
    return differing.filter(~(before_roles & unknown_or_0))


def _by_file(rows: Iterator[tuple[str, Row]]) -> dict[str, list[Row]]:
    files: dict[str, list[Row]] = {}
    for name, row in rows:
        files.setdefault(name, []).append(row)
    return files


def _deals(source: DataHome, target: DataHome) -> None:
    def deal(row: dict[str, str]) -> Row:
        return {
            "deal_id": number(row["Id"]),
            "is_deleted": row["IsDeleted"],
            "deal_pipeline_id": "default",
            "deal_pipeline_stage_id": _stage(row["StageName"]),
            "property_dealname": row["Name"],
            "property_amount": row["Amount"],
            "property_deal_currency_code": row["CurrencyIsoCode"],
            "property_dealtype": row["Type"],
            "property_closedate": f"{row['CloseDate']} 12:00:00" if row["CloseDate"] else "",
            "property_createdate": row["CreatedDate"],
            "property_hs_lastmodifieddate": row["SystemModstamp"],
        }

    files = _by_file((name, deal(row)) for name, row in rows_of(source, "opportunity"))
    for name, rows in files.items():
        write_csv(target, "hubspot/deal", rows, name.replace("opportunity", "deal"))
    stages = {
        _stage(row["StageName"]): {
            "stage_id": _stage(row["StageName"]),
            "label": row["StageName"],
            "pipeline_id": "default",
            "closed_won": row["IsWon"],
            "is_closed": row["IsClosed"],
        }
        for _, row in rows_of(source, "opportunity")
    }
    write_csv(target, "hubspot/deal_pipeline_stage", list(stages.values()))
    owners = {
        (number(row["Id"]), number(row["AccountId"])): {
            "deal_id": number(row["Id"]),
            "company_id": number(row["AccountId"]),
            "type_id": "5",
            "category": "HUBSPOT_DEFINED",
        }
        for _, row in rows_of(source, "opportunity")
        if row["Id"] and row["AccountId"]
    }
    write_csv(target, "hubspot/deal_company", list(owners.values()), "customers.csv")


def _companies(source: DataHome, target: DataHome) -> None:
    companies = [
        {
            "id": number(row["Id"]),
            "property_name": row["Name"],
            "property_domain": row["Website"],
            "property_createdate": row["CreatedDate"],
        }
        for _, row in rows_of(source, "account")
        if row["Id"]
    ]
    write_csv(target, "hubspot/company", companies)


def _roles(source: DataHome, target: DataHome) -> None:
    roles = [
        {
            "deal_id": number(row["OpportunityId"]),
            "company_id": number(row["AccountToId"]),
            "type_id": f"1{position}",
            "category": "USER_DEFINED",
            "label": "Partner",
            "associated_at": row["CreatedDate"],
        }
        for position, (_, row) in enumerate(rows_of(source, "opportunity_partner"))
        if row["OpportunityId"] and row["AccountToId"] and row["IsDeleted"] != "true"
    ]
    write_csv(target, "hubspot/deal_company", roles, "partners.csv")


def _stage(name: str) -> str:
    return name.lower().replace(" ", "")


def _renamed(path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix not in (".csv", ".jsonl", ".json"):
        return content
    text = content.decode("latin-1")  # one character a byte, whatever the encoding is
    return ID.sub(lambda found: number(found[0]), text).encode("latin-1")
