"""The tables that `partner-kpis kpi` prints for people, in English or German.

Belongs here: which columns a reader compares, and how evidence is laid out. Does not belong here:
the forms for machines (commands_read.py), how a number is written (partner_kpis/formats.py).
"""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from rich.console import Console

from partner_kpis import formats
from partner_kpis.serving import Entity, KpiDefinition, landing_folder, unmet
from partner_kpis.text import has, t, team, word
from partner_kpis_cli.columns import Justify, lines_of

Row = Mapping[str, Any]
_WIDEST = 100
_PLAIN = ("median", "total", "distinct")  # the numerator is the value


def period_code(kind: str, start: date) -> str:
    """A period as --period takes it: 2026, 2026Q3, 2026-09, 2026-W36 or 2026-09-30."""
    if kind == "year":
        return f"{start.year}"
    if kind == "quarter":
        return f"{start.year}Q{(start.month + 2) // 3}"
    if kind == "month":
        return f"{start:%Y-%m}"
    if kind == "week":
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02d}"
    return f"{start:%Y-%m-%d}"


@dataclass(frozen=True)
class KpiPage:
    """One KPI of one member, as of one day; landed: the exports that are there."""

    kpi: KpiDefinition
    where: tuple[str, str]
    kind: str
    as_of: date
    currency: str
    lang: str
    landed: Collection[Entity]

    def values(self, rows: Sequence[Row]) -> None:
        """Print the periods, oldest first, with their judgement."""
        self._say(f"{self.kpi.label(self.lang)}, {self._member}, {self._t(f'by.{self.kind}')}")
        self._say(self.kpi.description(self.lang))
        direction = t(f"direction.{self.kpi.direction}", self.lang)
        day = formats.day(self.as_of, self.lang)
        owner = team(self.kpi.owner, self.lang)
        self._say(self._t("about", day=day, direction=direction, owner=owner))
        print()
        decimals = self._decimals(rows)
        unit = word("unit", self.kpi.unit, self.lang)
        columns: list[tuple[Justify, str, list[str]]] = [
            ("left", self._t("period"), [self._period(row) for row in rows]),
            ("right", t("column.value", self.lang) + (f" ({unit})" if unit else ""),
             [self._value(row["value"], decimals) for row in rows]),
            ("right", t("column.n", self.lang), [self._number(r["sample_size"]) for r in rows]),
            ("right", self._t("parts"), [self._parts(row) for row in rows]),
            ("right", t("column.target", self.lang),
             [self._value(row["target"], decimals) for row in rows]),
            ("left", t("column.status", self.lang),
             [self._status(row) for row in rows]),
            ("left", t("column.trend", self.lang),
             [self._word("trend", row["trend"]) for row in rows]),
            ("left", t("column.reason", self.lang),
             [self._word("kpi_page.reason", row["reason"]) for row in rows]),
        ]  # fmt: skip
        shown = [c for c in columns if any(cell not in ("", formats.NO_VALUE) for cell in c[2])]
        print("\n".join(lines_of(shown)))
        if not all(row["is_complete"] for row in rows):
            print()
            self._say(self._t("unfinished"))
        if any(row["reason"] == "source_missing" for row in rows):
            print()
            self._missing()

    def evidence(self, start: date, value: Row, rows: Sequence[Row]) -> None:
        """Print every observation with the file rows it stands on."""
        label, code = self.kpi.label(self.lang), period_code(self.kind, start)
        shown = self._value(value["value"], self._decimals([value]))
        unit = word("unit", self.kpi.unit, self.lang)
        told = f"{shown} {unit}".strip()
        self._say(self._t("evidence", kpi=label, member=self._member, period=code, value=told))
        if not rows:
            self._nothing(value["reason"])
            return
        keys = ("observed_on", "entity_type", "entity_id", "partner_ids", "numerator",
                "denominator")  # fmt: skip
        blocks = [(k, list(g)) for k, g in groupby(rows, lambda r: tuple(r[key] for key in keys))]
        self._say(self._t("counted", count=self._number(len(blocks))))
        for _, block in blocks:
            first = block[0]
            day = formats.day(first["observed_on"], self.lang)
            kind = word("entity_type", first["entity_type"], self.lang)
            parts = (day, f"{kind} {first['entity_id']}", first["partner_ids"], self._parts(first))
            print()
            print("  ".join(str(part) for part in parts if part))
            for row in block:
                if row.get("file_name"):
                    print(f"    {self._file_row(row)}")

    def _nothing(self, reason: str | None) -> None:
        """Why a value has no evidence."""
        if reason == "source_missing":
            self._missing()
        elif reason:
            because = self._word("kpi_page.reason", reason)
            self._say(self._t("because", reason=because))
        else:
            self._say(t("evidence.none", self.lang))

    def _missing(self) -> None:
        """The folders to fill: what is needed in every case, else the ways to choose from."""
        gaps = unmet(self.kpi.needs, self.landed)
        certain = [options[0] for options in gaps if len(options) == 1]
        ways = [(e,) for option in certain for e in option] or (gaps[0] if gaps else ())
        self._say(self._t("missing" if certain else "missing_choice"))
        both = f" {t('reason.and', self.lang)} "
        for way in dict.fromkeys(ways):
            print(f"  {both.join(map(landing_folder, way))}")

    def _file_row(self, row: Row) -> str:
        file = row["file_name"]
        if row["row_number"] is not None:
            return self._t("file_row", file=file, row=row["row_number"])
        return self._t("file_rows", file=file, count=self._number(row["row_count"]))

    def _t(self, key: str, **values: object) -> str:
        return t(f"kpi_page.{key}", self.lang, **values)

    def _say(self, text: str) -> None:
        width = min(Console().width, _WIDEST)
        print(textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False))

    @property
    def _member(self) -> str:
        dimension, member = self.where
        if dimension == "programme":
            return t("member.all", self.lang)
        return f"{word('dimension', dimension, self.lang)} {word(dimension, member, self.lang)}"

    def _status(self, row: Row) -> str:
        """Without a value there is nothing to judge, whether or not a target is set."""
        if row["value"] is None:
            return t("finding.unknown", self.lang)
        return self._word("status", row["status"])

    def _period(self, row: Row) -> str:
        code = period_code(self.kind, row["period_start"])
        return code if row["is_complete"] else f"{code} *"

    def _decimals(self, rows: Sequence[Row]) -> int:
        found = [row["value"] for row in rows if row["value"] is not None]
        sample = max((row["sample_size"] or 0 for row in rows), default=0)
        return formats.decimals_for(self.kpi.unit, found, sample, self.kpi.sample_basis)

    def _value(self, value: Any, decimals: int) -> str:
        return formats.kpi_value(
            value, self.kpi.unit, self.lang, decimals=decimals, currency=self.currency
        )

    def _parts(self, row: Row) -> str:
        """`8 of 21`; nothing for a median or a total, whose numerator is the value."""
        if row["denominator"] is None or self.kpi.kind in _PLAIN:
            known = row.get("counts_for") is not None and row["numerator"] is not None
            return self._number(row["numerator"]) if known else ""
        numerator = self._number(row["numerator"]) or formats.NO_VALUE
        return self._t(
            "fraction", numerator=numerator, denominator=self._number(row["denominator"])
        )

    def _number(self, value: Any) -> str:
        """Whole where it is whole or large; a thousandth says nothing about a million."""
        if value is None:
            return ""
        is_whole = value == int(value) or abs(value) >= 1000
        return formats.number(value, self.lang, 0 if is_whole else 2)

    def _word(self, group: str, name: str | None) -> str:
        if not name:
            return ""
        return word(group, name, self.lang) if has(f"{group}.{name}") else name.replace("_", " ")
