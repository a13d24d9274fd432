"""What is unusual of a series against its own past.

Belongs here: what was to be expected of each period, from what was before it alone. Does not belong
here: whether it is bad enough to tell (kpi_readings.py).

Expected is the season of the period, from a robust decomposition (STL, Cleveland et al. 1990), plus
the median of the last values without their season, plus the median of what this missed before (a
steady rise is no surprise). The level does not come from STL: its trend bends after the last value.
Unusual is what lies further off than `deviations` robust standard deviations (1.4826 × MAD) of
earlier misses, and further than `min_effect` of what was expected.

A decomposition costs milliseconds, so it is not made anew for each period but each time the past
has grown by a quarter: some fifteen of them for two years of days. They lie at the same lengths
whoever asks, so a replay finds what was found on the day itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from partner_kpis.alerts.rules import Anomaly

_MEMBER: Final = ["dimension", "member"]
_TO_DEVIATION: Final = 1.4826  # of a normal distribution, MAD times this is the standard deviation
_GROWTH: Final = 1.25
_NOTHING: Final = 1e-6  # of the largest value: what computing leaves of zero
_FEWEST: Final = 3  # values that make a level
_FEWEST_CYCLES: Final = 2

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Season:
    """Periods of a season, how many make one credible, how many of the last are looked at, and how
    many of the last make a level."""

    length: int
    needed: int
    most: int
    level: int


_SEASONS: Final = {
    "day": _Season(7, 28, 26 * 7, 14),
    "week": _Season(52, 104, 4 * 52, 8),
    "month": _Season(12, 36, 8 * 12, 6),
    "quarter": _Season(4, 12, 8 * 4, 4),
    "year": _Season(1, 10_000, 1, 3),  # none
}


def with_expected(
    rows: pl.DataFrame, anomaly: Anomaly, period_type: str, *, recent: int | None = None
) -> pl.DataFrame:
    """The rows with what was expected of them and whether they are unusual.

    rows: dimension, member, period_start, value; one for every period of a member from its first.
    recent: judge only so many of the newest periods of each member (a decomposition or two instead
    of all). Adds expected DOUBLE and is_unusual BOOLEAN, both null where nothing can be said: no
    value, or fewer than `min_history` values before it.
    """
    rows = rows.sort(*_MEMBER, "period_start")
    parts = [
        part.with_columns(**_judged(part["value"], anomaly, _SEASONS[period_type], recent))
        for part in rows.partition_by(_MEMBER, maintain_order=True)
    ]
    if parts:
        return pl.concat(parts)
    return rows.with_columns(
        expected=pl.lit(None, dtype=pl.Float64), is_unusual=pl.lit(None, dtype=pl.Boolean)
    )


def _judged(
    values: pl.Series, anomaly: Anomaly, season: _Season, recent: int | None
) -> dict[str, Any]:
    series = values.cast(pl.Float64).fill_nan(None).to_numpy()
    known = np.flatnonzero(np.isfinite(series))
    expected = np.full(len(series), np.nan)
    limit = np.full(len(series), np.nan)
    first = len(series) - recent if recent is not None else 0
    for start, stop in pairwise(_fitted_at(len(known), anomaly.min_history, season)):
        if known[stop - 1] >= first:
            _look_ahead(series, known, start, stop, anomaly, season, expected, limit)
    expected[: max(first, 0)] = np.nan
    off = np.abs(series - expected)
    with np.errstate(invalid="ignore"):
        unusual = (off > limit) & (off > anomaly.min_effect * np.abs(expected))
    said = pl.Series("expected", expected, nan_to_null=True)
    is_unusual = pl.Series("is_unusual", unusual)
    return {
        "expected": said,
        "is_unusual": pl.select(pl.when(said.is_not_null()).then(is_unusual)).to_series(),
    }


def _fitted_at(count: int, begin: int, season: _Season) -> list[int]:
    """Numbers of known values at which the season is looked at anew, and their end."""
    marks = []
    at = float(begin)
    while at < count:
        marks.append(int(at))
        at = max(at * _GROWTH, at + 1)
    if begin < season.needed < count and season.needed not in marks:
        marks.append(season.needed)  # as soon as there is one
    return [*sorted(marks), count] if marks else []


def _look_ahead(
    series: Floats, known: NDArray[np.intp], start: int, stop: int, anomaly: Anomaly,
    season: _Season, expected: Floats, limit: Floats,
) -> None:  # fmt: skip
    """Fill in the known periods from `start` to before `stop` (numbers of known values).

    The season is that of the values before `start`; level and misses are those before each period.
    """
    until = known[start]
    seasonal, doubt = _seasonal(series[:until], season, len(series))
    plain = (series - seasonal)[known[:stop]]
    levels = _levels(plain, season.level)
    misses = plain - levels
    for place in range(start, stop):
        before = misses[_FEWEST:place]
        drift = np.median(before)
        sizes = np.abs(before - drift)
        mad = np.median(sizes)
        at = known[place]
        expected[at] = levels[place] + drift + seasonal[at]
        # Where most values are the same there is no deviation: only the unseen is unusual.
        is_flat = mad <= _NOTHING * np.abs(plain[:place]).max()
        size = sizes.max() if is_flat else anomaly.deviations * _TO_DEVIATION * mad
        limit[at] = size * doubt


def _levels(plain: Floats, size: int) -> Floats:
    """The median of the last `size` values before each; nan where there are fewer than three."""
    padded = np.concatenate([np.full(size, np.nan), plain[:-1]])
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)[: len(plain)]
    levels = np.full(len(plain), np.nan)
    levels[_FEWEST:] = np.nanmedian(windows[_FEWEST:], axis=1)
    return levels


def _seasonal(past: Floats, season: _Season, length: int) -> tuple[Floats, float]:
    """The season over `length` periods from the first `past` ones, and by how much the misses of
    the past look too small: a mean of m seasons is nearer to them than to the next one.

    Zeros where the past is too short. Missing periods are interpolated for this alone.
    """
    until = len(past)
    past = past[-season.most :]
    there = np.flatnonzero(np.isfinite(past))
    cycles = len(past) // season.length
    if len(there) < season.needed or cycles < _FEWEST_CYCLES:
        return np.zeros(length), 1.0
    from statsmodels.tsa.seasonal import STL

    filled = np.interp(np.arange(len(past)), there, past[there])
    # A smoother over ten times all cycles makes each phase of the season the same in every cycle.
    # The jumps spare most of the work where its curves are smooth anyway.
    fit = STL(
        filled, period=season.length, seasonal=10 * cycles + 1, seasonal_deg=0, robust=True,
        seasonal_jump=cycles, trend_jump=max(season.length // 3, 1),
        low_pass_jump=max(season.length // 5, 1),
    ).fit(inner_iter=2, outer_iter=5)  # fmt: skip
    last = np.asarray(fit.seasonal)[-season.length :]
    phases = np.roll(last, until % season.length)
    repeats = length // season.length + 1
    doubt = float(np.sqrt((cycles + 1) / (cycles - 1)))
    return np.tile(phases, repeats)[:length], doubt
