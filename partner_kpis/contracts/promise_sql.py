"""A promise as one SQL query that measures it.

Belongs here: the quality forms of ODCS (library metrics, SQL) as DuckDB SQL, and the promises that
the columns of a serving contract make by themselves (key, required, enum).
Does not belong here: running them (expectations.py, gx_duckdb.py), row promises (rows.py).

A promise's SQL may name `{object}` (the checked relation), `{property}` (its column), `{profile}`
(the entity's profile), `{as_of}` and, in a serving contract, every other serving table.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from open_data_contract_standard.model import DataQuality

from partner_kpis.contracts.model import Contract, Promise
from partner_kpis.errors import UserError
from partner_kpis.text import both

SAMPLE_SIZE = 5

_PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*)\}")
_COUNTS_ROWS = re.compile(r"^\s*select\s+count\(\*\)\s+from\s+\{object\}", re.IGNORECASE)
_COUNT = re.compile(r"^\s*select\s+count\(\*\)", re.IGNORECASE)
# How a row of an export is found again: nothing that the row says, only where it stands.
_FILE_ROW = "_file_name || ' row ' || _row_number"


@dataclass(frozen=True)
class Measure:
    """A query of one row: observed, holds BOOLEAN, places VARCHAR[]."""

    promise: Promise
    query: str
    counts_rows: bool


def freshness(contract: Contract) -> Promise | None:
    """The promise behind the contract's service level; None when it never goes stale."""
    days = contract.freshness_days
    if days is None:
        return None
    description = both("promise.freshness", days=days)
    return Promise(
        id="freshness",
        severity="warning",
        description=description.en,
        description_de=description.de,
        spec=DataQuality(
            type="sql",
            query="select date_diff('day', max(cast(last_at as date)), {as_of}) from {profile}",
            unit="days",
            mustBeLessOrEqualTo=days,
        ),
        broken_text="promise.freshness_broken",
    )


def of_columns(contract: Contract) -> list[Promise]:
    """What the columns of a serving contract promise: a unique key, filled columns, known values.

    For entities these are row promises, kept at landing; nothing is checked in two engines.
    """
    promises = []
    if contract.keys:
        names = ", ".join(column.name for column in contract.keys)
        promises.append(_error(
            "key_is_unique", f"No two rows have the same {names}.",
            metric="duplicateValues", arguments={"properties": [c.name for c in contract.keys]},
        ))  # fmt: skip
    required = [column.name for column in contract.columns if column.is_required]
    if required:
        missing = " or ".join(f"{quoted(name)} is null" for name in required)
        promises.append(_error(
            "required_columns_are_filled", f"Every row fills {', '.join(required)}.",
            type="sql", query=f"select count(*) from {{object}} where {missing}",
        ))  # fmt: skip
    promises += [
        _error(
            f"{column.name}_is_known", f"{column.name} is one of {', '.join(column.allowed)}.",
            column=column.name, metric="invalidValues",
            arguments={"validValues": list(column.allowed)},
        )
        for column in contract.columns
        if column.allowed
    ]  # fmt: skip
    return promises


def measure(
    contract: Contract,
    promise: Promise,
    relation: str,
    *,
    profile: str | None,
    as_of: date | None,
    tables: dict[str, str] | None = None,
) -> Measure | None:
    """The promise as SQL, or None when what it looks at is not at hand (no profile, no as_of)."""
    query, counts_rows = _counted(promise, contract)
    names = {"object": relation, "property": quoted(promise.column or ""), **(tables or {})}
    if profile is not None:
        names["profile"] = profile
    if as_of is not None:
        names["as_of"] = f"date '{as_of.isoformat()}'"
    wanted = set(_PLACEHOLDER.findall(query))
    if wanted & ({"profile", "as_of"} - names.keys()):
        return None
    if unknown := wanted - names.keys():
        raise UserError(
            f"The promise {promise.id} of {contract.path} names {{{sorted(unknown)[0]}}}, "
            f"which is none of {', '.join(sorted(names))}. Mend the query."
        )
    sql = _PLACEHOLDER.sub(lambda match: names[match[1]], _escape_braces(query))
    bound = _bound(promise, contract)
    row = _measuring(sql, bound, promise, contract, relation, counts_rows)
    return Measure(promise, row, counts_rows)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A value of a contract as SQL."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def _error(promise_id: str, description: str, column: str | None = None, **spec: Any) -> Promise:
    return Promise(promise_id, "error", description, DataQuality(mustBe=0, **spec), column)


def _counted(promise: Promise, contract: Contract) -> tuple[str, bool]:
    """The promise as a query for one value, and whether that value is a number of rows."""
    spec = promise.spec
    if spec.type == "sql" and spec.query:
        return spec.query.strip(), bool(_COUNTS_ROWS.match(spec.query))
    builder = _METRICS.get(spec.metric or "")
    if builder is None:
        raise UserError(
            f"The promise {promise.id} of {contract.path} is neither SQL nor one of the metrics "
            f"{', '.join(sorted(_METRICS))}. Write it in one of these forms."
        )
    return builder(promise), spec.metric != "rowCount"


def _measuring(
    sql: str, bound: str, promise: Promise, contract: Contract, relation: str, counts_rows: bool
) -> str:
    """Wrap a one-value query into the row that an expectation reads.

    A count of rows is counted over the rows themselves, so that the first of them can be named.
    """
    if not counts_rows:
        return (
            f"select observed, coalesce({bound}, true) as holds, null as places"
            f" from (select ({sql}) as observed)"
        )
    place = _place(promise, contract)
    rows = _COUNT.sub(lambda _: f"select {place} as place", sql)
    observed = "count(*)"
    if promise.spec.unit == "percent":
        observed = f"100.0 * count(*) / nullif((select count(*) from {relation}), 0)"
    return (
        f"select observed, coalesce({bound}, true) as holds, places from ("
        f"select {observed} as observed, min(place, {SAMPLE_SIZE}) as places from ({rows}))"
    )


def _place(promise: Promise, contract: Contract) -> str:
    """How a breaking row is named: by file and row in an entity, by key in a serving table."""
    if promise.spec.metric == "duplicateValues":
        names = _arguments(promise).get("properties") or [promise.column]
    elif contract.source != "serving":
        return _FILE_ROW
    else:
        names = [column.name for column in contract.keys or contract.columns[:3]]
    parts = (f"coalesce(cast({quoted(name)} as varchar), 'empty')" for name in names)
    return f"concat_ws('|', {', '.join(parts)})"


def _arguments(promise: Promise) -> dict[str, Any]:
    return promise.spec.arguments or {}


def _null_values(promise: Promise) -> str:
    return "select count(*) from {object} where {property} is null"


def _invalid_values(promise: Promise) -> str:
    arguments = _arguments(promise)
    if "pattern" in arguments:
        pattern = literal(arguments["pattern"])
        return (
            f"select count(*) from {{object}} where not regexp_full_match({{property}}, {pattern})"
        )
    allowed = ", ".join(map(literal, arguments["validValues"]))
    return f"select count(*) from {{object}} where {{property}} not in ({allowed})"


def _duplicate_values(promise: Promise) -> str:
    """Rows of each repeated key.

    Keys are grouped by their hash first, which takes a fraction of the memory; only rows whose hash
    is there twice, as a rule none, are then compared by the key itself.
    """
    names = ", ".join(map(quoted, _arguments(promise).get("properties") or [promise.column]))
    return (
        f"select count(*) from (select {names}, count(*) as rows_of_key from {{object}}"
        f" where hash({names}) in"
        f" (select hash({names}) from {{object}} group by all having count(*) > 1)"
        f" group by {names}) where rows_of_key > 1"
    )


def _row_count(promise: Promise) -> str:
    return "select count(*) from {object}"


_METRICS: dict[str, Callable[[Promise], str]] = {
    "nullValues": _null_values,
    "invalidValues": _invalid_values,
    "duplicateValues": _duplicate_values,
    "rowCount": _row_count,
}


def _escape_braces(sql: str) -> str:
    """Double every brace that is no placeholder: Great Expectations puts queries to str.format."""
    pieces = re.split(r"(\{[A-Za-z_]\w*\})", sql)
    return "".join(
        piece if index % 2 else piece.replace("{", "{{").replace("}", "}}")
        for index, piece in enumerate(pieces)
    )


def _bound(promise: Promise, contract: Contract) -> str:
    """The standard's comparison operators on `observed`."""
    spec = promise.spec
    for name, operator in _OPERATORS.items():
        value = getattr(spec, name)
        if value is not None:
            if isinstance(value, list):
                return f"observed {operator} {literal(value[0])} and {literal(value[1])}"
            return f"observed {operator} {literal(value)}"
    raise UserError(
        f"The promise {promise.id} of {contract.path} says nothing that its value must be. "
        "Add one of mustBe, mustBeGreaterThan, mustBeBetween and the like."
    )


_OPERATORS = {
    "mustBe": "=", "mustNotBe": "<>", "mustBeGreaterThan": ">", "mustBeGreaterOrEqualTo": ">=",
    "mustBeLessThan": "<", "mustBeLessOrEqualTo": "<=", "mustBeBetween": "between",
    "mustNotBeBetween": "not between",
}  # fmt: skip
