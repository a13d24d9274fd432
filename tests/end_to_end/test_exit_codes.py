"""How a run ends: exit codes, the sentence that says why, and what keeps being served.

Belongs here: failures that a person meets, mostly through the console command itself. Does not
belong here: held files (test_held_files.py), kills (test_kills.py).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import assert_same_values, publish, run_job, values, write_bytes, write_csv
from tiny_world import TINY_AS_OF

from partner_kpis.errors import UserError
from partner_kpis.home import DataHome, contracts_dir, project_root
from partner_kpis.landing.ledger import Ledger
from partner_kpis.lock import writing

CONSOLE_COMMAND = Path(sys.executable).with_name("partner-kpis")


def console(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The installed command in a process of its own, as from a script: piped, not a terminal."""
    env = {k: v for k, v in os.environ.items() if k != "PARTNER_KPIS_HOME"} | environment
    return subprocess.run(
        [str(CONSOLE_COMMAND), *map(str, arguments)],
        capture_output=True, text=True, timeout=240, cwd=project_root(), env=env, check=False,
    )  # fmt: skip


def assert_one_sentence(result: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 1, one line on standard error that names what is wrong, and no traceback."""
    assert result.returncode == 1, result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("Error: "), result.stderr
    for word in words:
        assert word in lines[0]


# --- Through the console command ---------------------------------------------------------------


def test_a_good_run_ends_with_0_and_a_refused_file_with_3(tmp_path: Path) -> None:
    home = DataHome.at(tmp_path / "home").create()
    write_csv(home, "prm/partner", [{"partner_id": "P1"}])
    good = console("run", "--home", home.root, "--as-of", "2026-06-30")
    assert good.returncode == 0, good.stdout + good.stderr
    assert "Published snapshot" in good.stdout and "as of 2026-06-30" in good.stdout
    assert "prm/partner/export.csv: 1 row read, 1 accepted" in good.stdout
    write_bytes(home, "prm/partner", "login.csv", b"<!DOCTYPE html><html>Sign in</html>")
    refused = console("run", "--as-of", "2026-06-30", PARTNER_KPIS_HOME=str(home.root))
    assert refused.returncode == 3, refused.stdout + refused.stderr
    assert "Refused: prm/partner/login.csv: " in refused.stdout
    again = console("run", "--home", home.root, "--as-of", "2026-06-30")
    assert again.returncode == 3
    assert "Nothing new" in again.stdout and "Refused: prm/partner/login.csv" in again.stdout


def test_a_busy_home_ends_with_1_and_names_the_holder(home: DataHome) -> None:
    with writing(home, "partner-kpis run"):
        result = console("run", "--home", home.root)
    assert_one_sentence(result, str(home.root), "partner-kpis run", f"process {os.getpid()}")
    assert "since 20" in result.stderr
    assert not home.current.exists()


def test_faulty_policies_end_with_1_and_name_the_key(home: DataHome) -> None:
    home.policies_file.write_text("influence_windw_days: 90\n", encoding="utf-8")
    result = console("run", "--home", home.root)
    assert_one_sentence(result, "influence_windw_days", "influence_window_days", "policies.yml")


def test_a_home_that_is_no_folder_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert_one_sentence(console("run", "--home", tmp_path / "file"), "cannot be written")


def test_a_missing_home_ends_with_1_for_every_reader(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    for arguments in (("status",), ("kpi", "partner_win_rate"), ("dashboard",)):
        result = console(*arguments, "--home", missing)
        assert_one_sentence(result, str(missing))
    assert not missing.exists()


# --- In this process ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("policies.yml", "reporting_timezone: Europe/Atlantis\n", ["Europe/Atlantis"]),
        ("policies.yml", "min_sample: none\n", ["min_sample"]),
        ("policies.yml", "reporting_currency: EURO\n", ["EURO", "ISO 4217"]),
        ("policies.yml", "tiers: [a, b\n", ["cannot be read as YAML"]),
        ("policies.yml", "- a list\n", ["must hold keys and values"]),
        ("sources.yml", "prm: {partners: {}}\n", ["prm/partners"]),
        ("sources.yml", "prm: {partner: {columns: {nam: Name}}}\n", ["nam"]),
        ("sources.yml", "prm: {partner: {delimiter: '|'}}\n", ["delimiter"]),
    ],
)
def test_a_faulty_setting_is_said_before_anything_lands(
    home: DataHome, file: str, content: str, words: list[str]
) -> None:
    write_csv(home, "prm/partner", [{"partner_id": "P1"}])
    (home.config / file).write_text(content, encoding="utf-8")
    failed = ""
    try:
        report = run_job(home)
    except UserError as error:
        failed = str(error)
    else:
        assert report.exit_code == 1
        failed = " ".join(report.sentences)
    assert file in failed and all(word in failed for word in words), failed
    assert Ledger.read(home).commits == 0


IMPOSSIBLE = """
  - id: no_value_may_exist
    type: sql
    dimension: accuracy
    severity: error
    description: No value may be here at all.
    query: select count(*) from {object}
    mustBe: 0
"""


def broken_contracts(tmp_path: Path) -> Path:
    """The contracts with one serving promise that no snapshot keeps."""
    contracts = tmp_path / "contracts"
    shutil.copytree(contracts_dir(), contracts)
    path = contracts / "serving" / "kpi_values.odcs.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count("  quality:\n") == 1
    path.write_text(text.replace("  quality:\n", "  quality:" + IMPOSSIBLE), encoding="utf-8")
    return contracts


def test_a_broken_serving_promise_ends_with_2_and_the_old_snapshot_serves(
    tiny_copy: DataHome, tmp_path: Path
) -> None:
    served, before = tiny_copy.current.resolve(), values(tiny_copy)
    write_csv(tiny_copy, "prm/partner", [{"partner_id": "P-NEW"}], "news.csv")
    contracts = broken_contracts(tmp_path)
    report = run_job(tiny_copy, as_of=TINY_AS_OF, contracts=contracts)
    assert (report.outcome, report.exit_code) == ("promise_broken", 2)
    told = " ".join(report.sentences)
    assert "no_value_may_exist" in told and "No value may be here at all" in told
    assert tiny_copy.current.resolve() == served
    assert report.snapshot_id == served.name
    assert_same_values(values(tiny_copy), before)
    assert not list(tiny_copy.serving.glob(".*.building"))
    again = run_job(tiny_copy, as_of=TINY_AS_OF, contracts=contracts)
    assert again.exit_code == 2, "a promise that is still broken is said again"
    mended = publish(tiny_copy, as_of=TINY_AS_OF)
    assert mended.outcome == "published" and tiny_copy.current.resolve() != served


def test_a_first_run_that_breaks_a_promise_serves_nothing(home: DataHome, tmp_path: Path) -> None:
    report = run_job(home, contracts=broken_contracts(tmp_path))
    assert report.exit_code == 2
    assert report.snapshot_id is None and not home.current.exists()


def test_a_damaged_ledger_is_a_sentence_and_leaves_the_snapshot(tiny_copy: DataHome) -> None:
    served = tiny_copy.current.resolve()
    (tiny_copy.ledger / "00000001.json").write_text("{", encoding="utf-8")
    with pytest.raises(UserError, match="Restore it from a backup"):
        run_job(tiny_copy, as_of=TINY_AS_OF)
    assert tiny_copy.current.resolve() == served


def test_a_deleted_warehouse_loses_nothing(tiny_copy: DataHome) -> None:
    before = values(tiny_copy)
    shutil.rmtree(tiny_copy.warehouse)
    said: list[str] = []
    write_csv(tiny_copy, "planning/target", [{"kpi_id": "partner_win_rate", "target": "0.4"}])
    publish(tiny_copy, as_of=TINY_AS_OF, said=said)
    assert "Full refresh: the warehouse is new." in said
    assert_same_values(values(tiny_copy), before)
