"""What customers ask the support, as Zendesk hands its tickets out.

Belongs here: support/zendesk_ticket. Replies to customers of the bad month's integration come late
in that month. Does not belong here: who installed which integration (telemetry.py).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from partner_kpis.demo.draw import (
    DAY,
    Flags,
    Ints,
    end_of,
    local_midnight,
    lognormal,
    seasonal_times,
    stream,
    suffix,
)
from partner_kpis.demo.sla import MONTHS_BACK, bad_integration
from partner_kpis.demo.telemetry import Installations
from partner_kpis.demo.world import World
from partner_kpis.demo.writing import Exporter, Fault

# Priority: its share, and the minutes within which a first reply is promised.
PRIORITIES = {
    "urgent": (0.07, 60), "high": (0.2, 240), "normal": (0.53, 480), "low": (0.2, 1440),
}  # fmt: skip
UNPROMISED = 0.06  # came without a priority, so that no policy applies
FORGOTTEN = 0.012  # nobody has answered to this day
COLUMNS = (
    "id", "organization_id", "status", "priority", "created_at", "first_replied_at", "solved_at",
    "sla_first_reply_minutes", "updated_at",
)  # fmt: skip


def write_tickets(world: World, installations: Installations, out: Exporter) -> None:
    """Two exports, the second with what was new or changed since. Scale 1: about 900 tickets."""
    tickets = _tickets(world, installations)
    before = 0
    for day in world.calendar.month_ends(2):
        frame = _as_known_at(tickets, end_of(day)).filter(pl.col("updated") >= before)
        faults = _faults(world) if day == world.calendar.as_of else []
        file = f"zendesk_tickets_{suffix(day)}.csv"
        out.csv("support", "zendesk_ticket", file, frame.select(COLUMNS), faults=faults)
        before = end_of(day)


def _tickets(world: World, installations: Installations) -> pl.DataFrame:
    """Each ticket with the seconds of its creation, first reply and solution, however late."""
    rng = stream(world.seed, "tickets")
    at = seasonal_times(rng, max(20, round(900 * world.scale)), world.calendar)
    count = len(at)
    account, is_waiting = _askers(rng, world, installations, at)
    priority = rng.choice(list(PRIORITIES), count, p=[share for share, _ in PRIORITIES.values()])
    promised = np.array([PRIORITIES[str(name)][1] for name in priority])
    # Most are answered within a third of the time that was promised.
    reply = at + (60 * promised * lognormal(rng, 0.33, 0.65, count)).astype(np.int64)
    reply = np.where(is_waiting, reply + 60 * promised, reply)
    reply = np.where(rng.random(count) < FORGOTTEN, world.calendar.end, reply)
    solved = reply + (lognormal(rng, 1.4, 0.9, count) * DAY).astype(np.int64)
    has_promise = pl.Series(rng.random(count) >= UNPROMISED)
    is_known = pl.Series(rng.random(count) < 0.97)
    is_spam = pl.Series(rng.random(count) < 0.015)
    return pl.DataFrame({"at": at, "reply": reply, "solved": solved}).with_columns(
        id=24_000 + pl.int_range(count) * 3,
        organization_id=pl.when(is_known).then(world.accounts["account_id"].gather(account)),
        priority=pl.when(has_promise).then(pl.Series(priority.astype(str))),
        sla_first_reply_minutes=pl.when(has_promise).then(pl.Series(promised)),
        is_spam=is_spam,
    )


def _askers(
    rng: np.random.Generator, world: World, installations: Installations, at: Ints
) -> tuple[Ints, Flags]:
    """Who asks, mostly about an integration in use, and whether it met the bad month."""
    known = np.searchsorted(installations.started, at, side="right")
    drawn = np.minimum((known * rng.random(len(at))).astype(np.int64), len(installations.ends) - 1)
    asks = (known > 0) & (installations.ends[drawn] > at) & (rng.random(len(at)) < 0.85)
    account = np.where(asks, installations.account[drawn], world.accounts_at(rng, at))
    bad_from = local_midnight(world.calendar.month(MONTHS_BACK))
    bad_to = local_midnight(world.calendar.month(MONTHS_BACK - 1))
    is_bad = asks & (installations.integration[drawn] == bad_integration(world).position)
    return account, is_bad & (at >= bad_from) & (at < bad_to)


def _as_known_at(tickets: pl.DataFrame, end: int) -> pl.DataFrame:
    """The tickets of an export: what comes later than it is not in it."""
    is_replied, is_solved = pl.col("reply") < end, pl.col("solved") < end
    is_closed = pl.col("solved") + 4 * DAY < end
    status = (
        pl.when("is_spam").then(pl.lit("deleted"))
        .when(is_closed).then(pl.lit("closed"))
        .when(is_solved).then(pl.lit("solved"))
        .when(is_replied).then(pl.lit("pending"))
        .otherwise(pl.lit("open"))
    )  # fmt: skip
    updated = (
        pl.when("is_spam").then(pl.col("at") + 600)
        .when(is_closed).then(pl.col("solved") + 4 * DAY)
        .when(is_solved).then("solved")
        .when(is_replied).then("reply")
        .otherwise("at")
    )  # fmt: skip
    return (
        tickets.filter(pl.col("at") < end)
        .with_columns(
            status=status,
            updated=updated,
            replied=pl.when(is_replied & ~pl.col("is_spam")).then("reply"),
            done=pl.when(is_solved & ~pl.col("is_spam")).then("solved"),
        )
        .with_columns(
            created_at=_seconds_text("at"),
            first_replied_at=_seconds_text("replied"),
            solved_at=_seconds_text("done"),
            updated_at=_seconds_text("updated"),
        )
    )


def _seconds_text(column: str) -> pl.Expr:
    """A moment as the connector writes it: UTC, without saying so."""
    return pl.from_epoch(pl.col(column), time_unit="s").dt.strftime("%Y-%m-%d %H:%M:%S")


def _faults(world: World) -> list[Fault]:
    on = world.calendar.as_of.replace(day=1).isoformat()
    row = {"id": "900001", "status": "open", "created_at": f"{on} 09:12:44"}
    return [
        Fault("missing_required", "created_at", row | {"created_at": None}),
        Fault("bad_date", "created_at", row | {"id": "900002", "created_at": "yesterday 9:12"}),
    ]
