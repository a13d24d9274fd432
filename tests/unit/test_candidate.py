"""A candidate that begins as a copy of what is served holds what one written anew holds.

Belongs here: what is taken over, and what is written again. Does not belong here: when it is served
(end_to_end).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest

from partner_kpis.candidate import LARGE, write_candidate
from partner_kpis.contracts.model import Contract, load_serving

TABLES = ("kpi_observations", "entity_sources", "time_to_event", "identity_suggestions")
_MODELS = f"""
create table kpi_observations as
select
    'kpi_' || (i % 4) as kpi_id, date '2024-01-01' + cast(i * 7 % 1000 as integer) as observed_on,
    case when i % 9 > 0 then 'P-' || (i % 9) end as partner_id, 'thing' as entity_type,
    'T-' || i as entity_id, i as numerator, 1 as denominator
from range({LARGE}) as t(i);
create table entity_sources as
select
    'type_' || (i % 3) as entity_type, 'T-' || i as entity_id, 'prm' as source, 'partner' as entity,
    cast(null as varchar) as primary_key, 'prm/partner/p.csv' as file_name, 'sha' as file_sha256,
    i as row_number, null as version_at, 1 as row_count, null as first_day, null as last_day
from range({LARGE}) as t(i)
"""


@dataclass
class World:
    """A warehouse with two large tables and a small one, and the candidates written from it."""

    folder: Path
    contracts: dict[str, Contract]

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @property
    def served(self) -> Path:
        return self.folder / "served.duckdb"

    def change(self, sql: str) -> None:
        with duckdb.connect(str(self.warehouse)) as connection:
            connection.execute(sql)

    def candidate(self, name: str, served: Path | None = None) -> Path:
        path = self.folder / f"{name}.duckdb"
        suggested = {c.name: [name] for c in self.contracts["identity_suggestions"].columns}
        made = {"identity_suggestions": pl.DataFrame({**suggested, "score": [0.9]})}
        write_candidate(path, self.warehouse, self.contracts, made, served)
        return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A world with the candidate that is being served."""
    serving = load_serving()
    contracts = {name: serving[name] for name in TABLES}
    world = World(tmp_path_factory.mktemp("made"), contracts)
    world.change(_MODELS)
    columns = ", ".join(
        f"cast(null as {c.physical_type}) as {c.name}" for c in serving["time_to_event"].columns
    )
    world.change(f"create table time_to_event as select {columns}")
    world.candidate("served")
    return world


@pytest.fixture
def world(made: World, tmp_path: Path) -> World:
    """A copy of it that a test may change."""
    shutil.copytree(made.folder, tmp_path / "world")
    return World(tmp_path / "world", made.contracts)


def rows(database: Path, table: str, columns: str = "*", where: str = "true") -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        sql = f"select {columns} from {table} where {where} order by all"
        return connection.execute(sql).fetchall()


def assert_same_tables(one: Path, other: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only)")
        connection.execute(f"attach '{other}' as other (read_only)")
        for table in ("kpi_observations", "entity_sources", "time_to_event"):
            for sides in (("one", "other"), ("other", "one")):
                left, right = (f"select * from {side}.{table}" for side in sides)
                assert connection.execute(f"{left} except all {right}").fetchall() == [], table


@pytest.mark.parametrize(
    "change",
    [
        "select 1",
        "update kpi_observations set numerator = 0 where entity_id = 'T-5'",
        # Two rows of a KPI swap their values: the sum of every column is as before.
        "update kpi_observations set numerator = 10 - numerator where entity_id in ('T-1', 'T-9')",
        "update entity_sources set primary_key = '' where entity_id = 'T-7'",
        "delete from kpi_observations where kpi_id = 'kpi_2'",
        "update kpi_observations set kpi_id = 'kpi_new' where entity_id < 'T-3'",
        "insert into entity_sources select * from entity_sources where entity_id = 'T-7'",
        "update entity_sources set entity_type = null where entity_id = 'T-7'",
        # Every day of a KPI, some of which meet days that were there.
        "update kpi_observations set observed_on = observed_on + 7 where kpi_id = 'kpi_1'",
        "delete from kpi_observations where observed_on > date '2026-06-01'",
        "update entity_sources set file_name = null where entity_id < 'T-3'",
        "update time_to_event set kpi_id = 'another'",
        "delete from entity_sources where entity_id > 'T-2'",  # no longer a large table
    ],
)
def test_what_is_taken_over_and_what_is_written_again_make_the_whole(
    world: World, change: str
) -> None:
    served = world.served
    world.change(change)
    taken_over, anew = world.candidate("taken_over", served), world.candidate("anew")
    assert_same_tables(taken_over, anew)
    assert rows(taken_over, "identity_suggestions", "source_id") == [("taken_over",)]


def test_what_is_served_stays_as_it_is(world: World) -> None:
    served = world.served
    before = served.read_bytes()
    world.change("delete from kpi_observations where kpi_id = 'kpi_2'")
    world.candidate("next", served)
    assert served.read_bytes() == before


def test_only_groups_that_differ_are_written_again(world: World) -> None:
    """A group of observations is a KPI and a day, of their sources a kind of thing and a file."""
    served = world.served
    world.change("update kpi_observations set numerator = 0 where entity_id = 'T-5'")
    world.change("update entity_sources set file_name = 'new.csv' where entity_id = 'T-7'")
    following = world.candidate("next", served)
    ((day,),) = rows(served, "kpi_observations", "observed_on", "entity_id = 'T-5'")
    changed = f"kpi_id = 'kpi_1' and observed_on = '{day}'"
    places = "entity_id, rowid"
    for where, stays in ((f"not ({changed})", True), (changed, False)):
        before, after = (rows(d, "kpi_observations", places, where) for d in (served, following))
        assert len(before) > 1 and len(before) == len(after)
        assert (before == after) is stays
    others = "entity_type <> 'type_1'"  # of T-7
    assert rows(served, "entity_sources", places, others) == rows(
        following, "entity_sources", places, others
    )


def test_rows_of_a_kpi_lie_in_the_order_of_days_and_partners(world: World) -> None:
    """So do those of a day that was written again, behind the others."""
    served = world.served
    world.change("update kpi_observations set numerator = 0 where entity_id = 'T-5'")
    following = world.candidate("next", served)
    ((last,),) = rows(served, "kpi_observations", "max(rowid)")
    for database, where in (
        (served, "true"),
        (following, f"rowid <= {last}"),
        (following, f"rowid > {last}"),
    ):
        disordered = f"""(
            select (observed_on, partner_id) < lag((observed_on, partner_id)) over (
                partition by kpi_id order by rowid
            ) as falls
            from kpi_observations
            where {where}
        )"""
        assert rows(database, disordered, "count(*) > 1") == [(True,)]
        assert rows(database, disordered, "count(*)", "falls") == [(0,)]


@pytest.mark.parametrize("damage", ["no database", "damaged block", "other columns", "more tables"])
def test_a_served_file_that_is_of_no_use_does_not_stop_publishing(
    world: World, damage: str
) -> None:
    served = world.served
    if damage == "no database":
        served.write_bytes(b"this is no database")
    elif damage == "damaged block":
        content = bytearray(served.read_bytes())
        middle = len(content) // 2
        content[middle : middle + 4096] = bytes(4096)
        served.write_bytes(content)
    else:
        with duckdb.connect(str(served)) as connection:
            connection.execute(
                "alter table kpi_observations drop denominator"
                if damage == "other columns"
                else "create table old_news (a integer)"
            )
    following = world.candidate("next", served)
    assert_same_tables(following, world.candidate("anew"))
    with duckdb.connect(str(following), read_only=True) as connection:
        tables = {name for (name,) in connection.execute("show tables").fetchall()}
    assert tables == set(TABLES)
