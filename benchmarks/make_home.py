"""A large data home for measuring: the demo's business with a benchmark's numbers of rows.

Belongs here: how many rows, how long a history, and what may arrive later (one changed
opportunity, one more day). Does not belong here: file formats (partner_kpis/demo) and clocks
(run.py).

Run by hand: python -m benchmarks.make_home DIR [--scale 0.1] [--history 2]
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import shutil
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import yaml

from partner_kpis.demo.actions import write_actions
from partner_kpis.demo.campaigns import simulate_campaigns, write_campaigns
from partner_kpis.demo.commissions import write_payments
from partner_kpis.demo.costs import write_costs
from partner_kpis.demo.crm import write_crm
from partner_kpis.demo.deals import simulate_deals
from partner_kpis.demo.draw import DAY, Calendar, lognormal, stamp, stream
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
from partner_kpis.demo.support import write_tickets
from partner_kpis.demo.surveys import write_responses
from partner_kpis.demo.telemetry import simulate_installations, write_telemetry
from partner_kpis.demo.upptime import write_upptime
from partner_kpis.demo.world import World, build_world
from partner_kpis.demo.writing import Exporter

AS_OF = date(2026, 9, 15)  # mid-month and midweek: the day after it is a day like any other
NEXT_DAY = (AS_OF + timedelta(days=1)).strftime("%Y%m%d")  # as the names of its files carry it
MONTHS = 24
PROBED, PROBE_SECONDS = 36, 1800
DEMO_EVENTS, DEMO_OPPORTUNITIES = 25_000, 900  # of the demo at scale 1


@dataclass(frozen=True)
class Size:
    """Rows of the exports, and how many histories of two years they fill at that daily volume."""

    events: int = 1_000_000
    probes: int = 200_000
    opportunities: int = 20_000
    history: int = 1

    @classmethod
    def scaled(cls, scale: float, history: int = 1) -> Size:
        full = cls()
        return cls(
            round(full.events * scale) * history,
            round(full.probes * scale) * history,
            round(full.opportunities * scale) * history,
            history,
        )

    @property
    def events_a_day(self) -> int:
        """Twice the mean: use grows, and a day at its end is a busy one."""
        return max(10, 2 * self.events // (730 * self.history))

    @property
    def opportunities_a_day(self) -> int:
        """Created or changed: each opportunity is touched some four times in its life."""
        return max(3, 4 * self.opportunities // (730 * self.history))


def make_home(root: Path, size: Size, seed: int = 7) -> None:
    """Write landing/ and config/sources.yml of a home below `root`, which must not exist yet."""
    root.mkdir(parents=True)
    calendar = Calendar(AS_OF, MONTHS * size.history)
    base = size.events / size.history / DEMO_EVENTS
    world = build_world(seed, base, calendar, round(24 * base**0.5))
    # Surveys and tickets grow with the business, not with the calls of its customers' machines.
    selling = replace(world, scale=size.opportunities / DEMO_OPPORTUNITIES)
    using = replace(world, scale=size.events / DEMO_EVENTS)
    deals, installations = simulate_deals(selling), simulate_installations(using)
    leads = simulate_leads(selling, deals)
    campaigns = simulate_campaigns(selling, leads)
    referred = referrals(selling, deals)
    out = Exporter(root / "landing")
    write_crm(selling, deals, out)
    write_leads(selling, leads, out)
    write_campaigns(selling, campaigns, leads, out)
    write_partners(selling, out)
    write_registrations(selling, registrations(selling, deals), out)
    write_referrals(selling, referred, out)
    write_payments(selling, referred, out)
    write_claims(selling, campaigns, out)
    write_costs(selling, out)
    write_enablement(selling, out)
    write_onboarding(selling, out)
    write_roadmap(selling, out)
    write_actions(selling, out)
    write_responses(selling, installations, out)
    write_tickets(selling, installations, out)
    write_telemetry(using, installations, out)
    write_registry(world, out)
    write_sla(world, out)
    write_upptime(world, out)
    _write_probes(world, size, root / "landing" / "sla" / "probe")
    write_rates(world, out)
    write_targets(world, out)
    sources = root / "config" / "sources.yml"
    sources.parent.mkdir()
    settings = {"prm": {"referral": GERMAN_REFERRALS}}
    sources.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")


def _write_probes(world: World, size: Size, folder: Path) -> None:
    """Half-hourly checks of the probed integrations, in place of the demo's, one file a month."""
    shutil.rmtree(folder)
    folder.mkdir()
    probed = [i.integration_id for i in world.integrations if i.is_probed][:PROBED]
    slots = size.probes // len(probed)
    rng = stream(world.seed, "benchmark probes")
    last = (world.calendar.end - 1) // PROBE_SECONDS * PROBE_SECONDS
    at = np.sort(np.tile(last - np.arange(slots) * PROBE_SECONDS, len(probed)))
    is_down = rng.random(len(at)) < 0.0033
    response = pl.Series(lognormal(rng, 180, 0.35, len(at)).astype(np.int64))
    probes = pl.DataFrame(
        {
            "integration_id": probed * slots,
            "checked_at": at,
            "is_up": np.where(is_down, "false", "true").astype(str),
            "response_ms": response.set(pl.Series(is_down), None),
        }
    ).with_columns(stamp("checked_at"))
    for (month,), part in probes.group_by(pl.col("checked_at").str.head(7), maintain_order=True):
        part.write_csv(folder / f"probes_{str(month).replace('-', '_')}.csv")


def change_one_opportunity(home: Path) -> None:
    """Drop a CSV with one known opportunity, ten per cent dearer since noon of the last day."""
    header, rows = _last_opportunities(home)
    changed = dict(next(row for row in rows if row["IsClosed"] == "false"))
    changed["Amount"] = f"{float(changed['Amount']) * 1.1:.2f}"
    changed["SystemModstamp"] = f"{AS_OF.isoformat()}T12:00:00.000Z"
    _write_csv(home, "salesforce/opportunity/changed_opportunity.csv", header, [changed])


def add_one_day(home: Path, size: Size) -> None:
    """Drop the files of the next day: events, probes, and opportunities changed in it."""
    lines = []
    for event in _last_events(home, size.events_a_day):
        event["messageId"] = event["messageId"].replace("ajs-", "next-")
        for name in ("timestamp", "receivedAt"):
            event[name] = _day_later(event[name])
        lines.append(json.dumps(event, separators=(",", ":")))
    path = home / "landing" / "telemetry" / "event" / f"track_{NEXT_DAY}.jsonl.gz"
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 4, mtime=0))
    header, rows = _last_opportunities(home)
    rows = [
        row | {"SystemModstamp": _day_later(f"{AS_OF.isoformat()}T09:00:00.000Z")}
        for row in rows[-size.opportunities_a_day :]
    ]
    _write_csv(home, f"salesforce/opportunity/opportunity_{NEXT_DAY}.csv", header, rows)
    last = max((home / "landing" / "sla" / "probe").glob("*.csv"))
    with last.open(encoding="utf-8", newline="") as file:
        probes = list(csv.DictReader(file))
    count = len({row["integration_id"] for row in probes}) * DAY // PROBE_SECONDS
    probes = [row | {"checked_at": _day_later(row["checked_at"])} for row in probes[-count:]]
    _write_csv(home, f"sla/probe/probes_{NEXT_DAY}.csv", list(probes[0]), probes)


def _day_later(text: str) -> str:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00")) + timedelta(days=1)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _last_opportunities(home: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Header and good rows of the newest opportunity export; its last four rows are the bad ones
    that the demo adds."""
    path = max((home / "landing" / "salesforce" / "opportunity").glob("opportunity_*.csv"))
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)[:-4]
        return list(reader.fieldnames or ()), rows


def _last_events(home: Path, count: int) -> list[dict[str, str]]:
    """The track calls that were received last, with their moments as Segment wrote them."""
    path = max((home / "landing" / "telemetry" / "event").glob("track_*.jsonl.gz"))
    with gzip.open(path, "rt", encoding="utf-8") as file:
        events = [json.loads(line) for line in file if '"receivedAt"' in line]
    return sorted(events, key=lambda event: str(event["receivedAt"]))[-count:]


def _write_csv(home: Path, name: str, header: list[str], rows: list[dict[str, str]]) -> None:
    with (home / "landing" / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a large data home to measure with.")
    parser.add_argument("home", type=Path)
    parser.add_argument("--scale", type=float, default=1.0, help="1 = a million events")
    parser.add_argument("--history", type=int, default=1, help="2 = twice as long")
    options = parser.parse_args()
    make_home(options.home, Size.scaled(options.scale, options.history))


if __name__ == "__main__":
    main()
