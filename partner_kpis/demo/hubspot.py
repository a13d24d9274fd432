"""The demo's business with HubSpot as its CRM: Salesforce's exports as HubSpot writes them.

Belongs here: the translation of deals, stages, companies and associations, and HubSpot's ids in
every other export. Does not belong here: any fact of the business (deals.py, world.py).
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

Row = dict[str, str]

WITHOUT: Final = ("lead", "campaign", "campaign_member", "opportunity_history")
"""What HubSpot's exports do not know, and a programme with HubSpot alone does without."""

ID: Final = re.compile(r"\b(?:001|006)[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?\b")


def rewrite(source: Path, target: Path) -> None:
    """Write below `target` what the landing folder `source` holds: its CRM as HubSpot's exports,
    and HubSpot's ids in every other export that names an account or a deal. Leads, campaigns and
    history have no counterpart; a row without a stage, which Salesforce's contract refuses, is left
    out.
    """
    _deals(source, target)
    _companies(source, target)
    _roles(source, target)
    for path in sorted(source.rglob("*.*")):
        inside = path.relative_to(source)
        if path.is_file() and inside.parts[0] != "salesforce":
            goal = target / inside
            goal.parent.mkdir(parents=True, exist_ok=True)
            goal.write_bytes(_renamed(path))


def number(salesforce_id: str) -> str:
    """The id of a HubSpot record that stands for a Salesforce record."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    value = 0
    for letter in salesforce_id[:15]:
        value = value * 62 + letters.index(letter)
    return str(value)


def rows_of(landing: Path, entity: str) -> Iterator[tuple[str, Row]]:
    """File name and row of every CSV export of a Salesforce entity; a login page has no rows."""
    for path in sorted((landing / "salesforce" / entity).glob("*.csv")):
        text = path.read_text(encoding="utf-8")
        if not text.lstrip().startswith("<"):
            for row in csv.DictReader(text.splitlines()):
                if row.get("StageName") != "":
                    yield path.name, row


def _by_file(rows: Iterator[tuple[str, Row]]) -> dict[str, list[Row]]:
    files: dict[str, list[Row]] = {}
    for name, row in rows:
        files.setdefault(name, []).append(row)
    return files


def _deals(source: Path, target: Path) -> None:
    def deal(row: Row) -> Row:
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
        _write(target, "hubspot/deal", rows, name.replace("opportunity", "deal"))
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
    _write(target, "hubspot/deal_pipeline_stage", list(stages.values()))
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
    _write(target, "hubspot/deal_company", list(owners.values()), "customers.csv")


def _companies(source: Path, target: Path) -> None:
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
    _write(target, "hubspot/company", companies)


def _roles(source: Path, target: Path) -> None:
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
    _write(target, "hubspot/deal_company", roles, "partners.csv")


def _stage(name: str) -> str:
    return name.lower().replace(" ", "")


def _write(landing: Path, entity: str, rows: Sequence[Row], name: str = "export.csv") -> None:
    folder = landing / entity
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _renamed(path: Path) -> bytes:
    content = path.read_bytes()
    packed = path.suffix == ".gz"
    if Path(path.name.removesuffix(".gz")).suffix not in (".csv", ".jsonl", ".json"):
        return content
    text = (gzip.decompress(content) if packed else content).decode("latin-1")
    renamed = ID.sub(lambda found: number(found[0]), text).encode("latin-1")
    return gzip.compress(renamed, mtime=0) if packed else renamed
