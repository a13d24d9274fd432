"""One command, measured: wall time, processor time, and peak memory of its whole process tree.

Belongs here: the clock and the scales. Does not belong here: which commands (run.py).
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

_EVERY_SECONDS = 0.2  # looking is not free: a run has four processes


@dataclass(frozen=True)
class Measurement:
    """Seconds on the wall and on processors (user and system), and resident memory in GB."""

    seconds: float
    processor_seconds: float
    peak_gb: float


def measure(command: Sequence[str], log: Path, accept: Sequence[int] = (0,)) -> Measurement:
    """Run a command to its end. Raises RuntimeError with its last lines on any other exit code."""
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        peak, done = [0], threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, peak, done))
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        done.set()
        watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in accept:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{tail}")
    # Between two looks the largest single process may have grown; the kernel knows its peak.
    peak_bytes = max(peak[0], usage.ru_maxrss * 1024)
    return Measurement(seconds, usage.ru_utime + usage.ru_stime, peak_bytes / 1e9)


def _watch(pid: int, peak: list[int], done: threading.Event) -> None:
    """Keep the largest sum of resident memory of a process and all its descendants."""
    while not done.wait(_EVERY_SECONDS):
        try:
            root = psutil.Process(pid)
            family = [root, *root.children(recursive=True)]
        except psutil.Error:
            return
        total = 0
        for process in family:
            try:
                total += process.memory_info().rss
            except psutil.Error:
                continue
        peak[0] = max(peak[0], total)


def middle(measurements: Sequence[Measurement]) -> Measurement:
    """Medians of the times, and the largest peak."""
    return Measurement(
        median(m.seconds for m in measurements),
        median(m.processor_seconds for m in measurements),
        max(m.peak_gb for m in measurements),
    )
