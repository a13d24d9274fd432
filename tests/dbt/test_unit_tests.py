"""dbt's own unit tests: the rules of the KPI definitions, one sentence each.

Belongs here: running them in process. Does not belong here: any rule (see the _unit_tests*.yml).
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parent))

import warehouse


def test_every_rule_holds(tmp_path: Path) -> None:
    database = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(database)) as con:
        warehouse.create(con)
    built = warehouse.dbt(database, tmp_path / "target", "run", "--quiet")
    assert built.success, built.exception
    tested = warehouse.dbt(
        database, tmp_path / "target", "test", "--select", "test_type:unit", "--quiet"
    )
    failed = [f"{result.node.name}: {result.message}" for result in tested.result or []
              if result.status not in ("pass", "success")]  # fmt: skip
    assert tested.success, "\n".join(failed) or tested.exception
    assert len(tested.result) > 40


def test_an_empty_home_keeps_every_data_test(tmp_path: Path) -> None:
    database = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(database)) as con:
        warehouse.create(con)
    built = warehouse.dbt(
        database, tmp_path / "target", "build", "--exclude", "test_type:unit", "--quiet"
    )
    assert built.success, built.exception
