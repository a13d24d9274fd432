"""What the events add up to: episodes with their state, and messages that still wait.

Belongs here: adding up. Does not belong here: deciding what happens next (lifecycle.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from partner_kpis.alerts.events import (
    Acknowledged,
    Attempted,
    Ending,
    Escalated,
    Evaluated,
    Event,
    Gone,
    Measured,
    OfEpisode,
    Opened,
    Queued,
    Resolved,
    Snoozed,
    Woke,
    Worsened,
)
from partner_kpis.alerts.readings import Subject
from partner_kpis.alerts.rules import Severity

EpisodeState = Literal["open", "acknowledged", "snoozed", "resolved"]


@dataclass(frozen=True)
class Episode:
    """One time that a subject was outside of a rule's bounds, from its opening to its end.

    waits_since: from when the ladder counts: the opening, or the end of the last snooze.
    level: the highest step of the ladder that was told, 0 for none. facts: those of the newest
    reading. has_gone: what a person resolved was not there any more afterwards. history: its
    events, oldest first.
    """

    episode_id: str
    rule_id: str
    subject: Subject
    severity: Severity
    owner: str
    opened_at: datetime
    moment: date
    since: date
    stage: int
    ladder: tuple[tuple[int, str], ...]
    previous: str | None
    waits_since: datetime
    last_moment: date
    facts: dict[str, Any]
    state: EpisodeState = "open"
    level: int = 0
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    snoozed_until: datetime | None = None
    resolved_at: datetime | None = None
    ending: Ending | None = None
    has_gone: bool = False
    history: tuple[OfEpisode, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state != "resolved"


@dataclass(frozen=True)
class Message:
    """A message of the outbox and what became of it."""

    queued: Queued
    attempts: int = 0
    sent_at: datetime | None = None
    next_at: datetime | None = None
    error: str = ""

    @property
    def message_id(self) -> str:
        return self.queued.message_id


@dataclass
class Book:
    """All episodes and messages of a data home, as its log tells them.

    open_by: (rule_id, subject key) -> id of the open episode; last_by: the newest episode at all.
    """

    episodes: dict[str, Episode] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    evaluated: Evaluated | None = None
    last_by: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[Event]) -> Book:
        book = cls()
        book.take(events)
        return book

    def copy(self) -> Book:
        """Another one that says the same, to try events on."""
        return Book(dict(self.episodes), dict(self.messages), self.evaluated, dict(self.last_by))

    def take(self, events: Iterable[Event]) -> None:
        """Add events, oldest first; one that is known already changes nothing."""
        for event in events:
            self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case Opened():
                if event.episode_id not in self.episodes:
                    self.episodes[event.episode_id] = _opened(event)
                    self.last_by[event.rule_id, event.subject] = event.episode_id
            case Gone():
                ended = replace(self.episodes[event.episode_id], has_gone=True)
                self.episodes[event.episode_id] = ended
            case OfEpisode():
                episode = self.episodes[event.episode_id]
                if episode.is_open:
                    after = _after(episode, event)
                    history = (*episode.history, event)
                    self.episodes[event.episode_id] = replace(after, history=history)
            case Queued():
                self.messages.setdefault(event.message_id, Message(event))
            case Attempted():
                self.messages[event.message_id] = _tried(self.messages[event.message_id], event)
            case Evaluated():
                self.evaluated = event

    def open_episode(self, rule_id: str, subject: Subject) -> Episode | None:
        last = self.last_episode(rule_id, subject)
        return last if last is not None and last.is_open else None

    def last_episode(self, rule_id: str, subject: Subject) -> Episode | None:
        found = self.last_by.get((rule_id, subject.key))
        return self.episodes[found] if found else None

    def open(self) -> list[Episode]:
        return [episode for episode in self.episodes.values() if episode.is_open]

    def waiting(self) -> list[Message]:
        """Messages that no channel has taken yet, the oldest first."""
        return [message for message in self.messages.values() if message.sent_at is None]

    def earlier(self, episode: Episode) -> list[Episode]:
        """The episodes before this one of the same rule and subject, the newest first."""
        found = []
        previous = episode.previous
        while previous is not None:
            found.append(self.episodes[previous])
            previous = self.episodes[previous].previous
        return found


def _opened(event: Opened) -> Episode:
    return Episode(
        episode_id=event.episode_id, rule_id=event.rule_id, subject=Subject.of_key(event.subject),
        severity=event.severity, owner=event.owner, opened_at=event.at, moment=event.moment,
        since=event.since, stage=event.stage, ladder=event.ladder, previous=event.previous,
        waits_since=event.at, last_moment=event.moment, facts=dict(event.facts), history=(event,),
    )  # fmt: skip


def _after(episode: Episode, event: OfEpisode) -> Episode:
    match event:
        case Measured():
            return replace(episode, last_moment=event.moment, facts=dict(event.facts))
        case Worsened():
            facts = dict(event.facts)
            return replace(episode, last_moment=event.moment, stage=event.stage, facts=facts)
        case Acknowledged():
            return replace(
                episode, state="acknowledged", acknowledged_at=event.at, acknowledged_by=event.by,
                snoozed_until=None,
            )  # fmt: skip
        case Snoozed():
            return replace(episode, state="snoozed", snoozed_until=event.until)
        case Woke():
            return replace(episode, state="open", snoozed_until=None, waits_since=event.at, level=0)
        case Escalated():
            return replace(episode, level=event.level)
        case Resolved():
            facts = dict(event.facts) or episode.facts
            return replace(
                episode, state="resolved", resolved_at=event.at, ending=event.how, facts=facts,
                last_moment=max(episode.last_moment, event.moment), snoozed_until=None,
            )  # fmt: skip
    raise ValueError(f"{type(event).__name__} is no event of an episode")


def _tried(message: Message, event: Attempted) -> Message:
    if message.sent_at is not None:
        return message
    return replace(
        message,
        attempts=event.attempt,
        sent_at=event.at if event.is_taken else None,
        next_at=event.next_at,
        error=event.error,
    )
