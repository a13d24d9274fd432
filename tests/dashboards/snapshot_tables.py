"""The tables of a snapshot and the KPIs of the hand-made one.

Belongs here: columns as the serving contract names them, definitions and targets for tests.
Does not belong here: rows (snapshot_fixture.py).
"""

from __future__ import annotations

from typing import Any

DDL = {
    "kpi_catalogue": """kpi_id varchar, family varchar, label_en varchar, label_de varchar,
        description_en varchar, description_de varchar, kind varchar, is_balance boolean,
        unit varchar, direction varchar, rhythm varchar, signal varchar, dimensions varchar[],
        sample_basis varchar, needs varchar[], owner varchar, runbook varchar,
        definition_version varchar, value_factor bigint, pinned_position bigint,
        lineage varchar[]""",
    "kpi_observations": """kpi_id varchar, observed_on date, partner_id varchar,
        entity_type varchar, entity_id varchar, numerator decimal(28,9),
        denominator decimal(28,9)""",
    "kpi_values": """kpi_id varchar, dimension varchar, member varchar, period_type varchar,
        period_start date, period_end date, is_complete boolean, numerator decimal(38,9),
        denominator decimal(38,9), value double, sample_size bigint, reason varchar""",
    "kpi_scorecard": """kpi_id varchar, dimension varchar, member varchar, period_type varchar,
        period_start date, value double, previous_value double, year_ago_value double,
        baseline decimal(28,9), target decimal(28,9), corridor_low decimal(28,9),
        corridor_high decimal(28,9),
        status varchar, trend varchar, objective varchar""",
    "health_components": """partner_id varchar, period_start date, component varchar,
        measure double, score decimal(28,9), weight decimal(28,9), contribution decimal(28,9),
        policy_weight decimal(28,9)""",
    "health_moves": """partner_id varchar, period_start date, component varchar,
        next_band varchar, points_missing decimal(28,9), quantity double, needed double,
        best double, unit varchar, is_reachable boolean, effort double, rank bigint""",
    "time_to_event": """kpi_id varchar, dimension varchar, member varchar, cohort varchar,
        day bigint, started bigint, at_risk bigint, finished bigint, finished_share double,
        median_days double""",
    "objectives": """objective varchar, kpi_id varchar, dimension varchar, member varchar,
        period_type varchar, period_start date, baseline decimal(28,9), target decimal(28,9),
        value double, progress double, status varchar""",
    "partners": """partner_id varchar, name varchar, partner_type varchar,
        engagement_model varchar, tier varchar, region varchar, country varchar,
        partner_manager varchar, contract_start date, contract_end date, status varchar""",
    "partner_versions": """partner_id varchar, valid_from date, valid_to date, tier varchar,
        partner_type varchar, region varchar""",
    "partner_touches": """opportunity_id varchar, partner_id varchar, role varchar,
        evidence varchar, touched_at timestamp, is_valid boolean, is_sourcing boolean""",
    "opportunities": """opportunity_id varchar, account_id varchar, name varchar, stage varchar,
        amount decimal(28,9), currency varchar, amount_reporting decimal(28,9), created_on date,
        closed_on date, is_open boolean, is_won boolean, close_on date, stage_since_on date,
        is_confidential boolean""",
    "pipeline_moves": """partner_id varchar, period_start date, position bigint, move varchar,
        opportunities bigint, amount decimal(28,9)""",
    "referrals": """referral_id varchar, partner_id varchar, direction varchar, status varchar,
        submitted_on date, first_response_hours double, decided_on date, opportunity_id varchar,
        revenue_reporting decimal(28,9)""",
    "certificates": """partner_id varchar, person_key varchar, certification varchar,
        track varchar, issued_on date, expires_on date""",
    "mdf_claims": """claim_id varchar, partner_id varchar, campaign_id varchar, status varchar,
        requested decimal(28,9), approved decimal(28,9), paid decimal(28,9), submitted_on date,
        decided_on date""",
    "qbr_actions": """action_id varchar, partner_id varchar, quarter varchar, side varchar,
        text varchar, owner varchar, due_on date, done_on date, status varchar""",
    "entity_sources": """entity_type varchar, entity_id varchar, source varchar, entity varchar,
        primary_key varchar, file_name varchar, file_sha256 varchar, row_number bigint,
        version_at timestamp, row_count bigint, first_day date, last_day date""",
    "source_freshness": """source varchar, entity varchar, last_loaded_at timestamp,
        data_until date, rows bigint, status varchar""",
    "landing_ledger": """file_sha256 varchar, file_name varchar, source varchar, entity varchar,
        contract_version varchar, version_rule varchar, loaded_at timestamp,
        ordered_at timestamp, min_date date, max_date date, rows_read bigint,
        rows_accepted bigint, rows_quarantined bigint, rows_duplicate bigint,
        rows_ignored bigint, status varchar, reason varchar, reason_de varchar,
        is_open boolean generated always as (status in ('refused', 'held'))""",
    "quarantined_rows": """file_name varchar, row_number bigint, source varchar, entity varchar,
        column_name varchar, rule varchar, message varchar, message_de varchar""",
    "findings": """finding varchar, severity varchar, source varchar, entity varchar,
        subject varchar, message_en varchar, message_de varchar, row_count bigint""",
    "identity_matches": """kind varchar, source varchar, entity varchar, source_id varchar,
        matched_id varchar, method varchar""",
    "identity_suggestions": """kind varchar, source varchar, entity varchar, source_id varchar,
        source_name varchar, candidate_id varchar, candidate_name varchar, score double""",
    "snapshot": """snapshot_id varchar, run_id varchar, as_of date, known_at timestamp,
        created_at timestamp, code_version varchar, policies_hash varchar,
        definitions_hash varchar, reporting_currency varchar, min_sample bigint,
        health_healthy_from double, health_watch_from double""",
}

_EVERYWHERE = ["programme", "partner", "tier", "partner_type", "region"]


def _whole(*told: Any) -> tuple[Any, ...]:
    """A row of the catalogue: what is told of the KPI, and what is the same for all here."""
    way = [f"kpi_{told[0]}: int_opportunities__stated, prm/referral",
           "int_opportunities__stated: salesforce/opportunity"]  # fmt: skip
    return (*told, 1, None, way)


CATALOGUE = [
    _whole("partner_influenced_pipeline", "value", "Partner-influenced pipeline",
     "Partnerbeeinflusste Pipeline",
     "Share of the open pipeline that at least one partner influenced.",
     "Anteil der offenen Pipeline, den mindestens ein Partner beeinflusst hat.",
     "share", True, "percent", "higher", "month", "lagging", _EVERYWHERE, "entities",
     ["crm", "touches"], "Partner management", "docs/runbooks/partner_influenced_pipeline.md",
     "1.0.0"),
    _whole("partner_win_rate", "value", "Partner win rate", "Abschlussquote mit Partnern",
     "Share of the closed deals with partner influence that were won.",
     "Anteil der gewonnenen an den abgeschlossenen Opportunities mit Partnereinfluss.",
     "ratio", False, "percent", "higher", "month", "lagging", _EVERYWHERE, "entities",
     ["crm", "touches"], "Partner management", "docs/runbooks/partner_win_rate.md", "1.0.0"),
    _whole("time_to_activation", "adoption", "Time to activation", "Zeit bis zur Aktivierung",
     "Median days from installing an integration to its first value.",
     "Median der Tage von der Installation einer Integration bis zum ersten Nutzen.",
     "median", False, "days", "lower", "week", "leading", _EVERYWHERE, "entities",
     ["telemetry/event", "registry/integration"], "Customer success",
     "docs/runbooks/time_to_activation.md", "1.0.0"),
    _whole("integration_uptime", "reliability", "Integration uptime",
     "Verfügbarkeit der Integrationen",
     "Share of the minutes outside maintenance in which integrations were up.",
     "Anteil der Minuten außerhalb der Wartung, in denen Integrationen verfügbar waren.",
     "ratio", False, "percent", "higher", "day", "lagging", _EVERYWHERE, "none",
     ["registry/integration", "outages"], "Platform operations",
     "docs/runbooks/integration_uptime.md", "1.0.0"),
]  # fmt: skip

HEALTH = _whole("partner_health_score", "portfolio", "Partner health score", "Gesundheitswert",
    "Weighted points of activity, pipeline, certification, marketing, reliability, satisfaction.",
    "Gewichtete Punkte aus Aktivität, Pipeline, Zertifizierung, Marketing und mehr.",
    "ratio", True, "score", "higher", "month", "leading", _EVERYWHERE, "none",
    ["crm"], "Partner management", "docs/runbooks/partner_win_rate.md", "1.0.0")  # fmt: skip

# (kpi, dimension) → baseline, target, corridor_low, corridor_high
TARGETS = {
    ("partner_influenced_pipeline", "programme"): (0.5, 0.6, 0.5, 0.8),
    ("partner_influenced_pipeline", "tier"): (0.2, 0.25, 0.15, None),
    ("partner_win_rate", "programme"): (0.4, 0.5, 0.4, None),
    ("partner_win_rate", "partner"): (0.4, 0.5, 0.4, None),
    ("time_to_activation", "programme"): (12.0, 9.0, None, 14.0),
    ("time_to_activation", "partner"): (12.0, 9.0, None, 14.0),
    ("partner_health_score", "partner"): (50.0, 75.0, 50.0, None),
    ("integration_uptime", "programme"): (0.995, 0.999, 0.995, None),
    ("integration_uptime", "partner"): (0.995, 0.999, 0.995, None),
}
