"""Product telemetry: what customers do with integrations, as Segment hands it out.

Belongs here: installations, activations and use, written month by month so that memory does not
grow with history. A file holds what was *received* in its month: a few events come late, some
come twice, and some lines are no track events.
Does not belong here: which integrations and customers exist (world.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from partner_kpis.demo.draw import (
    DAY,
    DIP,
    Flags,
    Floats,
    Ints,
    day_of,
    in_dip,
    local_midnight,
    lognormal,
    month_after,
    stream,
    working_time,
)
from partner_kpis.demo.segment import (
    CALLED,
    INSTALLED,
    REACHED,
    USED,
    broken_lines,
    other_lines,
    track_lines,
)
from partner_kpis.demo.truth import SlowActivation
from partner_kpis.demo.world import SLOW_PARTNER, World
from partner_kpis.demo.writing import Exporter

NOT_YET = -1
SLOW_MONTHS = 4  # full months before the one of as_of in which activation is slow


@dataclass(frozen=True)
class Installations:
    """Arrays of equal length: positions of account and integration, seconds of start and
    activation (NOT_YET without one) and of the last use, and how eagerly it is used."""

    account: Ints = field(repr=False)
    integration: Ints = field(repr=False)
    started: Ints = field(repr=False)
    activated: Ints = field(repr=False)
    ends: Ints = field(repr=False)
    eagerness: Floats = field(repr=False)


def slow_since(world: World) -> date:
    return world.calendar.month(SLOW_MONTHS)


def simulate_installations(world: World) -> Installations:
    """Scale 1: about 1,100 installations; those of the slow partner come evenly over time."""
    rng = stream(world.seed, "installations")
    slow = np.array([i.position for i in world.integrations if i.partner == SLOW_PARTNER])
    rest = np.array([i.position for i in world.integrations if i.partner != SLOW_PARTNER])
    first, last = world.calendar.start // DAY, world.calendar.end // DAY - 1
    many, few = max(40, round(900 * world.scale)), max(12, round(460 * world.scale))
    even = first + ((np.arange(few) + rng.random(few)) / few * (last - first)).astype(np.int64)
    # Each pair of customer and integration once, so that no month of the slow partner is thin.
    pairs = rng.permutation(len(slow) * world.accounts.height)[:few]
    few, even = len(pairs), even[: len(pairs)]
    integration = np.concatenate([slow[pairs % len(slow)], rng.choice(rest, many)])
    released = np.array([local_midnight(i.released_on) // DAY + 1 for i in world.integrations])
    opens = np.maximum(released[integration[few:]], first)
    day = np.concatenate([even, opens + (rng.random(many) ** 0.9 * (last - opens)).astype(int)])
    # What would begin in the quiet weeks mostly begins a month later.
    day = np.where(in_dip(day) & (np.arange(len(day)) >= few), _postponed(rng, day), day)
    started = working_time(rng, day)
    account = world.accounts_at(rng, started)
    account[:few] = pairs // len(slow)
    order = np.argsort(started, kind="stable")
    pair = account * len(world.integrations) + integration
    _, once = np.unique(pair[order], return_index=True)
    keep = np.sort(order[once])
    is_possible = (started < world.calendar.end) & (world.account_created[account] <= started)
    keep = keep[is_possible[keep]]
    account, integration, started = account[keep], integration[keep], started[keep]
    activated = _activations(rng, world, integration, started)
    stays = rng.exponential(420, len(keep)) * DAY
    ends = np.minimum(started + stays.astype(np.int64) + DAY, world.calendar.end)
    eagerness = lognormal(rng, 1.0, 0.8, len(keep))
    return Installations(account, integration, started, activated, ends, eagerness)


def _postponed(rng: np.random.Generator, day: Ints) -> Ints:
    return np.asarray(day + 31 * (rng.random(len(day)) < 0.6), dtype=np.int64)


def _activations(rng: np.random.Generator, world: World, integration: Ints, started: Ints) -> Ints:
    """About every eighth installation never activates. The slow partner's activations before
    `slow_since` took about 8 days, all later ones about 25."""
    count = len(started)
    owner = np.array([i.partner for i in world.integrations])[integration]
    usual = rng.uniform(6, 13, len(world.partners))
    usual[SLOW_PARTNER] = 7.6
    quick = np.maximum(1, lognormal(rng, usual[owner], 0.32, count)).astype(np.int64)
    slow = np.maximum(lognormal(rng, 24.5, 0.2, count).astype(np.int64), quick + 3)
    quick_at = working_time(rng, started // DAY + quick)
    slow_at = working_time(rng, started // DAY + slow)
    is_slow = (owner == SLOW_PARTNER) & (quick_at >= local_midnight(slow_since(world)))
    at = np.where(is_slow, slow_at, quick_at)
    return np.where((rng.random(count) < 0.12) | (at >= world.calendar.end), NOT_YET, at)


def slow_activation(world: World, installations: Installations) -> SlowActivation:
    """The planted story, with its medians as they came out."""
    slow = [i for i in world.integrations if i.partner == SLOW_PARTNER]
    mine = np.isin(installations.integration, [i.position for i in slow])
    mine &= installations.activated != NOT_YET
    days = (installations.activated - installations.started)[mine] / DAY
    later = installations.activated[mine] >= local_midnight(slow_since(world))
    return SlowActivation(
        partner_id=world.partners[SLOW_PARTNER].partner_id,
        integration_ids=tuple(i.integration_id for i in slow),
        since=slow_since(world),
        median_days_before=float(np.median(days[~later])),
        median_days_since=float(np.median(days[later])),
    )


def write_telemetry(world: World, installations: Installations, out: Exporter) -> None:
    """One file for every month of receipt. Scale 1: about 25,000 events."""
    rng = stream(world.seed, "events")
    milestones = _milestones(rng, world, installations)
    # Some 5 % of what is drawn falls into the quiet weeks and does not happen.
    budget = max(0, round(26_200 * world.scale) - milestones.height)
    months = _months(world)
    weights = [_weights(installations, begin, end) for begin, end in months]
    total = sum(float(w.sum()) for w in weights)
    waiting = milestones
    for (begin, end), weight in zip(months, weights, strict=True):
        share = float(weight.sum())
        count = round(budget * share / total) if total else 0
        use = _use(rng, installations, weight, (begin, end), count, world.calendar.end)
        known = pl.concat([waiting, use])
        is_here = pl.col("received") < end
        waiting = known.filter(~is_here)
        _write_month(rng, world, installations, known.filter(is_here), (begin, end), out)


def _months(world: World) -> list[tuple[int, int]]:
    """Begin and end of each month in seconds; months are those of the business zone."""
    firsts = [world.calendar.history_start]
    while (following := month_after(firsts[-1])) <= world.calendar.as_of:
        firsts.append(following)
    begins = [world.calendar.start, *(local_midnight(f) for f in firsts[1:])]
    return list(zip(begins, [*begins[1:], world.calendar.end], strict=True))


def _weights(installations: Installations, begin: int, end: int) -> Floats:
    overlap = np.minimum(installations.ends, end) - np.maximum(installations.started, begin)
    return np.asarray(np.maximum(overlap, 0) * installations.eagerness)


def _thinned(rng: np.random.Generator, at: Ints) -> Flags:
    """Which events happen: in August and late December customers work less, too."""
    return ~in_dip(at // DAY) | (rng.random(len(at)) < DIP + 0.13)


def _frame(rng: np.random.Generator, install: Ints, kind: Ints, at: Ints, end: int) -> pl.DataFrame:
    """Events with the moment of receipt: seconds later, or days later for one in two hundred."""
    count = len(at)
    delay = rng.integers(0, 6, count)
    delay += np.where(rng.random(count) < 0.005, rng.integers(DAY, 6 * DAY, count), 0)
    received = np.minimum(at + delay, end - 1)
    return pl.DataFrame({"install": install, "kind": kind, "at": at, "received": received})


def _milestones(
    rng: np.random.Generator, world: World, installations: Installations
) -> pl.DataFrame:
    """Starts and activations; some come again later, which must change nothing."""
    position = np.arange(len(installations.started))
    done = position[installations.activated != NOT_YET]
    again = done[rng.random(len(done)) < 0.15]
    anew = done[rng.random(len(done)) < 0.04]
    at = [
        installations.started,
        installations.activated[done],
        installations.activated[again] + rng.integers(DAY, 60 * DAY, len(again)),
        installations.activated[anew] + rng.integers(DAY, 90 * DAY, len(anew)),
    ]
    install = np.concatenate([position, done, again, anew])
    sizes = [len(a) for a in at]
    kind = np.repeat([INSTALLED, REACHED, REACHED, INSTALLED], sizes)
    events = _frame(rng, install, kind, np.concatenate(at), world.calendar.end)
    return events.filter(pl.col("at") < world.calendar.end)


def _use(
    rng: np.random.Generator,
    installations: Installations,
    weight: Floats,
    month: tuple[int, int],
    count: int,
    end: int,
) -> pl.DataFrame:
    """`count` calls and uses of features in a month, more of those used eagerly."""
    if not count or not weight.sum():
        nothing = np.zeros(0, dtype=np.int64)
        return _frame(rng, nothing, nothing, nothing, end)
    install = np.sort(rng.choice(len(weight), size=count, p=weight / weight.sum()))
    low = np.maximum(installations.started[install], month[0])
    high = np.minimum(installations.ends[install], month[1])
    at = low + (rng.random(count) * (high - low)).astype(np.int64)
    kind = np.where(rng.random(count) < 0.7, CALLED, USED)
    happens = _thinned(rng, at)
    return _frame(rng, install[happens], kind[happens], at[happens], end)


def _write_month(
    rng: np.random.Generator,
    world: World,
    installations: Installations,
    events: pl.DataFrame,
    month: tuple[int, int],
    out: Exporter,
) -> None:
    events = events.sort("received", "install", "kind", "at")
    places = (installations.account, installations.integration)
    lines = track_lines(rng, world, places, events)
    others = max(2, events.height // 80)
    repeated = max(1, events.height // 500) if events.height else 0
    extra = lines.gather(np.sort(rng.choice(events.height, repeated, replace=False)))
    ignored = other_lines(rng, others, month)
    file = f"track_{day_of(month[0] + DAY // 2).strftime('%Y_%m')}.jsonl.gz"
    is_last = month[1] == world.calendar.end
    out.json_lines(
        "telemetry",
        "event",
        file,
        pl.concat([lines, extra, ignored]),
        ignored=others,
        repeated=repeated,
        faults=broken_lines(world) if is_last else (),
    )
