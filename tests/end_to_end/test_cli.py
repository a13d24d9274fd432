"""The commands that read and judge, as a person types them, over the published demo.

Belongs here: what is printed, in which form, with which exit code. Run in this process, because
a process each would cost seconds; test_exit_codes.py goes through the console command itself.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import PublishedDemo
from helpers import publish, table, value_of, values, write_csv

from partner_kpis import formats
from partner_kpis.contracts.model import load_entities
from partner_kpis.demo.referrals import GERMAN_REFERRALS
from partner_kpis.home import DataHome
from tests.conftest import Command

# --- kpi ---------------------------------------------------------------------------------------


def test_kpi_prints_the_values_as_a_table(demo: PublishedDemo, command: Command) -> None:
    told = command("kpi", "partner_win_rate", "--home", demo.home.root)
    assert told.code == 0
    head, table_of_values, *_ = told.out.split("\n\n")
    assert head.startswith("Partner win rate, whole programme, by month")
    header, *lines = table_of_values.splitlines()
    shown = "Period", "Value", "n", "Made of", "Target", "Status", "Trend"
    assert header.split("  ")[0] == "Period" and all(name in header for name in shown)
    months = value_rows(demo, "partner_win_rate", "month")
    assert [line.split()[0] for line in lines] == [f"{r['period_start']:%Y-%m}" for r in months]
    last = months[-1]
    assert f"{last['numerator']:.0f} of {last['denominator']:.0f}" in lines[-1]


def test_kpi_speaks_german(demo: PublishedDemo, command: Command) -> None:
    told = command("kpi", "integration_uptime", "--home", demo.home.root, "--lang", "de")
    assert told.code == 0
    assert "gesamtes Programm, nach Tagen" in told.out and "Zeitraum" in told.out
    assert "im Ziel" in told.out and "\u00a0%" in told.out
    asked = ("kpi", "partner_win_rate", "--home", demo.home.root, "--evidence", "--lang", "de")
    evidence = command(*asked).out
    assert "Beobachtungen: " in evidence and ".csv, Zeile " in evidence


def value_rows(demo: PublishedDemo, kpi_id: str, period_type: str) -> list[dict[str, Any]]:
    found = values(demo.home).filter(
        (pl.col("kpi_id") == kpi_id)
        & (pl.col("dimension") == "programme")
        & (pl.col("period_type") == period_type)
    )
    return found.sort("period_start").to_dicts()


def test_kpi_prints_the_same_values_as_json_and_csv(demo: PublishedDemo, command: Command) -> None:
    partner = demo.truth.slow_activation.partner_id
    asked = ("kpi", "time_to_activation", "--home", demo.home.root, "--member", partner)
    rows = json.loads(command(*asked, "--format", "json").out)
    lines = list(csv.DictReader(io.StringIO(command(*asked, "--format", "csv").out)))
    assert len(rows) == len(lines) > 10
    assert {row["dimension"] for row in rows} == {"partner"}
    assert {row["period_type"] for row in rows} == {"week"}
    for row, line in zip(rows, lines, strict=True):
        assert row["period_start"] == line["period_start"]
        assert row["value"] is None or float(line["value"]) == row["value"]


@pytest.mark.parametrize("period", ["2026", "2026Q3", "2026-08"])
def test_kpi_prints_one_period(demo: PublishedDemo, command: Command, period: str) -> None:
    told = command(
        "kpi", "integration_uptime", "--home", demo.home.root, "--period", period,
        "--format", "json",
    )  # fmt: skip
    (row,) = json.loads(told.out)
    kind = {4: "year", 6: "quarter", 7: "month"}[len(period)]
    assert row["period_type"] == kind
    shown = value_of(
        demo.home, "integration_uptime", kind, pl.Series([row["period_start"]]).str.to_date()[0]
    )
    assert row["value"] == shown["value"]


def test_kpi_evidence_leads_to_file_and_row(demo: PublishedDemo, command: Command) -> None:
    slow = demo.truth.slow_activation
    month = (slow.since + timedelta(days=32)).replace(day=1)
    asked = ("kpi", "time_to_activation", "--home", demo.home.root, "--member", slow.partner_id,
             "--period", f"{month:%Y-%m}", "--evidence")  # fmt: skip
    rows = json.loads(command(*asked, "--format", "json").out)
    assert rows
    assert {row["from"] for row in rows} == {"telemetry/event"}
    for row in rows:
        assert (demo.home.landing / row["file_name"]).is_file() and row["row_number"] >= 1
    observed = {(row["observed_on"], row["entity_id"]): row["numerator"] for row in rows}
    shown = value_of(demo.home, "time_to_activation", "month", month, "partner", slow.partner_id)
    assert len(observed) == shown["sample_size"]
    as_table = command(*asked)
    assert as_table.code == 0
    for row in rows:
        assert str(row["entity_id"]) in as_table.out
        assert f"{row['file_name']}, row {row['row_number']}" in as_table.out
    as_csv = command(*asked, "--format", "csv")
    assert len(list(csv.DictReader(io.StringIO(as_csv.out)))) == len(rows)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("kpi", "no_such_kpi"), ["no_such_kpi", "partner_win_rate"]),
        (("kpi", "partner_win_rate", "--member", "nobody"), ["nobody"]),
        (("kpi", "partner_win_rate", "--dimension", "colour"), ["colour", "tier"]),
        (("kpi", "partner_win_rate", "--dimension", "tier"), ["--member"]),
        (("kpi", "partner_win_rate", "--period", "last week"), ["last week", "2026Q3"]),
        (("kpi", "partner_win_rate", "--period", "1999-01"), ["1999-01"]),
        (("kpi", "partner_win_rate", "--period", "2026-W10"), ["month"]),
        (("kpi", "partner_win_rate", "--format", "xml"), ["xml", "json"]),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(
    demo: PublishedDemo, command: Command, arguments: tuple[str, ...], words: list[str]
) -> None:
    told = command(*arguments, "--home", demo.home.root)
    assert told.code == 1
    assert told.err.startswith("Error: ") and len(told.err.strip().splitlines()) == 1
    assert all(word in told.err for word in words), told.err


# --- status ------------------------------------------------------------------------------------


def test_status_tells_sources_last_run_and_what_waits(
    demo: PublishedDemo, command: Command
) -> None:
    told = command("status", "--home", demo.home.root)
    assert told.code == 0
    as_of = formats.day(demo.truth.as_of, "en")
    assert f"snapshot {demo.report.snapshot_id}, as of {as_of}" in told.out
    words = [line.split() for line in told.out.splitlines()]
    states = {found[0]: found[1] for found in words if len(found) > 4 and "/" in found[0]}
    assert states["salesforce/opportunity_history"] == "fresh"
    assert states["registry/integration"] == "loaded"  # it tells until no day that could be old
    assert f"Refused  {demo.truth.bad_files[0]}" in told.out
    assert "export it again" in " ".join(told.out.split())
    rows = table(demo.home, "quarantined_rows").select("file_name", "row_number").unique().height
    assert f"Rows that count nowhere: {rows}." in told.out
    assert f"partner-kpis dashboard --home {demo.home.root}" in told.out
    assert max(map(len, told.out.splitlines())) <= 100, "it is to fit on paper"


def test_status_speaks_german(demo: PublishedDemo, command: Command) -> None:
    told = command("status", "--home", demo.home.root, "--lang", "de")
    assert told.code == 0
    assert f"Stand {formats.day(demo.truth.as_of, 'de')}" in told.out
    assert f"Abgewiesen  {demo.truth.bad_files[0]}" in told.out and "Webseite" in told.out
    assert "Zeilen, die nirgends zählen" in told.out and "Nächster Schritt" in told.out
    assert command("status", "--home", demo.home.root, "--lang", "fr").code == 1


def test_status_of_a_home_without_a_run_says_what_to_do(home: DataHome, command: Command) -> None:
    told = command("status", "--home", home.root)
    assert told.code == 0
    assert "none yet" in told.out and f"partner-kpis run --home {home.root}" in told.out
    write_csv(home, "prm/partner", [{"partner_id": "P1"}])
    assert "no run has read yet: 1" in command("status", "--home", home.root).out


# --- check and template ------------------------------------------------------------------------


def test_check_shows_how_a_file_would_be_read_and_loads_nothing(
    home: DataHome, command: Command
) -> None:
    rows: list[dict[str, Any]] = [
        {"partner_id": "P1", "Shoe Size": "42"},
        {"partner_id": "P2", "contract_start": "01/02/2026", "Shoe Size": "43"},
    ]
    path = write_csv(home, "prm/partner", rows)
    told = command("check", path, "--as", "prm/partner", "--home", home.root)
    assert told.code == 3
    assert "Shoe Size" in told.out and "missing (optional)" in told.out
    assert "2 rows read: 1 good, 1 bad" in told.out and "row 2: " in told.out
    assert "Nothing was loaded" in told.out
    assert not list(home.lake.rglob("*.parquet")) and not list(home.ledger.iterdir())


def test_check_applies_the_settings_of_a_home(demo: PublishedDemo, command: Command) -> None:
    (path, *_) = sorted((demo.home.landing / "prm/referral").iterdir())
    told = command("check", path, "--as", "prm/referral", "--home", demo.home.root)
    assert told.code == 0, told.out
    assert GERMAN_REFERRALS["columns"]["referral_id"] in told.out
    without = command("check", path, "--as", "prm/referral")
    assert without.code == 1 and "would be refused" in without.out


def test_check_of_a_bad_file_says_why_it_would_be_refused(
    demo: PublishedDemo, command: Command
) -> None:
    path = demo.home.landing / demo.truth.bad_files[0]
    told = command("check", path, "--as", "salesforce/lead")
    assert told.code == 1 and "would be refused" in told.out and "web page" in told.out


def test_check_answers_wrong_questions_with_a_sentence(command: Command, tmp_path: Path) -> None:
    missing = command("check", tmp_path / "no.csv", "--as", "prm/partner")
    assert missing.code == 1 and "no.csv" in missing.err
    (tmp_path / "a.csv").write_text("a\n1\n")
    unknown = command("check", tmp_path / "a.csv", "--as", "prm/partners")
    assert unknown.code == 1 and "prm/partner" in unknown.err


@pytest.mark.parametrize("entity", sorted(load_entities()))
def test_the_template_of_an_entity_passes_its_own_check(
    command: Command, tmp_path: Path, entity: str
) -> None:
    told = command("contracts", "template", entity)
    assert told.code == 0
    header, *rows = csv.reader(io.StringIO(told.out))
    assert len(rows) == 2 and len(set(header)) == len(header)
    path = tmp_path / "template.csv"
    path.write_text(told.out, encoding="utf-8")
    checked = command("check", path, "--as", entity)
    assert checked.code == 0, checked.out
    assert "2 rows read: 2 good, 0 bad" in checked.out
    assert "Unmatched" not in checked.out


# --- accept and withdraw -----------------------------------------------------------------------


def test_accept_and_withdraw_say_what_follows(home: DataHome, command: Command) -> None:
    write_csv(home, "prm/partner", [{"partner_id": "P1"}], "one.csv")
    held = {"Id": "006Qy0000004Cz9IAE", "IsWon": "true", "IsClosed": "false"}
    write_csv(home, "salesforce/opportunity", [held], "deals.csv")
    assert publish(home).exit_code == 3
    page = command("status", "--home", home.root).out
    assert "Held  salesforce/opportunity/deals.csv" in page
    assert f"partner-kpis accept salesforce/opportunity/deals.csv --home {home.root}" in page

    unsaid = command("accept", "deals.csv", "--because", " ", "--home", home.root)
    assert unsaid.code == 1 and "--because" in unsaid.err
    unknown = command("accept", "other.csv", "--because", "x", "--home", home.root)
    assert unknown.code == 1 and "other.csv" in unknown.err and "deals.csv" in unknown.err
    accepted = command(
        "accept", "deals.csv", "--because", "won before the close", "--home", home.root
    )
    assert accepted.code == 0
    assert "Accepted salesforce/opportunity/deals.csv" in accepted.out
    assert publish(home).exit_code == 0
    reason = table(home, "landing_ledger").filter(pl.col("entity") == "opportunity")["reason"]
    assert "won before the close" in reason[0]

    gone = command("withdraw", "one.csv", "--home", home.root)
    assert gone.code == 0 and "Withdrew prm/partner/one.csv" in gone.out
    assert "next run publishes without it" in gone.out
    publish(home)
    assert table(home, "partners").is_empty()
    nothing = command("withdraw", "one.csv", "--home", home.root)
    assert nothing.code == 1 and "one.csv" in nothing.err


def test_every_command_explains_itself(command: Command) -> None:
    for words in (
        (), ("run",), ("demo",), ("dashboard",), ("status",), ("kpi",), ("check",), ("accept",),
        ("withdraw",), ("contracts",), ("contracts", "list"), ("contracts", "template"),
        ("contracts", "diff"),
    ):  # fmt: skip
        told = command(*words, "--help")
        assert told.code == 0 and "Usage: " in told.out and len(told.out) > 200, words
