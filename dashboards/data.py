"""All reading and all caching of the pages.

Belongs here: finding the data home, and one cached function per question, keyed by the path of the
snapshot file. A path names one run for ever, so an answer never goes stale; a rerun of the page
resolves `serving/current` anew and so turns to the next snapshot as a whole. The file asked last is
held open; the next snapshot takes its place.
Does not belong here: drawing.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from partner_kpis.home import DataHome
from partner_kpis.reports import scope
from partner_kpis.reports.quarter import Quarter
from partner_kpis.reports.stamp import Stamp
from partner_kpis.serving import (
    DIMENSIONS,
    KpiDefinition,
    Resummed,
    Snapshot,
    compare,
    identity,
    progress,
    quality,
)

_CURRENCY = "EUR"
_ENTRIES = 200  # a page asks about ten questions: room for some twenty choices and old snapshots

_UNPINNED = 5
"""So many KPIs stand at the top where the policy pins none."""

SOURCES_SHOWN = 100
"""Observations whose file rows are listed at once; more are shown by selecting rows."""

FILES_SHOWN = 500
"""Files of the ledger that are listed at once, the newest first."""

SUGGESTIONS_SHOWN = 200
"""Suggested matches that are listed at once, the most similar first."""


def home() -> DataHome | None:
    """The data home after `--home`, else in PARTNER_KPIS_HOME; None when neither names one."""
    words = sys.argv[1:]
    if "--home" in words[:-1]:
        return DataHome.at(words[words.index("--home") + 1])
    named = os.environ.get("PARTNER_KPIS_HOME")
    return DataHome.at(named) if named else None


def today() -> date:
    """The day on which the page is read; a function of its own, so that tests can choose it."""
    return date.today()


@dataclass(frozen=True)
class Overview:
    """What the whole page stands on."""

    info: dict[str, Any]
    catalogue: list[KpiDefinition]
    freshness: pl.DataFrame
    partners: pl.DataFrame
    members: dict[str, pl.DataFrame]
    managers: list[str]

    @property
    def as_of(self) -> date:
        return self.info["as_of"]  # type: ignore[no-any-return]

    @property
    def landed(self) -> set[tuple[str, str]]:
        """The (source, entity) pairs of which something is loaded."""
        return quality.landed(self.freshness)

    @property
    def stale(self) -> set[tuple[str, str]]:
        """The (source, entity) pairs whose data ends too early."""
        late = self.freshness.filter(pl.col("status") == "stale")
        return set(late.select("source", "entity").iter_rows())

    def definition(self, kpi_id: str | None) -> KpiDefinition | None:
        return next((kpi for kpi in self.catalogue if kpi.kpi_id == kpi_id), None)

    def partner_names(self) -> dict[str, str]:
        return dict(self.partners.select("partner_id", "name").iter_rows())


@dataclass(frozen=True)
class Problems:
    """What someone should look at: files, quarantined rows, findings."""

    files: pl.DataFrame
    quarantine: pl.DataFrame
    quarantined_count: int
    findings: pl.DataFrame


@dataclass(frozen=True)
class Matches:
    """Ids matched across systems (identity.match_rates), the best suggestions and their number."""

    rates: pl.DataFrame
    suggestions: pl.DataFrame
    suggested: int


@st.cache_resource(max_entries=1, show_spinner=False, on_release=Snapshot.close)
def _held(path: Path) -> Snapshot:
    return Snapshot(path)


def _opened(path: Path) -> Snapshot:
    """A snapshot of one's own to ask, for one thread.

    To open a file anew takes DuckDB longer than to answer most questions; while one holds it, all
    others share what it has read.
    """
    _held(path)
    return Snapshot(path)


@st.cache_data(max_entries=_ENTRIES, show_spinner=False)
def overview(path: Path) -> Overview:
    with _opened(path) as snapshot:
        return Overview(
            info=snapshot.info(),
            catalogue=snapshot.catalogue(),
            freshness=quality.as_promised(snapshot.freshness()),
            partners=snapshot.partners(),
            members={name: snapshot.members(name) for name in DIMENSIONS},
            managers=compare.managers(snapshot),
        )


@st.cache_data(max_entries=_ENTRIES, show_spinner=False)
def headline(path: Path, dimension: str, member: str) -> pl.DataFrame:
    """See Snapshot.headline."""
    with _opened(path) as snapshot:
        return snapshot.headline(dimension, member)


@st.cache_data(max_entries=_ENTRIES, show_spinner=False)
def values(path: Path, kpi_id: str, dimension: str, member: str, period_type: str) -> pl.DataFrame:
    """See Snapshot.values."""
    with _opened(path) as snapshot:
        return snapshot.values(kpi_id, dimension, member, period_type)


@st.cache_data(max_entries=_ENTRIES, show_spinner=False)
def evidence(
    path: Path, kpi_id: str, dimension: str, member: str, period_type: str, start: date
) -> tuple[pl.DataFrame, Resummed]:
    """The observations (Snapshot.evidence, plus column `name` where one is known) and their sum."""
    with _opened(path) as snapshot:
        rows = snapshot.evidence(kpi_id, dimension, member, period_type, start)
        deals = rows.filter(pl.col("entity_type") == "opportunity")["entity_id"].unique()
        names = quality.opportunity_names(snapshot, deals.to_list()).with_columns(
            pl.lit("opportunity").alias("entity_type")
        )
        return (
            rows.join(names, on=["entity_type", "entity_id"], how="left", maintain_order="left"),
            snapshot.resum(kpi_id, rows),
        )


@st.cache_data(max_entries=_ENTRIES, show_spinner=False)
def sources_of(path: Path, observed: tuple[tuple[str, str, date], ...]) -> pl.DataFrame:
    """The file rows of (entity_type, entity_id, observed_on), each once.

    Columns: those of Snapshot.sources_of without the day; the row_count of a daily aggregate adds
    up the days.
    """
    schema = {"entity_type": pl.String, "entity_id": pl.String, "observed_on": pl.Date}
    with _opened(path) as snapshot:
        found = snapshot.sources_of(pl.DataFrame(observed, schema=schema, orient="row"))
    row = [name for name in found.columns if name not in ("observed_on", "row_count")]
    return found.group_by(row, maintain_order=True).agg(
        pl.when(pl.col("row_number").is_null().first())
        .then(pl.sum("row_count"))
        .otherwise(1)
        .alias("row_count")
    )


@st.cache_data(max_entries=_ENTRIES, show_spinner=False)
def problems(path: Path) -> Problems:
    with _opened(path) as snapshot:
        return Problems(
            files=quality.open_files(snapshot),
            quarantine=quality.broken_rules(snapshot),
            quarantined_count=quality.quarantined_count(snapshot),
            findings=snapshot.findings(),
        )


@st.cache_data(max_entries=_ENTRIES, show_spinner=False)
def matches(path: Path) -> Matches:
    with _opened(path) as snapshot:
        best, count = identity.suggestions(snapshot, SUGGESTIONS_SHOWN)
        return Matches(identity.match_rates(snapshot), best, count)


@st.cache_data(max_entries=_ENTRIES, show_spinner=False)
def files(path: Path) -> tuple[pl.DataFrame, int]:
    """The newest FILES_SHOWN files of the ledger, and how many it holds."""
    with _opened(path) as snapshot:
        return quality.newest_files(snapshot, FILES_SHOWN), quality.file_count(snapshot)


@st.cache_data(max_entries=_ENTRIES, show_spinner=False)
def across_partners(
    path: Path, kpi_ids: tuple[str, ...], only: compare.PartnerFilter
) -> pl.DataFrame:
    """See compare.across_partners."""
    with _opened(path) as snapshot:
        kpis = [snapshot.definition(kpi_id) for kpi_id in kpi_ids]
        return compare.across_partners(snapshot, kpis, only)


@st.cache_data(max_entries=_ENTRIES, show_spinner=False)
def partners(path: Path, only: compare.PartnerFilter) -> pl.DataFrame:
    """See compare.partners."""
    with _opened(path) as snapshot:
        return compare.partners(snapshot, only)


@st.cache_data(max_entries=_ENTRIES, show_spinner=False)
def segments(path: Path, kpi_id: str, period_type: str, start: date) -> pl.DataFrame:
    """See compare.segments."""
    with _opened(path) as snapshot:
        return compare.segments(snapshot, kpi_id, period_type, start)


@st.cache_data(max_entries=_ENTRIES, show_spinner=False)
def health(path: Path, partner_id: str) -> pl.DataFrame:
    """See compare.health."""
    with _opened(path) as snapshot:
        return compare.health(snapshot, partner_id)


@st.cache_data(max_entries=_ENTRIES, show_spinner=False)
def health_moves(path: Path, partner_id: str, month: date) -> pl.DataFrame:
    """See progress.health_moves."""
    with _opened(path) as snapshot:
        return progress.health_moves(snapshot, partner_id, month)


@st.cache_data(max_entries=_ENTRIES, show_spinner=False)
def waits(path: Path, kpi_id: str, dimension: str, member: str) -> pl.DataFrame:
    """See progress.waits."""
    with _opened(path) as snapshot:
        return progress.waits(snapshot, kpi_id, dimension, member)


@st.cache_data(max_entries=_ENTRIES, show_spinner=False)
def objectives(path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """See progress.key_results and progress.partner_results."""
    with _opened(path) as snapshot:
        return progress.key_results(snapshot), progress.partner_results(snapshot)


def pinned(found: Overview) -> list[KpiDefinition]:
    """The core KPIs that the programme's policy pins, in its order; without any, the first few."""
    core = [kpi for kpi in found.catalogue if kpi.pinned_position is not None]
    return sorted(core, key=lambda kpi: kpi.pinned_position or 0) or found.catalogue[:_UNPINNED]


def reporting_currency(found: Overview) -> str:
    """The currency that the snapshot states money in; one kept from an older version says none."""
    return str(found.info.get("reporting_currency") or _CURRENCY)


@st.cache_data(max_entries=_ENTRIES, show_spinner=False)
def quarters(path: Path) -> list[Quarter]:
    """See scope.quarters."""
    with _opened(path) as snapshot:
        return scope.quarters(snapshot)


@st.cache_resource(max_entries=1, show_spinner=False)
def document_source(path: Path) -> Any:
    """What the documents of one snapshot need, and the stamp that they name."""
    from partner_kpis.reports import kinds

    with _opened(path) as snapshot:
        return kinds.source(snapshot, stamp(path))


@st.cache_data(max_entries=_ENTRIES, show_spinner=False)
def stamp(path: Path) -> Stamp:
    """See Stamp.of; it reads the whole file, once for each snapshot."""
    with _opened(path) as snapshot:
        return Stamp.of(snapshot)
