"""Fixtures of the end-to-end tests: a demo that is published once, and copies of it.

Belongs here: what is expensive and shared. Does not belong here: builders (helpers.py).
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import helpers

from partner_kpis.demo import DemoTruth, make_exports
from partner_kpis.home import DataHome
from partner_kpis.run_report import RunReport
from partner_kpis.serving import Snapshot

DEMO_SCALE = 0.4


@dataclass(frozen=True)
class PublishedDemo:
    """A demo home after one run, with what was planted in it and what the run said."""

    home: DataHome
    truth: DemoTruth
    report: RunReport
    said: tuple[str, ...]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> PublishedDemo:
    """The demo, published once a session. Read it; a test that changes it takes `demo_copy`."""
    home = DataHome.at(tmp_path_factory.mktemp("demo"))
    truth = make_exports(home, scale=DEMO_SCALE)
    said: list[str] = []
    report = helpers.publish(home, said=said)
    return PublishedDemo(home, truth, report, tuple(said))


@pytest.fixture
def demo_copy(demo: PublishedDemo, tmp_path: Path) -> DataHome:
    """A copy of the published demo for a test that changes it."""
    target = tmp_path / "home"
    shutil.copytree(demo.home.root, target, symlinks=True)
    return DataHome.at(target)


@pytest.fixture
def snapshot(demo: PublishedDemo) -> Iterator[Snapshot]:
    with Snapshot.open(demo.home) as opened:
        yield opened
