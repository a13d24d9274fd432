"""Seals: a snapshot that documents were made from stays for ever, and whether it is unaltered.

Belongs here: sealing the snapshot being served, and what its seal says. Does not belong here:
publishing or forgetting snapshots (publish.py), checking a document (verify.py).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.landing.ledger import write_visible
from partner_kpis.publish import SEALED, SETTINGS
from partner_kpis.reports.stamp import Stamp
from partner_kpis.serving import NoSnapshotError, Snapshot


@dataclass(frozen=True)
class Seal:
    """What the file SEALED says.

    sha256: of the snapshot's DuckDB file, in hexadecimal; purpose: what it was sealed for first,
    such as `qbr 2026Q3`.
    """

    snapshot_id: str
    sha256: str
    sealed_at: str
    purpose: str

    @property
    def day(self) -> date:
        """The day on which it was sealed, in UTC."""
        return datetime.fromisoformat(self.sealed_at).date()


def seal(home: DataHome, purpose: str) -> tuple[Path, Seal]:
    """Keep the snapshot being served for ever; answers its DuckDB file and its seal.

    Nothing changes when it is sealed already. Raises NoSnapshotError before the first publication,
    and UserError for a snapshot that could never be computed again, or that is not what was sealed.
    """
    path = Snapshot.locate(home)
    with Snapshot(path) as snapshot:
        info = snapshot.info()
        # Hashed while it is open: an open file outlives a run that forgets its folder meanwhile.
        sha256 = Stamp.of(snapshot).snapshot_hash
    if not info.get("ledger_commits") or not (path.parent / SETTINGS).is_dir():
        raise UserError(
            f"The snapshot {info['snapshot_id']} was published by an earlier version, which did "
            "not keep what it was computed with. Publish a new one with: "
            f"partner-kpis run --home {home.root}"
        )
    found = seal_of(home, info["snapshot_id"])
    if found is None:
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        found = Seal(info["snapshot_id"], sha256, moment, purpose)
        write_visible(path.parent / SEALED, json.dumps(asdict(found), indent=2))
        if not path.is_file():
            raise NoSnapshotError(
                f"The snapshot {found.snapshot_id} was replaced while it was sealed. Try again."
            )
    if found.sha256 != sha256:
        raise UserError(altered(found, path))
    return path, found


def seal_of(home: DataHome, snapshot_id: str) -> Seal | None:
    """The seal of a kept snapshot, None without one. Raises UserError for an unreadable one."""
    path = home.snapshot_folder(snapshot_id) / SEALED
    if not path.is_file():
        return None
    try:
        return Seal(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise UserError(
            f"The seal {path} cannot be read ({error}). Restore it from a backup of this folder."
        ) from error


def altered(found: Seal, path: Path) -> str:
    """What to say of a snapshot that is not the one that was sealed."""
    return (
        f"The sealed snapshot {path} has changed since it was sealed on {found.sealed_at[:10]}: "
        "its SHA-256 is another one. Restore the file from a backup."
    )
