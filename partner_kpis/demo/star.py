"""The star: one partner that carries some 30 % of the revenue that partners influence.

Belongs here: which deals are the star's, and how much of the revenue that makes.
Does not belong here: the deals themselves (deals.py).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from partner_kpis.demo.draw import DAY, Floats, Ints, stream
from partner_kpis.demo.finance import LEVELS
from partner_kpis.demo.truth import StarPartner
from partner_kpis.demo.world import STAR_PARTNER, World

# A little less than the share it comes to: some touches of the others don't count.
AIM = 0.29
LOST_OR_OPEN = 0.24  # the star's share of the deals that are not won
WINDOW = 180 * DAY


def give_to_star(world: World, currency: pl.Series, history: pl.DataFrame, first: Ints) -> Ints:
    """Each deal's first partner, with the star in the place of some.

    Won deals go to it in random order while its revenue stays within its share; the planted deal
    (the first) never does. `history` as in Deals.
    """
    rng = stream(world.seed, "star")
    euros = _won_euros(currency, history)
    has_partner = (first >= 0) & (np.arange(len(first)) > 0)
    won = np.flatnonzero(has_partner & (euros > 0))
    is_star = has_partner & (euros == 0) & (rng.random(len(first)) < LOST_OR_OPEN)
    left = AIM * float(euros[won].sum())
    for deal in rng.permutation(won).tolist():
        if euros[deal] <= left:
            is_star[deal] = True
            left -= float(euros[deal])
    return np.where(is_star, STAR_PARTNER, first)


def star_partner(
    world: World, opportunities: pl.DataFrame, history: pl.DataFrame, touches: pl.DataFrame
) -> StarPartner:
    """The planted story, as it came out; frames as in Deals, touches in seconds."""
    last = history.group_by("deal").agg(pl.col("at").last().alias("closed")).sort("deal")
    valid = (
        touches.join(opportunities.select("deal", "created", "deleted_at"), on="deal")
        .join(last, on="deal")
        .filter(pl.col("deleted_at").is_null() | (pl.col("deleted_at") >= world.calendar.end))
        .filter(pl.col("at").is_between(pl.col("created") - WINDOW, pl.col("closed")))
    )
    euros = _won_euros(opportunities["currency"], history)
    influenced = valid["deal"].unique().to_numpy()
    mine = valid.filter(pl.col("partner") == STAR_PARTNER)["deal"].unique().to_numpy()
    total = float(euros[influenced].sum())
    return StarPartner(
        partner_id=world.partners[STAR_PARTNER].partner_id,
        name=world.partners[STAR_PARTNER].name,
        won_deals=int((euros[mine] > 0).sum()),
        revenue_share=float(euros[mine].sum()) / total if total else 0.0,
    )


def _won_euros(currency: pl.Series, history: pl.DataFrame) -> Floats:
    """What each deal brought, 0 unless won, at about the rate of its day."""
    last = history.group_by("deal", maintain_order=True).last()
    amount = np.where(last["stage"] == "Closed Won", last["amount"], 0)
    euros = np.zeros(len(currency))
    euros[last["deal"].to_numpy()] = amount
    rate = currency.replace_strict(LEVELS, default=1.0, return_dtype=pl.Float64)
    return np.asarray(euros / rate.to_numpy(), dtype=np.float64)
