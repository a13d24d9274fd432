"""The ledger's record of one file while it lands: before it is read, refused, or counted as a copy.

Belongs here: records without any row. Does not belong here: reading files (land_file.py), moving
what was written into the lake (land.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from partner_kpis.contracts.model import Contract
from partner_kpis.landing.ledger import FileRecord, timestamp
from partner_kpis.landing.scan import Task, reading_of
from partner_kpis.sources_config import EntitySettings
from partner_kpis.strict_yaml import nearest
from partner_kpis.text import Bilingual, both, counted


@dataclass(frozen=True)
class World:
    """What landing needs to know besides the home: contracts and how exports differ from them."""

    contracts: dict[str, Contract]
    settings: dict[str, EntitySettings]


def new_record(
    task: Task, world: World, run_id: str, now: datetime, number: int, seq: int
) -> FileRecord:
    """The record of a file that is about to be read; number: its place in the run, seq: the
    landing number that it gets unless it keeps the one of an earlier reading."""
    found, previous = task.found, task.replaces
    contract = world.contracts.get(found.name)
    keeps_place = previous is not None and previous.status != "refused"
    return FileRecord(
        record_id=f"{run_id}-{number:04d}",
        run_id=run_id,
        source=found.source,
        entity=found.entity,
        file_name=found.file_name,
        file_sha256=found.sha256,
        loaded_at=timestamp(now),
        landed_seq=previous.landed_seq if previous is not None and keeps_place else seq,
        status="held",
        contract_version=contract.version if contract else "",
        reading=reading_of(found.name, world.contracts, world.settings),
        export_date=str(found.export_date) if found.export_date else None,
        replaces=previous.record_id if previous else None,
    )


def refused(record: FileRecord, told: Bilingual) -> FileRecord:
    return replace(record, status="refused", reason=told.en, reason_de=told.de)


def as_copy(record: FileRecord, original: FileRecord) -> FileRecord:
    reason = both("ledger.same_content", file=original.file_name)
    return replace(
        record,
        status="loaded",
        version_rule=original.version_rule,
        rows_read=original.rows_read,
        rows_duplicate=original.rows_read,
        reason=reason.en,
        reason_de=reason.de,
    )


def unknown_folder(record: FileRecord, world: World) -> Bilingual:
    """Why a file in a folder that no contract names is refused."""
    parts = [part for part in (record.source, record.entity) if part]
    folder = "/".join(["landing", *parts, ""])
    near = _near(parts, list(world.contracts))
    if near is None:
        return both("refused.unknown_folder", folder=folder)
    return both("refused.unknown_folder_near", folder=folder, near=near)


def _near(parts: list[str], names: list[str]) -> str | None:
    """The entity that a folder most likely means, by both of its names or by the last alone."""
    if not parts:
        return None
    by_entity = {name.split("/")[1]: name for name in names}
    alone = nearest(parts[-1], list(by_entity))
    return nearest("/".join(parts), names) or (by_entity[alone] if alone else None)


def sentence(record: FileRecord) -> str:
    """What a person reads of a file while it lands."""
    if record.status == "refused":
        return f"{record.file_name}: refused. {record.reason}"
    counts = [
        f"{number:,} {word}"
        for number, word in (
            (record.rows_accepted, "accepted"), (record.rows_quarantined, "quarantined"),
            (record.rows_duplicate, "duplicate"), (record.rows_ignored, "ignored"),
        )
        if number
    ]  # fmt: skip
    read = counted(record.rows_read, "row")
    if not record.rows_read and record.notes:
        return f"{record.file_name}: {read} read ({'; '.join(record.notes)})"
    return f"{record.file_name}: {read} read, {', '.join(counts) or 'none new'}"
