"""A warehouse for dbt tests: schemas `lake` and `control`, typed, empty or with a few rows.

Belongs here: making that DuckDB file and running dbt on it in process.
Does not belong here: how the product fills its own warehouse, or any expected value.
"""

from __future__ import annotations

import copy
import gc
import itertools
import os
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from partner_kpis.commission_policy import Commission
from partner_kpis.commission_tables import commission_tables
from partner_kpis.serving.needs import NEED_GROUPS
from pipelines.dbt_runner import arguments

FILE = "warehouse.duckdb"
PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"

TYPES = {
    "s": "VARCHAR",
    "i": "BIGINT",
    "n": "DECIMAL(28,9)",
    "b": "BOOLEAN",
    "d": "DATE",
    "t": "TIMESTAMP",
}

#: Contracted columns of each lake relation (`name:type`, text without a type).
ENTITIES: dict[tuple[str, str], str] = {
    ("salesforce", "account"): (
        "id name website industry billing_country type parent_id owner_id is_partner:b "
        "created_date:t system_modstamp:t is_deleted:b"
    ),
    ("salesforce", "opportunity"): (
        "id account_id name stage_name amount:n currency_iso_code probability:n close_date:d "
        "created_date:t is_closed:b is_won:b type lead_source campaign_id owner_id "
        "system_modstamp:t is_deleted:b is_confidential:b"
    ),
    ("salesforce", "opportunity_history"): (
        "id opportunity_id stage_name amount:n probability:n close_date:d forecast_category "
        "created_date:t is_deleted:b"
    ),
    ("salesforce", "opportunity_partner"): (
        "id opportunity_id account_to_id role is_primary:b created_date:t system_modstamp:t "
        "is_deleted:b"
    ),
    ("salesforce", "lead"): (
        "id company email_hash lead_source created_date:t is_converted:b converted_date:d "
        "converted_opportunity_id converted_account_id utm_source utm_medium utm_campaign "
        "system_modstamp:t is_deleted:b"
    ),
    ("salesforce", "campaign"): (
        "id name type status start_date:d end_date:d budgeted_cost:n actual_cost:n "
        "currency_iso_code partner_account is_deleted:b"
    ),
    ("salesforce", "campaign_member"): (
        "id campaign_id lead_id contact_id has_responded:b first_responded_date:d created_date:t "
        "is_deleted:b"
    ),
    ("hubspot", "deal"): (
        "deal_id is_deleted:b deal_pipeline_id deal_pipeline_stage_id owner_id property_dealname "
        "property_amount:n property_deal_currency_code property_dealtype property_closedate:t "
        "property_createdate:t property_hs_lastmodifieddate:t"
    ),
    ("hubspot", "deal_stage"): "deal_id value date_entered:t source",
    ("hubspot", "deal_pipeline_stage"): (
        "stage_id label pipeline_id probability:n closed_won:b is_closed:b display_order:i "
        "updated_at:t"
    ),
    ("hubspot", "deal_company"): "deal_id company_id type_id category label associated_at:t",
    ("hubspot", "company"): (
        "id is_deleted:b property_name property_domain property_industry property_country "
        "property_annualrevenue:n property_createdate:t property_hs_lastmodifieddate:t"
    ),
    ("prm", "partner"): (
        "partner_id name website utm_source crm_account_id partner_type engagement_model tier "
        "region country currency partner_manager partner_contact_hash required_certified_people:i "
        "contract_start:d contract_end:d renewed_on:d ended_on:d updated_at:t"
    ),
    ("prm", "deal_registration"): (
        "registration_id partner_id customer_account_id opportunity_id submitted_at:t "
        "decided_at:t decision protected_until:d updated_at:t"
    ),
    ("prm", "referral"): (
        "referral_id partner_id direction customer_account_id submitted_at:t first_response_at:t "
        "status decided_at:t opportunity_id revenue:n currency involvement updated_at:t"
    ),
    ("prm", "mdf_claim"): (
        "claim_id partner_id campaign_id requested_amount:n approved_amount:n paid_amount:n "
        "currency submitted_at:t decided_at:t status resubmissions:i has_proof:b"
    ),
    ("prm", "commission_payment"): (
        "payment_id partner_id referral_id amount:n currency client_paid_on:d due_on:d paid_on:d"
    ),
    ("prm", "content_use"): "event_id partner_id asset_id occurred_at:t",
    ("prm", "programme_cost"): "month:d category amount:n currency",
    ("lms", "certification"): ("person_id partner_id certification track issued_on:d expires_on:d"),
    ("survey", "response"): (
        "response_id survey partner_id integration_id account_id respondent_hash score:n "
        "sent_at:t responded_at:t comment_hash"
    ),
    ("telemetry", "event"): (
        "message_id type event user_id_hash anonymous_id timestamp:t received_at:t "
        "context_group_id properties_integration_id properties_feature properties_status_code:i"
    ),
    ("registry", "integration"): (
        "integration_id partner_id name component status_page released_on:d approved_on:d"
    ),
    ("sla", "statuspage_incident"): (
        "id page_id name status impact created_at:t started_at:t resolved_at:t components "
        "updated_at:t"
    ),
    ("sla", "statuspage_maintenance"): (
        "id page_id name status impact scheduled_for:t scheduled_until:t components created_at:t "
        "updated_at:t"
    ),
    ("sla", "upptime_summary"): "slug day:d minutes_down:n name",
    ("sla", "probe"): "integration_id checked_at:t is_up:b response_ms:n",
    ("prm", "onboarding_step"): "partner_id step due_on:d completed_on:d",
    ("roadmap", "item"): (
        "item_id partner_id title committed_on:d due_on:d delivered_on:d kind approved_on:d"
    ),
    ("qbr", "action"): "action_id partner_id quarter side text owner due_on:d done_on:d status",
    ("support", "zendesk_ticket"): (
        "id organization_id status priority created_at:t first_replied_at:t solved_at:t "
        "sla_first_reply_minutes:i updated_at:t"
    ),
    ("finance", "ecb_rate"): "rate_date:d currency rate:n",
    ("planning", "target"): (
        "kpi_id dimension member valid_from:d baseline:n target:n corridor_low:n corridor_high:n "
        "objective"
    ),
}

#: Entities whose rows are of no day.
REGISTERS = {"action", "campaign", "integration", "partner"}

LINEAGE = (
    "_file_sha256 _file_name _row_number:i _loaded_at:t _modified_at:t _export_date:d "
    "_landed_seq:i _row_sha"
)

CONTROL = {
    "run_settings": (
        "as_of:d reporting_currency reporting_timezone history_start:d "
        "influence_window_days:i active_partner_window_days:i active_integration_window_days:i "
        "min_sample:i trend_flat_share:n health_min_coverage:n "
        "health_healthy_from:n health_watch_from:n keep_day_values_days:i event_start "
        "event_activation event_use event_feature referral_follow_up_hours:i "
        "deal_registration_decision_hours:i"
    ),
    "knowledge": "known_at:t",
    "policy_lists": "policy position:i item",
    "entities": "source entity freshness_days:i is_dated:b is_landed:b is_held:b",
    "entity_profile": "source entity day:d first_at:t last_at:t row_count:i",
    "touched_days": "source entity day:d",
    "landing_ledger": (
        "file_sha256 file_name source entity contract_version version_rule loaded_at:t "
        "ordered_at:t min_date:d max_date:d rows_read:i rows_accepted:i rows_quarantined:i "
        "rows_duplicate:i rows_ignored:i status reason reason_de"
    ),
    "landed_files": "landed_seq:i file_name file_sha256",
    "quarantined_rows": (
        "file_name row_number:i source entity column_name rule message message_de"
    ),
    "health_policies": "tier component weight:n zero_at:n hundred_at:n",
    "commission_policies": (
        "policy:i valid_from:d valid_to:d mode bonus_from_share:n bonus_min_decided:i bonus_rate:n "
        "payment_terms_days:i"
    ),
    "commission_tiers": "policy:i from_rank:i to_rank:i rate:n",
    "commission_involvements": "policy:i involvement rate:n corridor_low:n corridor_high:n",
    "commission_splits": "policy:i partner_id referral_id position:i payee_id share:n",
    "kpi_definitions": "kpi_id kind is_balance:b direction rhythm sample_basis unit value_factor:i",
    "kpi_dimensions": "kpi_id dimension",
    "kpi_needs": "kpi_id need",
    "kpis_reached": "kpi_id is_whole:b",
    "need_members": "need source entity alternative:i",
    "crosswalk": "source entity id kind matched_id",
}

GROUPS: dict[str, list[list[str]]] = {
    group: [["/".join(entity) for entity in entities] for entities in alternatives]
    for group, alternatives in NEED_GROUPS.items()
}

HEALTH_POLICIES = [
    {"tier": "", "component": "activity", "weight": 20, "zero_at": 0, "hundred_at": 12},
    {"tier": "", "component": "pipeline", "weight": 30, "zero_at": 0, "hundred_at": 2},
    {"tier": "", "component": "certification", "weight": 20, "zero_at": 0, "hundred_at": 1},
    {"tier": "", "component": "marketing", "weight": 10, "zero_at": 0, "hundred_at": 20},
    {"tier": "", "component": "reliability", "weight": 10, "zero_at": 0.95, "hundred_at": 0.999},
    {"tier": "", "component": "satisfaction", "weight": 10, "zero_at": -50, "hundred_at": 50},
]

SETTINGS: dict[str, Any] = {
    "as_of": date(2026, 6, 30),
    "known_at": datetime(2027, 1, 1),
    "reporting_currency": "EUR",
    "reporting_timezone": "Europe/Berlin",
    "history_start": None,
    "influence_window_days": 180,
    "active_partner_window_days": 90,
    "active_integration_window_days": 28,
    "min_sample": 5,
    "trend_flat_share": 0.02,
    "health_min_coverage": 0.6,
    "health_healthy_from": 75,
    "health_watch_from": 50,
    "keep_day_values_days": 400,
    "event_start": "Integration Installed",
    "event_activation": "First Value Reached",
    "event_use": "Integration Called",
    "event_feature": "Feature Used",
    "referral_follow_up_hours": 24,
    "deal_registration_decision_hours": 48,
    "commission": (Commission(),),
}


def columns(spec: str) -> list[tuple[str, str]]:
    """`name:type ...` as pairs of column name and DuckDB type."""
    pairs = (item.partition(":") for item in spec.split())
    return [(name, TYPES[kind or "s"]) for name, _, kind in pairs]


def definitions() -> list[dict[str, Any]]:
    """Every KPI definition beside its SQL, with its `kpi_id`; the caller's own, to be changed."""
    return copy.deepcopy(_definitions())


@cache
def _definitions() -> list[dict[str, Any]]:
    found = []
    for path in sorted((PROJECT / "models" / "kpis").glob("*/kpi_*.yml")):
        for model in yaml.safe_load(path.read_text())["models"]:
            kpi = dict(model["config"]["meta"]["kpi"])
            kpi_id = model["name"].removeprefix("kpi_")
            found.append({"kpi_id": kpi_id, "value_factor": 1, **kpi})
    return found


def create(con: duckdb.DuckDBPyConnection, settings: Mapping[str, Any] | None = None) -> None:
    """All relations of schemas lake and control, empty but for settings and KPI definitions."""
    con.execute("create schema if not exists lake")
    con.execute("create schema if not exists control")
    for (source, entity), spec in ENTITIES.items():
        _table(con, f"lake.{source}__{entity}", f"{spec} {LINEAGE}")
    for name, spec in CONTROL.items():
        _table(con, f"control.{name}", spec)
    rest = {**SETTINGS, **(settings or {})}
    insert(con, "control.knowledge", [{"known_at": rest.pop("known_at")}])
    for name, table in commission_tables(rest.pop("commission")).items():
        insert(con, f"control.{name}", table.to_dicts())
    insert(con, "control.run_settings", [rest])
    insert(
        con,
        "control.entities",
        [
            {"source": s, "entity": e, "freshness_days": 45, "is_dated": e not in REGISTERS,
             "is_landed": False, "is_held": False}
            for s, e in ENTITIES
        ],
    )  # fmt: skip
    insert(con, "control.health_policies", HEALTH_POLICIES)
    _insert_definitions(con)


def _table(con: duckdb.DuckDBPyConnection, name: str, spec: str) -> None:
    body = ", ".join(f'"{column}" {kind}' for column, kind in columns(spec))
    con.execute(f"create or replace table {name} ({body})")


def _insert_definitions(con: duckdb.DuckDBPyConnection) -> None:
    keys = [name for name, _ in columns(CONTROL["kpi_definitions"])]
    kpis = _definitions()
    insert(con, "control.kpi_definitions", [{key: kpi[key] for key in keys} for kpi in kpis])
    reached = [{"kpi_id": kpi["kpi_id"], "is_whole": True} for kpi in kpis]
    insert(con, "control.kpis_reached", reached)
    for name, column in (("dimensions", "dimension"), ("needs", "need")):
        rows = [{"kpi_id": kpi["kpi_id"], column: each} for kpi in kpis for each in kpi[name]]
        insert(con, f"control.kpi_{name}", rows)
    needs = {**{f"{s}/{e}": [[f"{s}/{e}"]] for s, e in ENTITIES}, **GROUPS}
    members = []
    for need, alternatives in needs.items():
        for number, named in enumerate(alternatives, start=1):
            for member in named:
                source, entity = member.split("/")
                row = {"need": need, "source": source, "entity": entity, "alternative": number}
                members.append(row)
    insert(con, "control.need_members", members)


def insert(
    con: duckdb.DuckDBPyConnection, relation: str, rows: Iterable[Mapping[str, Any]]
) -> None:
    """Rows given by column name; columns not named are null."""
    con.begin()
    for names, alike in itertools.groupby(rows, key=tuple):
        named = ", ".join(f'"{name}"' for name in names)
        marks = f"({', '.join('?' for _ in names)})"
        found = list(alike)
        for part in (found[first : first + 100] for first in range(0, len(found), 100)):
            many = f"insert into {relation} ({named}) values {', '.join([marks] * len(part))}"
            con.execute(many, [value for row in part for value in row.values()])
    con.commit()


def profile(con: duckdb.DuckDBPyConnection, happened_at: Mapping[tuple[str, str], str]) -> None:
    """Fill control.entity_profile, touched_days, landed_files and is_landed from the lake's rows.

    `happened_at` maps source and entity to an SQL expression; entities with rows count as landed.
    """
    for (source, entity), expression in happened_at.items():
        con.execute(
            f"""insert into control.entity_profile
            select '{source}', '{entity}', cast({expression} as date),
                   min(cast({expression} as timestamp)), max(cast({expression} as timestamp)),
                   count(*)
            from lake.{source}__{entity} where {expression} is not null group by all"""
        )
    for source, entity in ENTITIES:
        con.execute(
            f"""update control.entities set is_landed = true
            where source = '{source}' and entity = '{entity}'
              and exists (select 1 from lake.{source}__{entity})"""
        )
    con.execute(
        """insert into control.landed_files
        select distinct _landed_seq, _file_name, _file_sha256 from lake.telemetry__event"""
    )
    con.execute(
        """insert into control.touched_days
        select distinct source, entity, day from control.entity_profile
        where entity in ('event', 'probe')"""
    )


def dbt(database: Path, target: Path, *command: str) -> list[Any]:
    """Run a dbt command in process on that warehouse and release the file; dbt's results.

    database: a file of the name FILE, which the parsed project holds.
    AssertionError with the name and the message of whatever failed.
    """
    result = _invoke(database, target, parsed(), *command)
    results = list(result.result or [])
    failed = [r for r in results if r.status not in ("pass", "success")]
    said = [f"{r.node.name}: {r.status}: {r.message}" for r in failed]
    assert result.success and not failed, "\n".join(said) or result.exception
    return results


def run(database: Path, target: Path, *options: str) -> None:
    """Build the models. In a warehouse that was built before, or a copy of one, the views stand:
    they are two fifths of the models, and each takes dbt as long as a small table."""
    with duckdb.connect(str(database), read_only=True) as con:
        found = con.sql("from duckdb_views() where schema_name = 'main' and not internal")
        has_views = bool(found.limit(1).fetchall())
    stand = ["--exclude", "config.materialized:view"] if has_views else []
    dbt(database, target, "run", *options, *stand)


@cache
def parsed() -> Any:
    """The manifest of the project, parsed once a process.

    Left to itself, dbt reads the whole project anew wherever the warehouse's path is another one.
    """
    with tempfile.TemporaryDirectory() as folder:
        result = _invoke(Path(folder) / FILE, Path(folder), None, "parse")
    assert result.success, result.exception
    gc.freeze()  # what stays for good need not be looked through for garbage again and again
    return result.result


def _invoke(database: Path, target: Path, manifest: Any, *command: str) -> Any:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ["PARTNER_KPIS_WAREHOUSE"] = str(database)
    try:
        return dbtRunner(manifest=manifest).invoke(
            arguments([*command, "--no-write-json"], target, target / "logs")
        )
    finally:
        DuckDBConnectionManager.close_all_connections()
