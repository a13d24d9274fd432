"""The dbt project as the rest of the pipeline sees it: what is in it, and building it.

Belongs here: the parsed project and which of its models a change reaches. Does not belong here: how
dbt is called (dbt_runner.py), what the models say (dbt_project/).

dbt lives in a side process for as long as this one does: its import and start overlap with landing.
What it has parsed is kept in the checkout, because parsing is the larger part of a short run.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from partner_kpis.catalogue import KpiDefinition, read_catalogue
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome, dbt_project_dir
from partner_kpis.warehouse import code_version
from pipelines import dbt_runner
from pipelines.dbt_process import process
from pipelines.dbt_runner import NodeResult

_MEMORY: dict[str, dict[str, Any]] = {}  # code version -> document, of tests and sensors


@dataclass(frozen=True)
class ParsedProject:
    """A parsed dbt project: the `nodes` and `sources` of its manifest as plain dictionaries."""

    code: str
    document: dict[str, Any]

    @property
    def definitions(self) -> list[KpiDefinition]:
        return read_catalogue(self.document)

    def models_after(self, changed: Collection[str]) -> list[str]:
        """Models that read one of the changed relations (`lake.x`, `control.y`), however far."""
        nodes = self.document["nodes"]
        sources = self.document["sources"]
        reached = {
            name
            for name, source in sources.items()
            if f"{source['schema']}.{source['identifier']}" in changed
        }
        before = -1
        while len(reached) > before:
            before = len(reached)
            reached |= {
                name
                for name, node in nodes.items()
                if reached.intersection(node.get("depends_on", {}).get("nodes", ()))
            }
        return sorted(
            node["name"]
            for name, node in nodes.items()
            if name in reached
            and node["resource_type"] == "model"
            and node["config"]["materialized"] != "view"
        )


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


def build(
    home: DataHome,
    project: ParsedProject,
    *,
    full_refresh: bool,
    changed: Collection[str] | None = None,
) -> list[NodeResult]:
    """Run models and data tests in order. Raises UserError naming every model that failed.

    changed: relations that are not what they were; only what follows from them is built. The
    tables of all other models stand as the last build left them. None builds everything.
    """
    command = ["build", "--exclude-resource-type", "unit_test", "--no-write-json"]
    if changed is not None:
        models = project.models_after(changed)
        if not models:
            return []
        command += ["--select", *models]
    if full_refresh:
        command += ["--full-refresh"]
    manifest = _manifest(home, project.code)
    results = process.call(dbt_runner.build, manifest, home.root, command)
    failed = [r for r in results if r.failed]
    if failed:
        sentences = "; ".join(f"{r.name}: {r.message}" for r in failed)
        raise UserError(
            f"{len(failed)} models or tests of the warehouse failed ({sentences}). The previous "
            f"snapshot keeps serving; {home.logs / 'dbt.log'} says more."
        )
    return results


def main() -> None:
    """Parse ahead, when the checkout is installed: the first run of a home need not."""
    with tempfile.TemporaryDirectory() as folder:
        home = DataHome.at(folder).create()
        read_catalogue(parse(home, code_version()).document)


if __name__ == "__main__":
    main()
