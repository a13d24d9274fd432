"""Making the demo: the order in which the world is told, and how it comes into a data home.

Belongs here: `make_exports`. Does not belong here: what any one export looks like.
"""

from __future__ import annotations

import filecmp
import math
import shutil
import tempfile
from datetime import date
from pathlib import Path

import polars as pl
import yaml

from partner_kpis.demo.crm import write_crm
from partner_kpis.demo.deals import OPEN_DEAL_AMOUNT, Deals, simulate_deals
from partner_kpis.demo.draw import Calendar, day_of
from partner_kpis.demo.finance import write_rates
from partner_kpis.demo.leads import write_leads
from partner_kpis.demo.planning import write_targets
from partner_kpis.demo.prm import write_prm
from partner_kpis.demo.referrals import GERMAN_REFERRALS, write_referrals
from partner_kpis.demo.registry import write_registry
from partner_kpis.demo.sla import bad_month, write_sla
from partner_kpis.demo.telemetry import simulate_installations, slow_activation, write_telemetry
from partner_kpis.demo.truth import DemoTruth, OpenDeal, SlowActivation, TierChange
from partner_kpis.demo.world import OPEN_DEAL_PARTNER, TIER_CHANGE_PARTNER, World, build_world
from partner_kpis.demo.writing import Exporter
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome

DEFAULT_AS_OF = date(2026, 10, 31)


def make_exports(
    home: DataHome, *, seed: int = 7, scale: float = 1.0, as_of: date | None = None
) -> DemoTruth:
    """Write the demo's exports below `home.landing`, and `config/sources.yml` to read them by.

    The same seed, scale and as_of (default: DEFAULT_AS_OF, so that the demo does not age) give
    the same bytes. Scale 1: 24 partners, 14 integrations, 260 customers, 900 opportunities, 25,000
    events; all but partners and integrations (which grow by the root) grow in proportion.

    Raises UserError if the scale is not a positive number, or if the home holds other exports or
    another sources.yml: nothing of the user's is overwritten, and nothing is written then.
    """
    if not (math.isfinite(scale) and scale > 0):
        raise UserError(f"The scale of the demo must be a number above 0, not {scale}.")
    home.landing.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".demo-", dir=home.root) as scratch:
        made = Path(scratch)
        truth = _write_all(made / "landing", seed, scale, as_of or DEFAULT_AS_OF)
        _write_sources(made / "config" / "sources.yml")
        _refuse_other_files(home, made)
        _move_in(made / "landing", home.landing)
        _move_in(made / "config", home.config)
    return truth


def _write_all(landing: Path, seed: int, scale: float, as_of: date) -> DemoTruth:
    world = build_world(seed, scale, Calendar(as_of))
    deals = simulate_deals(world)
    installations = simulate_installations(world)
    out = Exporter(landing)
    write_crm(world, deals, out)
    write_leads(world, deals, out)
    write_prm(world, deals, out)
    write_referrals(world, deals, out)
    write_telemetry(world, installations, out)
    write_registry(world, out)
    write_sla(world, out)
    write_rates(world, out)
    write_targets(world, out)
    return _truth(world, deals, slow_activation(world, installations), out)


def _truth(world: World, deals: Deals, slow: SlowActivation, out: Exporter) -> DemoTruth:
    planted = deals.opportunities.row(0, named=True)
    changer = world.partners[TIER_CHANGE_PARTNER]
    (_, before), (changed, since) = changer.tiers
    opportunity_ids = deals.opportunities["opportunity_id"]
    deleted = deals.opportunities.filter(pl.col("deleted_at") < world.calendar.end)
    return DemoTruth(
        seed=world.seed,
        scale=world.scale,
        as_of=world.calendar.as_of,
        history_start=world.calendar.history_start,
        slow_activation=slow,
        bad_month=bad_month(world),
        open_deal=OpenDeal(
            planted["opportunity_id"],
            planted["name"],
            world.partners[OPEN_DEAL_PARTNER].partner_id,
            OPEN_DEAL_AMOUNT,
            planted["currency"],
        ),
        tier_change=TierChange(changer.partner_id, before, since, day_of(changed)),
        reopened_opportunity_id=(
            None if deals.reopened is None else str(opportunity_ids[deals.reopened])
        ),
        deleted_opportunity_id=(str(deleted["opportunity_id"][0]) if deleted.height else None),
        bad_rows=tuple(out.bad_rows),
        bad_files=tuple(out.bad_files),
        files=tuple(out.files),
    )


def _write_sources(path: Path) -> None:
    path.parent.mkdir(parents=True)
    note = "# How to read the demo's one export that is not in a standard layout.\n"
    settings = {"prm": {"referral": GERMAN_REFERRALS}}
    body = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
    path.write_text(note + body, encoding="utf-8")


def _refuse_other_files(home: DataHome, made: Path) -> None:
    """The same demo may be made again; anything else in the way is the user's."""
    present = [p for p in home.landing.rglob("*") if p.is_file()]
    if (home.config / "sources.yml").exists():
        present.append(home.config / "sources.yml")
    for path in sorted(present):
        twin = made / path.relative_to(home.root)
        if not twin.is_file() or not filecmp.cmp(path, twin, shallow=False):
            raise UserError(
                f"The data home {home.root} already holds {path.relative_to(home.root)}, which is "
                "not part of this demo. Choose a fresh folder for the demo with --home."
            )


def _move_in(source: Path, target: Path) -> None:
    for path in sorted(p for p in source.rglob("*") if p.is_file()):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            shutil.move(path, place)
