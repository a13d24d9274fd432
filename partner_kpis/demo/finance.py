"""Exchange rates in the layout the European Central Bank publishes them in.

Belongs here: finance/ecb_rate. The rates are SIMULATED: a random walk from plausible levels. Only
the layout is the bank's; no number here was ever a reference rate.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from partner_kpis.demo.draw import stream
from partner_kpis.demo.world import World
from partner_kpis.demo.writing import Exporter

COLUMNS = (
    "USD", "JPY", "BGN", "CYP", "CZK", "DKK", "EEK", "GBP", "HUF", "LTL", "LVL", "MTL", "PLN",
    "ROL", "RON", "SEK", "SIT", "SKK", "CHF", "ISK", "NOK", "HRK", "RUB", "TRL", "TRY", "AUD",
    "BRL", "CAD", "CNY", "HKD", "IDR", "ILS", "INR", "KRW", "MXN", "MYR", "NZD", "PHP", "SGD",
    "THB", "ZAR",
)  # fmt: skip
LEVELS = {
    "USD": 1.12, "JPY": 168.0, "BGN": 1.9558, "CZK": 24.8, "DKK": 7.46, "GBP": 0.855, "HUF": 385.0,
    "PLN": 4.27, "RON": 5.02, "SEK": 11.1, "CHF": 0.945, "ISK": 144.0, "NOK": 11.6, "TRY": 44.0,
    "AUD": 1.71, "BRL": 6.1, "CAD": 1.56, "CNY": 7.9, "HKD": 8.7, "IDR": 18400.0, "ILS": 3.8,
    "INR": 97.0, "KRW": 1560.0, "MXN": 21.2, "MYR": 4.8, "NZD": 1.9, "PHP": 64.0, "SGD": 1.47,
    "THB": 37.2, "ZAR": 20.1,
}  # fmt: skip
PEGGED = ("BGN", "DKK")
LAST_LEVS = date(2025, 12, 31)


def write_rates(world: World, out: Exporter) -> None:
    """One file, newest day first, from six weeks before the demo's history to as_of."""
    rng = stream(world.seed, "rates")
    first = world.calendar.history_start - timedelta(days=42)
    span = (world.calendar.as_of - first).days + 1
    days = [d for d in (first + timedelta(days=n) for n in range(span)) if is_target_day(d)]
    lines = []
    moves = np.exp(np.cumsum(rng.normal(0, 0.0032, (len(days), len(COLUMNS))), axis=0))
    for day, move in zip(days, moves.tolist(), strict=True):
        rates = [_rate(code, day, factor) for code, factor in zip(COLUMNS, move, strict=True)]
        lines.append(f"{day.isoformat()},{','.join(rates)},")
    header = f"Date,{','.join(COLUMNS)},"
    content = "\n".join([header, *reversed(lines)]) + "\n"
    out.text("finance", "ecb_rate", "eurofxref-hist.csv", content, len(lines))


def _rate(code: str, day: date, factor: float) -> str:
    """N/A for currencies that joined the euro or are no longer quoted."""
    if code not in LEVELS or (code == "BGN" and day > LAST_LEVS):
        return "N/A"
    rate = LEVELS[code] * (1 if code in PEGGED else factor)
    return f"{rate:.4f}" if rate < 100 else f"{rate:.2f}"


def is_target_day(day: date) -> bool:
    """Whether the euro's payment system works: no weekend and none of its six holidays."""
    easter = _easter(day.year)
    holidays = {
        date(day.year, 1, 1),
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        date(day.year, 5, 1),
        date(day.year, 12, 25),
        date(day.year, 12, 26),
    }
    return day.weekday() < 5 and day not in holidays


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of Meeus)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)
