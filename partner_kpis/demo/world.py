"""The simulated business: partners, their integrations, and the customers.

Belongs here: who exists and since when. Deals and touches are in deals.py; each export draws from
both, so that all systems tell one story.
Does not belong here: file formats.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import polars as pl

from partner_kpis.demo import ids, names
from partner_kpis.demo.draw import DAY, Calendar, Floats, Ints, local_midnight, stream

TIERS = ("strategic", "active", "network")
TIER_WEIGHTS = {"strategic": 6.0, "active": 3.0, "network": 1.0}
PARTNER_TYPES = ("technology", "sales", "service")
ENGAGEMENTS = {
    "technology": ("technology", "alliance"),
    "sales": ("referral", "reseller"),
    "service": ("subcontracting", "alliance"),
}
CURRENCIES = {"GB": "GBP", "IE": "EUR", "CH": "CHF", "US": "USD"}

# The planted partners, by position; story.py tells their stories in DemoTruth.
OPEN_DEAL_PARTNER, SLOW_PARTNER, BAD_MONTH_PARTNER, STAR_PARTNER = 0, 1, 2, 3
TIER_CHANGE_PARTNER, DORMANT_PARTNER, PROTECTED_PARTNER, RIVAL_PARTNER = 4, 5, 6, 7
PLANTED_TYPES = {
    SLOW_PARTNER: "technology", BAD_MONTH_PARTNER: "technology", STAR_PARTNER: "sales",
    DORMANT_PARTNER: "service", PROTECTED_PARTNER: "sales", RIVAL_PARTNER: "sales",
}  # fmt: skip
TOP_TIER = (OPEN_DEAL_PARTNER, SLOW_PARTNER, BAD_MONTH_PARTNER, STAR_PARTNER, DORMANT_PARTNER)
QUIET_DAYS = 134  # before as_of: the dormant partner's last sign of life


@dataclass(frozen=True)
class Partner:
    """A partner and what changes about it; days are UTC days in working hours' sense."""

    position: int
    partner_id: str
    crm_account_id: str
    name: str
    partner_type: str
    engagement_model: str
    tiers: tuple[tuple[int, str], ...]  # (since when, tier), in order
    region: str
    country: str
    contract_start: date
    ended_on: date | None
    quality: float  # shifts the chance to win
    engagement: float  # how much it does besides deals; 1 is usual for its tier

    @property
    def tier(self) -> str:
        return self.tiers[-1][1]

    @property
    def utm_source(self) -> str:
        return names.slug(self.name)

    @property
    def manager(self) -> str:
        return names.person_name(self.position % 5)

    @property
    def contact(self) -> str:
        return names.mail_address(names.person_name(self.position * 3 + 1), self.name)


@dataclass(frozen=True)
class Integration:
    position: int
    integration_id: str
    partner: int  # the partner's position
    name: str
    component: str | None
    released_on: date
    is_probed: bool
    is_on_upptime: bool  # `component` is then a slug of our Upptime repository, not of the page

    @property
    def page_component(self) -> str | None:
        """Its name on the status page; None when it is not on it."""
        return None if self.is_on_upptime else self.component


@dataclass(frozen=True)
class World:
    """All that exists. `accounts`: one row a customer in order of creation, columns account_id,
    name, region, country, currency, industry, created (seconds)."""

    seed: int
    scale: float
    calendar: Calendar
    partners: tuple[Partner, ...]
    integrations: tuple[Integration, ...]
    accounts: pl.DataFrame = field(repr=False)

    @cached_property
    def account_created(self) -> Ints:
        return self.accounts["created"].to_numpy()

    def accounts_at(self, rng: np.random.Generator, moments: Ints, skew: float = 1.0) -> Ints:
        """For each moment the position of a customer that existed then; skew > 1 prefers old."""
        known = np.maximum(np.searchsorted(self.account_created, moments, side="right"), 1)
        return np.asarray((known * rng.random(len(moments)) ** skew).astype(np.int64))

    def contract_bounds(self) -> tuple[Ints, Ints]:
        """For each partner the first moment of its contract and the first one after it."""
        starts = [local_midnight(p.contract_start) for p in self.partners]
        far = self.calendar.end + 3650 * DAY
        ends = [local_midnight(p.ended_on) if p.ended_on else far for p in self.partners]
        return np.array(starts), np.array(ends)

    def active_bounds(self) -> tuple[Ints, Ints]:
        """As contract_bounds, but the dormant partner's time ends with its last sign of life."""
        starts, ends = self.contract_bounds()
        ends[DORMANT_PARTNER] = local_midnight(self.quiet_since)
        return starts, ends

    @property
    def quiet_since(self) -> date:
        """The first day on which nothing comes from the dormant partner any more."""
        return self.calendar.as_of - timedelta(days=QUIET_DAYS - 1)


def build_world(
    seed: int,
    scale: float,
    calendar: Calendar,
    partner_count: int | None = None,
    integration_count: int | None = None,
) -> World:
    """Scale 1: 60 partners, 14 integrations, 260 customers; the first two grow by its root unless
    their numbers are given."""
    partners = _partners(seed, partner_count or max(12, round(60 * scale**0.5)), calendar)
    count = integration_count or max(8, round(14 * scale**0.5))
    integrations = _integrations(seed, count, partners, calendar)
    accounts = _accounts(seed, max(20, round(260 * scale)), len(partners), calendar)
    return World(seed, scale, calendar, partners, integrations, accounts)


def _partners(seed: int, count: int, calendar: Calendar) -> tuple[Partner, ...]:
    rng = stream(seed, "partners")
    regions = list(names.REGION_WEIGHTS)
    region = [regions[i % len(regions)] for i in rng.permutation(count)]
    country = [str(rng.choice(names.REGIONS[r])) for r in region]
    called = names.company_names(rng, country, names.PARTNER_FIELDS)
    crm = ids.salesforce_ids(ids.ACCOUNT, np.arange(count))
    return tuple(
        _partner(rng, i, crm[i], called[i], (region[i], country[i]), calendar) for i in range(count)
    )


def _partner(
    rng: np.random.Generator,
    position: int,
    crm: str,
    name: str,
    place: tuple[str, str],
    calendar: Calendar,
) -> Partner:
    kind = PLANTED_TYPES.get(position, PARTNER_TYPES[position % 3])
    planted = position <= RIVAL_PARTNER
    joins_late = not planted and rng.random() < 0.3
    days = int(rng.integers(30, 500)) if joins_late else -int(rng.integers(90, 1400))
    contract_start = calendar.history_start + timedelta(days=days)
    leaves = not planted and rng.random() < 0.12
    ended_on = calendar.as_of - timedelta(days=int(rng.integers(20, 200))) if leaves else None
    if ended_on and ended_on <= contract_start:
        ended_on = None
    return Partner(
        position=position,
        partner_id=f"P-{position + 101:04d}",
        crm_account_id=crm,
        name=name,
        partner_type=kind,
        engagement_model=str(rng.choice(ENGAGEMENTS[kind])),
        tiers=_tiers(rng, position, contract_start, calendar),
        region=place[0],
        country=place[1],
        contract_start=contract_start,
        ended_on=ended_on,
        quality=float(rng.normal(0, 0.06)),
        # One in six does nothing but deals.
        engagement=float(rng.lognormal(0, 0.5)) * (planted or rng.random() > 0.17),
    )


def _tiers(
    rng: np.random.Generator, position: int, contract_start: date, calendar: Calendar
) -> tuple[tuple[int, str], ...]:
    """Most partners keep their tier; about every fifth changes once, one on purpose."""
    registered = local_midnight(contract_start - timedelta(days=14)) + 10 * 3600
    change = local_midnight(calendar.month(9)) + 14 * DAY + 11 * 3600
    if position == TIER_CHANGE_PARTNER:
        return (registered, "network"), (change, "active")
    tier = TIERS[0] if position in TOP_TIER else str(rng.choice(TIERS, p=[0.1, 0.37, 0.53]))
    if position > RIVAL_PARTNER and rng.random() < 0.2:
        moved = change + int(rng.integers(-200, 200)) * DAY
        if moved > registered:
            return (registered, tier), (moved, str(rng.choice([t for t in TIERS if t != tier])))
    return ((registered, tier),)


def _integrations(
    seed: int, count: int, partners: tuple[Partner, ...], calendar: Calendar
) -> tuple[Integration, ...]:
    """The slow partner owns the first integrations, the bad month's partner the next one and no
    other; the last 40 % are probed, and every second of those is on no status page. The last two
    before them (one of few) are watched by Upptime alone."""
    rng = stream(seed, "integrations")
    technology = [p.position for p in partners if p.partner_type == "technology"]
    slow = max(2, round(count / 5))
    owners = [SLOW_PARTNER] * slow + [BAD_MONTH_PARTNER]
    others = [p for p in technology if p not in (SLOW_PARTNER, BAD_MONTH_PARTNER)]
    owners += [others[i % len(others)] for i in range(count - len(owners))]
    first_probed = count - round(count * 0.4)
    first_on_upptime = first_probed - (2 if count >= 12 else 1)
    made = []
    for i in range(count):
        name = names.integration_name(i)
        is_probed, is_on_upptime = i >= first_probed, first_on_upptime <= i < first_probed
        is_late = i > slow and rng.random() < 0.3
        days = int(rng.integers(20, 330)) if is_late else -int(rng.integers(30, 700))
        made.append(
            Integration(
                position=i,
                integration_id=f"int-{names.slug(name)}",
                partner=owners[i],
                name=name,
                component=(
                    None if is_probed and i % 2 else names.slug(name) if is_on_upptime else name
                ),
                released_on=calendar.history_start + timedelta(days=days),
                is_probed=is_probed,
                is_on_upptime=is_on_upptime,
            )
        )
    return tuple(made)


def _accounts(seed: int, count: int, first_number: int, calendar: Calendar) -> pl.DataFrame:
    """Four of five customers are older than the demo's history."""
    rng = stream(seed, "accounts")
    regions = list(names.REGION_WEIGHTS)
    weights: Floats = np.array(list(names.REGION_WEIGHTS.values()))
    region = rng.choice(regions, size=count, p=weights)
    place = rng.random(count)
    country = [
        "US" if place[i] > 0.96 else pool[int(place[i] * len(pool))]
        for i, pool in enumerate(names.REGIONS[str(r)] for r in region)
    ]
    span = calendar.end - calendar.start
    is_old = rng.random(count) < 0.8
    is_old[0] = True
    old = calendar.start - rng.integers(DAY, 3 * 365 * DAY, size=count)
    new = calendar.start + (rng.random(count) * span * 0.9).astype(np.int64)
    created = np.sort(np.where(is_old, old, new) // DAY * DAY + rng.integers(25_200, 61_200, count))
    return pl.DataFrame(
        {
            "account_id": ids.salesforce_ids(ids.ACCOUNT, np.arange(count) + first_number),
            "name": names.company_names(rng, country),
            "region": [str(r) for r in region],
            "country": country,
            "currency": [CURRENCIES.get(c, "EUR") for c in country],
            "industry": [str(i) for i in rng.choice(names.INDUSTRIES, size=count)],
            "created": created,
        }
    )
