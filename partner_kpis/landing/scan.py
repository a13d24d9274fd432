"""Finding what is new in the landing folder.

Belongs here: which files there are, what the ledger knows of them, and what to do with each.
Does not belong here: reading rows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from partner_kpis.contracts.model import Contract
from partner_kpis.home import DataHome
from partner_kpis.landing.inspect_file import sha256_of
from partner_kpis.landing.ledger import FileRecord, Ledger, write_visible
from partner_kpis.sources_config import EntitySettings
from partner_kpis.text import Bilingual, both

_DATED = re.compile(r"(?<!\d)(20\d{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)")
_NOT_EXPORTS = re.compile(r"^([.~_]|thumbs\.db$|desktop\.ini$|readme)", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A file in the landing folder; fault: why it cannot even be looked at, if so."""

    path: Path
    file_name: str
    source: str
    entity: str
    sha256: str
    export_date: date | None
    fault: Bilingual | None = None

    @property
    def name(self) -> str:
        return f"{self.source}/{self.entity}"

    @property
    def content(self) -> tuple[str, str, str | None]:
        return (self.name, self.sha256, str(self.export_date) if self.export_date else None)


@dataclass(frozen=True)
class Task:
    """What to do with a file: land it, perhaps in place of an earlier reading of it, or count it
    as a copy of a known one."""

    found: Found
    replaces: FileRecord | None = None
    copy_of: FileRecord | None = None


def find_files(home: DataHome) -> list[Found]:
    """Every export below landing/, in the order in which they are landed.

    Hashes are remembered by size and times of a file in a cache that may be deleted.
    """
    cache_file = home.warehouse / "landing_seen.json"
    cache = _read_cache(cache_file)
    seen: dict[str, list[int | str]] = {}
    found = []
    for path in _files(home.landing):
        named = path.relative_to(home.landing).as_posix()
        file_name = named.encode("utf-8", "backslashreplace").decode()
        fault = both("refused.bad_name") if file_name != named else None
        sha256 = ""
        try:
            stat = path.stat()
            stamp = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
            known = cache.get(file_name)
            sha256 = str(known[4]) if known and known[:4] == stamp else sha256_of(path)
            seen[file_name] = [*stamp, sha256]
        except OSError as error:  # its hash stays empty: once it can be read, it is another file
            fault = both("refused.not_opened", fault=error.strerror)
        folders = [*file_name.split("/")[:-1], "", ""]
        date_of = export_date_of(file_name)
        found.append(Found(path, file_name, folders[0], folders[1], sha256, date_of, fault))
    if seen != cache:
        write_visible(cache_file, json.dumps(seen))
    return sorted(found, key=lambda f: (f.name, str(f.export_date or ""), f.file_name))


def export_names(home: DataHome) -> set[str]:
    """Names of the files below landing/, as the ledger calls them, without a look into any."""
    return {
        path.relative_to(home.landing).as_posix().encode("utf-8", "backslashreplace").decode()
        for path in _files(home.landing)
    }


def export_date_of(file_name: str) -> date | None:
    """The last date in the path, as in `2026-10-01/x.csv` or `x_20261001.csv`."""
    for match in reversed(list(_DATED.finditer(file_name))):
        try:
            return date(*map(int, match.groups()))
        except ValueError:
            continue
    return None


def plan(
    found: Iterable[Found],
    ledger: Ledger,
    contracts: dict[str, Contract],
    settings: dict[str, EntitySettings],
) -> list[Task]:
    """Files that ask for work; what the ledger knows and nothing has changed for is left out."""
    by_path: dict[tuple[str, str, str], FileRecord] = {}
    by_content: dict[tuple[str, str, str | None], FileRecord] = {}
    for record in ledger.records:
        by_path[(record.name, record.file_name, record.file_sha256)] = record
        if record.status in ("loaded", "held") and record.rows_read:
            by_content.setdefault(record.content, record)
    tasks = []
    for file in found:
        known = by_path.get((file.name, file.file_name, file.sha256))
        reading = reading_of(file.name, contracts, settings)
        if known is None:
            copy_of = by_content.get(file.content)
            tasks.append(Task(file, copy_of=copy_of))
            by_path[(file.name, file.file_name, file.sha256)] = _planned(file)
        elif known.status == "refused":
            if known.reading != reading:
                tasks.append(Task(file, replaces=known))
        elif known.status in ("loaded", "held"):
            has_new_settings = known.reading.split("@")[0] != reading.split("@")[0]
            if has_new_settings or _lost_its_original(known, ledger):
                tasks.append(Task(file, replaces=known))
        elif known.status == "replaced":
            tasks.append(Task(file, replaces=known))
    return _first_of_each_content(tasks)


def reading_of(
    name: str, contracts: dict[str, Contract], settings: dict[str, EntitySettings]
) -> str:
    """How a file is read: settings of the user @ version of the contract."""
    if name not in contracts:
        return "unknown@0"
    return f"{settings[name].fingerprint}@{contracts[name].version}"


def _first_of_each_content(tasks: list[Task]) -> list[Task]:
    """Equal new files of one scan: the first is landed, the others are copies of it."""
    first: set[tuple[str, str, str | None]] = set()
    done = []
    for task in tasks:
        is_first = task.found.content not in first or task.found.fault is not None
        if task.copy_of is None and task.replaces is None and not is_first:
            done.append(Task(task.found, copy_of=_planned(task.found)))
        else:
            done.append(task)
        first.add(task.found.content)
    return done


def _planned(file: Found) -> FileRecord:
    """A stand-in for a file of the same scan that is landed before its copies."""
    return FileRecord(
        record_id="", run_id="", source=file.source, entity=file.entity, file_name=file.file_name,
        file_sha256=file.sha256, loaded_at="", landed_seq=0, status="held",
        export_date=file.content[2],
    )  # fmt: skip


def _lost_its_original(record: FileRecord, ledger: Ledger) -> bool:
    """True when rows counted as duplicates may have stood in a file withdrawn since."""
    if not record.rows_duplicate:
        return False
    return any(
        other.landed_seq < record.landed_seq and ledger.changed_since(other, record)
        for other in ledger.of(record.name, "withdrawn")
    )


def _files(folder: Path) -> Iterator[Path]:
    if not folder.exists():
        return
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(
            _NOT_EXPORTS.match(part) for part in path.relative_to(folder).parts
        ):
            yield path


def _read_cache(path: Path) -> dict[str, list[int | str]]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
