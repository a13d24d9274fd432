"""The candidate's file: every contracted table as the warehouse has it.

Belongs here: how a table gets into a snapshot, and what of it is taken over from the one being
served. Does not belong here: what a snapshot holds and when readers see it (publish.py).

Sorting millions of observations is the dearest part of publishing, and hardly any of them are new.
So a candidate begins as a copy of what is served, and of a large table only those groups are
written again (the rows of one KPI, of one kind of entity) whose digest is not the warehouse's.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from partner_kpis.contracts.model import Contract
from partner_kpis.contracts.rows import identifier, quoted
from partner_kpis.contracts.table_schema import columns_by_table, table_faults
from partner_kpis.frames import lend

LARGE = 100_000
"""Rows from which a table is compared by groups: smaller ones are sooner written than compared."""

_AT_ONCE = 400_000  # rows in one sort: it stays in memory
_ORDERED_BY = 3  # columns of the key: enough for readers to skip what they do not ask for
_MEMORY = "300MB"

Digests = dict[str | None, tuple[int, int]]
"""Group -> its number of rows, and the sum of their hashes, whatever their order."""


def write_candidate(
    database: Path,
    warehouse: Path,
    contracts: Mapping[str, Contract],
    made: Mapping[str, pl.DataFrame],
    served: Path | None,
) -> None:
    """Write `database`: every contracted table with its contracted columns and types.

    made: rows by table that no model has, after those of its model where it has one. served: the
    file of a snapshot that the same code wrote, to take over what is the same; None writes all.
    """
    if served is not None:
        try:
            shutil.copyfile(served, database)
            _fill(database, warehouse, contracts, made)
            return
        except duckdb.Error:  # what is served cannot be read: no reason not to publish
            database.unlink(missing_ok=True)
            database.with_name(f"{database.name}.wal").unlink(missing_ok=True)
    _fill(database, warehouse, contracts, made)


@dataclass(frozen=True)
class _Table:
    """A contracted table and the SQL of its rows, with the contracted columns and types."""

    contract: Contract
    rows: str

    @property
    def name(self) -> str:
        return identifier(self.contract.entity)

    @property
    def keys(self) -> list[str]:
        return [identifier(column.name) for column in self.contract.keys]

    @property
    def group(self) -> str:
        """The column whose values divide the rows into groups: the first of the key."""
        first, *_ = self.contract.keys or self.contract.columns
        return identifier(first.name)


def _fill(
    database: Path,
    warehouse: Path,
    contracts: Mapping[str, Contract],
    made: Mapping[str, pl.DataFrame],
) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute("set memory_limit = ?", [_MEMORY])
        connection.execute(f"attach {quoted(str(warehouse))} as warehouse (read_only)")
        models = {str(c.custom["warehouseModel"]) for c in contracts.values()
                  if "warehouseModel" in c.custom}  # fmt: skip
        large = _large_models(connection, models)
        found = columns_by_table(connection, "main")
        for name in found.keys() - contracts.keys():
            connection.execute(f"drop table {identifier(name)}")

        def write(contract: Contract) -> None:
            with connection.cursor() as cursor:
                table = _table(cursor, contract, made.get(contract.entity))
                if contract.custom.get("warehouseModel") not in large:
                    _write_whole(cursor, table)
                    return
                is_there = not table_faults(contract.entity, contract, found)
                _write_groups(cursor, table, is_there)

        # Two at a time: most tables are too small for a statement to use two cores.
        with ThreadPoolExecutor(2, thread_name_prefix="publishing") as pool:
            for written in [pool.submit(write, contract) for contract in contracts.values()]:
                written.result()
        connection.execute("detach warehouse")
        connection.execute("checkpoint")


def _large_models(connection: duckdb.DuckDBPyConnection, models: Collection[str]) -> set[str]:
    """Those of the models that have many rows; a view is counted, a table knows."""
    sql = (
        "select table_name, estimated_size from duckdb_tables() where database_name = 'warehouse'"
        " and schema_name = 'main'"
    )
    sizes = dict(connection.execute(sql).fetchall())
    for model in set(models) - sizes.keys():
        counted = connection.execute(f"select count(*) from warehouse.main.{identifier(model)}")
        ((sizes[model],),) = counted.fetchall()
    return {model for model in models if sizes[model] >= LARGE}


def _table(
    cursor: duckdb.DuckDBPyConnection, contract: Contract, made: pl.DataFrame | None
) -> _Table:
    """Rows of its model, and what was made beside; without both, none."""
    sources = []
    if model := contract.custom.get("warehouseModel"):
        sources.append(f"warehouse.main.{identifier(str(model))}")
    if made is not None:
        lend(cursor, "made", made)
        sources.append("made")
    selected = [f"select {_columns(contract)} from {source}" for source in sources]
    nothing = f"select {_columns(contract, 'null')} where false"
    return _Table(contract, " union all ".join(selected or [nothing]))


def _columns(contract: Contract, value: str | None = None) -> str:
    return ", ".join(
        f"cast({value or identifier(c.name)} as {c.physical_type}) as {identifier(c.name)}"
        for c in contract.columns
    )


def _write_whole(cursor: duckdb.DuckDBPyConnection, table: _Table) -> None:
    order = f"order by {', '.join(table.keys)}" if table.keys else ""
    cursor.execute(f"create or replace table {table.name} as select * from ({table.rows}) {order}")


def _write_groups(cursor: duckdb.DuckDBPyConnection, table: _Table, is_there: bool) -> None:
    """Write the groups that differ from those of the table that is there, in one transaction."""
    cursor.execute("begin")
    if not is_there:
        cursor.execute(f"create or replace table {table.name} as from ({table.rows}) limit 0")
    now = _digests(cursor, table, f"({table.rows})")
    before = _digests(cursor, table, table.name) if is_there else {}
    changed = {group for group in now.keys() | before.keys() if now.get(group) != before.get(group)}
    if changed & before.keys():
        condition, values = _is_one_of(table, [*changed & before.keys()])
        cursor.execute(f"delete from {table.name} where {condition}", values)
    for groups in _at_once({group: now[group][0] for group in changed & now.keys()}):
        condition, values = _is_one_of(table, groups)
        # Where there is one group, its column orders nothing.
        keys = table.keys[:_ORDERED_BY][len(groups) == 1 :]
        order = f"order by {', '.join(keys)}" if keys else ""
        cursor.execute(
            f"insert into {table.name} from ({table.rows}) where {condition} {order}", values
        )
    cursor.execute("commit")


def _digests(cursor: duckdb.DuckDBPyConnection, table: _Table, relation: str) -> Digests:
    """One number for all rows of each group.

    The hash of several columns combines theirs by exclusive or, so that two rows which swap a value
    might have the same sum: it is hashed again.
    """
    columns = ", ".join(identifier(column.name) for column in table.contract.columns)
    rows = cursor.execute(
        f"select {table.group}, count(*), sum(cast(hash(hash({columns})) as hugeint))"
        f" from {relation} group by {table.group}"
    ).fetchall()
    return {group: (count, digest) for group, count, digest in rows}


def _is_one_of(table: _Table, groups: Sequence[str | None]) -> tuple[str, list[str]]:
    """The condition that a row belongs to one of the groups, and its parameters."""
    values = [group for group in groups if group is not None]
    listed = f"{table.group} in ({', '.join('?' * len(values))})" if values else "false"
    return (f"({listed} or {table.group} is null)" if None in groups else listed), values


def _at_once(sizes: Mapping[str | None, int]) -> Iterator[list[str | None]]:
    """Groups in the order of their names, as many together as one sort should hold."""
    together: list[str | None] = []
    rows = 0
    for group in sorted(sizes, key=lambda name: (name is None, name or "")):
        if together and rows + sizes[group] > _AT_ONCE:
            yield together
            together, rows = [], 0
        together.append(group)
        rows += sizes[group]
    if together:
        yield together
