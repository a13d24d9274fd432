"""Staging files ahead: the next ones are read while the one before them is written.

Belongs here: how many files are read at once and in which order they are handed on. Does not belong
here: reading one (land_file.py) and what is done with it (land.py).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

import duckdb

from partner_kpis.landing.land_file import StagedFile, stage_file
from partner_kpis.landing.staged import LandingFile

# Two at work and one that waits: more would only take memory, for the files are written in order.
_WORKERS, _AHEAD = 2, 3


def stage_ahead(
    database: duckdb.DuckDBPyConnection, files: Sequence[LandingFile], key: str, work: Path
) -> Generator[Future[StagedFile], None, None]:
    """Every file in order, staged on a connection of its own to the same database.

    The result of a future may raise FileRefusedError. Its connection is closed, and with it the
    staged rows are dropped, when the next future is asked for.
    """
    waiting: deque[tuple[duckdb.DuckDBPyConnection, Future[StagedFile]]] = deque()
    coming = iter(files)
    with ThreadPoolExecutor(_WORKERS, thread_name_prefix="staging") as pool:
        try:
            while True:
                for file in coming:
                    cursor = database.cursor()
                    waiting.append((cursor, pool.submit(stage_file, cursor, file, key, work)))
                    if len(waiting) >= _AHEAD:
                        break
                if not waiting:
                    return
                cursor, future = waiting[0]
                yield future
                waiting.popleft()
                cursor.close()
        finally:
            for cursor, future in waiting:
                if not future.cancel():
                    cursor.interrupt()
                    wait([future])
                cursor.close()
