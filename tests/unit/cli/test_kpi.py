"""`kpi` says why there is no value, and what to do about it."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import duckdb

from partner_kpis.contracts.model import load_entities
from partner_kpis.home import DataHome
from tests.conftest import Command
from tests.dashboards.snapshot_fixture import make_snapshot

TOUCHES = [("prm", "deal_registration"), ("prm", "referral"), ("salesforce", "opportunity_partner"),
           ("salesforce", "lead"), ("salesforce", "campaign_member")]  # fmt: skip


def test_a_missing_export_is_named_by_its_folders(command: Command, home: DataHome) -> None:
    gone = [("telemetry", "event"), ("registry", "integration")]
    make_snapshot(home, without=gone)
    _add_period(home, "time_to_activation", "no_target")
    told = command("kpi", "time_to_activation", "--home", home.root)
    assert told.code == 0
    _, line = told.out.split("\n\n")[1].splitlines()
    assert "no value" in line and "export missing" in line and "no target" not in line
    assert told.out.endswith(
        "An export is missing. Drop these in the data home and run again:\n"
        "  landing/telemetry/event/\n  landing/registry/integration/\n"
    )
    stored = command("kpi", "time_to_activation", "--home", home.root, "--format", "json")
    assert json.loads(stored.out)[0]["status"] == "no_target"
    german = command("kpi", "time_to_activation", "--home", home.root, "--lang", "de").out
    assert "kein Wert" in german and "Ein Export fehlt. Legen Sie Folgendes" in german


def test_the_shortest_way_comes_first(command: Command, home: DataHome) -> None:
    make_snapshot(home, without=[*TOUCHES, ("prm", "partner")])
    _add_period(home, "partner_win_rate", "unknown")
    told = command("kpi", "partner_win_rate", "--home", home.root)
    ways = told.out.split("the shortest way first:\n")[1].splitlines()
    assert ways[:2] == ["  landing/prm/deal_registration/", "  landing/prm/referral/"]
    lengths = [way.count("landing/") for way in ways]
    assert lengths == sorted(lengths) and lengths[-1] > 1
    assert " and landing/" in ways[-1]


def test_evidence_of_nothing_says_why(command: Command, home: DataHome) -> None:
    make_snapshot(home, without=[("telemetry", "event")])
    _add_period(home, "time_to_activation", "no_target")
    told = command("kpi", "time_to_activation", "--home", home.root, "--evidence")
    assert told.code == 0 and "file rows named below" not in told.out
    assert told.out.endswith("run again:\n  landing/telemetry/event/\n")
    _add_period(home, "integration_uptime", "no_target", "no_observations", "1999-01-01")
    told = command("kpi", "integration_uptime", "--home", home.root, "--evidence",
                   "--period", "1999-01-01")  # fmt: skip
    assert "There are no observations: nothing to measure." in told.out


def test_a_member_without_a_value_is_not_asked_to_leave_out_a_period(
    command: Command, home: DataHome
) -> None:
    make_snapshot(home)
    with duckdb.connect(str(home.snapshot_db)) as connection:
        connection.execute("delete from kpi_values where member = 'P-001'")
    told = command("kpi", "partner_win_rate", "--home", home.root, "--member", "P-001")
    assert told.code == 1 and "--period" not in told.err
    assert "partner_win_rate has no value for partner P-001: nothing was observed" in told.err
    dated = command("kpi", "partner_win_rate", "--home", home.root, "--period", "1999-01")
    assert dated.code == 1 and "leave out --period" in dated.err


def test_without_an_id_the_kpis_are_named(command: Command) -> None:
    told = command("kpi")
    assert told.code == 0
    assert "partner_win_rate" in told.out and "Partner win rate" in told.out
    german = command("kpi", "--lang", "de")
    assert german.code == 0 and "Gewinnquote mit Partnern" in german.out
    asked = command("kpi", "partner_win_rate")
    assert asked.code == 1 and "No data home is named" in asked.err


def test_entities_are_listed_with_purpose_and_need(command: Command) -> None:
    told = command("contracts", "list").out
    lines = told.splitlines()
    rows = {line.split()[0]: line for line in lines if "/" in line.split(" ", 1)[0]}
    assert set(load_entities()) <= set(rows)
    # What several KPIs need runs over lines.
    (of_surveys,) = re.findall(r"^survey/response(?:.*\S.*\n)+", told, re.MULTILINE)
    column = of_surveys.index("Customer satisfaction")
    named = " ".join(line[column:].strip() for line in of_surveys.splitlines()).strip()
    assert named.split(", ") == [
        "Customer satisfaction", "Customer effort score", "Integration NPS", "Partner NPS"
    ]  # fmt: skip
    assert "Integration uptime*" in rows["sla/probe"]
    german = command("contracts", "list", "--lang", "de").out
    assert "Antworten auf Zufriedenheitsumfragen." in german


def test_a_switch_is_shown_without_a_type(command: Command) -> None:
    for words in (("run",), ("demo",), ("kpi",), ("contracts", "list"), ("contracts",), ()):
        told = command(*words, "--help")
        assert told.code == 0 and "bool" not in told.out.lower()


def test_help_stays_quick_because_commands_are_imported_late() -> None:
    code = "import sys, partner_kpis_cli.main; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _add_period(
    home: DataHome,
    kpi_id: str,
    status: str,
    reason: str = "source_missing",
    start: str = "2026-10-05",
) -> None:
    """One period without a value, as the models publish it."""
    with duckdb.connect(str(home.snapshot_db)) as connection:
        (rhythm,) = connection.execute(
            "select rhythm from kpi_catalogue where kpi_id = $1", [kpi_id]
        ).fetchone() or ("",)
        key = f"'{kpi_id}', 'programme', 'all', '{rhythm}', date '{start}'"
        if reason == "source_missing":
            for table in ("kpi_values", "kpi_scorecard", "kpi_observations"):
                connection.execute(f"delete from {table} where kpi_id = $1", [kpi_id])
        connection.execute(
            f"insert into kpi_values values ({key}, date '{start}' + 1, true, null, null, null, 0,"
            f" '{reason}')"
        )
        connection.execute(
            f"insert into kpi_scorecard (kpi_id, dimension, member, period_type, period_start, "
            f"status) values ({key}, '{status}')"
        )
