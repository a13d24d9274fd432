"""The order in which exports arrive, and how often, changes no value.

Belongs here: random worlds, landed in many ways. Does not belong here: what the values are.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from helpers import assert_same_values, compute, lake_files, publish, table, values
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from small_world import AS_OF, Export, drop, random_world, scattered

from partner_kpis.home import DataHome

# A failing example is named by its seed: shrinking one would take hours of runs and tell no more.
_RUNS = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
_SEEDS = st.integers(min_value=0, max_value=2**32 - 1)


@pytest.mark.timeout(1200)
@settings(_RUNS, max_examples=2)
@given(seed=_SEEDS, runs=st.integers(min_value=2, max_value=3))
def test_scattered_over_runs_the_same_exports_give_the_same_values(seed: int, runs: int) -> None:
    _check(seed, runs)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(_RUNS, max_examples=25)
@given(seed=_SEEDS, runs=st.integers(min_value=2, max_value=4))
def test_many_worlds_scattered_over_runs_give_the_same_values(seed: int, runs: int) -> None:
    _check(seed, runs)


def _check(seed: int, runs: int) -> None:
    world = random_world(seed)
    with _home() as at_once, _home() as in_parts:
        drop(at_once.landing, world)
        compute(at_once, as_of=AS_OF)
        expected = values(at_once)
        assert expected["value"].is_not_null().any()

        for arrivals in scattered(world, Random(seed), runs):
            drop(in_parts.landing, arrivals)
            compute(in_parts, as_of=AS_OF)
        assert_same_values(values(in_parts), expected)
        _assert_every_row_is_accounted_for(in_parts, world)

        # Everything computed anew says the same, and landing finds nothing to do.
        lake = lake_files(in_parts)
        assert publish(in_parts, as_of=AS_OF, full_refresh=True).outcome == "published"
        assert_same_values(values(in_parts), expected)
        assert publish(in_parts, as_of=AS_OF).outcome == "unchanged"
        assert lake_files(in_parts) == lake


def _assert_every_row_is_accounted_for(home: DataHome, world: list[Export]) -> None:
    ledger = table(home, "landing_ledger")
    assert not set(ledger["status"]) & {"refused", "held"}
    counted = sum(
        ledger[f"rows_{kind}"] for kind in ("accepted", "quarantined", "duplicate", "ignored")
    )
    assert (ledger["rows_read"] == counted).all()
    assert ledger["rows_quarantined"].sum() == 0
    assert ledger["rows_duplicate"].sum() > 0  # some files came twice
    assert set(ledger["source"] + "/" + ledger["entity"]) == {export.entity for export in world}


@contextmanager
def _home() -> Iterator[DataHome]:
    """A home for one example: pytest's fixtures live as long as all examples together."""
    folder = Path(tempfile.mkdtemp(prefix="home"))
    try:
        yield DataHome.at(folder).create()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
