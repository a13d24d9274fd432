"""One partner in one period, for one edition and language: what a page may look at.

Belongs here: which KPIs an edition has, their rows and histories, and how their numbers read.
Does not belong here: blocks of a page, or rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

from partner_kpis import formats
from partner_kpis.reasons import reason_text
from partner_kpis.reports.document import Edition, Mark, Spark
from partner_kpis.reports.qbr.figures import Maker, Part, said
from partner_kpis.reports.qbr.outline import Outline, outline
from partner_kpis.reports.qbr.privacy import Screen, forbidden_words
from partner_kpis.reports.qbr.rules import Signal, signal
from partner_kpis.reports.qbr.source import QbrSource, Row
from partner_kpis.serving import (
    KpiDefinition,
    PeriodType,
    from_rhythm_up,
    period_end,
    previous_start,
    unmet,
)
from partner_kpis.serving.compare import MIN_GROUP
from partner_kpis.text import t, word
from partner_kpis.wording import Wording

PERIODS: Final = 8
_SHORT_HISTORY: Final = 4
"""With fewer quarters a KPI's history is told in months."""


class View:
    """What a builder of pages sees; it holds no rows of other partners."""

    def __init__(self, source: QbrSource, partner_id: str, period_type: PeriodType, start: date,
                 edition: Edition, lang: str) -> None:  # fmt: skip
        self.source = source
        self.partner: Row = source.partner(partner_id)
        self.partner_id = partner_id
        self.period_type = period_type
        self.start = start
        self.end = period_end(period_type, start)
        self.edition = edition
        self.lang = lang
        self.make = Maker(lang, source.currency)
        self._values = source.values(partner_id)

    # Words ------------------------------------------------------------------------------------

    def t(self, key: str, **values: object) -> str:
        return t(key, self.lang, **values)

    def said(self, key: str, **values: Part) -> tuple[Part, ...]:
        return said(key, self.lang, **values)

    @property
    def period(self) -> str:
        """The period's name: Q3 2026."""
        return formats.period(self.period_type, self.start, self.lang)

    def period_before(self, start: date, back: int = 1) -> str:
        for _ in range(back):
            start = previous_start(self.period_type, start)
        return formats.period(self.period_type, start, self.lang)

    def words(self, kpi: KpiDefinition, row: Row) -> Wording:
        return Wording.of(kpi, [row], self.lang, self.source.currency)

    def mark(self, status: str | None) -> Mark:
        name = status or "unknown"
        return Mark(name, word("status", name, self.lang))

    # Time -------------------------------------------------------------------------------------

    @property
    def last_day(self) -> date:
        """The last day of the period that has passed."""
        return min(self.end - timedelta(days=1), self.source.as_of)

    @property
    def is_running(self) -> bool:
        return self.source.as_of < self.end - timedelta(days=1)

    # KPIs -------------------------------------------------------------------------------------

    @property
    def outline(self) -> Outline:
        return outline()

    @property
    def is_internal(self) -> bool:
        return self.edition == "internal"

    @cached_property
    def kpis(self) -> list[KpiDefinition]:
        """The KPIs that this edition may show of a partner, in the catalogue's order."""
        return [kpi for kpi in self.source.catalogue.values() if self._is_shown(kpi)]

    def _is_shown(self, kpi: KpiDefinition) -> bool:
        if "partner" not in kpi.dimensions or kpi.kpi_id in self.outline.left_out:
            return False
        if self.period_type not in from_rhythm_up(kpi.rhythm):
            return False
        if self.is_internal:
            return True
        # A share of a very small programme tells what the few others have.
        is_small = kpi.kind in ("share", "top3") and not self._is_a_group(kpi, self.start)
        return not (self.outline.is_internal(kpi) or is_small)

    def _is_a_group(self, kpi: KpiDefinition, start: date) -> bool:
        found = self.source.measured_partners(kpi.kpi_id, self.period_type, start)
        return found >= MIN_GROUP

    def periods_of(self, kpi_id: str, period_type: str | None = None) -> dict[date, Row]:
        return self._values.get((kpi_id, period_type or self.period_type), {})

    def row(self, kpi: KpiDefinition) -> Row | None:
        """The KPI's row of the period; None where the partner has none."""
        return self.periods_of(kpi.kpi_id).get(self.start)

    def valued(self, kpis: Iterable[KpiDefinition]) -> list[tuple[KpiDefinition, Row]]:
        """Those with a value in the period, each with its row."""
        rows = ((kpi, self.row(kpi)) for kpi in kpis)
        return [(kpi, row) for kpi, row in rows if row is not None and row["value"] is not None]

    def programme_row(self, kpi: KpiDefinition, start: date) -> Row | None:
        """The whole programme's row, as far as this edition may compare with it."""
        if not (self.is_internal or self._is_a_group(kpi, start)):
            return None
        return self.source.programme.get((kpi.kpi_id, self.period_type), {}).get(start)

    def signal(self, kpi: KpiDefinition, row: Row) -> Signal | None:
        before = self.periods_of(kpi.kpi_id).get(previous_start(self.period_type, self.start))
        return signal(kpi, row, before, self.source.min_sample)

    def history(self, *kpis: KpiDefinition) -> tuple[PeriodType, list[date]]:
        """The last periods up to this one, oldest first; months where few quarters have a value.

        Of several KPIs that are laid side by side the one with the longest history decides.
        """
        starts = self._last(self.period_type)
        known = max(self._known(kpi, starts) for kpi in kpis)
        has_months = all("month" in from_rhythm_up(kpi.rhythm) for kpi in kpis)
        if self.period_type == "quarter" and known < _SHORT_HISTORY and has_months:
            return "month", self._last("month")
        return self.period_type, starts

    def _known(self, kpi: KpiDefinition, starts: list[date]) -> int:
        there = self.periods_of(kpi.kpi_id)
        return sum(1 for s in starts if s in there and there[s]["value"] is not None)

    def _last(self, period_type: PeriodType) -> list[date]:
        start = self.start
        if period_type != self.period_type:
            start = self.last_day.replace(day=1)
        starts = [start]
        while len(starts) < PERIODS:
            starts.append(previous_start(period_type, starts[-1]))
        return starts[::-1]

    def spark(self, kpi: KpiDefinition) -> Spark:
        period_type, starts = self.history(kpi)
        rows = self.periods_of(kpi.kpi_id, period_type)
        return Spark(tuple(rows[s]["value"] if s in rows else None for s in starts))

    def why_not(self, kpi: KpiDefinition) -> str:
        """Why the KPI has no value in the period, and which export to drop where."""
        row = self.row(kpi)
        code = row["reason"] if row else None
        if code is None:
            code = "source_missing" if unmet(kpi.needs, self.source.landed) else "no_observations"
        return reason_text(kpi, code, self.source.landed, self.source.stale, self.lang)

    # Rows of other tables -----------------------------------------------------------------------

    def rows(self, table: str) -> list[Row]:
        return self.source.rows(table, self.partner_id)

    def at(self, **key: Any) -> dict[str, Any]:
        """A key that begins with the partner."""
        return {"partner_id": self.partner_id, **key}

    @cached_property
    def screen(self) -> Screen:
        """Finds words that the partner edition must not show; nothing for the internal one."""
        hidden = [] if self.is_internal else forbidden_words(self.source, self.partner_id)
        return Screen(hidden)
