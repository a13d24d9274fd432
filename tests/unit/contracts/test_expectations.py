"""Every promise holds on good data and is broken by data made to break it: real DuckDB, real GX."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from partner_kpis.contracts.data_docs import DataDocs
from partner_kpis.contracts.expectations import (
    PromiseResult,
    check_batch,
    check_snapshot,
)
from partner_kpis.contracts.model import load_entities, load_serving
from partner_kpis.contracts.promise_sql import of_columns
from partner_kpis.contracts.table_schema import schema_faults
from tests.unit.contracts import tables

AS_OF = date(2026, 1, 6)
ENTITIES = load_entities()
SERVING = load_serving()


def broken(results: list[PromiseResult]) -> dict[str, PromiseResult]:
    return {result.promise_id: result for result in results if not result.passed}


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.mark.parametrize("name", sorted(ENTITIES))
def test_good_rows_keep_every_promise(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    contract = ENTITIES[name]
    tables.create_batch(connection, contract)
    tables.create_profile(connection, contract, resolved=10, former_runs=4)
    results = check_batch(connection, contract, batch="batch", profile="profile", as_of=AS_OF)
    assert broken(results) == {}
    asserted = {promise.id for promise in contract.promises}
    assert {r.promise_id for r in results} - {"freshness"} == asserted


@pytest.mark.parametrize("name", sorted(ENTITIES))
def test_bad_rows_break_every_promise(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    contract = ENTITIES[name]
    tables.create_batch(connection, contract)
    tables.create_profile(connection, contract, resolved=9, former_runs=0)
    bad_rows = tables.BAD_ROWS[name]
    for row in (row for rows in bad_rows.values() for row in rows):
        tables.insert(connection, "batch", contract, row | {"_row_number": "7"})
    found = broken(
        check_batch(connection, contract, batch="batch", profile="profile", as_of=date(2027, 1, 1))
    )
    from_profile = {p.id for p in contract.promises if p.id.endswith("_resolves")}
    if contract.freshness_days is not None:
        from_profile.add("freshness")
    assert set(found) == set(bad_rows) | from_profile
    for result in found.values():
        if result.unexpected is not None:
            assert (result.unexpected, result.sample) == (1, ("a.csv row 7",))


@pytest.mark.parametrize("name", sorted(ENTITIES))
def test_a_run_much_smaller_than_its_forerunners_stands_out(
    connection: duckdb.DuckDBPyConnection, name: str
) -> None:
    contract = ENTITIES[name]
    tables.create_batch(connection, contract)
    tables.create_profile(connection, contract, resolved=10, former_runs=5)
    results = check_batch(connection, contract, batch="batch", profile="profile", as_of=None)
    assert broken(results)["volume_is_as_before"].observed == "1.0 %"
    tables.create_profile(connection, contract, resolved=10, former_runs=4)
    results = check_batch(connection, contract, batch="batch", profile="profile", as_of=None)
    assert broken(results) == {}


def test_without_profile_and_date_only_the_rows_are_checked(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    contract = ENTITIES["salesforce/opportunity"]
    tables.create_batch(connection, contract)
    results = check_batch(connection, contract, batch="batch", profile=None, as_of=None)
    assert [r.promise_id for r in results] == list(tables.BAD_ROWS[contract.name])


def test_a_profile_without_references_had_nothing_to_resolve(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    contract = ENTITIES["salesforce/opportunity"]
    tables.create_batch(connection, contract)
    connection.execute(
        "create table profile as select timestamp '2026-01-05' as last_at, 1 as row_count,"
        " 'new' as file_sha256, 'run' as run_id"
    )
    results = check_batch(connection, contract, batch="batch", profile="profile", as_of=AS_OF)
    assert broken(results) == {}
    observed = {r.promise_id: r.observed for r in results}
    assert observed["account_id_resolves"] == "nothing to measure"


def test_stale_data_says_how_old_it_is(connection: duckdb.DuckDBPyConnection) -> None:
    contract = ENTITIES["sla/probe"]
    tables.create_batch(connection, contract)
    tables.create_profile(connection, contract, resolved=10, former_runs=0)

    def told(as_of: date) -> PromiseResult:
        results = check_batch(connection, contract, batch="batch", profile="profile", as_of=as_of)
        return next(r for r in results if r.promise_id == "freshness")

    days = contract.freshness_days
    found = told(date(2026, 1, 5) + timedelta(days=2802)).found
    assert found.en == (
        f"The newest row is 2,802 days older than the reporting date (allowed: {days})"
    )
    assert found.de == f"Die neueste Zeile ist 2.802 Tage älter als der Stichtag (erlaubt: {days})"
    kept = told(date(2026, 1, 6))
    assert kept.passed and (kept.observed, kept.observed_de, kept.broken) == ("1 day", "1 Tag", "")


def test_a_batch_is_checked_in_the_middle_of_a_transaction(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    contract = ENTITIES["salesforce/opportunity"]
    connection.begin()
    tables.create_batch(connection, contract)
    check_batch(connection, contract, batch="batch", profile=None, as_of=None)
    connection.rollback()
    with pytest.raises(duckdb.CatalogException):
        connection.execute("from batch")


def test_a_promise_that_cannot_be_measured_is_broken_and_says_why(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    contract = ENTITIES["finance/ecb_rate"]
    connection.execute("create table batch (currency varchar)")
    results = check_batch(connection, contract, batch="batch", profile=None, as_of=None)
    (result,) = broken(results).values()
    assert result.promise_id == "usd_is_plausible"
    assert "could not be measured" in result.observed
    assert "rate" in result.observed


@pytest.fixture(scope="module")
def results_of_broken_snapshot(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[tuple[str, str], PromiseResult]:
    path = tmp_path_factory.mktemp("broken") / "snapshot.duckdb"
    with tables.create_snapshot(path, SERVING) as candidate:
        for table, contract in SERVING.items():
            tables.break_columns(candidate, contract)
            for rows in tables.BAD_SERVING_ROWS.get(table, {}).values():
                for row in rows:
                    tables.insert(candidate, table, contract, row)
    return {(r.contract, r.promise_id): r for r in check_snapshot(path, SERVING)}


@pytest.mark.parametrize(
    ("table", "promise_id"),
    [(t, p.id) for t, c in SERVING.items() for p in [*of_columns(c), *c.promises]],
)
def test_a_broken_snapshot_breaks_every_promise(
    results_of_broken_snapshot: dict[tuple[str, str], PromiseResult], table: str, promise_id: str
) -> None:
    result = results_of_broken_snapshot[f"serving/{table}", promise_id]
    assert not result.passed
    assert "could not be measured" not in result.observed
    assert (result.unexpected or 0) > 0 or promise_id.startswith("one_")


def test_a_good_snapshot_keeps_every_promise(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.duckdb"
    tables.create_snapshot(path, SERVING).close()
    results = check_snapshot(path, SERVING)
    assert broken(results) == {}
    assert {r.contract for r in results} == {c.name for c in SERVING.values()}


def test_shares_outside_0_to_1_are_accepted(tmp_path: Path) -> None:
    """A negative amount is unusual, and no reason to withhold every other number."""
    path = tmp_path / "snapshot.duckdb"
    with tables.create_snapshot(path, SERVING) as candidate:
        candidate.execute("update kpi_values set value = -3.5, numerator = -3.5")
    assert broken(check_snapshot(path, SERVING)) == {}


def test_columns_are_exactly_those_of_the_contract(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.duckdb"
    with tables.create_snapshot(path, SERVING) as candidate:
        assert schema_faults(candidate, "main", SERVING) == []
        candidate.execute("drop table findings")
        candidate.execute("alter table kpi_values drop column reason")
        candidate.execute("alter table partners add column email varchar")
        candidate.execute("alter table snapshot alter run_id type bigint using 1")
        assert schema_faults(candidate, "main", SERVING) == [
            "The table findings is missing.",
            "The column kpi_values.reason is missing (VARCHAR).",
            "The column partners.email (VARCHAR) is not in the contract.",
            "The column snapshot.run_id is BIGINT, its contract says VARCHAR.",
        ]
    found = {r.contract: r for r in check_snapshot(path, SERVING) if r.promise_id == "schema"}
    assert set(found) == {
        f"serving/{t}" for t in ("findings", "kpi_values", "partners", "snapshot")
    }
    assert found["serving/findings"].severity == "error"


def test_pages_hold_counts_and_no_keys(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    contract = ENTITIES["salesforce/opportunity"]
    tables.create_batch(connection, contract)
    tables.insert(connection, "batch", contract, {"is_won": "true", "_file_name": "'secret.csv'"})
    docs = DataDocs(tmp_path)
    check_batch(connection, contract, batch="batch", profile=None, as_of=None, docs=docs)
    index = docs.write()
    page = (tmp_path / "salesforce__opportunity.html").read_text(encoding="utf-8")
    assert "No opportunity is won without being closed." in page
    assert "secret.csv" not in page
    assert "great-expectations-web-assets" not in page
    assert "salesforce__opportunity.html" in index.read_text(encoding="utf-8")


def test_pages_of_former_runs_stay_in_the_index(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for name in ("salesforce/opportunity", "finance/ecb_rate"):
        tables.create_batch(connection, ENTITIES[name])
        docs = DataDocs(tmp_path)
        check_batch(connection, ENTITIES[name], batch="batch", profile=None, as_of=None, docs=docs)
        docs.write()
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "salesforce/opportunity" in index
    assert "finance/ecb_rate" in index


def test_importing_the_module_does_not_import_great_expectations() -> None:
    code = (
        "import sys, partner_kpis.contracts.expectations, partner_kpis.contracts.data_docs;"
        "sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
