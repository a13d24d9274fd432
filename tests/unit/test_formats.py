"""Numbers, money, dates and periods as look.md writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from babel.numbers import format_decimal

from partner_kpis import formats

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (formats.number(1234.5, "en", 1), "1,234.5"),
        (formats.number(1234.5, "de", 1), "1.234,5"),
        (formats.number(Decimal("2.5"), "en"), "3"),  # half-up, as people round
        (formats.number(-0.04, "en", 1), "0.0"),  # no minus before a zero
        (formats.number(3.2, "de", 1, signed=True), "+3,2"),
        (formats.number(-3.2, "en", 1, signed=True), "−3.2"),
        (formats.percent(0.12345, "en"), "12.3%"),
        (formats.percent(12.345, "de"), f"1.234,5{NBSP}%"),
        (formats.money(1_234_567, "EUR", "en"), "€1.2M"),
        (formats.money(1_234_567, "EUR", "de"), f"1,2{NBSP}Mio.{NBSP}€"),
        (formats.money(12_345, "EUR", "de"), f"12,3{NBSP}k€"),
        (formats.money(999_950, "EUR", "en"), "€1.0M"),
        (formats.money(-950, "EUR", "en"), "−€950"),
        (formats.money(12_345, "CHF", "en"), f"CHF{NBSP}12.3k"),
        (formats.money_exact(1234.5, "EUR", "de"), f"1.234,50{NBSP}€"),
        (formats.day(date(2026, 3, 12), "en"), "12 Mar 2026"),
        (formats.day(date(2026, 3, 12), "de"), "12.03.2026"),
        (formats.moment(datetime(2026, 3, 12, 3, 10), "en"), "12 Mar 2026, 03:10 UTC"),
        (formats.kpi_value(None, "percent", "en"), "–"),
    ],
)
def test_as_people_of_the_language_write_it(shown: str, expected: str) -> None:
    assert shown == expected


@pytest.mark.parametrize("lang", ["en", "de"])
@pytest.mark.parametrize("places", [0, 1, 4])
def test_numbers_are_grouped_as_the_locale_data_say(lang: str, places: int) -> None:
    pattern = "#,##0" + ("." + "0" * places if places else "")
    for value in (0, 7, 999, 1000, 12_345.678_9, 1_234_567, Decimal("98765432109876.54321")):
        exact = Decimal(formats.plain(value, places))
        expected = format_decimal(exact, format=pattern, locale=lang)
        assert formats.number(value, lang, places) == expected


def test_periods_have_names() -> None:
    new_year = date(2025, 12, 29)  # the Monday of week 1 of 2026
    assert formats.period("week", new_year, "en") == "week 1 of 2026"
    assert formats.period("week", new_year, "de") == f"KW{NBSP}1/2026"
    assert formats.period("month", date(2026, 8, 1), "de") == "August 2026"
    assert formats.period_in_sentence("month", date(2026, 3, 1), "de") == "März"
    assert formats.period("quarter", date(2026, 7, 1), "en") == "Q3 2026"
    assert formats.period("year", date(2026, 1, 1), "en") == "2026"


def test_never_more_digits_than_the_sample_bears() -> None:
    assert formats.decimals_for("percent", [0.43], 23, "entities") == 0
    assert formats.decimals_for("percent", [0.43], 230, "entities") == 1
    assert formats.decimals_for("percent", [0.9994], 5, "none") == 2
    assert formats.decimals_for("days", [8.4], 9, "entities") == 1
