"""The outbox is emptied: each message of the log goes to its channel until it is taken.

Belongs here: which message is due, in what order, and what is recorded of it. Does not belong here:
how an address is spoken to (sending.py), what a message says (messages.py).

At least once, and told once by key: a message is recorded as taken after its channel took it, so a
kill in between sends it again, with the same key. Only one process sends at a time. The log is held
for the moment of an entry, never while somebody is waited for.
"""

from __future__ import annotations

import fcntl
import re
import tempfile
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from partner_kpis import formats
from partner_kpis.alerts.episodes import Message
from partner_kpis.alerts.events import Attempted
from partner_kpis.alerts.log import AlertLog
from partner_kpis.alerts.quiet_hours import holds_back
from partner_kpis.alerts.rules import AlertsFile
from partner_kpis.alerts.sending import AddressError, Letter, send
from partner_kpis.alerts.settings import address_of, read_file
from partner_kpis.errors import DiskFullError, UserError, is_disk_full
from partner_kpis.home import DataHome
from partner_kpis.policies import Policies
from partner_kpis.strict_yaml import meant
from partner_kpis.text import Bilingual, both, t, word

LONGEST_PAUSE: Final = timedelta(hours=6)
_CONTENT_REFUSED: Final = re.compile(r"HTTP (400|413|415|422)|SMTP 55[0-4]")
"""Answers about one message: the channel is there, and the next message may well be taken."""


@dataclass(frozen=True)
class Delivered:
    """What one delivery did.

    sent: messages taken now. waiting: messages that wait after it, for whatever reason. failed:
    messages that were handed over now and not taken. failures: channel -> why, in both languages.
    sentences: what a person should know, one for each channel with a reason to wait. problems:
    those of them that are no quiet hours.
    """

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    failures: Mapping[str, Bilingual] = field(default_factory=dict)
    sentences: tuple[Bilingual, ...] = ()
    problems: tuple[Bilingual, ...] = ()
    is_busy: bool = False
    """Another process is sending; nothing was done."""


@dataclass
class _Round:
    """What all channels of one delivery share, and what it has come to so far."""

    log: AlertLog
    file: AlertsFile
    home: DataHome
    zone: str
    at: datetime | None
    waits: bool
    sent: int = 0
    failed: int = 0
    failures: dict[str, Bilingual] = field(default_factory=dict)
    sentences: list[Bilingual] = field(default_factory=list)
    problems: list[Bilingual] = field(default_factory=list)

    def say_problem(self, said: Bilingual) -> None:
        self.sentences.append(said)
        self.problems.append(said)

    def now(self) -> datetime:
        return self.at or datetime.now(UTC)

    def holds(self, message: Message) -> bool:
        return self.waits and _is_early(message, self.now())


def deliver(home: DataHome, at: datetime | None = None, *, waits: bool = True) -> Delivered:
    """Hand every due message to its channel; `at` stands for now in tests and replays.

    waits: False tries what was not taken before its pause is over. Quiet hours hold all the same.
    Raises UserError when alerts.yml or policies.yml cannot be read, or when what is sent could not
    be recorded: then nothing is sent, or it would be told again each time.
    """
    log = AlertLog(home)
    if not log.path.exists():
        return Delivered()
    with _alone(home) as is_alone:
        waiting = log.book().waiting()
        if not is_alone:
            busy = (both("alert_delivery.busy" if waits else "alert_delivery.busy_now"),)
            problems = () if waits else busy  # the other one waits for pauses
            return Delivered(waiting=len(waiting), sentences=busy, problems=problems, is_busy=True)
        if not waiting:
            return Delivered()
        _refuse_without_room(home)
        zone = Policies.load(home).reporting_timezone
        this = _Round(log, read_file(home), home, zone, at, waits)
        for channel, messages in _by_channel(waiting).items():
            _deliver_channel(this, channel, messages)
    return Delivered(
        sent=this.sent, waiting=len(waiting) - this.sent, failed=this.failed,
        failures=this.failures, sentences=tuple(this.sentences),
        problems=tuple(this.problems),
    )  # fmt: skip


def send_test(home: DataHome, channel: str) -> None:
    """Send a channel a message that says so; it is in no log, and quiet hours do not hold it back.

    Raises UserError when there is no such channel, it has no address, or it does not take it.
    """
    file = read_file(home)
    if channel not in file.channels:
        near = meant(channel, list(file.channels))
        raise UserError(
            both("alert_fault.no_channel", channel=channel, file=home.alerts_file, near=near)
        )
    declared = file.channels[channel]
    address = address_of(file, channel)
    if address is None:
        raise UserError(both("alert_fault.no_variable", channel=channel, variable=declared.url_env))
    key, lang = f"M-test-{uuid.uuid4().hex[:16]}", declared.lang
    body = t("alert_delivery.test_body", lang, channel=channel)
    letter = Letter(key, "info", t("alert_delivery.test_title", lang), _signed(body, key, lang))
    try:
        error = send(letter, address)
    except AddressError as fault:
        raise UserError(both("alert_fault.no_address", channel=channel)) from fault
    if error:
        why, where = error_in_words(error), declared.url_env or home.alerts_file
        raise UserError(both("alert_fault.test_refused", channel=channel, why=why, where=where))


def next_try(attempt: int, at: datetime) -> datetime:
    """When a message is tried again that was not taken at its `attempt`-th try, counted from 1:
    after 1, 2, 4, … minutes, and every 6 hours in the end."""
    doublings = min(max(attempt, 1) - 1, 16)  # more would pass what a timedelta can hold
    return at + min(timedelta(minutes=2**doublings), LONGEST_PAUSE)


def error_in_words(error: str) -> Bilingual:
    """An error of a message (`Attempted.error`) for people, in both languages."""
    name = error.replace(" ", "_")
    return Bilingual(*(word("alert_error", name, lang) for lang in ("en", "de")))


def _by_channel(messages: list[Message]) -> dict[str, list[Message]]:
    found: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        found[message.queued.channel].append(message)
    return found


def _deliver_channel(this: _Round, channel: str, messages: list[Message]) -> None:
    """The messages of one channel in their order, until one is not taken."""
    address = _address(this, channel, len(messages))
    if address is None:
        return
    held = [m for m in messages if this.holds(m)]
    down = next((m for m in held if not _CONTENT_REFUSED.fullmatch(m.error)), None)
    if down is not None:
        _say_waits(this, channel, down, len(messages))
        return
    declared = this.file.channels[channel]
    quiet = 0
    for message in messages:
        queued, now = message.queued, this.now()
        if holds_back(declared.quiet_hours, queued.severity, now, this.zone):
            quiet += 1
            continue
        if this.holds(message):
            continue
        body = _signed(queued.body, queued.message_id, declared.lang)
        letter = Letter(queued.message_id, queued.severity, queued.title, body)
        try:
            error = send(letter, address)
        except AddressError:
            said = both("alert_delivery.no_address", channel=channel, count=len(messages))
            this.say_problem(said)
            return
        tried = _record(this, message, error)
        if tried.next_at is not None:
            _say_failed(this, channel, tried)
            if not _CONTENT_REFUSED.fullmatch(error):
                break
    if quiet:
        this.sentences.append(both("alert_delivery.quiet", channel=channel, count=quiet))


def _address(this: _Round, channel: str, count: int) -> str | None:
    """The address of a channel; None and a sentence when there is none at this moment."""
    declared = this.file.channels.get(channel)
    if declared is None:
        said = both(
            "alert_delivery.no_channel", channel=channel, count=count, file=this.home.alerts_file
        )
    elif (address := address_of(this.file, channel)) is not None:
        return address
    else:
        said = both(
            "alert_delivery.no_variable", channel=channel, count=count, variable=declared.url_env
        )
    this.say_problem(said)
    return None


def _is_early(message: Message, now: datetime) -> bool:
    """Whether it was not taken, and its next try is still to come."""
    return message.next_at is not None and message.next_at > now


def _record(this: _Round, message: Message, error: str) -> Attempted:
    """The one entry about a try, written before anything else is sent."""
    at, attempt = this.now(), message.attempts + 1
    # A try before its time leaves the next one where it was: it must not cost patience.
    following = message.next_at if _is_early(message, at) else next_try(attempt, at)
    tried = Attempted(
        at=at, message_id=message.message_id, attempt=attempt, is_taken=not error, error=error,
        next_at=following if error else None,
    )  # fmt: skip
    try:
        with this.log.writing() as writer:
            writer.append([tried])
    except OSError as fault:
        raise _unrecorded(this.home, fault) from fault
    this.sent += not error
    this.failed += bool(error)
    return tried


def _say_failed(this: _Round, channel: str, tried: Attempted) -> None:
    reason = error_in_words(tried.error)
    this.failures[channel] = reason
    said = both("alert_delivery.failed", channel=channel, reason=reason, moment=_moment(tried))
    this.say_problem(said)


def _say_waits(this: _Round, channel: str, down: Message, count: int) -> None:
    reason = error_in_words(down.error)
    said = both(
        "alert_delivery.waits", channel=channel, reason=reason, moment=_moment(down), count=count
    )
    this.say_problem(said)


def _moment(of: Attempted | Message) -> Bilingual:
    at = of.next_at.astimezone(UTC) if of.next_at else None
    return Bilingual(formats.moment(at, "en"), formats.moment(at, "de"))


def _signed(body: str, key: str, lang: str) -> str:
    """The body with the key as its last line: not every kind of channel has headers."""
    return f"{body.rstrip()}\n\n{t('alert_delivery.reference', lang, id=key)}\n"


@contextmanager
def _alone(home: DataHome) -> Iterator[bool]:
    """Whether this process is the one that sends; the lock falls with its holder."""
    try:
        lock = (home.alerts / "delivery.lock").open("a+")
    except OSError as error:
        raise home.not_writable(error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _refuse_without_room(home: DataHome) -> None:
    """Nothing is sent that cannot be recorded: a full disk would have it told at each delivery."""
    try:
        with tempfile.TemporaryFile(dir=home.alerts) as probe:
            probe.write(b"\0" * 65536)
            probe.flush()
        AlertLog(home).path.open("r+b").close()
    except OSError as error:
        raise _unrecorded(home, error) from error


def _unrecorded(home: DataHome, error: OSError) -> UserError:
    if is_disk_full(error):
        return DiskFullError(both("alert_fault.disk_full", home=home.root))
    return home.not_writable(error)
