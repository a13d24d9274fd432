"""What landing says, it says in English and German; what older versions wrote is still read."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from partner_kpis.contracts.expectations import PromiseResult
from partner_kpis.file_tables import ledger_frame, quarantine_frame
from partner_kpis.home import DataHome
from partner_kpis.landing import judge as judging
from partner_kpis.landing.judge import judge
from partner_kpis.landing.ledger import Ledger
from partner_kpis.landing.records import World, sentence
from partner_kpis.publish import promise_findings
from partner_kpis.text import Bilingual
from tests.unit.landing.landing_world import CONTRACTS, LandingWorld

PROBES = "integration_id,checked_at,is_up,response_ms\n"
PROBE = "crm-sync,2026-03-01T10:00:00Z,true,120\n"
BROKEN = PromiseResult(
    contract="sla/probe", promise_id="p", severity="error", description="All is well.",
    passed=False, observed="1 row", unexpected=1, sample=("sla/probe/a.csv row 1",),
    description_de="Alles ist gut.", observed_de="1 Zeile",
)  # fmt: skip


def _ledger(world: LandingWorld) -> pl.DataFrame:
    return ledger_frame(Ledger.read(world.home))


def test_a_refused_file_says_why_in_both_languages(world: LandingWorld) -> None:
    record = world.land_one("sla/probe/a.csv", "integration_id,is_up\nx,true\n")
    assert (record.reason or "").startswith("The required column is missing: checked_at.")
    assert (record.reason_de or "").startswith("Die erforderliche Spalte fehlt: checked_at.")
    row = _ledger(world).row(0, named=True)
    assert (row["reason"], row["reason_de"]) == (record.reason, record.reason_de)


def test_an_unknown_folder_is_said_in_both_languages(world: LandingWorld) -> None:
    record = world.land_one("sla/prob/a.csv", PROBES)
    assert "is no folder of a known entity" in (record.reason or "")
    assert "gehört zu keiner bekannten Entität" in (record.reason_de or "")


def test_two_columns_that_become_one_are_named_in_both_languages(world: LandingWorld) -> None:
    record = world.land_one("sla/probe/a.csv", "is_up,integration_id,Integration ID,checked_at\n")
    assert "'integration_id' and 'Integration ID' are both integration_id" in (record.reason or "")
    assert "'integration_id' und 'Integration ID' sind beide" in (record.reason_de or "")


@pytest.mark.parametrize(
    ("name", "content", "english", "german"),
    [
        ("sla/probe/a.csv", PROBES + "x,2026-03-01T10:00:00Z,maybe,1\n",
         "is_up is not true or false. Mend the row and land it again.",
         "is_up ist weder true noch false. Berichtigen Sie die Zeile und legen Sie sie erneut ab."),
        ("sla/probe/b.csv", PROBES + "x,2026-03-01\n",
         "The row has more or fewer fields than the header; a delimiter or a quote inside a field "
         "is missing or not quoted. Mend the row and land it again.",
         "Die Zeile hat mehr oder weniger Felder als die Kopfzeile;"),
        ("sla/probe/c.jsonl", "[1]\n" + json.dumps(
            {"integration_id": "x", "checked_at": "2026-03-01T10:00:00Z", "is_up": True}),
         "The line is no JSON object.", "Die Zeile ist kein JSON-Objekt."),
        ("lms/certification/e.csv",
         "person_id,partner_id,certification,track,issued_on\na@b.de,P1,Pro,sales,2026-01-15\n",
         "person_id should be an id without @ or blanks. Mend the row",
         "person_id soll eine Kennung ohne @ und Leerzeichen sein. Berichtigen Sie die Zeile"),
        ("finance/ecb_rate/d.csv", "Date,USD\n2026-04-13,cheap\n",
         "A rate is not a number with a decimal point", "Ein Kurs ist keine Zahl"),
    ],
)  # fmt: skip
def test_a_bad_row_says_what_to_do_in_both_languages(
    world: LandingWorld, name: str, content: str, english: str, german: str
) -> None:
    record = world.land_one(name, content)
    assert record.rows_quarantined == 1
    (row,) = quarantine_frame(world.home, Ledger.read(world.home)).iter_rows(named=True)
    assert row["message"].startswith(english)
    assert row["message_de"].startswith(german)


def test_notes_and_drift_are_told_in_both_languages(world: LandingWorld) -> None:
    text = "integration_id;checked_at;is_up;colour\ncrm-sync;2026-03-01T10:00:00Z;true;grün\n"
    world.land_one("sla/probe/a.csv", text.encode("cp1252"))
    row = _ledger(world).row(0, named=True)
    assert row["reason"] == (
        "Unknown columns kept aside: colour. Optional columns missing: response_ms. "
        "Read as CP1252 (UTF-8 failed). Delimiter semicolon."
    )
    assert row["reason_de"] == (
        "Unbekannte Spalten beiseitegelegt: colour. Optionale Spalten fehlen: response_ms. "
        "Als CP1252 gelesen (kein gültiges UTF-8). Trennzeichen Semikolon."
    )


def test_a_held_file_and_a_warning_are_told_in_both_languages(
    world: LandingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    warning = PromiseResult(**{**vars(BROKEN), "severity": "warning", "promise_id": "w"})
    monkeypatch.setattr(judging, "_check", lambda *_: [(BROKEN, warning)])
    world.drop("sla/probe/a.csv", PROBES + PROBE)
    (record,) = world.land(promote=False)
    ledger = Ledger.read(world.home)
    said: list[str] = []
    judge(world.home, World(CONTRACTS, world.settings), ledger, "r", date(2026, 3, 1), said.append)
    ledger = Ledger.read(world.home)
    held = ledger.get(record.record_id)
    assert held.status == "held"
    assert "(p: All is well; found: 1 row (sla/probe/a.csv row 1))" in (held.reason or "")
    assert "(p: Alles ist gut; gefunden: 1 Zeile (sla/probe/a.csv Zeile 1))" in (
        held.reason_de or ""
    )
    assert said == [f"sla/probe: held. {held.reason}"]
    assert findings(ledger) == [
        (
            "w",
            "All is well; found: 1 row (sla/probe/a.csv row 1)",
            "Alles ist gut; gefunden: 1 Zeile (sla/probe/a.csv Zeile 1)",
        )
    ]


def test_what_was_written_before_there_was_german_is_still_read(world: LandingWorld) -> None:
    world.drop("sla/probe/bad.csv", "")
    world.drop("sla/probe/row.csv", PROBES + "x,2026-03-01T10:00:00Z,maybe,1\n" + PROBE)
    world.land()
    Ledger.read(world.home).commit("w", warnings={"sla/probe": [Bilingual("w: a", "w: b")]})
    _forget_german(world.home)
    ledger = Ledger.read(world.home)
    for row in ledger_frame(ledger).iter_rows(named=True):
        assert row["reason_de"] == row["reason"]
    rows = quarantine_frame(world.home, ledger)
    assert rows.height == 1
    assert rows["message_de"].to_list() == rows["message"].to_list()
    assert findings(ledger) == [("w", "a", "a")]


def findings(ledger: Ledger) -> list[tuple[Any, ...]]:
    return promise_findings(ledger).select("subject", "message_en", "message_de").rows()


def _forget_german(home: DataHome) -> None:
    """Turn the ledger and the quarantine into what the version before wrote."""
    for path in home.ledger.glob("*.json"):
        commit = json.loads(path.read_text(encoding="utf-8"))
        del commit["warnings_de"]
        for entry in commit["records"]:
            del entry["reason_de"], entry["notes_de"]
        for entry in commit["changes"]:
            del entry["reason_de"]
        path.write_text(json.dumps(commit), encoding="utf-8")
    for path in Path(home.quarantine).rglob("*.parquet"):
        pl.read_parquet(path).drop("message_de").write_parquet(path)


@pytest.mark.parametrize(
    ("folder", "near"),
    [("prm/partners", "prm/partner"), ("crm/opportunities", "salesforce/opportunity"),
     ("partners", "prm/partner")],
)  # fmt: skip
def test_the_nearest_entity_of_an_unknown_folder_comes_first(
    world: LandingWorld, folder: str, near: str
) -> None:
    record = world.land_one(f"{folder}/a.csv", PROBES)
    assert (record.reason or "").startswith(f"Did you mean {near}? landing/{folder}/ is no folder")
    assert (record.reason_de or "").startswith(f"Meinten Sie {near}? landing/{folder}/ gehört")
    assert "contracts list" in (record.reason or "") and "sla/probe" not in (record.reason or "")


def test_a_strange_folder_points_to_the_list_of_entities(world: LandingWorld) -> None:
    record = world.land_one("a.csv", PROBES)
    assert (record.reason or "").startswith("landing/ is no folder of a known entity.")
    assert (record.reason or "").endswith("`partner-kpis contracts list` names them all.")


def test_a_refusal_lists_the_columns_of_the_file_only_where_they_are_names(
    world: LandingWorld,
) -> None:
    named = world.land_one("sla/probe/a.csv", "integration_id,is_up,colour\nx,true,red\n")
    assert (named.reason or "").endswith("The file has the columns integration_id, is_up, colour.")
    assert (named.reason_de or "").endswith("hat die Spalten integration_id, is_up, colour.")
    values = world.land_one("lms/certification/b.csv", "erika@example.com,P1\n")
    assert "None of its columns" in (values.reason or "")
    assert "erika" not in f"{values.reason}{values.reason_de}"


def test_a_quiet_summary_and_a_single_row_are_told_as_what_they_are(world: LandingWorld) -> None:
    quiet = json.dumps([{"slug": "a", "dailyMinutesDown": {}}] * 6)
    record = world.land_one("sla/upptime_summary/summary.json", quiet)
    assert sentence(record) == (
        "sla/upptime_summary/summary.json: 0 rows read (6 services, no day with downtime)"
    )
    assert record.notes_de == ("6 Dienste, kein Tag mit Ausfall",)
    one = world.land_one("sla/probe/a.csv", PROBES + PROBE)
    assert sentence(one) == "sla/probe/a.csv: 1 row read, 1 accepted"
