"""Homes with a hand-made snapshot, made once for all tests of readers and pages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboards import data
from partner_kpis.home import DataHome
from tests.dashboards.naive_rollup import AS_OF
from tests.dashboards.snapshot_fixture import make_snapshot


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are read on the day after the day that the snapshots speak of."""
    monkeypatch.setattr(data, "today", lambda: AS_OF + timedelta(days=1))


@pytest.fixture(scope="session")
def served_home(tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    """A home whose snapshot holds fifteen months of everything."""
    home = DataHome.at(tmp_path_factory.mktemp("served")).create()
    make_snapshot(home, stale=[("prm", "referral")])
    return home


@pytest.fixture(scope="session")
def healthy_home(tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    """A home whose snapshot holds health scores and says which KPIs are pinned."""
    home = DataHome.at(tmp_path_factory.mktemp("healthy")).create()
    make_snapshot(home, health=True, pinned=["partner_health_score", "time_to_activation", "none"])
    return home


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    """A home that was run before any export landed."""
    home = DataHome.at(tmp_path_factory.mktemp("empty")).create()
    make_snapshot(home, empty=True)
    return home


@pytest.fixture(scope="session")
def fresh_home(tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    """A home that was never run."""
    return DataHome.at(tmp_path_factory.mktemp("fresh")).create()
