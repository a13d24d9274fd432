"""How Segment writes what happened: one JSON object a line.

Belongs here: track calls, the other calls between them, broken ones.
Does not belong here: which events happen and when (telemetry.py).
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from partner_kpis.demo.draw import Ints, iso_text, local_midnight
from partner_kpis.demo.world import World

INSTALLED, REACHED, CALLED, USED = range(4)
EVENT_NAMES = ("Integration Installed", "First Value Reached", "Integration Called", "Feature Used")
FEATURES = (
    "order_sync", "stock_levels", "invoice_export", "price_update", "customer_import", "returns",
)  # fmt: skip


def _identifiers(rng: np.random.Generator, count: int) -> pl.Series:
    text = rng.bytes(16 * count).hex()
    return pl.Series([f"ajs-{text[i : i + 32]}" for i in range(0, 32 * count, 32)], dtype=pl.String)


def track_lines(
    rng: np.random.Generator, world: World, places: tuple[Ints, Ints], events: pl.DataFrame
) -> pl.Series:
    """Track calls as JSON text; every name in it is plain, so nothing needs escaping.

    `places`: the positions of each installation's account and integration; `events` has the
    columns install, kind, at, received (seconds).
    """
    count = events.height
    install = events["install"].to_numpy()
    account, position = places[0][install], places[1][install]
    integration = pl.Series([i.integration_id for i in world.integrations], dtype=pl.String)
    status = rng.choice(
        (200, 201, 404, 429, 500, 503), count, p=(0.9, 0.06, 0.015, 0.01, 0.01, 0.005)
    )
    feature = pl.Series(FEATURES).gather(rng.integers(0, len(FEATURES), count))
    # A call that carries no group is kept and belongs to no account.
    grouped = pl.Series(rng.random(count) > 0.002) | events["kind"].is_in([INSTALLED, REACHED])
    frame = events.with_columns(
        message=_identifiers(rng, count),
        name=pl.Series(EVENT_NAMES).gather(events["kind"]),
        person=pl.Series(account * 4 + rng.integers(0, 4, count)),
        group=world.accounts["account_id"].gather(account),
        integration=integration.gather(position),
        grouped=grouped,
        more=pl.when(events["kind"] == CALLED)
        .then(_filled(',"status_code":%', pl.Series(status)))
        .when(events["kind"] == USED)
        .then(_filled(',"feature":"%"', feature))
        .otherwise(pl.lit("")),
        millis=pl.Series(rng.integers(0, 1000, count)).cast(pl.String).str.zfill(3),
    )

    def moment(column: str) -> pl.Expr:
        return pl.from_epoch(pl.col(column), time_unit="s").dt.strftime("%Y-%m-%dT%H:%M:%S")

    group = pl.when("grouped").then(_filled('"groupId":"%",', "group")).otherwise(pl.lit(""))
    line = _filled(
        '{"type":"track","messageId":"%","event":"%","userId":"user-%","anonymousId":"anon-%",'
        '"timestamp":"%.%Z","receivedAt":"%.999Z","context":{%"library":{"name":"analytics.js",'
        '"version":"5.2.0"}},"properties":{"integration_id":"%"%,"plan":"pro"}}',
        "message", "name", "person", "person", moment("at"), "millis", moment("received"), group,
        "integration", "more",
    )  # fmt: skip
    return frame.select(line=line)["line"]


def _filled(template: str, *values: str | pl.Expr | pl.Series) -> pl.Expr:
    """The template with each % replaced by a value in turn; JSON's own braces stay as they are."""
    texts = template.split("%")
    parts: list[str | pl.Expr | pl.Series] = [pl.lit(texts[0])]
    for value, text in zip(values, texts[1:], strict=True):
        parts += [value, pl.lit(text)]
    return pl.concat_str(parts)


def other_lines(rng: np.random.Generator, count: int, month: tuple[int, int]) -> pl.Series:
    """Page views and identify calls: Segment sends them along, the contract ignores them."""
    at = np.sort(rng.integers(month[0], month[1], count))
    messages = _identifiers(rng, count).to_list()
    lines = [
        f'{{"type":"page","messageId":"{m}","name":"Settings","anonymousId":"anon-{t % 997}",'
        f'"timestamp":"{iso_text(int(t))}"}}'
        if n % 3
        else f'{{"type":"identify","messageId":"{m}","userId":"user-{t % 997}",'
        f'"traits":{{"plan":"pro","locale":"de-DE"}},"timestamp":"{iso_text(int(t))}"}}'
        for n, (m, t) in enumerate(zip(messages, at, strict=True))
    ]
    return pl.Series("line", lines, dtype=pl.String)


def broken_lines(world: World) -> list[tuple[str, str, str]]:
    at = iso_text(local_midnight(world.calendar.as_of - timedelta(days=2)) + 36_000)
    return [
        (
            "missing_required",
            "event",
            f'{{"type":"track","messageId":"ajs-nameless","timestamp":"{at}","properties":{{}}}}',
        ),
        (
            "bad_date",
            "timestamp",
            '{"type":"track","messageId":"ajs-undated","event":"Feature Used",'
            '"timestamp":"yesterday","properties":{"feature":"returns"}}',
        ),
    ]
