"""Fixtures of the landing tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from partner_kpis.home import DataHome
from tests.unit.landing.landing_world import LandingWorld


@pytest.fixture
def world(tmp_path: Path) -> LandingWorld:
    return LandingWorld(DataHome(tmp_path / "home").create())
