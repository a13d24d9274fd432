"""Commission statements from exports to files: what was issued stays, what changed is corrected.

Belongs here: the command on a home that real runs have published. Does not belong here: how a
quarter is settled (tests/unit/reports).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from helpers import publish, table, write_csv, write_policies

from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.reports.quarter import Quarter
from partner_kpis.reports.stamp import Stamp
from partner_kpis.reports.statement import (
    Issued,
    StatementSource,
    build_statement,
    rebuild_statement,
)
from partner_kpis.reports.verify import CannotVerifyError, Comparison, locate, read
from partner_kpis.serving import Snapshot
from partner_kpis_cli.commands_statement import statement_command

AS_OF = date(2026, 7, 31)
Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)


def referral(number: int, **changes: str) -> dict[str, str]:
    """One of 10,000 euros, won in January."""
    return {
        "referral_id": f"R{number:02}", "partner_id": "P-1", "status": "won",
        "decided_at": f"2026-01-{number + 5:02}T09:00:00Z", "revenue": "10000", "currency": "EUR",
        "updated_at": "2026-02-01T09:00:00Z", **changes,
    }  # fmt: skip


@pytest.fixture
def published(home: DataHome) -> DataHome:
    write_csv(home, "prm/partner", [{"partner_id": "P-1"}, {"partner_id": "P-2"}])
    write_csv(home, "prm/referral", [referral(number) for number in range(1, 13)])
    payment = {
        "payment_id": "C1", "partner_id": "P-1", "referral_id": "R01", "amount": "1000",
        "currency": "EUR", "client_paid_on": "2026-01-31", "paid_on": "2026-04-02",
    }  # fmt: skip
    write_csv(home, "prm/commission_payment", [payment])
    publish(home, as_of=AS_OF)
    return home


def issue(
    home: DataHome, quarter: str | None, *partners: str, draft: bool = False
) -> dict[str, bytes]:
    """Run the command; answers its files by name."""
    assert statement_command(home.root, quarter, partners, "en", "pdf", is_draft=draft) == 0
    folder = home.statements / "drafts" if draft else home.statements
    return {path.name: path.read_bytes() for path in folder.glob("2026*/*.pdf")}


def kept(home: DataHome) -> dict[Path, bytes]:
    folder = home.issued_statements
    return {path: path.read_bytes() for path in folder.glob("*.json")}


def test_a_cancelled_referral_corrects_the_next_statement_and_not_the_issued_one(
    published: DataHome,
) -> None:
    lines = table(published, "commission_lines")
    assert lines["commission_reporting"].sum() == 17_500
    drafts = issue(published, "2026Q1", draft=True)
    assert len(drafts) == 1 and kept(published) == {}
    files, ledger = issue(published, "2026Q1"), kept(published)
    assert len(files) == len(ledger) == 1

    gone = referral(12, status="lost", updated_at="2026-05-01T09:00:00Z")
    write_csv(published, "prm/referral", [gone], "cancelled.csv")
    publish(published, as_of=AS_OF)

    # The very same document and ledger, also from data that say something else.
    assert issue(published, "2026Q1") == files and kept(published) == ledger
    issue(published, None)  # the last complete quarter is the second one
    first, second = Issued(published).of("P-1")
    assert first.balances.closing == 17_500
    (correction,) = second.corrections
    assert (correction.item_id, correction.amount) == ("R12", Decimal(-2000))
    assert second.balances.paid == 1000 and second.balances.closing == 14_500
    assert second.payments[0].due_on == date(2026, 3, 2)
    assert kept(published).items() >= ledger.items()
    _refuses_what_cannot_be_issued(published)
    _is_computed_again_from_its_sealed_snapshot(published)


def _refuses_what_cannot_be_issued(home: DataHome) -> None:
    with pytest.raises(UserError, match="2026Q3 has not ended: the snapshot tells until 2026-07"):
        issue(home, "2026Q3")
    with pytest.raises(UserError, match=r"No partner is called 'P-3'"):
        issue(home, "2026Q2", "P-3")
    before = kept(home)
    issue(home, "2026Q2", "P-2")  # nothing ever happened, and it was asked for
    assert len(kept(home)) == len(before) + 1


def _is_computed_again_from_its_sealed_snapshot(home: DataHome) -> None:
    issued = Issued(home)
    for quarter in (Q1, Q2):
        statement = issued.get("P-1", str(quarter))
        assert statement is not None
        with Snapshot.kept(home, statement.stamp.snapshot_id) as sealed:
            assert (sealed.path.parent / "SEALED").is_file()
            source = StatementSource(sealed, issued, Stamp.of(sealed))
            again = rebuild_statement(source, "P-1", quarter, "de")
            assert again == build_statement(source, "P-1", quarter, "de")


def test_a_statement_is_checked_like_any_document_and_an_altered_number_is_named(
    published: DataHome,
) -> None:
    assert statement_command(published.root, "2026Q1", (), "en", "json", is_draft=False) == 0
    assert statement_command(published.root, "2026Q2", (), "en", "json", is_draft=True) == 0
    (path,), (draft,) = (published.statements.glob(f"{where}/*.json") for where in
                         ("2026Q1", "drafts/2026Q2"))  # fmt: skip
    with Snapshot(locate(published, read(path).identity)) as sealed:
        # The snapshot stands for the one that is computed anew.
        comparison = Comparison(sealed, sealed, published)
        assert comparison.verdict(read(path)).passed
        with pytest.raises(CannotVerifyError, match="A draft cannot be checked"):
            comparison.verdict(read(draft))
        content = path.read_text(encoding="utf-8")
        assert "\u20ac17,500.00" in content or "€17,500.00" in content
        path.write_text(content.replace("17,500.00", "18,500.00"), encoding="utf-8")
        found = comparison.verdict(read(path)).differences
        assert any(
            "18,500.00" in str(one.in_file) and "17,500.00" in str(one.from_lake) for one in found
        )


def test_policies_with_dates_and_splits_reach_the_statements(home: DataHome) -> None:
    write_csv(home, "prm/partner", [{"partner_id": "P-1"}, {"partner_id": "P-2"}])
    write_csv(home, "prm/referral", [
        referral(1), referral(2, decided_at="2026-03-02T09:00:00Z", involvement="high"),
    ])  # fmt: skip
    split = {"partner": "P-1", "shares": {"P-1": 0.6, "P-2": 0.4}}
    later = {"from": date(2026, 3, 1), "involvement": {"high": 0.3}, "splits": [split]}
    write_policies(home, commission=[{}, later])
    publish(home, as_of=AS_OF)
    issue(home, "2026Q1")
    (first,), (second,) = Issued(home).of("P-1"), Issued(home).of("P-2")
    assert [(line.rate, line.amount) for line in first.earned] == [
        (Decimal("0.1"), 1000), (Decimal("0.3"), 1800),
    ]  # fmt: skip
    assert [(line.split_share, line.amount) for line in second.earned] == [(Decimal("0.4"), 1200)]
    found = table(home, "findings")
    doubted = found.filter(found["finding"] == "commission_rate_out_of_corridor")
    assert doubted["row_count"].to_list() == [1]
    assert "30.00% and should be paid between 20.00% and 25.00%" in doubted["message_en"][0]
    sums = table(home, "kpi_values").filter(
        kpi_id="commission_earned", dimension="programme", period_type="year",
        period_start=date(2026, 1, 1),
    )  # fmt: skip
    assert sums["value"].to_list() == [4000.0]
    # Each share is a thing of its own, and leads to the row of the one referral.
    rows = table(home, "entity_sources").filter(entity_type="referral", primary_key="R02")
    assert set(rows["entity_id"]) == {"R02", "R02|P-1", "R02|P-2"}
