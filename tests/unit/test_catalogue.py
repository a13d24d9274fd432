"""What a KPI definition must be, beyond what dbt's manifest says. No warehouse needed."""

from __future__ import annotations

from typing import Any

import pytest

from partner_kpis.catalogue import (
    KpiDefinition,
    read_catalogue,
    read_definition_files,
    refuse_unknown_pins,
)
from partner_kpis.errors import UserError
from partner_kpis.home import dbt_project_dir

DEFINITION: dict[str, Any] = {
    "family": "value", "label_en": "Some KPI", "label_de": "Eine Kennzahl",
    "description_en": "What it says.", "description_de": "Was sie sagt.", "kind": "ratio",
    "is_balance": False, "unit": "score", "direction": "higher", "rhythm": "month",
    "signal": "lagging", "dimensions": ["programme"], "needs": ["crm"], "owner": "Sales",
    "runbook": "docs/runbooks/nps_integration.md", "escalation": "Somebody calls somebody.",
    "version": "1.0.0",
}  # fmt: skip


def manifest(**changes: Any) -> dict[str, Any]:
    meta = {"kpi": DEFINITION | changes}
    node = {
        "resource_type": "model", "name": "kpi_some", "original_file_path": "kpis/kpi_some.sql",
        "config": {"meta": meta},
    }  # fmt: skip
    return {"nodes": {"model.some": node}}


def test_a_definition_is_read_with_its_defaults() -> None:
    (definition,) = read_catalogue(manifest())
    assert (definition.kpi_id, definition.sample_basis, definition.value_factor) == (
        "some", "entities", 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"unti": "score"}, "unti"),
        ({"runbook": "docs/runbooks/nowhere.md"}, "docs/runbooks/nowhere.md does not exist"),
        ({"needs": ["touch"]}, "'touch' is no need"),
        ({"kind": "median", "value_factor": 100}, "value_factor is for a ratio alone"),
        ({"corridor": {"low": 2, "target": 1}}, "must rise"),
    ],
)
def test_a_faulty_definition_is_one_sentence(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match="kpi_some") as raised:
        read_catalogue(manifest(**changes))
    assert said in str(raised.value)


def test_only_kpis_of_the_catalogue_can_be_pinned() -> None:
    definitions = [KpiDefinition(kpi_id="some", **DEFINITION)]
    refuse_unknown_pins(["some"], definitions)
    with pytest.raises(UserError, match="names unheard, unseen, which is no KPI"):
        refuse_unknown_pins(["unheard", "some", "unseen"], definitions)


def test_every_model_of_a_kpi_has_its_definition_beside_it() -> None:
    models = (dbt_project_dir() / "models" / "kpis").glob("*/kpi_*.sql")
    defined = [definition.kpi_id for definition in read_definition_files()]
    assert sorted(defined) == sorted(path.stem.removeprefix("kpi_") for path in models)
