"""How a model becomes a table or a view, and what is left when it fails; what dbt says of it.

Belongs here: macros/materializations.sql of the project, and the log of pipelines/dbt_runner.py.
Does not belong here: what any model says.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import warehouse

from partner_kpis.home import DataHome
from partner_kpis.warehouse import code_version
from pipelines import dbt_project
from pipelines.dbt_runner import build

TABLE, VIEW, CONTRACTED = "int_calendar__derived", "stg_prm__partners", "kpi_observations"
SETTINGS = "control.run_settings"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    """A home whose warehouse has no rows and all that the models read."""
    home = DataHome.at(tmp_path_factory.mktemp("home")).create()
    dbt_project.parse(home, code_version())
    with duckdb.connect(str(home.warehouse_db)) as con:
        warehouse.create(con)
    build_models(home)
    return home


def change(home: DataHome, sql: str) -> None:
    with duckdb.connect(str(home.warehouse_db)) as con:
        con.execute(sql)


def build_models(home: DataHome, *models: str) -> dict[str, str]:
    """The status of each model by its name."""
    kept = dbt_project._manifest(home, code_version())
    results = build(kept, home.root, models or None)
    return {result.name: result.status for result in results if result.kind == "model"}


def kinds(home: DataHome) -> dict[str, str]:
    with duckdb.connect(str(home.warehouse_db), read_only=True) as con:
        sql = "select table_name, table_type from information_schema.tables where table_schema = ?"
        return dict(con.execute(sql, ["main"]).fetchall())


def rows(home: DataHome, model: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.warehouse_db), read_only=True) as con:
        return con.execute(f"from main.{model}").fetchall()


def test_models_are_what_they_are_declared_to_be(home: DataHome) -> None:
    found = kinds(home)
    assert (found[TABLE], found[CONTRACTED]) == ("BASE TABLE", "BASE TABLE")
    assert found[VIEW] == "VIEW"
    assert not [name for name in found if name.endswith(("__dbt_tmp", "__dbt_backup"))]


def test_a_model_that_was_a_view_becomes_a_table_and_the_other_way_round(home: DataHome) -> None:
    change(home, f"drop table {TABLE}; create view {TABLE} as select 1 as old")
    change(home, f"drop view {VIEW}; create table {VIEW} as select 1 as old")
    assert set(build_models(home, TABLE, VIEW).values()) == {"success"}
    found = kinds(home)
    assert (found[TABLE], found[VIEW]) == ("BASE TABLE", "VIEW")
    assert len(rows(home, TABLE)[0]) > 1


@pytest.mark.parametrize("model", [TABLE, CONTRACTED])
def test_a_model_that_fails_leaves_its_table_as_it_was_and_a_line_in_the_log(
    home: DataHome, model: str
) -> None:
    before = rows(home, model), kinds(home)
    change(home, f"alter table {SETTINGS} rename column as_of to another_name")
    try:
        assert build_models(home, model) == {model: "error"}
    finally:
        change(home, f"alter table {SETTINGS} rename column another_name to as_of")
    assert (rows(home, model), kinds(home)) == before
    log = (home.logs / "dbt.log").read_text(encoding="utf-8")
    assert "[error]" in log and model in log and "as_of" in log
    assert "[debug]" not in log and "[info]" not in log
