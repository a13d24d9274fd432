"""What the decks of all partners need from a snapshot, read once.

Belongs here: the tables in memory, cut by partner, and questions about single partners' rows.
Does not belong here: what an edition may show (view.py, privacy.py), or any words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import polars as pl

from partner_kpis.errors import UserError
from partner_kpis.reports.quarter import Quarter
from partner_kpis.reports.stamp import Stamp
from partner_kpis.serving import KpiDefinition, Snapshot, documents
from partner_kpis.serving.quality import landed
from partner_kpis.strict_yaml import did_you_mean

Row = dict[str, Any]

_BY_PARTNER: Final = (
    "qbr_actions", "pipeline_moves", "certificates", "mdf_claims", "referrals",
    "commission_lines", "health_components", "health_moves",
)  # fmt: skip


class QbrSource:
    """One snapshot, ready for the documents of any partner; afterwards the file is not needed.

    stamp: of the snapshot that the documents name, where it is another than the one read (a
    recomputed one).
    """

    def __init__(self, snapshot: Snapshot, stamp: Stamp | None = None) -> None:
        self.stamp = stamp or Stamp.of(snapshot)
        self.info = snapshot.info()
        self.as_of: date = self.info["as_of"]
        self.currency: str = self.info["reporting_currency"]
        self.min_sample: int = self.info["min_sample"]
        self.catalogue: dict[str, KpiDefinition] = {k.kpi_id: k for k in snapshot.catalogue()}
        self.partners: dict[str, Row] = {
            row["partner_id"]: row for row in snapshot.partners().to_dicts()
        }
        values = documents.judged_values(snapshot)
        of_partners = values.filter(pl.col("dimension") == "partner")
        self._values = _by(of_partners, "member")
        self.programme: dict[tuple[str, str], dict[date, Row]] = _periods(
            values.filter(pl.col("dimension") == "programme")
        )
        self._measured = _measured(of_partners)
        self.first_day: date | None = values["period_start"].min() if values.height else None  # type: ignore[assignment]
        self._tables = {
            name: _by(documents.rows_of(snapshot, name), "partner_id") for name in _BY_PARTNER
        }
        self._deals = _by(documents.influences(snapshot), "partner_id")
        deals = documents.rows_of(snapshot, "opportunities")
        self.confidential: list[Row] = deals.filter(pl.col("is_confidential")).to_dicts()
        freshness = snapshot.freshness()
        self.freshness: list[Row] = freshness.to_dicts()
        self.landed = landed(freshness)
        self.stale = {
            (row["source"], row["entity"]) for row in self.freshness if row["status"] == "stale"
        }
        self.findings: list[Row] = snapshot.findings().to_dicts()
        self.quarantined: dict[tuple[str, str], int] = {
            (row["source"], row["entity"]): row["rows"]
            for row in documents.quarantined(snapshot).to_dicts()
        }

    def partner(self, partner_id: str) -> Row:
        """The partner's row; raises UserError when the snapshot has no partner of that id."""
        if partner_id not in self.partners:
            near = did_you_mean(partner_id, list(self.partners))
            raise UserError(
                f"There is no partner {partner_id!r} in this snapshot{near}. "
                "Name a partner_id of landing/prm/partner."
            )
        return self.partners[partner_id]

    def require_period(self, start: date, name: str) -> None:
        """Raises UserError for a period that has not begun, or that lies before all data."""
        if self.first_day is None:
            raise UserError("This snapshot holds no values of KPIs yet. Land exports and run.")
        if start > self.as_of:
            raise UserError(
                f"{name} has not begun: the snapshot is as of {self.as_of}. Choose an earlier one."
            )
        if start < Quarter.of(self.first_day).start:
            raise UserError(
                f"{name} lies before the data, which begin on {self.first_day}. Choose a later one."
            )

    def values(self, partner_id: str) -> dict[tuple[str, str], dict[date, Row]]:
        """(KPI, period type) → first day → row of documents.judged_values, of one partner."""
        return _periods(self._values[partner_id]) if partner_id in self._values else {}

    def measured_partners(self, kpi_id: str, period_type: str, start: date) -> int:
        """How many partners have a value of their own in a period."""
        return self._measured.get((kpi_id, period_type, start), 0)

    def rows(self, table: str, partner_id: str) -> list[Row]:
        """The partner's rows of one of the tables of documents.COLUMNS that name a partner."""
        found = self._tables[table].get(partner_id)
        return found.to_dicts() if found is not None else []

    def open_deals(self, partner_id: str) -> list[Row]:
        """The partner's rows of documents.influences, the largest first."""
        found = self._deals.get(partner_id)
        return found.to_dicts() if found is not None else []

    def has_landed(self, source: str, entity: str) -> bool:
        return (source, entity) in self.landed


def _by(frame: pl.DataFrame, column: str) -> dict[str, pl.DataFrame]:
    parts = frame.partition_by(column, as_dict=True, maintain_order=True)
    return {str(key[0]): part for key, part in parts.items() if key[0] is not None}


def _periods(frame: pl.DataFrame) -> dict[tuple[str, str], dict[date, Row]]:
    found: dict[tuple[str, str], dict[date, Row]] = {}
    for row in _rows(frame):
        found.setdefault((row["kpi_id"], row["period_type"]), {})[row["period_start"]] = row
    return found


def _rows(frame: pl.DataFrame) -> Iterator[Row]:
    return frame.iter_rows(named=True)


def _measured(frame: pl.DataFrame) -> dict[tuple[str, str, date], int]:
    counted = (
        frame.filter(pl.col("value").is_not_null())
        .group_by("kpi_id", "period_type", "period_start")
        .len()
    )
    return {(k, p, s): n for k, p, s, n in counted.iter_rows()}
