"""How long whole commands take, held against their bounds; the section "Commands" of
docs/performance.md.

Belongs here: what is measured, in which order, and what it may cost. Does not belong here: how to
measure (measure.py), the exports (make_home.py), the page (report.py).

Run by hand: python -m benchmarks.run [--scale 0.1] [--runs 1] [--write]
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.make_home import NEXT_DAY, Size, add_one_day, change_one_opportunity, make_home
from benchmarks.measure import Measurement, measure, middle
from benchmarks.report import Results, keep, section, table
from benchmarks.script import compare

PUBLISHED = (0, 3)  # 3: the demo's one bad file is refused


def measure_all(scale: float, runs: int, scratch: Path) -> Results:
    """Medians over `runs` fresh homes, of one history and of one twice as long."""
    sizes = {"": Size.scaled(scale), "doubled ": Size.scaled(scale, history=2)}
    for name, size in sizes.items():
        print(f"Making exports: {size.events:,} events …", flush=True)
        make_home(scratch / f"{name}exports", size)
    taken: dict[str, list[Measurement]] = defaultdict(list)
    differing = compared = 0
    # Interleaved, so that a slow spell of the machine hits every figure alike.
    for number in range(runs):
        for name, size in sizes.items():
            home = _fresh(scratch, name)
            for step, measurement in _steps(home, size, scratch, with_script=not name):
                taken[name + step].append(measurement)
                print(
                    f"{number + 1}/{runs}  {name + step:22}{measurement.seconds:7.1f} s"
                    f"{measurement.processor_seconds:7.1f} s cpu{measurement.peak_gb:6.2f} GB",
                    flush=True,
                )
                if name + step == "first":
                    compared, differing = _differences(home, scratch / "script.parquet")
            shutil.rmtree(home)
    figures = {name: middle(measurements) for name, measurements in taken.items()}
    return Results(sizes[""], runs, figures, compared, differing)


def _steps(
    home: Path, size: Size, scratch: Path, *, with_script: bool
) -> Iterator[tuple[str, Measurement]]:
    """A home's life: its first run, one with nothing new, one changed opportunity, one more day."""
    log = scratch / "log"
    run = [str(Path(sys.executable).with_name("partner-kpis")), "run", "--home", str(home)]
    if with_script:
        out = str(scratch / "script.parquet")
        script = [sys.executable, "-m", "benchmarks.script", str(home), out]
        yield "script", measure(script, log)
    yield "first", measure(run, log, PUBLISHED)
    first = _served(home)
    yield "nothing new", measure(run, log, PUBLISHED)
    _expect(_served(home) == first, "a run with nothing new published another snapshot")
    change_one_opportunity(home)
    yield "one opportunity", measure(run, log, PUBLISHED)
    _expect_loaded(home, "changed_opportunity.csv")
    add_one_day(home, size)
    yield "one more day", measure(run, log, PUBLISHED)
    for name in ("track_{}.jsonl.gz", "opportunity_{}.csv", "probes_{}.csv"):
        _expect_loaded(home, name.format(NEXT_DAY))


def _fresh(scratch: Path, name: str) -> Path:
    """A home that has never run; its exports are links, because no run changes them."""
    home = scratch / f"{name}home"
    shutil.copytree(scratch / f"{name}exports", home, copy_function=os.link)
    return home


def _served(home: Path) -> str:
    return (home / "serving" / "current").resolve().name


def _expect(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise RuntimeError(f"The figures would mean nothing: {otherwise}.")


def _expect_loaded(home: Path, file: str) -> None:
    """The news must have reached the snapshot: neither overlooked, nor refused, nor held."""
    snapshot = home / "serving" / "current" / "partner_kpis.duckdb"
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        found = connection.execute(
            "select status from landing_ledger where ends_with(file_name, ?)", [f"/{file}"]
        ).fetchall()
    _expect(found == [("loaded",)], f"{file} is not loaded, but {found}")


def _differences(home: Path, values: Path) -> tuple[int, int]:
    rows = compare(home, values).fetchall()
    return sum(row[3] for row in rows), sum(row[4] for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure whole commands and their bounds.")
    parser.add_argument("--scale", type=float, default=1.0, help="1 = a million events")
    parser.add_argument("--runs", type=int, default=3, help="fresh homes to take medians of")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="partner-kpis-bench-") as scratch:
        results = measure_all(options.scale, options.runs, Path(scratch))
    print("\n" + table(results))
    if options.write:
        print(f"\nWritten to {keep('Commands', section(results))}.")
    sys.exit(0 if all(bound.holds for bound in results.bounds) else 1)


if __name__ == "__main__":
    main()
