"""How good the alerting itself is: how fast people and matters move, and how much of it is noise.

Belongs here: numbers about the rules of a book of alerts; pure. Does not belong here: whether a
value is good (KPIs), or how a rule would have done over history (replay.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from statistics import median
from typing import Any, Final

import polars as pl

from partner_kpis.alerts.episodes import Book, Episode
from partner_kpis.alerts.events import Acknowledged, Ending
from partner_kpis.serving import previous_start

REOPENS_IN_PERIODS: Final = 2
REOPENS_IN_DAYS: Final = 14
"""An alert flaps when it is back so soon after its end: in periods, or in days without any."""

_ENDED_FOR_GOOD: Final[frozenset[Ending]] = frozenset({"recovered", "person"})
"""What neither removing a rule nor a lack of data brought about."""

_COLUMNS: Final[dict[str, Any]] = {
    "rule_id": pl.String,
    "things": pl.List(pl.String),
    "dimensions": pl.List(pl.String),
    "episodes": pl.Int64,
    "open": pl.Int64,
    "hours_to_acknowledge": pl.Float64,
    "days_to_resolve": pl.Float64,
    "recovered_alone_share": pl.Float64,
    "flapping_share": pl.Float64,
    "messages_sent": pl.Int64,
}


def by_rule(book: Book) -> pl.DataFrame:
    """One row for each rule that ever opened an alert, the busiest first, then by name.

    Columns: rule_id; things, dimensions (of its subjects, sorted, each once); episodes and those
    of them still open; hours_to_acknowledge, the median from opening to the first acknowledgement
    of those that had one; days_to_resolve, the median from opening to the end of those that
    recovered or that a person ended; recovered_alone_share, of these the fraction that recovered
    without anybody having acknowledged it; flapping_share, the fraction of all episodes that opened
    within REOPENS_IN_PERIODS periods (without periods: REOPENS_IN_DAYS days) after the end of the
    one before; messages_sent, those taken by a channel that told of at least one of its episodes.
    Null where there is nothing to count.
    """
    rules: dict[str, list[Episode]] = defaultdict(list)
    for episode in book.episodes.values():
        rules[episode.rule_id].append(episode)
    sent = _sent(book)
    rows = [_row(rule_id, rules[rule_id], book, sent[rule_id]) for rule_id in rules]
    return pl.DataFrame(rows, schema=_COLUMNS).sort("episodes", "rule_id", descending=[True, False])


def overall(book: Book) -> dict[str, Any]:
    """The same numbers over all rules; here messages_sent counts each message once."""
    sent = sum(message.sent_at is not None for message in book.messages.values())
    return _row("", [*book.episodes.values()], book, sent)


def _row(rule_id: str, episodes: Sequence[Episode], book: Book, sent: int) -> dict[str, Any]:
    ended = [e for e in episodes if e.ending in _ENDED_FOR_GOOD]
    alone = [e for e in ended if e.ending == "recovered" and _acknowledged(e) is None]
    flapping = [e for e in episodes if _reopens(e, book)]
    waits = [_acknowledged(e) for e in episodes]
    return {
        "rule_id": rule_id,
        "things": sorted({e.subject.thing for e in episodes}),
        "dimensions": sorted({e.subject.dimension for e in episodes}),
        "episodes": len(episodes),
        "open": sum(e.is_open for e in episodes),
        "hours_to_acknowledge": _median(waits, timedelta(hours=1)),
        "days_to_resolve": _median(
            (e.resolved_at - e.opened_at if e.resolved_at else None for e in ended),
            timedelta(days=1),
        ),
        "recovered_alone_share": len(alone) / len(ended) if ended else None,
        "flapping_share": len(flapping) / len(episodes) if episodes else None,
        "messages_sent": sent,
    }


def _acknowledged(episode: Episode) -> timedelta | None:
    """From the opening to the first time that somebody acknowledged it."""
    first = next((e for e in episode.history if isinstance(e, Acknowledged)), None)
    return first.at - episode.opened_at if first else None


def _median(waits: Iterable[timedelta | None], unit: timedelta) -> float | None:
    known = [wait / unit for wait in waits if wait is not None]
    return median(known) if known else None


def _reopens(episode: Episode, book: Book) -> bool:
    """Whether it was back soon after the episode before had ended."""
    before = book.episodes.get(episode.previous or "")
    if before is None or before.is_open:
        return False
    period_type = episode.facts.get("period_type")
    if period_type is None:
        return episode.moment - before.last_moment <= timedelta(days=REOPENS_IN_DAYS)
    earliest = episode.moment
    for _ in range(REOPENS_IN_PERIODS):
        earliest = previous_start(period_type, earliest)
    return before.last_moment >= earliest


def _sent(book: Book) -> dict[str, int]:
    """Rule -> messages of it that a channel has taken."""
    counts: dict[str, int] = defaultdict(int)
    for message in book.messages.values():
        if message.sent_at is None:
            continue
        told = (book.episodes.get(name) for name, _ in message.queued.tells)
        for rule_id in {episode.rule_id for episode in told if episode}:
            counts[rule_id] += 1
    return counts
