"""What customers and partners answer when they are asked.

Belongs here: survey/response. Those of the slow partner's integrations are less content since
activation slowed, and so are those of the bad month's integration after it.
Does not belong here: who installed which integration (telemetry.py).
"""

from __future__ import annotations

import hashlib

import numpy as np
import polars as pl

from partner_kpis.demo.draw import (
    DAY,
    Ints,
    day_of,
    end_of,
    iso_text,
    local_midnight,
    seasonal_times,
    stamp,
    stream,
    suffix,
)
from partner_kpis.demo.sla import MONTHS_BACK, bad_integration
from partner_kpis.demo.telemetry import Installations, slow_since
from partner_kpis.demo.world import SLOW_PARTNER, World
from partner_kpis.demo.writing import Exporter, Fault

PEOPLE = 3  # who answer for one customer
COMMENTS = (
    "Die Einrichtung ging schneller als gedacht, danke an das Projektteam.",
    "Wir warten seit Wochen auf eine Rückmeldung zum Stammdatenabgleich.",
    "Works well since the last update, our warehouse team is happy.",
    "The sync stopped twice during month-end closing, please look into it.",
    "Très bon accompagnement, mais la documentation reste trop courte.",
)
COLUMNS = (
    "response_id", "survey", "partner_id", "integration_id", "account_id", "respondent_hash",
    "score", "sent_at", "responded_at", "comment",
)  # fmt: skip


def write_responses(world: World, installations: Installations, out: Exporter) -> None:
    """Two exports, the second with what came since. Scale 1: about 1,700 responses."""
    rows = pl.concat(
        [
            _about_integrations(world, installations, "integration_nps", round(900 * world.scale)),
            _about_integrations(world, installations, "csat", round(320 * world.scale)),
            _about_integrations(world, installations, "ces", round(240 * world.scale)),
            _from_partners(world),
        ],
        how="diagonal",
    )
    rng = stream(world.seed, "responses")
    rows = rows.filter(pl.col("at") < world.calendar.end).sort("at", "survey", "respondent_hash")
    words = pl.Series(rng.choice(COMMENTS, rows.height).astype(str))
    rows = rows.with_columns(
        response_id=pl.format("SR-{}", pl.int_range(pl.len()).cast(pl.String).str.zfill(6)),
        comment=words.set(pl.Series(rng.random(rows.height) < 0.8), None),
        sent=pl.col("at") - pl.Series(rng.integers(1, 9 * 24, rows.height)) * 3600,
    )
    before = 0
    for day in world.calendar.month_ends(2):
        part = rows.filter((pl.col("at") >= before) & (pl.col("at") < end_of(day)))
        frame = part.with_columns(
            stamp("at").alias("responded_at"), stamp("sent").alias("sent_at")
        ).select(COLUMNS)
        faults = _faults(world) if day == world.calendar.as_of else []
        out.csv("survey", "response", f"responses_{suffix(day)}.csv", frame, faults=faults)
        before = end_of(day)


def _about_integrations(
    world: World, installations: Installations, survey: str, count: int
) -> pl.DataFrame:
    """Answers of customers while they use an integration; some people answer again and again."""
    rng = stream(world.seed, survey)
    at = seasonal_times(rng, max(count, 6), world.calendar)
    install = _installed_at(rng, installations, at)
    known = install >= 0
    at, install = at[known], install[known]
    account, position = installations.account[install], installations.integration[install]
    owner = np.array([i.partner for i in world.integrations])[position]
    upset = (owner == SLOW_PARTNER) & (at >= local_midnight(slow_since(world)))
    bad_since = local_midnight(world.calendar.month(MONTHS_BACK))
    upset |= (position == bad_integration(world).position) & (at >= bad_since)
    person = rng.integers(0, PEOPLE, len(at))
    integration = pl.Series([i.integration_id for i in world.integrations], dtype=pl.String)
    partner_id = pl.Series([p.partner_id for p in world.partners], dtype=pl.String)
    account_id = world.accounts["account_id"].gather(account)
    named = pl.Series(rng.random(len(at)) < 0.5)
    unknown = pl.Series(rng.random(len(at)) < 0.04)
    return pl.DataFrame(
        {
            "survey": [survey] * len(at),
            "partner": partner_id.gather(owner),
            "integration_id": integration.gather(position),
            "account_id": account_id,
            "respondent": [
                _hashed(f"{key}|{n}") for key, n in zip(account_id, person.tolist(), strict=True)
            ],
            "score": _scores(rng, survey, upset),
            "at": at,
        }
    ).select(
        pl.exclude("partner", "respondent"),
        # Half of the surveys name the integration only: its partner follows from the registry.
        partner_id=pl.when(named).then("partner"),
        respondent_hash=pl.when(~unknown).then("respondent"),
    )


def _installed_at(rng: np.random.Generator, installations: Installations, at: Ints) -> Ints:
    """For each moment an installation in use then, -1 when the one drawn was not."""
    known = np.searchsorted(installations.started, at - 5 * DAY, side="right")
    drawn = (known * rng.random(len(at)) ** 0.7).astype(np.int64)
    inside = (known > 0) & (installations.ends[np.minimum(drawn, len(installations.ends) - 1)] > at)
    return np.where(inside, drawn, -1)


def _scores(rng: np.random.Generator, survey: str, upset: np.ndarray) -> Ints:
    low, middle, high = {"integration_nps": (0, 8.2, 10), "csat": (1, 4.2, 5), "ces": (1, 5.4, 7)}[
        survey
    ]
    drop = np.where(upset, 0.2 * high, 0.0)
    drawn = rng.normal(middle - drop, 0.18 * high, len(upset)).round()
    return drawn.clip(low, high).astype(np.int64)


def _from_partners(world: World) -> pl.DataFrame:
    """Every half year two people of each partner are asked how content they are with us."""
    rng = stream(world.seed, "partner_nps")
    starts, ends = world.active_bounds()
    rows = []
    for months_back in (22, 16, 10, 4):
        begins = local_midnight(world.calendar.month(months_back)) + 9 * DAY
        for partner in world.partners:
            for person in range(2):
                at = begins + int(rng.integers(0, 14)) * DAY + int(rng.integers(8, 16)) * 3600
                if rng.random() < 0.55 and starts[partner.position] <= at < ends[partner.position]:
                    score = int(np.clip(rng.normal(7.9 + 6 * partner.quality, 1.8), 0, 10))
                    key = _hashed(f"{partner.partner_id}|{person}")
                    rows.append(("partner_nps", partner.partner_id, key, score, at))
    columns = ["survey", "partner_id", "respondent_hash", "score", "at"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _faults(world: World) -> list[Fault]:
    on = day_of(world.calendar.end - 5 * DAY).isoformat()
    row = {
        "survey": "integration_nps",
        "integration_id": world.integrations[0].integration_id,
        "score": "9",
        "responded_at": iso_text(world.calendar.end - 5 * DAY),
    }
    return [
        Fault("out_of_range", "score", row | {"response_id": "SR-900001", "score": "11"}),
        Fault("unknown_enum", "survey", row | {"response_id": "SR-900002", "survey": "nps"}),
        Fault(
            "bad_date",
            "responded_at",
            row | {"response_id": "SR-900003", "responded_at": f"{on} late"},
        ),
    ]
