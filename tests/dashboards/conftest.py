"""Homes with a hand-made snapshot, made once for all tests of readers and pages; copies of one."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from dashboards import alert_data, data
from partner_kpis.home import DataHome
from tests.dashboards.alert_fixture import NOW, one_of_each, write
from tests.dashboards.naive_rollup import AS_OF
from tests.dashboards.snapshot_fixture import make_snapshot


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are read on the day after the day that the snapshots speak of."""
    monkeypatch.setattr(data, "today", lambda: AS_OF + timedelta(days=1))
    monkeypatch.setattr(alert_data, "now", lambda: NOW)


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


@pytest.fixture
def home(tmp_path: Path, served_home: DataHome) -> DataHome:
    """A home of its own with the snapshot of all, and no alert yet."""
    home = DataHome.at(tmp_path / "home")
    shutil.copytree(served_home.root, home.root, symlinks=True)
    return home


@pytest.fixture
def busy(home: DataHome) -> DataHome:
    """The same with alerts in each state."""
    write(home, one_of_each())
    return home
