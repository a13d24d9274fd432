"""Which snapshot a document stands on.

Belongs here: the few facts of a snapshot that every document carries, and the hash of its file.
Does not belong here: keeping a snapshot for ever (sealing), or the document's own identity.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from partner_kpis.serving import Snapshot

_BLOCK: Final = 1 << 20


@dataclass(frozen=True)
class Stamp:
    """Id and hash (sha256 of the DuckDB file) of a snapshot, its as-of day and its code.

    A recomputed snapshot has other bytes and another id: to make a document again, the stamp of
    the sealed one is handed on.
    """

    snapshot_id: str
    snapshot_hash: str
    as_of: date
    created_at: datetime
    code_version: str

    @classmethod
    def of(cls, snapshot: Snapshot) -> Stamp:
        """The stamp of an open snapshot; reads its whole file once."""
        info = snapshot.info()
        return cls(
            snapshot_id=info["snapshot_id"],
            snapshot_hash=file_hash(snapshot.path),
            as_of=info["as_of"],
            created_at=info["created_at"],
            code_version=info["code_version"],
        )


def file_hash(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
