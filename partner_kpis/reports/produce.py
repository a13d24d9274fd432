"""Documents as files: which ones there shall be, and writing those that are not there yet.

Belongs here: names and folders of files, writing them whole or not at all, sharing the work out to
processes. Does not belong here: what a document says (builders), how it looks (render), seals.

A file's name holds the hash of its snapshot, so one that is there is complete and stays as it is,
also when somebody has edited it since.
"""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol, cast

import polars as pl

from partner_kpis.home import DataHome
from partner_kpis.reports import kinds
from partner_kpis.reports.document import Document, Identity
from partner_kpis.reports.kinds import Format, Wish
from partner_kpis.reports.stamp import Stamp
from partner_kpis.serving import Snapshot
from partner_kpis.side_process import Crew

FEW: Final = 4
"""So many partners are written sooner than a second process has started."""

_PART: Final = re.compile(r"\.(?P<name>.+)\.(?P<pid>\d+)\.part$")


class Maker(Protocol):
    """What a module that makes documents offers, as `kinds` does."""

    def source(self, snapshot: Snapshot, stamp: Stamp) -> Any: ...
    def build(self, loaded: Any, wish: Wish) -> Document: ...
    def renderer(self, form: Format) -> kinds.Renderer: ...


@dataclass(frozen=True)
class Order:
    """Documents to write: one for each wish and format, below `folder`, from one snapshot file.

    stamp: of that snapshot.
    """

    snapshot: Path
    stamp: Stamp
    folder: Path
    wishes: tuple[Wish, ...]
    formats: tuple[Format, ...]

    @classmethod
    def below(
        cls, home: DataHome, snapshot: Path, wishes: Sequence[Wish], formats: Sequence[Format]
    ) -> Order:
        """An order into reports/ of a home: there each period has its folder."""
        with Snapshot(snapshot) as opened:
            stamp = Stamp.of(opened)
        return cls(snapshot, stamp, home.reports, tuple(wishes), tuple(formats))


@dataclass(frozen=True)
class Written:
    """What has become of one wish: all its files, and how many of them were there already.

    fault: why some of the files are not there, when they are not.
    """

    wish: Wish
    files: tuple[Path, ...]
    kept: int
    fault: Exception | None = None


def produce(
    order: Order,
    told: Callable[[Written], None] = lambda _: None,
    *,
    processes: int | None = None,
    maker: str = kinds.__name__,
) -> list[Written]:
    """Write every file that is not there yet; answers what there is now, in the order's order.

    told: hears of each wish as soon as its files are there. processes: how many share the work;
    None chooses. maker: the module that makes them. Stopped at any moment, it leaves whole files
    only, and the next call goes on with those that are missing. What goes wrong with a document
    is raised when all others are there, save for what the disk refuses.
    """
    sweep(order.folder)
    done: dict[Wish, Written] = {}
    missing = []
    for wish in order.wishes:
        files = files_of(order, wish)
        if all(file.is_file() for file in files):
            done[wish] = Written(wish, files, len(files))
            told(done[wish])
        else:
            missing.append(wish)
    count = processes or (1 if len(missing) <= FEW else min(os.cpu_count() or 1, 4))
    way = (_in_processes if count > 1 else _here)(order, missing, count, maker)
    with closing(way):  # whatever ends this loop ends the helping processes
        for written in way:
            done[written.wish] = written
            told(written)
    faults = [written.fault for written in done.values() if written.fault is not None]
    if faults:
        raise faults[0]
    return [done[wish] for wish in order.wishes]


def files_of(order: Order, wish: Wish) -> tuple[Path, ...]:
    """The files of a wish, one for each format: <folder>/<period>/<stem>.<format>."""
    stem = Identity.stem_of(
        wish.kind, wish.partner_id, wish.period, wish.edition, wish.lang, order.stamp.snapshot_hash
    )
    return tuple(order.folder / wish.period / f"{stem}.{form}" for form in order.formats)


def written_files(folder: Path) -> pl.DataFrame:
    """The documents that are there, the newest first.

    Columns: period, file_name, kilobytes, written_at (UTC).
    """
    rows = [
        (path.parent.name, path.name, -(-found.st_size // 1000),
         datetime.fromtimestamp(found.st_mtime, UTC).replace(tzinfo=None, microsecond=0))
        for form in kinds.FORMATS for path in folder.glob(f"2*/[A-Z]*_*.{form}")
        for found in (path.stat(),)
    ]  # fmt: skip
    kept = {"period": pl.String, "file_name": pl.String, "kilobytes": pl.Int64}
    frame = pl.DataFrame(rows, schema=kept | {"written_at": pl.Datetime("us")}, orient="row")
    return frame.sort(["written_at", "file_name"], descending=[True, False])


def sweep(folder: Path) -> None:
    """Remove what a killed process left half written; what a living one writes stays."""
    for path in folder.glob("*/.*.part"):
        match = _PART.fullmatch(path.name)
        if match and not _lives(int(match["pid"])):
            path.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write beside, flush to disk, and rename: nobody ever sees a part of the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def make(order: Order, wish: Wish, maker: str) -> Written:
    """Build one document and write it in every format that is missing. Raises OSError when the
    disk refuses; any other fault is one of this document and part of the answer."""
    files = files_of(order, wish)
    there = [file.is_file() for file in files]
    try:
        _write_missing(order, wish, maker, files)
    except OSError:
        raise
    except Exception as fault:
        fault.add_note(f"While making {files[0].stem}:\n{traceback.format_exc()}")
        return Written(wish, files, sum(there), fault)
    return Written(wish, files, sum(there))


def _write_missing(order: Order, wish: Wish, maker: str, files: Sequence[Path]) -> None:
    made_by = _maker(maker)
    loaded = _loaded(order.snapshot, order.stamp, maker)
    document: Document | None = None
    for file, form in zip(files, order.formats, strict=True):
        if not file.is_file():
            document = document or made_by.build(loaded, wish)
            write_whole(file, made_by.renderer(form).render(document))


@cache
def _loaded(path: Path, stamp: Stamp, maker: str) -> Any:
    """Loaded once in a process, for all documents that it makes."""
    with Snapshot(path) as snapshot:
        return _maker(maker).source(snapshot, stamp)


def _maker(name: str) -> Maker:
    return cast(Maker, import_module(name))


def _here(
    order: Order, wishes: Sequence[Wish], count: int, maker: str
) -> Generator[Written, None, None]:
    for wish in wishes:
        yield make(order, wish, maker)


def _in_processes(
    order: Order, wishes: Sequence[Wish], count: int, maker: str
) -> Generator[Written, None, None]:
    drawn = [f"partner_kpis.reports.render.{form}" for form in order.formats]
    usual = maker == kinds.__name__
    with Crew(count, preload=(__name__, maker, *(drawn if usual else ()))) as crew:
        try:
            yield from crew.each(make, ((order, wish, maker) for wish in wishes))
        except BaseException:
            crew.kill()
            sweep(order.folder)  # what they were at is theirs, and they are no more
            raise


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
