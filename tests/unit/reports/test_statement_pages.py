"""The document of a statement: complete in both languages, and its tables add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from partner_kpis.reports.document import Document, Figure, Table
from partner_kpis.reports.statement import Statement, document_of
from tests.unit.reports.statement_world import issued, paid, random_history, truth, won

WORLD = truth(
    won("R1", date(2026, 1, 10), 1000),
    replace(
        won("R2", date(2026, 2, 10), "0.13", "0.125"),
        policy_from=date(2026, 2, 1), mode="retroactive", involvement="high",
        conversion_bonus_rate=Decimal("0.02"), split_share=Decimal("0.6"), fx_rate=0.9,
        base_currency="USD",
    ),
    won("R3", date(2026, 3, 10), None),
    won("R0", date(2025, 11, 1), 300),
    paid("C1", date(2026, 3, 1), 600, "R1"),
)  # fmt: skip


def first() -> Statement:
    return issued(("2026Q1", WORLD))[0]


def table(document: Document, key: str) -> Table:
    return next(found for _, found in document.tables() if found.key == key)


def texts(found: Table) -> list[list[str]]:
    return [[c.text if isinstance(c, Figure) else str(c) for c in row] for row in found.rows]


@pytest.mark.parametrize("lang", ["en", "de"])
@pytest.mark.parametrize("seed", range(8))
def test_every_table_is_whole_and_its_total_is_the_sum_of_its_rows(lang: str, seed: int) -> None:
    for statement in issued(*random_history(seed)):
        document = document_of(statement, lang, is_draft=False)
        names = [place for place, _ in document.figures()]
        assert len(names) == len(set(names))
        for _, found in document.tables():
            assert all(len(row) == len(found.columns) for row in found.rows)
            assert found.empty and found.title
            assert found.shown == len(found.rows)
            if not found.rows or not found.has_total:
                continue
            *rows, last = found.rows
            # The last column adds up, but for amounts without an exchange rate.
            amounts = [row[-1].value or 0 for row in rows if isinstance(row[-1], Figure)]
            assert isinstance(last[-1], Figure) and sum(amounts) == last[-1].value


def test_a_line_says_how_its_commission_came_about() -> None:
    rows = texts(table(document_of(first(), "en", is_draft=False), "earned"))
    assert rows[1] == [
        "R2", "10 Feb 2026", "since 1 Feb 2026, rate by the year’s last rank, high involvement",
        "1", "12.5%", "2%", "$1.04", "0.900000", "€1.04", "60%", "€0.13",
    ]  # fmt: skip
    assert rows[2][7:] == ["no rate", "no rate", "100%", "no rate"]
    assert rows[-1][0] == "Total" and rows[-1][-1] == "€1,000.13"


def test_german_reads_german() -> None:
    document = document_of(first(), "de", is_draft=False)
    assert document.title == "Provisionsabrechnung Nr. 1"
    assert document.pages[1].title == "Am 31.03.2026 sind 700,13\xa0€ für Sie offen"
    rows = texts(table(document, "corrections"))
    assert rows[0][:4] == [
        "Empfehlung R0", "01.11.2025", "Q4 2025", "früher gewonnen, bisher nicht abgerechnet"
    ]  # fmt: skip


def test_figures_of_lines_lead_to_the_serving_tables() -> None:
    document = document_of(first(), "en", is_draft=False)
    origins = {place: str(f.origin) for place, f in document.figures() if f.origin}
    assert (
        origins["3/earned/1/amount"]
        == "commission_lines[partner_id=P-1, referral_id=R1].commission_reporting"
    )
    assert origins["4/payments/1/amount"] == "commission_payments[payment_id=C1].amount_reporting"


def test_a_draft_says_that_it_is_one() -> None:
    words = str(document_of(first(), "en", is_draft=True))
    assert "Draft of commission statement" in words and "not issued yet" in words
    assert first().hash not in words
    assert "raft" not in str(document_of(first(), "en", is_draft=False))


def test_a_statement_without_anything_says_so() -> None:
    (empty,) = issued(("2026Q1", truth()))
    document = document_of(empty, "en", is_draft=False)
    assert document.pages[1].title == "Nothing is open on 31 Mar 2026"
    assert table(document, "earned").rows == ()
    assert "No referral of this partner was won in Q1 2026." in str(document)
    assert not list(document.charts())


def test_the_same_statement_gives_the_same_document() -> None:
    read = Statement.of_json(first().as_json())
    assert document_of(read, "de", is_draft=False) == document_of(first(), "de", is_draft=False)
