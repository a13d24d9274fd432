"""What can happen to an alert: the events of which everything else is added up.

Belongs here: the nouns and their form as JSON. Does not belong here: when they happen
(lifecycle.py, delivery.py), or keeping them (log.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, date, datetime
from typing import Any, Final, Literal

from partner_kpis.alerts.rules import Severity

Ending = Literal["recovered", "person", "rule_removed", "not_measured"]
Tells = Literal["opened", "worsened", "woke", "escalated", "resolved", "passed"]
"""What a message says of an episode; passed: it opened and closed while nobody looked."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened at a moment (UTC)."""

    at: datetime


@dataclass(frozen=True, kw_only=True)
class OfEpisode(Event):
    """Something that happened to one episode."""

    episode_id: str


@dataclass(frozen=True, kw_only=True)
class Opened(OfEpisode):
    """A subject left its bounds for long enough. previous: its episode before, when there is one.

    ladder: (days without an acknowledgement, role that is told then), rising.
    """

    rule_id: str
    subject: str
    severity: Severity
    owner: str = ""
    moment: date
    since: date
    stage: int = 0
    previous: str | None = None
    ladder: tuple[tuple[int, str], ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Measured(OfEpisode):
    """A new reading of an open episode."""

    moment: date
    state: str
    run: int
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Worsened(OfEpisode):
    """The matter reached its next stage."""

    moment: date
    stage: int
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Acknowledged(OfEpisode):
    by: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Snoozed(OfEpisode):
    by: str
    until: datetime
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Woke(OfEpisode):
    """A snooze ended and the episode is still open; from now on it waits and climbs as when new."""


@dataclass(frozen=True, kw_only=True)
class Escalated(OfEpisode):
    """Nobody acknowledged it in time: the next role is told. level counts from 1."""

    level: int
    to: str


@dataclass(frozen=True, kw_only=True)
class Resolved(OfEpisode):
    """The end: by itself, by a person, or because nothing can be said any more."""

    how: Ending
    moment: date
    by: str = ""
    why: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Gone(OfEpisode):
    """What a person resolved is really over: when it comes back, it is news."""


@dataclass(frozen=True, kw_only=True)
class Queued(Event):
    """A message waits to be sent; title and body are final. Its id is the idempotency key."""

    message_id: str
    channel: str
    severity: Severity
    tells: tuple[tuple[str, Tells], ...]
    title: str = ""
    body: str = ""


@dataclass(frozen=True, kw_only=True)
class Attempted(Event):
    """A message was handed to its channel: taken, or not, with the reason and the next try."""

    message_id: str
    attempt: int
    is_taken: bool
    error: str = ""
    next_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Evaluated(Event):
    """Every rule was held against a snapshot.

    settings: what of config/alerts.yml and the catalogue was in force, as a short hash.
    watermarks: rule and KPI -> the start of the last period that was judged.
    """

    snapshot_id: str
    as_of: date
    settings: str = ""
    watermarks: Mapping[str, date] = field(default_factory=dict)


_KINDS: Final[dict[str, type[Event]]] = {
    kind.__name__.lower(): kind
    for kind in (
        Opened, Measured, Worsened, Acknowledged, Snoozed, Woke, Escalated, Resolved, Gone, Queued,
        Attempted, Evaluated,
    )
}  # fmt: skip
_DAYS: Final = frozenset({"moment", "since", "as_of"})
_TIMES: Final = frozenset({"at", "until", "next_at"})


def as_json(event: Event) -> dict[str, Any]:
    """The event as JSON values; fields that say nothing are left out."""
    told = {
        name: value.isoformat() if name == "until" else _plain(value)  # a day of somebody's zone
        for name, value in asdict(event).items()
        if value is not None and value != ""
    }
    return {"event": type(event).__name__.lower(), **told}


def from_json(data: Mapping[str, Any]) -> Event:
    """The event that `as_json` wrote; raises ValueError for what is none.

    A key that this version does not know is passed over: a newer version wrote it.
    """
    kind = _KINDS.get(str(data.get("event")))
    if kind is None:
        raise ValueError(f"{data.get('event')!r} is no event of an alert")
    known = {each.name for each in fields(kind)}
    return kind(**{name: _typed(name, data[name]) for name in known & data.keys()})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def _typed(name: str, value: Any) -> Any:
    if name in _TIMES:
        return datetime.fromisoformat(value)
    if name in _DAYS:
        return date.fromisoformat(value)
    if name == "watermarks":
        return {rule: date.fromisoformat(day) for rule, day in value.items()}
    if name in ("ladder", "tells"):
        return tuple(tuple(each) for each in value)
    return value
