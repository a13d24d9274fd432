"""The life of an alert, whatever happens in whatever order: told once, quiet when somebody is on
it, and always over in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partner_kpis.alerts import lifecycle
from partner_kpis.alerts.episodes import Book
from partner_kpis.alerts.events import (
    Escalated,
    Event,
    Gone,
    Measured,
    Opened,
    Resolved,
    Worsened,
    as_json,
    from_json,
)
from partner_kpis.alerts.lifecycle import Duty, Terms, Told
from partner_kpis.alerts.readings import Reading, State, Subject
from partner_kpis.errors import UserError

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
SUBJECTS = (Subject("win_rate", "partner", "P1"), Subject("win_rate", "partner", "P2"))
LADDER = ((2, "Head of partnerships"), (5, "Management"))
TERMS = Terms("low", "warning", to_open=2, to_clear=2)


class World:
    """A rule over days: every day each subject is in a state; people act; time passes."""

    def __init__(self, terms: Terms = TERMS) -> None:
        self.terms = terms
        self.book = Book()
        self.events: list[Event] = []
        self.told: list[Told] = []
        self.at = START
        self.spells: dict[Subject, tuple[State, int, date]] = {}
        self.day = START.date()

    def judge(self, states: dict[Subject, State], stage: int = 0) -> list[Event]:
        """A new day with a state for each subject."""
        self.day += timedelta(days=1)
        self.at = datetime.combine(self.day, self.at.time(), UTC)
        readings = []
        for subject, state in states.items():
            before, run, since = self.spells.get(subject, ("clear", 0, self.day))
            run, since = (run + 1, since) if before == state else (1, self.day)
            self.spells[subject] = (state, run, since)
            readings.append(Reading("low", subject, self.day, state, run, since, stage))
        return self.judge_again(readings)

    def judge_again(self, readings: Iterable[Reading]) -> list[Event]:
        return self.keep(
            lifecycle.judge(
                self.book, self.terms, readings, self.at, lambda s: Duty("Owner", LADDER),
                as_of=self.day,
            )
        )  # fmt: skip

    def wait(self, hours: int) -> list[Event]:
        self.at += timedelta(hours=hours)
        self.day = self.at.date()
        return self.keep(lifecycle.tick(self.book, self.at))

    def act(self, what: str) -> list[Event]:
        """Something that a person does to the first open episode, where that is possible."""
        names = [e.episode_id for e in self.book.open()]
        if not names:
            return []
        acts: dict[str, Any] = {
            "ack": lambda: lifecycle.acknowledge(self.book, names[0], "Anna", "", self.at),
            "snooze": lambda: lifecycle.snooze(
                self.book, names[0], "Anna", self.at + timedelta(days=3), "", self.at
            ),
            "resolve": lambda: lifecycle.resolve(self.book, names[0], "Anna", "done", self.at),
        }
        try:
            return self.keep(acts[what]())
        except UserError:
            return []

    def keep(self, events: list[Event]) -> list[Event]:
        self.book.take(events)
        self.events += events
        self.told += lifecycle.told(self.book, events)
        return events

    def only(self) -> Any:
        (episode,) = self.book.episodes.values()
        return episode


STATES = st.sampled_from(["breached", "clear", "between", "unknown"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("day"), STATES, STATES, st.integers(0, 3)),
        st.tuples(st.just("wait"), st.integers(1, 24 * 9)),
        st.tuples(st.sampled_from(["ack", "snooze", "resolve"])),
    ),
    max_size=40,
)


def _played(steps: Iterable[tuple[Any, ...]]) -> World:
    world = World()
    for step in steps:
        match step:
            case ("day", first, second, stage):
                world.judge(dict(zip(SUBJECTS, (first, second), strict=True)), stage)
            case ("wait", hours):
                world.wait(hours)
            case (act,):
                world.act(act)
    return world


@given(STEPS)
@settings(max_examples=300, deadline=None)
def test_no_path_tells_anything_twice(steps: list[tuple[Any, ...]]) -> None:
    world = _played(steps)
    counted = Counter(told for told in world.told if told.tells in ("opened", "resolved", "passed"))
    assert all(count == 1 for count in counted.values())
    levels = Counter(
        (e.episode_id, e.level, world.book.episodes[e.episode_id].waits_since)
        for e in world.events
        if isinstance(e, Escalated) and _waited_since_the_last_snooze(e, world)
    )
    assert all(count == 1 for count in levels.values())
    stages = Counter((e.episode_id, e.stage) for e in world.events if isinstance(e, Worsened))
    assert all(count == 1 for count in stages.values())


def _waited_since_the_last_snooze(event: Escalated, world: World) -> bool:
    return event.at >= world.book.episodes[event.episode_id].waits_since


@given(STEPS)
@settings(max_examples=300, deadline=None)
def test_nothing_that_somebody_acknowledged_climbs_or_gets_louder(
    steps: list[tuple[Any, ...]],
) -> None:
    world = World()
    for step in steps:
        quiet = {e.episode_id for e in world.book.open() if e.state == "acknowledged"}
        before = len(world.told)
        if step[0] == "day":
            events = world.judge(dict(zip(SUBJECTS, step[1:3], strict=True)), step[3])
        else:
            events = world.wait(step[1]) if step[0] == "wait" else world.act(step[0])
        assert not any(isinstance(e, Escalated) and e.episode_id in quiet for e in events)
        new = world.told[before:]
        assert {t.tells for t in new if t.episode_id in quiet} <= {"resolved"}


@given(STEPS)
@settings(max_examples=200, deadline=None)
def test_everything_that_opened_ends_once_it_is_clear(steps: list[tuple[Any, ...]]) -> None:
    world = _played(steps)
    for _ in range(TERMS.to_clear):
        world.judge(dict.fromkeys(SUBJECTS, "clear"))
    assert world.book.open() == []
    ended = Counter(e.episode_id for e in world.events if isinstance(e, Resolved))
    assert set(ended) == set(world.book.episodes)
    assert all(count == 1 for count in ended.values())


@given(STEPS)
@settings(max_examples=100, deadline=None)
def test_everything_ends_too_when_nothing_is_known_any_more(steps: list[tuple[Any, ...]]) -> None:
    world = _played(steps)
    for _ in range(lifecycle.UNKNOWN_ENDS):
        world.judge(dict.fromkeys(SUBJECTS, "unknown"))
    assert world.book.open() == []


@given(STEPS)
@settings(max_examples=200, deadline=None)
def test_the_log_says_the_same_after_it_was_written_and_read(steps: list[tuple[Any, ...]]) -> None:
    world = _played(steps)
    read = [from_json(as_json(event)) for event in world.events]
    assert read == world.events
    assert Book.of(read).episodes == world.book.episodes


@given(STEPS)
@settings(max_examples=200, deadline=None)
def test_the_same_again_changes_nothing(steps: list[tuple[Any, ...]]) -> None:
    world = _played(steps)
    last = [
        Reading("low", subject, world.day, state, run, since)
        for subject, (state, run, since) in world.spells.items()
    ]
    world.judge_again(last)
    assert world.judge_again(last) == []
    world.wait(0)
    assert world.wait(0) == []


def _breach(world: World, days: int = 2) -> None:
    for _ in range(days):
        world.judge({SUBJECTS[0]: "breached"})


def test_it_opens_only_after_as_many_periods_as_the_rule_asks_for() -> None:
    world = World()
    assert world.judge({SUBJECTS[0]: "breached"}) == []
    opened = world.judge({SUBJECTS[0]: "breached"})
    assert [type(e) for e in opened] == [Opened]
    assert (world.only().since, world.only().owner) == (START.date() + timedelta(days=1), "Owner")


def test_a_period_of_which_nothing_is_known_neither_counts_nor_ends_it() -> None:
    world = World()
    _breach(world)
    world.judge({SUBJECTS[0]: "unknown"})
    assert world.only().is_open


def test_between_the_two_bounds_it_stays_open() -> None:
    world = World()
    _breach(world)
    for _ in range(5):
        assert [type(e) for e in world.judge({SUBJECTS[0]: "between"})] == [Measured]
    assert world.only().is_open


def test_after_a_long_silence_only_the_step_that_is_due_is_told() -> None:
    world = World()
    _breach(world)
    climbed = world.wait(24 * 30)
    assert [(type(e), e.level, e.to) for e in climbed] == [(Escalated, 2, "Management")]
    assert world.wait(24 * 30) == []


def test_a_snooze_that_ends_is_told_and_the_ladder_begins_anew() -> None:
    world = World()
    _breach(world)
    world.wait(24 * 3)
    world.act("snooze")
    assert world.wait(24 * 2) == []
    world.wait(24 * 2)
    assert [t.tells for t in world.told] == ["opened", "escalated", "woke"]
    world.wait(24 * 2)
    assert world.told[-1].tells == "escalated"
    assert world.only().level == 1


def test_what_gets_worse_is_told_unless_somebody_is_on_it() -> None:
    world = World(Terms("low", "info"))
    world.judge({SUBJECTS[0]: "breached"}, stage=0)
    world.judge({SUBJECTS[0]: "breached"}, stage=1)
    world.act("ack")
    world.judge({SUBJECTS[0]: "breached"}, stage=2)
    assert [t.tells for t in world.told] == ["opened", "worsened"]
    assert world.only().stage == 2


def test_what_breaks_out_again_is_a_new_episode_that_names_the_last() -> None:
    world = World()
    _breach(world)
    for _ in range(2):
        world.judge({SUBJECTS[0]: "clear"})
    _breach(world)
    first, second = world.book.episodes.values()
    assert second.previous == first.episode_id
    assert world.book.earlier(second) == [first]


def test_what_a_person_ended_opens_again_only_by_a_later_period() -> None:
    world = World()
    _breach(world)
    world.act("resolve")
    same = Reading("low", SUBJECTS[0], world.day, "breached", 2, world.day)
    assert world.judge_again([same]) == []
    world.judge({SUBJECTS[0]: "breached"})
    assert len(world.book.open()) == 1
    assert [t.tells for t in world.told] == ["opened", "opened"]


def test_what_came_and_went_while_nobody_looked_is_told_as_one_thing() -> None:
    world = World(Terms("low", "warning"))
    day = START.date()
    readings = [
        Reading("low", SUBJECTS[0], day, "breached", 1, day),
        Reading("low", SUBJECTS[0], day + timedelta(days=1), "clear", 1, day + timedelta(days=1)),
    ]
    world.judge_again(readings)
    assert [t.tells for t in world.told] == ["passed"]


def test_a_subject_that_nobody_names_any_more_ends() -> None:
    for is_list, how in ((True, "recovered"), (False, "not_measured")):
        world = World()
        _breach(world)
        ended = lifecycle.judge(
            world.book, TERMS, [], world.at, lambda s: Duty(), as_of=world.day, is_list=is_list
        )
        assert [e.how for e in ended if isinstance(e, Resolved)] == [how]


def test_a_rule_that_is_gone_ends_its_alerts() -> None:
    world = World()
    _breach(world)
    (ended,) = world.keep(lifecycle.end_without_rule(world.book, [], world.at))
    assert isinstance(ended, Resolved)
    assert ended.how == "rule_removed"


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda b, n: lifecycle.acknowledge(b, n, " ", "", START), "Say who you are"),
        (lambda b, n: lifecycle.acknowledge(b, "A-0", "Anna", "", START), "There is no alert"),
        (lambda b, n: lifecycle.snooze(b, n, "Anna", START, "", START), "in the future"),
        (lambda b, n: lifecycle.resolve(b, n, "Anna", " ", START), "Say why"),
    ],
)
def test_an_act_that_makes_no_sense_is_a_sentence(act: Any, said: str) -> None:
    world = World()
    _breach(world)
    with pytest.raises(UserError, match=said):
        act(world.book, world.only().episode_id)


def test_an_ended_alert_cannot_be_acknowledged() -> None:
    world = World()
    _breach(world)
    world.act("resolve")
    with pytest.raises(UserError, match="ended already"):
        lifecycle.acknowledge(world.book, world.only().episode_id, "Anna", "", world.at)


def _listed(world: World, *named: Subject, stage: int = 0) -> list[Event]:
    """A new day of a rule that lists all that is breached."""
    world.day += timedelta(days=1)
    world.at = datetime.combine(world.day, world.at.time(), UTC)
    readings = [
        Reading("low", subject, world.day, "breached", 1, START.date(), stage) for subject in named
    ]
    return world.keep(
        lifecycle.judge(
            world.book, Terms("low", "info"), readings, world.at, lambda s: Duty("Owner", LADDER),
            as_of=world.day, is_list=True,
        )
    )  # fmt: skip


def test_a_reminder_that_a_person_resolved_stays_so_until_it_was_gone_or_gets_worse() -> None:
    world = World()
    _listed(world, SUBJECTS[0])
    world.act("resolve")
    for _ in range(3):
        assert _listed(world, SUBJECTS[0]) == []
    assert [type(e) for e in _listed(world, SUBJECTS[0], stage=1)] == [Opened]
    world.act("resolve")
    assert [type(e) for e in _listed(world)] == [Gone]
    assert _listed(world) == []
    assert [type(e) for e in _listed(world, SUBJECTS[0], stage=1)] == [Opened]


def test_a_list_that_says_the_same_every_day_writes_nothing() -> None:
    world = World()
    _listed(world, SUBJECTS[0])
    assert [_listed(world, SUBJECTS[0]) for _ in range(3)] == [[], [], []]
    assert world.only().is_open


def test_what_gets_worse_and_climbs_at_once_is_told_to_both() -> None:
    world = World()
    _listed(world, SUBJECTS[0])
    at = world.at + timedelta(days=3)
    reading = Reading("low", SUBJECTS[0], at.date(), "breached", 1, START.date(), 1)
    worse = lifecycle.judge(
        world.book, Terms("low", "info"), [reading], at, lambda s: Duty(), as_of=None, is_list=True
    )
    world.book.take(worse)
    climbed = lifecycle.tick(world.book, at)
    world.book.take(climbed)
    told = lifecycle.told(world.book, [*worse, *climbed])
    assert [each.tells for each in told] == ["worsened", "escalated"]
