"""The periods that documents report on: quarters of QBRs and statements, months of ops packs.

Belongs here: reading a period as people write it, its days and its name.
Does not belong here: values of a period, or how other periods are named (formats.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from partner_kpis import formats
from partner_kpis.errors import UserError
from partner_kpis.serving import period_end, period_start, previous_start

_WRITTEN: Final = re.compile(r"(\d{4})-?[Qq]([1-4])")
_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a calendar year; printed as 2026Q3, as documents and exports write it."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """2026Q3 (or 2026-Q3); raises UserError for anything else."""
        written = _WRITTEN.fullmatch(text.strip())
        if written is None or written[1] == "0000":
            raise UserError(f"{text!r} is no quarter. Write it as 2026Q3.")
        return cls(int(written[1]), int(written[2]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter that holds `day`."""
        return cls(day.year, (day.month + 2) // 3)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def start(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """The first day after the quarter."""
        return period_end("quarter", self.start)

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def previous(self) -> Quarter:
        return Quarter.of(previous_start("quarter", self.start))

    @property
    def next(self) -> Quarter:
        return Quarter.of(self.end)

    def label(self, lang: str) -> str:
        """Q3 2026."""
        return formats.period("quarter", self.start, lang)


def parse_month(text: str) -> date:
    """The first day of a month written 2026-09; raises UserError for anything else."""
    written = _MONTH.fullmatch(text.strip())
    if written is None or written[1] == "0000":
        raise UserError(f"{text!r} is no month. Write it as 2026-09.")
    return period_start("month", date(int(written[1]), int(written[2]), 1))
