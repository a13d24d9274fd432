"""The contract files themselves: valid ODCS, complete, and written so that they can be trusted."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from open_data_contract_standard.model import OpenDataContractStandard

from partner_kpis.contracts.model import Contract, load_entities, load_serving
from partner_kpis.contracts.promise_sql import freshness, measure, of_columns
from partner_kpis.home import contracts_dir

FILES = sorted(contracts_dir().glob("*/*.odcs.yaml"))
ENTITIES = load_entities()
SERVING = load_serving()
CONTRACTS = [*ENTITIES.values(), *SERVING.values()]
SERVING_TABLES = {
    "kpi_catalogue", "kpi_observations", "kpi_values", "kpi_scorecard", "health_components",
    "health_moves", "time_to_event", "objectives",
    "partners", "partner_versions", "partner_touches", "opportunities", "entity_sources",
    "source_freshness", "landing_ledger", "quarantined_rows", "snapshot", "findings",
    "identity_matches", "identity_suggestions", "pipeline_moves", "referrals", "certificates",
    "registrations", "mdf_claims", "qbr_actions", "commission_lines", "commission_payments",
}  # fmt: skip
MADE_BY_PYTHON = {
    "kpi_catalogue", "landing_ledger", "quarantined_rows", "snapshot", "identity_suggestions",
}  # fmt: skip

_schema = json.loads(OpenDataContractStandard.json_schema())
VALIDATOR = jsonschema.validators.validator_for(_schema)(_schema)


def named(contract: Contract) -> str:
    return contract.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_file_is_valid_by_the_schema_of_the_standard(path: Path) -> None:
    faults = [
        f"{error.json_path}: {error.message}"
        for error in VALIDATOR.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))
    ]
    assert faults == []


@pytest.mark.parametrize("contract", CONTRACTS, ids=named)
def test_contract_says_who_what_and_which_version(contract: Contract) -> None:
    assert contract.owner
    assert contract.purpose
    assert re.fullmatch(r"\d+\.\d+\.\d+", contract.version)
    assert all(column.description for column in contract.columns)


@pytest.mark.parametrize("contract", CONTRACTS, ids=named)
def test_promises_have_names_of_their_own_and_read_as_sentences(contract: Contract) -> None:
    promises = [*contract.promises]
    if contract.source == "serving":
        promises += of_columns(contract)
    ids = [promise.id for promise in promises]
    assert len(ids) == len(set(ids))
    for promise in promises:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", promise.id)
    for promise in contract.promises:
        assert promise.description.endswith((".", ")."))
        assert promise.spec.dimension


@pytest.mark.parametrize("contract", CONTRACTS, ids=named)
def test_column_names_are_unique(contract: Contract) -> None:
    names = [column.lake_name for column in contract.columns]
    assert len(names) == len(set(names))


def test_contract_ids_are_unique() -> None:
    ids = [yaml.safe_load(path.read_text(encoding="utf-8"))["id"] for path in FILES]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("contract", list(ENTITIES.values()), ids=named)
def test_a_promise_of_an_export_is_said_in_german_too(contract: Contract) -> None:
    """Broken ones are shown on the page; those of the snapshot only stop a run."""
    promises = [*contract.promises, freshness(contract)]
    for promise in filter(None, promises):
        assert promise.description_de and promise.description_de.endswith("."), promise.id
        assert promise.description_de != promise.description


@pytest.mark.parametrize("contract", list(ENTITIES.values()), ids=named)
def test_what_people_read_of_an_entity_is_said_in_both_languages(contract: Contract) -> None:
    assert contract.purpose_in.de != contract.purpose_in.en
    for column in contract.columns:
        words = column.pattern_in_words
        assert ("pattern" in column.options) == (words is not None), column.name
        assert words is None or words.de != words.en


@pytest.mark.parametrize("contract", list(ENTITIES.values()), ids=named)
def test_an_error_looks_at_single_rows_of_the_export_only(contract: Contract) -> None:
    """Else a file would be held or not depending on what else has arrived, or how it was split."""
    for promise in contract.promises:
        if promise.severity == "error":
            query = promise.spec.query or ""
            assert query.startswith("select count(*) from {object} where ")
            assert promise.spec.mustBe == 0
            assert re.findall(r"\{(\w+)\}", query) == ["object"]
            assert not re.search(r"\b(select|over|group)\b", query.removeprefix("select"))


@pytest.mark.parametrize("contract", list(ENTITIES.values()), ids=named)
def test_every_reference_and_the_volume_are_promised(contract: Contract) -> None:
    references = {f"{column.name}_resolves" for column in contract.columns if column.references}
    assert references | {"volume_is_as_before"} <= {promise.id for promise in contract.promises}


@pytest.mark.parametrize("contract", list(ENTITIES.values()), ids=named)
def test_no_promise_reads_a_personal_column(contract: Contract) -> None:
    personal = {column.name for column in contract.columns if column.is_personal}
    for promise in contract.promises:
        assert not personal & set(re.findall(r"\w+", promise.spec.query or promise.column or ""))


def test_every_serving_table_has_a_contract() -> None:
    assert set(SERVING) == SERVING_TABLES


def test_a_table_is_grouped_by_columns_that_it_has() -> None:
    grouped = {
        name: c.custom["groupedBy"] for name, c in SERVING.items() if "groupedBy" in c.custom
    }
    assert "kpi_observations" in grouped
    for name, columns in grouped.items():
        assert columns and set(columns) <= {column.name for column in SERVING[name].columns}


def test_a_table_names_the_model_it_is_copied_from() -> None:
    without = {table for table, c in SERVING.items() if not c.custom.get("warehouseModel")}
    assert without == MADE_BY_PYTHON


@pytest.mark.parametrize("contract", list(SERVING.values()), ids=named)
def test_serving_promises_compile(contract: Contract) -> None:
    tables = {name: name for name in SERVING}
    for promise in [*of_columns(contract), *contract.promises]:
        measured = measure(
            contract, promise, contract.entity, profile=None, as_of=None, tables=tables
        )
        assert measured is not None
        assert "{" not in measured.query
