"""Publishing: a candidate snapshot is built beside, checked, and switched to in one step.

Belongs here: what goes into the snapshot and when readers see it. Does not belong here: writing its
file (candidate.py), reading it (serving), computing it (dbt).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from partner_kpis import lineage
from partner_kpis.candidate import write_candidate
from partner_kpis.catalogue import Corridor, KpiDefinition
from partner_kpis.contracts.batch import check_candidate
from partner_kpis.contracts.expectations import PromiseResult
from partner_kpis.contracts.model import Contract
from partner_kpis.contracts.side_process import shared
from partner_kpis.control_tables import RunSettings
from partner_kpis.file_tables import frame_of, published_ledger, quarantine_frame
from partner_kpis.home import DataHome
from partner_kpis.landing.judge import still_refused
from partner_kpis.landing.ledger import FileRecord, Ledger
from partner_kpis.landing.scan import find_files
from partner_kpis.serving.definitions import KpiDefinition as ServedDefinition

FILE = "partner_kpis.duckdb"
SETTINGS = "config"
"""The folder of a snapshot with the settings that it was computed with."""

SEALED = "SEALED"
"""The file that keeps a snapshot for ever (see reports/sealing.py)."""

_FINDINGS: Final = {
    "finding": pl.String, "severity": pl.String, "source": pl.String, "entity": pl.String,
    "subject": pl.String, "message_en": pl.String, "message_de": pl.String, "row_count": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True)
class SnapshotInfo:
    """The one row of the table `snapshot`."""

    snapshot_id: str
    run_id: str
    as_of: object
    known_at: datetime
    created_at: datetime
    code_version: str
    policies_hash: str
    definitions_hash: str
    reporting_currency: str
    min_sample: int
    health_healthy_from: float
    health_watch_from: float
    ledger_commits: int


@dataclass(frozen=True)
class Publication:
    """What came of a candidate: published unless a serving promise is broken."""

    snapshot_id: str
    path: Path
    results: tuple[PromiseResult, ...]

    @property
    def broken(self) -> list[str]:
        """A sentence for each broken promise that blocks publishing."""
        return [
            f"{r.contract}, {r.promise_id}: {r.found.en}"
            for r in self.results
            if r.severity == "error" and not r.passed
        ]

    @property
    def is_published(self) -> bool:
        return not self.broken


def publish(
    home: DataHome,
    ledger: Ledger,
    serving: dict[str, Contract],
    definitions: Sequence[KpiDefinition],
    settings: RunSettings,
    *,
    suggested: pl.DataFrame,
    run_id: str,
    code: str,
    definitions_hash: str,
    refused: Collection[FileRecord] | None = None,
) -> Publication:
    """Build the candidate from the warehouse, check it, and serve it when every promise holds.

    refused: files that count as waiting for somebody; None looks for them in landing/.
    """
    _sweep(home)
    now = datetime.now(UTC).replace(tzinfo=None)
    info = SnapshotInfo(
        snapshot_id=f"{now:%Y%m%dT%H%M%S}-{run_id[-4:]}",
        run_id=run_id,
        as_of=settings.as_of,
        known_at=settings.known_at.replace(tzinfo=None),
        created_at=now,
        code_version=code,
        policies_hash=settings.policies.fingerprint,
        definitions_hash=definitions_hash,
        reporting_currency=settings.policies.reporting_currency,
        min_sample=settings.policies.min_sample,
        health_healthy_from=settings.policies.health.bands.healthy,
        health_watch_from=settings.policies.health.bands.watch,
        ledger_commits=ledger.commits,
    )
    if refused is None:
        refused = still_refused(find_files(home), ledger)
    folder = home.serving / f".{info.snapshot_id}.building"
    folder.mkdir(parents=True)
    made = {
        "kpi_catalogue": _catalogue_frame(definitions, settings.policies.pinned_kpis),
        "identity_suggestions": suggested,
        "findings": promise_findings(ledger),
        "landing_ledger": published_ledger(ledger, refused),
        "quarantined_rows": quarantine_frame(home, ledger),
        "snapshot": pl.DataFrame([vars(info)], infer_schema_length=None),
    }
    served = _served_by(home, info)
    write_candidate(folder / FILE, home.warehouse_db, serving, made, served)
    _keep_settings(home, folder / SETTINGS)
    results = shared.call(check_candidate, folder / FILE, serving, home.data_docs)
    publication = Publication(info.snapshot_id, home.serving / info.snapshot_id, tuple(results))
    if publication.is_published:
        folder.replace(publication.path)
        _switch(home, publication.path)
        _forget_old(home, settings.policies.keep_snapshots)
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return publication


def _keep_settings(home: DataHome, folder: Path) -> None:
    """Copies of what config/ says now: whoever computes the snapshot again needs them."""
    folder.mkdir()
    for path in home.settings_files:
        if path.is_file():
            shutil.copyfile(path, folder / path.name)


def current_snapshot(home: DataHome) -> Path | None:
    """The folder being served, None before the first publishing."""
    target = home.current.resolve()
    return target if (target / FILE).exists() else None


def _served_by(home: DataHome, info: SnapshotInfo) -> Path | None:
    """The file being served, when the same code wrote it: a candidate may take over from it."""
    served = current_snapshot(home)
    if served is None:
        return None
    sql = "select code_version = ? from snapshot"
    try:
        with duckdb.connect(str(served / FILE), read_only=True) as connection:
            row = connection.execute(sql, [info.code_version]).fetchone()
    except duckdb.Error:
        return None
    return served / FILE if row and row[0] else None


def promise_findings(ledger: Ledger) -> pl.DataFrame:
    """Broken promises that do not hold a file are findings like those of the models."""
    rows = []
    for name, warnings in sorted(ledger.warnings.items()):
        source, entity = name.split("/")
        for warning in warnings:
            promise, _, sentence = warning.en.partition(": ")
            german = warning.de.partition(": ")[2]
            rows.append(
                ("contract_promise", "warning", source, entity, promise, sentence, german, None)
            )
    return frame_of(_FINDINGS, rows)


def _catalogue_frame(definitions: Sequence[KpiDefinition], pinned: Sequence[str]) -> pl.DataFrame:
    rows = [asdict(as_served(definition, pinned)) for definition in definitions]
    if rows:
        return pl.DataFrame(rows, infer_schema_length=None)
    return pl.DataFrame(schema={"kpi_id": pl.String})


def as_served(definition: KpiDefinition, pinned: Sequence[str]) -> ServedDefinition:
    """A definition as the snapshot of this run carries it; pinned: the policy's core KPIs."""
    kpi_id, corridor = definition.kpi_id, definition.corridor or Corridor()
    shared: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in definition.model_dump(exclude={"corridor", "ladder", "version"}).items()
    }
    return ServedDefinition(
        **shared,
        definition_version=definition.version,
        pinned_position=pinned.index(kpi_id) + 1 if kpi_id in pinned else None,
        corridor_low=corridor.low,
        corridor_high=corridor.high,
        corridor_target=corridor.target,
        ladder=tuple(f"{step.after_days} {step.to}" for step in definition.steps),
        lineage=tuple(lineage.as_lines(lineage.of_kpi(kpi_id))),
    )


def _switch(home: DataHome, snapshot: Path) -> None:
    """Point `current` at the snapshot; the rename makes it one step for every reader."""
    if home.current.is_dir() and not home.current.is_symlink():
        _make_way(home)
    beside = home.serving / f".current.{os.getpid()}"
    beside.unlink(missing_ok=True)
    beside.symlink_to(snapshot.name, target_is_directory=True)
    beside.replace(home.current)


def _make_way(home: DataHome) -> None:
    """A home that was copied by a tool which follows links has a folder in the place of `current`:
    the snapshot that it links to, once more. It gets its own name, unless that is there as well."""
    with duckdb.connect(str(home.snapshot_db), read_only=True) as connection:
        ((snapshot_id,),) = connection.execute("select snapshot_id from snapshot").fetchall()
    folder = home.snapshot_folder(str(snapshot_id))
    if folder.exists():
        shutil.rmtree(home.current)
    else:
        home.current.rename(folder)


def _forget_old(home: DataHome, keep: int) -> None:
    """Keep the newest snapshots, sealed ones for ever, and always the one being served."""
    serving = home.current.resolve()
    snapshots = sorted(
        (p for p in home.serving.iterdir() if p.is_dir() and not p.is_symlink()
         and not p.name.startswith(".")),
        key=lambda p: p.name,
    )  # fmt: skip
    unsealed = [p for p in snapshots if not (p / SEALED).exists()]
    for path in unsealed[:-keep]:
        if path.resolve() != serving:
            shutil.rmtree(path, ignore_errors=True)


def _sweep(home: DataHome) -> None:
    """Remove candidates that an interrupted run left behind."""
    for path in home.serving.glob(".*.building"):
        shutil.rmtree(path, ignore_errors=True)
