"""One business in two CRMs: the values of the whole, though each CRM holds one half.

Belongs here: what must be equal, and what a reviewed row changes. Does not belong here: the rules
of matching (dbt unit tests), HubSpot alone (test_hubspot.py).
"""

from __future__ import annotations

import csv
import gzip
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from helpers import compute, publish, table, values, write_csv
from hubspot_exports import ID, WITHOUT, differing_values, number, rewrite, rows_of

from partner_kpis.demo import make_exports
from partner_kpis.home import DataHome
from partner_kpis.serving import identity


def is_deal(salesforce_id: str) -> bool:
    return salesforce_id.startswith("006")


def domain(account_id: str) -> str:
    return f"a{number(account_id)}.example"


def in_hubspot(opportunity_id: str) -> bool:
    """Which half of the deals HubSpot holds."""
    return int(number(opportunity_id)) % 2 == 0


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[DataHome, DataHome]:
    """The same business, once all of it in Salesforce and once half of it in HubSpot."""
    folder = tmp_path_factory.mktemp("crms")
    whole, both, hubspot = (DataHome.at(folder / name) for name in ("whole", "both", "hubspot"))
    make_exports(whole, scale=0.1)
    for entity in WITHOUT:
        shutil.rmtree(whole.landing / "salesforce" / entity)
    _distinct_domains(whole)
    shutil.copytree(whole.root, both.root)
    hubspot.create()
    rewrite(whole, hubspot)
    shutil.copytree(hubspot.landing / "hubspot", both.landing / "hubspot")
    _halve(both)
    _name_accounts_otherwise(both)
    for home in (whole, both):
        compute(home)
    return whole, both


def _read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def _distinct_domains(home: DataHome) -> None:
    """Customers of one name share a domain in the demo; here each account has its own."""
    for path in (home.landing / "salesforce" / "account").glob("*.csv"):
        rows = _read(path)
        for row in rows:
            row["Website"] = f"https://www.{domain(row['Id'])}/" if row["Id"] else ""
        write_csv(home, "salesforce/account", rows, path.name, defaults=False)


def _halve(home: DataHome) -> None:
    """Leave each deal, and the roles on it, in one of the CRMs."""
    numbers = {
        number(row["Id"]) for _, row in rows_of(home, "opportunity") if in_hubspot(row["Id"])
    }
    kept = {
        "salesforce/opportunity": lambda row: not in_hubspot(row["Id"]),
        "salesforce/opportunity_partner": lambda row: not in_hubspot(row["OpportunityId"]),
        "hubspot/deal": lambda row: row["deal_id"] in numbers,
        "hubspot/deal_company": lambda row: row["deal_id"] in numbers,
        "hubspot/company": lambda row: row["property_name"],  # Salesforce refuses one without
    }
    for entity, stays in kept.items():
        for path in sorted((home.landing / entity).glob("*.csv")):
            rows = [row for row in _read(path) if stays(row)]
            write_csv(home, entity, rows, path.name, defaults=False)


def _name_accounts_otherwise(home: DataHome) -> None:
    """The partner programme knows customers by HubSpot's ids, telemetry now by these, now by
    website; partners keep the one account of Salesforce that they declare."""

    def as_hubspot_does(found: re.Match[str]) -> str:
        return found[0] if is_deal(found[0]) and not in_hubspot(found[0]) else number(found[0])

    for folder in ("prm/deal_registration", "prm/referral"):
        for path in sorted((home.landing / folder).glob("*.csv")):
            text = path.read_bytes().decode("latin-1")  # one character a byte
            path.write_bytes(ID.sub(as_hubspot_does, text).encode("latin-1"))
    names: tuple[Callable[[str], str], ...] = (str, number, domain)
    for place, path in enumerate(sorted((home.landing / "telemetry" / "event").glob("*.gz"))):
        name = names[place % len(names)]
        text = gzip.decompress(path.read_bytes()).decode("utf-8")
        renamed = ID.sub(lambda found, name=name: name(found[0]), text)
        path.write_bytes(gzip.compress(renamed.encode("utf-8"), mtime=0))


def test_two_halves_give_the_values_of_the_whole(homes: tuple[DataHome, DataHome]) -> None:
    differing = differing_values(*homes)
    assert differing.is_empty(), differing["kpi_id"].value_counts().to_dicts()
    won = values(homes[0]).filter(pl.col("kpi_id") == "partner_win_rate", pl.col("value") > 0)
    assert won.height > 50


def test_every_way_of_matching_was_needed_for_it(homes: tuple[DataHome, DataHome]) -> None:
    _, both = homes
    counted = table(both, "identity_matches").group_by("kind", "source", "entity", "method").len()
    ways = set(counted.select("kind", "source", "entity", "method").iter_rows())
    assert {
        ("account", "hubspot", "company", "domain"),
        ("account", "hubspot", "deal", "domain"),
        ("account", "telemetry", "event", "domain"),
        ("partner", "hubspot", "deal_company", "declared"),
        ("partner", "prm", "partner", "declared"),
    } <= ways
    companies = {way for way in ways if way[2] == "company"}
    assert companies == {("account", "hubspot", "company", "domain")}
    opportunities = table(both, "opportunities")
    assert opportunities.filter(pl.col("account_id").str.starts_with("hubspot|")).is_empty()
    assert opportunities["opportunity_id"].str.starts_with("hubspot|").sum() > 10


def test_a_reviewed_row_gives_back_what_a_missing_website_took(
    homes: tuple[DataHome, DataHome], tmp_path: Path
) -> None:
    whole, both = homes
    home = DataHome.at(tmp_path / "home")
    shutil.copytree(both.root, home.root, symlinks=True)
    role = next(row for _, row in rows_of(whole, "opportunity_partner")
                if in_hubspot(row["OpportunityId"]))  # fmt: skip
    partner = role["AccountToId"]
    account = next(row for _, row in rows_of(whole, "account") if row["Id"] == partner)
    company = number(partner)
    bare = {"id": company, "property_name": account["Name"].upper(), "property_domain": ""}
    write_csv(home, "hubspot/company", [bare], "without_website.csv")
    publish(home)
    assert not differing_values(whole, home).is_empty()
    suggested = table(home, "identity_suggestions").filter(pl.col("kind") == "account")
    assert suggested.select("source_id", "candidate_id", "score").rows() == [
        (f"hubspot|{company}", partner, 1.0)
    ]

    row = identity.crosswalk_row(suggested.row(0, named=True))
    home.crosswalk_file.write_text(f"{identity.CROSSWALK_HEADER}\n{row}\n", encoding="utf-8")
    assert publish(home).outcome == "published"
    assert differing_values(whole, home).is_empty()
    assert table(home, "identity_suggestions").filter(pl.col("kind") == "account").is_empty()
    assert publish(home).outcome == "unchanged"
