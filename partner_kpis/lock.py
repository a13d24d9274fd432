"""One writer at a time: the lock of a data home.

Belongs here: taking the lock and saying who holds it. The operating system lets go of it when its
holder dies, so that a killed run leaves nothing to clean up.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from partner_kpis.errors import HomeBusyError
from partner_kpis.home import DataHome


@contextmanager
def writing(home: DataHome, what: str) -> Iterator[None]:
    """Hold the home for writing. Raises HomeBusyError, naming holder and start, if one does, and
    UserError when the home cannot be written at all."""
    try:
        opened = home.lock_file.open("a+", encoding="utf-8")
    except OSError as error:
        raise home.not_writable(error) from error
    with opened as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise HomeBusyError(_holder(file.read(), home)) from error
        file.seek(0)
        file.truncate()
        started = datetime.now(UTC).isoformat(timespec="seconds")
        json.dump({"pid": os.getpid(), "what": what, "started": started}, file)
        file.flush()
        try:
            yield
        finally:
            file.seek(0)
            file.truncate()
            fcntl.flock(file, fcntl.LOCK_UN)


def _holder(text: str, home: DataHome) -> str:
    try:
        holder = json.loads(text)
        who = f"{holder['what']} (process {holder['pid']}, since {holder['started']})"
    except (ValueError, KeyError):
        who = "another run"
    return f"The data home {home.root} is in use by {who}. Wait until it has ended, then run again."
