"""What tests of several rooms share: an empty home, and the command as it is typed.

Belongs here: what more than one folder asks for. Does not belong here: what one folder alone needs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from partner_kpis.home import DataHome
from partner_kpis_cli import main


class Told(NamedTuple):
    code: int
    out: str
    err: str


Command = Callable[..., Told]


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
