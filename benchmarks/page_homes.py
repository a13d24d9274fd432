"""The two data homes whose pages are measured: the demo, and a programme of a thousand partners.

Belongs here: how large they are, and that both went through the whole pipeline, so that every
table of their snapshots is as the serving contracts promise. Does not belong here: opening pages
(page_walk.py, pages.py), or the homes that runs are measured with (make_home.py).

Run by hand: python -m benchmarks.page_homes DIR [--large]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from partner_kpis.demo import DEFAULT_AS_OF, make_exports
from partner_kpis.demo.draw import Calendar
from partner_kpis.demo.exports import write_exports, write_sources
from partner_kpis.demo.world import build_world
from partner_kpis.home import DataHome

PUBLISHED = (0, 3)  # 3: the demo's one bad file is refused
SEED = 7
PARTNERS, MONTHS = 1_000, 36
# The demo has 60 partners and two years: all else grows in proportion to partners and time.
SCALE = PARTNERS / 60 * MONTHS / 24
INTEGRATIONS = round(14 * PARTNERS / 60)


def demo_home(root: Path) -> DataHome:
    """The demo as anybody makes it: 60 partners, two years."""
    home = DataHome.at(root).create()
    make_exports(home, seed=SEED)
    _publish(home)
    return home


def large_home(root: Path) -> DataHome:
    """The demo's business with 1,000 partners over 3 years; takes some minutes."""
    home = DataHome.at(root).create()
    calendar = Calendar(DEFAULT_AS_OF, MONTHS)
    world = build_world(SEED, SCALE, calendar, PARTNERS, INTEGRATIONS)
    write_exports(world, home.landing)
    write_sources(home.config / "sources.yml")
    _publish(home)
    return home


def _publish(home: DataHome) -> None:
    command = [str(Path(sys.executable).with_name("partner-kpis")), "run", "--home", str(home.root)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in PUBLISHED:
        raise RuntimeError(f"No snapshot to measure ({done.returncode}):\n{done.stdout[-2000:]}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a data home whose pages are measured.")
    parser.add_argument("home", type=Path)
    parser.add_argument("--large", action="store_true", help="1,000 partners over 3 years")
    options = parser.parse_args()
    (large_home if options.large else demo_home)(options.home)


if __name__ == "__main__":
    main()
