"""A rule over history: what it would have done, before it is switched on.

Belongs here: walking a rule through the periods of a snapshot with the very state machine that runs
after each publication, and counting. Does not belong here: printing it (partner_kpis_cli), or
keeping anything.

Values are those known now: a period that was corrected later is judged as corrected. Reminders and
data alerts have no history in a snapshot and cannot be replayed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from statistics import median
from typing import Final

from partner_kpis.alerts import lifecycle
from partner_kpis.alerts.episodes import Book, Episode
from partner_kpis.alerts.evaluate import duty, terms
from partner_kpis.alerts.kpi_readings import Watch, periods, readings
from partner_kpis.alerts.readings import Reading
from partner_kpis.alerts.rules import Condition, KpiRule
from partner_kpis.alerts.settings import kpis_of
from partner_kpis.errors import UserError
from partner_kpis.serving import KpiDefinition, Snapshot, period_end
from partner_kpis.text import both

HORIZON: Final = timedelta(days=92)
"""A guarded breach that begins this long after an alert opened was still warned of."""


@dataclass(frozen=True)
class Spell:
    """An episode of a replay: the days on which it would have opened and ended (None: open still),
    and over how many periods it lasted."""

    member: str
    opened_on: date
    ended_on: date | None
    periods: int


@dataclass(frozen=True)
class Warned:
    """A breach that a rule guards against, and how many days before it the rule had opened; None
    when it had not."""

    member: str
    breached_on: date
    days: int | None


@dataclass(frozen=True)
class Replay:
    """What a rule would have done.

    judged: periods of members that were judged; breached: those outside of the bounds (so many
    messages, had every run told of every breach). told: messages of opening, end and ladder, one
    by one. warned: every breach guarded against, empty without `guards`; false_alarms: episodes
    that no such breach followed.
    """

    rule: KpiRule
    first: date
    last: date
    judged: int
    breached: int
    told: int
    spells: tuple[Spell, ...]
    warned: tuple[Warned, ...] = ()
    false_alarms: int | None = None

    @property
    def noise(self) -> int:
        """Episodes that were over at the next judgement: nobody could have done anything."""
        return sum(spell.ended_on is not None and spell.periods <= 1 for spell in self.spells)

    @property
    def days_of_warning(self) -> float | None:
        """Median days of warning, over the breaches that were warned of; None without any."""
        found = [each.days for each in self.warned if each.days is not None]
        return median(found) if found else None


def replay(
    snapshot: Snapshot, rule: KpiRule, first: date | None = None, last: date | None = None
) -> Replay:
    """Walk a rule through the complete periods that end from `first` to `last` (default: all).

    Raises UserError when there is no such period.
    """
    kpis = {kpi.kpi_id: kpi for kpi in snapshot.catalogue()}
    days = _by_day(_all_readings(snapshot, rule, kpis), first, last)
    if not days:
        raise UserError(both("alert_fault.no_period", rule=rule.id))
    spells, told = _walk(rule, kpis, days)
    judged = [reading for listed in days.values() for reading in listed]
    warned, false_alarms = _guarded(snapshot, rule, kpis, spells, first, last)
    return Replay(
        rule=rule, first=min(days), last=max(days), judged=len(judged),
        breached=sum(reading.state == "breached" for reading in judged), told=told,
        spells=tuple(spells), warned=warned, false_alarms=false_alarms,
    )  # fmt: skip


def _all_readings(
    snapshot: Snapshot, rule: KpiRule, kpis: Mapping[str, KpiDefinition]
) -> list[Reading]:
    watches = [Watch(rule, kpi) for kpi in kpis_of(rule, kpis.values())]
    rows = periods(snapshot, watches)
    least = int(snapshot.info()["min_sample"])
    return [
        reading
        for watch in watches
        if watch.question in rows
        for reading in readings(watch, rows[watch.question], min_sample=least, every=True)
    ]


def _by_day(
    found: Sequence[Reading], first: date | None, last: date | None
) -> dict[date, list[Reading]]:
    """The readings by the last day of their period, on which a run would have judged them."""
    days: dict[date, list[Reading]] = defaultdict(list)
    for reading in found:
        day = period_end(reading.facts["period_type"], reading.moment) - timedelta(days=1)
        if (first is None or day >= first) and (last is None or day <= last):
            days[day].append(reading)
    return dict(sorted(days.items()))


def _walk(
    rule: KpiRule, kpis: Mapping[str, KpiDefinition], days: Mapping[date, Sequence[Reading]]
) -> tuple[list[Spell], int]:
    """The life of the rule's alerts, judged on each of the days; and how much was told."""
    book, told = Book(), 0
    for day, found in days.items():
        at = datetime.combine(day, time(23, 59), UTC)
        for step in (
            lifecycle.judge(
                book, terms(rule), found, at, partial(duty, rule, kpis=kpis), as_of=None
            ),
            lifecycle.tick(book, at),
        ):
            book.take(step)
            told += len(lifecycle.told(book, step))
    return [_spell(episode, days) for episode in book.episodes.values()], told


def _spell(episode: Episode, days: Mapping[date, Sequence[Reading]]) -> Spell:
    opened = episode.opened_at.date()
    ended = episode.resolved_at.date() if episode.resolved_at else None
    lasted = sum(
        reading.subject == episode.subject and reading.state == "breached"
        for day, found in days.items()
        if opened <= day and (ended is None or day < ended)
        for reading in found
    )
    return Spell(episode.subject.member, opened, ended, lasted)


def _guarded(
    snapshot: Snapshot,
    rule: KpiRule,
    kpis: Mapping[str, KpiDefinition],
    spells: Sequence[Spell],
    first: date | None,
    last: date | None,
) -> tuple[tuple[Warned, ...], int | None]:
    """The breaches that the rule guards against, with its warning of each, and its false alarms."""
    if rule.guards is None:
        return (), None
    breach = KpiRule(
        id="guarded", kpi=rule.guards.kpi, scope=rule.scope, min_sample=rule.min_sample,
        when=Condition(below=rule.guards.below, above=rule.guards.above),
    )  # fmt: skip
    days = _by_day(_all_readings(snapshot, breach, kpis), first, last)
    breaches, _ = _walk(breach, kpis, days)
    warned = tuple(_warned(each, spells) for each in breaches)
    return warned, sum(not _came_true(spell, breaches) for spell in spells)


def _warned(breach: Spell, spells: Sequence[Spell]) -> Warned:
    before = [spell.opened_on for spell in spells if _warns(spell, breach)]
    days = (breach.opened_on - min(before)).days if before else None
    return Warned(breach.member, breach.opened_on, days)


def _came_true(spell: Spell, breaches: Sequence[Spell]) -> bool:
    return any(_warns(spell, breach) for breach in breaches)


def _warns(spell: Spell, breach: Spell) -> bool:
    """Whether it opened before or with the breach, and was open then or not long before."""
    is_before = spell.opened_on <= breach.opened_on
    lasted = spell.ended_on is None or spell.ended_on >= breach.opened_on
    is_near = breach.opened_on - spell.opened_on <= HORIZON
    return spell.member == breach.member and is_before and (lasted or is_near)
