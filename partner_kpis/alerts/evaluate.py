"""Alerts after a publication: measure, judge, and queue what is to be told.

Belongs here: the order of it, and the one line of the log that it becomes. Does not belong here:
measuring (*_readings.py), the life of an alert (lifecycle.py), words (messages.py), sending
(delivery.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Final

from partner_kpis.alerts import lifecycle, messages, settings
from partner_kpis.alerts.episodes import Book
from partner_kpis.alerts.events import Evaluated, Event, Opened, Queued, Resolved
from partner_kpis.alerts.kpi_readings import Periods, Watch, periods, readings
from partner_kpis.alerts.lifecycle import Duty, Terms
from partner_kpis.alerts.list_readings import ListRule, listed_readings
from partner_kpis.alerts.log import AlertLog, Writer
from partner_kpis.alerts.movers import movers_of
from partner_kpis.alerts.readings import Reading, Subject
from partner_kpis.alerts.rules import KpiRule, Rule
from partner_kpis.alerts.settings import AlertSettings
from partner_kpis.alerts.words import Names, names_of
from partner_kpis.home import DataHome
from partner_kpis.policies import Policies
from partner_kpis.serving import KpiDefinition, Snapshot

_OWNERS: Final = {
    "certificate": "Partner enablement", "agreement": "Partner management",
    "protection": "Sales operations", "registration": "Partner operations",
    "referral": "Sales operations", "dormant": "Partner management", "source": "Data engineering",
}  # fmt: skip
"""Who answers for what is no KPI; a rule may name somebody else."""

_LADDER: Final[lifecycle.Ladder] = ((7, "Head of partnerships"),)
"""The ladder of what is no KPI."""


@dataclass(frozen=True)
class Summary:
    """What an evaluation came to: alerts opened and ended by it, all that are open, and messages.

    is_other_day: the snapshot reports for an earlier day than the one judged last, or for one that
    is still to come: nothing was judged.
    """

    opened: int = 0
    ended: int = 0
    open: int = 0
    queued: int = 0
    is_other_day: bool = False


@dataclass(frozen=True)
class Seen:
    """What the rules look at, at one moment.

    rows: see kpi_readings.periods. listed: what a rule without periods finds breached.
    """

    snapshot_id: str
    as_of: date
    min_sample: int
    kpis: Sequence[KpiDefinition]
    rows: Periods
    listed: Callable[[ListRule], Iterable[Reading]]

    @classmethod
    def of(cls, snapshot: Snapshot, in_force: AlertSettings, policies: Policies) -> Seen:
        kpis, info = snapshot.catalogue(), snapshot.info()
        return cls(
            snapshot_id=info["snapshot_id"],
            as_of=info["as_of"],
            min_sample=int(info["min_sample"]),
            kpis=kpis,
            rows=periods(snapshot, watches(in_force, kpis)),
            listed=lambda rule: listed_readings(snapshot, rule, policies, info["as_of"]),
        )


def evaluate(home: DataHome, at: datetime | None = None) -> Summary:
    """Hold every rule against the snapshot being served; the same one again changes nothing.

    Raises UserError when config/alerts.yml or the log cannot be understood, NoSnapshotError
    without a snapshot.
    """
    now = at or datetime.now(UTC)
    with Snapshot.open(home) as snapshot:
        in_force = settings.load(home, snapshot.catalogue())
        seen = Seen.of(snapshot, in_force, Policies.load(home))
        names = names_of(snapshot)
        with AlertLog(home).writing() as log:
            return judge_and_keep(log, seen, in_force, names, movers_of(snapshot, names), now)


def judge_and_keep(
    log: Writer,
    seen: Seen,
    in_force: AlertSettings,
    names: Names,
    movers: messages.Movers,
    now: datetime,
) -> Summary:
    """One step: everything that follows from what is seen, as one line of the log."""
    before = log.book.evaluated
    tomorrow = now.date() + timedelta(days=1)  # where the day begins earlier than in UTC
    if seen.as_of > tomorrow or (before and seen.as_of < before.as_of <= tomorrow):
        # Time passes all the same: snoozes end and ladders are climbed.
        queued = keep(log, [], now, in_force, names, movers, None)
        return Summary(open=len(log.book.open()), queued=len(queued), is_other_day=True)
    events, watermarks = judge_all(seen, in_force, log.book, now)
    evaluated = Evaluated(
        at=now, snapshot_id=seen.snapshot_id, as_of=seen.as_of, settings=in_force.fingerprint,
        watermarks=watermarks,
    )  # fmt: skip
    queued = keep(log, events, now, in_force, names, movers, evaluated)
    return Summary(
        opened=sum(isinstance(event, Opened) for event in events),
        ended=sum(isinstance(event, Resolved) for event in events),
        open=len(log.book.open()),
        queued=len(queued),
    )


def judge_all(
    seen: Seen, in_force: AlertSettings, book: Book, now: datetime
) -> tuple[list[Event], dict[str, date]]:
    """What follows from what is seen, and up to where each rule has judged now."""
    events = lifecycle.end_without_rule(book, in_force.rules, now)
    watermarks: dict[str, date] = {}
    judged_before = book.evaluated.watermarks if book.evaluated else {}
    watched = watches(in_force, seen.kpis, judged_before)
    by_id = {kpi.kpi_id: kpi for kpi in seen.kpis}
    for rule in in_force.rules.values():
        if isinstance(rule, KpiRule):
            own = [watch for watch in watched if watch.rule is rule]
            found: Iterable[Reading] = _kpi_readings(own, seen, watermarks)
        else:
            found = seen.listed(rule)
        events += lifecycle.judge(
            book, terms(rule), found, now, partial(duty, rule, kpis=by_id),
            as_of=seen.as_of, is_list=not isinstance(rule, KpiRule),
        )  # fmt: skip
    return events, watermarks


def keep(
    log: Writer,
    events: Sequence[Event],
    now: datetime,
    in_force: AlertSettings,
    names: Names,
    movers: messages.Movers,
    evaluated: Evaluated | None,
) -> list[Queued]:
    """Add what the time does, queue what is to be told, and write all of it as one line."""
    after = log.book.copy()
    after.take(events)
    ticked = lifecycle.tick(after, now)
    after.take(ticked)
    news = [*events, *ticked]
    context = messages.Context(in_force, names, after, movers)
    queued = [
        message
        for message in messages.queue(lifecycle.told(after, news), context, now)
        if message.message_id not in after.messages
    ]
    if evaluated is not None and not _says_the_same(log.book.evaluated, evaluated):
        news.append(evaluated)
    log.append([*news, *queued])
    return queued


def _says_the_same(before: Evaluated | None, now: Evaluated) -> bool:
    def said(event: Evaluated) -> tuple[Any, ...]:
        return event.snapshot_id, event.as_of, event.settings, event.watermarks

    return before is not None and said(before) == said(now)


def watches(
    in_force: AlertSettings,
    kpis: Sequence[KpiDefinition],
    judged: Mapping[str, date] | None = None,
) -> list[Watch]:
    """Every KPI that a rule watches, with the last period that it judged."""
    return [
        Watch(rule, kpi, (judged or {}).get(_watermark(rule, kpi)))
        for rule in in_force.rules.values()
        if isinstance(rule, KpiRule)
        for kpi in settings.kpis_of(rule, kpis)
    ]


def _watermark(rule: KpiRule, kpi: KpiDefinition) -> str:
    return rule.id if rule.kpi else f"{rule.id}|{kpi.kpi_id}"


def _kpi_readings(
    watched: Sequence[Watch], seen: Seen, watermarks: dict[str, date]
) -> Iterator[Reading]:
    """The readings of all KPIs of a rule; notes up to where each was judged."""
    for watch in watched:
        found = seen.rows.get(watch.question)
        if found is None or found.is_empty():
            continue
        newest: date = found["period_start"].max()  # type: ignore[assignment]
        watermarks[_watermark(watch.rule, watch.kpi)] = newest
        yield from readings(watch, found, min_sample=seen.min_sample)


def terms(rule: Rule) -> Terms:
    """What a rule asks of the life of its alerts."""
    if isinstance(rule, KpiRule):
        return Terms(rule.id, rule.severity, rule.periods, rule.clear.periods)
    return Terms(rule.id, rule.severity)


def duty(rule: Rule, subject: Subject, *, kpis: Mapping[str, KpiDefinition]) -> Duty:
    """Who answers: the rule's owner, else the KPI's. A notice climbs no ladder."""
    kpi = kpis.get(subject.thing)
    owner = rule.owner or (kpi.owner if kpi else _OWNERS.get(subject.thing, ""))
    ladder = kpi.steps if kpi else _LADDER
    return Duty(owner, () if rule.severity == "info" else ladder)
