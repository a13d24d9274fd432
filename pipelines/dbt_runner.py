"""How dbt is called; everything here runs in the side process of dbt_project.py.

Belongs here: dbt's command line and its manifest. Does not belong here: which models are built and
what failed ones mean (dbt_project.py).

dbt is imported inside functions only: the pipeline's own process names them and never calls them.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from partner_kpis.errors import UserError
from partner_kpis.home import DataHome, dbt_project_dir
from partner_kpis.side_process import report

_MANIFESTS: dict[Path, Any] = {}
_CHOSEN = "chosen_for_this_build"


@dataclass(frozen=True)
class NodeResult:
    """What became of one model or test."""

    name: str
    kind: str
    status: str
    seconds: float
    message: str | None

    @property
    def failed(self) -> bool:
        return self.status in ("error", "fail", "runtime error")


def parse(kept: Path, root: Path) -> None:
    """Parse the project; keep its manifest, and beside it what others read of it as JSON."""
    from dbt.parser.manifest import extended_mashumaro_encoder

    home = DataHome.at(root)
    with _environment(home):
        manifest = _invoke(home, ["parse"], None).result
    manifest.unit_tests.clear()  # of no use to a build, and a third of what there is to read
    code = kept.stem.partition("-")[2]
    for old in (*kept.parent.glob("manifest-*"), *kept.parent.glob("empty-*")):
        if code not in old.name:  # another process may be writing the same
            old.unlink(missing_ok=True)
    document = {
        "nodes": {name: node.to_dict(omit_none=False) for name, node in manifest.nodes.items()},
        "sources": {name: node.to_dict(omit_none=False) for name, node in manifest.sources.items()},
    }
    _write(kept, manifest.to_msgpack(extended_mashumaro_encoder))
    _write(kept.with_suffix(".json"), json.dumps(document, default=str).encode())
    _MANIFESTS[kept] = manifest


def get_ready(kept: Path, root: Path) -> None:
    """What dbt does before the first model of a process: read the manifest, make its schemas."""
    if kept.exists():
        home = DataHome.at(root)
        with _environment(home):
            _invoke(home, ["list", "--select", "nothing", "--quiet"], _manifest(kept))


def build(
    kept: Path, root: Path, models: Collection[str] | None, *options: str
) -> list[NodeResult]:
    """Build these models, None means all, on the warehouse of a home; report each as it ends."""
    home = DataHome.at(root)
    manifest = _manifest(kept)
    command = ["build", "--exclude-resource-type", "unit_test", "--no-write-json", *options]
    if models is not None:
        _choose(manifest, models)
        command += ["--select", f"tag:{_CHOSEN}"]
    with _environment(home):
        result = _invoke(home, command, manifest, _report_end)
    return [_node_result(r) for r in result.result or ()]


def _choose(manifest: Any, models: Collection[str]) -> None:
    """Tag the models: every name among dbt's options is held against every node of the project,
    which is a tenth of a small build."""
    for node in manifest.nodes.values():
        node.tags = [tag for tag in node.tags if tag != _CHOSEN]
        if node.resource_type == "model" and node.name in models:
            node.tags.append(_CHOSEN)


def arguments(command: Sequence[str], target: Path, logs: Path) -> list[str]:
    """The command line of every dbt call."""
    project = str(dbt_project_dir())
    return [
        *command, "--project-dir", project, "--profiles-dir", project,
        "--target-path", str(target), "--log-path", str(logs),
        "--log-level", "none", "--log-level-file", "none", "--no-use-colors",
        "--no-send-anonymous-usage-stats",
    ]  # fmt: skip


def _manifest(kept: Path) -> Any:
    if kept not in _MANIFESTS:
        from dbt.contracts.graph.manifest import Manifest
        from dbt.parser.manifest import extended_mashumuro_decoder

        _MANIFESTS[kept] = Manifest.from_msgpack(kept.read_bytes(), extended_mashumuro_decoder)
    return _MANIFESTS[kept]


def _write(path: Path, content: bytes) -> None:
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


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


def _invoke(
    home: DataHome, command: Sequence[str], manifest: Any, *callbacks: Callable[[Any], None]
) -> Any:
    from dbt.cli.main import dbtRunner

    target = home.warehouse / "dbt"
    target.mkdir(parents=True, exist_ok=True)
    with _log(home.logs / "dbt.log") as keep:
        runner = dbtRunner(manifest=manifest, callbacks=[keep, *callbacks])
        result = runner.invoke(arguments(command, target, home.logs))
    if result.exception is not None:
        raise UserError(f"dbt could not {command[0]} the project: {result.exception}")
    return result


@contextmanager
def _log(path: Path) -> Iterator[Callable[[Any], None]]:
    """Takes dbt's messages and keeps warnings and errors; the oldest go at fifty megabytes.

    In place of dbt's own log, which words every one of its thousands of messages before it looks
    whether it is to be kept.
    """
    from dbt_common.events.functions import env_scrubber

    file = RotatingFileHandler(
        path, maxBytes=10_000_000, backupCount=4, encoding="utf-8", delay=True
    )

    def keep(message: Any) -> None:
        info = message.info
        if info.level in ("warn", "error"):
            at = info.ts.ToDatetime().isoformat(sep=" ", timespec="milliseconds")
            text = f"{at} [{info.level}] [{info.thread}]: {env_scrubber(info.msg)}"
            file.handle(logging.makeLogRecord({"msg": text}))

    try:
        yield keep
    finally:
        file.close()


def _report_end(message: Any) -> None:
    if message.info.name == "NodeFinished":
        node, result = message.data.node_info, message.data.run_result
        report(
            NodeResult(
                name=node.node_name,
                kind=node.resource_type,
                status=result.status,
                seconds=result.execution_time,
                message=result.message,
            )
        )


def _node_result(result: Any) -> NodeResult:
    return NodeResult(
        name=result.node.name,
        kind=str(result.node.resource_type),
        status=str(result.status),
        seconds=float(result.execution_time or 0),
        message=result.message,
    )
