"""Every number of the demo opens: its evidence re-sums to it, and leads to rows of real files.

Belongs here: kpi_values against Snapshot.evidence, and entity_sources against the raw exports,
which are read here without the product. Does not belong here: whether a number is right.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from conftest import PublishedDemo
from helpers import values

from partner_kpis.home import DataHome
from partner_kpis.serving import Snapshot

COARSE = ("month", "quarter", "year")
# The default suite looks at every so many rows, and at the last value that there is of each KPI,
# dimension and kind of period; `slow` looks at all of them.
APART = 61
OF_A_KIND = ["kpi_id", "dimension", "period_type"]


def test_months_quarters_and_years_resum_from_their_evidence(
    demo: PublishedDemo, snapshot: Snapshot
) -> None:
    rows = values(demo.home).filter(pl.col("period_type").is_in(COARSE))
    assert set(rows["dimension"]) == {"programme", "partner", "tier", "partner_type", "region"}
    assert_resum(snapshot, some_of(rows))


def test_days_and_weeks_resum_from_their_evidence(demo: PublishedDemo, snapshot: Snapshot) -> None:
    fine = values(demo.home).filter(~pl.col("period_type").is_in(COARSE))
    assert_resum(snapshot, some_of(fine))


@pytest.mark.slow
def test_every_value_resums_from_its_evidence(demo: PublishedDemo, snapshot: Snapshot) -> None:
    assert_resum(snapshot, values(demo.home))


def quarters(home: DataHome) -> pl.DataFrame:
    is_quarter = pl.col("period_type") == "quarter"
    return values(home).filter(is_quarter & pl.col("dimension").is_in(["programme", "tier"]))


def test_sample_sizes_follow_from_the_evidence(demo: PublishedDemo, snapshot: Snapshot) -> None:
    rows = quarters(demo.home)
    assert_sample_sizes(snapshot, some_of(rows, apart=7))


@pytest.mark.slow
def test_every_sample_size_follows_from_the_evidence(
    demo: PublishedDemo, snapshot: Snapshot
) -> None:
    assert_sample_sizes(snapshot, quarters(demo.home))


def some_of(rows: pl.DataFrame, apart: int = APART) -> pl.DataFrame:
    there = rows.filter(pl.col("value").is_not_null())
    last = there.group_by(OF_A_KIND).last().select(rows.columns)
    return pl.concat([rows.gather_every(apart), last]).unique()


def assert_sample_sizes(snapshot: Snapshot, rows: pl.DataFrame) -> None:
    for row in rows.iter_rows(named=True):
        key = row["kpi_id"], row["dimension"], row["member"]
        found = snapshot.evidence(*key, row["period_type"], row["period_start"])
        kind = snapshot.definition(row["kpi_id"]).kind
        if kind in ("ratio", "share"):
            found = found.filter(pl.col("denominator") != 0)
        things = found.select("entity_type", "entity_id").unique().height
        if snapshot.definition(row["kpi_id"]).sample_basis == "denominator":
            things = int(found["denominator"].sum())
        if kind == "top3":
            by_partner = found.group_by("partner_ids").agg(pl.sum("numerator"))
            things = by_partner.filter(pl.col("numerator") != 0).height
        assert things == row["sample_size"], key


def assert_resum(snapshot: Snapshot, rows: pl.DataFrame) -> None:
    """Exact decimals for numerator and denominator, and the same double for the value."""
    assert rows.height > 100
    wrong = []
    for row in rows.iter_rows(named=True):
        kpi, period = row["kpi_id"], (row["period_type"], row["period_start"])
        evidence = snapshot.evidence(kpi, row["dimension"], row["member"], *period)
        again = snapshot.resum(kpi, evidence)
        expected = (row["numerator"] or Decimal(0), row["denominator"] or Decimal(0), row["value"])
        found = (again.numerator or Decimal(0), again.denominator or Decimal(0), again.value)
        if row["reason"] == "no_observations":
            # Nothing of the member, in a period that the exports do not cover: neither 0 nor a sum.
            assert evidence.filter(pl.col("counts_for").is_in(["numerator", "both"])).is_empty()
            found = (*found[:2], None)
        if found != expected:
            wrong.append((row, found))
        # Where the sources cover a period, no observations add up to 0.
        is_sum = snapshot.definition(kpi).kind in ("total", "distinct")
        if row["value"] is not None and not (is_sum and row["value"] == 0):
            assert evidence.height > 0, row
    assert not wrong, f"{len(wrong)} of {rows.height} differ, such as {wrong[:3]}"


# --- From the observed thing to the row of a file ----------------------------------------------


def test_every_observed_thing_leads_to_rows_of_files(
    demo: PublishedDemo, snapshot: Snapshot
) -> None:
    things = snapshot.table("kpi_observations").select("entity_type", "entity_id").unique()
    sources = snapshot.table("entity_sources")
    orphans = things.join(sources, on=["entity_type", "entity_id"], how="anti")
    assert orphans.is_empty(), orphans.head()


def test_every_observation_leads_to_rows_of_its_own_days(snapshot: Snapshot) -> None:
    observation = ["entity_type", "entity_id", "observed_on"]
    observed = snapshot.table("kpi_observations").select(observation).unique()
    found = snapshot.sources_of(observed)
    assert observed.join(found, on=observation, how="anti").is_empty()
    probes = found.filter(pl.col("entity") == "probe")
    assert probes.group_by("entity_id", "observed_on").agg(pl.sum("row_count")).height > 100
    # Half-hourly checks are 48 a day, 46 or 50 when the clock changes: never those of a whole file.
    assert probes["row_count"].max() <= 2 * 50


def test_named_rows_exist_in_the_files_and_hold_their_key(
    demo: PublishedDemo, snapshot: Snapshot
) -> None:
    named = snapshot.table("entity_sources").filter(pl.col("row_number").is_not_null())
    hashes = dict(snapshot.ledger().select("file_name", "file_sha256").rows())
    assert named.height > 1000
    for row in named.iter_rows(named=True):
        path = demo.home.landing / row["file_name"]
        assert path.is_file(), row
        assert hashes[row["file_name"]] == row["file_sha256"], row
        assert row["file_name"].startswith(f"{row['source']}/{row['entity']}/"), row
        records = raw_records(path)
        assert 1 <= row["row_number"] <= len(records), row
        assert holds(records[row["row_number"] - 1], row["primary_key"]), row


def test_daily_aggregates_name_their_files_and_how_many_rows(
    demo: PublishedDemo, snapshot: Snapshot
) -> None:
    daily = snapshot.table("entity_sources").filter(pl.col("row_number").is_null())
    assert set(daily["entity"]) == {"probe", "event"}
    for row in daily.filter(pl.col("entity") == "probe").iter_rows(named=True):
        mine = probes_by_day(demo.home.landing / row["file_name"])
        assert row["first_day"] == row["last_day"]
        assert mine[row["entity_id"], row["first_day"]] == row["row_count"], row


def test_calls_of_an_integration_name_their_files_and_how_many_rows(
    demo: PublishedDemo, snapshot: Snapshot
) -> None:
    sources = snapshot.table("entity_sources")
    calls = sources.filter(pl.col("entity_type") == "integration_calls")
    assert calls.height > 1000
    bad = {(row.file_name, row.row_number) for row in demo.truth.bad_rows}
    for row in calls.gather_every(5).iter_rows(named=True):
        path = demo.home.landing / row["file_name"]
        lines = frozenset(number for name, number in bad if name == row["file_name"])
        assert row["first_day"] == row["last_day"]
        counted = calls_by_day(path, lines)[row["entity_id"], row["first_day"]]
        assert counted == row["row_count"], row


def test_opportunities_lead_to_the_row_that_counts(demo: PublishedDemo, snapshot: Snapshot) -> None:
    """Of several exports of a deal the evidence names the newest good row by its stamp."""
    bad = {(row.file_name, row.row_number) for row in demo.truth.bad_rows}
    newest: dict[str, str] = {}
    for path in sorted((demo.home.landing / "salesforce/opportunity").iterdir()):
        file_name = path.relative_to(demo.home.landing).as_posix()
        for number, record in enumerate(raw_records(path), start=1):
            if (file_name, number) in bad:
                continue
            stamp = record["SystemModstamp"]
            newest[record["Id"]] = max(newest.get(record["Id"], ""), stamp)
    named = snapshot.table("entity_sources").filter(
        (pl.col("entity_type") == "opportunity") & (pl.col("entity") == "opportunity")
    )
    several = 0
    for row in named.iter_rows(named=True):
        record = raw_records(demo.home.landing / row["file_name"])[row["row_number"] - 1]
        assert record["SystemModstamp"] == newest[row["primary_key"]]
        several += "20260831" not in row["file_name"]
    assert several > 0


@cache
def probes_by_day(path: Path) -> Counter[tuple[str, date]]:
    """How many probes a file holds of each integration and day in Berlin."""
    berlin = ZoneInfo("Europe/Berlin")
    return Counter(
        (record["integration_id"], moment.astimezone(berlin).date())
        for record in raw_records(path)
        for moment in [datetime.fromisoformat(record["checked_at"].replace("Z", "+00:00"))]
    )


@cache
def calls_by_day(path: Path, bad: frozenset[int]) -> Counter[tuple[str, date]]:
    """How many different calls a file holds of each integration and day in Berlin."""
    berlin = ZoneInfo("Europe/Berlin")
    calls = {
        record["messageId"]: record
        for number, record in enumerate(raw_records(path), start=1)
        if number not in bad and record.get("event") == "Integration Called"
    }
    return Counter(
        (record["properties"]["integration_id"], moment.astimezone(berlin).date())
        for record in calls.values()
        for moment in [datetime.fromisoformat(record["timestamp"].replace("Z", "+00:00"))]
    )


@cache
def raw_records(path: Path) -> list[dict[str, Any]]:
    """Data rows of an export in file order, as a person would count them from 1."""
    if path.name.endswith(".jsonl.gz"):
        return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    if path.suffix == ".json":
        body = json.loads(path.read_text(encoding="utf-8"))
        if path.name == "summary.json":  # Upptime: a row for each service and day
            return [
                {"slug": service["slug"], "day": day}
                for service in body
                for day in service["dailyMinutesDown"]
            ]
        return next(list(part) for part in body.values() if isinstance(part, list))
    is_german = path.name.startswith("Empfehlungen")
    text = path.read_text(encoding="cp1252" if is_german else "utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter=";" if is_german else ","))


def holds(record: dict[str, Any], key: str) -> bool:
    """Whether a raw row carries this primary key; Salesforce ids may be written with 15."""
    cells = {str(value) for value in record.values() if isinstance(value, str | int)}
    is_there = key in cells or (len(key) == 18 and key[:15] in cells)
    return is_there or ("|" in key and cells.issuperset(key.split("|")))
