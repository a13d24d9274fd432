"""What tests of several rooms share: an empty home, the command as it is typed, things made once.

Belongs here: what more than one folder asks for. Does not belong here: what one folder alone needs.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest

from partner_kpis.home import DataHome
from partner_kpis_cli import main


class Told(NamedTuple):
    code: int
    out: str
    err: str


Command = Callable[..., Told]
Made = TypeVar("Made")


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Made]) -> Made:
    """What `make` answers and leaves in a folder: of all processes of a run of tests, one makes it.

    It is for reading only: whoever changes it takes a copy.
    """
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent  # each worker has a folder of its own in that of the run
    answer = shared / f"{name}.pickle"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not answer.exists():
            shutil.rmtree(shared / name, ignore_errors=True)  # of one that failed half-way
            answer.write_bytes(pickle.dumps(make(shared / name)))
    made: Made = pickle.loads(answer.read_bytes())
    return made


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What an installed checkout has ready, for the code as it is now."""
    made_once(tmp_path_factory, "checkout", _ready_checkout)


def _ready_checkout(folder: Path) -> None:
    from pipelines.checkout import get_ready

    get_ready()


@pytest.fixture
def home(tmp_path: Path) -> DataHome:
    """An empty data home."""
    return DataHome.at(tmp_path / "home").create()


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """`command("kpi", "partner_win_rate", "--home", home.root)` -> exit code and what was said.

    The command runs in this process, with no home named by the environment.
    """
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("PARTNER_KPIS_HOME", raising=False)

    def call(*arguments: object) -> Told:
        monkeypatch.setattr("sys.argv", ["partner-kpis", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main.main()
        said = capsys.readouterr()
        code = ended.value.code
        return Told(code if isinstance(code, int) else 0, said.out, said.err)

    return call
