"""Faulty settings, contracts, questions, homes, disks and clocks: a sentence, a code, no harm.

Belongs here: faults that are not in an export, met by commands as a person types them. Does not
belong here: bad files and rows (test_bad_input.py), a busy home and broken serving promises
(test_exit_codes.py).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from bad_settings_cases import SETTINGS, Setting
from helpers import assert_same_values, copied, ledger, publish, run_job, table, values, write_csv
from tiny_world import TINY_AS_OF, opportunity

from partner_kpis.errors import DiskFullError, UserError
from partner_kpis.home import DataHome, contracts_dir, project_root
from partner_kpis.landing.ledger import Ledger
from partner_kpis_cli.commands_land import withdraw_command
from tests.conftest import Command, Told


@pytest.fixture
def copy(tiny_copy: DataHome) -> DataHome:
    return tiny_copy


def assert_sentence(told: Told, *words: str) -> None:
    """Exit code 1, and one line on standard error that holds the words."""
    code, out, err = told
    assert code == 1, out + err
    assert "Traceback" not in out + err
    lines = err.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("Error: "), err
    assert not [word for word in words if word not in lines[0]], lines[0]


# --- Settings ----------------------------------------------------------------------------------


@pytest.mark.parametrize("case", SETTINGS, ids=lambda case: case.content.splitlines()[0])
def test_a_faulty_setting_is_said_and_the_snapshot_keeps_serving(
    copy: DataHome, command: Command, case: Setting
) -> None:
    served = copy.current.resolve()
    copy.config.joinpath(case.file).write_bytes(case.content.encode(errors="surrogateescape"))
    assert_sentence(command("run", "--home", copy.root), case.file, *case.words)
    assert copy.current.resolve() == served
    assert command("kpi", "partner_win_rate", "--home", copy.root)[0] == 0
    assert command("status", "--home", copy.root)[0] == 0


# --- Contracts ---------------------------------------------------------------------------------

CONTRACTS = (
    ("prm/partner.odcs.yaml", lambda text: text[: len(text) // 2] + "\n  - {", "cannot be read"),
    ("prm/partner.odcs.yaml", lambda text: text.replace("version: 1.", "version: one."), "version"),
    ("prm/partner.odcs.yaml", lambda text: text.replace("Type: date", "Type: day"), "'day'"),
    ("serving/partners.odcs.yaml", lambda text: "- nothing", "cannot be read"),
)


@pytest.mark.parametrize(("file", "spoil", "word"), CONTRACTS)
def test_a_bad_contract_is_named_before_anything_lands(
    copy: DataHome, tmp_path: Path, file: str, spoil: Callable[[str], str], word: str
) -> None:
    contracts, commits = tmp_path / "contracts", Ledger.read(copy).commits
    shutil.copytree(contracts_dir(), contracts)
    path = contracts / file
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    write_csv(copy, "prm/partner", [{"partner_id": "P9"}], "news.csv")
    with pytest.raises(UserError) as told:
        run_job(copy, contracts=contracts)
    assert str(path) in str(told.value) and word in str(told.value)
    assert Ledger.read(copy).commits == commits


def test_a_folder_without_contracts_is_said(copy: DataHome, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no contract"):
        run_job(copy, contracts=tmp_path / "nowhere")


# --- Questions and homes -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("kpi", "partner_win_rat"), ("partner_win_rat", "mean 'partner_win_rate'")),
        (("check", "no.csv"), ("--as", "partner-kpis check --help")),
        (("kpi", "partner_win_rate", "--member", "P9"), ("'P9'", "P1")),
        (("run", "--as-of", "yesterday"), ("'yesterday'", "2026-09-30")),
        (("run", "--colour"), ("--colour", "partner-kpis run --help")),
        (("accept", "no.csv", "--because", "x"), ("'no.csv'",)),
        (("withdraw", "no.csv"), ("'no.csv'", "prm/partner/export.csv")),
        (("check", "no.csv", "--as", "prm/partner"), ("no.csv",)),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(
    tiny: DataHome, command: Command, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert_sentence(command(*arguments, "--home", tiny.root), *words)


def test_a_command_without_a_home_says_how_to_name_one(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PARTNER_KPIS_HOME", raising=False)
    for arguments in (("run",), ("status",), ("kpi", "partner_win_rate"), ("dashboard",)):
        assert_sentence(command(*arguments), "--home DIR", "PARTNER_KPIS_HOME")


def test_a_missing_home_is_said_and_not_made(command: Command, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    for arguments in (("status",), ("kpi", "x"), ("dashboard",), ("withdraw", "a.csv"),
                      ("accept", "a.csv", "--because", "x")):  # fmt: skip
        assert_sentence(command(*arguments, "--home", missing), str(missing))
    assert not missing.exists()


def test_a_file_in_the_place_of_a_home_or_of_its_lock_is_said(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    assert_sentence(command("run", "--home", tmp_path / "file"), "cannot be written")
    (tmp_path / "home" / ".lock").mkdir(parents=True)
    assert_sentence(command("run", "--home", tmp_path / "home"), "cannot be written")


def test_a_home_copied_by_a_tool_that_follows_links_goes_on(copy: DataHome) -> None:
    """The first time its snapshot lies beside, the second time it does not; it is never lost."""
    snapshots = {path.name for path in copy.serving.iterdir()} - {"current"}
    for is_beside in (True, False):
        served = copy.current.resolve()
        copy.current.unlink()
        shutil.copytree(served, copy.current)
        if not is_beside:
            shutil.rmtree(served)
        write_csv(copy, "salesforce/opportunity", [opportunity(1, Amount=int(is_beside) + 3)],
                  name=f"news_{is_beside}.csv")  # fmt: skip
        report = publish(copy, as_of=TINY_AS_OF)
        assert report.outcome == "published"
        assert copy.current.is_symlink() and copy.current.resolve().name == report.snapshot_id
        assert served.is_dir()
        snapshots |= {str(report.snapshot_id)}
        assert {path.name for path in copy.serving.iterdir()} == {"current", *snapshots}


def test_a_damaged_snapshot_is_said_to_readers(copy: DataHome, command: Command) -> None:
    copy.snapshot_db.write_bytes(b"no database")
    for arguments in (("kpi", "partner_win_rate"), ("status",)):
        code, out, err = command(*arguments, "--home", copy.root)
        assert "cannot be read" in out + err and "partner-kpis run" in out + err
        assert code == 1 and "Traceback" not in out + err


# --- Disks -------------------------------------------------------------------------------------


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Callable[..., None]]:
    """A file system of that size at `folder`; yields a function that mounts it anew."""
    folder.mkdir()

    def mount(*options: str) -> None:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)], capture_output=True
        )
        if done.returncode:
            pytest.skip("Needs the right to mount a file system.")

    mount("-o", f"size={size}")
    try:
        yield mount
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_home_that_may_only_be_read_still_serves(
    tiny: DataHome, command: Command, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "200m") as mount:
        home = copied(tiny, tmp_path / "disk" / "home")
        before = values(home)
        mount("-o", "remount,ro")
        assert_sentence(command("run", "--home", home.root), "cannot be written", "Read-only")
        assert_sentence(command("withdraw", "export.csv", "--home", home.root), "Read-only")
        assert command("status", "--home", home.root)[0] == 0
        assert command("kpi", "partner_win_rate", "--home", home.root)[0] == 0
        assert_same_values(values(home), before)


def test_a_nearly_full_disk_is_said_before_the_run(
    tiny: DataHome, command: Command, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "40m"):
        home = copied(tiny, tmp_path / "disk" / "home")
        before = Ledger.read(home).commits
        told = command("run", "--home", home.root, "--full-refresh")
        assert_sentence(told, "MB free", "needs", "nothing was changed")
        assert Ledger.read(home).commits == before


def test_a_disk_that_fills_during_a_run_is_said_and_loses_nothing(
    tiny: DataHome, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "150m"):
        home = copied(tiny, tmp_path / "disk" / "home")
        before = values(home)
        news = write_csv(home, "salesforce/opportunity", [opportunity(9)], "news.csv")
        home.lock_file.unlink()
        arguments = [sys.executable, "-m", "partner_kpis_cli.main", "run", "--home", str(home.root)]
        run = subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            cwd=project_root(), env={**os.environ, "PYTHONPATH": str(project_root())},
        )  # fmt: skip
        while not (home.lock_file.exists() and home.lock_file.stat().st_size):
            assert run.poll() is None
            time.sleep(0.01)
        fill(tmp_path / "disk" / "ballast")
        out, err = run.communicate(timeout=240)
        assert_sentence((run.returncode, out, err), "is full", "keeps serving", "run again")
        assert_same_values(values(home), before)
        (tmp_path / "disk" / "ballast").unlink()
        assert publish(home, as_of=TINY_AS_OF).outcome == "published"
        assert ledger(home)[f"salesforce/opportunity/{news.name}"]["rows_accepted"] == 1


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for block in (1 << 20, 1 << 12):
            try:
                while True:
                    file.write(b"\0" * block)
            except OSError:
                continue


def test_a_full_disk_is_recognised_wherever_it_is_said() -> None:
    from partner_kpis.errors import is_disk_full

    assert is_disk_full(OSError(28, "No space left on device"))
    assert is_disk_full(RuntimeError("(sqlite3.OperationalError) database or disk is full"))
    wrapped = RuntimeError("a step failed")
    wrapped.__cause__ = DiskFullError("x")
    assert is_disk_full(wrapped)
    assert not is_disk_full(OSError(13, "Permission denied"))


# --- Clocks ------------------------------------------------------------------------------------


def test_neither_a_clock_nor_rows_that_run_ahead_lose_a_row(copy: DataHome) -> None:
    """Rows of the future do not move the reporting date, and what was landed under a wrong clock
    is withdrawn under the right one."""
    from partner_kpis.landing import land as landing

    shared = opportunity(6, Amount=100)
    future = (datetime.now(UTC) + timedelta(days=4000)).isoformat()
    late = opportunity(9, CreatedDate=future, SystemModstamp=future)
    write_csv(copy, "salesforce/opportunity", [shared, opportunity(7)], "a.csv")
    write_csv(copy, "salesforce/opportunity", [shared, opportunity(8), late], "b.csv")

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) + timedelta(days=4000)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(landing, "datetime", Ahead)
        report = publish(copy)
    assert report.exit_code == 0 and date.fromisoformat(str(report.as_of)) <= date.today()
    latest = values(copy)["period_start"].max()
    assert isinstance(latest, date) and latest <= date.today()
    before = ledger(copy)["salesforce/opportunity/b.csv"]
    assert before["loaded_at"] > datetime.now() + timedelta(days=3000)
    assert (before["rows_accepted"], before["rows_duplicate"]) == (2, 1)

    withdraw_command("a.csv", copy.root)
    assert publish(copy).exit_code == 0
    (again,) = (
        row
        for row in table(copy, "landing_ledger").to_dicts()
        if row["file_name"].endswith("/b.csv") and row["status"] == "loaded"
    )
    assert (again["rows_accepted"], again["rows_duplicate"]) == (3, 0)
    shown = set(table(copy, "opportunities")["opportunity_id"])
    assert {shared["Id"], opportunity(8)["Id"]} <= shown and opportunity(7)["Id"] not in shown
