"""HubSpot as the CRM: the same business gives the same values, opened down to HubSpot's rows.

Belongs here: what changes when deals come from HubSpot. Does not belong here: rules of
opportunities (dbt unit tests), or real files (test_real_input.py).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest
from helpers import compute, table, values
from hubspot_exports import WITHOUT, differing_values, rewrite

from partner_kpis.demo import make_exports
from partner_kpis.home import DataHome
from partner_kpis.serving import Snapshot


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[DataHome, DataHome]:
    """The same business, once with Salesforce and once with HubSpot."""
    folder = tmp_path_factory.mktemp("crms")
    salesforce, hubspot = (DataHome.at(folder / name) for name in ("salesforce", "hubspot"))
    make_exports(salesforce, scale=0.1)
    for entity in WITHOUT:
        shutil.rmtree(salesforce.landing / "salesforce" / entity)
    hubspot.create()
    rewrite(salesforce, hubspot)
    for home in (salesforce, hubspot):
        compute(home)
    return salesforce, hubspot


def test_values_are_equal_whichever_crm_they_come_from(homes: tuple[DataHome, DataHome]) -> None:
    differing = differing_values(*homes)
    assert differing.is_empty(), differing["kpi_id"].value_counts().to_dicts()
    won = values(homes[0]).filter(pl.col("kpi_id") == "partner_win_rate", pl.col("value") > 0)
    assert won.height > 50


def test_a_number_opens_to_rows_of_hubspot(homes: tuple[DataHome, DataHome]) -> None:
    _, home = homes
    with Snapshot.open(home) as snapshot:
        observed = snapshot.table("kpi_observations").filter(
            pl.col("kpi_id") == "partner_win_rate", pl.col("partner_id").is_not_null()
        )
    deal = observed["entity_id"][0]
    assert deal.startswith("hubspot|")
    sources = table(home, "entity_sources").filter(pl.col("entity_id") == deal)
    named = set(zip(sources["source"], sources["entity"], strict=True))
    assert {("hubspot", "deal"), ("hubspot", "deal_pipeline_stage")} <= named
    row = sources.filter(pl.col("entity") == "deal").row(0, named=True)
    assert row["primary_key"] == deal.removeprefix("hubspot|")
    lines = Path(home.landing / row["file_name"]).read_text(encoding="utf-8").splitlines()
    assert lines[row["row_number"]].startswith(row["primary_key"])


def test_stages_are_shown_by_their_labels(homes: tuple[DataHome, DataHome]) -> None:
    _, home = homes
    assert "Closed Won" in set(table(home, "opportunities")["stage"])
