"""House rules of the dbt project that need no warehouse: what every KPI must have.

Belongs here: what must agree between files, whoever adds a KPI. Does not belong here: any value,
and that values re-sum to their observations (tests/end_to_end/test_evidence.py).
"""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))

import warehouse

from partner_kpis.home import project_root
from partner_kpis.text import t

MODELS = warehouse.PROJECT / "models"
KPIS = MODELS / "kpis"
DEFINED: dict[str, dict[str, Any]] = {kpi.pop("kpi_id"): kpi for kpi in warehouse.definitions()}
FILES = {path.stem.removeprefix("kpi_"): path for path in KPIS.glob("*/kpi_*.sql")}
KEYS = {
    "label_en", "label_de", "description_en", "description_de", "family", "kind", "is_balance",
    "unit", "direction", "rhythm", "signal", "dimensions", "sample_basis", "needs", "owner",
    "corridor", "runbook", "escalation", "version", "value_factor",
}  # fmt: skip
every_kpi = pytest.mark.parametrize("kpi_id", sorted(set(DEFINED) | set(FILES)))


@cache
def unit_tested() -> set[str]:
    """The models that have a unit test of their own."""
    files = [yaml.safe_load(path.read_text()) for path in MODELS.rglob("_unit_tests_*.yml")]
    return {test["model"] for file in files for test in file["unit_tests"]}


def test_kpi_observations_lists_every_kpi() -> None:
    macro = MODELS.parent / "macros" / "listed_kpis.sql"
    listed = re.findall(r"ref\('kpi_(\w+)'\)", macro.read_text())
    assert sorted(listed) == sorted(FILES)


def test_what_is_in_use_on_a_day_is_all_that_kpis_of_use_are_made_of() -> None:
    """Their days are compared by int_usage_days__digested: it would miss what it does not hold."""
    macro = (MODELS.parent / "macros" / "changed_days.sql").read_text()
    (listed,) = re.findall(r"macro kpis_of_use.*?return\(\[(.*?)\]\)", macro, re.DOTALL)
    intermediate = MODELS / "intermediate"
    windows = reads(intermediate / "int_usage_windows__listed.sql")
    digested = reads(intermediate / "int_usage_days__digested.sql")
    assert windows <= digested
    for kpi_id in re.findall(r"'(\w+)'", listed):
        assert reads(FILES[kpi_id]) - {"int_usage_windows__listed"} <= digested


def reads(model: Path) -> set[str]:
    return set(re.findall(r"ref\('(\w+)'\)", model.read_text()))


def test_entity_sources_lists_every_part() -> None:
    listed = re.findall(r"ref\('(\w+)'\)", (MODELS / "marts" / "entity_sources.sql").read_text())
    parts = (MODELS / "marts" / "entity_sources").glob("*.sql")
    assert sorted(listed) == sorted(path.stem for path in parts)


@every_kpi
def test_a_kpi_is_two_files_in_the_folder_of_its_family(kpi_id: str) -> None:
    definition = DEFINED[kpi_id]
    assert set(definition) == KEYS
    assert definition["family"] == FILES[kpi_id].parent.name


@every_kpi
def test_a_kpi_has_a_unit_test_of_its_own(kpi_id: str) -> None:
    assert f"kpi_{kpi_id}" in unit_tested()


@every_kpi
def test_a_kpi_is_named_and_described_in_both_languages(kpi_id: str) -> None:
    definition = DEFINED[kpi_id]
    for part in ("label", "description"):
        english, german = definition[f"{part}_en"], definition[f"{part}_de"]
        assert len(english) >= 3 and len(german) >= 3
    assert definition["description_en"] != definition["description_de"]
    assert t(f"family.{definition['family']}", "de") and t(f"family.{definition['family']}", "en")


@pytest.mark.parametrize("label", ["label_en", "label_de"])
def test_no_two_kpis_have_the_same_name(label: str) -> None:
    labels = [definition[label] for definition in DEFINED.values()]
    assert len(set(labels)) == len(labels)


@every_kpi
def test_a_kpi_leads_to_a_runbook_of_its_own(kpi_id: str) -> None:
    assert DEFINED[kpi_id]["runbook"] == f"docs/runbooks/{kpi_id}.md"
    assert len((project_root() / DEFINED[kpi_id]["runbook"]).read_text()) > 500


@every_kpi
def test_a_kpi_only_lists_observations(kpi_id: str) -> None:
    """It neither divides nor averages: the roll-up does that, once for all."""
    sql = re.sub(r"--.*", "", FILES[kpi_id].read_text())
    assert "kpi_observation_columns(" in sql
    assert not re.search(r"\bavg\(|\bmedian\(|percentile_|\s/\s", sql)
