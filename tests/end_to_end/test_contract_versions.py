"""Contracts and policies change while a home is in use.

Belongs here: what a new version of a contract, or another policy, does to a home that holds
exports. Does not belong here: comparing two contracts (unit tests).
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from helpers import (
    assert_same_values,
    copied,
    lake_files,
    publish,
    table,
    track,
    value_of,
    values,
    write_csv,
    write_jsonl,
    write_policies,
)
from tiny_world import TINY_AS_OF, opportunity

from partner_kpis.contracts.model import load_entities
from partner_kpis.home import DataHome, contracts_dir


@pytest.fixture(scope="module")
def published(tiny: DataHome, tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    """The tiny world, with one event that no policy names yet."""
    home = copied(tiny, tmp_path_factory.mktemp("tiny") / "home")
    deep = track("deep", "Deep Use", "2026-04-11T12:00:00Z", account="A3", integration="I2")
    write_jsonl(home, "telemetry/event", [deep], name="deep.jsonl")
    assert publish(home, as_of=TINY_AS_OF).exit_code == 0
    return home


@pytest.fixture
def world(published: DataHome, tmp_path: Path) -> DataHome:
    return copied(published, tmp_path / "home")


def _contracts(folder: Path, entity: str, version: str, **column: Any) -> Path:
    """A copy of the contracts, with one of them in a new version that has one more column."""
    shutil.copytree(contracts_dir(), folder)
    path = folder / f"{entity}.odcs.yaml"
    contract = yaml.safe_load(path.read_text(encoding="utf-8"))
    contract["version"] = version
    contract["schema"][0]["properties"].append(column)
    path.write_text(yaml.safe_dump(contract, sort_keys=False), encoding="utf-8")
    return folder


def test_files_of_two_minor_versions_give_right_values_together(
    world: DataHome, tmp_path: Path
) -> None:
    contracts = _contracts(
        tmp_path / "contracts", "salesforce/opportunity", "1.9.0", name="next_step",
        physicalName="NextStep", logicalType="string", physicalType="VARCHAR",
        description="What happens next.",
    )  # fmt: skip
    lake = lake_files(world)
    newer = opportunity(1, Amount=2000, SystemModstamp="2026-06-19T09:00:00Z", NextStep="Call")
    write_csv(world, "salesforce/opportunity", [newer], name="new_version.csv")
    assert publish(world, as_of=TINY_AS_OF, contracts=contracts).exit_code == 0

    june = value_of(world, "partner_influenced_pipeline", "month", date(2026, 6, 1))
    assert (june["numerator"], june["denominator"]) == (2000, 2000 + 3000 + 4000)
    ledger = table(world, "landing_ledger").filter(
        table(world, "landing_ledger")["entity"] == "opportunity"
    )
    before = load_entities()["salesforce/opportunity"].version
    assert sorted(ledger["contract_version"]) == [before, "1.9.0"]  # nothing is landed again
    assert lake.items() <= lake_files(world).items()
    with duckdb.connect(str(world.warehouse_db), read_only=True) as connection:
        steps = connection.execute(
            "select distinct _file_name, next_step from lake.salesforce__opportunity order by all"
        ).fetchall()
    assert steps == [
        ("salesforce/opportunity/export.csv", None),
        ("salesforce/opportunity/new_version.csv", "Call"),
    ]

    together = values(world)
    publish(world, as_of=TINY_AS_OF, contracts=contracts, full_refresh=True)
    assert_same_values(values(world), together)


def test_a_major_version_has_its_own_folder_in_the_lake(world: DataHome, tmp_path: Path) -> None:
    contracts = _contracts(
        tmp_path / "contracts", "planning/target", "2.0.0", name="decided_by",
        physicalName="decided_by", logicalType="string", physicalType="VARCHAR", required=True,
        description="Who decided on the target.",
    )  # fmt: skip
    before = lake_files(world)
    target = {
        "kpi_id": "partner_win_rate", "valid_from": "2026-05-01", "target": "0.6",
        "decided_by": "Board",
    }  # fmt: skip
    write_csv(world, "planning/target", [target], name="2026-05-01/export.csv")
    assert publish(world, as_of=TINY_AS_OF, contracts=contracts).exit_code == 0

    assert before.items() <= lake_files(world).items()
    new = [path for path in lake_files(world).keys() - before.keys() if path.endswith(".parquet")]
    assert [path.rsplit("/", 1)[0] for path in new] == ["planning/target/v2"]


def test_a_changed_policy_recomputes_everything_and_says_so(world: DataHome) -> None:
    # The daily usage table keeps only the events that a policy names: without a full refresh the
    # new activation event would have no past.
    write_policies(
        world,
        events={
            "start": "Integration Installed", "activation": "Deep Use",
            "use": "Integration Called", "feature": "Feature Used",
        },
    )  # fmt: skip
    said: list[str] = []
    assert publish(world, as_of=TINY_AS_OF, said=said).outcome == "published"
    assert "Full refresh: the policies have changed." in said
    year = value_of(world, "time_to_activation", "year", date(2026, 1, 1))
    assert (year["value"], year["sample_size"]) == (10, 1)

    said.clear()
    probe = {"integration_id": "I1", "checked_at": "2026-05-05T14:00:00Z", "is_up": False}
    write_csv(world, "sla/probe", [probe], name="2026-06-20/late.csv")
    assert publish(world, as_of=TINY_AS_OF, said=said).outcome == "published"
    assert not [sentence for sentence in said if "refresh" in sentence]
