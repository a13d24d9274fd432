"""Room on the disk: a run without it is stopped before it begins, and said in a sentence.

Belongs here: how much room a run wants, and what to say when there is none. Does not belong here:
recognising the error of a full disk (errors.py).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from partner_kpis.errors import DiskFullError
from partner_kpis.home import DataHome

# A first run of a small home leaves half of this; a warehouse and a snapshot of everything else
# are written beside the ones of the run before.
_LEAST_BYTES = 32 * 1024 * 1024


def refuse_without_room(home: DataHome) -> None:
    """Raises DiskFullError when a run on this home would fill the disk before it ends."""
    wanted = _LEAST_BYTES + sum(_size(path) for path in (home.warehouse_db, home.snapshot_db))
    free = shutil.disk_usage(home.root).free
    if free < wanted:
        raise DiskFullError(
            f"The disk that holds {home.root} has {_megabytes(free)} MB free, and a run needs "
            f"{_megabytes(wanted)} MB. Make room and run again; nothing was changed."
        )


def disk_full(home: DataHome) -> DiskFullError:
    """What to say when the room ended during a run."""
    return DiskFullError(
        f"The disk that holds {home.root} is full. Nothing was published, and the snapshot from "
        "before keeps serving. Make room and run again; the run takes up what is missing."
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _megabytes(size: int) -> int:
    return round(size / 1024 / 1024)
