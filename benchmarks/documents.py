"""How long the reviews of 60 partners take, against the same pages written without any query.

Belongs here: making them as `partner-kpis qbr` does, and the bare script: the same documents, built
beforehand and unpickled, drawn and written by the same renderers in one process after the other.
Does not belong here: the other commands (run.py), pages (pages.py).

Run by hand: python -m benchmarks.documents HOME [--runs 3] [--quarter 2026Q3]
"""

from __future__ import annotations

import argparse
import pickle
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.measure import Measurement, measure
from partner_kpis.home import DataHome
from partner_kpis.reports import kinds, scope
from partner_kpis.reports.kinds import USUAL, Wish
from partner_kpis.reports.produce import Order, files_of, write_whole
from partner_kpis.serving import Snapshot

MOST = 1.5
"""So many times the bare script's processor time the command may take."""


def keep_documents(home: DataHome, quarter: str | None, target: Path) -> int:
    """Pickle the documents of all partners, with the names of their files; answers how many."""
    path = Snapshot.locate(home)
    with Snapshot(path) as snapshot:
        when = str(scope.quarter(snapshot, quarter))
        names = scope.partners(snapshot, ())
        wishes = [Wish("qbr", one, when, "internal", "en") for one in names]
        order = Order.below(home, path, wishes, USUAL)
        loaded = kinds.source(snapshot, order.stamp)
    made = [
        (kinds.build(loaded, wish), [file.name for file in files_of(order, wish)])
        for wish in wishes
    ]
    target.write_bytes(pickle.dumps(made))
    return len(made)


def bare_script(kept: Path, folder: Path) -> None:
    """Draw and write what was pickled: no snapshot, no query, no words to choose."""
    for document, names in pickle.loads(kept.read_bytes()):
        for form, name in zip(USUAL, names, strict=True):
            write_whole(folder / name, kinds.renderer(form).render(document))


def measure_all(home: DataHome, runs: int, quarter: str | None, scratch: Path) -> float:
    """Print every measurement; answers the median of the ratios, each of two neighbours in time."""
    kept = scratch / "documents.pickle"
    count = keep_documents(home, quarter, kept)
    ratios = []
    for number in range(runs):
        bare = _bare(kept, scratch)
        command = _command(home, quarter, scratch)
        ratios.append(command.processor_seconds / bare.processor_seconds)
        print(
            f"{number + 1}/{runs}  per partner: command {_each(command, count)}, "
            f"bare script {_each(bare, count)}, ratio {ratios[-1]:.2f}",
            flush=True,
        )
    return median(ratios)


def _each(taken: Measurement, count: int) -> str:
    return f"{taken.processor_seconds / count:.3f} s cpu ({taken.seconds / count:.3f} s)"


def _bare(kept: Path, scratch: Path) -> Measurement:
    folder = scratch / "bare"
    shutil.rmtree(folder, ignore_errors=True)
    script = [sys.executable, "-m", "benchmarks.documents", "--bare", str(kept), str(folder)]
    return measure(script, scratch / "log")


def _command(home: DataHome, quarter: str | None, scratch: Path) -> Measurement:
    """The command on a home that has the same snapshot and no document yet."""
    fresh = scratch / "home"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(home.serving, fresh / "serving", symlinks=True)
    words = ["--quarter", quarter] if quarter else []
    made = measure(
        [sys.executable, "-m", "partner_kpis_cli.main", "qbr", "--home", str(fresh), *words],
        scratch / "log",
    )
    theirs = {file.name for file in fresh.glob("reports/2*/*")}
    ours = {file.name for file in (scratch / "bare").iterdir()}
    if theirs != ours:
        raise RuntimeError("The figures would mean nothing: the files are not the same.")
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the reviews of all partners of a home.")
    parser.add_argument("home", type=Path, nargs="?", help="a published home, such as the demo")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quarter")
    parser.add_argument("--bare", type=Path, nargs=2, metavar=("PICKLE", "FOLDER"))
    options = parser.parse_args()
    if options.bare:
        bare_script(*options.bare)
        return
    if options.home is None:
        parser.error("Name a published home, such as demo-home.")
    with tempfile.TemporaryDirectory(prefix="partner-kpis-bench-") as scratch:
        home = DataHome.at(options.home)
        ratio = measure_all(home, options.runs, options.quarter, Path(scratch))
    holds = ratio <= MOST
    print(f"Median ratio {ratio:.2f}, at most {MOST}: {'holds' if holds else 'does not hold'}.")
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
