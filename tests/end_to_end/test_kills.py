"""Readers see a whole snapshot at every moment, whatever happens to the runs.

Belongs here: killed runs, readers beside runs, two runs at once. Does not belong here: what the
values are.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

import polars as pl
import pytest
from helpers import assert_same_values, copied, publish, values, write_csv
from tiny_world import TINY_AS_OF, opportunity

from partner_kpis.home import DataHome, project_root
from partner_kpis.serving import Snapshot


@dataclass
class Undisturbed:
    """A run that nobody killed: the home before, its values after, and how long it took."""

    before: DataHome
    expected: pl.DataFrame
    seconds: float
    process_id: int
    second_run: subprocess.CompletedProcess[str]


@dataclass
class Reader:
    """What a reader saw: each snapshot's open amount of O1 as its tables tell it."""

    home: DataHome
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)
    reads: int = 0
    faults: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def loop(self) -> None:
        while not self.stop.is_set():
            try:
                self.read()
            except Exception as error:  # any error at all is what this test looks for
                self.faults.append(repr(error))
            time.sleep(0.02)

    def read(self) -> None:
        """One look at several tables; a mixture of two snapshots would not add up."""
        with Snapshot.open(self.home) as snapshot:
            info = snapshot.info()
            amount = _amount(snapshot)
            influenced = _influenced(snapshot)
            rows = snapshot.table("kpi_values").height
            files = snapshot.ledger().height
        self.reads += 1
        if amount != influenced:
            self.faults.append(f"{info['snapshot_id']}: O1 is worth {amount} and {influenced}")
        if info["snapshot_id"] != snapshot.path.parent.name:
            self.faults.append(f"{info['snapshot_id']} lies in {snapshot.path}")
        if self.seen.setdefault(info["snapshot_id"], (rows, files)) != (rows, files):
            self.faults.append(f"{info['snapshot_id']} has changed")


def _amount(snapshot: Snapshot) -> int:
    deals = snapshot.table("opportunities")
    row = deals.filter(deals["opportunity_id"] == opportunity(1)["Id"])
    return int(row["amount_reporting"].item())


def _influenced(snapshot: Snapshot) -> int:
    """The programme's influenced pipeline of June: O1 alone is influenced and open."""
    months = snapshot.values("partner_influenced_pipeline", "programme", "all", "month")
    return int(months.filter(months["period_start"] == date(2026, 6, 1))["numerator"].item())


@contextmanager
def _reading(home: DataHome) -> Iterator[Reader]:
    reader = Reader(home)
    thread = threading.Thread(target=reader.loop)
    thread.start()
    try:
        yield reader
    finally:
        reader.stop.set()
        thread.join()


def _start_run(home: DataHome) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "partner_kpis_cli.main", "run", "--home", str(home.root)]
    return subprocess.Popen(
        [*command, "--as-of", str(TINY_AS_OF)],
        cwd=project_root(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def undisturbed(tiny: DataHome, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """The tiny world with news that a run has yet to publish, and the run that published them."""
    folder = tmp_path_factory.mktemp("kills")
    before = copied(tiny, folder / "before")
    newer = opportunity(1, Amount=2000, SystemModstamp="2026-06-19T09:00:00Z")
    write_csv(before, "salesforce/opportunity", [newer], name="newer.csv")
    probe = {"integration_id": "I1", "checked_at": "2026-05-05T14:00:00Z", "is_up": False}
    write_csv(before, "sla/probe", [probe], name="2026-06-20/late.csv")

    home = copied(before, folder / "undisturbed")
    started = time.monotonic()
    run = _start_run(home)
    while not home.lock_file.read_text() and run.poll() is None:
        time.sleep(0.02)
    second = _start_run(home)
    said, _ = second.communicate(timeout=120)
    output, _ = run.communicate(timeout=240)
    assert run.returncode == 0, output
    return Undisturbed(
        before, values(home), time.monotonic() - started, run.pid,
        subprocess.CompletedProcess(second.args, second.returncode, said),
    )  # fmt: skip


def test_a_second_run_at_once_says_who_holds_the_home(undisturbed: Undisturbed) -> None:
    second = undisturbed.second_run
    assert second.returncode == 1, second.stdout
    assert f"process {undisturbed.process_id}" in second.stdout
    assert "in use" in second.stdout
    assert "Traceback" not in second.stdout


@pytest.mark.timeout(900)
@pytest.mark.parametrize("number", range(3))
def test_a_killed_run_leaves_the_old_snapshot_and_no_trace(
    undisturbed: Undisturbed, tmp_path: Path, number: int
) -> None:
    _kill_and_run_again(undisturbed, tmp_path, (number + Random(number).random()) / 3)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(10))
def test_ten_runs_killed_over_the_whole_of_a_run(
    undisturbed: Undisturbed, tmp_path: Path, number: int
) -> None:
    _kill_and_run_again(undisturbed, tmp_path, (number + Random(number).random()) / 10)


def _kill_and_run_again(undisturbed: Undisturbed, target: Path, share: float) -> None:
    # The first fifth of a run is the start of Python.
    wait = undisturbed.seconds * (0.2 + 0.8 * share)
    home = _killed(undisturbed, target / "0", wait)
    for attempt in range(1, 5):  # a run that was faster than the measured one is no kill
        home = home or _killed(undisturbed, target / str(attempt), wait * 0.8**attempt)
    assert home is not None, "No run could be killed before it had ended."

    report = publish(home, as_of=TINY_AS_OF)
    assert report.exit_code == 0
    assert_same_values(values(home), undisturbed.expected)
    assert not list(home.serving.glob(".*"))  # no candidate is left behind
    assert publish(home, as_of=TINY_AS_OF).outcome == "unchanged"


def _killed(undisturbed: Undisturbed, target: Path, wait: float) -> DataHome | None:
    """A home whose run was killed after `wait` seconds, read all the while; None if it ended."""
    home = copied(undisturbed.before, target)
    old = Snapshot.locate(home)
    with _reading(home) as reader:
        run = _start_run(home)
        time.sleep(wait)
        run.kill()
        run.communicate()
        reader.read()
    assert reader.faults == []
    assert reader.reads > 1
    with Snapshot(old) as snapshot:
        assert _amount(snapshot) == 1000
    commits = len(list(home.ledger.glob("*.json")))
    candidates = len(list(home.serving.glob(".*.building")))
    print(
        f"Killed after {wait:.1f} s ({run.returncode}): {commits} commits, {candidates} candidates"
    )
    return home if run.returncode == -signal.SIGKILL else None


def test_a_reader_beside_five_runs_sees_whole_snapshots_only(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    home = copied(undisturbed.before, tmp_path / "home")
    with _reading(home) as reader, Snapshot.open(home) as kept_open:
        for number in range(5):
            stamp = f"2026-06-19T1{number}:00:00Z"
            deal = opportunity(1, Amount=3000 + number, SystemModstamp=stamp)
            write_csv(home, "salesforce/opportunity", [deal], name=f"run{number}.csv")
            assert publish(home, as_of=TINY_AS_OF).outcome == "published"
        reader.read()
        assert _amount(kept_open) == 1000  # whoever has it open keeps it
    assert reader.faults == []
    assert len(reader.seen) == 6
    assert reader.reads > 6
