"""Settling quarters: balances go on, nothing issued changes, and sums are what the data say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from partner_kpis.errors import UserError
from partner_kpis.reports.quarter import Quarter
from partner_kpis.reports.statement.model import Statement, cents
from partner_kpis.reports.statement.settle import Truth, settle
from tests.unit.reports.statement_world import MADE, issued, paid, random_history, truth, won

SEEDS = range(60)


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def until(known: Truth, quarter: str) -> Truth:
    """What of a truth had happened by the end of a quarter."""
    last = Quarter.parse(quarter).last_day
    return replace(
        known,
        earned=tuple(line for line in known.earned if line.decided_on <= last),
        payments=tuple(line for line in known.payments if line.paid_on <= last),
    )


def test_a_quarter_begins_where_the_last_one_ended() -> None:
    known = truth(
        won("R1", date(2026, 1, 10), 1000), won("R2", date(2026, 6, 30), 500),
        paid("C1", date(2026, 4, 1), 700, "R1"),
    )  # fmt: skip
    first, second = issued(("2026Q1", known), ("2026Q2", known))
    assert [line.referral_id for line in first.earned] == ["R1"]
    assert first.payments == () and second.corrections == ()
    assert first.balances.closing == second.balances.opening == 1000
    assert second.balances.closing == 1000 + 500 - 700
    assert (first.number, second.number) == (1, 2)
    assert second.previous_hash == first.hash


def test_a_referral_that_is_cancelled_is_a_correction_and_the_issued_statement_stays() -> None:
    """The twelfth referral of 10,000 each, at the marginal rate of 20 %, is cancelled later."""
    twelve = [won(f"R{n:02}", date(2026, 1, n + 1), 1000 if n <= 3 else 1500 if n <= 10 else 2000)
              for n in range(1, 13)]  # fmt: skip
    (before,) = issued(("2026Q1", truth(*twelve)))
    assert before.balances.closing == 17_500
    written = before.as_json()
    after = settle([before], truth(*twelve[:-1]), Quarter.parse("2026Q2"), MADE)
    assert before.as_json() == written
    (correction,) = after.corrections
    assert (correction.item_id, correction.reason) == ("R12", "gone")
    assert (correction.before, correction.now, correction.amount) == (2000, 0, -2000)
    assert after.balances.opening == 17_500
    assert after.balances.closing == 15_500


def test_a_year_that_is_rated_anew_corrects_each_of_its_referrals() -> None:
    days = [date(2026, 1, 5), date(2026, 2, 5), date(2026, 4, 5)]
    first = truth(won("R1", days[0], 100), won("R2", days[1], 100))
    later = truth(*(won(f"R{n + 1}", days[n], 200, "0.2") for n in range(3)))
    _, second = issued(("2026Q1", first), ("2026Q2", later))
    assert [(c.item_id, c.reason, c.amount) for c in second.corrections] == [
        ("R1", "changed", 100), ("R2", "changed", 100),
    ]  # fmt: skip
    assert {(c.rate_before, c.rate_now) for c in second.corrections} == {
        (Decimal("0.1"), Decimal("0.2"))
    }
    assert second.balances.closing == 600


def test_what_a_left_out_quarter_held_stands_in_the_next_statement_once() -> None:
    known = truth(won("R1", date(2025, 11, 1), 300), paid("C1", date(2025, 12, 1), 100, "R1"))
    first, second = issued(("2026Q1", known), ("2026Q2", known))
    assert [(c.kind, c.reason, c.amount) for c in first.corrections] == [
        ("commission", "late", 300), ("payment", "late", -100),
    ]  # fmt: skip
    assert first.balances.closing == 200
    assert second.corrections == ()


def test_a_referral_that_moves_to_another_quarter_is_taken_out_of_the_first() -> None:
    first, second = issued(
        ("2026Q1", truth(won("R1", date(2026, 3, 31), 300))),
        ("2026Q2", truth(won("R1", date(2026, 4, 1), 300))),
    )
    assert [(c.reason, c.amount) for c in second.corrections] == [("gone", -300)]
    assert second.balances.earned == 300
    assert second.balances.closing == first.balances.closing == 300


def test_what_has_no_exchange_rate_is_corrected_when_there_is_one() -> None:
    first, second = issued(
        ("2026Q1", truth(won("R1", date(2026, 3, 1), None))),
        ("2026Q2", truth(won("R1", date(2026, 3, 1), 40))),
    )
    assert first.earned[0].amount is None and first.balances.closing == 0
    assert [(c.reason, c.amount) for c in second.corrections] == [("changed", 40)]


@pytest.mark.parametrize("quarter", ["2026Q1", "2025Q4"])
def test_quarters_are_issued_in_their_order(quarter: str) -> None:
    known = truth(won("R1", date(2026, 1, 10), 1000))
    history = issued(("2026Q1", known))
    with pytest.raises(UserError, match="none can be issued any more: the one of 2026Q1 has been"):
        settle(history, known, Quarter.parse(quarter), MADE)


def test_a_balance_does_not_change_its_currency() -> None:
    history = issued(("2026Q1", truth(won("R1", date(2026, 1, 10), 1000))))
    with pytest.raises(UserError, match="are in EUR, and the snapshot is in USD"):
        settle(history, truth(currency="USD"), Quarter.parse("2026Q2"), MADE)


def test_an_open_balance_is_as_old_as_the_referrals_that_are_not_paid() -> None:
    known = truth(
        won("old", date(2025, 12, 31), 100), won("named", date(2026, 1, 1), 200),
        won("middle", date(2026, 1, 30), 400), won("young", date(2026, 3, 1), 800),
        # 30 days before the last day, and 31.
        won("edge", date(2026, 2, 28), 1000),
        paid("C1", date(2026, 3, 1), 250, "named"), paid("C2", date(2026, 3, 1), 70),
    )  # fmt: skip
    (statement,) = issued(("2026Q1", known))
    # 50 more than was open for "named" and the 70 for none settle "old", and 20 of "middle".
    assert {age.bucket: age.amount for age in statement.ages} == {
        "days_0_30": 800, "days_31_60": 1000 + 380, "days_61_90": 0, "days_over_90": 0,
        "advance": 0,
    }  # fmt: skip


def test_more_than_everything_is_paid_in_advance() -> None:
    known = truth(won("R1", date(2026, 3, 1), 100), paid("C1", date(2026, 3, 2), 130, "R1"))
    (statement,) = issued(("2026Q1", known))
    assert statement.balances.closing == -30
    assert {age.bucket: age.amount for age in statement.ages if age.amount} == {"advance": -30}


def test_the_year_to_date_counts_by_the_day_and_holds_corrections() -> None:
    first = truth(won("R0", date(2025, 12, 1), 50), won("R1", date(2026, 2, 1), 100))
    later = truth(
        won("R0", date(2025, 12, 1), 60), won("R1", date(2026, 2, 1), 130),
        won("R2", date(2026, 5, 1), 7), paid("C1", date(2026, 3, 1), 100),
    )  # fmt: skip
    _, second = issued(("2026Q1", first), ("2026Q2", later))
    assert [(s.quarter, s.earned, s.paid) for s in second.year] == [
        ("2026Q1", 130, 100), ("2026Q2", 7, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "rounded"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.674999", "2.67")]
)
def test_lines_are_rounded_half_up_to_the_cent(amount: str, rounded: str) -> None:
    assert cents(Decimal(amount)) == Decimal(rounded)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sum_over_all_statements_is_what_the_newest_data_say(seed: int) -> None:
    told = random_history(seed)
    for count in range(1, len(told) + 1):
        history = issued(*told[:count])
        quarter, newest = told[count - 1]
        known = until(newest, quarter)
        commissions = total(
            total(line.amount for line in s.earned)
            + total(c.amount for c in s.corrections if c.kind == "commission")
            for s in history
        )
        payments = total(
            total(line.amount for line in s.payments)
            - total(c.amount for c in s.corrections if c.kind == "payment")
            for s in history
        )
        assert commissions == total(line.amount for line in known.earned)
        assert payments == total(line.amount for line in known.payments)
        assert history[-1].balances.closing == commissions - payments
        year = Quarter.parse(quarter).year
        assert total(s.earned for s in history[-1].year) == total(
            line.amount for line in known.earned if line.decided_on.year == year
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_every_statement_adds_up_and_reads_back_as_it_was_written(seed: int) -> None:
    opening = Decimal(0)
    for statement in issued(*random_history(seed)):
        b = statement.balances
        assert b.opening == opening
        assert b.earned == total(line.amount for line in statement.earned)
        assert b.corrections == total(line.amount for line in statement.corrections)
        assert b.paid == total(line.amount for line in statement.payments)
        assert b.closing == b.opening + b.earned + b.corrections - b.paid
        assert total(age.amount for age in statement.ages) == b.closing
        assert Statement.of_json(statement.as_json()) == statement
        opening = b.closing
