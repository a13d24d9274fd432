"""The candidate's file: every contracted table as the warehouse has it.

Belongs here: how a table gets into a snapshot, and what of it is taken over from the one being
served. Does not belong here: what a snapshot holds and when readers see it (publish.py).

Sorting millions of observations is the dearest part of publishing, and hardly any of them are new.
So a candidate begins as a copy of what is served, and of a large table only those groups are
written again (`groupedBy` of its contract: the rows of one KPI and day, of one file) whose digest
is not the warehouse's. They lie behind the others then; the engine closes the gaps.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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

Group = tuple[Any, ...]
Digests = dict[Group, tuple[int, int]]
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
    def groups(self) -> list[str]:
        """The columns whose values divide the rows into groups: those that the contract declares,
        else the first of the key."""
        first, *_ = self.contract.keys or self.contract.columns
        return [identifier(name) for name in self.contract.custom.get("groupedBy", [first.name])]


def _fill(
    database: Path,
    warehouse: Path,
    contracts: Mapping[str, Contract],
    made: Mapping[str, pl.DataFrame],
) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute("set memory_limit = ?", [_MEMORY])
        connection.execute("set checkpoint_threshold = '1GB'")
        connection.execute(f"attach {quoted(str(warehouse))} as warehouse (read_only)")
        sizes = _sizes(connection)
        found = columns_by_table(connection, "main")
        for name in found.keys() - contracts.keys():
            connection.execute(f"drop table {identifier(name)}")

        def write(contract: Contract) -> None:
            with connection.cursor() as cursor:
                table = _table(cursor, contract, made.get(contract.entity))
                if not _is_large(contract, sizes):
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


def _sizes(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows of the warehouse's tables, by name; of views nobody knows without counting them."""
    sql = (
        "select table_name, estimated_size from duckdb_tables() where database_name = 'warehouse'"
        " and schema_name = 'main'"
    )
    return dict(connection.execute(sql).fetchall())


def _is_large(contract: Contract, sizes: Mapping[str, int]) -> bool:
    """Whether its model has many rows. A view has when its contract says how to group them."""
    model = contract.custom.get("warehouseModel")
    if model is None:
        return False
    is_grouped = "groupedBy" in contract.custom
    return sizes[model] >= LARGE if model in sizes else is_grouped


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
    if is_there:
        _replace_groups(cursor, table)
    else:
        _write_sorted(cursor, table)
    cursor.execute("commit")


def _write_sorted(cursor: duckdb.DuckDBPyConnection, table: _Table) -> None:
    """Write a large table anew, some values of its first column at a time."""
    cursor.execute(f"create or replace table {table.name} as from ({table.rows}) limit 0")
    first = table.groups[0]
    sizes = {
        (value,): count
        for value, count in cursor.execute(
            f"select {first}, count(*) from ({table.rows}) group by {first}"
        ).fetchall()
    }
    for groups in _at_once(sizes):
        condition, values = _is_one_of(first, {value for (value,) in groups})
        cursor.execute(
            f"insert into {table.name} from ({table.rows}) where {condition}"
            f" {_order(table, len(groups))}",
            values,
        )


def _replace_groups(cursor: duckdb.DuckDBPyConnection, table: _Table) -> None:
    now = _digests(cursor, table, f"({table.rows})")
    before = _digests(cursor, table, table.name)
    changed = {group for group in now.keys() | before.keys() if now.get(group) != before.get(group)}
    if not changed:
        return
    written = [*_at_once({group: now[group][0] for group in changed & now.keys()})]
    _note(cursor, table, [[*changed & before.keys()], *written])
    cursor.execute(
        f"delete from {table.name} as rows using changed where {_is_changed(table)}", [0]
    )
    for number, groups in enumerate(written, start=1):
        firsts = {first for first, *_ in groups}
        # By the values of the first column, parts of the warehouse's table are passed over.
        condition, values = _is_one_of(table.groups[0], firsts)
        cursor.execute(
            f"insert into {table.name} from ({table.rows}) as rows where {condition}"
            f" and exists (from changed where {_is_changed(table)}) {_order(table, len(firsts))}",
            [*values, number],
        )
    cursor.execute("drop table changed")


def _note(
    cursor: duckdb.DuckDBPyConnection, table: _Table, passes: Sequence[Sequence[Group]]
) -> None:
    """Write the groups of each pass, numbered from 0, to the temporary table `changed`."""
    cursor.execute(
        f"create or replace temp table changed as select {', '.join(table.groups)}, 0 as pass"
        f" from {table.name} limit 0"
    )
    rows = [(*group, number) for number, groups in enumerate(passes) for group in groups]
    names = [f"column_{number}" for number in range(len(table.groups) + 1)]
    lend(cursor, "noted", pl.DataFrame(rows, names, orient="row", infer_schema_length=None))
    cursor.execute("insert into changed from noted")


def _is_changed(table: _Table) -> str:
    """The condition that a row of `rows` belongs to a group of the pass that is its parameter."""
    same = (f"rows.{name} is not distinct from changed.{name}" for name in table.groups)
    return " and ".join((*same, "changed.pass = ?"))


def _order(table: _Table, first_values: int) -> str:
    """Where there is one first value, its column orders nothing."""
    keys = table.keys[:_ORDERED_BY][first_values == 1 :]
    return f"order by {', '.join(keys)}" if keys else ""


def _digests(cursor: duckdb.DuckDBPyConnection, table: _Table, relation: str) -> Digests:
    """One number for all rows of each group.

    The hash of several columns combines theirs by exclusive or, so that two rows which swap a value
    might have the same sum: it is hashed again.
    """
    columns = ", ".join(identifier(column.name) for column in table.contract.columns)
    groups = ", ".join(table.groups)
    rows = cursor.execute(
        f"select count(*), sum(cast(hash(hash({columns})) as hugeint)), {groups}"
        f" from {relation} group by {groups}"
    ).fetchall()
    return {tuple(group): (count, digest) for count, digest, *group in rows}


def _is_one_of(column: str, values: Collection[Any]) -> tuple[str, list[Any]]:
    """The condition that a column has one of the values, null among them, and its parameters."""
    found = [value for value in values if value is not None]
    listed = f"{column} in ({', '.join('?' * len(found))})" if found else "false"
    return (f"({listed} or {column} is null)" if None in values else listed), found


def _at_once(sizes: Mapping[Group, int]) -> Iterator[list[Group]]:
    """Groups in the order of their names, as many together as one sort should hold."""
    together: list[Group] = []
    rows = 0
    for group in sorted(sizes, key=lambda names: [(name is None, name) for name in names]):
        if together and rows + sizes[group] > _AT_ONCE:
            yield together
            together, rows = [], 0
        together.append(group)
        rows += sizes[group]
    if together:
        yield together
