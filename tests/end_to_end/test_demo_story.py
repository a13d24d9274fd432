"""The demo's story in the published results: star, dormant partner, dip, conflict, Upptime.

Belongs here: truths of the demo that only show over several tables. Does not belong here: the
truths of single KPIs and the books of landing (test_demo.py).
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from conftest import PublishedDemo
from helpers import table

from partner_kpis.serving import Snapshot


def test_the_star_has_the_planted_share_of_the_influenced_revenue(demo: PublishedDemo) -> None:
    star = demo.truth.star
    won = table(demo.home, "opportunities").filter("is_won")
    influenced = (
        table(demo.home, "partner_touches")
        .filter("is_valid")
        .select("opportunity_id", "partner_id")
        .unique()
        .join(won, on="opportunity_id")
    )
    mine = influenced.filter(pl.col("partner_id") == star.partner_id)
    assert mine.height == star.won_deals
    once = influenced.unique("opportunity_id")["amount_reporting"]
    share = float(mine["amount_reporting"].sum()) / float(once.sum())
    assert share == pytest.approx(star.revenue_share, abs=0.01)
    assert share == pytest.approx(0.3, abs=0.03)
    by_partner = influenced.group_by("partner_id").agg(pl.sum("amount_reporting"))
    first, second, *_ = by_partner.sort("amount_reporting", descending=True).rows()
    assert first[0] == star.partner_id and first[1] > 2 * second[1]


def test_the_dormant_partner_touches_nothing_any_more(demo: PublishedDemo) -> None:
    dormant, as_of = demo.truth.dormant, demo.truth.as_of
    touches = table(demo.home, "partner_touches").filter(pl.col("partner_id") == dormant.partner_id)
    touched = touches["touched_at"].dt.date()
    assert touches.height and max(touched) <= dormant.last_event_on < as_of - timedelta(days=90)
    assert any(on > as_of - timedelta(days=730) for on in touched)
    (partner,) = (
        table(demo.home, "partners")
        .filter(pl.col("partner_id") == dormant.partner_id)
        .iter_rows(named=True)
    )
    assert (partner["name"], partner["tier"]) == (dormant.name, "strategic")
    assert partner["contract_start"] < demo.truth.history_start


def test_the_dormant_partner_counts_as_inactive_since_its_90_days_are_over(
    demo: PublishedDemo,
) -> None:
    dormant = demo.truth.dormant
    over_on = dormant.last_event_on + timedelta(days=90)
    observed = observations(demo, "active_partner_rate").filter(
        pl.col("partner_id") == dormant.partner_id
    )
    later = observed.filter(pl.col("observed_on") >= over_on)
    assert later.height and set(later["numerator"]) == {0}
    for seen_on in dormant.seen_on:
        soon = observed.filter(
            pl.col("observed_on").is_between(seen_on, seen_on + timedelta(days=89))
        )
        assert soon.height and set(soon["numerator"]) == {1}


def test_uptime_falls_to_upptime_where_nothing_else_watches(demo: PublishedDemo) -> None:
    seen = observations(demo, "integration_uptime")
    assert demo.truth.on_upptime
    for service in demo.truth.on_upptime:
        mine = seen.filter(pl.col("entity_id") == service.integration_id)
        down = mine.select("observed_on", down=pl.col("denominator") - pl.col("numerator"))
        found = {
            on.isoformat(): float(minutes)
            for on, minutes in down.filter(pl.col("down") > 0).iter_rows()
        }
        first = min(mine["observed_on"]).isoformat()
        assert found == {on: n for on, n in service.minutes_down.items() if on >= first}
        assert max(mine["observed_on"]) == demo.truth.as_of


def observations(demo: PublishedDemo, kpi_id: str) -> pl.DataFrame:
    return table(demo.home, "kpi_observations").filter(pl.col("kpi_id") == kpi_id)


def test_fewer_deals_begin_in_august_and_late_december(demo: PublishedDemo) -> None:
    dip, last = demo.truth.seasonal_dip, demo.truth.as_of
    created = table(demo.home, "opportunities")["created_on"]
    counts = dict(created.value_counts().rows())

    def is_quiet(on: date) -> bool:
        return on.month == 8 or (on.month == 12 and on.day >= dip.late_december)

    days = [demo.truth.history_start + timedelta(days=n) for n in range(800)]
    weekdays = [d for d in days if d <= last and d.weekday() < 5]
    quiet = [counts.get(d, 0) for d in weekdays if is_quiet(d)]
    others = [counts.get(d, 0) for d in weekdays if not is_quiet(d)]
    assert sum(quiet) / len(quiet) <= dip.at_most * sum(others) / len(others)


def test_the_contested_registration_is_a_channel_conflict_of_the_rival(
    demo: PublishedDemo, snapshot: Snapshot
) -> None:
    conflict = demo.truth.channel_conflict
    contested = observations(demo, "channel_conflict_rate").filter(
        pl.col("entity_id") == conflict.rival_registration_id
    )
    seen = contested.select("partner_id", "observed_on", "numerator").rows()
    assert seen == [(conflict.rival_partner_id, conflict.submitted_on, 1)]
    # The evidence shows both sides of it.
    assert set(snapshot.sources_of(contested)["primary_key"]) >= {
        conflict.rival_registration_id, conflict.protected_registration_id
    }  # fmt: skip
