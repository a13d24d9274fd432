"""Targets: what the partner team promised itself.

Belongs here: planning/target, with targets set so that the scorecard shows values on target, to
watch and in breach. Does not belong here: reaching them.
"""

from __future__ import annotations

import polars as pl

from partner_kpis.demo.sla import bad_integration
from partner_kpis.demo.world import OPEN_DEAL_PARTNER, SLOW_PARTNER, World
from partner_kpis.demo.writing import Exporter

GROW = "Partners bring the pipeline we plan with"
START = "Customers reach value in two weeks"
TRUST = "Integrations are as reliable as the platform"
CARE = "Partners stay with us and work with us"
LOVE = "Customers recommend what partners build"
EARN = "The programme earns what it costs"
# kpi, dimension, member, baseline, target, corridor_low, corridor_high, objective
Target = tuple[str, str, str, str | None, str, str | None, str | None, str]
COLUMNS = (
    "kpi_id", "dimension", "member", "valid_from", "baseline", "target", "corridor_low",
    "corridor_high", "objective",
)  # fmt: skip


def write_targets(world: World, out: Exporter) -> None:
    """Targets of last year and stricter ones of this year, for the programme, tiers, partners."""
    this_year = world.calendar.as_of.replace(month=1, day=1)
    last_year = this_year.replace(year=this_year.year - 1)
    rows = [_row(t, last_year.isoformat()) for t in _last_years()]
    named = _this_years(world)
    taken = {target[:3] for target in named}
    agreed = [target for target in _of_single_partners(world) if target[:3] not in taken]
    rows += [_row(t, this_year.isoformat()) for t in [*named, *agreed]]
    schema = dict.fromkeys(COLUMNS, pl.String)
    out.csv("planning", "target", "targets.csv", pl.DataFrame(rows, schema=schema, orient="row"))


def _row(target: Target, valid_from: str) -> tuple[str | None, ...]:
    return (*target[:3], valid_from, *target[3:])


def _last_years() -> list[Target]:
    return [
        ("partner_influenced_pipeline", "programme", "all", "0.30", "0.36", "0.30", None, GROW),
        ("partner_win_rate", "programme", "all", "0.30", "0.38", "0.30", None, GROW),
        ("time_to_activation", "programme", "all", "14", "12", None, "16", START),
        ("integration_uptime", "programme", "all", "0.9900", "0.9950", "0.9900", None, TRUST),
    ]


def _of_single_partners(world: World) -> list[Target]:
    """What was agreed with each partner above the network: its health, its share, its quality."""
    targets: list[Target] = []
    building = {world.partners[i.partner].partner_id for i in world.integrations}
    for partner in world.partners:
        who = ("partner", partner.partner_id)
        if partner.tier != "network":
            targets.append(("partner_health_score", *who, None, "60", "45", None, CARE))
            targets.append(("active_partner_rate", *who, None, "1", "1", None, CARE))
        if partner.tier == "strategic":
            targets.append(("partner_influenced_pipeline", *who, None, "0.02", "0.01", None, GROW))
        if partner.partner_id in building:
            targets.append(("time_to_activation", *who, None, "12", None, "16", START))
            targets.append(("integration_uptime", *who, None, "0.9960", "0.9920", None, TRUST))
    return targets


def _this_years(world: World) -> list[Target]:
    slow = world.partners[SLOW_PARTNER].partner_id
    big = world.partners[OPEN_DEAL_PARTNER].partner_id
    shaky = world.partners[bad_integration(world).partner].partner_id
    return [
        ("partner_influenced_pipeline", "programme", "all", "0.36", "0.45", "0.38", None, GROW),
        ("partner_influenced_pipeline", "tier", "strategic", "0.30", "0.55", "0.42", None, GROW),
        ("partner_influenced_pipeline", "partner", big, "0.03", "0.06", "0.04", None, GROW),
        ("partner_win_rate", "programme", "all", "0.36", "0.42", "0.30", None, GROW),
        ("partner_win_rate", "tier", "strategic", "0.38", "0.50", "0.42", None, GROW),
        ("time_to_activation", "programme", "all", "12", "10", None, "15", START),
        ("time_to_activation", "tier", "strategic", "12", "9", None, "13", START),
        ("time_to_activation", "partner", slow, "9", "9", None, "14", START),
        ("joint_deal_velocity", "programme", "all", "70", "60", None, "70", GROW),
        ("nps_integration", "programme", "all", "25", "30", "15", None, LOVE),
        ("active_partner_rate", "programme", "all", "0.85", "0.90", "0.80", None, CARE),
        ("active_partner_rate", "tier", "strategic", "0.95", "1.00", "0.95", None, CARE),
        ("partner_health_score", "programme", "all", "50", "60", "50", None, CARE),
        ("integration_uptime", "programme", "all", "0.9950", "0.9960", "0.9920", None, TRUST),
        ("integration_uptime", "partner", shaky, "0.9950", "0.9970", "0.9930", None, TRUST),
        ("partner_revenue_share", "programme", "all", "0.35", "0.45", "0.35", None, GROW),
        ("partner_sourced_pipeline", "programme", "all", "250000", "300000", "200000", None, GROW),
        ("programme_roi", "programme", "all", "3", "5", "3", None, EARN),
        ("referral_conversion_rate", "programme", "all", "0.40", "0.50", "0.40", None, GROW),
        ("referral_follow_up_on_time", "programme", "all", "0.75", "0.90", "0.80", None, CARE),
        ("channel_conflict_rate", "programme", "all", "0.12", "0.05", None, "0.10", CARE),
        ("certification_rate", "programme", "all", "0.60", "0.75", "0.60", None, CARE),
        ("support_first_reply_on_time", "programme", "all", "0.88", "0.95", "0.88", None, TRUST),
        ("roadmap_delivery_rate", "programme", "all", "0.65", "0.85", "0.70", None, CARE),
    ]
