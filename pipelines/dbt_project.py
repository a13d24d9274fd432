"""dbt in this process: parse once, build against a home's warehouse.

Belongs here: how dbt is called. Does not belong here: what the models say (dbt_project/).

dbt runs in process because a subprocess a call costs seconds more; a parsed manifest is reused,
because parsing is the larger part of a short run.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from partner_kpis.catalogue import KpiDefinition, read_catalogue
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome, dbt_project_dir
from partner_kpis.warehouse import code_version

_MEMORY: dict[str, Any] = {}  # code version -> manifest: tests and sensors parse once a process


@dataclass(frozen=True)
class NodeResult:
    """What became of one model or test."""

    name: str
    kind: str
    status: str
    seconds: float
    rows: int | None
    message: str | None

    @property
    def failed(self) -> bool:
        return self.status in ("error", "fail", "runtime error")


@dataclass(frozen=True)
class ParsedProject:
    """A parsed dbt project: the manifest as dbt holds it and as a plain dictionary."""

    manifest: Any
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


def arguments(command: Sequence[str], target: Path, logs: Path) -> list[str]:
    """The command line of every dbt call."""
    project = str(dbt_project_dir())
    return [
        *command, "--project-dir", project, "--profiles-dir", project,
        "--target-path", str(target), "--log-path", str(logs),
        "--log-level", "none", "--log-level-file", "warn", "--no-use-colors",
        "--no-send-anonymous-usage-stats",
    ]  # fmt: skip


def parse(home: DataHome, code: str) -> ParsedProject:
    """The parsed project; a manifest that this code version has left in the checkout is reused."""
    if code in _MEMORY:
        return _parsed(_MEMORY[code])
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumaro_encoder, extended_mashumuro_decoder

    kept = _manifests(home) / f"manifest-{code}.msgpack"
    if kept.exists():
        manifest = Manifest.from_msgpack(kept.read_bytes(), extended_mashumuro_decoder)
        manifest.build_flat_graph()
    else:
        with _environment(home):
            result = _invoke(home, ["parse"], None)
        manifest = result.result
        for old in kept.parent.glob("manifest-*.msgpack"):
            old.unlink(missing_ok=True)
        beside = kept.with_suffix(f".{os.getpid()}")  # dbt's own codec: unit tests hold dates
        beside.write_bytes(manifest.to_msgpack(extended_mashumaro_encoder))
        beside.replace(kept)
    _MEMORY[code] = manifest
    return _parsed(manifest)


def _manifests(home: DataHome) -> Path:
    """All homes of a checkout share one manifest; where it cannot be written, each has its own."""
    shared = dbt_project_dir() / "target"
    try:
        shared.mkdir(exist_ok=True)
    except OSError:
        return home.warehouse / "dbt"
    return shared if os.access(shared, os.W_OK) else home.warehouse / "dbt"


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
    with _environment(home):
        result = _invoke(
            home, [*command, *(["--full-refresh"] if full_refresh else [])], project.manifest
        )
    results = [_node_result(r) for r in result.result or ()]
    failed = [r for r in results if r.failed]
    if failed:
        sentences = "; ".join(f"{r.name}: {r.message}" for r in failed)
        raise UserError(
            f"{len(failed)} models or tests of the warehouse failed ({sentences}). The previous "
            f"snapshot keeps serving; {home.logs / 'dbt.log'} says more."
        )
    return results


@contextmanager
def _environment(home: DataHome) -> Iterator[None]:
    """dbt reads the warehouse's place from the environment; let go of the file afterwards."""
    before = os.environ.get("PARTNER_KPIS_WAREHOUSE")
    os.environ["PARTNER_KPIS_WAREHOUSE"] = str(home.warehouse_db)
    try:
        yield
    finally:
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        DuckDBConnectionManager.close_all_connections()
        if before is None:
            del os.environ["PARTNER_KPIS_WAREHOUSE"]
        else:
            os.environ["PARTNER_KPIS_WAREHOUSE"] = before


def _invoke(home: DataHome, command: Sequence[str], manifest: Any) -> Any:
    from dbt.cli.main import dbtRunner

    target = home.warehouse / "dbt"
    target.mkdir(parents=True, exist_ok=True)
    result = dbtRunner(manifest=manifest).invoke(arguments(command, target, home.logs))
    if result.exception is not None:
        raise UserError(f"dbt could not {command[0]} the project: {result.exception}")
    return result


def _parsed(manifest: Any) -> ParsedProject:
    nodes = {name: node.to_dict(omit_none=False) for name, node in manifest.nodes.items()}
    sources = {name: node.to_dict(omit_none=False) for name, node in manifest.sources.items()}
    return ParsedProject(manifest, {"nodes": nodes, "sources": sources})


def _node_result(result: Any) -> NodeResult:
    response = result.adapter_response or {}
    return NodeResult(
        name=result.node.name,
        kind=str(result.node.resource_type),
        status=str(result.status),
        seconds=float(result.execution_time or 0),
        rows=response.get("rows_affected"),
        message=result.message,
    )


def main() -> None:
    """Parse ahead, when the checkout is installed: the first run of a home need not."""
    with tempfile.TemporaryDirectory() as folder:
        home = DataHome.at(folder).create()
        read_catalogue(parse(home, code_version()).document)


if __name__ == "__main__":
    main()
