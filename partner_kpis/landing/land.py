"""Landing everything that is new: one call a run, one commit that makes it known.

Belongs here: the order of work and what is written where. Does not belong here: reading a file
(land_file.py), judging what was landed (promises.py).
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from partner_kpis.contracts.model import Contract
from partner_kpis.contracts.rows import quoted
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.landing.inspect_file import FileRefusedError
from partner_kpis.landing.land_file import Landed, land_file
from partner_kpis.landing.ledger import FileRecord, Ledger, Part, StateChange, timestamp
from partner_kpis.landing.profile import profiled
from partner_kpis.landing.scan import Found, Task, find_files, plan, reading_of
from partner_kpis.landing.staged import LandingFile
from partner_kpis.sources_config import EntitySettings
from partner_kpis.text import Bilingual, both

Say = Callable[[str], None]


@dataclass(frozen=True)
class World:
    """What landing needs to know besides the home: contracts and how exports differ from them."""

    contracts: dict[str, Contract]
    settings: dict[str, EntitySettings]


@dataclass(frozen=True)
class LandingResult:
    """records: what this run added to the ledger; files: everything that lies in landing/."""

    records: list[FileRecord]
    files: list[Found]


def scan(home: DataHome, world: World, ledger: Ledger) -> tuple[list[Found], list[Task]]:
    """What lies in the landing folder, and what of it asks for work."""
    found = find_files(home)
    return found, plan(found, ledger, world.contracts, world.settings)


def land(
    home: DataHome,
    world: World,
    ledger: Ledger,
    run_id: str,
    say: Say = lambda _: None,
    now: datetime | None = None,
) -> LandingResult:
    """Land every new file and commit the result as held (or refused); nothing new, no commit."""
    found, tasks = scan(home, world, ledger)
    if not tasks:
        return LandingResult([], found)
    work = _fresh_work(home, run_id)
    connection = landing_connection(work)
    records: list[FileRecord] = []
    try:
        context = _Context(home, world, ledger, run_id, now or datetime.now(UTC), work)
        for task in tasks:
            record = _land_one(connection, context, task, records)
            say(_sentence(record))
            records.append(record)
        records = profiled(connection, home, world.contracts, ledger, records)
        # A reading that is not in the lake has nothing to lose: only a loaded one keeps its place
        # until the new one has kept its promises.
        retried = [r.replaces for r in records if r.replaces]
        ledger.commit(
            run_id,
            records,
            [
                StateChange.because(old, "replaced", both("ledger.read_anew"))
                for old in retried
                if ledger.get(old).status in ("refused", "held")
            ],
            at=context.now,
        )
    finally:
        connection.close()
        shutil.rmtree(work, ignore_errors=True)
    return LandingResult(records, found)


def landing_connection(work: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB with a bound on memory: what exceeds it goes to disk."""
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    connection.execute("set memory_limit = '600MB'")
    connection.execute("set threads = 2")
    connection.execute("set partitioned_write_flush_threshold = 100000")
    connection.execute(f"set temp_directory = {quoted(str(work / 'spill'))}")
    return connection


@dataclass(frozen=True)
class _Context:
    home: DataHome
    world: World
    ledger: Ledger
    run_id: str
    now: datetime
    work: Path


def _land_one(
    connection: duckdb.DuckDBPyConnection,
    context: _Context,
    task: Task,
    earlier: Sequence[FileRecord],
) -> FileRecord:
    record = _new_record(context, task, len(earlier))
    contract = context.world.contracts.get(record.name)
    if contract is None:
        return _refused(record, _unknown_folder(record, context.world))
    if task.copy_of is not None:
        original = next(
            (r for r in earlier if r.content == record.content and r.rows_read), task.copy_of
        )
        if original.rows_read:
            return _as_copy(record, original)
    file = LandingFile(
        path=task.found.path,
        file_name=record.file_name,
        sha256=record.file_sha256,
        contract=contract,
        settings=context.world.settings[record.name],
        export_date=task.found.export_date,
        landed_seq=record.landed_seq,
        loaded_at=context.now,
        record_id=record.record_id,
    )
    try:
        landed = land_file(
            connection, file, _lake_parts(context, record, earlier), _key(context.home),
            context.work,
        )  # fmt: skip
    except FileRefusedError as refusal:
        return _refused(record, refusal.told)
    return _moved_into_lake(context, record, landed)


def _new_record(context: _Context, task: Task, number: int) -> FileRecord:
    found, previous = task.found, task.replaces
    contract = context.world.contracts.get(found.name)
    keeps_place = previous is not None and previous.status != "refused"
    return FileRecord(
        record_id=f"{context.run_id}-{number:04d}",
        run_id=context.run_id,
        source=found.source,
        entity=found.entity,
        file_name=found.file_name,
        file_sha256=found.sha256,
        loaded_at=timestamp(context.now),
        landed_seq=previous.landed_seq
        if previous is not None and keeps_place
        else context.ledger.next_seq() + number,
        status="held",
        contract_version=contract.version if contract else "",
        reading=reading_of(found.name, context.world.contracts, context.world.settings),
        export_date=str(found.export_date) if found.export_date else None,
        replaces=previous.record_id if previous else None,
    )


def _lake_parts(context: _Context, record: FileRecord, earlier: Sequence[FileRecord]) -> list[Part]:
    """Parts in which a row of this file may stand already: loaded ones, and those of this run.

    A reading that is being replaced does not count, and neither does any other reading of the
    entity under settings that no longer hold: they are read anew in the same run.
    """
    replaced = {r.replaces for r in earlier} | {record.replaces}
    settings = record.reading.split("@")[0]
    known = [
        r
        for r in context.ledger.of(record.name, "loaded")
        if r.record_id not in replaced and r.reading.split("@")[0] == settings
    ]
    now = [r for r in earlier if r.name == record.name and r.status != "refused"]
    root = context.home.root
    return [
        replace(part, path=str(root / part.path))
        for r in [*known, *now]
        if r.major == record.major
        for part in r.parts
    ]


def _refused(record: FileRecord, told: Bilingual) -> FileRecord:
    return replace(record, status="refused", reason=told.en, reason_de=told.de)


def _as_copy(record: FileRecord, original: FileRecord) -> FileRecord:
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


def _moved_into_lake(context: _Context, record: FileRecord, landed: Landed) -> FileRecord:
    """Give the written files their final names; they count only once the ledger names them."""
    root, major = context.home.root, f"v{record.major}"
    below = Path(record.source) / record.entity / major
    parts = []
    for number, part in enumerate(landed.parts):
        target = context.home.lake / below / f"{record.record_id}-{number:03d}.parquet"
        _move(context.work / part.path, target)
        parts.append(replace(part, path=target.relative_to(root).as_posix()))
    personal: tuple[str, ...] = ()
    if landed.personal:
        target = context.home.personal / below / f"{record.record_id}.parquet"
        _move(context.work / "personal" / f"{record.record_id}.parquet", target)
        personal = (target.relative_to(root).as_posix(),)
    quarantine = None
    if landed.quarantine:
        target = context.home.quarantine / below / f"{record.record_id}.parquet"
        _move(context.work / "quarantine" / f"{record.record_id}.parquet", target)
        quarantine = target.relative_to(root).as_posix()
    return replace(
        record,
        status="held" if landed.rows_accepted or record.replaces else "loaded",
        version_rule=landed.version_rule,
        rows_read=landed.rows_read,
        rows_accepted=landed.rows_accepted,
        rows_quarantined=landed.rows_quarantined,
        rows_duplicate=landed.rows_duplicate,
        rows_ignored=landed.rows_ignored,
        notes=tuple(note.en for note in landed.notes),
        notes_de=tuple(note.de for note in landed.notes),
        unknown_columns=landed.unknown_columns,
        missing_columns=landed.missing_columns,
        parts=tuple(parts),
        personal_parts=personal,
        quarantine_part=quarantine,
    )


def _move(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)


def _fresh_work(home: DataHome, run_id: str) -> Path:
    """A folder for this run; what an interrupted run left behind is removed."""
    shutil.rmtree(home.work, ignore_errors=True)
    work = home.work / run_id
    work.mkdir(parents=True)
    return work


def _key(home: DataHome) -> str:
    """The home's secret for hashing personal values, made on first use."""
    path = home.personal / ".hash_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    key = path.read_text(encoding="ascii").strip()
    if not key:
        raise UserError(
            f"The key file {path} is empty, so personal values cannot be hashed as before. "
            "Restore it from a backup."
        )
    return key


def _unknown_folder(record: FileRecord, world: World) -> Bilingual:
    folder = f"landing/{record.source}/{record.entity}/" if record.entity else "landing/"
    return both("refused.unknown_folder", folder=folder, entities=", ".join(world.contracts))


def _sentence(record: FileRecord) -> str:
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
    return f"{record.file_name}: {record.rows_read:,} rows read, {', '.join(counts) or 'none new'}"
