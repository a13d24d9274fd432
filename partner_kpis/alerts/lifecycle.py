"""The life of an alert: readings, time and acts of people in, events out.

    (none) -> open -> acknowledged | snoozed until -> open …
    open -> escalated by its ladder while nobody acknowledges it
    any -> resolved; what breaks out again is a new episode that names the last

Belongs here: the rules of that life, without files, clocks or channels. Does not belong here: what
a message says or where it goes (messages.py), or measuring (*_readings.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from partner_kpis.alerts.episodes import Book, Episode
from partner_kpis.alerts.events import (
    Acknowledged,
    Ending,
    Escalated,
    Event,
    Gone,
    Measured,
    OfEpisode,
    Opened,
    Resolved,
    Snoozed,
    Tells,
    Woke,
    Worsened,
)
from partner_kpis.alerts.readings import Reading, Subject
from partner_kpis.alerts.rules import Severity
from partner_kpis.errors import UserError
from partner_kpis.text import both

UNKNOWN_ENDS = 6
"""So many periods in a row of which nothing is known end an episode: nobody can see it end."""

Ladder = tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Terms:
    """What a rule asks of the life of its alerts: periods to open and to clear, and who is told."""

    rule_id: str
    severity: Severity
    to_open: int = 1
    to_clear: int = 1


@dataclass(frozen=True)
class Duty:
    """Who answers for a subject, and who is told next while nobody acknowledges."""

    owner: str = ""
    ladder: Ladder = ()


Duties = Callable[[Subject], Duty]


@dataclass(frozen=True)
class Told:
    """What is to be told of an episode after a step."""

    episode_id: str
    tells: Tells


def judge(
    book: Book,
    terms: Terms,
    readings: Iterable[Reading],
    at: datetime,
    duties: Duties,
    *,
    as_of: date | None,
    is_list: bool = False,
) -> list[Event]:
    """What follows from the readings of one rule; `book` stays as it is.

    readings: any number for each subject, in the order of their moments. A subject with an open
    alert that has none any more, as of `as_of`, ends: of a rule that lists all that is breached
    (is_list: reminders, data) it has recovered; of others nobody measures it any more. as_of:
    None when these are not all of the rule's readings; then nothing follows from absence.
    """
    trial = book.copy()
    events: list[Event] = []
    seen: set[str] = set()
    for reading in readings:
        seen.add(reading.subject.key)
        followed = _follow(trial, terms, reading, at, duties, is_list)
        trial.take(followed)
        events += followed
    if as_of is None:
        return events
    for (rule_id, key), name in book.last_by.items():
        if rule_id == terms.rule_id and key not in seen:
            events += _without_reading(book.episodes[name], at, as_of, is_list)
    return events


def _without_reading(episode: Episode, at: datetime, as_of: date, is_list: bool) -> list[Event]:
    """What follows for the last episode of a subject that its rule does not name any more."""
    name = episode.episode_id
    if episode.is_open:
        how: Ending = "recovered" if is_list else "not_measured"
        return [Resolved(at=at, episode_id=name, how=how, moment=as_of)]
    if is_list and episode.ending == "person" and not episode.has_gone:
        return [Gone(at=at, episode_id=name)]
    return []


def _follow(
    book: Book,
    terms: Terms,
    reading: Reading,
    at: datetime,
    duties: Duties,
    is_list: bool,
) -> list[Event]:
    last = book.last_episode(terms.rule_id, reading.subject)
    if last is None or not last.is_open:
        is_new = last is None or _is_news_after(last, reading, is_list)
        if reading.state != "breached" or reading.run < terms.to_open or not is_new:
            return []
        subject = reading.subject
        duty = duties(subject)
        return [
            Opened(
                at=at, episode_id=_id_of(terms.rule_id, reading, last), rule_id=terms.rule_id,
                subject=subject.key, severity=terms.severity, owner=duty.owner,
                moment=reading.moment, since=reading.since, stage=reading.stage,
                previous=last.episode_id if last else None, ladder=duty.ladder,
                facts=reading.facts,
            )
        ]  # fmt: skip
    return _go_on(last, terms, reading, at, is_list)


def _is_news_after(last: Episode, reading: Reading, is_list: bool) -> bool:
    """Whether a breach after an ended episode opens another one.

    What a person ended opens again by a later period; where there are no periods, by having been
    gone in between, or by getting worse.
    """
    if last.ending != "person":
        return True
    if is_list:
        return last.has_gone or reading.stage > last.stage
    return reading.moment > last.last_moment


def _go_on(
    episode: Episode, terms: Terms, reading: Reading, at: datetime, is_list: bool
) -> list[Event]:
    """What a reading does to an open episode; the same reading again does nothing."""
    name, moment, facts = episode.episode_id, reading.moment, reading.facts
    if reading.state == "clear" and reading.run >= terms.to_clear:
        return [Resolved(at=at, episode_id=name, how="recovered", moment=moment, facts=facts)]
    if reading.state == "unknown" and reading.run >= UNKNOWN_ENDS:
        return [Resolved(at=at, episode_id=name, how="not_measured", moment=moment)]
    if reading.state == "breached" and reading.stage > episode.stage:
        stage = reading.stage
        return [Worsened(at=at, episode_id=name, moment=moment, stage=stage, facts=facts)]
    is_other = reading.state == "breached" and facts != episode.facts
    is_later = moment > episode.last_moment and not is_list  # a list has a new day every day
    is_news = is_later or (is_other and moment >= episode.last_moment)
    if is_news and reading.state != "unknown":
        state, run = reading.state, reading.run
        return [Measured(at=at, episode_id=name, moment=moment, state=state, run=run, facts=facts)]
    return []


def end_without_rule(book: Book, rule_ids: Iterable[str], at: datetime) -> list[Event]:
    """The end of every open episode whose rule is not in force any more."""
    in_force = set(rule_ids)
    return [
        Resolved(at=at, episode_id=e.episode_id, how="rule_removed", moment=e.last_moment)
        for e in book.open()
        if e.rule_id not in in_force
    ]


def tick(book: Book, at: datetime) -> list[Event]:
    """What the time alone does: snoozes end, and what nobody acknowledged climbs.

    After a long silence it climbs at once to the step that is due, and only that one is told.
    """
    events: list[Event] = []
    for episode in book.open():
        if episode.state == "snoozed" and episode.snoozed_until and episode.snoozed_until <= at:
            events.append(Woke(at=at, episode_id=episode.episode_id))
        elif episode.state == "open":
            due = _due_level(episode, at)
            if due > episode.level:
                to = episode.ladder[due - 1][1]
                events.append(Escalated(at=at, episode_id=episode.episode_id, level=due, to=to))
    return events


def _due_level(episode: Episode, at: datetime) -> int:
    return sum(episode.waits_since + timedelta(days=days) <= at for days, _ in episode.ladder)


def next_escalation(episode: Episode) -> tuple[datetime, str] | None:
    """When the next role is told and which, while nobody acknowledges; None when none follows."""
    if episode.state != "open" or episode.level >= len(episode.ladder):
        return None
    days, role = episode.ladder[episode.level]
    return episode.waits_since + timedelta(days=days), role


def acknowledge(book: Book, name: str, by: str, why: str, at: datetime) -> list[Event]:
    """Somebody has taken it on: it neither climbs nor is told again until it ends.

    Raises UserError for what is unknown, ended or acknowledged already, or without a name.
    """
    episode = _actable(book, name, by, why)
    if episode.state == "acknowledged":
        by_whom = episode.acknowledged_by
        raise UserError(both("alert_fault.acknowledged", alert=episode.episode_id, name=by_whom))
    return [Acknowledged(at=at, episode_id=episode.episode_id, by=by.strip(), why=why.strip())]


def snooze(book: Book, name: str, by: str, until: datetime, why: str, at: datetime) -> list[Event]:
    """Quiet until a moment; if it is still open then, it is told again. Raises UserError."""
    episode = _actable(book, name, by, why)
    if until <= at:
        raise UserError(both("alert_fault.past"))
    identity = episode.episode_id
    return [Snoozed(at=at, episode_id=identity, by=by.strip(), until=until, why=why.strip())]


def resolve(book: Book, name: str, by: str, why: str, at: datetime) -> list[Event]:
    """A person ends it; it opens anew only by a later period. Raises UserError."""
    episode = _actable(book, name, by, why)
    if not why.strip():
        raise UserError(both("alert_fault.no_why"))
    moment, identity = episode.last_moment, episode.episode_id
    return [
        Resolved(
            at=at, episode_id=identity, how="person", moment=moment, by=by.strip(), why=why.strip()
        )
    ]


def _actable(book: Book, name: str, by: str, why: str) -> Episode:
    episode = named(book, name)
    if any("\ud800" <= letter <= "\udfff" for letter in by + why):
        raise UserError(both("alert_fault.no_utf8"))
    if not by.strip():
        raise UserError(both("alert_fault.no_name"))
    if not episode.is_open:
        raise UserError(both("alert_fault.ended", alert=episode.episode_id))
    return episode


def named(book: Book, name: str) -> Episode:
    """The episode with this id, or a beginning of it that only one has. Raises UserError."""
    wanted = name.strip().upper()
    found = [e for identity, e in book.episodes.items() if identity.startswith(wanted)]
    exact = [e for e in found if e.episode_id == wanted]
    if not wanted or not found:
        raise UserError(both("alert_fault.unknown", alert=name))
    if len(found) > 1 and not exact:
        raise UserError(both("alert_fault.several", alert=name, count=len(found)))
    return (exact or found)[0]


def told(book: Book, events: Iterable[Event]) -> list[Told]:
    """What of the events of one step is told; what came and went in it is told as one thing.

    book: with the events in it. Quiet: an acknowledged or snoozed episode that gets worse, and
    what a person ended.
    """
    tells: dict[str, Tells] = {}
    climbed: list[str] = []
    for event in events:
        if not isinstance(event, OfEpisode):
            continue
        name = event.episode_id
        match event:
            case Opened():
                tells[name] = "opened"
            case Worsened():
                if book.episodes[name].state == "open":
                    tells.setdefault(name, "worsened")
            case Woke():
                tells[name] = "woke"
            case Escalated():
                climbed.append(name)
            case Resolved(how=how):
                if how == "person":
                    tells.pop(name, None)
                else:
                    tells[name] = "passed" if tells.get(name) == "opened" else "resolved"
    # Another role is told, so that the rule's own news is told beside it; what is new needs no
    # second message.
    also = [name for name in climbed if tells.get(name) in (None, "worsened")]
    return [Told(name, what) for name, what in tells.items()] + [
        Told(name, "escalated") for name in also
    ]


def _id_of(rule_id: str, reading: Reading, last: Episode | None) -> str:
    """The same episode has the same name, whenever it is found."""
    parts = (rule_id, reading.subject.key, str(reading.moment), last.episode_id if last else "")
    return "A-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8].upper()
