"""The files that the pages hand out: what they are called, and the exact table of a KPI.

Belongs here: names, and columns that go on to be computed with. Does not belong here: how a file is
written (tables), or what a page shows.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import polars as pl

from dashboards.components import tables
from dashboards.components.reasons import reason_text
from dashboards.data import Overview
from dashboards.state import Selection
from partner_kpis.text import t, word
from partner_kpis.wording import Wording, period_name

_NUMBERS = ("numerator", "denominator", "target", "corridor_low", "corridor_high")
"""Exact decimals; values are doubles, as they are stored."""


def name(*parts: object, as_of: date) -> str:
    """A file name without an ending: what is in it, and the day up to which it tells."""
    said = (re.sub(r"[^\w.-]+", "-", str(part)).strip("-") for part in parts)
    return f"{'_'.join(said)}_as-of_{as_of}"


def kpi_name(words: Wording, selection: Selection, period_type: str, *more: object) -> list[object]:
    """The parts of a name that say which KPI, whose and by which periods."""
    return [words.kpi.kpi_id, selection.member or selection.dimension, period_type, *more]


def kpi_periods(
    shown: pl.DataFrame, words: Wording, selection: Selection, found: Overview
) -> pl.DataFrame:
    """Periods of a KPI (columns of Snapshot.values plus period_type), the newest first.

    Values are as the snapshot holds them, percentages as fractions; days are ISO days and status
    is its word without a shape.
    """
    lang, kpi = words.lang, words.kpi
    rows = shown.reverse().to_dicts()

    def headed(columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
        return {t(f"column.{key}", lang): listed for key, listed in columns.items()}

    frame = pl.DataFrame(
        headed({
            "kpi_id": [kpi.kpi_id] * len(rows),
            "dimension": [selection.dimension] * len(rows),
            "member": [selection.member] * len(rows),
            "period": [period_name(row, lang) for row in rows],
            "period_type": [row["period_type"] for row in rows],
            "first_day": [row["period_start"] for row in rows],
            "last_day": [row["period_end"] - timedelta(days=1) for row in rows],
            "is_complete": [row["is_complete"] for row in rows],
            "value": [row["value"] for row in rows],
            "unit": [_unit(words)] * len(rows),
            **{name: [row[name] for row in rows] for name in _NUMBERS[:2]},
            "sample_size": [row["sample_size"] for row in rows],
            **{name: [row[name] for row in rows] for name in _NUMBERS[2:]},
            "previous": [row["previous_value"] for row in rows],
            "year_ago": [row["year_ago_value"] for row in rows],
            "status": [word("status", row["status"] or "unknown", lang) for row in rows],
            "trend": [word("trend", row["trend"], lang) if row["trend"] else None for row in rows],
            "reason": [
                None if row["value"] is not None
                else reason_text(kpi, row["reason"], found.landed, found.stale, lang)
                for row in rows
            ],
        }),
        schema_overrides={t("column.unit", lang): pl.String, t("column.reason", lang): pl.String},
        infer_schema_length=None,
    )  # fmt: skip
    decimals = frame.select(pl.selectors.decimal())
    return frame.with_columns(tables.rounded(decimals, {})) if decimals.width else frame


def _unit(words: Wording) -> str:
    """What a stored value counts: a percentage is stored as a fraction."""
    if words.kpi.unit == "percent":
        return t("unit.fraction", words.lang)
    return words.unit_in_header
