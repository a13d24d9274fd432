"""The simulated sales: opportunities, their way through the stages, and who touched them.

Belongs here: what happened. How the CRM and the partner programme tell it is in crm.py and
prm.py. Does not belong here: file formats.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from partner_kpis.demo import ids
from partner_kpis.demo.draw import (
    DAY,
    Floats,
    Ints,
    local_midnight,
    lognormal,
    seasonal_times,
    stream,
)
from partner_kpis.demo.draw import working_time as working
from partner_kpis.demo.star import give_to_star
from partner_kpis.demo.world import (
    DORMANT_PARTNER,
    OPEN_DEAL_PARTNER,
    STAR_PARTNER,
    TIER_WEIGHTS,
    World,
)

STAGES = ("Qualification", "Proposal", "Negotiation", "Closed Won", "Closed Lost")
OPEN_DEAL_AMOUNT = 1_450_000
CRM_ROLE, REGISTRATION, REFERRAL = "crm_role", "deal_registration", "referral"
UTM, CAMPAIGN = "utm", "campaign"
EVIDENCE = {CRM_ROLE: 0.36, REGISTRATION: 0.24, REFERRAL: 0.18, UTM: 0.12, CAMPAIGN: 0.1}


@dataclass(frozen=True)
class Deals:
    """`opportunities`, one row each in order of creation: deal (position), opportunity_id, account
    (position), name, currency, type, created, first_partner, second_partner (positions, -1 none),
    has_history, deleted_at (null unless deleted).
    `history`, sorted by deal and time: deal, stage, amount, at; nothing after the calendar's end.
    `touches`: deal, partner, evidence, at; some outside the window or after the close."""

    opportunities: pl.DataFrame = field(repr=False)
    history: pl.DataFrame = field(repr=False)
    touches: pl.DataFrame = field(repr=False)
    reopened: int | None

    def state_at(self, moment: int) -> pl.DataFrame:
        """Opportunities created before `moment`, with stage, amount and since as they were then."""
        latest = (
            self.history.filter(pl.col("at") < moment)
            .group_by("deal", maintain_order=True)
            .agg(pl.col("stage").last(), pl.col("amount").last(), pl.col("at").last())
        )
        return self.opportunities.join(latest, on="deal", how="inner", maintain_order="left")


def simulate_deals(world: World) -> Deals:
    """Scale 1: 900 opportunities; deal 0 is the planted large one, still open at the end."""
    rng = stream(world.seed, "deals")
    count = max(40, round(900 * world.scale))
    created = seasonal_times(rng, count - 1, world.calendar)
    planted = working(rng, np.array([world.calendar.end // DAY - 40]))
    created = np.concatenate([planted, created])
    account = world.accounts_at(rng, created, skew=1.4)
    first, second = _partners_of(rng, world, account, created)
    first[0], second[0] = OPEN_DEAL_PARTNER, -1
    opportunities = _opportunities(rng, world, created, account)
    history, closed, reopened = _history(rng, world, created, first)
    first = give_to_star(world, opportunities["currency"], history, first)
    opportunities = opportunities.with_columns(
        pl.Series("first_partner", first), pl.Series("second_partner", second)
    )
    touches = _touches(rng, world, created, closed, (first, second))
    deleted = opportunities.with_columns(
        pl.when(pl.Series(rng.random(count) < 0.01) & (pl.col("deal") > 0))
        .then(pl.col("created") + 20 * DAY)
        .alias("deleted_at"),
        pl.Series("has_history", (rng.random(count) > 0.02) | (np.arange(count) == 0)),
    )
    return Deals(deleted, history, touches, reopened)


def _opportunities(
    rng: np.random.Generator, world: World, created: Ints, account: Ints
) -> pl.DataFrame:
    count = len(created)
    products = rng.choice(("Plattform", "Rollout", "Integrationspaket", "Erweiterung"), size=count)
    kinds = rng.choice(
        ("New Business", "Existing Customer - Upgrade", "Renewal"), size=count, p=(0.55, 0.3, 0.15)
    )
    customer = world.accounts[account].select("name", "currency")
    return pl.DataFrame(
        {
            "deal": np.arange(count),
            "opportunity_id": ids.salesforce_ids(ids.OPPORTUNITY, np.arange(count)),
            "account": account,
            "name": customer["name"] + " – " + pl.Series(products.astype(str)),
            # The planted deal is in the reporting currency, so that its size needs no rate.
            "currency": ["EUR", *customer["currency"].to_list()[1:]],
            "type": kinds.astype(str),
            "created": created,
        }
    )


def _partners_of(
    rng: np.random.Generator, world: World, account: Ints, created: Ints
) -> tuple[Ints, Ints]:
    """The partners that work on each deal: near ones rather than far ones, big tiers rather than
    small ones, and only while their contract runs. The star gets its deals later."""
    regions = world.accounts["region"].to_numpy()[account]
    tier = np.array([TIER_WEIGHTS[p.tier] for p in world.partners])
    tier[STAR_PARTNER] = 0
    chosen = np.full((2, len(account)), -1, dtype=np.int64)
    for region in sorted(set(regions.tolist())):
        near = np.array([4.0 if p.region == region else 1.0 for p in world.partners])
        weights: Floats = tier * near / (tier * near).sum()
        here = np.flatnonzero(regions == region)
        chosen[:, here] = rng.choice(len(weights), size=(2, len(here)), p=weights)
    starts, ends = world.active_bounds()
    draw = rng.random((2, len(account)))
    maturity = (created - world.calendar.start) / (world.calendar.end - world.calendar.start)
    works = (draw < np.stack([0.42 + 0.12 * maturity, np.full(len(account), 0.28)])) & (
        (starts[chosen] < created - 60 * DAY) & (ends[chosen] > created + 60 * DAY)
    )
    works[1] &= works[0] & (chosen[0] != chosen[1])
    chosen[~works] = -1
    return chosen[0], chosen[1]


def _history(
    rng: np.random.Generator, world: World, created: Ints, partner: Ints
) -> tuple[pl.DataFrame, Ints, int | None]:
    """Stage rows of every deal, its (possibly future) close, and one reopened deal's position."""
    count, end = len(created), world.calendar.end
    quality = np.array([p.quality for p in world.partners] + [0.0])[partner]
    won = rng.random(count) < 0.27 + np.where(partner >= 0, 0.13, 0.0) + quality
    cycle = np.clip(lognormal(rng, np.where(won, 68.0, 55.0), 0.55, count), 6, 600)
    cycle[0] = 400
    day = created // DAY
    shares = (0.25 + 0.15 * rng.random(count), 0.6 + 0.15 * rng.random(count), np.ones(count))
    moves = [
        working(rng, day + np.maximum(1, (cycle * share)).astype(np.int64)) for share in shares
    ]
    proposal, negotiation, closed = np.sort(np.stack(moves), axis=0) + np.arange(3)[:, None]
    reopens = ~won & (rng.random(count) < 0.06) & (np.arange(count) > 0)
    reopened_at = working(rng, closed // DAY + rng.integers(12, 45, size=count))
    reclosed = working(rng, reopened_at // DAY + rng.integers(10, 40, size=count))
    amount = np.clip(lognormal(rng, 27_000, 0.85, count) / 250, 8, 2400).astype(np.int64) * 250
    amount[0] = OPEN_DEAL_AMOUNT
    later = (amount * rng.choice((0.8, 0.9, 1.0, 1.0, 1.1, 1.25), size=count) / 50).astype(int) * 50
    later[0] = OPEN_DEAL_AMOUNT
    deal = np.arange(count)
    skips = ~won & (rng.random(count) < 0.4)
    grows = ~skips & (rng.random(count) < 0.15) & (deal > 0)
    midway = (negotiation + closed) // 2
    final = np.where(grows, (later * 1.1 / 50).astype(np.int64) * 50, later)
    last = np.where(won, STAGES[3], STAGES[4])
    again = np.where(rng.random(count) < 0.6, STAGES[3], STAGES[4])
    steps = (
        (np.full(count, True), STAGES[0], amount, created),
        (np.full(count, True), STAGES[1], amount, proposal),
        (~skips, STAGES[2], later, negotiation),
        (grows, STAGES[2], final, midway),
        (np.full(count, True), last, final, closed),
        (reopens, STAGES[2], final, reopened_at),
        (reopens, again, final, reclosed),
    )
    history = pl.concat(
        pl.DataFrame(
            {
                "deal": deal[happens],
                "stage": np.broadcast_to(stage, count)[happens].astype(str),
                "amount": value[happens].astype(np.int64),
                "at": at[happens].astype(np.int64),
            }
        )
        for happens, stage, value, at in steps
    )
    finished = np.flatnonzero(reopens & (reclosed < end))
    history = history.filter(pl.col("at") < end).sort("deal", "at", maintain_order=True)
    return history, np.where(reopens, reclosed, closed), int(finished[0]) if len(finished) else None


def _touches(
    rng: np.random.Generator,
    world: World,
    created: Ints,
    closed: Ints,
    partners: tuple[Ints, Ints],
) -> pl.DataFrame:
    """One or two pieces of evidence for each partner of a deal.

    Registrations, referrals and leads come before the opportunity, roles after it; every
    twentieth touch is too old to count, and every fiftieth comes after the close (the star's
    all count). The dormant partner's end with its last sign of life.
    """
    parts = []
    for partner in partners:
        deal = np.flatnonzero(partner >= 0)
        first = rng.choice(list(EVIDENCE), len(deal), p=list(EVIDENCE.values()))
        # A second piece of evidence, unless it repeats the first.
        second = np.where(rng.random(len(deal)) < 0.35, CRM_ROLE, first)
        first[deal == 0], second[deal == 0] = REGISTRATION, CRM_ROLE
        keep = second != first
        for at_deal, evidence in ((deal, first), (deal[keep], second[keep])):
            parts.append((at_deal, partner[at_deal], evidence))
    deal, who, evidence = (np.concatenate(column) for column in zip(*parts, strict=True))
    start, count = created[deal], len(deal)
    lead_days = rng.exponential(16, count).clip(1, 55).astype(np.int64)
    before = np.minimum(working(rng, start // DAY - lead_days), start - 900)
    stay = np.minimum(closed[deal], world.calendar.end) - start
    after = start + (stay * 0.5 * rng.random(count)).astype(np.int64)
    at = np.where(evidence == CRM_ROLE, after, before)
    odd = np.where((deal == 0) | (who == STAR_PARTNER), 0.5, rng.random(count))
    at = np.where(odd < 0.05, start - rng.integers(190, 260, count) * DAY, at)
    at = np.where((odd > 0.98) & (evidence == CRM_ROLE), closed[deal] + 9 * DAY, at)
    frame = pl.DataFrame({"deal": deal, "partner": who, "evidence": evidence.astype(str), "at": at})
    inside = (pl.col("at") >= world.calendar.start) & (pl.col("at") < world.calendar.end)
    quiet = (pl.col("partner") == DORMANT_PARTNER) & (
        pl.col("at") >= local_midnight(world.quiet_since)
    )
    return frame.filter(inside & ~quiet).sort("deal", "partner", "evidence", "at")


def touches_with(world: World, deals: Deals, evidence: str) -> pl.DataFrame:
    """Touches of one evidence with opportunity_id, customer (account id) and partner_id."""
    customer = world.accounts["account_id"]
    touches = deals.touches.filter(pl.col("evidence") == evidence).join(
        deals.opportunities.select("deal", "opportunity_id", "account", "created"),
        on="deal",
        maintain_order="left",
    )
    return touches.with_columns(customer=customer.gather(touches["account"]))


def loose_ends(world: World, count: int, name: str) -> pl.DataFrame:
    """Registrations or referrals that led to no opportunity: partner, at, customer."""
    rng = stream(world.seed, name)
    at = np.minimum(seasonal_times(rng, count, world.calendar, 0.1), world.calendar.end - 7200)
    at = rng.permutation(at)
    starts, ends = world.active_bounds()
    partner = rng.integers(0, len(world.partners), size=count)
    customer = world.accounts["account_id"].gather(world.accounts_at(rng, at))
    frame = pl.DataFrame({"partner": partner, "at": at, "customer": customer})
    return frame.filter(pl.Series((starts[partner] <= at) & (at < ends[partner])))
