"""Lineage: contracts and dbt's manifest as Dagster asset specs.

Belongs here: names, groups, owners and edges of assets. Does not belong here: computing them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter
from typing import Any

from dagster import AssetCheckSpec, AssetKey, AssetSpec

from partner_kpis.contracts.model import Contract

SNAPSHOT = AssetKey(["serving", "snapshot"])
SEVERITIES = ("error", "warning")


def landing_key(contract: Contract) -> AssetKey:
    return AssetKey(["landing", contract.source, contract.entity])


def lake_key(name: str) -> AssetKey:
    """Key of the lake's relation for `source/entity`."""
    return AssetKey(["lake", *name.split("/")])


def model_key(name: str) -> AssetKey:
    return AssetKey(["warehouse", name])


def team(name: str) -> list[str]:
    """Owners as Dagster writes them: teams are slugs."""
    return [f"team:{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}"] if name else []


def landing_specs(contracts: Iterable[Contract]) -> list[AssetSpec]:
    """The files that people drop: outside of the pipeline, but the beginning of every number."""
    return [
        AssetSpec(
            landing_key(c),
            group_name="landing",
            description=f"Exports dropped under landing/{c.name}/. {c.purpose}",
            owners=team(c.owner),
            kinds={"file"},
        )
        for c in contracts
    ]


def lake_specs(contracts: Iterable[Contract]) -> list[AssetSpec]:
    return [
        AssetSpec(
            lake_key(c.name),
            deps=[landing_key(c)],
            group_name="lake",
            description=f"{c.purpose} Contract version {c.version}.",
            owners=team(c.owner),
            metadata={"contract": str(c.path), "contract_version": c.version},
            kinds={"parquet"},
        )
        for c in contracts
    ]


def lake_check_specs(contracts: Iterable[Contract]) -> list[AssetCheckSpec]:
    """One check per entity and severity; the promises are in the result's metadata."""
    return [
        AssetCheckSpec(f"{severity}_promises", asset=lake_key(c.name), description=description)
        for c in contracts
        for severity, description in (
            ("error", "Promises that hold the entity's new files while one is broken."),
            ("warning", "Promises that only show when they are broken."),
        )
    ]


def snapshot_specs(serving: Iterable[Contract]) -> list[AssetSpec]:
    models = [c.custom.get("warehouseModel") for c in serving]
    return [
        AssetSpec(
            SNAPSHOT,
            deps=[model_key(str(model)) for model in models if model],
            group_name="serving",
            description="The published snapshot: what scorecards, documents and alerts read.",
            owners=team("Data engineering"),
            kinds={"duckdb"},
        )
    ]


def snapshot_check_specs() -> list[AssetCheckSpec]:
    return [
        AssetCheckSpec(
            f"{severity}_promises",
            asset=SNAPSHOT,
            description="Promises of data_contracts/serving, checked on the candidate.",
        )
        for severity in SEVERITIES
    ]


def model_specs(manifest: Mapping[str, Any], serving: Iterable[Contract]) -> list[AssetSpec]:
    """One asset a dbt model, in the group of its folder, with its parents as dependencies.

    Parents come first: Dagster wants the results of one step in that order. Models that the
    snapshot does not read may be skipped: a run builds only what follows from its news.
    """
    served = {contract.custom.get("warehouseModel") for contract in serving}
    models = {
        unique_id: node
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
    }
    return [
        AssetSpec(
            model_key(node["name"]),
            deps=_parents(node, models, manifest["sources"]),
            group_name=_group(node),
            description=_description(node),
            owners=team(_owner(node)),
            kinds={"dbt", "duckdb"},
            skippable=node["name"] not in served,
        )
        for node in (models[name] for name in _parents_first(models))
    ]


def _parents_first(models: Mapping[str, Any]) -> list[str]:
    graph = {
        name: [parent for parent in node["depends_on"]["nodes"] if parent in models]
        for name, node in models.items()
    }
    return list(TopologicalSorter(graph).static_order())


def _parents(
    node: Mapping[str, Any], models: Mapping[str, Any], sources: Mapping[str, Any]
) -> list[AssetKey]:
    parents = []
    for parent in dict.fromkeys(node["depends_on"]["nodes"]):
        if parent in models:
            parents.append(model_key(models[parent]["name"]))
        elif parent in sources and sources[parent]["schema"] == "lake":
            source = sources[parent]
            parents.append(lake_key(f"{source['source_name']}/{source['name']}"))
    return parents


def _group(node: Mapping[str, Any]) -> str:
    folders = [part for part in node["fqn"][1:-1] if part]
    return re.sub(r"\W+", "_", folders[0]) if folders else "models"


def _kpi(node: Mapping[str, Any]) -> Mapping[str, Any]:
    return ((node.get("config") or {}).get("meta") or {}).get("kpi") or {}


def _description(node: Mapping[str, Any]) -> str:
    return str(node.get("description") or _kpi(node).get("description_en") or "")


def _owner(node: Mapping[str, Any]) -> str:
    return str(_kpi(node).get("owner") or "Data engineering")
