"""One more day after many ends where a fresh home does that has seen nothing but that day.

Belongs here: homes that grow from day to day, and take over much of the day before. Does not belong
here: the order in which exports arrive (test_order_and_repetition.py), and which tables a run
makes anew (test_what_is_rebuilt.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import polars as pl
import pytest
from helpers import compute, publish, table
from polars.testing import assert_frame_equal
from small_world import AS_OF, Export, drop, random_world, scattered

from partner_kpis import candidate
from partner_kpis.home import DataHome

ONE_DAY = timedelta(days=1)
MONTH_END, QUARTER_END = date(2026, 5, 31), date(2026, 3, 31)
VALUES = ("kpi_observations", "kpi_values", "kpi_scorecard")


@pytest.fixture(autouse=True)
def every_table_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Published tables are taken over from the day before, as those of a large home are."""
    monkeypatch.setattr(candidate, "LARGE", 1)


@pytest.mark.timeout(1800)
def test_day_after_day_gives_what_a_fresh_home_gives(tmp_path: Path) -> None:
    """The end of a quarter, which is one of a month too; `slow` goes through many days."""
    _check(tmp_path, seed=4, turns=[QUARTER_END], ordinary_days=0)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", range(5))
def test_many_days_give_what_fresh_homes_give(tmp_path: Path, seed: int) -> None:
    _check(tmp_path, seed=100 + seed, turns=[QUARTER_END, MONTH_END], ordinary_days=8)


def _check(folder: Path, seed: int, turns: list[date], ordinary_days: int) -> None:
    """Random days and the turns of a month or a quarter, each with news; between them the days
    after, on which nothing has come."""
    chance = Random(seed)
    ordinary = {AS_OF - timedelta(days=chance.randrange(100)) for _ in range(ordinary_days)}
    news = sorted({QUARTER_END - ONE_DAY, *turns, AS_OF} | ordinary)
    quiet = {turn + ONE_DAY for turn in turns} - set(news)
    arrivals = dict(zip(news, scattered(random_world(seed), chance, len(news)), strict=True))
    home = DataHome.at(folder / "home").create()
    first, *others = sorted({*news, *quiet})
    drop(home.landing, arrivals[first])
    compute(home, as_of=first)  # on its first day the home is a fresh one itself
    for day in others:
        _one_more_day(home, folder / "fresh", day, arrivals.get(day, []))
    # And back: what was observed since is not known yet.
    last = turns[-1] - ONE_DAY
    _one_more_day(home, folder / "fresh", last, [])
    # Where a row came in two files, the first one is its source: a fresh home may take the other.
    grown = _tables(home, (*VALUES, "entity_sources"))
    assert publish(home, as_of=last, full_refresh=True).outcome == "published"
    _assert_same(grown, _tables(home, grown))


def _one_more_day(home: DataHome, beside: Path, day: date, arrivals: list[Export]) -> None:
    drop(home.landing, arrivals)
    compute(home, as_of=day)
    fresh = DataHome.at(beside)
    shutil.copytree(home.landing, fresh.landing)
    compute(fresh, as_of=day)
    grown = _tables(home, VALUES)
    assert all(frame.height > 0 for frame in grown.values())
    _assert_same(grown, _tables(fresh, VALUES))
    shutil.rmtree(beside)


def _tables(home: DataHome, names: Iterable[str]) -> dict[str, pl.DataFrame]:
    """Tables of the snapshot being served, in an order of their rows that their content gives."""
    frames = {name: table(home, name) for name in names}
    return {name: frame.sort(frame.columns) for name, frame in frames.items()}


def _assert_same(left: dict[str, pl.DataFrame], right: dict[str, pl.DataFrame]) -> None:
    for name, frame in left.items():
        assert_frame_equal(frame, right[name], check_exact=True)
