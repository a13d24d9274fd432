"""Fixtures of the command's tests: it is called as a person types it, in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from partner_kpis.home import DataHome
from partner_kpis_cli import main


@dataclass(frozen=True)
class Told:
    code: int
    out: str
    err: str


Command = Callable[..., Told]


@pytest.fixture
def home(tmp_path: Path) -> DataHome:
    return DataHome.at(tmp_path / "home").create()


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """`command("check", path, "--as", "sla/probe")` -> exit code and what was said."""
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
