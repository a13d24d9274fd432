"""How long the pages take, held against their bounds; the section "Pages" of docs/performance.md.

Belongs here: the cold server in a browser, bounds, tables and the words around them. Does not
belong here: the walk and its clock (page_walk.py), the homes (page_homes.py), the commands that
make a snapshot (run.py).

Run by hand: python -m benchmarks.pages [--demo HOME] [--large HOME] [--write]
"""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

from benchmarks.page_homes import demo_home, large_home
from benchmarks.page_walk import PAGES, Rerun, walks
from benchmarks.report import Bound, bounds_table, keep, machine
from partner_kpis.home import DataHome

SIZES = {"demo": "60 partners, 2 years", "large": "1,000 partners, 3 years"}
LIMITS_MS = {"demo": 300, "large": 400}
COLD_LIMIT_SECONDS = 3
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
VERSIONS = ("streamlit", "duckdb", "polars", "pandas")


@dataclass(frozen=True)
class Results:
    """Reruns by size: of a first visitor, and of one on the same way; cold starts in seconds."""

    first: dict[str, list[Rerun]]
    again: dict[str, list[Rerun]]
    cold: list[float]

    @property
    def bounds(self) -> list[Bound]:
        found = [
            Bound(f"p95 of all reruns of a first visitor, {SIZES[size]}",
                  _p95([r.seconds for r in reruns]) * 1000, LIMITS_MS[size], "ms")
            for size, reruns in self.first.items()
        ]  # fmt: skip
        if self.cold:
            first_page = "first page of a cold server, median"
            found.append(Bound(first_page, median(self.cold), COLD_LIMIT_SECONDS))
        return found


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]


def cold_starts(home: DataHome, times: int) -> list[float]:
    """Seconds from the start of `partner-kpis dashboard` to a first KPI's value on the screen.

    The browser runs already, with an empty cache, and asks as soon as the server listens. Without
    a Chromium the answer is empty.
    """
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        return []
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        return [_cold_start(home, browser) for _ in range(times)]


def _cold_start(home: DataHome, browser: Any) -> float:
    page = browser.new_context().new_page()
    page.goto("about:blank")
    started = time.perf_counter()
    with _server(home) as address:
        page.goto(address)
        page.wait_for_selector(".pk-value", timeout=60_000)
        seconds = time.perf_counter() - started
        page.context.close()
    return seconds


@contextmanager
def _server(home: DataHome) -> Iterator[str]:
    """The address of a server of its own, as soon as it listens."""
    command = str(Path(sys.executable).with_name("partner-kpis"))
    process = subprocess.Popen(
        [command, "dashboard", "--home", str(home.root), "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        address = next(word for word in process.stdout.readline().split() if "://" in word)
        _wait_until_it_listens(urlsplit(address).port or 0)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_it_listens(port: int) -> None:
    for _ in range(6000):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.01)
    raise TimeoutError(f"Nothing listens on port {port}.")


def table(results: Results) -> str:
    """Reruns by size and page, and the bounds, as two Markdown tables; milliseconds."""
    lines = [
        "| home | page | reruns | p50 | p95 | max | p95, processor time | p50 again | p95 again |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for size, reruns in results.first.items():
        for page in (*PAGES, "all"):
            first = [r for r in reruns if page in ("all", r.page)]
            again = [r.seconds for r in results.again[size] if page in ("all", r.page)]
            wall, processor = [r.seconds for r in first], [r.processor_seconds for r in first]
            figures = (
                median(wall), _p95(wall), max(wall), _p95(processor), median(again), _p95(again),
            )  # fmt: skip
            told = " | ".join(f"{1000 * figure:.0f}" for figure in figures)
            lines.append(f"| {SIZES[size]} | {page} | {len(first)} | {told} |")
    return "\n".join([*lines, "", bounds_table(results.bounds)])


def section(results: Results) -> str:
    """The section "Pages" of docs/performance.md, without its heading."""
    cold = ", ".join(f"{seconds:.1f}" for seconds in results.cold) or "not measured: no Chromium"
    return f"""The demo, and the demo's business with 1,000 partners over 3 years, both through the
whole pipeline. {machine(VERSIONS)}

{table(results)}

### What is measured
- **A rerun** is one interaction: another page, partner, KPI, dimension, member, period, filter or
  language. Time runs from the interaction to the end of the script, in one warm process, with
  Streamlit's test harness in place of network and browser; milliseconds.
- The figures are those of a **first visitor**, who finds no answer kept and sees most views for the
  first time. *Again* is a second visitor on the same way, who finds all of them kept.
- **A cold server:** from the start of the command `partner-kpis dashboard` to a first KPI's value
  on the screen of a headless Chromium that runs already and keeps no files; seconds: {cold}.
- Processor time counts all threads: where it is far below the time on the wall, the machine was
  busy with something else.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the pages and their bounds.")
    parser.add_argument("--demo", type=Path, help="a home of benchmarks.page_homes, made before")
    parser.add_argument("--large", type=Path, help="the same, with 1,000 partners")
    parser.add_argument("--starts", type=int, default=5, help="cold servers to take a median of")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="partner-kpis-bench-") as scratch:
        print("Making data homes (some minutes) …", flush=True)
        homes = {
            "demo": DataHome.at(options.demo) if options.demo else demo_home(Path(scratch, "demo")),
            "large": (
                DataHome.at(options.large) if options.large else large_home(Path(scratch, "large"))
            ),
        }
        results = Results({}, {}, cold_starts(homes["demo"], options.starts))
        for size, home in homes.items():
            print(f"Walking through {SIZES[size]} …", flush=True)
            results.first[size], results.again[size] = walks(home)
    print("\n" + table(results))
    if options.write:
        print(f"\nWritten to {keep('Pages', section(results))}.")
    sys.exit(0 if all(bound.holds for bound in results.bounds) else 1)


if __name__ == "__main__":
    main()
