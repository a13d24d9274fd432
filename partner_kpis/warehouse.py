"""Preparing the warehouse: what dbt finds before its first model runs.

Belongs here: the schemas `lake` (views over the Parquet files that the ledger lists) and
`control` (settings, coverage, ledger), and what a run must recompute. Does not belong here: any
business rule; those are dbt models.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

import duckdb
import polars as pl

from partner_kpis.catalogue import KpiDefinition
from partner_kpis.contracts.model import Contract
from partner_kpis.contracts.rows import identifier, quoted
from partner_kpis.control_tables import (
    DIGESTED,
    BuildState,
    RunSettings,
    control_tables,
    digest_of,
    kpis_reached_frame,
    loaded_parts,
    paths_frame,
)
from partner_kpis.file_tables import frame_of
from partner_kpis.frames import fetched, lend
from partner_kpis.home import DataHome, contracts_dir, dbt_project_dir, project_root
from partner_kpis.landing.ledger import FileRecord, Ledger
from partner_kpis.policies import Policies

_META = {
    "_file_sha256": "VARCHAR", "_file_name": "VARCHAR", "_row_number": "BIGINT",
    "_loaded_at": "TIMESTAMP", "_modified_at": "TIMESTAMP", "_export_date": "DATE",
    "_landed_seq": "BIGINT", "_row_sha": "VARCHAR", "_happened_at": "TIMESTAMP",
}  # fmt: skip


@cache
def code_version() -> str:
    """Short hash of everything that a number depends on besides exports and policies."""
    digest = hashlib.sha256(f"{duckdb.__version__} {pl.__version__} {version('dbt-core')}".encode())
    for folder, patterns in (
        (dbt_project_dir(), ("*.yml", "models/**/*", "macros/**/*", "tests/**/*")),
        (contracts_dir(), ("**/*.yaml",)),
        (project_root() / "partner_kpis", ("*.py", "landing/*.py", "contracts/*.py")),
        (project_root() / "partner_kpis" / "serving", ("needs.py",)),
    ):
        for path in sorted({p for pattern in patterns for p in folder.glob(pattern)}):
            if path.is_file():
                digest.update(path.relative_to(folder).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def read_build_state(home: DataHome) -> BuildState:
    """What the warehouse was built with; a missing or unreadable warehouse is a fresh one."""
    nothing = BuildState()
    if not home.warehouse_db.exists():
        return nothing
    try:
        with duckdb.connect(str(home.warehouse_db), read_only=True) as connection:
            parts = connection.execute("select path from control.built_parts").fetchall()
            unsure = connection.execute("select path from control.uncertain_parts").fetchall()
            tables = connection.execute("select name, digest from control.built_tables").fetchall()
            row = connection.execute("select policies, code from control.built_with").fetchone()
    except duckdb.Error:
        return nothing
    if row is None:
        return nothing
    return BuildState(
        frozenset(p for (p,) in parts), frozenset(p for (p,) in unsure), dict(tables), *row
    )


def prepare(
    home: DataHome,
    ledger: Ledger,
    contracts: dict[str, Contract],
    definitions: Sequence[KpiDefinition],
    settings: RunSettings,
    *,
    state: BuildState,
    full_refresh: bool,
    empty: Path | None = None,
) -> set[str] | None:
    """Write the schemas `lake` and `control`. A full refresh begins with an empty warehouse.

    empty: the file of one that the same code and contracts have built without any export, so that
    only what exports and settings reach must be built; None begins with nothing at all.

    Returns what the models will find changed, as `lake.<relation>` and `control.<table>`; None
    when everything must be built.
    """
    home.warehouse.mkdir(parents=True, exist_ok=True)
    if full_refresh:
        state = _begin_anew(home, empty)
    tables = control_tables(home, ledger, contracts, definitions, settings, state)
    digests = {name: digest_of(tables[name]) for name in DIGESTED}
    parts = set(loaded_parts(ledger))
    unsure = (parts ^ state.parts) | state.uncertain
    with duckdb.connect(str(home.warehouse_db)) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute("begin")
        for schema in ("lake", "control"):
            connection.execute(f"create schema if not exists {schema}")
        for contract in contracts.values():
            _create_lake_view(connection, home, contract, ledger.of(contract.name, "loaded"))
        tables["uncertain_parts"] = paths_frame(unsure)
        tables["built_tables"] = frame_of({"name": pl.String, "digest": pl.String}, ())
        for name, frame in tables.items():
            lend(connection, "frame", frame)
            connection.execute(f"create or replace table control.{name} as select * from frame")
            connection.unregister("frame")
        connection.execute("create table if not exists control.built_parts (path varchar)")
        connection.execute(
            "create table if not exists control.built_with (policies varchar, code varchar)"
        )
        if full_refresh:  # one that does not end is begun anew
            connection.execute("delete from control.built_with")
        connection.execute("commit")
    if not state.tables:
        return None
    every = {part.path: record for record in ledger.records for part in record.parts}
    changed = {f"lake.{contracts[every[p].name].relation}" for p in unsure if p in every}
    return changed | {
        f"control.{name}" for name, digest in digests.items() if state.tables.get(name) != digest
    }


def observe_anew(home: DataHome, kpi_ids: Sequence[str]) -> None:
    """Tell the models which KPIs the news of this run can have reached.

    What the last build left of them is believed: only of one that ended with all of its tests.
    """
    with duckdb.connect(str(home.warehouse_db)) as connection:
        lend(connection, "frame", kpis_reached_frame(kpi_ids, is_whole=False))
        connection.execute("create or replace table control.kpis_reached as select * from frame")


def digests_of_models(home: DataHome, models: Iterable[str]) -> dict[str, str]:
    """Model -> hash of its rows in whatever order; of small models only."""
    with duckdb.connect(str(home.warehouse_db), read_only=True) as connection:
        return {name: _digest_of_model(connection, name) for name in sorted(models)}


def _digest_of_model(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    # Columns by their text, so that a struct or a list counts as well.
    counted = connection.execute(
        f"select count(*), sum(hash(rows::varchar)::hugeint) from main.{identifier(name)} as rows"
    ).fetchall()
    return repr(counted)


def remember_build(
    home: DataHome, ledger: Ledger, policies: Policies, code: str, steady: Iterable[str]
) -> None:
    """Note what the warehouse now holds; called once its models have all been built.

    steady: models of which the next build wants to know whether they come out as they are now.
    """
    with duckdb.connect(str(home.warehouse_db)) as connection:
        connection.execute("begin")
        tables = {
            name: digest_of(fetched(connection.sql(f"select * from control.{name}")))
            for name in DIGESTED
        } | {name: _digest_of_model(connection, name) for name in steady}
        for name, frame in (
            ("built_parts", paths_frame(loaded_parts(ledger))),
            ("uncertain_parts", paths_frame(())),
            ("built_tables", frame_of({"name": pl.String, "digest": pl.String}, tables.items())),
        ):
            lend(connection, "frame", frame)
            connection.execute(f"create or replace table control.{name} as select * from frame")
            connection.unregister("frame")
        connection.execute("delete from control.built_with")
        connection.execute(
            "insert into control.built_with values (?, ?)", [policies.fingerprint, code]
        )
        connection.execute("commit")


def _begin_anew(home: DataHome, empty: Path | None) -> BuildState:
    """Put an empty warehouse in place of what is there: a cache, so that nothing is lost."""
    for path in (home.warehouse_db, home.warehouse_db.with_suffix(".duckdb.wal")):
        path.unlink(missing_ok=True)
    if empty is None:
        return BuildState()
    try:
        shutil.copyfile(empty, home.warehouse_db)
    except FileNotFoundError:  # nobody has made it for this code yet
        return BuildState()
    return read_build_state(home)


def _create_lake_view(
    connection: duckdb.DuckDBPyConnection,
    home: DataHome,
    contract: Contract,
    records: Sequence[FileRecord],
) -> None:
    """A view of the contract's present columns; columns that no file has are NULL."""
    wanted = {c.lake_name: c.lake_type for c in contract.columns} | _META
    paths = [
        str(home.root / part.path)
        for record in records
        if record.major == contract.major
        for part in record.parts
    ]
    if paths:
        source = f"read_parquet([{', '.join(map(quoted, paths))}], union_by_name = true)"
        described = connection.execute(f"describe select * from {source}").fetchall()
        present = {row[0] for row in described}
    else:
        source, present = "(select 1) where false", set()
    columns = ", ".join(
        f"cast({identifier(name) if name in present else 'null'} as {kind}) as {identifier(name)}"
        for name, kind in wanted.items()
    )
    connection.execute(
        f"create or replace view lake.{contract.relation} as select {columns} from {source}"
    )
