"""dbt's own tests: the rules of the KPI definitions, one sentence each, and what holds of any data.

Belongs here: running them in process. Does not belong here: any rule (see the _unit_tests*.yml).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import warehouse


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A warehouse without a row after all models, and the folder in which dbt works."""
    folder = tmp_path_factory.mktemp("empty")
    database = folder / warehouse.FILE
    with duckdb.connect(str(database)) as con:
        warehouse.create(con)
    warehouse.dbt(database, folder / "target", "run")
    return database, folder / "target"


def test_every_rule_holds(built: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    read_columns_once(monkeypatch)
    tested = warehouse.dbt(*built, "test", "--select", "test_type:unit")
    assert len(tested) == len(warehouse.parsed().unit_tests) > 40


def test_an_empty_home_keeps_every_data_test(built: tuple[Path, Path]) -> None:
    assert warehouse.dbt(*built, "test", "--exclude", "test_type:unit")


def read_columns_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """dbt asks the warehouse for a relation's columns in every unit test that gives it rows.

    No model changes while they are tested, so that one answer will do.
    """
    from dbt.adapters.duckdb import DuckDBAdapter

    ask, known = DuckDBAdapter.get_columns_in_relation, {}

    def columns(self: Any, relation: Any) -> Any:
        name = relation.render()
        if name not in known:
            known[name] = ask(self, relation)
        return known[name]

    monkeypatch.setattr(DuckDBAdapter, "get_columns_in_relation", columns)
