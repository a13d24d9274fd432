"""Quarters and months as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from partner_kpis.errors import UserError
from partner_kpis.reports.quarter import Quarter, parse_month


def test_a_quarter_knows_its_days_and_its_neighbours() -> None:
    quarter = Quarter.parse("2026Q1")
    assert (quarter.start, quarter.last_day) == (date(2026, 1, 1), date(2026, 3, 31))
    assert quarter.end == date(2026, 4, 1)
    assert (str(quarter.previous), str(quarter.next)) == ("2025Q4", "2026Q2")
    assert quarter.label("de") == "Q1 2026"
    assert Quarter.of(date(2026, 3, 31)) == quarter < Quarter.of(quarter.end)
    assert Quarter.parse(" 2026-q1 ") == quarter


@pytest.mark.parametrize("text", ["2026Q5", "Q3 2026", "2026", "0000Q1", "", "2026Q33"])
def test_what_is_no_quarter_is_a_sentence(text: str) -> None:
    with pytest.raises(UserError, match="Write it as 2026Q3"):
        Quarter.parse(text)


def test_a_month_is_its_first_day() -> None:
    assert parse_month("2026-09") == date(2026, 9, 1)
    for text in ("2026-13", "2026-9", "September 2026", "0000-01"):
        with pytest.raises(UserError, match="Write it as 2026-09"):
            parse_month(text)
