"""How long the reviews of 60 partners take, against the same pages written without any query.

Belongs here: making them as `partner-kpis qbr` does, and the bare script: the same documents, built
beforehand and unpickled, drawn and written by the same renderers in one process after the other.
Does not belong here: the other commands (run.py), pages (pages.py).

Run by hand: python -m benchmarks.documents [HOME] [--runs 3] [--quarter 2026Q3] [--write]
"""

from __future__ import annotations

import argparse
import pickle
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.measure import Measurement, measure, middle
from benchmarks.page_homes import demo_home
from benchmarks.report import Bound, bounds_table, keep, machine
from partner_kpis.home import DataHome
from partner_kpis.reports import kinds, scope
from partner_kpis.reports.kinds import USUAL, Wish
from partner_kpis.reports.produce import Order, files_of, write_whole
from partner_kpis.serving import Snapshot

VERSIONS = ("python-pptx", "reportlab", "xlsxwriter", "duckdb")
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


@dataclass(frozen=True)
class Results:
    """Documents of so many partners: pairs of the bare script and the command, run one after the
    other."""

    partners: int
    pairs: list[tuple[Measurement, Measurement]]

    @property
    def ratio(self) -> float:
        """The median of the ratios, each of two neighbours in time, in processor seconds."""
        return median(c.processor_seconds / b.processor_seconds for b, c in self.pairs)

    @property
    def bound(self) -> Bound:
        return Bound("documents: command against bare script", self.ratio, MOST, "×")


def measure_all(home: DataHome, runs: int, quarter: str | None, scratch: Path) -> Results:
    """Measure and print as it goes."""
    kept = scratch / "documents.pickle"
    count = keep_documents(home, quarter, kept)
    pairs = []
    for number in range(runs):
        bare = _bare(kept, scratch)
        command = _command(home, quarter, scratch)
        pairs.append((bare, command))
        print(
            f"{number + 1}/{runs}  per partner: command {_each(command, count)}, "
            f"bare script {_each(bare, count)}, "
            f"ratio {command.processor_seconds / bare.processor_seconds:.2f}",
            flush=True,
        )
    return Results(count, pairs)


def section(results: Results) -> str:
    """The section "Documents" of docs/performance.md, without its heading."""
    lines = [
        "| | seconds per partner | processor seconds per partner | peak memory |",
        "|---|---:|---:|---:|",
    ]
    named = zip(("`partner-kpis qbr`", "bare script"), (1, 0), strict=True)
    for name, place in named:
        taken = middle([pair[place] for pair in results.pairs])
        seconds, processor = (
            figure / results.partners for figure in (taken.seconds, taken.processor_seconds)
        )
        lines.append(f"| {name} | {seconds:.3f} | {processor:.3f} | {taken.peak_gb:.2f} GB |")
    return f"""Reviews of all {results.partners} partners of the demo, each as pptx, pdf and xlsx,
against a bare script that writes the same pages without any query. Medians of
{len(results.pairs)} pairs.
{machine(VERSIONS)}

{chr(10).join(lines)}

{bounds_table([results.bound])}
"""


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
    parser.add_argument("home", type=Path, nargs="?", help="a published home; else a demo is made")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quarter")
    parser.add_argument("--bare", type=Path, nargs=2, metavar=("PICKLE", "FOLDER"))
    parser.add_argument("--write", action="store_true", help="keep the table in docs/")
    options = parser.parse_args()
    if options.bare:
        bare_script(*options.bare)
        return
    with tempfile.TemporaryDirectory(prefix="partner-kpis-bench-") as scratch:
        made = DataHome.at(options.home) if options.home else demo_home(Path(scratch, "demo"))
        results = measure_all(made, options.runs, options.quarter, Path(scratch))
    print("\n" + bounds_table([results.bound]))
    if options.write:
        print(f"\nWritten to {keep('Documents', section(results))}.")
    sys.exit(0 if results.bound.holds else 1)


if __name__ == "__main__":
    main()
