"""Whether the tables of a database have the columns and types that their contracts say.

Belongs here: names and types. Does not belong here: promises about rows (expectations.py).
"""

from __future__ import annotations

import duckdb

from partner_kpis.contracts.model import Contract


def schema_faults(
    connection: duckdb.DuckDBPyConnection, schema: str, contracts: dict[str, Contract]
) -> list[str]:
    """Where tables of a schema (`main`, or `database.schema`) are not as contracted.

    One sentence each: a missing table, a missing column, one too many, another type. Tables
    without a contract are none of its business.
    """
    found = columns_by_table(connection, schema)
    return [
        fault
        for table, contract in contracts.items()
        for fault in table_faults(table, contract, found)
    ]


def columns_by_table(
    connection: duckdb.DuckDBPyConnection, schema: str
) -> dict[str, dict[str, str]]:
    """Table -> column -> type, of `main` or `database.schema`."""
    database, _, schema_name = schema.rpartition(".")
    rows = connection.execute(
        "select table_name, column_name, data_type from duckdb_columns()"
        " where database_name = coalesce(nullif($1, ''), current_database())"
        " and schema_name = $2 order by column_index",
        [database, schema_name],
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, data_type in rows:
        found.setdefault(table, {})[column] = data_type
    return found


def table_faults(table: str, contract: Contract, found: dict[str, dict[str, str]]) -> list[str]:
    """How one of the tables found differs from its contract, one sentence each."""
    if table not in found:
        return [f"The table {table} is missing."]
    return _column_faults(table, contract, found[table])


def _column_faults(table: str, contract: Contract, found: dict[str, str]) -> list[str]:
    promised = {column.name: column.physical_type for column in contract.columns}
    faults = [
        f"The column {table}.{name} is missing ({data_type})."
        for name, data_type in promised.items()
        if name not in found
    ]
    faults += [
        f"The column {table}.{name} is {found[name]}, its contract says {data_type}."
        for name, data_type in promised.items()
        if found.get(name, data_type) != data_type
    ]
    faults += [
        f"The column {table}.{name} ({data_type}) is not in the contract."
        for name, data_type in found.items()
        if name not in promised
    ]
    return faults
