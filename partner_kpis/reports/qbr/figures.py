"""Numbers of a document: each with its text, its kind and the place it was taken from.

Belongs here: making a Figure, and filling a sentence with figures.
Does not belong here: deciding what is said (rules, pages), or how a number reads (formats).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from string import Formatter
from typing import Final, TypeAlias

from partner_kpis import formats
from partner_kpis.reports.document import Figure, FigureKind, Origin
from partner_kpis.text import catalogue
from partner_kpis.wording import Row, Wording

Part: TypeAlias = str | Figure
Amount: TypeAlias = Decimal | float | int

_SET_BY_PEOPLE: Final = frozenset({"target", "corridor_low", "corridor_high"})
_MOST_DECIMALS: Final = 2


def origin(table: str, column: str, **key: object) -> Origin:
    """The place `column` of the row of `table` with this key."""
    return Origin(table, tuple((name, str(value)) for name, value in key.items()), column)


def value_key(row: Row) -> dict[str, object]:
    """The key of a row of kpi_values and kpi_scorecard."""
    names = ("kpi_id", "dimension", "member", "period_type", "period_start")
    return {name: row[name] for name in names}


@dataclass(frozen=True)
class Maker:
    """Makes figures in one language and one reporting currency."""

    lang: str
    currency: str

    def count(self, value: int | None, where: Origin | None) -> Figure:
        text = formats.NO_VALUE if value is None else formats.number(value, self.lang)
        return Figure(value, text, origin=where)

    def number(self, value: Amount | None, decimals: int, where: Origin | None,
               *, signed: bool = False) -> Figure:  # fmt: skip
        text = formats.NO_VALUE
        if value is not None:
            text = formats.number(value, self.lang, decimals, signed=signed)
        return Figure(value, text, decimals=decimals, origin=where)

    def share(self, value: Amount | None, where: Origin | None, decimals: int = 0) -> Figure:
        text = formats.NO_VALUE
        if value is not None:
            text = formats.percent(value, self.lang, decimals)
        return Figure(value, text, "percent", decimals, origin=where)

    def money(self, value: Amount | None, where: Origin | None, *, currency: str | None = None,
              scaled: bool = False, signed: bool = False) -> Figure:  # fmt: skip
        """To the whole unit, or `scaled` (€1.2M) for sentences; in the reporting currency."""
        unit = currency or self.currency
        text = formats.NO_VALUE
        if value is not None and (scaled or signed):
            text = formats.money(value, unit, self.lang, signed=signed)
        elif value is not None:
            text = formats.money_whole(value, unit, self.lang)
        return Figure(value, text, "money", currency=unit, origin=where)

    def day(self, value: date | None, where: Origin | None) -> Figure:
        return Figure(value, formats.day(value, self.lang), "date", origin=where)

    def kpi(self, words: Wording, row: Row, column: str = "value", *, bare: bool = False) -> Figure:
        """A column of a KPI's row: value, previous_value, target and so on.

        With its unit, or `bare` where the unit stands elsewhere; % and currencies always show.
        """
        value = row[column]
        if column in _SET_BY_PEOPLE:
            words = _exact(words, value)
        table = "kpi_values" if column == "value" else "kpi_scorecard"
        text = words.value(value) if bare else words.with_unit(value)
        return self._kpi(words, value, text, origin(table, column, **value_key(row)))

    def difference(self, words: Wording, row: Row, column: str) -> Figure:
        """How far the value is from another column of its row, without a sign, in words."""
        gap = abs(row["value"] - row[column])
        where = origin("kpi_scorecard", f"value - {column}", **value_key(row))
        return self._kpi(words, gap, words.difference(gap, signed=False), where)

    def measure(self, words: Wording, row: Row, measure: str, unit: str | None) -> Figure:
        """The value, numerator or denominator of a KPI's row, in `unit` where one is given."""
        where = origin("kpi_values", measure, **value_key(row))
        value = row[measure]
        if measure == "value" and unit is None:
            return self._kpi(words, value, words.value(value), where)
        if unit == "money" or (unit is None and words.kpi.unit == "money"):
            return self.money(value, where, scaled=True)
        return self.number(value, 0, where)

    def _kpi(self, words: Wording, value: Amount | None, text: str, where: Origin) -> Figure:
        kinds: dict[str, FigureKind] = {"percent": "percent", "money": "money"}
        kind = kinds.get(words.kpi.unit, "number")
        money = kind == "money"
        decimals = 0 if money else words.decimals
        return Figure(value, text, kind, decimals, self.currency if money else None, where)


def _exact(words: Wording, value: Amount | None) -> Wording:
    """With as many decimals as a target needs: rounded like a small sample it would be another."""
    if value is None or words.kpi.unit == "money":
        return words
    printed = float(value) * (100 if words.kpi.unit == "percent" else 1)
    decimals = words.decimals
    while decimals < _MOST_DECIMALS and abs(round(printed, decimals) - printed) > 1e-9:
        decimals += 1
    return replace(words, decimals=decimals)


def said(key: str, lang: str, **values: Part) -> tuple[Part, ...]:
    """The text of `key` with its placeholders filled, figures kept as figures.

    Raises KeyError for an unknown key and for a placeholder without a value.
    """
    parts: list[Part] = []
    for literal, field, _, _ in Formatter().parse(catalogue()[key][lang]):
        parts.append(literal)
        if field is not None:
            parts.append(values[field])
    return joined(parts)


def joined(parts: list[Part]) -> tuple[Part, ...]:
    """The parts with neighbouring texts put together and empty ones left out."""
    kept: list[Part] = []
    for part in parts:
        if isinstance(part, str) and kept and isinstance(kept[-1], str):
            kept[-1] += part
        elif part != "":
            kept.append(part)
    return tuple(kept)


def listed(phrases: list[tuple[Part, ...]], separator: str) -> tuple[Part, ...]:
    """Phrases one after the other with a separator between them."""
    parts: list[Part] = []
    for number, phrase in enumerate(phrases):
        parts += [separator] if number else []
        parts += phrase
    return joined(parts)


def plain(parts: tuple[Part, ...]) -> str:
    return "".join(part.text if isinstance(part, Figure) else part for part in parts)
