"""Bounds, and the page that says whether they hold.

Belongs here: how docs/performance.md is put together, and its section "Commands": what each figure
may be, and the words around it. Does not belong here: measuring anything, or the section "Pages"
(pages.py).
"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from benchmarks.make_home import Size
from benchmarks.measure import Measurement

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
SECTIONS = ("Commands", "Pages", "Documents")
INTRODUCTION = """# How fast it is

`make bench` measures again and writes this page; `benchmarks/` says how. Each section says when and
where it was measured.
"""

FIGURES = {
    "script": "script written by hand",
    "first": "first run",
    "nothing new": "run with nothing new",
    "one opportunity": "run with one changed opportunity (t₀)",
    "one more day": "run after one more day",
    "doubled first": "first run, history twice as long",
    "doubled nothing new": "run with nothing new, history twice as long",
    "doubled one opportunity": "run with one changed opportunity, history twice as long",
    "doubled one more day": "run after one more day, history twice as long",
}
VERSIONS = ("duckdb", "dbt-core", "dbt-duckdb", "dagster", "great-expectations", "polars")


@dataclass(frozen=True)
class Bound:
    """A figure and what it may be at most, both in `unit`."""

    name: str
    figure: float
    limit: float
    unit: str = "s"

    @property
    def holds(self) -> bool:
        return self.figure <= self.limit


@dataclass(frozen=True)
class Results:
    """Medians by figure, and how many values of script and first run were compared and differ."""

    size: Size
    runs: int
    figures: dict[str, Measurement]
    compared: int
    differing: int

    def seconds(self, name: str) -> float:
        return self.figures[name].seconds

    @property
    def bounds(self) -> list[Bound]:
        t0 = self.seconds("one opportunity")
        tenth = 0.1 * (self.seconds("first") - t0)
        day = self.seconds("one more day") - t0
        doubled = self.seconds("doubled one more day") - self.seconds("doubled one opportunity")
        peak = max(m.peak_gb for name, m in self.figures.items() if name != "script")
        first = 2 * self.seconds("script") + 20
        return [
            Bound("a run with nothing new", self.seconds("nothing new"), 6),
            Bound("t₀: a run whose only news is one changed opportunity", t0, 15),
            Bound("the first run: 2 × script + 20 s", self.seconds("first"), first),
            Bound("one more day − t₀: 10 % of (first − t₀)", day, tenth),
            Bound("the same with a history twice as long, limit as before", doubled, tenth),
            Bound("peak memory of any run", peak, 1.5, "GB"),
        ]


def table(results: Results) -> str:
    """Figures and bounds as two Markdown tables."""
    lines = ["| command | seconds | processor seconds | peak memory |", "|---|---:|---:|---:|"]
    lines += [
        f"| {label} | {m.seconds:.1f} | {m.processor_seconds:.1f} | {m.peak_gb:.2f} GB |"
        for name, label in FIGURES.items()
        if (m := results.figures.get(name))
    ]
    return "\n".join([*lines, "", bounds_table(results.bounds)])


def bounds_table(bounds: Sequence[Bound]) -> str:
    """Whether each bound holds, as a Markdown table."""
    lines = ["| bound | measured | at most | holds |", "|---|---:|---:|---|"]
    lines += [
        f"| {b.name} | {b.figure:.1f} {b.unit} | {b.limit:.1f} {b.unit} | "
        f"{'yes' if b.holds else '**no**'} |"
        for b in bounds
    ]
    return "\n".join(lines)


def machine(packages: Sequence[str]) -> str:
    """When and on what was measured."""
    memory = psutil.virtual_memory().total / 1e9
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    cores, load = os.cpu_count(), os.getloadavg()[2]
    return f"""{datetime.now(UTC):%Y-%m-%d}, on {cores} cores with
{memory:.0f} GB of memory (load average {load:.1f}: the machine was shared when this
exceeds {cores}, and the wall times are too long then).
Python {platform.python_version()}, {versions}."""


def keep(title: str, body: str, page: Path = PAGE) -> Path:
    """Write one of SECTIONS into the page and leave the others as they are; answers the page."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    _, *parts = f"\n{text}".split("\n## ")
    kept = dict(part.partition("\n")[::2] for part in parts) | {title: body}
    written = [f"## {name}\n\n{kept[name].strip()}\n" for name in SECTIONS if name in kept]
    page.write_text("\n".join([INTRODUCTION, *written]), encoding="utf-8")
    return page


def section(results: Results) -> str:
    """The section "Commands" of docs/performance.md, without its heading."""
    size = results.size
    return f"""Whole commands, from start to exit, over {size.events:,} events, {size.probes:,}
probes and {size.opportunities:,} opportunities in two years, and over a history twice as long with
the same daily volume.

Medians of {results.runs} fresh homes, {machine(VERSIONS)}
Memory is that of the whole process tree.

{table(results)}

### The yardstick
`benchmarks/sql/` is what a good analyst would write by hand in DuckDB to get the same KPIs
from the same exports: no contracts, no lake, no checks, no evidence, no history of what was
known when. It reads only the columns that the KPIs need and knows beforehand which rows are bad.
Of {results.compared:,} values (all dimensions and periods) {results.differing:,} differ between
the script and the first run.

### What a run costs
- A run with nothing new looks at the landing folder and the ledger, and stops.
- Every other run pays for starting dbt and Dagster, for the models that are rebuilt whole, and for
  checking the candidate snapshot. That is t₀; it grows with the number of opportunities and
  observations, hardly with that of events and probes.
- Events and probes are read once, when they land; a new day recomputes the usage and the probes
  of the days that it touches.
"""
