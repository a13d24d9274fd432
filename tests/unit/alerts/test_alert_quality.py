"""Numbers about the alerting itself, each against cases counted by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from partner_kpis.alerts.alert_quality import by_rule, overall
from partner_kpis.alerts.episodes import Book
from partner_kpis.alerts.events import Acknowledged, Event, Snoozed
from partner_kpis.alerts.readings import Subject
from tests.dashboards.alert_fixture import NOW, WIN_RATE, message, opened, recovered

START = NOW - timedelta(days=100)


def _row(events: list[Event], rule: str = "win_rate") -> dict[str, Any]:
    frame = by_rule(Book.of(events))
    (row,) = (row for row in frame.iter_rows(named=True) if row["rule_id"] == rule)
    return row


def _acknowledged(name: str, hours: float, since: Any = START) -> Acknowledged:
    return Acknowledged(at=since + timedelta(hours=hours), episode_id=name, by="Jana")


def test_without_alerts_there_is_nothing_to_count() -> None:
    assert by_rule(Book()).is_empty()
    whole = overall(Book())
    assert (whole["episodes"], whole["messages_sent"]) == (0, 0)
    assert whole["hours_to_acknowledge"] is whole["flapping_share"] is None


def test_the_median_to_acknowledge_counts_the_first_time_and_only_those_that_had_one() -> None:
    events: list[Event] = [opened(f"A-{i}", at=START) for i in range(4)]
    events += [_acknowledged("A-0", 2), _acknowledged("A-1", 10), _acknowledged("A-2", 4)]
    again = Snoozed(
        at=START + timedelta(hours=5), episode_id="A-0", by="Jana", until=START + timedelta(days=2)
    )
    events += [again, _acknowledged("A-0", 60)]
    assert _row(events)["hours_to_acknowledge"] == 4


def test_only_what_recovered_or_a_person_ended_has_a_time_to_resolve() -> None:
    events: list[Event] = [opened(f"A-{i}", at=START) for i in range(5)]
    ends = [("recovered", 3), ("person", 5), ("rule_removed", 50), ("not_measured", 60)]
    for i, (how, days) in enumerate(ends):
        events.append(recovered(f"A-{i}", START + timedelta(days=days), date(2026, 9, 1), how=how))
    row = _row(events)
    assert (row["days_to_resolve"], row["episodes"], row["open"]) == (4, 5, 1)


def test_alone_is_what_recovered_without_an_acknowledgement() -> None:
    events: list[Event] = [opened(f"A-{i}", at=START) for i in range(4)]
    events.append(_acknowledged("A-0", 1))
    end = START + timedelta(days=3)
    events += [
        recovered("A-0", end, date(2026, 9, 1)),
        recovered("A-1", end, date(2026, 9, 1)),
        recovered("A-2", end, date(2026, 9, 1), how="person", by="Jana", why="called them"),
    ]
    assert _row(events)["recovered_alone_share"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("period_type", "ended", "opens", "flaps"),
    [
        ("month", date(2026, 6, 1), date(2026, 8, 1), True),
        ("month", date(2026, 6, 1), date(2026, 9, 1), False),
        ("week", date(2026, 8, 3), date(2026, 8, 17), True),
        ("week", date(2026, 8, 3), date(2026, 8, 24), False),
        ("day", date(2026, 8, 3), date(2026, 8, 6), False),
        ("quarter", date(2026, 1, 1), date(2026, 7, 1), True),
        (None, date(2026, 8, 1), date(2026, 8, 15), True),
        (None, date(2026, 8, 1), date(2026, 8, 16), False),
    ],
)
def test_it_flaps_when_it_is_back_within_two_periods_or_a_fortnight(
    period_type: str | None, ended: date, opens: date, flaps: bool
) -> None:
    facts = WIN_RATE | {"period_type": period_type} if period_type else {"key": "x"}
    events = [
        opened("A-1", at=START, moment=date(2025, 12, 1), facts=facts),
        recovered("A-1", START + timedelta(days=1), ended, facts=facts),
        opened("A-2", at=START + timedelta(days=2), moment=opens, previous="A-1", facts=facts),
    ]
    assert _row(events)["flapping_share"] == (0.5 if flaps else 0)


def test_a_message_about_several_rules_counts_for_each_and_once_in_all() -> None:
    other = Subject("certificate", "partner", "P-001", "Basics")
    events: list[Event] = [
        opened("A-1"), opened("A-2"), opened("A-3", rule="certificate_expires", subject=other),
        *message("M-1", NOW, "A-1", "A-2", "A-3"),
        *message("M-2", NOW, "A-1"),
        *message("M-3", NOW, "A-2", error="timed out"),
    ]  # fmt: skip
    assert _row(events)["messages_sent"] == 2
    assert _row(events, "certificate_expires")["messages_sent"] == 1
    assert overall(Book.of(events))["messages_sent"] == 2


def test_the_busiest_rule_comes_first_and_says_what_it_is_about() -> None:
    other = Subject("certificate", "partner", "P-001", "Basics")
    events: list[Event] = [
        opened("A-1", rule="b"), opened("A-2", rule="a"),
        opened("A-3", rule="c"), opened("A-4", rule="c", subject=other),
    ]  # fmt: skip
    frame = by_rule(Book.of(events))
    assert frame["rule_id"].to_list() == ["c", "a", "b"]
    assert frame["things"][0].to_list() == ["certificate", "partner_win_rate"]
    assert overall(Book.of(events))["episodes"] == 4
