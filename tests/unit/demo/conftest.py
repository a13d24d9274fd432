"""Fixtures of the demo's tests."""

from __future__ import annotations

import pytest

from partner_kpis.demo import make_exports
from partner_kpis.home import DataHome
from tests.unit.demo.exported import Demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo at scale 1. Read it; a test that writes makes its own."""
    home = DataHome(tmp_path_factory.mktemp("demo"))
    return home, make_exports(home)
