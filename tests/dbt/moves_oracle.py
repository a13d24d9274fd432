"""How partners' pipelines move from quarter to quarter, in plain Python: deal by deal.

Belongs here: what a quarter does to a deal that a partner influences. Does not belong here: the
deal's state on a day, or who influences it (see oracle.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from oracle import Oracle
from plain_rows import Row

DAY = timedelta(days=1)
Moves = dict[tuple[str, date, str], tuple[int, Decimal]]


def moves(oracle: Oracle) -> Moves:
    """Deals and amount of each partner, first day of a quarter and move that is not empty."""
    found: dict[tuple[str, date, str], list[Decimal]] = defaultdict(list)
    for first, last in quarters(oracle):
        for opportunity in oracle.opportunities.values():
            touches = oracle.valid_touches[opportunity["id"]]
            for partner in {touch.partner_id for touch in touches} - {None}:
                since = min(oracle.local(t.at) for t in touches if t.partner_id == partner)
                for move, amount in _of_deal(oracle, opportunity, since, first, last):
                    found[partner, first, move].append(amount)
    return {key: (len(amounts), sum(amounts, Decimal(0))) for key, amounts in found.items()}


def quarters(oracle: Oracle) -> list[tuple[date, date]]:
    """First and last day of each quarter since the history began; the last one ends at as_of."""
    start = oracle.history_start()
    day, found = date(start.year, start.month - (start.month - 1) % 3, 1), []
    while day <= oracle.as_of:
        after = (day + 92 * DAY).replace(day=1)  # none is longer
        found.append((day, min(after - DAY, oracle.as_of)))
        day = after
    return found


def _of_deal(
    oracle: Oracle, opportunity: Row, since: date, first: date, last: date
) -> Iterator[tuple[str, Decimal]]:
    before = _open_amount(oracle, opportunity, since, first - DAY)
    after = _open_amount(oracle, opportunity, since, last)
    gone_as, gone = None, None
    if after is None:
        gone_as, gone = _gone(oracle, opportunity, first, last, before)
    came_to = gone if after is None else after
    if before is not None:
        yield "opening", before
    if came_to is None:
        return
    if before is None:
        yield "new", came_to
    elif came_to != before:
        yield "resized", came_to - before
    if gone_as and gone is not None:
        yield gone_as, -gone
    if after is not None:
        yield "closing", after
        if any(first <= day <= last for day in _planned(oracle, opportunity, first, last)):
            yield "slipped", after


def _open_amount(oracle: Oracle, opportunity: Row, since: date, day: date) -> Decimal | None:
    if max(since, oracle.local(opportunity["created_date"])) > day:
        return None
    kind, _, amount = oracle.state(opportunity, day)
    return oracle.money(amount, opportunity["currency_iso_code"], day) if kind == "open" else None


def _gone(
    oracle: Oracle, opportunity: Row, first: date, last: date, before: Decimal | None
) -> tuple[str | None, Decimal | None]:
    """What a deal that is not open at the end went as, and with how much; nothing for one that the
    quarter never saw."""
    closing = oracle.closing(opportunity)
    is_closed = closing is not None and closing[0] <= last
    if before is None and not (is_closed and closing and closing[0] >= first):
        return None, None
    if not is_closed:
        return "left", before
    kind, _, amount = oracle.state(opportunity, oracle.as_of)
    converted = oracle.money(amount, opportunity["currency_iso_code"], last)
    return kind, before if converted is None else converted


def _planned(oracle: Oracle, opportunity: Row, first: date, last: date) -> Iterator[date]:
    """Every close date that was the plan as the quarter began or within it, and the newest."""
    yield opportunity["close_date"]
    rows = oracle.history[opportunity["id"]]
    for number, row in enumerate(rows):
        ends = oracle.local(rows[number + 1]["created_date"]) if number + 1 < len(rows) else last
        if row.get("close_date") and oracle.local(row["created_date"]) <= last and ends >= first:
            yield row["close_date"]
