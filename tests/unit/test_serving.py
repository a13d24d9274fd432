"""The snapshot reader: what it answers, what it refuses, and that evidence leads back to values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from partner_kpis.contracts.model import load_serving
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.serving import (
    EVIDENCE_COLUMNS,
    NoSnapshotError,
    Snapshot,
    alternatives,
    observed_days,
    period_end,
    period_start,
    previous_start,
    resum,
    unmet,
)
from partner_kpis.serving.contracted import no_rows_sql
from partner_kpis.serving.snapshot import TABLES
from tests.dashboards.snapshot_fixture import make_snapshot


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    home = DataHome.at(tmp_path_factory.mktemp("home")).create()
    make_snapshot(home)
    return home


@pytest.fixture(scope="module")
def snapshot(home: DataHome):
    with Snapshot.open(home) as opened:
        yield opened


def test_a_home_that_was_never_run_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NoSnapshotError, match="partner-kpis run --home"):
        Snapshot.open(DataHome.at(tmp_path))


def test_a_damaged_snapshot_is_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "partner_kpis.duckdb"
    broken.write_bytes(b"this is no database")
    with pytest.raises(UserError, match="cannot be read"):
        Snapshot(broken)


def test_every_value_is_the_sum_of_its_evidence(snapshot: Snapshot) -> None:
    values = snapshot.table("kpi_values")
    coarse = values.filter(pl.col("period_type") != "day").sample(250, seed=3)
    days = values.filter(pl.col("period_type") == "day").sample(30, seed=3)
    for row in pl.concat([coarse, days]).iter_rows(named=True):
        rows = snapshot.evidence(
            row["kpi_id"], row["dimension"], row["member"], row["period_type"], row["period_start"]
        )
        total = snapshot.resum(row["kpi_id"], rows)
        assert total.value == row["value"], row
        assert rows.columns == list(EVIDENCE_COLUMNS)
        if row["value"] is not None:
            # A median between two rows can have a tenth decimal, which the table rounds away.
            assert abs(total.numerator - row["numerator"]) <= Decimal("1e-9")
            assert total.denominator == row["denominator"]


def test_evidence_of_the_programme_leads_to_file_rows(snapshot: Snapshot) -> None:
    for kpi in snapshot.catalogue():
        rows = snapshot.evidence(kpi.kpi_id, "programme", "all", "month", date(2026, 9, 1))
        assert rows.height > 0
        found = snapshot.sources_of(rows)
        observation = ["entity_type", "entity_id", "observed_on"]
        assert rows.join(found, on=observation, how="anti").is_empty()
        assert found.join(rows, on=observation, how="anti").is_empty()


def test_a_deal_of_two_partners_counts_for_each_and_once_for_the_programme(
    snapshot: Snapshot,
) -> None:
    kpi, month = "partner_win_rate", date(2026, 9, 1)
    whole = snapshot.evidence(kpi, "programme", "all", "month", month)
    shared = whole.filter(pl.col("partner_ids").list.len() > 1)
    assert shared.height > 0
    assert whole.select("entity_id").is_duplicated().sum() == 0
    for partner in shared["partner_ids"][0]:
        own = snapshot.evidence(kpi, "partner", partner, "month", month)
        assert shared["entity_id"][0] in own["entity_id"]


def test_what_a_partner_did_before_its_promotion_stays_with_its_old_tier(
    snapshot: Snapshot,
) -> None:
    kpi = "integration_uptime"  # P-005 moved from network to active on 12 May 2026

    def days(tier: str) -> list[date]:
        rows = snapshot.evidence(kpi, "tier", tier, "month", date(2026, 5, 1))
        return rows.filter(pl.col("entity_id") == "INT-5")["observed_on"].sort().to_list()

    assert days("network")[-1] == date(2026, 5, 11)
    assert days("active")[0] == date(2026, 5, 12)


def test_of_a_share_the_rest_of_the_programme_only_adds_denominators(snapshot: Snapshot) -> None:
    rows = snapshot.evidence(
        "partner_influenced_pipeline", "partner", "P-001", "month", date(2026, 9, 1)
    )
    rest = rows.filter(pl.col("counts_for") == "denominator")
    assert rest.height > 0
    assert rest["numerator"].null_count() == rest.height
    assert set(rows["observed_on"]) == {date(2026, 9, 30)}  # a balance: its last day alone


def test_an_open_snapshot_keeps_answering_from_its_own_run(tmp_path: Path) -> None:
    home = DataHome.at(tmp_path).create()
    make_snapshot(home, name="first")
    with Snapshot.open(home) as before:
        make_snapshot(home, name="second", empty=True)
        assert before.info()["snapshot_id"] == "first"
        assert before.partners().height > 0
        with Snapshot.open(home) as after:
            assert after.info()["snapshot_id"] == "second"


def test_text_from_outside_is_bound_and_never_run(snapshot: Snapshot) -> None:
    nasty = "all' or 1=1; drop table kpi_values --"
    assert snapshot.values("partner_win_rate", "programme", nasty, "month").is_empty()
    things = {"entity_type": [nasty], "entity_id": [nasty], "observed_on": [date(2026, 9, 1)]}
    assert snapshot.sources_of(pl.DataFrame(things)).is_empty()
    with pytest.raises(ValueError, match="no table"):
        snapshot.table(nasty)
    with pytest.raises(ValueError, match="no dimension"):
        snapshot.evidence("partner_win_rate", nasty, "all", "month", date(2026, 9, 1))


def test_a_kept_snapshot_that_is_older_than_a_table_has_no_rows_of_it(tmp_path: Path) -> None:
    home = DataHome.at(tmp_path).create()
    with duckdb.connect(str(make_snapshot(home))) as connection:
        connection.execute("drop table if exists pipeline_moves").fetchall()
    with Snapshot.open(home) as opened:
        found = opened.table("pipeline_moves")
        assert found.is_empty()
        assert dict(found.schema) == {
            "partner_id": pl.String, "period_start": pl.Date, "position": pl.Int64,
            "move": pl.String, "opportunities": pl.Int64, "amount": pl.Decimal(28, 9),
        }  # fmt: skip
        assert opened.partners().height > 0
        with pytest.raises(ValueError, match="no table"):
            opened.table("pipeline")


def test_every_table_of_a_snapshot_is_contracted_and_the_other_way_round() -> None:
    contracts = load_serving()
    assert set(contracts) == TABLES
    with duckdb.connect() as connection:
        for name, contract in contracts.items():
            columns = connection.sql(no_rows_sql(name)).columns
            assert columns == [column.name for column in contract.columns]


def test_nobody_writes_through_a_snapshot(home: DataHome) -> None:
    with Snapshot.open(home) as opened, pytest.raises(duckdb.Error, match="read-only"):
        opened._connection.execute("drop table partners").fetchall()


def test_the_headline_is_the_last_complete_period(snapshot: Snapshot) -> None:
    rows = snapshot.headline("programme", "all")
    marked = rows.filter("is_headline")
    assert set(marked["kpi_id"]) == {kpi.kpi_id for kpi in snapshot.catalogue()}
    assert marked["is_complete"].all()
    per_kpi = rows.group_by("kpi_id").agg(pl.col("is_complete").sum())
    assert per_kpi["is_complete"].max() == 8


def test_an_unknown_kpi_is_a_sentence(snapshot: Snapshot) -> None:
    with pytest.raises(UserError, match="There is no KPI 'nps'"):
        snapshot.evidence("nps", "programme", "all", "month", date(2026, 9, 1))


def _rows(*rows: tuple[str, list[str], str | None, str | None, str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "observed_on": [date(2026, 9, 1)] * len(rows),
            "entity_type": ["thing"] * len(rows),
            "entity_id": [row[0] for row in rows],
            "partner_ids": [row[1] for row in rows],
            "numerator": [None if row[2] is None else Decimal(row[2]) for row in rows],
            "denominator": [None if row[3] is None else Decimal(row[3]) for row in rows],
            "counts_for": [row[4] for row in rows],
        },
        schema_overrides={
            "numerator": pl.Decimal(28, 9),
            "denominator": pl.Decimal(28, 9),
            "partner_ids": pl.List(pl.String),
        },
    )


def test_every_kind_sums_again() -> None:
    plain = _rows(
        ("a", ["p"], "1", "2", "both"), ("b", ["q"], "4", "2", "both"), ("c", [], None, "4", "both")
    )
    assert resum("total", plain).value == 5
    assert resum("distinct", plain).value == 3
    assert resum("ratio", plain).value == 5 / 8
    assert resum("median", plain).value == 2.5  # interpolated
    four = _rows(*[(str(i), [f"p{i}"], str(i), None, "numerator") for i in (1, 2, 3, 4)])
    assert resum("top3", four).value == 9 / 10
    nothing = plain.clear()
    assert resum("median", nothing).value is None
    assert resum("share", nothing).value is None
    assert resum("total", nothing).value == 0
    with pytest.raises(ValueError, match="no kind"):
        resum("average", plain)


def test_the_calendar() -> None:
    day = date(2026, 11, 22)  # a Sunday
    assert period_start("week", day) == date(2026, 11, 16)
    assert period_end("week", date(2026, 11, 16)) == date(2026, 11, 23)
    assert period_end("quarter", date(2026, 10, 1)) == date(2027, 1, 1)
    assert previous_start("year", date(2026, 1, 1)) == date(2025, 1, 1)
    start = date(2026, 11, 1)
    assert observed_days("month", start, is_balance=True, as_of=day) == (day, day)
    assert observed_days("month", start, is_balance=False, as_of=day) == (start, day)
    with pytest.raises(ValueError, match="no period type"):
        period_end("decade", day)


def test_needs_name_what_is_still_missing() -> None:
    assert unmet(["crm"], {("salesforce", "opportunity")}) == []
    assert unmet(["touches"], {("prm", "referral")}) == []
    (options,) = unmet(["touches"], {("prm", "partner")})
    assert (("salesforce", "lead"),) in options
    assert alternatives("finance/ecb_rate") == ((("finance", "ecb_rate"),),)
    with pytest.raises(ValueError, match="is no need"):
        unmet(["weather"], set())
