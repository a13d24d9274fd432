"""The published numbers that the README's tour of the demo names are those of a run of it.

Belongs here: values of the demo at its default scale, which the other tests do not publish.
Does not belong here: names and planted numbers (tests/unit/demo/test_readme.py).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from helpers import publish, table, value_of

from partner_kpis.demo import make_exports
from partner_kpis.home import DataHome, project_root

SLOW, BAD, STAR, DORMANT = "P-0102", "P-0103", "P-0104", "P-0106"


@pytest.mark.slow
def test_the_tour_of_the_demo_tells_its_published_numbers(tmp_path: Path) -> None:
    home = DataHome.at(tmp_path / "home")
    make_exports(home)
    publish(home)
    text = (project_root() / "README.md").read_text(encoding="utf-8")
    tour = text.split("## Five minutes with the demo")[1].split("\n## ")[0]

    def month(kpi_id: str, year: int, number: int, partner: str | None = None) -> dict[str, Any]:
        of = ("partner", partner) if partner else ("programme", "all")
        return value_of(home, kpi_id, "month", date(year, number, 1), *of)

    def days(year: int, number: int, partner: str | None = None) -> str:
        return f"{month('time_to_activation', year, number, partner)['value']:.1f}"

    week = value_of(home, "time_to_activation", "week", date(2026, 10, 19))
    assert f"{week['value']:.1f} days in week 43 of 2026, to watch" in tour
    assert f"{days(2026, 5)} days in May 2026 and at {days(2026, 8)} in August" in tour
    assert f"{days(2026, 5, SLOW)} days in May, {days(2026, 6, SLOW)} in June" in tour
    uptime = month("integration_uptime", 2026, 8, BAD)["value"]
    assert f"August 2026 stands at {100 * uptime:.2f} %" in tour
    health = [month("partner_health_score", 2026, 10, p)["value"] for p in (STAR, DORMANT)]
    assert f"at {health[0]:.0f} health points" in tour and f"is {health[1]:.0f} of 100" in tour
    deals = value_of(home, "partner_win_rate", "year", date(2025, 1, 1), "partner", STAR)
    assert f"{deals['sample_size']} closed deals of it in 2025" in tour
    others = table(home, "kpi_values").filter(
        (pl.col("kpi_id") == "partner_win_rate") & (pl.col("dimension") == "partner")
        & (pl.col("period_type") == "year") & (pl.col("period_start") == date(2025, 1, 1))
        & (pl.col("member") != STAR)
    )["sample_size"]  # fmt: skip
    assert deals["sample_size"] == 3 * max(others)
    active = [month("active_partner_rate", 2026, n, DORMANT)["value"] for n in (8, 9, 10)]
    assert active == [1, 0, 0]
    n = {
        (y, m): month("partner_influenced_pipeline", y, m)["sample_size"]
        for y, m in ((2026, 7), (2026, 8), (2025, 11), (2025, 12))
    }
    assert f"{n[2026, 7]} in July 2026 and {n[2026, 8]} in August" in tour
    assert f"{n[2025, 11]} in November 2025 and {n[2025, 12]} in December" in tour
    conflicts = value_of(home, "channel_conflict_rate", "quarter", date(2026, 7, 1))
    assert f"quarter of 2026 stands at {100 * conflicts['value']:.1f} %" in tour
    assert conflicts["numerator"] == 1
    strategic = table(home, "partners").filter(pl.col("tier") == "strategic")
    assert f"{strategic.height} of 60 partners stay" in tour
    pipeline = {
        p: month("partner_influenced_pipeline", 2026, 10, p)["numerator"]
        for p in strategic["partner_id"]
    }
    largest = strategic.filter(pl.col("partner_id") == max(pipeline, key=lambda p: pipeline[p]))
    assert f"with the largest open pipeline, stands {largest['name'][0]}." in tour
    assert pipeline[DORMANT] == 0
    integrations = table(home, "kpi_observations").filter(
        (pl.col("kpi_id") == "integration_uptime") & (pl.col("partner_id") == BAD)
    )["entity_id"]  # fmt: skip
    assert f"the only integration, `{integrations.unique().item()}`" in tour
