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
from typing import Literal

import yaml

from partner_kpis.demo import hubspot
from partner_kpis.demo.actions import write_actions
from partner_kpis.demo.campaigns import simulate_campaigns, write_campaigns
from partner_kpis.demo.commissions import write_payments
from partner_kpis.demo.costs import write_costs
from partner_kpis.demo.crm import write_crm
from partner_kpis.demo.deals import simulate_deals
from partner_kpis.demo.draw import Calendar
from partner_kpis.demo.enablement import write_enablement
from partner_kpis.demo.finance import write_rates
from partner_kpis.demo.leads import simulate_leads, write_leads
from partner_kpis.demo.mdf import write_claims
from partner_kpis.demo.onboarding import write_onboarding
from partner_kpis.demo.planning import write_targets
from partner_kpis.demo.prm import write_partners
from partner_kpis.demo.referrals import GERMAN_REFERRALS, referrals, write_referrals
from partner_kpis.demo.registrations import registrations, write_registrations
from partner_kpis.demo.registry import write_registry
from partner_kpis.demo.roadmap import write_roadmap
from partner_kpis.demo.sla import write_sla
from partner_kpis.demo.story import tell
from partner_kpis.demo.support import write_tickets
from partner_kpis.demo.surveys import write_responses
from partner_kpis.demo.telemetry import simulate_installations, write_telemetry
from partner_kpis.demo.truth import DemoTruth
from partner_kpis.demo.upptime import write_upptime
from partner_kpis.demo.world import World, build_world
from partner_kpis.demo.writing import Exporter
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome

DEFAULT_AS_OF = date(2026, 10, 31)


def make_exports(
    home: DataHome,
    *,
    seed: int = 7,
    scale: float = 1.0,
    as_of: date | None = None,
    crm: Literal["salesforce", "hubspot"] = "salesforce",
) -> DemoTruth:
    """Write the demo's exports below `home.landing`, and `config/sources.yml` to read them by.

    The same seed, scale and as_of (default: DEFAULT_AS_OF, so that the demo does not age) give
    the same bytes. Scale 1: 60 partners, 14 integrations, 260 customers, 900 opportunities, 25,000
    events; all but partners and integrations (which grow by the root) grow in proportion.

    With HubSpot as its CRM the same business has no leads, campaigns and history of stages; the
    truth then tells of the exports as Salesforce would have written them.

    Raises UserError if the scale is not a positive number, or if the home holds other exports or
    another sources.yml: nothing of the user's is overwritten, and nothing is written then.
    """
    if not (math.isfinite(scale) and scale > 0):
        raise UserError(f"The scale of the demo must be a number above 0, not {scale}.")
    home.landing.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".demo-", dir=home.root) as scratch:
        made = Path(scratch)
        truth = write_exports(
            build_world(seed, scale, Calendar(as_of or DEFAULT_AS_OF)), made / "landing"
        )
        if crm == "hubspot":
            (made / "landing").rename(made / "salesforce")
            hubspot.rewrite(made / "salesforce", made / "landing")
        write_sources(made / "config" / "sources.yml")
        _refuse_other_files(home, made)
        _move_in(made / "landing", home.landing)
        _move_in(made / "config", home.config)
    return truth


def write_exports(world: World, landing: Path) -> DemoTruth:
    """Every export of a world, below a folder without any; make_exports says of which world."""
    deals = simulate_deals(world)
    installations = simulate_installations(world)
    leads = simulate_leads(world, deals)
    campaigns = simulate_campaigns(world, leads)
    registered = registrations(world, deals)
    referred = referrals(world, deals)
    out = Exporter(landing)
    write_crm(world, deals, out)
    write_leads(world, leads, out)
    write_campaigns(world, campaigns, leads, out)
    write_partners(world, out)
    write_registrations(world, registered, out)
    write_referrals(world, referred, out)
    write_payments(world, referred, out)
    write_claims(world, campaigns, out)
    write_costs(world, out)
    write_enablement(world, out)
    write_onboarding(world, out)
    write_roadmap(world, out)
    write_actions(world, out)
    write_responses(world, installations, out)
    write_tickets(world, installations, out)
    write_telemetry(world, installations, out)
    write_registry(world, out)
    write_sla(world, out)
    write_upptime(world, out)
    write_rates(world, out)
    write_targets(world, out)
    return tell(world, deals, installations, registered, out)


def write_sources(path: Path) -> None:
    """The home's sources.yml that the exports need."""
    path.parent.mkdir(parents=True, exist_ok=True)
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
