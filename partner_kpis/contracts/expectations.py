"""Dataset and serving promises, checked with Great Expectations.

Belongs here: which promises apply to a batch or to a candidate snapshot, and what came of each.
Does not belong here: how a promise is measured (promise_sql.py), what a broken one leads to
(pipelines, publish), row promises (rows.py). Great Expectations is imported on first use only.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from partner_kpis import formats
from partner_kpis.contracts.data_docs import DataDocs
from partner_kpis.contracts.model import Contract, Promise
from partner_kpis.contracts.promise_sql import Measure, freshness, measure, of_columns
from partner_kpis.contracts.table_schema import columns_by_table, table_faults
from partner_kpis.text import LANGUAGES, Bilingual, both

__all__ = ["DataDocs", "PromiseResult", "check_batch", "check_snapshot"]

SNAPSHOT_PAGE = "serving/snapshot"
_MEMORY = "250MB"  # of the candidate's rows, while the run and dbt hold theirs


@dataclass(frozen=True)
class PromiseResult:
    """What came of one promise.

    Attributes:
        contract: `source/entity`, or `serving/<table>`.
        severity: error or warning; what a broken one leads to is the caller's decision.
        observed: what was measured, in words ("3 rows", "97.2 %").
        unexpected: how many rows break it; None where the promise is not about single rows.
        sample: where the first of them stand (file and row, or the key of a serving row).
        description_de, observed_de: the same in German; a promise about the snapshot has an
            English description only, as it stops a run and is never shown on a page.
        broken, broken_de: what is found instead, as one sentence; empty where the description and
            what was observed say it.
    """

    contract: str
    promise_id: str
    severity: str
    description: str
    passed: bool
    observed: str
    unexpected: int | None
    sample: tuple[str, ...]
    description_de: str = ""
    observed_de: str = ""
    broken: str = ""
    broken_de: str = ""

    @property
    def found(self) -> Bilingual:
        """What to say of the promise when it is broken."""
        if self.broken:
            return Bilingual(self.broken, self.broken_de)
        return both(
            "held.found",
            description=Bilingual(self.description.rstrip("."), self.description_de.rstrip(".")),
            observed=Bilingual(self.observed, self.observed_de),
        )


def check_batch(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    *,
    batch: str,
    profile: str | None,
    as_of: date | None,
    docs: DataDocs | None = None,
    source: Any = None,
) -> list[PromiseResult]:
    """Check the rows of one entity accepted in this run.

    Args:
        connection: stays open and in whatever transaction it is in; temporary tables are seen.
        batch: relation with the lake columns of the entity and `_file_name`, `_row_number`,
            `_file_sha256`.
        profile: relation with day, first_at, last_at, row_count, file_sha256, run_id and
            `ref_<column>_total` / `ref_<column>_resolved`; without it, the promises that need
            history are left out. A null or zero total, or a missing column, means that there
            was nothing to resolve.
        as_of: the reporting date; without it, freshness is left out.
        source: a datasource on the connection, where several batches share one.

    Raises UserError when a promise of the contract is written wrongly. A promise that cannot be
    measured counts as broken, and `observed` says why.
    """
    promises = list(contract.promises)
    if (promise := freshness(contract)) is not None:
        promises.append(promise)
    if profile is not None:
        profile = _with_references(connection, contract, profile)
    measures = _measures(contract, promises, batch, profile=profile, as_of=as_of)
    if not measures:
        return []
    from partner_kpis.contracts import gx_duckdb

    with nullcontext(source) if source else gx_duckdb.datasource(connection) as borrowed:
        return _run(borrowed, contract, batch, measures, docs, page=contract.name)


def check_snapshot(
    database: Path, contracts: dict[str, Contract], docs: DataDocs | None = None
) -> list[PromiseResult]:
    """Check a candidate snapshot against every serving contract.

    Args:
        database: the candidate's DuckDB file; no connection to it may be open in this process.
        contracts: serving contracts by table name.

    A table whose columns are not those of its contract is one broken promise, `schema`, and its
    other promises are left out.
    """
    from partner_kpis.contracts import gx_duckdb

    tables = {name: name for name in contracts}
    results: list[PromiseResult] = []
    with (
        duckdb.connect(str(database), read_only=True) as connection,
        gx_duckdb.datasource(connection) as source,
    ):
        connection.execute("set memory_limit = ?", [_MEMORY])
        found = columns_by_table(connection, "main")
        for table, contract in contracts.items():
            faults = table_faults(table, contract, found)
            if faults:
                results.append(_broken_schema(contract, faults))
                continue
            promises = [*of_columns(contract), *contract.promises]
            measures = _measures(contract, promises, table, tables=tables)
            results += _run(source, contract, table, measures, docs, page=SNAPSHOT_PAGE)
    return results


def _broken_schema(contract: Contract, faults: list[str]) -> PromiseResult:
    return PromiseResult(
        contract.name, "schema", "error", "The table has exactly the columns of its contract.",
        passed=False, observed=" ".join(faults), unexpected=None, sample=(),
    )  # fmt: skip


def _with_references(
    connection: duckdb.DuckDBPyConnection, contract: Contract, profile: str
) -> str:
    """The profile with a pair of columns for every reference, null where it has none."""
    found = {row[0] for row in connection.execute(f"describe {profile}").fetchall()}
    wanted = [
        f"ref_{column.name}_{part}"
        for column in contract.columns
        if column.references
        for part in ("total", "resolved")
    ]
    missing = "".join(f", null::bigint as {name}" for name in wanted if name not in found)
    return f"(select *{missing} from {profile})" if missing else profile


def _measures(
    contract: Contract,
    promises: list[Promise],
    relation: str,
    *,
    profile: str | None = None,
    as_of: date | None = None,
    tables: dict[str, str] | None = None,
) -> list[Measure]:
    compiled = (
        measure(contract, promise, relation, profile=profile, as_of=as_of, tables=tables)
        for promise in promises
    )
    return [found for found in compiled if found is not None]


def _run(
    source: Any, contract: Contract, relation: str, measures: list[Measure],
    docs: DataDocs | None, page: str,
) -> list[PromiseResult]:  # fmt: skip
    """One suite, one validation: what Great Expectations does per relation is its dearest part."""
    from partner_kpis.contracts import gx_duckdb

    if not measures:
        return []
    prefix = f"{contract.entity}: " if page != contract.name else ""
    expectations = [
        gx_duckdb.expectation(
            m.promise.id, m.query, prefix + m.promise.description, m.promise.severity == "error"
        )
        for m in measures
    ]
    validation = gx_duckdb.validate(source, relation, contract.name, expectations)
    by_id = {r.expectation_config.kwargs["promise_id"]: r for r in validation.results}
    results = [_result(contract, m, by_id[m.promise.id]) for m in measures]
    if docs is not None:
        docs.add(page, validation, results)
    return results


def _result(contract: Contract, measured: Measure, outcome: Any) -> PromiseResult:
    promise = measured.promise
    details = outcome.result.get("details")
    if details is None:
        observed, unexpected = both("observed.failed", fault=_exception(outcome)), None
    else:
        value = outcome.result["observed_value"]
        observed = _in_words(value, promise, measured.counts_rows)
        is_number_of_rows = measured.counts_rows and promise.spec.unit != "percent"
        unexpected = int(value) if is_number_of_rows else None
    broken = _broken(promise, observed) if not outcome.success else Bilingual("", "")
    return PromiseResult(
        contract=contract.name,
        promise_id=promise.id,
        severity=promise.severity,
        description=promise.description,
        passed=bool(outcome.success),
        observed=observed.en,
        unexpected=unexpected,
        sample=tuple((details or {}).get("places", ())),
        description_de=promise.description_de or promise.description,
        observed_de=observed.de,
        broken=broken.en,
        broken_de=broken.de,
    )


def _broken(promise: Promise, observed: Bilingual) -> Bilingual:
    if promise.broken_text is None:
        return Bilingual("", "")
    allowed = promise.spec.mustBeLessOrEqualTo
    return both(promise.broken_text, observed=observed, allowed=allowed)


def _in_words(value: Any, promise: Promise, counts_rows: bool) -> Bilingual:
    if value is None:
        return both("observed.nothing")
    if promise.spec.unit == "percent":
        return both("observed.percent", number=_number(float(value), 1))
    if promise.spec.unit == "days":
        return both("observed.day") if value == 1 else both("observed.days", count=_number(value))
    if counts_rows or promise.spec.metric == "rowCount":
        return both("observed.row") if value == 1 else both("observed.rows", count=_number(value))
    if isinstance(value, float):
        text = f"{value:g}"
        return Bilingual(text, text.replace(".", ","))
    return Bilingual(str(value), str(value))


def _number(value: float, decimals: int = 0) -> Bilingual:
    return Bilingual(*(formats.number(value, lang, decimals) for lang in LANGUAGES))


def _exception(outcome: Any) -> str:
    """The first line of the database's message; Great Expectations nests it by metric."""
    info = outcome.exception_info or {}
    entries = [info, *(entry for entry in info.values() if isinstance(entry, dict))]
    messages = [entry.get("exception_message") for entry in entries]
    return next((str(m).strip().splitlines()[0] for m in messages if m), "no reason was given")
