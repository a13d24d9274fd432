"""Files of documents are whole or not there, whatever happens to whoever writes them.

Belongs here: skipping, sharing out, stopping. Does not belong here: what a document says.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from partner_kpis.home import DataHome, project_root
from partner_kpis.reports.kinds import Wish
from partner_kpis.reports.produce import Written, files_of, produce, sweep, write_whole
from tests.dashboards.snapshot_fixture import make_snapshot
from tests.unit.reports import plain_maker

MAKER = plain_maker.__name__


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_snapshot(DataHome.at(tmp_path_factory.mktemp("home")))


def _files(folder: Path) -> dict[str, float]:
    return {path.name: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_a_file_is_named_after_its_document_and_its_snapshot(
    snapshot: Path, tmp_path: Path
) -> None:
    wish = Wish("qbr", "P/1 ü", "2026Q3", "partner", "de")
    order = replace(plain_maker.order(snapshot, tmp_path, 0), wishes=(wish,), formats=("pdf",))
    (written,) = produce(order, maker=MAKER)
    assert [file.relative_to(tmp_path).parts[0] for file in written.files] == ["2026Q3"]
    name = written.files[0].name
    assert name.startswith("QBR_P-1-ü-") and "_2026Q3_partner_de_" in name
    assert name.endswith(".pdf")
    assert len(name.removesuffix(".pdf").rpartition("_")[2]) == 8


def test_partners_whose_ids_differ_in_a_sign_have_files_of_their_own(
    snapshot: Path, tmp_path: Path
) -> None:
    wishes = tuple(
        Wish("qbr", partner_id, "2026Q3", "partner", "de") for partner_id in ("P/1", "P 1", "P-1")
    )
    order = replace(plain_maker.order(snapshot, tmp_path, 0), wishes=wishes, formats=("pdf",))
    written = produce(order, maker=MAKER)
    assert len({file for one in written for file in one.files}) == 3
    assert written[2].files[0].name.startswith("QBR_P-1_2026Q3")


def test_what_is_there_stays_and_only_the_missing_format_is_written(
    snapshot: Path, tmp_path: Path
) -> None:
    order = plain_maker.order(snapshot, tmp_path, 2)
    first = produce(order, maker=MAKER)
    assert [written.kept for written in first] == [0, 0]
    first[0].files[0].write_bytes(b"edited by somebody")
    first[1].files[1].unlink()
    before = _files(tmp_path)

    told: list[Written] = []
    again = produce(order, told.append, maker=MAKER)
    assert [written.kept for written in again] == [2, 1]
    assert sorted(w.wish.partner_id for w in told) == ["P-00", "P-01"]
    after = _files(tmp_path)
    assert before.items() <= after.items()
    assert after.keys() - before.keys() == {first[1].files[1].name}
    assert first[0].files[0].read_bytes() == b"edited by somebody"


def test_processes_share_the_work_and_answer_in_the_order_asked(
    snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECONDS_A_FILE", "0.05")
    order = plain_maker.order(snapshot, tmp_path, 8)
    written = produce(order, processes=2, maker=MAKER)
    assert [one.wish for one in written] == list(order.wishes)
    files = [file for one in written for file in one.files]
    assert all(plain_maker.is_whole(file) for file in files)
    makers = {file.read_bytes()[:200].splitlines()[0].rpartition(b" ")[2] for file in files}
    assert len(makers) == 2
    assert str(os.getpid()).encode() not in makers


@pytest.mark.parametrize("processes", [1, 2])
def test_a_fault_of_one_document_is_raised_when_all_others_are_there(
    snapshot: Path, tmp_path: Path, processes: int
) -> None:
    good = plain_maker.order(snapshot, tmp_path, 3)
    faulty = Wish("qbr", "P-faulty", "2026Q3", "internal", "en")
    order = replace(good, wishes=(faulty, *good.wishes))
    with pytest.raises(ValueError, match="P-faulty has no document"):
        produce(order, processes=processes, maker=MAKER)
    files = [file for wish in good.wishes for file in files_of(order, wish)]
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(files)
    assert all(plain_maker.is_whole(file) for file in files)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_folder_that_cannot_be_written_ends_the_work_at_once(
    snapshot: Path, tmp_path: Path, processes: int
) -> None:
    (tmp_path / "2026Q3").write_bytes(b"a file in the way")
    told: list[Written] = []
    with pytest.raises(OSError):
        order = plain_maker.order(snapshot, tmp_path, 20)
        produce(order, told.append, processes=processes, maker=MAKER)
    assert told == []


def _listen() -> None:
    """Tests that run in the background of a shell hand on that signals are to be ignored."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_DFL)


def _stopped(
    snapshot: Path, folder: Path, processes: int, how: signal.Signals
) -> subprocess.Popen[str]:
    """A process that makes twelve documents, stopped over the third one."""
    command = [sys.executable, "-m", MAKER, str(snapshot), str(folder), "12", str(processes)]
    run = subprocess.Popen(
        command, cwd=project_root(), env={**os.environ, "SECONDS_A_FILE": "0.2"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_listen,
    )  # fmt: skip
    assert run.stdout is not None
    for _ in range(2):
        assert run.stdout.readline().startswith("P-")
    helpers = psutil.Process(run.pid).children(recursive=True)
    assert len(helpers) == (processes if processes > 1 else 0)
    time.sleep(0.05)
    run.send_signal(how)
    run.communicate(timeout=30)
    _wait_until(lambda: not any(helper.is_running() for helper in helpers))
    return run


def _wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < until, "The helping processes outlive the one they help."
        time.sleep(0.05)


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_stopped_in_the_middle_it_leaves_whole_files_and_goes_on(
    snapshot: Path, tmp_path: Path, processes: int, how: signal.Signals
) -> None:
    run = _stopped(snapshot, tmp_path, processes, how)
    assert run.returncode != 0
    # A killed process may leave what it was writing under another name, which is no document.
    left = {
        path: path.stat().st_mtime_ns
        for path in tmp_path.rglob("*.p[dp]*")
        if path.suffix != ".part"
    }
    assert 4 <= len(left) < 24
    assert all(plain_maker.is_whole(file) for file in left)
    if how == signal.SIGINT:
        assert not list(tmp_path.rglob("*.part"))

    order = plain_maker.order(snapshot, tmp_path, 12)
    written = produce(order, processes=processes, maker=MAKER)
    assert sum(one.kept for one in written) == len(left)
    assert all(plain_maker.is_whole(file) for one in written for file in one.files)
    assert all(path.stat().st_mtime_ns == then for path, then in left.items())
    assert not list(tmp_path.rglob("*.part"))


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "2026Q3" / "x.pdf"
    target.parent.mkdir()
    target.mkdir()  # so that the rename fails
    with pytest.raises(OSError):
        write_whole(target, b"content")
    assert list(target.parent.iterdir()) == [target]


def test_sweeping_spares_what_a_living_process_is_writing(tmp_path: Path) -> None:
    folder = tmp_path / "2026Q3"
    folder.mkdir()
    living = folder / f".x.pdf.{os.getpid()}.part"
    dead = folder / ".x.pdf.999999999.part"
    other = folder / ".notes"
    for path in (living, dead, other):
        path.write_bytes(b"1")
    sweep(tmp_path)
    assert sorted(folder.iterdir()) == sorted([living, other])
