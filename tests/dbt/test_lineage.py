"""Lineage as it is read out of the models' SQL is the one that dbt knows, and not too wide."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import warehouse

from partner_kpis import lineage
from pipelines.dbt_project import ParsedProject


def test_lineage_is_the_one_that_dbt_knows() -> None:
    manifest = _manifest()
    parents = {
        node["name"]: tuple(_named(parent, manifest) for parent in node["depends_on"]["nodes"])
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    # What comes from the run has no parents of its own, so that it ends there.
    parents |= {name: () for reads in parents.values() for name in reads if "." in name}
    kpis = [kpi["kpi_id"] for kpi in warehouse.definitions()]
    assert kpis
    for kpi_id in kpis:
        known = lineage.trace(f"kpi_{kpi_id}", parents)
        read = lineage.of_kpi(kpi_id)
        assert {k: set(v) for k, v in read.items()} == {k: set(v) for k, v in known.items()}


def test_news_of_deals_make_no_evidence_anew_but_that_which_names_deals() -> None:
    project = ParsedProject("any", _manifest())
    # A deal that is not the first one moves no calendar.
    same = {"int_history_start__derived", "int_calendar__derived"}
    for relation in ("lake.salesforce__opportunity", "lake.salesforce__opportunity_partner"):
        reached = project.tables(project.reached({relation}, same))
        anew = {m for m in reached if m.startswith("entity_sources")}
        assert "entity_sources_opportunities" in anew
        assert anew <= {
            f"entity_sources_{part}"
            for part in ("opportunities", "partners", "accounts", "marketing")
        }  # fmt: skip
    reached = project.tables(project.reached({"lake.survey__response"}))
    assert [m for m in reached if m.startswith("entity_sources")] == ["entity_sources_service"]


@cache
def _manifest() -> dict[str, Any]:
    """The project as dbt parses it."""
    manifest = warehouse.parsed()
    return {
        kind: {name: node.to_dict() for name, node in getattr(manifest, kind).items()}
        for kind in ("nodes", "sources")
    }


def _named(unique_id: str, manifest: dict[str, Any]) -> str:
    """A model by its name, an export as source/entity, what comes from the run with a dot."""
    source = manifest["sources"].get(unique_id)
    if source is None:
        return unique_id.rsplit(".", 1)[-1]
    separator = "." if source["source_name"] == "control" else "/"
    return f"{source['source_name']}{separator}{source['name']}"
