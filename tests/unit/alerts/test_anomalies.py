"""What counts as unusual: planted spikes are, seasons and random walks hardly ever are.

Belongs here: the statistics, on series whose truth is known. Does not belong here: whether an
unusual value is bad enough to tell (the floor of a rule).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from partner_kpis.alerts.anomalies import _fitted_at, _Season, with_expected
from partner_kpis.alerts.rules import Anomaly

Series = NDArray[np.float64]
DAYS, WEEKS, MONTHS, QUARTERS = (
    ("day", 420, 7),
    ("week", 170, 52),
    ("month", 72, 12),
    ("quarter", 40, 4),
)
KINDS = [DAYS, WEEKS, MONTHS, QUARTERS]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind[0])


def rows(*series: Sequence[float | None] | Series) -> pl.DataFrame:
    """Each series as a member of its own, out of order."""
    start = date(2020, 1, 1)
    frames = [
        pl.DataFrame(
            {
                "dimension": "partner",
                "member": f"P{number:03d}",
                "period_start": [start + timedelta(days=i) for i in range(len(values))],
                "value": [None if v is None or np.isnan(v) else float(v) for v in values],
            },
            schema_overrides={"value": pl.Float64},
        )
        for number, values in enumerate(series)
    ]
    return pl.concat(frames[::-1])


def judged(
    series: Sequence[float | None] | Series, kind: str = "day", *, recent: int | None = None,
    anomaly: Anomaly | None = None,
) -> pl.DataFrame:  # fmt: skip
    return with_expected(rows(series), anomaly or Anomaly(), kind, recent=recent)


def seasonal(rng: np.random.Generator, count: int, length: int, noise: float) -> Series:
    phase = rng.uniform(0, 2 * np.pi)
    wave = 20 * np.sin(2 * np.pi * np.arange(count) / length + phase)
    return np.asarray(100 + wave + rng.normal(0, 1, count) * noise)


def rate(frame: pl.DataFrame) -> float:
    """Unusual periods among the judged ones."""
    return float(frame["is_unusual"].mean())  # type: ignore[arg-type]


@every_kind
def test_a_spike_within_a_season_is_found_on_its_day(kind: tuple[str, int, int]) -> None:
    """Eight deviations of the noise, towards the middle: a fixed bound would miss it."""
    name, count, length = kind
    rng = np.random.default_rng(11)
    found = 0
    for _ in range(20):
        series = seasonal(rng, count, length, noise=5)
        series[-1] += 40 if series[-1] < 100 else -40  # towards the middle of the season
        last = judged(series, name, recent=1).sort("period_start").row(-1, named=True)
        found += last["is_unusual"]
    assert found >= 18


@every_kind
def test_a_season_without_noise_is_never_unusual(kind: tuple[str, int, int]) -> None:
    name, count, length = kind
    rng = np.random.default_rng(12)
    for _ in range(5):
        assert rate(judged(seasonal(rng, count, length, noise=0), name)) == 0


@pytest.mark.parametrize(
    ("kind", "most"), [(DAYS, 0.01), (WEEKS, 0.02), (MONTHS, 0.03), (QUARTERS, 0.04)],
    ids=lambda value: value[0] if isinstance(value, tuple) else str(value),
)  # fmt: skip
@pytest.mark.parametrize("shape", ["season", "walk", "noise", "trend"])
def test_what_is_only_random_is_seldom_unusual(
    kind: tuple[str, int, int], most: float, shape: str
) -> None:
    """Measured over 60 seeds each: at most 0.5 % of days, 1.3 % of weeks, 1.4 % of months and 1.7 %
    of quarters; random walks the most."""
    name, count, length = kind
    rng = np.random.default_rng(13)
    made = {
        "season": lambda: seasonal(rng, count, length, noise=5),
        "walk": lambda: 100 + np.cumsum(rng.normal(0, 3, count)),
        "noise": lambda: 100 + rng.normal(0, 15, count),
        "trend": lambda: 100 + 0.5 * np.arange(count) + rng.normal(0, 10, count),
    }[shape]
    frame = with_expected(rows(*(made() for _ in range(12))), Anomaly(), name)
    assert frame["is_unusual"].count() > 12 * 10
    assert rate(frame) <= most


@every_kind
def test_nothing_that_comes_later_changes_what_was_said(kind: tuple[str, int, int]) -> None:
    name, count, length = kind
    rng = np.random.default_rng(14)
    series = seasonal(rng, count, length, noise=5)
    changed = series.copy()
    at = count - 15
    changed[at:] = rng.normal(1000, 300, count - at)
    cut = slice(0, at)
    said = judged(series, name).select("expected", "is_unusual")[cut]
    assert said.equals(judged(changed, name).select("expected", "is_unusual")[cut])
    assert said.equals(judged(series[:at], name).select("expected", "is_unusual"))
    assert said["is_unusual"].count() > 0


def test_a_replay_finds_what_was_found_on_the_day_itself() -> None:
    series = seasonal(np.random.default_rng(15), 300, 7, noise=5)
    series[[150, 222, 298]] += 60
    whole = judged(series).select("expected", "is_unusual")
    for day in (150, 151, 222, 298, 299):
        on_the_day = judged(series[: day + 1], recent=1).select("expected", "is_unusual")
        assert on_the_day[-1].equals(whole[day])
        assert on_the_day["expected"].count() == 1
    assert {i for i in (150, 222, 298) if whole["is_unusual"][i]} == {150, 222, 298}


def test_old_spikes_are_no_season() -> None:
    """Three of forty Mondays were wild; the next Monday is expected like the other ones."""
    rng = np.random.default_rng(20)
    plain = [(100.0, 110, 120, 110, 100, 60, 50)[i % 7] for i in range(280)]
    series = np.array(plain) + rng.normal(0, 1, 280)
    series[[140, 175, 210]] += 400
    expected = judged(series)["expected"]
    assert expected[273] == pytest.approx(100, abs=3)
    assert expected[278] == pytest.approx(60, abs=3)


def test_a_steady_rise_is_expected() -> None:
    rise = [10 + 2.0 * i for i in range(60)]
    frame = judged(rise)
    assert frame["expected"].drop_nulls().to_list() == pytest.approx(rise[24:], rel=0.02)
    assert rate(frame) == 0


def test_a_constant_series_has_no_deviation_and_any_real_change_is_unusual() -> None:
    quiet = [5.0] * 40
    assert rate(judged(quiet)) == 0
    assert rate(judged([0.0] * 40)) == 0
    jumped = judged([*quiet, 5.4, 5.0, 6.0])  # a change of 8 % is too small to matter
    assert jumped["is_unusual"].to_list()[-3:] == [False, False, True]
    assert jumped["expected"].to_list()[-3:] == [5, 5, 5]


def test_where_most_values_are_the_same_only_the_unseen_is_unusual() -> None:
    seldom = [1.0 if i % 9 == 8 else 0.0 for i in range(60)]
    assert rate(judged(seldom)) == 0
    assert judged([*seldom, 2.0])["is_unusual"].to_list()[-1] is True


def test_missing_periods_are_neither_judged_nor_a_reason() -> None:
    series = seasonal(np.random.default_rng(16), 200, 7, noise=5)
    series[60:75] = np.nan
    series[199] = np.nan
    frame = judged(series)
    gone = frame.filter(pl.col("value").is_null())
    assert gone.height == 16
    assert gone["is_unusual"].null_count() == gone["expected"].null_count() == 16
    assert rate(frame) < 0.03
    series[190] += 60
    assert judged(series)["is_unusual"][190]


def test_nothing_is_said_before_there_is_enough_history() -> None:
    anomaly = Anomaly(min_history=30)
    known = np.random.default_rng(17).normal(100, 10, 40)
    sparse: list[float | None] = [value for each in known for value in (float(each), None)]
    frame = judged(sparse, anomaly=anomaly)
    assert frame["is_unusual"].is_not_null().to_list() == [
        i % 2 == 0 and i // 2 >= 30 for i in range(80)
    ]
    assert judged(known[:30], anomaly=anomaly)["is_unusual"].null_count() == 30


def test_a_small_effect_is_not_unusual_however_sure_it_is() -> None:
    series = 100 + np.random.default_rng(18).normal(0, 0.1, 100)
    series[-1] = 104
    assert not judged(series)["is_unusual"][-1]
    assert judged(series, anomaly=Anomaly(min_effect=0.02))["is_unusual"][-1]


def test_members_are_judged_by_themselves_and_an_empty_answer_has_its_columns() -> None:
    rng = np.random.default_rng(19)
    high, low = rng.normal(1000, 10, 60), rng.normal(10, 1, 60)
    both = with_expected(rows(high, low), Anomaly(), "day")
    for number, series in enumerate((high, low)):
        mine = both.filter(member=f"P{number:03d}").select("expected", "is_unusual")
        assert mine.equals(judged(series).select("expected", "is_unusual"))
    empty = with_expected(rows(high).clear(), Anomaly(), "day")
    assert (empty.schema["expected"], empty.schema["is_unusual"]) == (pl.Float64, pl.Boolean)


def test_a_replay_decomposes_a_bounded_number_of_times() -> None:
    marks = _fitted_at(730, 24, _Season(7, 28, 182, 14))
    assert 28 in marks and marks[0] == 24 and marks[-1] == 730
    assert len(marks) <= 18
    assert _fitted_at(24, 24, _Season(7, 28, 182, 14)) == []
