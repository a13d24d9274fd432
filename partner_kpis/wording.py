"""KPI numbers put into words: values, changes, members.

Belongs here: joining formats and texts for one KPI in one language, for pages and documents.
Does not belong here: layout, or why there is no value (reasons).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from partner_kpis import formats
from partner_kpis.serving import KpiDefinition, previous_start
from partner_kpis.text import has, t, word

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Wording:
    """How the numbers of one KPI read: language, currency, decimals that its sample bears."""

    kpi: KpiDefinition
    lang: str
    currency: str
    decimals: int

    @classmethod
    def of(cls, kpi: KpiDefinition, rows: Iterable[Row], lang: str, currency: str) -> Wording:
        """`rows` are periods of the KPI (value, sample_size); the largest sample decides."""
        listed = list(rows)
        found = [row["value"] for row in listed if row["value"] is not None]
        sample = max((row["sample_size"] or 0 for row in listed), default=0)
        decimals = formats.decimals_for(kpi.unit, found, sample, kpi.sample_basis)
        return cls(kpi, lang, currency, decimals)

    def value(self, value: float | None) -> str:
        return formats.kpi_value(
            value, self.kpi.unit, self.lang, decimals=self.decimals, currency=self.currency
        )

    @property
    def unit(self) -> str:
        """The unit's word; empty where the value carries its sign."""
        return word("unit", self.kpi.unit, self.lang)

    @property
    def unit_in_header(self) -> str:
        """The unit of a column or an axis: %, the currency, or the unit's word."""
        signs = {"percent": "%", "money": self.currency}
        return signs.get(self.kpi.unit, self.unit)

    def with_unit(self, value: float | None) -> str:
        return f"{self.value(value)} {self.unit}".strip() if value is not None else formats.NO_VALUE

    def change(self, row: Row) -> str:
        """The change against the previous period in words; empty without a value."""
        if row["value"] is None:
            return ""
        previous = self.previous_period(row)
        if row["previous_value"] is None:
            return t("change.no_previous", self.lang, period=previous)
        moved = self.difference(float(row["value"]) - float(row["previous_value"]), short=True)
        if not any(digit in moved for digit in "123456789"):
            return t("change.none", self.lang, period=previous)
        key = "change.same_days" if self.is_running(row) else "change.on"
        return t(key, self.lang, change=moved, period=previous)

    def is_running(self, row: Row) -> bool:
        """Whether the period is one of a flow that still grows, and so is judged by no one yet."""
        return not row["is_complete"] and not self.kpi.is_balance

    def compared_with(self, row: Row) -> str:
        """What the previous value is of: a period, or the days of it that have passed in this."""
        if row["previous_value"] is None:
            return ""
        before = previous_start(row["period_type"], row["period_start"])
        name = formats.period(row["period_type"], before, self.lang)
        return t("period.same_days", self.lang, period=name) if self.is_running(row) else name

    def sample(self, row: Row, dimension: str) -> str:
        """How many cases a value stands on: "n 12"; of a share the programme's."""
        count = formats.number(row["sample_size"] or 0, self.lang)
        return t(self.sample_key("tile.n", dimension), self.lang, count=count)

    def sample_key(self, key: str, dimension: str) -> str:
        """The text `key`, or the one that says that n counts the whole programme."""
        of_all = self.kpi.kind == "share" and dimension != "programme"
        return f"{key}_programme" if of_all else key

    def previous_period(self, row: Row) -> str:
        before = previous_start(row["period_type"], row["period_start"])
        return formats.period_in_sentence(row["period_type"], before, self.lang)

    def difference(self, change: float, *, signed: bool = True, short: bool = False) -> str:
        """A change in the KPI's own unit: −2.5 days; of a percentage in percentage points, which
        English calls points where it is short."""
        if self.kpi.unit == "percent":
            points = formats.number(change * 100, self.lang, self.decimals, signed=signed)
            key = "change.percentage_points" + (".short" if short else "")
            single = points.strip(f"+{formats.MINUS}") == "1"
            return t(f"{key}.one" if single else key, self.lang, change=points)
        if self.kpi.unit == "money":
            return formats.money(change, self.currency, self.lang, signed=signed)
        text = formats.number(change, self.lang, self.decimals, signed=signed)
        return f"{text} {self.unit}".strip()


def period_name(row: Row, lang: str) -> str:
    return formats.period(row["period_type"], row["period_start"], lang)


def in_period(row: Row, lang: str) -> str:
    """The period as it stands in a sentence: "in August 2026", "on 22 Aug 2026"."""
    key = "period.on" if row["period_type"] == "day" else "period.in"
    return t(key, lang, period=period_name(row, lang))


def member_name(dimension: str, member: str, names: Mapping[str, str], lang: str) -> str:
    """What a member is called: a partner by its name, a tier by its word."""
    if dimension == "programme":
        return t("member.all", lang)
    if dimension == "partner":
        return names.get(member, member)
    # Tiers, types and regions are the user's own words; only the usual ones have a translation.
    key = f"{dimension}.{member}"
    return t(key, lang) if has(key) else member
