"""The helping process: answers, faults, and that it never outlives its parent.

Belongs here: real processes. Does not belong here: what they are asked in a run.
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from partner_kpis.side_process import SideProcess, report

# A parent that asks for something long, says which process does it, and waits.
# A parent inherits which signals are ignored or blocked where the tests run; it must not matter.
_PARENT = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_DFL)
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
from partner_kpis.side_process import SideProcess
helper = SideProcess(preload=())
print(helper.call(os.getpid), flush=True)
helper.tell(time.sleep, 120)
time.sleep(120)
"""


@pytest.fixture
def helper() -> Iterator[SideProcess]:
    made = SideProcess(preload=("math",))
    yield made
    made.close()


def test_it_answers_from_another_process(helper: SideProcess) -> None:
    assert helper.call(math.factorial, 20) == math.factorial(20)
    assert helper.call(os.getpid) != os.getpid()


def test_one_process_serves_all_questions(helper: SideProcess) -> None:
    first = helper.call(os.getpid)
    assert not helper.start()
    assert helper.call(os.getpid) == first


def test_what_it_raises_is_raised_here(helper: SideProcess) -> None:
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        helper.call(math.sqrt, -1)
    assert helper.call(math.sqrt, 4) == 2


def test_what_it_reports_comes_before_the_answer(helper: SideProcess) -> None:
    steps = helper.follow(report, "half of it")
    assert next(steps) == "half of it"
    with pytest.raises(StopIteration):
        next(steps)
    # Whoever does not ask for reports gets the answer alone.
    assert helper.call(report, "nobody listens") is None
    helper.tell(report, "nobody listens")
    assert helper.call(math.factorial, 3) == 6


def test_it_ends_with_whoever_followed_it(helper: SideProcess) -> None:
    first = helper.call(os.getpid)
    steps = helper.follow(report, "half of it")
    next(steps)
    steps.close()
    assert not psutil.pid_exists(first)
    assert helper.call(math.factorial, 3) == 6


def test_what_it_was_told_is_done_before_the_next_answer(
    helper: SideProcess, tmp_path: Path
) -> None:
    helper.tell(Path.mkdir, tmp_path / "told")
    assert helper.call(Path.is_dir, tmp_path / "told")


def test_a_fault_in_what_it_was_told_is_no_answer_to_another_question(
    helper: SideProcess, tmp_path: Path
) -> None:
    helper.tell(Path.mkdir, tmp_path / "missing" / "told")
    assert helper.call(math.factorial, 4) == 24
    helper.tell(Path.mkdir, tmp_path)
    assert [type(fault) for fault in helper.faults()] == [FileNotFoundError, FileExistsError]
    assert helper.faults() == []


def test_what_it_was_told_is_done_before_it_ends(tmp_path: Path) -> None:
    helper = SideProcess(preload=())
    helper.tell(time.sleep, 0.2)
    helper.tell(Path.mkdir, tmp_path / "told")
    helper.close()
    assert (tmp_path / "told").is_dir()


def test_one_that_was_asked_nothing_ends_without_importing_on() -> None:
    before = set(psutil.Process().children())
    helper = SideProcess(preload=("this_would_fail",))
    helper.start()
    assert set(psutil.Process().children()) > before and not helper.was_asked
    helper.close()
    assert set(psutil.Process().children()) == before


def test_a_new_one_follows_one_that_was_killed(helper: SideProcess) -> None:
    killed = helper.call(os.getpid)
    os.kill(killed, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(killed)] if psutil.pid_exists(killed) else [], timeout=10)
    assert helper.call(os.getpid) != killed


def test_one_that_was_killed_is_closed_without_a_word(helper: SideProcess) -> None:
    process = psutil.Process(helper.call(os.getpid))
    process.kill()
    psutil.wait_procs([process], timeout=10)
    helper.close()


def test_one_that_was_killed_over_what_it_was_told_is_a_fault(helper: SideProcess) -> None:
    process = psutil.Process(helper.call(os.getpid))
    helper.tell(time.sleep, 60)
    process.kill()
    assert "without an answer" in str(helper.faults()[0])
    assert helper.call(math.factorial, 4) == 24


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_at_once_with_its_parent(ending: signal.Signals) -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    process = psutil.Process(int(parent.stdout.readline()))
    parent.send_signal(ending)
    parent.wait(10)
    parent.stdout.close()
    process.wait(10)  # it slept for minutes otherwise
