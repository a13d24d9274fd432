"""The append-only log of alerts, alerts/log.jsonl in the data home: the only state they have.

Belongs here: reading it, and appending to it so that a kill at any moment loses nothing that was
acknowledged and leaves nothing half. Does not belong here: what the events mean.

A line is one list of events that belong together (an episode and the message about it), written at
once and flushed to the disk. A last line without an end was being written when its writer died: it
never counted, and the next writer takes it away.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from partner_kpis.alerts.episodes import Book
from partner_kpis.alerts.events import Event, as_json, from_json
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.text import both


class AlertLog:
    """The log of one data home. Reading needs no lock; `writing` holds it for one writer."""

    def __init__(self, home: DataHome) -> None:
        self._home = home

    @property
    def path(self) -> Path:
        return self._home.alert_log

    def book(self) -> Book:
        """All that the log tells. Raises UserError when a line cannot be understood, or is gone."""
        try:
            return Book.of(self.events())
        except KeyError as error:
            raise self._unreadable(f"it never tells how {error} began") from error

    def events(self) -> list[Event]:
        """Every event, oldest first; none without a log."""
        found: list[Event] = []
        try:
            written = self.path.read_bytes()
        except FileNotFoundError:
            return found
        except PermissionError as error:
            raise UserError(both("alert_fault.log_forbidden", path=self.path)) from error
        except OSError as error:
            raise self._unreadable(error.strerror or str(error)) from error
        for number, line in enumerate(written[: written.rfind(b"\n") + 1].splitlines(), start=1):
            try:
                found += [from_json(event) for event in json.loads(line)]
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise self._unreadable(f"line {number}: {error}") from error
        return found

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Hold the log for one writer; others wait for the moment it takes.

        Raises UserError when the home cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = self.path.with_suffix(".lock").open("a+")
        except OSError as error:
            raise self._home.not_writable(error) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield Writer(self.path, self.book())

    def _unreadable(self, why: str) -> UserError:
        return UserError(both("alert_fault.log_unreadable", path=self.path, why=why))


class Writer:
    """Appends to the log while it is held; `book` is what the log tells, kept up to date."""

    def __init__(self, path: Path, book: Book) -> None:
        self._path = path
        self.book = book

    def append(self, events: Sequence[Event]) -> None:
        """All of them or, after a kill, none; they are on the disk when this returns."""
        if not events:
            return
        told = [as_json(event) for event in events]
        line = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            end = _end_of_last_line(descriptor)
            os.ftruncate(descriptor, end)
            os.lseek(descriptor, end, os.SEEK_SET)
            written = memoryview(line)
            while written:
                written = written[os.write(descriptor, written) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self.book.take(events)


def _end_of_last_line(descriptor: int) -> int:
    """Where the last whole line ends; what follows it was never finished."""
    end = os.lseek(descriptor, 0, os.SEEK_END)
    while end:
        start = max(0, end - 65536)
        found = os.pread(descriptor, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
