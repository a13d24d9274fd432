"""Fixtures of the end-to-end tests: homes that are published once, and copies of them.

Belongs here: what is expensive and shared. Does not belong here: builders (helpers.py).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import helpers
from tiny_world import TINY_AS_OF, drop_tiny_world

from partner_kpis.demo import DemoTruth, make_exports
from partner_kpis.home import DataHome
from partner_kpis.run_report import RunReport
from partner_kpis.serving import Snapshot
from tests.conftest import made_once

DEMO_SCALE = 0.4


@dataclass(frozen=True)
class PublishedDemo:
    """A demo home after one run, with what was planted in it and what the run said."""

    home: DataHome
    truth: DemoTruth
    report: RunReport
    said: tuple[str, ...]


@pytest.fixture(scope="session", autouse=True)
def _ready(checkout: None) -> None:
    """Every run here begins as one in an installed checkout does."""


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> PublishedDemo:
    """The demo, published once. Read it; a test that changes it takes `demo_copy`."""
    return PublishedDemo(*made_once(tmp_path_factory, "demo", _published_demo))


def _published_demo(folder: Path) -> tuple[DataHome, DemoTruth, RunReport, tuple[str, ...]]:
    home = DataHome.at(folder)
    truth = make_exports(home, scale=DEMO_SCALE)
    said: list[str] = []
    report = helpers.publish(home, said=said)
    return home, truth, report, tuple(said)


@pytest.fixture
def demo_copy(demo: PublishedDemo, tmp_path: Path) -> DataHome:
    """A copy of the published demo for a test that changes it."""
    return helpers.copied(demo.home, tmp_path / "home")


@pytest.fixture
def snapshot(demo: PublishedDemo) -> Iterator[Snapshot]:
    with Snapshot.open(demo.home) as opened:
        yield opened


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    """The tiny world after its first run. Read it; a test that changes it takes `tiny_copy`."""
    return made_once(tmp_path_factory, "tiny", _published_tiny_world)


def _published_tiny_world(folder: Path) -> DataHome:
    home = drop_tiny_world(DataHome.at(folder))
    said: list[str] = []
    assert helpers.publish(home, as_of=TINY_AS_OF, said=said).exit_code == 0
    assert "Full refresh: the warehouse is new." in said
    return home


@pytest.fixture
def tiny_copy(tiny: DataHome, tmp_path: Path) -> DataHome:
    """A copy of the tiny world for a test that changes it."""
    return helpers.copied(tiny, tmp_path / "home")
