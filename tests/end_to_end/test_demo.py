"""The demo, from exports to a served snapshot: what was planted comes out.

Belongs here: faults refused and quarantined, planted truths in the values, the books of the
ledger, and where personal values lie. Does not belong here: evidence (test_evidence.py).
"""

from __future__ import annotations

import csv
import gzip
import json
import statistics
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from conftest import PublishedDemo
from helpers import lake_files, ledger, publish, table, value_of, values

from partner_kpis.contracts.model import load_entities
from partner_kpis.demo.referrals import GERMAN_REFERRALS
from partner_kpis.home import DataHome
from partner_kpis.serving import Snapshot

# The rules by which landing must tell each planted fault apart.
RULE_OF = {
    "missing_required": "required",
    "bad_date": "type",
    "ambiguous_number": "type",
    "unknown_enum": "allowed_values",
    "bad_currency": "currency",
    "out_of_range": "range",
    "bad_pattern": "pattern",
}


def test_the_bad_file_alone_is_refused_and_the_rest_is_served(demo: PublishedDemo) -> None:
    assert (demo.report.outcome, demo.report.exit_code) == ("published", 3)
    assert demo.report.held == []
    refused = {name for name, row in ledger(demo.home).items() if row["status"] == "refused"}
    assert refused == set(demo.truth.bad_files)
    (sentence,) = demo.report.refused
    assert sentence.startswith(demo.truth.bad_files[0]) and "export it again" in sentence
    assert any("refused" in said and demo.truth.bad_files[0] in said for said in demo.said)


def test_exactly_the_planted_bad_rows_are_quarantined(demo: PublishedDemo) -> None:
    german = GERMAN_REFERRALS["columns"]
    expected = {
        (bad.file_name, bad.row_number, german.get(bad.column, bad.column)
         if "Empfehlungen" in bad.file_name else bad.column, RULE_OF[bad.kind])
        for bad in demo.truth.bad_rows
    }  # fmt: skip
    found = table(demo.home, "quarantined_rows")
    keys = found.select("file_name", "row_number", "column_name", "rule").rows()
    assert set(keys) == expected
    assert len(keys) == len(expected)
    assert all(len(message.split()) > 5 for message in found["message"])


def test_every_row_of_every_file_is_accounted_for(demo: PublishedDemo) -> None:
    rows = ledger(demo.home)
    assert set(rows) == {file.file_name for file in demo.truth.files} | set(demo.truth.bad_files)
    bad = pl.Series([b.file_name for b in demo.truth.bad_rows]).value_counts()
    bad_count = dict(bad.rows())
    for file in demo.truth.files:
        row = rows[file.file_name]
        counts = [row[f"rows_{kind}"] for kind in ("accepted", "quarantined", "duplicate")]
        assert row["status"] == "loaded", file.file_name
        assert row["rows_read"] == sum(counts) + row["rows_ignored"], file.file_name
        assert row["rows_quarantined"] == bad_count.get(file.file_name, 0), file.file_name
        if (file.source, file.entity) != ("finance", "ecb_rate"):  # a wide file: a row a currency
            assert row["rows_read"] == file.rows, file.file_name
            assert row["rows_ignored"] == file.ignored_rows, file.file_name
        assert row["rows_duplicate"] >= file.repeated_rows, file.file_name


def test_activation_of_the_slow_partner_is_slow_in_the_values(demo: PublishedDemo) -> None:
    slow = demo.truth.slow_activation
    days = table(demo.home, "kpi_observations").filter(
        (pl.col("kpi_id") == "time_to_activation") & (pl.col("partner_id") == slow.partner_id)
    )
    before = days.filter(pl.col("observed_on") < slow.since)["numerator"].to_list()
    since = days.filter(pl.col("observed_on") >= slow.since)["numerator"].to_list()
    assert float(statistics.median(before)) == pytest.approx(slow.median_days_before, abs=1e-3)
    assert float(statistics.median(since)) == pytest.approx(slow.median_days_since, abs=1e-3)
    quarters = values(demo.home).filter(
        (pl.col("kpi_id") == "time_to_activation") & (pl.col("member") == slow.partner_id)
        & (pl.col("period_type") == "quarter") & pl.col("value").is_not_null()
    )  # fmt: skip
    early = quarters.filter(pl.col("period_end") <= slow.since)["value"]
    late = quarters.filter(pl.col("period_start") >= slow.since)["value"]
    assert len(early) and len(late) and min(late) > max(early)


def test_the_bad_month_of_the_integration_has_its_exact_uptime(demo: PublishedDemo) -> None:
    bad = demo.truth.bad_month
    in_month = table(demo.home, "kpi_observations").filter(
        (pl.col("kpi_id") == "integration_uptime") & (pl.col("entity_id") == bad.integration_id)
        & pl.col("observed_on").is_between(bad.month, bad.month + timedelta(days=30))
        & (pl.col("observed_on").dt.month() == bad.month.month)
    )  # fmt: skip
    assert int(in_month["denominator"].sum()) == bad.month_minutes
    assert int((in_month["denominator"] - in_month["numerator"]).sum()) == bad.down_minutes
    owned = table(demo.home, "kpi_observations").filter(
        (pl.col("kpi_id") == "integration_uptime") & (pl.col("partner_id") == bad.partner_id)
    )["entity_id"]
    row = value_of(demo.home, "integration_uptime", "month", bad.month, "partner", bad.partner_id)
    if owned.n_unique() == 1:
        assert row["value"] == pytest.approx(bad.uptime, rel=1e-15)
    else:
        assert row["denominator"] - row["numerator"] >= bad.down_minutes
        assert row["value"] < 0.999


def test_the_open_deal_counts_for_its_partner_in_full(demo: PublishedDemo) -> None:
    deal, as_of = demo.truth.open_deal, demo.truth.as_of
    seen = table(demo.home, "kpi_observations").filter(
        (pl.col("kpi_id") == "partner_influenced_pipeline")
        & (pl.col("entity_id") == deal.opportunity_id) & (pl.col("observed_on") == as_of)
    )  # fmt: skip
    mine = seen.filter(pl.col("partner_id") == deal.partner_id)
    assert mine.height == 1
    assert mine["numerator"][0] == mine["denominator"][0] > 0
    if deal.currency == "EUR":
        assert mine["numerator"][0] == deal.amount
    touches = table(demo.home, "partner_touches").filter(
        (pl.col("opportunity_id") == deal.opportunity_id)
        & (pl.col("partner_id") == deal.partner_id)
    )
    assert touches["is_valid"].any() and touches["is_sourcing"].any()


def test_tier_change_reopened_and_deleted_deals_are_as_planted(demo: PublishedDemo) -> None:
    change = demo.truth.tier_change
    versions = table(demo.home, "partner_versions").filter(
        pl.col("partner_id") == change.partner_id
    )
    tier = {row["valid_from"]: row["tier"] for row in versions.iter_rows(named=True)}
    assert tier[change.changed_on] == change.tier_since
    day_before = versions.filter(pl.col("valid_to") == change.changed_on)
    assert day_before["tier"].to_list() == [change.tier_before]
    ids = set(table(demo.home, "opportunities")["opportunity_id"])
    assert demo.truth.reopened_opportunity_id in ids
    assert demo.truth.deleted_opportunity_id not in ids


def test_a_second_run_notices_and_writes_nothing(demo_copy: DataHome) -> None:
    before, served = lake_files(demo_copy), demo_copy.current.resolve()
    said: list[str] = []
    report = publish(demo_copy, said=said)
    assert (report.outcome, report.exit_code) == ("unchanged", 3)
    assert lake_files(demo_copy) == before
    assert demo_copy.current.resolve() == served
    assert said[-1].startswith("Nothing new")


# --- Personal values ---------------------------------------------------------------------------


def test_personal_values_lie_in_the_personal_store_alone(demo: PublishedDemo) -> None:
    secrets = personal_values(demo.home)
    assert len(secrets) > 200 and any("@" in s for s in secrets)
    for place in parquet_below(demo.home.lake, without="personal"):
        assert_free_of(secrets, f"read_parquet('{place}')", place)
    for place in parquet_below(demo.home.quarantine):
        assert_free_of(secrets, f"read_parquet('{place}')", place)
    for database in (demo.home.warehouse_db, demo.home.snapshot_db.resolve()):
        assert_free_of_database(secrets, database)
    kept = set()
    for place in parquet_below(demo.home.personal):
        kept |= texts_of(f"read_parquet('{place}')")
    assert any(secret in text for secret in list(secrets)[:20] for text in kept)


def test_no_readable_file_outside_the_personal_store_holds_a_personal_value(
    demo: PublishedDemo,
) -> None:
    """Ledger, logs, reports and history are text: their bytes are searched as they are."""
    secrets = [secret.encode() for secret in personal_values(demo.home)]
    folders = (demo.home.ledger, demo.home.logs, demo.home.reports, demo.home.dagster)
    searched = 0
    for path in (p for folder in folders for p in folder.rglob("*") if p.is_file()):
        content = path.read_bytes()
        searched += 1
        assert not [s for s in secrets if s in content], path
    assert searched > 3


def personal_values(home: DataHome) -> set[str]:
    """Every value of a personal column in the demo's raw files, read without the product."""
    found: set[str] = set()
    for contract in load_entities().values():
        columns = {c.export_name for c in contract.columns if c.is_personal}
        folder = home.landing / contract.name
        for row in raw_rows(folder) if columns else ():
            found |= {str(row[column]) for column in columns if row.get(column)}
    return {value for value in found if len(value) >= 5}


def raw_rows(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.name.endswith(".csv") and not path.read_bytes().startswith(b"<!DOCTYPE"):
            yield from csv.DictReader(path.read_text(encoding="utf-8").splitlines())
        elif path.name.endswith(".jsonl.gz"):
            yield from map(json.loads, gzip.decompress(path.read_bytes()).decode().splitlines())


def parquet_below(folder: Path, without: str = "-") -> list[Path]:
    return [p for p in sorted(folder.rglob("*.parquet")) if without not in p.parts]


def texts_of(relation: str, connection: Any = duckdb) -> set[str]:
    """Every text of a relation, lists and structures written out."""
    columns = connection.sql(f"describe select * from {relation}").fetchall()
    texts: set[str] = set()
    for name, kind, *_ in columns:
        if "VARCHAR" in kind or "JSON" in kind:
            found = connection.sql(f'select distinct cast("{name}" as varchar) from {relation}')
            texts |= {text for (text,) in found.fetchall() if text}
    return texts


def assert_free_of(secrets: set[str], relation: str, where: object, db: Any = duckdb) -> None:
    texts = texts_of(relation, db)
    assert not texts & secrets, where
    prose = "\n".join(text for text in texts if "@" in text or " " in text)
    assert not [secret for secret in secrets if secret in prose], where


def assert_free_of_database(secrets: set[str], path: Path) -> None:
    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall()
        assert found
        for schema, name in found:
            assert_free_of(secrets, f'"{schema}"."{name}"', f"{schema}.{name}", connection)


def test_the_snapshot_reader_sees_the_demo(demo: PublishedDemo) -> None:
    with Snapshot.open(demo.home) as snapshot:
        info = snapshot.info()
        assert info["as_of"] == demo.truth.as_of
        assert info["run_id"] == demo.report.run_id
        kpis = {kpi.kpi_id for kpi in snapshot.catalogue()}
        assert kpis == set(snapshot.table("kpi_values")["kpi_id"])
        assert snapshot.findings().filter(pl.col("severity") == "error").is_empty()
        fresh = snapshot.freshness().filter(pl.col("source") != "hubspot")  # one CRM is enough
        assert set(fresh["status"]) == {"fresh"}
        held = {(r["source"], r["entity"]): r["rows"] for r in fresh.iter_rows(named=True)}
        accepted = snapshot.ledger().group_by("source", "entity").agg(pl.sum("rows_accepted"))
        assert held == {(s, e): n for s, e, n in accepted.rows()}


def test_what_a_review_reads_by_name_is_served_whole(demo: PublishedDemo) -> None:
    exported = {"qbr_actions": ("qbr/action", ["action_id"]),
                "mdf_claims": ("prm/mdf_claim", ["claim_id"]),
                "registrations": ("prm/deal_registration", ["registration_id"]),
                "certificates": ("lms/certification", ["person_id", "certification", "issued_on"]),
                }  # fmt: skip
    bad = {(b.file_name, b.row_number) for b in demo.truth.bad_rows}
    for name, (entity, key) in exported.items():
        served = table(demo.home, name)
        expected = set()
        for path in sorted((demo.home.landing / entity).iterdir()):
            file = f"{entity}/{path.name}"
            rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
            expected |= {
                tuple(row[column] for column in key)
                for number, row in enumerate(rows, start=1)
                if (file, number) not in bad
            }
        columns = ["person_key" if column == "person_id" else column for column in key]
        assert set(served.select(pl.col(columns).cast(pl.String)).rows()) == expected, name
        assert set(served["partner_id"]) <= set(table(demo.home, "partners")["partner_id"]), name
    won = table(demo.home, "referrals").filter(status="won")
    assert won.height > 5 and won["revenue_reporting"].null_count() == 0


def test_pipelines_close_where_the_kpi_stands_and_confidential_deals_say_so(
    demo: PublishedDemo,
) -> None:
    closing = table(demo.home, "pipeline_moves").filter(pl.col("amount") > 0, move="closing")
    kpi = values(demo.home).filter(
        pl.col("numerator") > 0,
        kpi_id="partner_influenced_pipeline",
        dimension="partner",
        period_type="quarter",
    )
    assert set(closing.select("partner_id", "period_start", "amount").rows()) == set(
        kpi.select("member", "period_start", "numerator").rows()
    )
    slipped = table(demo.home, "pipeline_moves").filter(move="slipped")
    assert slipped["opportunities"].sum() > 20
    deals = table(demo.home, "opportunities")
    assert 10 < deals["is_confidential"].sum() < 0.1 * deals.height
    is_open = deals.filter("is_open")
    assert is_open["close_on"].null_count() == 0
    assert (is_open["stage_since_on"] >= is_open["created_on"]).all()
