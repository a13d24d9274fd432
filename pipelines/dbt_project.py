"""The dbt project as the rest of the pipeline sees it: what is in it, and building it.

Belongs here: the parsed project and which of its models a change reaches. Does not belong here: how
dbt is called (dbt_runner.py), what the models say (dbt_project/).

dbt lives in a side process for as long as this one does: its import and start overlap with landing.
What it has parsed is kept in the checkout, because parsing is the larger part of a short run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from partner_kpis.catalogue import KpiDefinition, read_catalogue
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome, dbt_project_dir
from partner_kpis.warehouse import digests_of_models, observe_anew
from pipelines import dbt_runner
from pipelines.dbt_process import process
from pipelines.dbt_runner import NodeResult

SETTINGS = "control.run_settings"

_MEMORY: dict[str, dict[str, Any]] = {}  # code version -> document, of tests and sensors


@dataclass(frozen=True)
class ParsedProject:
    """A parsed dbt project: the `nodes` and `sources` of its manifest as plain dictionaries."""

    code: str
    document: dict[str, Any]

    @property
    def definitions(self) -> list[KpiDefinition]:
        return read_catalogue(self.document)

    @property
    def steady_models(self) -> list[str]:
        """Models that often come out as they were, whatever their inputs: `meta.is_steady`."""
        return sorted(
            node["name"]
            for node in self.document["nodes"].values()
            if node["config"].get("meta", {}).get("is_steady")
        )

    def reached(self, changed: Collection[str], unchanged: Collection[str] = ()) -> set[str]:
        """Models that read one of the changed relations (`lake.x`, `control.y`), however far.

        unchanged: models behind which nothing has changed. Views are among the answers.
        """
        reached = {
            name
            for name, source in self.document["sources"].items()
            if f"{source['schema']}.{source['identifier']}" in changed
        }
        parents = {
            name: set(node.get("depends_on", {}).get("nodes", ()))
            for name, node in self._models.items()
            if node["name"] not in unchanged
        }
        before = -1
        while len(reached) > before:
            before = len(reached)
            reached |= {name for name, reads in parents.items() if reads & reached}
        return {self._models[name]["name"] for name in reached & self._models.keys()}

    def leading_to(self, targets: Collection[str]) -> set[str]:
        """These models and all that they are made of."""
        leading = {name for name, node in self._models.items() if node["name"] in targets}
        before = -1
        while len(leading) > before:
            before = len(leading)
            for name in tuple(leading):
                reads = self._models[name].get("depends_on", {}).get("nodes", ())
                leading |= self._models.keys() & set(reads)
        return {self._models[name]["name"] for name in leading}

    def tables(self, models: Collection[str]) -> list[str]:
        """Those of the models that a build makes anew; a view stands as it is."""
        return sorted(
            node["name"]
            for node in self._models.values()
            if node["name"] in models and node["config"]["materialized"] != "view"
        )

    def kpis(self, models: Collection[str]) -> list[str]:
        """The KPIs whose observations are among the models."""
        return [d.kpi_id for d in self.definitions if f"kpi_{d.kpi_id}" in models]

    @cached_property
    def _models(self) -> dict[str, Any]:
        nodes = self.document["nodes"].items()
        return {name: node for name, node in nodes if node["resource_type"] == "model"}


def start(home: DataHome, code: str) -> None:
    """Let dbt import and get ready while this process does something else."""
    process.start()
    if not process.was_asked:
        process.tell(dbt_runner.get_ready, _manifest(home, code), home.root)


def parse(home: DataHome, code: str) -> ParsedProject:
    """The parsed project; what this code version has left in the checkout is reused."""
    if code not in _MEMORY:
        kept = _manifest(home, code).with_suffix(".json")
        if not kept.exists():
            process.call(dbt_runner.parse, kept.with_suffix(".msgpack"), home.root)
        _MEMORY[code] = json.loads(kept.read_text(encoding="utf-8"))
    return ParsedProject(code, _MEMORY[code])


def _manifest(home: DataHome, code: str) -> Path:
    """All homes of a checkout share one manifest; where it cannot be written, each has its own."""
    shared = dbt_project_dir() / "target"
    try:
        shared.mkdir(exist_ok=True)
    except OSError:
        shared = home.warehouse / "dbt"
    if not os.access(shared, os.W_OK):
        shared = home.warehouse / "dbt"
    return shared / f"manifest-{code}.msgpack"


def empty_warehouse(home: DataHome, code: str) -> Path:
    """Where the warehouse lies that this code version builds without any export (checkout.py)."""
    return _manifest(home, code).with_name(f"empty-{code}.duckdb")


def build(
    home: DataHome,
    project: ParsedProject,
    *,
    full_refresh: bool,
    changed: Collection[str] | None = None,
    before: Mapping[str, str] | None = None,
) -> Iterator[NodeResult]:
    """Run models and data tests in order, and yield each as it ends. Raises UserError naming every
    model that failed.

    changed: relations that are not what they were; only what follows from them is built, and
    nothing that follows only from steady models which come out as they were. The tables of all
    other models stand as the last build left them. None builds everything.
    before: steady model -> digest of what the last build that ended left in it.
    """
    if changed is None or full_refresh:
        reached = None if changed is None else project.reached(changed)
        yield from _build(home, project, reached, full_refresh=full_refresh)
        return
    reached = project.reached(changed)
    first: set[str] = set()
    # Another business day or other settings leave nothing as it was.
    steady = reached.intersection(project.steady_models) if SETTINGS not in changed else set()
    if steady:
        first = reached & project.leading_to(steady)
        yield from _build(home, project, first)
        after = digests_of_models(home, steady)
        same = {name for name in steady if after[name] == (before or {}).get(name)}
        reached = project.reached(changed, same)
    # Until as_of an observation counts, so that another one reaches KPIs that read only dates.
    if SETTINGS in changed:
        observe_anew(home, [definition.kpi_id for definition in project.definitions])
    else:
        observe_anew(home, project.kpis(reached))
    yield from _build(home, project, reached - first)


def _build(
    home: DataHome,
    project: ParsedProject,
    models: Collection[str] | None,
    *,
    full_refresh: bool = False,
) -> Iterator[NodeResult]:
    tables = None if models is None else project.tables(models)
    if tables == []:
        return
    options = ["--full-refresh"] if full_refresh else []
    manifest = _manifest(home, project.code)
    results = yield from process.follow(dbt_runner.build, manifest, home.root, tables, *options)
    failed = [r for r in results if r.failed]
    if failed:
        sentences = "; ".join(f"{r.name}: {r.message}" for r in failed)
        raise UserError(
            f"{len(failed)} models or tests of the warehouse failed ({sentences}). The previous "
            f"snapshot keeps serving; {home.logs / 'dbt.log'} says more."
        )
