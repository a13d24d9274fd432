"""Small DuckDB tables that keep every promise, and the statements that break each of them.

Belongs here: sample data for test_expectations.py. Does not belong here: assertions.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from partner_kpis.contracts.model import Contract

_VALUES = {
    "VARCHAR": "'{name}-1'", "BIGINT": "1", "DECIMAL(28,9)": "1", "DECIMAL(38,9)": "1",
    "DECIMAL(10,9)": "1", "DOUBLE": "1", "BOOLEAN": "false", "DATE": "date '2026-01-05'",
    "TIMESTAMP": "timestamp '2026-01-05 10:00:00'", "VARCHAR[]": "['{name}-1']",
}  # fmt: skip
_META = {"_file_name": "'a.csv'", "_file_sha256": "'new'", "_row_number": "1"}

# Where the plain value of a type would break a promise.
_GOOD: dict[str, dict[str, str]] = {
    "salesforce/lead": {"is_converted": "true"},
    "telemetry/event": {"properties_status_code": "200"},
    "prm/programme_cost": {"month": "date '2026-01-01'"},
    "sla/statuspage_incident": {"impact": "'minor'"},
    "sla/statuspage_maintenance": {"scheduled_until": "timestamp '2026-01-05 11:00:00'"},
    "serving/kpi_catalogue": {"dimensions": "['programme']", "kpi_id": "'kpi'"},
    "serving/kpi_observations": {"kpi_id": "'kpi'"},
    "serving/kpi_values": {
        "kpi_id": "'kpi'", "member": "'all'", "period_end": "date '2026-01-06'", "reason": "null",
    },
    "serving/health_components": {"contribution": "null"},
    "serving/kpi_scorecard": {"kpi_id": "'kpi'", "member": "'all'"},
    "serving/health_moves": {"is_reachable": "true"},
    "serving/objectives": {"kpi_id": "'kpi'", "member": "'all'"},
    "serving/time_to_event": {"kpi_id": "'kpi'", "member": "'all'"},
    "serving/partner_versions": {"valid_to": "null"},
    "serving/partner_touches": {"is_valid": "true", "is_sourcing": "true"},
    "serving/identity_matches": {"method": "'none'", "matched_id": "null"},
    "qbr/action": {"status": "'done'"},
    "serving/qbr_actions": {"done_on": "null"},
    "serving/pipeline_moves": {"opportunities": "0", "amount": "0"},
    "serving/referrals": {"status": "'won'"},
    "serving/registrations": {"status": "'approved'"},
    "serving/opportunities": {"close_on": "null"},
    "serving/landing_ledger": {"rows_read": "4", "is_open": "false"},
}  # fmt: skip

EARLIER = "timestamp '2026-01-01 00:00:00'"
EARLIER_DAY = "date '2026-01-01'"

# Per entity and promise: rows that break it, as differences from the good row.
BAD_ROWS: dict[str, dict[str, list[dict[str, str]]]] = {
    "salesforce/account": {"parent_is_another_account": [{"parent_id": "'id-1'"}]},
    "salesforce/opportunity": {
        "won_is_closed": [{"is_won": "true"}],
        "amount_is_not_negative": [{"amount": "-1"}],
        "probability_is_a_percentage": [{"probability": "1000"}],
        "closes_after_it_was_created": [{"close_date": EARLIER_DAY}],
    },
    "salesforce/opportunity_history": {
        "amount_is_not_negative": [{"amount": "-1"}],
        "probability_is_a_percentage": [{"probability": "-1"}],
    },
    "salesforce/opportunity_partner": {
        "one_primary_partner": [
            {"is_primary": "true"},
            {"is_primary": "true", "account_to_id": "'another'"},
        ]
    },
    "salesforce/lead": {
        "converted_after_it_was_created": [{"converted_date": EARLIER_DAY}],
        "opportunity_means_converted": [{"is_converted": "false"}],
    },
    "hubspot/deal": {
        "amount_is_not_negative": [{"property_amount": "-1"}],
        "closes_after_it_was_created": [{"property_closedate": EARLIER}],
    },
    "hubspot/deal_stage": {},
    "hubspot/deal_pipeline_stage": {"probability_is_a_share": [{"probability": "20"}]},
    "hubspot/deal_company": {},
    "hubspot/company": {"revenue_is_not_negative": [{"property_annualrevenue": "-1"}]},
    "prm/partner": {
        "contract_ends_after_it_starts": [{"contract_end": EARLIER_DAY}],
        "ended_after_it_started": [{"ended_on": EARLIER_DAY}],
        "renewed_after_it_started": [{"renewed_on": EARLIER_DAY}],
        "one_partner_per_crm_account": [{"partner_id": "'another'", "utm_source": "null"}],
        "one_partner_per_utm_source": [
            {"partner_id": "'third'", "crm_account_id": "null", "utm_source": "'UTM_SOURCE-1'"}
        ],
    },
    "prm/deal_registration": {
        "decided_after_it_was_submitted": [{"decided_at": EARLIER}],
        "a_decision_is_dated": [{"decision": "'approved'", "decided_at": "null"}],
        "protected_after_it_was_submitted": [{"protected_until": EARLIER_DAY}],
    },
    "prm/referral": {
        "decided_after_it_was_submitted": [{"decided_at": EARLIER}],
        "answered_after_it_was_submitted": [{"first_response_at": EARLIER}],
        "an_end_is_dated": [{"status": "'won'", "decided_at": "null"}],
        "revenue_is_not_negative": [{"revenue": "-1"}],
    },
    "telemetry/event": {
        "an_id_has_one_day": [{"timestamp": EARLIER}],
        "received_after_it_happened": [{"received_at": EARLIER}],
        "status_code_is_of_http": [{"properties_status_code": "0"}],
    },
    "registry/integration": {"released_after_it_was_approved": [{"released_on": EARLIER_DAY}]},
    "sla/probe": {},
    "sla/statuspage_incident": {
        "resolved_after_it_started": [{"resolved_at": EARLIER}],
        "impact_is_known": [{"impact": "'huge'"}],
    },
    "sla/statuspage_maintenance": {
        "ends_after_it_starts": [{"scheduled_until": "timestamp '2026-01-05 10:00:00'"}]
    },
    "finance/ecb_rate": {"usd_is_plausible": [{"currency": "'USD'", "rate": "1.1e3"}]},
    "sla/upptime_summary": {"no_day_has_more_minutes": [{"minutes_down": "1501"}]},
    "salesforce/campaign": {
        "ends_after_it_starts": [{"end_date": EARLIER_DAY}],
        "cost_is_not_negative": [{"actual_cost": "-1"}],
    },
    "salesforce/campaign_member": {
        "a_response_is_dated": [{"has_responded": "true", "first_responded_date": "null"}]
    },
    "prm/mdf_claim": {
        "decided_after_it_was_submitted": [{"decided_at": EARLIER}],
        "amounts_are_not_negative": [{"paid_amount": "-1"}],
    },
    "prm/content_use": {},
    "prm/programme_cost": {
        "a_month_is_named_by_its_first_day": [{"month": "date '2026-01-06'"}],
        "amount_is_not_negative": [{"amount": "-1"}],
    },
    "prm/commission_payment": {
        "amount_is_not_negative": [{"amount": "-1"}],
        "due_after_the_customer_paid": [{"due_on": EARLIER_DAY}],
        "a_payment_has_a_due_day": [{"due_on": "null"}],
    },
    "lms/certification": {"expires_after_it_was_issued": [{"expires_on": EARLIER_DAY}]},
    "survey/response": {"answered_after_it_was_sent": [{"responded_at": EARLIER}]},
    "prm/onboarding_step": {},
    "roadmap/item": {
        "delivered_after_it_was_approved": [{"delivered_on": EARLIER_DAY}],
        "due_after_it_was_committed": [{"due_on": EARLIER_DAY}],
        "a_joint_launch_is_approved": [{"kind": "'joint_launch'", "approved_on": "null"}],
    },
    "qbr/action": {
        "what_is_done_is_dated": [{"status": "'done'", "done_on": "null"}],
        "what_is_open_or_dropped_is_not_done": [{"status": "'dropped'"}],
    },
    "support/zendesk_ticket": {
        "replied_after_it_was_created": [{"first_replied_at": EARLIER}],
        "promise_is_positive": [{"sla_first_reply_minutes": "0"}],
    },
    "planning/target": {"corridor_low_is_below_high": [{"corridor_low": "2"}]},
}

# Per serving table and promise of its own: rows that break it. What its columns promise (key,
# required, enum) is broken by break_columns().
BAD_SERVING_ROWS: dict[str, dict[str, list[dict[str, str]]]] = {
    "kpi_catalogue": {"every_kpi_has_programme_values": [{"kpi_id": "'without values'"}]},
    "kpi_observations": {
        "kpi_is_in_the_catalogue": [{"kpi_id": "'unheard of'"}],
        "evidence_has_a_source": [{"entity_id": "'from nowhere'"}],
    },
    "kpi_values": {
        "no_value_has_a_reason": [{"value": "null", "period_start": EARLIER_DAY}],
        "value_is_a_number": [{"value": "'infinity'", "period_start": "date '2026-01-02'"}],
        "period_ends_after_it_starts": [{"period_start": "date '2026-01-06'"}],
        "programme_is_all": [{"member": "'everybody'"}],
        "kpi_is_in_the_catalogue": [{"kpi_id": "'unheard of'"}],
    },
    "kpi_scorecard": {
        "verdict_has_a_value": [{"member": "'nobody'"}],
        "nothing_is_judged_without_a_value": [{"value": "null", "period_start": EARLIER_DAY}],
    },
    "health_components": {
        "score_is_0_to_100": [{"score": "101"}],
        "contributions_make_the_score": [{"contribution": "5", "partner_id": "'summed'"}],
    },
    "health_moves": {
        "points_are_missing": [{"points_missing": "0"}],
        "only_what_can_be_reached_is_ranked": [{"is_reachable": "false", "partner_id": "'far'"}],
    },
    "time_to_event": {
        "shares_are_shares": [{"finished_share": "1.1", "day": "2"}],
        "nobody_finishes_unstarted": [{"finished": "2", "day": "3"}],
    },
    "objectives": {"progress_is_a_share": [{"progress": "-0.1", "member": "'another'"}]},
    "partner_versions": {
        "version_ends_after_it_starts": [{"valid_to": "date '2026-01-05'"}],
        "one_open_version": [{"valid_from": EARLIER_DAY}],
        "partner_is_listed": [{"partner_id": "'nobody'"}],
    },
    "partner_touches": {
        "one_sourcing_touch": [{"partner_id": "'another'"}],
        "sourcing_is_valid": [{"is_valid": "false"}],
    },
    "identity_matches": {"a_match_has_an_id": [{"matched_id": "'S1'", "source_id": "'half'"}]},
    "identity_suggestions": {
        "score_is_a_share": [{"score": "1.1", "candidate_id": "'too alike'"}],
        "only_the_unmatched_is_suggested": [{"source_id": "'matched'"}],
    },
    "opportunities": {
        "won_is_not_open": [{"is_won": "true", "is_open": "true"}],
        "only_an_open_one_is_expected_to_close": [{"close_on": EARLIER_DAY}],
    },
    "pipeline_moves": {
        "moves_lead_from_opening_to_closing": [
            {"move": "'closing'", "position": "7", "amount": "1"}
        ],
        "opening_is_the_closing_before": [
            {"move": "'closing'", "position": "7", "amount": "5", "partner_id": "'other'"},
            {"period_start": "date '2026-04-05'", "amount": "4", "partner_id": "'other'"},
        ],
        "slipped_is_still_open": [
            {"move": "'closing'", "position": "7", "partner_id": "'third'"},
            {"move": "'slipped'", "position": "8", "partner_id": "'third'", "opportunities": "1"},
        ],
    },
    "referrals": {"only_a_won_referral_has_revenue": [{"status": "'lost'"}]},
    "registrations": {
        "only_an_approved_one_protects": [
            {"status": "'rejected'", "protected_until": "date '2026-04-05'"}
        ],
        "what_is_pending_is_not_decided": [
            {"status": "'pending'", "protected_until": "null", "decided_on": EARLIER_DAY}
        ],
    },
    "certificates": {"a_key_is_no_address": [{"person_key": "'jo@firm.example'"}]},
    "mdf_claims": {"what_is_granted_is_decided": [{"decided_on": "null"}]},
    "commission_lines": {
        "one_whole_is_shared": [{"split_position": "2", "split_share": "0.4"}],
        "what_is_converted_has_a_rate": [
            {"fx_rate": "null", "base_reporting": "null", "referral_id": "'without rate'"}
        ],
    },
    "commission_payments": {"only_what_is_paid_is_converted": [{"paid_on": "null"}]},
    "qbr_actions": {"what_is_open_is_not_done": [{"status": "'open'", "done_on": EARLIER_DAY}]},
    "entity_sources": {"rows_are_counted": [{"row_number": "0"}]},
    "landing_ledger": {
        "rows_add_up": [{"rows_read": "5"}],
        "a_refusal_has_a_reason": [{"status": "'refused'", "reason": "null"}],
        "only_a_held_or_refused_file_is_open": [{"status": "'loaded'", "is_open": "true"}],
    },
    "snapshot": {"one_row": [{"snapshot_id": "'second'"}]},
}


def create_batch(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """A temporary table `batch` with one good row."""
    columns = {column.lake_name: column.lake_type for column in contract.columns}
    columns |= {"_file_name": "VARCHAR", "_file_sha256": "VARCHAR", "_row_number": "BIGINT"}
    types = ", ".join(f'"{name}" {data_type}' for name, data_type in columns.items())
    connection.execute(f"create or replace temp table batch ({types})")
    insert(connection, "batch", contract, {})


def create_profile(
    connection: duckdb.DuckDBPyConnection, contract: Contract, resolved: int, former_runs: int
) -> None:
    """A view `profile`: this run's file with 10 references, and former runs of 100 rows each."""
    refs = "".join(
        f", 10 as ref_{column.name}_total, {resolved} as ref_{column.name}_resolved"
        for column in contract.columns
        if column.references
    )
    stamps = (
        "timestamp '2026-01-05 09:00:00' as first_at, timestamp '2026-01-05 10:00:00' as last_at"
    )
    connection.execute(
        f"create or replace temp view profile as"
        f" select date '2026-01-05' as day, {stamps}, 1 as row_count, 'new' as file_sha256,"
        f" 'run' as run_id, timestamp '2026-01-06' as loaded_at{refs}"
        f" union all by name select date '2026-01-05' as day, {stamps}, 100 as row_count,"
        f" 'old' || n as file_sha256, 'run ' || n as run_id from range({former_runs}) as t(n)"
    )


def create_snapshot(path: Path, contracts: dict[str, Contract]) -> duckdb.DuckDBPyConnection:
    """A snapshot file with one good row in every table."""
    connection = duckdb.connect(str(path))
    for table, contract in contracts.items():
        types = ", ".join(f'"{c.name}" {c.physical_type}' for c in contract.columns)
        connection.execute(f"create table {table} ({types})")
        insert(connection, table, contract, {})
    return connection


def insert(
    connection: duckdb.DuckDBPyConnection, table: str, contract: Contract, changes: dict[str, str]
) -> None:
    """Insert the good row of a contract, changed."""
    values = {}
    for column in contract.columns:
        is_entity = contract.source != "serving"
        name, data_type = (
            (column.lake_name, column.lake_type) if is_entity
            else (column.name, column.physical_type)
        )  # fmt: skip
        values[name] = _VALUES[data_type].format(name=name)
        if column.allowed:
            values[name] = f"'{column.allowed[0]}'"
    if contract.source != "serving":
        values |= _META
    values |= _GOOD.get(contract.name, {}) | changes
    names = ", ".join(f'"{name}"' for name in values)
    connection.execute(f"insert into {table} ({names}) values ({', '.join(values.values())})")


def break_columns(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Break what the columns of a serving table promise: key, required, enum."""
    table = contract.entity
    insert(connection, table, contract, {})
    changes: dict[str, Any] = {c.name: "'unheard of'" for c in contract.columns if c.allowed}
    insert(connection, table, contract, changes)
    required = next((c.name for c in contract.columns if c.is_required), None)
    if required:
        insert(connection, table, contract, {required: "null"})
