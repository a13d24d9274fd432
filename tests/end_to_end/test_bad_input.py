"""Every fault of a file or a row is said in a sentence, and everything else still loads.

Belongs here: the faults of bad_input_cases.py beside good exports in one home, landed by one run.
Does not belong here: broken dataset promises (test_held_files.py), faults of settings and of the
surroundings (test_bad_surroundings.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bad_input_cases import FILES, GOOD, ROWS, BadFile, BadRow
from helpers import assert_same_values, ledger, publish, table, values, write_sources
from tiny_world import TINY_AS_OF, drop_tiny_world

from partner_kpis.home import DataHome
from partner_kpis.run_report import RunReport

SOURCES = {
    "registry": {"integration": {"encoding": "utf-8"}},
    "prm": {"referral": {"decimal": "comma", "date_order": "german"}},
    "salesforce": {"lead": {"date_order": "us"}},
}


@dataclass(frozen=True)
class Landed:
    """The world with all faults after one run, and the world that never had them."""

    bad: DataHome
    report: RunReport
    said: list[str]
    ledger: dict[str, dict[str, Any]]
    quarantine: list[dict[str, Any]]
    clean: DataHome
    clean_report: RunReport


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Landed:
    bad, clean = (world(tmp_path_factory.mktemp(name), name == "bad") for name in ("bad", "clean"))
    said: list[str] = []
    report = publish(bad, as_of=TINY_AS_OF, said=said)
    clean_report = publish(clean, as_of=TINY_AS_OF)
    quarantine = table(bad, "quarantined_rows").to_dicts()
    return Landed(bad, report, said, ledger(bad), quarantine, clean, clean_report)


def world(folder: Path, with_faults: bool) -> DataHome:
    home = drop_tiny_world(DataHome.at(folder).create())
    write_sources(home, SOURCES)
    for row in ROWS:
        drop(home, row.file_name, row.content(with_bad=with_faults))
    for name, (content, _) in GOOD.items():
        drop(home, name, content)
    for file in FILES if with_faults else ():
        drop(home, file.name, file.content)
    return home


def drop(home: DataHome, name: str, content: bytes) -> None:
    path = home.landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@pytest.mark.parametrize("case", FILES, ids=lambda case: case.file_name)
def test_a_bad_file_is_refused_with_a_sentence(landed: Landed, case: BadFile) -> None:
    entry = landed.ledger[case.file_name]
    assert entry["status"] == "refused" and entry["rows_read"] == 0
    missing = [word for word in case.en if word not in entry["reason"]]
    assert not missing, entry["reason"]
    missing = [word for word in case.de if word not in entry["reason_de"]]
    assert not missing, entry["reason_de"]
    assert_a_sentence(entry["reason"])
    assert_a_sentence(entry["reason_de"])
    assert f"{case.file_name}: {entry['reason']}" in landed.report.refused
    assert f"{case.file_name}: refused. {entry['reason']}" in landed.said


def assert_a_sentence(text: str) -> None:
    """One that a person can read: no name of an exception, no line break, an end."""
    assert text.endswith(".") and "\n" not in text
    assert not any(word in text for word in ("Error", "Exception", "Traceback")), text


@pytest.mark.parametrize("case", ROWS, ids=lambda case: case.file_name)
def test_a_bad_row_goes_to_quarantine_and_its_neighbours_land(landed: Landed, case: BadRow) -> None:
    entry = landed.ledger[case.file_name]
    assert entry["status"] == "loaded"
    kinds = ("accepted", "quarantined", "duplicate", "ignored")
    assert tuple(entry[f"rows_{kind}"] for kind in kinds) == case.counts
    (row,) = (row for row in landed.quarantine if row["file_name"] == case.file_name)
    assert (row["row_number"], row["column_name"], row["rule"]) == (case.at, case.column, case.rule)
    missing = [word for word in case.en if word not in row["message"]]
    assert not missing, row["message"]
    missing = [word for word in case.de if word not in row["message_de"]]
    assert not missing, row["message_de"]
    assert_a_sentence(row["message"])
    assert_a_sentence(row["message_de"])


def test_the_run_publishes_and_says_that_something_waits(landed: Landed) -> None:
    assert (landed.report.outcome, landed.report.exit_code) == ("published", 3)
    assert len(landed.report.refused) == len(FILES) and not landed.report.held
    assert landed.clean_report.exit_code == 0


def test_every_row_of_every_file_is_accounted_for(landed: Landed) -> None:
    for name, entry in landed.ledger.items():
        kinds = ("accepted", "quarantined", "duplicate", "ignored")
        assert entry["rows_read"] == sum(entry[f"rows_{kind}"] for kind in kinds), name
    bad_rows = sum(entry["rows_quarantined"] for entry in landed.ledger.values())
    assert bad_rows == len({(r["file_name"], r["row_number"]) for r in landed.quarantine})


def test_every_other_file_loads(landed: Landed) -> None:
    refused = {case.file_name for case in FILES}
    statuses = {e["status"] for name, e in landed.ledger.items() if name not in refused}
    assert statuses == {"loaded"}
    assert landed.ledger.keys() - refused == ledger(landed.clean).keys()
    for name, (_, rows) in GOOD.items():
        assert landed.ledger[name]["rows_accepted"] + landed.ledger[name]["rows_duplicate"] == rows


def test_the_values_are_those_of_a_world_without_the_faults(landed: Landed) -> None:
    assert values(landed.clean)["value"].drop_nulls().len() > 100
    assert_same_values(values(landed.bad), values(landed.clean))


def test_the_next_run_says_the_same_again(landed: Landed) -> None:
    again = publish(landed.bad, as_of=TINY_AS_OF)
    assert (again.outcome, again.exit_code) == ("unchanged", 3)
    assert again.refused == landed.report.refused
