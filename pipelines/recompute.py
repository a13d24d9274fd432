"""Computing a kept snapshot anew from the lake, beside the data home and without touching it.

Belongs here: a stand-in home that shares lake and quarantine and has the settings and the ledger of
back then, and building it whole. Does not belong here: comparing what comes of it (reports/verify).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl

from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.landing.ledger import FileRecord, Ledger
from partner_kpis.policies import Policies
from partner_kpis.publish import SETTINGS, current_snapshot
from partner_kpis.serving import Snapshot
from pipelines.steps import Options, Project, Say, build_step, publish_step

_SHOWN = 5  # missing files that are named; the others are counted


def recompute(home: DataHome, kept: Snapshot, folder: Path, say: Say) -> Path:
    """The DuckDB file of a snapshot with the reporting date, knowledge time, ledger and settings of
    `kept`, computed whole by the present code from the lake of `home`.

    folder: an empty one to work in, which stays with the answer. Raises UserError when the lake
    lacks a file, or when the settings that are kept beside the snapshot are not the ones it names.
    """
    info = kept.info()
    stand_in = _stand_in(home, kept, folder)
    ledger = Ledger.read(stand_in)
    _refuse_gaps(home, ledger, int(info["ledger_commits"]))
    if Policies.load(stand_in).fingerprint != info["policies_hash"]:
        raise UserError(
            f"The policies in {kept.path.parent / SETTINGS} are not those that the snapshot "
            f"{info['snapshot_id']} was computed with. Restore the folder from a backup."
        )
    project = Project()
    options = Options(info["as_of"], full_refresh=True)
    for _ in build_step(stand_in, project, options, say, known_at=info["known_at"]):
        pass  # nobody watches it
    publication = publish_step(
        stand_in, project, info["run_id"], say, refused=_refused(kept, ledger)
    )
    path = current_snapshot(stand_in)
    if path is None:
        raise UserError(
            f"The snapshot {info['snapshot_id']} cannot be computed anew, because a promise to "
            f"readers is broken: {'; '.join(publication.broken)}"
        )
    return path / kept.path.name


def _stand_in(home: DataHome, kept: Snapshot, folder: Path) -> DataHome:
    """A home whose lake and quarantine are those of `home`, with nothing else of it.

    Its ledger ends where the snapshot's did; landing/ stays empty, for nothing is landed.
    """
    stand_in = DataHome.at(folder).create()
    for path in home.lake.iterdir():
        mine = stand_in.lake / path.name
        if path.name == home.ledger.name:
            for commit in _commits(home, int(kept.info()["ledger_commits"])):
                (mine / commit.name).symlink_to(commit)
        elif path != home.work:
            _share(path, mine)
    _share(home.quarantine, stand_in.quarantine)
    settings = kept.path.parent / SETTINGS
    if settings.is_dir():
        shutil.copytree(settings, stand_in.config, dirs_exist_ok=True)
    return stand_in


def _share(theirs: Path, mine: Path) -> None:
    if mine.is_dir():
        mine.rmdir()  # made empty with the home
    mine.symlink_to(theirs)


def _commits(home: DataHome, until: int) -> list[Path]:
    return [path for path in sorted(home.ledger.glob("[0-9]*.json")) if int(path.stem) <= until]


def _refuse_gaps(home: DataHome, ledger: Ledger, commits: int) -> None:
    """Every commit and every file that the snapshot stands on must still be there."""
    if ledger.commits < commits:
        raise UserError(
            f"The ledger {home.ledger} ends before the snapshot does. Restore it from a backup."
        )
    records = [record for record in ledger.records if record.status in ("loaded", "held")]
    named = [part.path for record in records if record.status == "loaded" for part in record.parts]
    named += [record.quarantine_part for record in records if record.quarantine_part]
    missing = [path for path in named if not (home.root / path).is_file()]
    if missing:
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        raise UserError(
            f"The data home {home.root} lacks files that the snapshot stands on: "
            f"{', '.join(missing[:_SHOWN])}{more}. Restore them from a backup."
        )


def _refused(kept: Snapshot, ledger: Ledger) -> list[FileRecord]:
    """What lay refused in landing/ back then: the one thing that only the snapshot knows."""
    waiting = kept.ledger().filter(pl.col("is_open") & (pl.col("status") == "refused"))
    known = set(waiting.select("source", "entity", "file_name", "file_sha256").iter_rows())
    return [
        record
        for record in ledger.records
        if record.status == "refused"
        and (record.source, record.entity, record.file_name, record.file_sha256) in known
    ]
