"""Rows: promises on single values, accounting, personal data, drift."""

from __future__ import annotations

import json

import duckdb
import pytest

from partner_kpis.landing.scan import export_date_of
from partner_kpis.sources_config import EntitySettings
from tests.unit.landing.landing_world import CONTRACTS, LandingWorld, adds_up

PARTNER = "partner_id,name,partner_type,contract_start,currency,crm_account_id,tier\n"
REFERRAL = "referral_id,partner_id,direction,submitted_at,status,revenue\n"


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        ("P-1,,sales,2024-01-01,EUR,,", "name", "required"),
        ("P-1,   ,sales,2024-01-01,EUR,,", "name", "required"),
        ("P-1,A,broker,2024-01-01,EUR,,", "partner_type", "allowed_values"),
        ("P-1,A,sales,2024-02-30,EUR,,", "contract_start", "type"),
        ("P-1,A,sales,01.02.2024,EUR,,", "contract_start", "type"),
        ("P-1,A,sales,02/01/2024,EUR,,", "contract_start", "type"),
        ("P-1,A,sales,2024-01-01,EURO,,", "currency", "currency"),
    ],
)
def test_a_bad_value_goes_to_quarantine_with_row_column_and_rule(
    world: LandingWorld, row: str, column: str, rule: str
) -> None:
    good = "P-2,B,service,2024-01-01,USD,,gold"
    record = world.land_one("prm/partner/a.csv", f"{PARTNER}{good}\n{row}\n")
    assert (record.rows_accepted, record.rows_quarantined) == (1, 1)
    assert adds_up(record)
    assert [(n, c, r.split(":")[0].split("_date")[0]) for n, c, r in world.faults(record)] == [
        (2, column, rule)
    ]


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1234.5", None, 1234.5), ("1,234.50", None, 1234.5), ("-3e2", None, -300.0),
        ("1,234,567", None, 1234567.0), ("1,234", None, None), ("1.234,5", None, None),
        ("12 EUR", None, None), ("1,234", "point", 1234.0), ("1.234,5", "comma", 1234.5),
        ("1.234", "comma", 1234.0), ("1,5", "comma", 1.5), ("1.5", "comma", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_declared_and_never_guessed(
    world: LandingWorld, text: str, decimal: str | None, value: float | None
) -> None:
    world.settings["prm/referral"] = EntitySettings.model_validate({"decimal": decimal})
    record = world.land_one(
        "prm/referral/a.csv", f'{REFERRAL}R1,P-1,received,2026-01-01,won,"{text}"\n'
    )
    if value is None:
        assert record.rows_quarantined == 1
    else:
        assert world.rows("prm/referral", "cast(revenue as double)") == [(value,)]


@pytest.mark.parametrize(
    ("text", "settings", "utc"),
    [
        ("2026-03-31T09:30:00Z", {}, "2026-03-31 09:30:00"),
        ("2026-03-31T09:30:00.000+0000", {}, "2026-03-31 09:30:00"),
        ("2026-03-31 09:30:00 UTC", {}, "2026-03-31 09:30:00"),
        ("2026-03-31T11:30:00+02:00", {}, "2026-03-31 09:30:00"),
        ("2026-03-31 09:30", {}, "2026-03-31 09:30:00"),
        ("2026-03-31 11:30", {"timezone": "Europe/Berlin"}, "2026-03-31 09:30:00"),
        ("2025-10-26 02:30:00", {"timezone": "Europe/Berlin"}, "2025-10-26 00:30:00"),
        ("31.03.2026 09:30", {"date_order": "german"}, "2026-03-31 09:30:00"),
        ("3/31/2026 9:30 PM", {"date_order": "us"}, "2026-03-31 21:30:00"),
        ("31.03.2026 09:30", {}, None),
        ("yesterday", {}, None),
    ],
)
def test_timestamps_become_utc(
    world: LandingWorld, text: str, settings: dict[str, str], utc: str | None
) -> None:
    world.settings["prm/referral"] = EntitySettings.model_validate(settings)
    record = world.land_one("prm/referral/a.csv", f"{REFERRAL}R1,P-1,received,{text},won,1\n")
    if utc is None:
        assert record.rows_quarantined == 1
    else:
        assert world.rows("prm/referral", "cast(submitted_at as varchar)") == [(utc,)]


def test_rows_wider_or_narrower_than_the_header_are_bad_and_keep_their_numbers(
    world: LandingWorld,
) -> None:
    record = world.land_one(
        "prm/partner/a.csv",
        PARTNER + "P-1,A,sales,2024-01-01,EUR,,\nP-2,B,sales\n"
        "P-3,C,sales,2024-01-01,EUR,,,,too many\n\nP-4,D,sales,2024-01-01,EUR,,gold\n",
    )
    assert (record.rows_read, record.rows_accepted, record.rows_quarantined) == (4, 2, 2)
    assert world.faults(record) == [(2, None, "row_shape"), (3, None, "row_shape")]
    assert world.rows("prm/partner", "_row_number, tier") == [(1, None), (4, "gold")]


def test_a_line_that_is_no_json_is_one_bad_row(world: LandingWorld) -> None:
    good = {"messageId": "m1", "event": "x", "timestamp": "2026-03-01T10:00:00Z"}
    lines = [json.dumps(good), "{broken", "[1]", json.dumps({**good, "messageId": "m2"})]
    record = world.land_one("telemetry/event/a.jsonl", "\n".join(lines))
    assert (record.rows_read, record.rows_accepted, record.rows_quarantined) == (4, 2, 2)
    assert [row[0] for row in world.faults(record)] == [2, 3]


def test_segment_lines_that_are_no_track_are_ignored_on_purpose(world: LandingWorld) -> None:
    lines = [
        {"messageId": "1", "type": "track", "event": "x", "timestamp": "2026-03-01T10:00:00Z"},
        {"messageId": "2", "type": "page", "timestamp": "2026-03-01T10:00:00Z"},
        {"messageId": "3", "event": "x", "timestamp": "2026-03-01T10:00:00Z"},
        {"messageId": "4", "type": "track", "timestamp": "2026-03-01T10:00:00Z"},
    ]
    record = world.land_one("telemetry/event/a.jsonl", "\n".join(map(json.dumps, lines)))
    assert (record.rows_accepted, record.rows_ignored, record.rows_quarantined) == (2, 1, 1)
    assert adds_up(record)


def test_salesforce_ids_are_widened_in_every_source(world: LandingWorld) -> None:
    world.land_one(
        "prm/partner/a.csv", PARTNER + "P-1,A,sales,2024-01-01,EUR,0015500000Xyy06,gold\n"
    )
    assert world.rows("prm/partner", "crm_account_id") == [("0015500000Xyy06AAB",)]


def test_personal_values_are_kept_apart(world: LandingWorld) -> None:
    record = world.land_one(
        "salesforce/lead/a.csv",
        "Id,Email,CreatedDate,Phone\n00Q1,kim@example.com,2026-01-01,+49 1\n"
        "00Q2,lee@example.com,not a date,+49 2\n",
    )
    (email_hash,) = world.rows("salesforce/lead", "email_hash")[0]
    assert len(email_hash) == 64
    outside = [
        path
        for path in world.home.root.rglob("*")
        if path.is_file()
        and world.home.personal not in path.parents
        and world.home.landing not in path.parents
        and (b"kim@" in path.read_bytes() or b"lee@" in path.read_bytes())
    ]
    assert outside == []
    kept = duckdb.execute(
        "select _row_number, email, _unknown, _raw is not null from read_parquet($1) order by 1",
        [str(world.home.root / record.personal_parts[0])],
    ).fetchall()
    assert [row[:2] for row in kept] == [(1, "kim@example.com"), (2, "lee@example.com")]
    assert json.loads(kept[0][2]) == {"Phone": "+49 1"}
    assert kept[1][3]
    assert world.rows("salesforce/lead", "_row_number") == [(1,)]


def test_drift_is_named_once(world: LandingWorld) -> None:
    record = world.land_one(
        "sla/probe/a.csv", "integration_id,checked_at,is_up,colour\na,2026-01-01,true,blue\n"
    )
    assert record.unknown_columns == ("colour",)
    assert record.missing_columns == ("response_ms",)


def test_the_profile_counts_days_and_resolved_references(world: LandingWorld) -> None:
    world.drop(
        "registry/integration/a.csv", "integration_id,partner_id,name\ncrm-sync,P-1,CRM sync\n"
    )
    world.drop(
        "sla/probe/a.csv",
        "integration_id,checked_at,is_up\ncrm-sync,2026-01-01T23:00:00Z,1\n"
        "crm-sync,2026-01-02T01:00:00Z,0\nunknown,2026-01-02T01:00:00Z,1\n",
    )
    probe = next(record for record in world.land() if record.entity == "probe")
    assert [(d.day, d.rows, d.references["integration_id"]) for d in probe.profile] == [
        ("2026-01-01", 1, (1, 1)), ("2026-01-02", 2, (2, 1)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("salesforce/opportunity/2026-10-01/full.csv", "2026-10-01"),
        ("salesforce/opportunity/full_20261001.csv", "2026-10-01"),
        ("salesforce/opportunity/full.csv", None),
        ("salesforce/opportunity/20261399.csv", None),
        ("salesforce/opportunity/120261001.csv", None),
        ("salesforce/opportunity/2026-09-30/export-2026-10-02.csv", "2026-10-02"),
    ],
)
def test_the_export_date_stands_in_the_path(name: str, expected: str | None) -> None:
    found = export_date_of(name)
    assert (str(found) if found else None) == expected


def test_every_contract_reads_its_own_template(world: LandingWorld) -> None:
    from partner_kpis.contracts.template import template_rows

    for name, contract in CONTRACTS.items():
        if contract.custom.get("reader") == "statuspage":
            continue
        lines = [",".join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in row)
                 for row in template_rows(contract)]  # fmt: skip
        world.drop(f"{name}/template.csv", "\n".join(lines))
    for record in world.land():
        faults = world.faults(record) if record.quarantine_part else []
        assert (record.status, record.rows_accepted, faults) == ("loaded", 2, []), record


def test_a_bound_may_depend_on_another_column(world: LandingWorld) -> None:
    record = world.land_one(
        "survey/response/responses.csv",
        "response_id,survey,score,responded_at\n"
        "r1,integration_nps,0,2026-03-01\nr2,integration_nps,11,2026-03-01\n"
        "r3,csat,5,2026-03-01\nr4,csat,0,2026-03-01\nr5,csat,6,2026-03-01\n"
        "r6,ces,7,2026-03-01\nr7,ces,8,2026-03-01\n",
    )
    assert (record.rows_accepted, record.rows_quarantined) == (3, 4)
    assert [fault[:2] for fault in world.faults(record)] == [
        (2, "score"), (4, "score"), (5, "score"), (7, "score"),
    ]  # fmt: skip
