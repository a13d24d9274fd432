"""A sealed snapshot stays for ever, and all of it can be computed anew from the lake.

Belongs here: seals, and recomputing after the home has gone on. Does not belong here: documents
(test_documents.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from helpers import publish, write_csv, write_policies
from polars.testing import assert_frame_equal
from tiny_world import TINY_AS_OF, drop_tiny_world, opportunity

from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.landing.ledger import Ledger
from partner_kpis.reports.sealing import Seal, seal, seal_of
from partner_kpis.serving import NoSnapshotError, Snapshot
from partner_kpis.serving.snapshot import TABLES
from pipelines.recompute import recompute


@dataclass(frozen=True)
class GoneOn:
    """A home that was sealed and has published other numbers since, under other policies."""

    home: DataHome
    path: Path
    seal: Seal


@pytest.fixture(scope="module")
def gone_on(tmp_path_factory: pytest.TempPathFactory) -> GoneOn:
    home = drop_tiny_world(DataHome.at(tmp_path_factory.mktemp("sealed") / "home"))
    write_policies(home, keep_snapshots=1)
    write_csv(home, "salesforce/opportunity", [{"nonsense": 1}], "bad.csv", defaults=False)
    publish(home, as_of=TINY_AS_OF)
    path, made = seal(home, "qbr 2026Q1")
    newer = opportunity(1, Amount=2000, SystemModstamp="2026-06-19T09:00:00Z")
    write_csv(home, "salesforce/opportunity", [newer], name="newer.csv")
    (home.landing / "salesforce/opportunity/bad.csv").unlink()
    write_policies(home, keep_snapshots=1, influence_window_days=1)
    publish(home, as_of=TINY_AS_OF + timedelta(days=1))
    return GoneOn(home, path, made)


def _copy(home: DataHome, target: Path) -> DataHome:
    shutil.copytree(home.root, target, symlinks=True)
    return DataHome.at(target)


@contextmanager
def _kept(home: DataHome, gone_on: GoneOn) -> Iterator[Snapshot]:
    with Snapshot.kept(home, gone_on.seal.snapshot_id) as opened:
        yield opened


def test_a_sealed_snapshot_outlives_the_policy_that_forgets_others(gone_on: GoneOn) -> None:
    folders = {p.name for p in gone_on.home.serving.iterdir() if p.is_dir() and not p.is_symlink()}
    served = Snapshot.locate(gone_on.home).parent.name
    assert folders == {gone_on.seal.snapshot_id, served}
    with Snapshot.kept(gone_on.home, gone_on.seal.snapshot_id) as opened:
        assert opened.info()["as_of"] == TINY_AS_OF
    with pytest.raises(NoSnapshotError, match="20200101T000000-abcd is not kept"):
        Snapshot.kept(gone_on.home, "20200101T000000-abcd")
    for outside in ("../lake", ".", "..", "/etc", ""):
        with pytest.raises(NoSnapshotError):
            Snapshot.kept(gone_on.home, outside)


def test_sealing_again_changes_nothing(gone_on: GoneOn, tmp_path: Path) -> None:
    home = _copy(gone_on.home, tmp_path / "home")
    first = seal(home, "ops 2026-05")
    assert seal(home, "qbr 2026Q2") == first
    assert first[1].purpose == "ops 2026-05"
    assert seal_of(home, first[1].snapshot_id) == first[1]


def test_an_altered_snapshot_is_not_sealed_again(gone_on: GoneOn, tmp_path: Path) -> None:
    home = _copy(gone_on.home, tmp_path / "home")
    path, _ = seal(home, "qbr 2026Q2")
    with path.open("ab") as file:
        file.write(b"\0")
    with pytest.raises(UserError, match="has changed since it was sealed"):
        seal(home, "qbr 2026Q2")


def test_a_snapshot_of_an_earlier_version_asks_for_a_run(gone_on: GoneOn, tmp_path: Path) -> None:
    home = _copy(gone_on.home, tmp_path / "home")
    shutil.rmtree(Snapshot.locate(home).parent / "config")
    with pytest.raises(UserError, match=r"published by an earlier version.*partner-kpis run"):
        seal(home, "qbr 2026Q2")


def test_everything_comes_out_as_it_was_although_the_home_has_gone_on(
    gone_on: GoneOn, tmp_path: Path
) -> None:
    before = _state(gone_on.home)
    with _kept(gone_on.home, gone_on) as kept:
        path = recompute(gone_on.home, kept, tmp_path, lambda _: None)
        with Snapshot(path) as anew, Snapshot.open(gone_on.home) as served:
            for name in sorted(TABLES - {"snapshot"}):
                assert_frame_equal(
                    anew.table(name), kept.table(name), check_row_order=False, check_exact=True
                )
            assert not anew.table("kpi_values").equals(served.table("kpi_values"))
            waiting = anew.ledger().filter("is_open")["file_name"].to_list()
            assert waiting == ["salesforce/opportunity/bad.csv"]
    assert _state(gone_on.home) == before


def test_a_lake_that_says_something_else_gives_other_values(
    gone_on: GoneOn, tmp_path: Path
) -> None:
    """What is computed comes from the lake, not from the snapshot that is checked."""
    home = _copy(gone_on.home, tmp_path / "home")
    theirs = Ledger.read(home).of("salesforce/opportunity", "loaded")
    for record in theirs:
        for part in record.parts:
            rows = pl.read_parquet(home.root / part.path)
            amount = (pl.col("amount") + 1).cast(rows.schema["amount"])
            rows.with_columns(amount).write_parquet(home.root / part.path)
    with _kept(home, gone_on) as kept:
        path = recompute(home, kept, tmp_path / "anew", lambda _: None)
        month = date(2026, 5, 1)
        with Snapshot(path) as anew:
            values = [
                snapshot.values("partner_influenced_pipeline", "programme", "all", "month")
                .filter(pl.col("period_start") == month)["numerator"]
                .item()
                for snapshot in (kept, anew)
            ]
    assert values[1] == values[0] + 1


def test_files_that_are_gone_are_named(gone_on: GoneOn, tmp_path: Path) -> None:
    home = _copy(gone_on.home, tmp_path / "home")
    part = Ledger.read(home).of("prm/partner", "loaded")[0].parts[0].path
    (home.root / part).unlink()
    with _kept(home, gone_on) as kept, pytest.raises(UserError, match=part):
        recompute(home, kept, tmp_path / "anew", lambda _: None)


def test_settings_that_were_altered_are_named(gone_on: GoneOn, tmp_path: Path) -> None:
    home = _copy(gone_on.home, tmp_path / "home")
    kept_settings = home.snapshot_folder(gone_on.seal.snapshot_id) / "config" / "policies.yml"
    kept_settings.write_text("keep_snapshots: 1\nmin_sample: 2\n", encoding="utf-8")
    with _kept(home, gone_on) as kept, pytest.raises(UserError, match=r"policies in .*config"):
        recompute(home, kept, tmp_path / "anew", lambda _: None)


def test_a_ledger_that_was_cut_is_named(gone_on: GoneOn, tmp_path: Path) -> None:
    home = _copy(gone_on.home, tmp_path / "home")
    for commit in home.ledger.glob("[0-9]*.json"):
        commit.unlink()
    with _kept(home, gone_on) as kept, pytest.raises(UserError, match="ends before the snapshot"):
        recompute(home, kept, tmp_path / "anew", lambda _: None)


def _state(home: DataHome) -> dict[str, tuple[int, int]]:
    """Every file of a home with its size and time, and where `current` leads."""
    state = {
        path.relative_to(home.root).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in home.root.rglob("*")
        if path.is_file()
    }
    return state | {str(home.current.resolve()): (0, 0)}
