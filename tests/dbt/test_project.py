"""House rules of the dbt project that need no warehouse.

Belongs here: what must agree between files. Does not belong here: any value.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import warehouse

KPIS = warehouse.PROJECT / "models" / "kpis"
KEYS = {
    "label_en", "label_de", "description_en", "description_de", "family", "kind", "is_balance",
    "unit", "direction", "rhythm", "signal", "dimensions", "sample_basis", "needs", "owner",
    "corridor", "runbook", "escalation", "version", "value_factor",
}  # fmt: skip


def test_kpi_observations_lists_every_kpi() -> None:
    files = {path.stem for path in KPIS.glob("*/kpi_*.sql")}
    listed = re.findall(r"ref\('(kpi_\w+)'\)", (KPIS / "kpi_observations.sql").read_text())
    assert sorted(listed) == sorted(files)


def test_every_kpi_has_a_complete_definition_in_the_folder_of_its_family() -> None:
    files = {path.stem.removeprefix("kpi_"): path for path in KPIS.glob("*/kpi_*.sql")}
    defined = {definition.pop("kpi_id"): definition for definition in warehouse.definitions()}
    assert set(defined) == set(files)
    for kpi_id, definition in defined.items():
        assert set(definition) == KEYS, kpi_id
        assert definition["family"] == files[kpi_id].parent.name
        assert definition["runbook"] == f"docs/runbooks/{kpi_id}.md"


def test_every_kpi_has_a_unit_test_of_its_own() -> None:
    tested = "\n".join(path.read_text() for path in KPIS.rglob("_unit_tests_*.yml"))
    for path in KPIS.glob("*/kpi_*.sql"):
        assert f"model: {path.stem}\n" in tested, path.stem
