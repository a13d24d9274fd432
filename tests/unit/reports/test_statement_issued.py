"""The ledger of statements: written once, whole, in a chain, and nobody alters it unnoticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.reports.statement import Issued, Statement
from tests.unit.reports.statement_world import issued, truth, won

TWO = [
    ("2026Q1", truth(won("R1", date(2026, 1, 10), 1000))),
    ("2026Q2", truth(won("R1", date(2026, 1, 10), 900))),
]


@pytest.fixture
def ledger(tmp_path: Path) -> Issued:
    return Issued(DataHome.at(tmp_path).create())


def add(ledger: Issued, *statements: Statement) -> None:
    with ledger.issuing():
        for statement in statements:
            ledger.add(statement)


def test_what_is_issued_is_read_back(ledger: Issued) -> None:
    statements = issued(*TWO)
    assert ledger.of("P-1") == [] and ledger.partners() == set()
    add(ledger, *statements)
    assert ledger.of("P-1") == statements
    assert ledger.get("P-1", "2026Q2") == statements[1]
    assert ledger.get("P-1", "2026Q3") is None
    assert ledger.partners() == {"P-1"}
    assert ledger.of("1") == []
    assert sorted(path.name for path in ledger.folder.glob("*.json*")) == [
        "2026Q1_P-1.json", "2026Q2_P-1.json"
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["../evil", "..", "A/B", "ü [1]*?", "2026Q1_P-1", "a.json"])
def test_any_partner_id_has_a_file_of_its_own_in_the_folder(ledger: Issued, name: str) -> None:
    (first, _) = issued(*TWO)
    add(ledger, replace(first, partner_id=name), first)
    assert [s.partner_id for s in ledger.of(name)] == [name]
    assert ledger.partners() == {name, "P-1"}
    assert len(list(ledger.folder.glob("*.json"))) == 2


def test_a_statement_is_issued_once_and_in_order(ledger: Issued) -> None:
    first, second = issued(*TWO)
    with pytest.raises(UserError, match="Another process has issued"):
        add(ledger, second)
    add(ledger, first)
    with pytest.raises(UserError, match="Another process has issued"):
        add(ledger, first)
    assert ledger.of("P-1") == [first]


def _altered(path: Path) -> None:
    written = json.loads(path.read_text(encoding="utf-8"))
    written["statement"]["balances"]["closing"] = "1000000.00"
    path.write_text(json.dumps(written), encoding="utf-8")


def _cut(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8")[:200], encoding="utf-8")


def _moved(path: Path) -> None:
    path.rename(path.with_name("2026Q4_P-1.json"))


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (_altered, "was changed after it was issued"),
        (_cut, "cannot be read"),
        (_moved, "was changed after it was issued"),
        (Path.unlink, "is missing or was exchanged"),
    ],
)
def test_an_altered_or_lost_statement_is_named(
    ledger: Issued, harm: Callable[[Path], None], words: str
) -> None:
    add(ledger, *issued(*TWO))
    harm(ledger.folder / "2026Q1_P-1.json")
    with pytest.raises(UserError, match=words):
        ledger.of("P-1")


def test_an_exchanged_statement_breaks_the_chain(ledger: Issued) -> None:
    """One with a good hash of its own, but not the one that the next statement knows."""
    add(ledger, *issued(*TWO))
    other = issued(("2026Q1", truth(won("R1", date(2026, 1, 10), 5000))))
    path = ledger.folder / "2026Q1_P-1.json"
    path.write_text(json.dumps({"hash": other[0].hash, "statement": other[0].as_json()}))
    with pytest.raises(UserError, match="is missing or was exchanged"):
        ledger.of("P-1")


def test_what_a_killed_process_left_is_no_statement(ledger: Issued) -> None:
    add(ledger, issued(*TWO)[0])
    (ledger.folder / ".2026Q2_P-1.json.4711").write_text("{", encoding="utf-8")
    assert len(ledger.of("P-1")) == 1
