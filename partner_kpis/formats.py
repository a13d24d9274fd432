"""Numbers, money, dates and periods as people read them, in English and German.

Belongs here: turning one value into one string (conventions: look.md, "Numbers").
Does not belong here: sentences (text/), colours (theme.py), or deciding what to show.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final, TypeAlias

from babel.dates import format_date
from babel.numbers import get_currency_symbol

Number: TypeAlias = int | float | Decimal

MINUS: Final = "−"
NO_VALUE: Final = "–"
_NARROW: Final = "\u00a0"  # a number and its unit stay on one line
_EXACT_FROM_SAMPLE: Final = 100
_GERMAN: Final = str.maketrans(",.", ".,")
_LEADING_SYMBOLS: Final = {"$", "£", "€"}


def number(value: Number, lang: str, decimals: int = 0, *, signed: bool = False) -> str:
    """1,234.5 in English, 1.234,5 in German; `signed` prints + before gains."""
    # Half-up, as people round. Not by the library of the dates: a page writes a thousand numbers,
    # and it reads locale and pattern anew for each of them.
    text = f"{_rounded(value if value >= 0 else -value, decimals):,f}"
    if lang == "de":
        text = text.translate(_GERMAN)
    is_zero = not any(c in "123456789" for c in text)
    if is_zero:
        return text
    return (MINUS if value < 0 else "+" if signed else "") + text


def plain(value: Number, decimals: int) -> str:
    """The number for machines, rounded half-up like everything people see: -1234.50."""
    return str(_rounded(value, decimals))


def _rounded(value: Number, decimals: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def percent(share: Number, lang: str, decimals: int = 1) -> str:
    """A fraction as percent: 0.1234 is 12.3% in English and 12,3 % in German."""
    text = number(Decimal(str(share)) * 100, lang, decimals)
    return f"{text}{_NARROW}%" if lang == "de" else f"{text}%"


def money(value: Number, currency: str, lang: str, *, signed: bool = False) -> str:
    """Money at the scale that fits: €1.2M, €12.3k; 1,2 Mio. €, 12,3 k€."""
    size = value if value >= 0 else -value
    if size >= 999_950:
        scaled, decimals, mark = float(value) / 1e6, 1, "M" if lang == "en" else "Mio."
    elif size >= 9_999.5:
        scaled, decimals, mark = float(value) / 1e3, 1, "k"
    else:
        scaled, decimals, mark = float(value), 0, ""
    return _with_currency(scaled, decimals, mark, currency, lang, signed)


def money_exact(value: Number, currency: str, lang: str) -> str:
    """Money to the cent, for hovers and tables: €1,234.50; 1.234,50 €."""
    return _with_currency(value, 2, "", currency, lang, False)


def money_whole(value: Number, currency: str, lang: str) -> str:
    """Money to the whole unit, for columns of amounts: €1,235; 1.235 €."""
    return _with_currency(value, 0, "", currency, lang, False)


def _with_currency(
    value: Number, decimals: int, mark: str, currency: str, lang: str, signed: bool
) -> str:
    text = number(value, lang, decimals, signed=signed)
    symbol = get_currency_symbol(currency, locale=lang)
    if lang == "de":
        unit = f"k{symbol}" if mark == "k" and len(symbol) == 1 else f"{mark} {symbol}".strip()
        return f"{text}{_NARROW}{unit.replace(' ', _NARROW)}"
    sign, digits = (text[0], text[1:]) if text[:1] in (MINUS, "+") else ("", text)
    gap = "" if symbol in _LEADING_SYMBOLS else _NARROW
    return f"{sign}{symbol}{gap}{digits}{mark}"


def decimals_for(unit: str, values: list[float], sample_size: int | None, sample_basis: str) -> int:
    """How many decimals the sample bears; the same for all values of one column.

    A percentage of fewer than 100 things has none; one that is measured and not counted
    (sample_basis none, such as uptime) has two where it comes close to 100 %, else one.
    """
    if unit == "percent":
        if sample_basis == "none":
            return 2 if values and max(values) > 0.98 else 1
        return 1 if (sample_size or 0) >= _EXACT_FROM_SAMPLE else 0
    if unit in ("count", "money", "points"):
        return 0
    return 1


def kpi_value(
    value: Number | None, unit: str, lang: str, *, decimals: int = 1, currency: str = "EUR"
) -> str:
    """A KPI's value without the word for its unit; percent and money carry their signs."""
    if value is None:
        return NO_VALUE
    if unit == "percent":
        return percent(value, lang, decimals)
    if unit == "money":
        return money(value, currency, lang)
    return number(value, lang, decimals)


def day(value: date | datetime | None, lang: str) -> str:
    """12 Mar 2026 in English, 12.03.2026 in German."""
    if value is None:
        return NO_VALUE
    return _dated(value, "dd.MM.y" if lang == "de" else "d MMM y", lang)


def moment(value: datetime | None, lang: str) -> str:
    """A UTC time to the minute, saying so: 12 Mar 2026, 03:10 UTC."""
    if value is None:
        return NO_VALUE
    return f"{day(value.date(), lang)}, {value:%H:%M} UTC"


@lru_cache(maxsize=4096)
def _dated(value: date, pattern: str, lang: str) -> str:
    """Kept, for a page names the same few periods again and again."""
    return str(format_date(value, pattern, locale=lang))


def period(period_type: str, start: date, lang: str) -> str:
    """The period's full name: August 2026, week 42 of 2026 (KW 42/2026), Q3 2026, 2026."""
    if period_type == "day":
        return day(start, lang)
    if period_type == "week":
        iso_year, week, _ = start.isocalendar()
        return f"KW{_NARROW}{week}/{iso_year}" if lang == "de" else f"week {week} of {iso_year}"
    if period_type == "month":
        return _dated(start, "LLLL y", lang)
    if period_type == "quarter":
        return f"Q{(start.month + 2) // 3} {start.year}"
    return str(start.year)


def period_short(period_type: str, start: date, lang: str) -> str:
    """The name within a sentence or on an axis: Aug 26, wk 42, Q3 26."""
    if period_type == "day":
        return _dated(start, "dd.MM." if lang == "de" else "d MMM", lang)
    if period_type == "week":
        week = start.isocalendar().week
        return f"KW{_NARROW}{week}" if lang == "de" else f"wk{_NARROW}{week}"
    if period_type == "month":
        return _dated(start, "LLL yy", lang).replace(".", "")
    if period_type == "quarter":
        return f"Q{(start.month + 2) // 3} {start.year % 100:02d}"
    return str(start.year)


def period_in_sentence(period_type: str, start: date, lang: str) -> str:
    """As `period`, with the month's name alone ("August") where the year is plain."""
    if period_type == "month":
        return _dated(start, "LLLL", lang)
    return period(period_type, start, lang)
