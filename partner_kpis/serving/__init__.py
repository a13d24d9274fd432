"""Reading results: a Snapshot is the only way anyone reads what a run published.

Belongs here: opening the served DuckDB file read-only, its queries, and the evidence behind values.
Does not belong here: making a snapshot (publish.py), or showing one (dashboards, reports).
"""

from partner_kpis.serving.definitions import KpiDefinition
from partner_kpis.serving.evidence import DIMENSIONS, EVIDENCE_COLUMNS, Resummed, resum
from partner_kpis.serving.needs import NEED_GROUPS, Entity, alternatives, landing_folder, unmet
from partner_kpis.serving.periods import (
    PERIOD_TYPES,
    PeriodType,
    from_rhythm_up,
    last_complete_start,
    observed_days,
    period_end,
    period_start,
    previous_start,
)
from partner_kpis.serving.snapshot import NoSnapshotError, Snapshot

__all__ = [
    "DIMENSIONS",
    "EVIDENCE_COLUMNS",
    "NEED_GROUPS",
    "PERIOD_TYPES",
    "Entity",
    "KpiDefinition",
    "NoSnapshotError",
    "PeriodType",
    "Resummed",
    "Snapshot",
    "alternatives",
    "from_rhythm_up",
    "landing_folder",
    "last_complete_start",
    "observed_days",
    "period_end",
    "period_start",
    "previous_start",
    "resum",
    "unmet",
]
