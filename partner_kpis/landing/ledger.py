"""The ledger: the append-only log that says which files belong to the lake, and why.

Belongs here: records of landed files, their states, and the commits that make them visible.
Does not belong here: reading or writing rows.

A commit is one small JSON file in lake/_ledger/, written beside and made visible by a rename; a
Parquet file that no commit names does not exist for anyone. States of a record:
held -> loaded | withdrawn; loaded -> withdrawn | replaced; refused.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.text import Bilingual

State = Literal["held", "loaded", "refused", "withdrawn", "replaced"]
Rule = Literal["modification_stamp", "export_date", "landing_order"]


@dataclass(frozen=True)
class Part:
    """One Parquet file of the lake; days are UTC days of the rows' happened_at."""

    path: str
    rows: int
    first_day: str | None = None
    last_day: str | None = None


@dataclass(frozen=True)
class ProfileDay:
    """Rows of one file that happened on one UTC day; references: column -> (total, resolved)."""

    day: str
    first_at: str
    last_at: str
    rows: int
    references: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class FileRecord:
    """One reading of one file.

    reason and notes are English, reason_de and notes_de the same in German; entries that are older
    than those two lack them.
    """

    record_id: str
    run_id: str
    source: str
    entity: str
    file_name: str
    file_sha256: str
    loaded_at: str
    landed_seq: int
    status: State
    contract_version: str = ""
    reading: str = ""
    export_date: str | None = None
    version_rule: Rule | None = None
    rows_read: int = 0
    rows_accepted: int = 0
    rows_quarantined: int = 0
    rows_duplicate: int = 0
    rows_ignored: int = 0
    rows_undated: int = 0
    reason: str | None = None
    notes: tuple[str, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    missing_columns: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    personal_parts: tuple[str, ...] = ()
    quarantine_part: str | None = None
    profile: tuple[ProfileDay, ...] = ()
    state_at: str | None = None
    accepted_because: str | None = None
    replaces: str | None = None
    reason_de: str | None = None
    notes_de: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.source}/{self.entity}"

    @property
    def content(self) -> tuple[str, str, str | None]:
        """What makes a file the same export: entity, bytes and export date."""
        return (self.name, self.file_sha256, self.export_date)

    @property
    def major(self) -> int:
        return int(self.contract_version.split(".")[0]) if self.contract_version else 0

    @property
    def first_day(self) -> str | None:
        return min((day.day for day in self.profile), default=None)

    @property
    def last_day(self) -> str | None:
        return max((day.day for day in self.profile), default=None)

    @property
    def ordered_at(self) -> str:
        """The moment by which this file is ordered among others: export date, else landing."""
        return f"{self.export_date}T00:00:00" if self.export_date else self.loaded_at


@dataclass(frozen=True)
class StateChange:
    """A record that goes into another state, with the reason."""

    record_id: str
    status: State
    reason: str | None
    accepted_because: str | None = None
    reason_de: str | None = None

    @classmethod
    def because(
        cls, record_id: str, status: State, told: Bilingual | None, accepted: str | None = None
    ) -> StateChange:
        """The change with its reason in both languages."""
        reason = (told.en, told.de) if told else (None, None)
        return cls(record_id, status, reason[0], accepted, reason[1])


class Ledger:
    """All records of a data home, folded from its commits."""

    def __init__(
        self,
        home: DataHome,
        records: dict[str, FileRecord],
        warnings: dict[str, list[Bilingual]],
        commits: int,
    ) -> None:
        self._home = home
        self._records = records
        self.warnings = warnings
        self.commits = commits
        self._landed_in: dict[str, int] = {}
        self._changed_in: dict[str, int] = {}

    @classmethod
    def read(cls, home: DataHome) -> Ledger:
        """Fold every commit in order. Raises UserError when one cannot be read."""
        records: dict[str, FileRecord] = {}
        warnings: dict[str, list[Bilingual]] = {}
        paths = sorted(home.ledger.glob("[0-9]*.json")) if home.ledger.exists() else []
        landed_in: dict[str, int] = {}
        changed_in: dict[str, int] = {}
        for path in paths:
            number, commit = int(path.stem), _commit(path)
            for record in commit.records:
                records[record.record_id] = record
                landed_in[record.record_id] = number
            for change in commit.changes:
                changed_in[change.record_id] = number
                records[change.record_id] = _changed(records, change, commit.at)
            warnings.update(commit.warnings)
        ledger = cls(home, records, warnings, int(paths[-1].stem) if paths else 0)
        ledger._landed_in, ledger._changed_in = landed_in, changed_in
        return ledger

    @property
    def records(self) -> list[FileRecord]:
        return list(self._records.values())

    def get(self, record_id: str) -> FileRecord:
        return self._records[record_id]

    def of(self, name: str, *states: State) -> list[FileRecord]:
        """Records of the entity `source/entity`, in landing order, of the states asked for."""
        found = [r for r in self._records.values() if r.name == name]
        return sorted(
            (r for r in found if not states or r.status in states), key=lambda r: r.landed_seq
        )

    def changed_since(self, record: FileRecord, other: FileRecord) -> bool:
        """True when a later commit than the one that landed `other` changed the state of `record`.

        By the order of commits and not by their times: a clock may have been wrong.
        """
        changed = self._changed_in.get(record.record_id, -1)
        return changed > self._landed_in.get(other.record_id, -1)

    def next_seq(self) -> int:
        return 1 + max((r.landed_seq for r in self._records.values()), default=0)

    def commit(
        self,
        run_id: str,
        records: Sequence[FileRecord] = (),
        changes: Sequence[StateChange] = (),
        warnings: dict[str, list[Bilingual]] | None = None,
        at: datetime | None = None,
    ) -> None:
        """Append one commit; nothing is written when there is nothing to say.

        warnings: entity -> broken promises of its newest batch that do not hold it.
        """
        if not records and not changes and not warnings:
            return
        moment = timestamp(at or datetime.now(UTC))
        body = {
            "run_id": run_id,
            "at": moment,
            "records": [asdict(record) for record in records],
            "changes": [asdict(change) for change in changes],
            "warnings": {name: [w.en for w in told] for name, told in (warnings or {}).items()},
            "warnings_de": {name: [w.de for w in told] for name, told in (warnings or {}).items()},
        }
        number = self.commits + 1
        write_visible(self._home.ledger / f"{number:08d}.json", json.dumps(body))
        self.commits = number
        self.warnings.update(warnings or {})
        for record in records:
            self._records[record.record_id] = record
            self._landed_in[record.record_id] = number
        for change in changes:
            self._records[change.record_id] = _changed(self._records, change, moment)
            self._changed_in[change.record_id] = number


def write_visible(path: Path, text: str, mode: int = 0o666) -> None:
    """Write beside, flush to disk, and rename: a reader sees all of the file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.touch(mode)
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def timestamp(moment: datetime) -> str:
    """UTC, to the microsecond, without a zone: how the ledger and the lake write moments."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def as_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _changed(records: dict[str, FileRecord], change: StateChange, at: str) -> FileRecord:
    return replace(
        records[change.record_id],
        status=change.status,
        reason=change.reason,
        reason_de=change.reason_de,
        accepted_because=change.accepted_because,
        state_at=at,
    )


@dataclass(frozen=True)
class _Commit:
    """What one file of the ledger says; it is never written again."""

    at: str
    records: tuple[FileRecord, ...]
    changes: tuple[StateChange, ...]
    warnings: dict[str, list[Bilingual]]


def _commit(path: Path) -> _Commit:
    try:
        stat = path.stat()
        return _parsed(path, stat.st_mtime_ns, stat.st_size)
    except (json.JSONDecodeError, OSError) as error:
        raise UserError(
            f"The ledger entry {path} cannot be read ({error}). Restore it from a backup; "
            "without it the lake is not known."
        ) from error


@cache
def _parsed(path: Path, mtime_ns: int, size: int) -> _Commit:
    """A run asks for the ledger at each of its steps, and profiles make its entries long."""
    entry = json.loads(path.read_text(encoding="utf-8"))
    return _Commit(
        entry["at"],
        tuple(map(_record, entry["records"])),
        tuple(StateChange(**change) for change in entry["changes"]),
        _warnings(entry),
    )


def _record(entry: dict[str, Any]) -> FileRecord:
    values = dict(entry)
    values["parts"] = tuple(Part(**part) for part in values["parts"])
    values["profile"] = tuple(_profile_day(day) for day in values["profile"])
    for name in ("notes", "notes_de", "unknown_columns", "missing_columns", "personal_parts"):
        values[name] = tuple(values.get(name, ()))
    return FileRecord(**values)


def _warnings(commit: dict[str, Any]) -> dict[str, list[Bilingual]]:
    """Broken promises of a commit; without their German, the English stands for it."""
    german = commit.get("warnings_de", {})
    return {
        name: [Bilingual(*pair) for pair in zip(told, german.get(name, told), strict=True)]
        for name, told in commit["warnings"].items()
    }


def _profile_day(entry: dict[str, Any]) -> ProfileDay:
    references = {column: (pair[0], pair[1]) for column, pair in entry["references"].items()}
    return ProfileDay(entry["day"], entry["first_at"], entry["last_at"], entry["rows"], references)


def loaded_parts(records: Iterable[FileRecord]) -> list[Part]:
    return [part for record in records if record.status == "loaded" for part in record.parts]
