"""Landing everything that is new: one call a run, one commit that makes it known.

Belongs here: the order of work and what is written where. Does not belong here: reading a file
(land_file.py), judging what was landed (judge.py).
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from partner_kpis.contracts.rows import quoted
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.landing.ahead import stage_ahead
from partner_kpis.landing.inspect_file import FileRefusedError
from partner_kpis.landing.land_file import Landed, StagedFile, finish_file, stage_file
from partner_kpis.landing.ledger import FileRecord, Ledger, Part, StateChange, write_visible
from partner_kpis.landing.profile import profiled
from partner_kpis.landing.records import (
    World,
    as_copy,
    new_record,
    refused,
    sentence,
    unknown_folder,
)
from partner_kpis.landing.scan import Found, Task, find_files, plan
from partner_kpis.landing.staged import LandingFile
from partner_kpis.text import both

Say = Callable[[str], None]


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
        for record in _land_all(connection, context, tasks):
            say(sentence(record))
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
    connection.execute("set global timezone = 'UTC'")  # of its cursors, too
    connection.execute("set memory_limit = '600MB'")
    connection.execute("set threads = 2")
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


def _land_all(
    connection: duckdb.DuckDBPyConnection, context: _Context, tasks: Sequence[Task]
) -> Iterator[FileRecord]:
    """A record for every task, in order: files are read side by side, and written one by one."""
    first = context.ledger.next_seq()
    records = [
        new_record(task, context.world, context.run_id, context.now, number, first + number)
        for number, task in enumerate(tasks)
    ]
    files = [_landing_file(context, t, r) for t, r in zip(tasks, records, strict=True)]
    key, done = _key(context.home), list[FileRecord]()
    read_now = [f for f, t in zip(files, tasks, strict=True) if f and not t.copy_of]
    staged = stage_ahead(connection, read_now, key, context.work)
    with closing(staged):
        for task, record, file in zip(tasks, records, files, strict=True):
            if file is None:
                told = task.found.fault or unknown_folder(record, context.world)
                done.append(refused(record, told))
            elif task.copy_of is not None:
                done.append(_copied(connection, context, task, file, record, done))
            else:
                done.append(_finished(context, next(staged).result, record, done))
            yield done[-1]


def _copied(
    connection: duckdb.DuckDBPyConnection,
    context: _Context,
    task: Task,
    file: LandingFile,
    record: FileRecord,
    earlier: Sequence[FileRecord],
) -> FileRecord:
    """The same bytes again count as duplicates, unless nothing could be read of the first."""
    original = next((r for r in earlier if r.content == record.content and r.rows_read), None)
    original = original or task.copy_of
    if original is not None and original.rows_read:
        return as_copy(record, original)
    key = _key(context.home)
    return _finished(
        context, lambda: stage_file(connection, file, key, context.work), record, earlier
    )


def _finished(
    context: _Context,
    staged: Callable[[], StagedFile],
    record: FileRecord,
    earlier: Sequence[FileRecord],
) -> FileRecord:
    try:
        landed = finish_file(staged(), _lake_parts(context, record, earlier), context.work)
    except FileRefusedError as refusal:
        return refused(record, refusal.told)
    return _moved_into_lake(context, record, landed)


def _landing_file(context: _Context, task: Task, record: FileRecord) -> LandingFile | None:
    """The file of a task; None when it cannot be looked at or no contract says how to read it."""
    contract = context.world.contracts.get(record.name)
    if contract is None or task.found.fault:
        return None
    return LandingFile(
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
        # 128 bits; together with most ids they fit one block of the hash.
        write_visible(path, secrets.token_hex(16), mode=0o600)
    key = path.read_text(encoding="ascii").strip()
    if not key:
        raise UserError(
            f"The key file {path} is empty, so personal values cannot be hashed as before. "
            "Restore it from a backup."
        )
    return key
