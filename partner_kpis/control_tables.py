"""The schema `control`: what dbt's models read besides the lake, one small table each.

Belongs here: settings, policies, coverage, ledger and definitions as frames, and how one build's
tables are compared with the next one's. Does not belong here: writing them (warehouse.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import polars as pl

from partner_kpis.catalogue import KpiDefinition
from partner_kpis.commission_tables import COMMISSION_TABLES, commission_tables
from partner_kpis.contracts.model import Contract
from partner_kpis.crosswalk import COLUMNS, Crosswalk
from partner_kpis.file_tables import frame_of, ledger_frame, quarantine_frame
from partner_kpis.home import DataHome
from partner_kpis.landing.ledger import FileRecord, Ledger
from partner_kpis.policies import Health, HealthTier, Policies
from partner_kpis.policy_types import decimal_of
from partner_kpis.serving.needs import alternatives

# Days that were touched follow from the lake's parts, which are compared on their own.
DIGESTED = (
    "run_settings", "policy_lists", "entities", "entity_profile", "landing_ledger", "landed_files",
    "quarantined_rows", "health_policies", "kpi_definitions", "kpi_dimensions", "kpi_needs",
    "need_members", "crosswalk", *COMMISSION_TABLES,
)  # fmt: skip


@dataclass(frozen=True)
class RunSettings:
    """What a run reports for: the business date, the knowledge time, the policies."""

    as_of: date
    known_at: datetime
    policies: Policies


@dataclass(frozen=True)
class BuildState:
    """What the warehouse was last built with; nothing is known of a fresh one.

    parts: Parquet files of the lake that its tables hold; uncertain: files of which a build that
    did not end may have taken some; tables: control table -> digest of what the models saw.
    """

    parts: frozenset[str] = frozenset()
    uncertain: frozenset[str] = frozenset()
    tables: dict[str, str] = field(default_factory=dict)
    policies: str | None = None
    code: str | None = None

    def full_refresh_reason(self, policies: Policies, code: str) -> str | None:
        """Why everything must be recomputed, None when only news must."""
        if self.policies is None:
            return "the warehouse is new"
        if self.policies != policies.fingerprint:
            return "the policies have changed"
        if self.code != code:
            return "the models or contracts have changed"
        return None


def control_tables(
    home: DataHome,
    ledger: Ledger,
    contracts: dict[str, Contract],
    definitions: Sequence[KpiDefinition],
    settings: RunSettings,
    state: BuildState,
) -> dict[str, pl.DataFrame]:
    needs = sorted({need for definition in definitions for need in definition.needs})
    return {
        "run_settings": _run_settings(settings),
        "knowledge": frame_of(
            {"known_at": pl.Datetime("us")}, [(settings.known_at.replace(tzinfo=None),)]
        ),
        "policy_lists": _policy_lists(settings.policies),
        "entities": _entities(ledger, contracts),
        "entity_profile": _entity_profile(ledger),
        "touched_days": _touched_days(ledger, contracts, state),
        "landing_ledger": ledger_frame(ledger),
        "landed_files": _landed_files(ledger),
        "quarantined_rows": quarantine_frame(home, ledger),
        "health_policies": _health_policies(settings.policies),
        **commission_tables(settings.policies.commission),
        "kpi_definitions": frame_of(
            {"kpi_id": pl.String, "kind": pl.String, "is_balance": pl.Boolean,
             "direction": pl.String, "rhythm": pl.String, "sample_basis": pl.String,
             "unit": pl.String, "value_factor": pl.Int64},
            ((d.kpi_id, d.kind, d.is_balance, d.direction, d.rhythm, d.sample_basis, d.unit,
              d.value_factor)
             for d in definitions),
        ),
        "kpi_dimensions": frame_of(
            {"kpi_id": pl.String, "dimension": pl.String},
            ((d.kpi_id, dimension) for d in definitions for dimension in d.dimensions),
        ),
        "kpi_needs": frame_of(
            {"kpi_id": pl.String, "need": pl.String},
            ((d.kpi_id, need) for d in definitions for need in d.needs),
        ),
        "kpis_reached": kpis_reached_frame((d.kpi_id for d in definitions), is_whole=True),
        "need_members": frame_of(
            {"need": pl.String, "source": pl.String, "entity": pl.String,
             "alternative": pl.Int64},
            ((need, *member, number)
             for need in needs
             for number, members in enumerate(alternatives(need), start=1)
             for member in members),
        ),
        "crosswalk": frame_of(
            dict.fromkeys(COLUMNS, pl.String),
            (tuple(vars(row).values()) for row in Crosswalk.load(home).rows),
        ),
    }  # fmt: skip


def kpis_reached_frame(kpi_ids: Iterable[str], *, is_whole: bool) -> pl.DataFrame:
    """The KPIs that a build observes anew: all, unless the pipeline knows what its news reach.

    is_whole: every day of theirs, whatever the last build left; else what it left is compared with.
    """
    schema = {"kpi_id": pl.String, "is_whole": pl.Boolean}
    return frame_of(schema, ((kpi_id, is_whole) for kpi_id in kpi_ids))


def _run_settings(settings: RunSettings) -> pl.DataFrame:
    p = settings.policies
    row: dict[str, tuple[Any, Any]] = {
        "as_of": (settings.as_of, pl.Date),
        "reporting_currency": (p.reporting_currency, pl.String),
        "reporting_timezone": (p.reporting_timezone, pl.String),
        "history_start": (p.history_start, pl.Date),
        "influence_window_days": (p.influence_window_days, pl.Int64),
        "active_partner_window_days": (p.active_partner_window_days, pl.Int64),
        "active_integration_window_days": (p.active_integration_window_days, pl.Int64),
        "min_sample": (p.min_sample, pl.Int64),
        "trend_flat_share": (decimal_of(p.trend_flat_share), pl.Decimal(18, 9)),
        "health_min_coverage": (decimal_of(p.health.min_coverage), pl.Decimal(18, 9)),
        "health_healthy_from": (decimal_of(p.health.bands.healthy), pl.Decimal(18, 9)),
        "health_watch_from": (decimal_of(p.health.bands.watch), pl.Decimal(18, 9)),
        "keep_day_values_days": (p.keep_day_values_days, pl.Int64),
        "referral_follow_up_hours": (p.referral_follow_up_hours, pl.Int64),
        "deal_registration_decision_hours": (p.deal_registration_decision_hours, pl.Int64),
        "event_start": (p.events.start, pl.String),
        "event_activation": (p.events.activation, pl.String),
        "event_use": (p.events.use, pl.String),
        "event_feature": (p.events.feature, pl.String),
    }
    return pl.DataFrame(
        {name: [value] for name, (value, _) in row.items()},
        schema={name: kind for name, (_, kind) in row.items()},
    )


def _policy_lists(policies: Policies) -> pl.DataFrame:
    lists = (
        "closed_won_stages", "closed_lost_stages", "co_sell_roles", "features", "tiers",
        "hubspot_partner_labels",
    )  # fmt: skip
    return frame_of(
        {"policy": pl.String, "position": pl.Int64, "item": pl.String},
        ((name, i, item) for name in lists for i, item in enumerate(getattr(policies, name))),
    )


def _health_policies(policies: Policies) -> pl.DataFrame:
    """Weight and points of each component: for every tier of its own, and as '' for all others."""
    health = policies.health
    rows = []
    for tier, own in [("", HealthTier()), *health.tiers.items()]:
        for component, weight in (health.weights | own.weights).items():
            low, high = (Health().points | health.points | own.points)[component]
            rows.append((tier, component, decimal_of(weight), decimal_of(low), decimal_of(high)))
    number = pl.Decimal(18, 9)
    return frame_of(
        {"tier": pl.String, "component": pl.String, "weight": number, "zero_at": number,
         "hundred_at": number},
        rows,
    )  # fmt: skip


def _entities(ledger: Ledger, contracts: dict[str, Contract]) -> pl.DataFrame:
    return frame_of(
        {"source": pl.String, "entity": pl.String, "freshness_days": pl.Int64,
         "is_dated": pl.Boolean, "is_landed": pl.Boolean, "is_held": pl.Boolean,
         "last_loaded_at": pl.Datetime("us")},
        (
            (c.source, c.entity, c.freshness_days, c.happened_at is not None,
             _is_landed(ledger.of(c.name, "loaded")),
             bool(ledger.of(c.name, "held")),
             max((datetime.fromisoformat(r.loaded_at) for r in ledger.of(c.name, "loaded")),
                 default=None))
            for c in contracts.values()
        ),
    )  # fmt: skip


def _is_landed(records: Sequence[FileRecord]) -> bool:
    """An export without rows says that there is nothing; one of bad rows only says nothing."""
    return any(r.rows_accepted or r.rows_duplicate or not r.rows_read for r in records)


def _entity_profile(ledger: Ledger) -> pl.DataFrame:
    return frame_of(
        {"source": pl.String, "entity": pl.String, "day": pl.Date, "first_at": pl.Datetime("us"),
         "last_at": pl.Datetime("us"), "row_count": pl.Int64},
        (
            (r.source, r.entity, date.fromisoformat(d.day), datetime.fromisoformat(d.first_at),
             datetime.fromisoformat(d.last_at), d.rows)
            for r in ledger.records if r.status == "loaded" for d in r.profile
        ),
    )  # fmt: skip


def _landed_files(ledger: Ledger) -> pl.DataFrame:
    """Files by their landing number, which stands for them in the lake and where rows are many."""
    return frame_of(
        {"landed_seq": pl.Int64, "file_name": pl.String, "file_sha256": pl.String},
        sorted(
            (r.landed_seq, r.file_name, r.file_sha256)
            for r in ledger.records if r.status == "loaded"
        ),
    )  # fmt: skip


def loaded_parts(ledger: Ledger) -> list[str]:
    return [p.path for r in ledger.records if r.status == "loaded" for p in r.parts]


def paths_frame(paths: Iterable[str]) -> pl.DataFrame:
    return frame_of({"path": pl.String}, ((path,) for path in sorted(paths)))


def digest_of(frame: pl.DataFrame) -> str:
    """Hash of a control table."""
    return hashlib.sha256(frame.write_csv().encode()).hexdigest()[:16]


def _touched_days(
    ledger: Ledger, contracts: dict[str, Contract], state: BuildState
) -> pl.DataFrame:
    """UTC days of large entities whose rows have come or gone since the last build."""
    every = {part.path: (record, part) for record in ledger.records for part in record.parts}
    changed = (set(loaded_parts(ledger)) ^ state.parts) | state.uncertain
    days: set[tuple[str, str, date]] = set()
    for path in changed & set(every):
        record, part = every[path]
        if contracts[record.name].is_partitioned_by_day and part.first_day and part.last_day:
            days |= {
                (record.source, record.entity, date.fromisoformat(day.day))
                for day in record.profile
                if part.first_day <= day.day <= part.last_day
            }
    schema = {"source": pl.String, "entity": pl.String, "day": pl.Date}
    return frame_of(schema, sorted(days))
