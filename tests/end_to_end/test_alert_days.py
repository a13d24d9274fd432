"""Alerts over days: every planted breach is found in time, few messages are needed for it, and a
kill at any moment loses nothing.

Belongs here: the demo's story and random walks, day by day (alert_days.py). Does not belong here:
the state machine by itself (tests/unit/alerts).
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from alert_days import seen_at_the_end, walk
from conftest import PublishedDemo

from partner_kpis.alerts import settings
from partner_kpis.alerts.episodes import Book, Episode
from partner_kpis.alerts.evaluate import Seen
from partner_kpis.alerts.kpi_readings import bounds
from partner_kpis.alerts.lifecycle import UNKNOWN_ENDS
from partner_kpis.alerts.log import AlertLog
from partner_kpis.alerts.rules import KpiRule
from partner_kpis.alerts.settings import AlertSettings
from partner_kpis.alerts.words import Names
from partner_kpis.home import DataHome
from partner_kpis.serving import KpiDefinition

CHANNELS = {"channels": {"team": {"url": "json://localhost"}}, "defaults": {"channels": ["team"]}}


@pytest.fixture
def alerts_home(tmp_path: Path) -> DataHome:
    return DataHome.at(tmp_path / "alerts").create()


def _configure(home: DataHome, **more: Any) -> None:
    home.alerts_file.write_text(yaml.safe_dump(CHANNELS | more, allow_unicode=True))


@dataclass(frozen=True)
class Breach:
    """A breach as plain Python finds it: when the last of the periods ended that a rule waits for,
    and when it was over for long enough (None: not by the last day)."""

    rule_id: str
    subject: tuple[str, str]
    due_on: date
    over_on: date | None


def plain_breaches(seen: Seen, in_force: AlertSettings, last: date) -> list[Breach]:
    """Every breach of every rule with plain bounds, period by period, written from docs/alerts.md
    and not from the state machine."""
    found = []
    kpis = {kpi.kpi_id: kpi for kpi in seen.kpis}
    for rule in in_force.rules.values():
        if not isinstance(rule, KpiRule) or rule.when.anomaly or rule.when.change:
            continue
        kpi = kpis[rule.kpi or ""]
        rows = seen.rows.get((kpi.kpi_id, rule.scope.dimension, rule.period or kpi.rhythm))
        if rows is None:
            continue
        low, high = bounds(rule.when, kpi, rule.scope.dimension)
        judged = rows.with_columns(low=low, high=high).sort("period_start")
        for member in judged["member"].unique(maintain_order=True):
            mine = judged.filter(pl.col("member") == member).to_dicts()
            found += _plain(rule, kpi, member, mine, seen.min_sample, last)
    return found


def _plain(
    rule: KpiRule, kpi: KpiDefinition, member: str, rows: Sequence[Mapping[str, Any]], least: int,
    last: date,
) -> list[Breach]:  # fmt: skip
    breaches: list[Breach] = []
    bad = good = unknown = 0
    opened: date | None = None
    counts = kpi.kind in ("ratio", "share", "median") and kpi.sample_basis != "none"
    for row in rows:
        day = row["period_end"] - timedelta(days=1)
        has_bound = row["low"] is not None or row["high"] is not None
        is_known = row["value"] is not None and has_bound
        if day > last:
            break
        if not is_known or (counts and (row["sample_size"] or 0) < least):
            unknown += 1
            if opened is not None and unknown >= UNKNOWN_ENDS:
                breaches.append(Breach(rule.id, (kpi.kpi_id, member), opened, day))
                opened = None
            continue
        unknown = 0
        is_low = row["low"] is not None and row["value"] < row["low"]
        is_high = row["high"] is not None and row["value"] > row["high"]
        bad, good = (bad + 1, 0) if is_low or is_high else (0, good + 1)
        if opened is None and bad >= rule.periods:
            opened = day
        elif opened is not None and good >= rule.clear.periods:
            breaches.append(Breach(rule.id, (kpi.kpi_id, member), opened, day))
            opened = None
    if opened is not None:
        breaches.append(Breach(rule.id, (kpi.kpi_id, member), opened, None))
    return breaches


def _lived(book: Book) -> set[Breach]:
    return {_as_breach(episode) for episode in book.episodes.values()}


def _as_breach(episode: Episode) -> Breach:
    ended = episode.resolved_at.date() if episode.resolved_at else None
    subject = (episode.subject.thing, episode.subject.member)
    return Breach(episode.rule_id, subject, episode.opened_at.date(), ended)


def _naive(seen: Seen, in_force: AlertSettings, first: date, last: date) -> int:
    """Messages when every daily run tells of every member that its newest period finds outside of
    its bounds."""
    told = 0
    for breach in plain_breaches(seen, _at_once(in_force), last):
        start = max(first, breach.due_on)
        end = breach.over_on or last + timedelta(days=1)
        told += max(0, (end - start).days)
    return told


def _at_once(in_force: AlertSettings) -> AlertSettings:
    rules = {
        rule.id: rule.model_copy(update={"periods": 1})
        for rule in in_force.rules.values()
        if isinstance(rule, KpiRule)
    }
    return AlertSettings(in_force.file, dict(rules))


def _rules_of_the_story(demo: PublishedDemo) -> list[dict[str, Any]]:
    slow, bad = demo.truth.slow_activation, demo.truth.bad_month
    bound = (slow.median_days_before + slow.median_days_since) / 2
    return [
        {"id": "slow_activation", "kpi": "time_to_activation", "period": "quarter",
         "scope": {"dimension": "partner", "members": [slow.partner_id]}, "min_sample": 1,
         "when": {"above": round(bound, 1)}},
        {"id": "bad_month", "kpi": "integration_uptime", "period": "month",
         "scope": {"dimension": "partner", "members": [bad.partner_id]},
         "when": {"below": round(bad.uptime + 0.002, 4)}},
    ]  # fmt: skip


def test_the_planted_breaches_open_on_the_day_they_can_first_be_known(
    demo: PublishedDemo, alerts_home: DataHome
) -> None:
    _configure(alerts_home, catalogue_rules=False, rules=_rules_of_the_story(demo))
    seen, in_force, names = seen_at_the_end(demo.home, alerts_home)
    first = demo.truth.bad_month.month - timedelta(days=40)
    book = walk(alerts_home, seen, in_force, names, first, demo.truth.as_of)
    opened = {episode.rule_id: episode for episode in reversed(book.episodes.values())}
    month = demo.truth.bad_month.month
    assert opened["bad_month"].moment == month
    assert opened["bad_month"].opened_at.date() == _month_end(month)
    assert opened["bad_month"].resolved_at is not None
    assert opened["slow_activation"].opened_at.date() >= demo.truth.slow_activation.since


def _month_end(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _story(demo: PublishedDemo, home: DataHome, first: date, last: date) -> tuple[int, int, int]:
    """Walk the catalogue's rules through the demo; episodes, messages, and what naive ones were."""
    _configure(home)
    seen, in_force, names = seen_at_the_end(demo.home, home)
    book = walk(home, seen, in_force, names, first, last)
    expected = {
        breach
        for breach in plain_breaches(seen, in_force, last)
        if _is_seen_from_its_start(breach, first)
    }
    lived = {breach for breach in _lived(book) if breach.due_on > first}
    assert expected - lived == set()
    assert {b for b in lived if _is_seen_from_its_start(b, first)} - expected == set()
    naive = _naive(seen, in_force, first, last)
    return len(book.episodes), len(book.messages), naive


def _is_seen_from_its_start(breach: Breach, first: date) -> bool:
    """On the first day, what has lasted for long opens then and not when it began."""
    return breach.due_on > first


def test_weeks_of_the_story_are_told_with_few_messages(
    demo: PublishedDemo, alerts_home: DataHome
) -> None:
    last = demo.truth.as_of
    episodes, messages, naive = _story(demo, alerts_home, last - timedelta(days=45), last)
    print(f"\n{episodes} episodes, {messages} messages; told on every breached run: {naive}")
    assert 0 < messages <= naive / 5


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_two_years_of_the_story_are_told_with_few_messages(
    demo: PublishedDemo, alerts_home: DataHome
) -> None:
    last = demo.truth.as_of
    episodes, messages, naive = _story(demo, alerts_home, last - timedelta(days=730), last)
    print(f"\n{episodes} episodes, {messages} messages; told on every breached run: {naive}")
    assert 0 < messages <= naive / 10


def _random_walk(seed: int, members: int, count: int) -> tuple[Seen, AlertSettings, Names]:
    """A KPI of some partners that wanders by itself, with gaps and small samples."""
    chance = random.Random(seed)
    kpi = KpiDefinition(
        kpi_id="walk", family="value", label_en="Walk", label_de="Weg", description_en="",
        description_de="", kind="ratio", is_balance=False, unit="ratio", direction="higher",
        rhythm="day", signal="lagging", dimensions=("programme", "partner"),
        sample_basis="entities", needs=(), owner="Somebody", runbook="", definition_version="1.0.0",
        ladder=("4 Head of partnerships",),
    )  # fmt: skip
    start = date(2024, 1, 1)
    rows = []
    for member in range(members):
        value = chance.uniform(0.4, 0.6)
        for number in range(count):
            value = min(1.0, max(0.0, value + chance.gauss(0, 0.03)))
            rows.append({
                "kpi_id": "walk", "dimension": "partner", "period_type": "day",
                "member": f"P{member}", "period_start": start + timedelta(days=number),
                "period_end": start + timedelta(days=number + 1),
                "value": value if chance.random() > 0.05 else None, "numerator": None,
                "denominator": None, "sample_size": chance.choice([3, 8, 9, 20]),
                "previous_value": None, "year_ago_value": None, "target": None,
                "corridor_low": None, "corridor_high": None,
            })  # fmt: skip
    frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        pl.col(
            "numerator", "denominator", "previous_value", "year_ago_value", "target",
            "corridor_low", "corridor_high",
        ).cast(pl.Float64)
    )  # fmt: skip
    rule = KpiRule.model_validate({
        "id": "walk_low", "kpi": "walk", "scope": {"dimension": "partner"},
        "when": {"below": chance.choice([0.3, 0.4, 0.5])}, "for": chance.choice([1, 2, 3]),
        "clear": {"for": chance.choice([1, 2])}, "severity": "critical", "channels": ["team"],
    })  # fmt: skip
    file = settings.AlertsFile.model_validate(CHANNELS)
    question = ("walk", "partner", "day")
    seen = Seen("walk", start, 5, [kpi], {question: frame}, lambda rule: [])
    names = Names({"walk": kpi}, {}, {}, "EUR")
    return seen, AlertSettings(file, {rule.id: rule}), names


def _walked(seed: int, home: DataHome, count: int) -> tuple[int, int]:
    seen, in_force, names = _random_walk(seed, 4, count)
    first = date(2024, 1, 1)
    last = first + timedelta(days=count - 1)
    book = walk(home, seen, in_force, names, first, last)
    assert _lived(book) == set(plain_breaches(seen, in_force, last))
    return len(book.messages), _naive(seen, in_force, first, last)


def test_a_random_walk_opens_and_ends_exactly_when_it_should(alerts_home: DataHome) -> None:
    for seed in range(3):
        home = DataHome.at(alerts_home.root / str(seed)).create()
        messages, naive = _walked(seed, home, 120)
        assert messages <= naive


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_two_years_of_random_walks_open_and_end_exactly_when_they_should(
    alerts_home: DataHome,
) -> None:
    told = [
        _walked(seed, DataHome.at(alerts_home.root / str(seed)).create(), 730) for seed in range(20)
    ]
    messages, naive = (sum(each) for each in zip(*told, strict=True))
    print(f"\n{messages} messages; told on every breached run: {naive}")
    assert messages <= naive / 3


def _killed_until_it_is_done(
    served: DataHome, home: DataHome, first: date, last: date, kills: Iterable[float]
) -> None:
    """Start the walk, kill it after so many seconds, start it again; at last let it end."""
    here = Path(__file__).with_name("alert_days.py")
    command = [sys.executable, str(here), str(served.root), str(home.root), str(first), str(last)]
    for seconds in [*kills, None]:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        try:
            assert process.wait(timeout=seconds) == 0
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def _with_kills(demo: PublishedDemo, home: DataHome, length: int, kills: Sequence[float]) -> None:
    last = demo.truth.as_of
    first = last - timedelta(days=length)
    undisturbed = DataHome.at(home.root / "undisturbed").create()
    for each in (home, undisturbed):
        _configure(each, catalogue_rules=False, rules=_rules_of_the_story(demo) + _MORE)
    expected = walk(undisturbed, *seen_at_the_end(demo.home, undisturbed), first, last)
    _killed_until_it_is_done(demo.home, home, first, last, kills)
    assert AlertLog(home).events() == AlertLog(undisturbed).events()
    assert expected.episodes and expected.messages


_MORE = [
    {"id": "uptime_low", "kpi": "integration_uptime", "when": {"below": 0.9995}},
    {"id": "win_rate_low", "kpi": "partner_win_rate", "scope": {"dimension": "partner"},
     "when": {"below": 0.4}, "min_sample": 1},
]  # fmt: skip


def test_a_kill_at_any_moment_loses_nothing_and_repeats_nothing(
    demo: PublishedDemo, alerts_home: DataHome
) -> None:
    chance = random.Random(1)
    _with_kills(demo, alerts_home, 120, [chance.uniform(0.3, 1.5) for _ in range(3)])


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_many_kills_in_two_years_lose_nothing_and_repeat_nothing(
    demo: PublishedDemo, alerts_home: DataHome
) -> None:
    chance = random.Random(2)
    _with_kills(demo, alerts_home, 730, [chance.uniform(0.2, 3) for _ in range(12)])


def test_a_week_without_a_run_is_caught_up_in_one_message(
    demo: PublishedDemo, alerts_home: DataHome
) -> None:
    """What a silence of weeks missed is told at once and by one message."""
    _configure(alerts_home, catalogue_rules=False, rules=_MORE)
    seen, in_force, names = seen_at_the_end(demo.home, alerts_home)
    last = demo.truth.as_of
    daily = DataHome.at(alerts_home.root / "daily").create()
    _configure(daily, catalogue_rules=False, rules=_MORE)
    walk(daily, seen, in_force, names, last - timedelta(days=60), last)
    late = DataHome.at(alerts_home.root / "late").create()
    _configure(late, catalogue_rules=False, rules=_MORE)
    first = last - timedelta(days=60)
    walk(late, seen, in_force, names, first, first)
    before = len(AlertLog(late).book().messages)
    walk(late, seen, in_force, names, last, last)
    caught_up = AlertLog(late).book()
    assert _open(caught_up) == _open(AlertLog(daily).book())
    assert len(caught_up.messages) - before <= 3 < len(AlertLog(daily).book().messages)


def _open(book: Book) -> set[tuple[str, str]]:
    return {(episode.rule_id, episode.subject.key) for episode in book.open()}


def test_a_day_twice_tells_nothing_twice(demo: PublishedDemo, alerts_home: DataHome) -> None:
    _configure(alerts_home)
    seen, in_force, names = seen_at_the_end(demo.home, alerts_home)
    last = demo.truth.as_of
    walk(alerts_home, seen, in_force, names, last, last)
    written = AlertLog(alerts_home).path.read_bytes()
    book = AlertLog(alerts_home).book()
    assert book.episodes and book.messages
    walk(alerts_home, seen, in_force, names, last, last)
    assert AlertLog(alerts_home).path.read_bytes() == written
