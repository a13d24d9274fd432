"""Files as a whole: formats, dialects, encodings, and what is refused with which sentence."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import duckdb
import polars as pl
import pytest

from partner_kpis.landing import land_file, scan
from partner_kpis.sources_config import EntitySettings
from tests.unit.landing.landing_world import LandingWorld, adds_up

PROBES = "integration_id,checked_at,is_up,response_ms\n"
PROBE = "crm-sync,2026-03-01T10:00:00Z,true,120\n"
EVENT = {
    "messageId": "m1", "type": "track", "event": "Integration Called",
    "timestamp": "2026-03-01T10:00:00Z", "userId": "u1",
    "context": {"groupId": "0015500000Xyy06"},
    "properties": {"integration_id": "crm-sync", "status_code": 200},
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", PROBES + PROBE),
        ("a.csv.gz", gzip.compress((PROBES + PROBE).encode(), mtime=0)),
        ("a.tsv", (PROBES + PROBE).replace(",", "\t")),
        ("a.CSV", PROBES + PROBE),
        ("bom.csv", "\ufeff" + PROBES + PROBE),
        ("semicolon.csv", (PROBES + PROBE).replace(",", ";")),
        ("crlf.csv", (PROBES + PROBE).replace("\n", "\r\n")),
        ("no_last_newline.csv", (PROBES + PROBE).rstrip()),
        ("blank_lines.csv", "\n" + PROBES + "\n\n" + PROBE + "\n"),
        ("quoted.csv", PROBES + '"crm-sync","2026-03-01T10:00:00Z","true","120"\n'),
        ("headers.csv", "Integration ID,Checked-At,IS_UP,response_ms__c\n" + PROBE),
        (
            "a.jsonl",
            json.dumps(
                {"integration_id": "crm-sync", "checked_at": "2026-03-01T10:00:00Z",
                 "is_up": True, "response_ms": 120}
            ),
        ),
        (
            "a.json",
            json.dumps(
                {"data": [{"integrationId": "crm-sync", "checked_at": "2026-03-01 10:00:00 UTC",
                           "isUp": 1, "response_ms": 120.0}]}
            ),
        ),
    ],
)  # fmt: skip
def test_every_form_of_a_file_gives_the_same_row(
    world: LandingWorld, name: str, content: str | bytes
) -> None:
    record = world.land_one(f"sla/probe/{name}", content)
    assert (record.status, record.rows_read, record.rows_accepted) == ("loaded", 1, 1)
    columns = "integration_id, cast(checked_at as varchar), is_up, cast(response_ms as integer)"
    assert world.rows("sla/probe", columns) == [("crm-sync", "2026-03-01 10:00:00", True, 120)]


def test_parquet_may_hold_structs_or_dotted_names(world: LandingWorld, tmp_path: Path) -> None:
    pl.DataFrame([EVENT]).write_parquet(tmp_path / "structs.parquet")
    flat = {
        "messageId": "m2", "type": "track", "event": "Integration Called",
        "timestamp": EVENT["timestamp"], "context.groupId": "0015500000Xyy06",
        "properties.integration_id": "crm-sync", "properties.status_code": 200,
    }  # fmt: skip
    pl.DataFrame([flat]).write_parquet(tmp_path / "dotted.parquet")
    for name in ("structs", "dotted"):
        world.drop(f"telemetry/event/{name}.parquet", (tmp_path / f"{name}.parquet").read_bytes())
    assert [r.rows_accepted for r in world.land()] == [1, 1]
    columns = "context_group_id, properties_integration_id, properties_status_code"
    assert world.rows("telemetry/event", columns) == [("0015500000Xyy06AAB", "crm-sync", 200)] * 2


def test_flattened_json_names_are_the_nested_ones(world: LandingWorld) -> None:
    flat = {
        "message_id": "m1", "event": "x", "timestamp": "2026-03-01T10:00:00Z",
        "context_groupId": "acc", "properties.integration_id": "crm-sync",
    }  # fmt: skip
    record = world.land_one("telemetry/event/flat.jsonl", json.dumps(flat))
    assert record.rows_accepted == 1
    columns = "message_id, context_group_id, properties_integration_id"
    assert world.rows("telemetry/event", columns) == [("m1", "acc", "crm-sync")]


def test_windows_text_is_read_and_named(world: LandingWorld) -> None:
    text = "partner_id,name,partner_type,contract_start\nP-1,Müller & Söhne,sales,2024-01-01\n"
    record = world.land_one("prm/partner/windows.csv", text.encode("cp1252"))
    assert world.rows("prm/partner", "name") == [("Müller & Söhne",)]
    assert any("CP1252" in note for note in record.notes)


def test_declared_dialect_is_german(world: LandingWorld) -> None:
    world.settings["prm/referral"] = EntitySettings(
        encoding="cp1252", delimiter=";", decimal="comma", date_order="german",
        timezone="Europe/Berlin", columns={"revenue": "Umsatz"}, constants={"currency": "EUR"},
        values={"status": {"gewonnen": "won"}}, null_values=["-"],
    )  # fmt: skip
    record = world.land_one(
        "prm/referral/empfehlungen.csv",
        "referral_id;partner_id;direction;submitted_at;status;Umsatz;involvement\n"
        "R1;P-1;received;31.03.2026 09:30;gewonnen;12.500,50;-\n".encode("cp1252"),
    )
    assert record.rows_accepted == 1, world.faults(record)
    columns = (
        "cast(submitted_at as varchar), status, cast(revenue as double), currency, involvement"
    )
    assert world.rows("prm/referral", columns) == [
        ("2026-03-31 07:30:00", "won", 12500.5, "EUR", None)
    ]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("zero.csv", b"", "is empty"),
        ("spaces.csv", b" \n \n", "is empty"),
        ("login.csv", b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        ("utf16.csv", (PROBES + PROBE).encode("utf-16"), "UTF-16"),
        ("nul.csv", (PROBES + PROBE).encode() + b"\0", "NUL"),
        (
            "cut.csv.gz",
            gzip.compress((PROBES + PROBE * 500).encode(), mtime=0)[:-20],
            "damaged or was cut",
        ),
        ("not_gzip.csv.gz", (PROBES + PROBE * 2).encode(), "damaged or was cut"),
        ("cut.json", b'[{"integration_id": "a"', "not complete JSON"),
        ("two_arrays.json", b'{"a": [], "b": []}', "holds no array of rows, or more than one"),
        ("broken.parquet", b"PAR1 not really", "no readable Parquet"),
        ("notes.docx", b"x", "no ending that can be read"),
        (
            "missing.csv",
            b"integration_id,is_up\nx,true\n",
            "required column is missing: checked_at",
        ),
        (
            "doubled.csv",
            b"integration_id,Integration ID,checked_at,is_up\na,b,2026-03-01,true\n",
            "are both integration_id",
        ),
        (
            "open_quote.csv",
            (PROBES + '"crm-sync,2026-03-01T10:00:00Z,true,120\n' + PROBE * 3).encode(),
            "never closed",
        ),
        ("neither.csv", PROBES.encode() + b"\x81\x8d\x8f,2026-03-01,true,1\n", "neither UTF-8 nor"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence_and_the_others_still_load(
    world: LandingWorld, name: str, content: bytes, says: str
) -> None:
    world.drop("sla/probe/good.csv", PROBES + PROBE)
    world.drop(f"sla/probe/{name}", content)
    records = {record.file_name: record for record in world.land()}
    bad, good = records[f"sla/probe/{name}"], records["sla/probe/good.csv"]
    assert bad.status == "refused"
    assert says in (bad.reason or "")
    assert good.status == "loaded"
    assert world.land() == []


def test_a_folder_that_no_contract_knows_is_said(world: LandingWorld) -> None:
    record = world.land_one("salesforce/oportunity/a.csv", "Id\n1\n")
    assert record.status == "refused"
    assert "salesforce/opportunity" in (record.reason or "")


def test_a_refused_file_is_tried_again_once_its_settings_change(world: LandingWorld) -> None:
    content = "integration,checked_at,is_up\ncrm-sync,2026-03-01,true\n"
    assert world.land_one("sla/probe/a.csv", content).status == "refused"
    world.settings["sla/probe"] = EntitySettings(columns={"integration_id": "integration"})
    (record,) = world.land()
    assert (record.status, record.rows_accepted) == ("loaded", 1)
    assert world.land() == []


def test_salesforce_report_footers_are_stripped_and_counted(world: LandingWorld) -> None:
    record = world.land_one(
        "salesforce/account/report.csv",
        'Account ID,Account Name,Website\n"001A","Acme",\n"001B","Beta",\n\n'
        '"Grand Totals (2 records)","",""\n\n"Partner accounts"\n'
        '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n'
        '"Confidential Information - Do Not Distribute"\n"Generated By:  Somebody 1/1/2026"\n'
        '"Example Company"\n',
    )
    assert (record.rows_read, record.rows_accepted) == (2, 2)
    assert any("6 footer lines stripped" in note for note in record.notes)


def test_declared_footers_are_stripped_anywhere(world: LandingWorld) -> None:
    world.settings["sla/probe"] = EntitySettings.model_validate(
        {"row_filter": {"exclude_first_column_prefix": ["Summe"]}}
    )
    record = world.land_one("sla/probe/a.csv", PROBES + "Summe,,,5\n" + PROBE)
    assert (record.rows_read, record.rows_accepted) == (1, 1)


def test_the_ecb_file_becomes_one_row_a_currency(world: LandingWorld) -> None:
    record = world.land_one(
        "finance/ecb_rate/eurofxref-hist.csv",
        "Date,USD,JPY,CYP,\n2026-04-13,1.1684,186.75,N/A,\n2026-04-10,1.1711,186.43,N/A,\n",
    )
    assert (record.rows_read, record.rows_accepted, record.rows_ignored) == (6, 4, 2)
    assert adds_up(record)
    columns = "cast(rate_date as varchar), currency, cast(rate as double)"
    assert sorted(world.rows("finance/ecb_rate", columns)) == [
        ("2026-04-10", "JPY", 186.43), ("2026-04-10", "USD", 1.1711),
        ("2026-04-13", "JPY", 186.75), ("2026-04-13", "USD", 1.1684),
    ]  # fmt: skip


def test_a_status_page_as_served_gives_its_page_to_every_incident(world: LandingWorld) -> None:
    document = {
        "page": {"id": "page1", "name": "Example"},
        "incidents": [
            {"id": "i1", "name": "Down", "impact": "major", "created_at": "2026-03-01T10:00:00Z",
             "resolved_at": None, "components": [{"name": " API "}, {"name": "Webhooks"}]},
        ],
    }  # fmt: skip
    record = world.land_one("sla/statuspage_incident/incidents.json", json.dumps(document))
    assert record.rows_accepted == 1
    assert world.rows("sla/statuspage_incident", "page_id, components, resolved_at") == [
        ("page1", '["API","Webhooks"]', None)
    ]
    assert record.profile[0].day == "2026-03-01"  # started_at is missing: created_at counts


def test_a_history_mode_file_is_read_as_history(world: LandingWorld) -> None:
    record = world.land_one(
        "salesforce/opportunity_history/history.csv",
        "id,stage_name,created_date,_fivetran_start,_fivetran_active\n"
        "006A,Open,2025-01-01 00:00:00,2026-01-01 00:00:00,false\n"
        "006A,Won,2025-01-01 00:00:00,2026-02-01 00:00:00,true\n",
    )
    assert record.rows_accepted == 2
    columns = "id, opportunity_id, cast(created_date as varchar)"
    assert world.rows("salesforce/opportunity_history", columns) == [
        ("006A|2026-01-01 00:00:00", "006A", "2026-01-01 00:00:00"),
        ("006A|2026-02-01 00:00:00", "006A", "2026-02-01 00:00:00"),
    ]


def test_an_upptime_summary_has_a_row_for_each_service_and_day_with_minutes_down(
    world: LandingWorld,
) -> None:
    services = [
        {"slug": "sync-api", "name": "Sync API", "uptime": "99.90%",
         "dailyMinutesDown": {"2026-08-01": 12, "2026-08-14": 3}},
        {"slug": "quiet", "name": "Quiet", "uptime": "100.00%", "dailyMinutesDown": {}},
    ]  # fmt: skip
    record = world.land_one("sla/upptime_summary/summary.json", json.dumps(services))
    assert (record.status, record.rows_accepted) == ("loaded", 2)
    assert world.rows(
        "sla/upptime_summary", "slug, cast(day as varchar), cast(minutes_down as integer)"
    ) == [("sync-api", "2026-08-01", 12), ("sync-api", "2026-08-14", 3)]


def test_a_document_without_rows_says_that_there_is_nothing(world: LandingWorld) -> None:
    quiet = json.dumps([{"slug": "quiet", "dailyMinutesDown": {}}])
    assert world.land_one("sla/upptime_summary/quiet.json", quiet).status == "loaded"
    record = world.land_one("sla/statuspage_incident/none.json", '{"incidents": []}')
    assert (record.status, record.rows_read, record.missing_columns) == ("loaded", 0, ())


def test_another_document_is_no_upptime_summary(world: LandingWorld) -> None:
    record = world.land_one("sla/upptime_summary/other.json", '[{"slug": "a"}]')
    assert record.status == "refused"
    assert "dailyMinutesDown" in (record.reason or "")


def test_a_file_without_read_rights_is_refused_until_it_can_be_read(
    world: LandingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = scan.sha256_of

    def locked(path: Path) -> str:
        if path.name == "locked.csv":
            raise PermissionError(13, "Permission denied")
        return real(path)

    world.drop("sla/probe/good.csv", PROBES + PROBE)
    world.drop("sla/probe/locked.csv", PROBES + PROBE.replace("crm", "erp"))
    with monkeypatch.context() as patch:
        patch.setattr(scan, "sha256_of", locked)
        good, bad = world.land()
        assert world.land() == []
    assert good.status == "loaded"
    assert bad.status == "refused" and "cannot be opened (Permission denied)" in (bad.reason or "")
    (record,) = world.land()
    assert (record.status, record.rows_accepted) == ("loaded", 1)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (duckdb.OutOfMemoryException("x"), "needs more memory"),
        (RuntimeError("bad\ncast"), "It cannot be read (bad)"),
        (PermissionError(13, "Permission denied"), "cannot be opened (Permission denied)"),
    ],
)
def test_whatever_one_file_does_to_its_reader_the_others_still_load(
    world: LandingWorld, monkeypatch: pytest.MonkeyPatch, error: Exception, says: str
) -> None:
    real = land_file.read_csv

    def strange(connection: object, path: Path, *more: object) -> object:
        if path.name == "strange.csv":
            raise error
        return real(connection, path, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(land_file, "read_csv", strange)
    world.drop("sla/probe/good.csv", PROBES + PROBE)
    world.drop("sla/probe/strange.csv", PROBES + PROBE * 2)
    good, bad = world.land()
    assert good.status == "loaded"
    assert bad.status == "refused" and says in (bad.reason or "")


def test_a_full_disk_is_no_fault_of_a_file(
    world: LandingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> object:
        raise OSError(28, "No space left on device")

    world.drop("sla/probe/good.csv", PROBES + PROBE)
    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
        patch.setattr(land_file, "read_csv", full)
        world.land()
    (record,) = world.land()
    assert record.status == "loaded"
