"""`check` says how one file would be read, in words that its owner can act on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from partner_kpis.home import DataHome, project_root
from tests.conftest import Command

PROBES = "integration_id,checked_at,is_up\n"
PROBE = "crm-sync,2026-03-01T10:00:00Z,true\n"


def put(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_settings_of_other_entities_are_no_fault(
    command: Command, home: DataHome, tmp_path: Path
) -> None:
    page = (project_root() / "docs" / "configuration.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```yaml\n(salesforce:.*?)```", page, re.DOTALL)
    home.sources_file.write_text(shown, encoding="utf-8")
    told = command("check", put(tmp_path / "p.csv", PROBES + PROBE), "--as", "sla/probe",
                   "--home", home.root)  # fmt: skip
    assert (told.code, told.err) == (0, "")
    home.sources_file.write_text("survey:\n  respons: {}\n", encoding="utf-8")
    told = command("check", tmp_path / "p.csv", "--as", "sla/probe", "--home", home.root)
    assert told.code == 1 and "did you mean 'survey/response'?" in told.err
    assert "contracts list" in told.err and "sla/probe" not in told.err


def test_a_constant_is_shown_as_one_and_a_wrong_name_by_its_name(
    command: Command, home: DataHome, tmp_path: Path
) -> None:
    home.sources_file.write_text(
        "sla:\n  probe:\n    constants: {is_up: false}\n    columns: {response_ms: nix}\n",
        encoding="utf-8",
    )
    path = put(tmp_path / "p.csv", "integration_id,checked_at\nx,2026-03-01\n")
    told = command("check", path, "--as", "sla/probe", "--home", home.root)
    rows = {line.split()[0]: line.split(maxsplit=1)[1] for line in told.out.splitlines()[2:6]}
    assert rows["is_up"].strip() == "constant: false"
    assert rows["response_ms"].strip() == "missing (optional): sources.yml calls it 'nix'"
    assert told.code == 0 and "1 row read: 1 good" in told.out


def test_a_refusal_names_the_wrong_mapping_and_the_columns_of_the_file(
    command: Command, home: DataHome, tmp_path: Path
) -> None:
    home.sources_file.write_text(
        "sla:\n  probe:\n    columns: {integration_id: nix}\n", encoding="utf-8"
    )
    others = ",".join(f"extra{n}" for n in range(14))
    path = put(tmp_path / "p.csv", f"id,is_up,{others}\n")
    told = command("check", path, "--as", "sla/probe", "--home", home.root)
    assert told.code == 1
    assert "sources.yml says integration_id is called 'nix'; the file has no such" in told.out
    assert "The required column is missing: checked_at." in told.out
    shown = ", ".join(["id", "is_up", *(f"extra{n}" for n in range(10))])
    assert f"The file has the columns {shown} and 4 more." in told.out


def test_a_file_without_any_known_column_shows_its_first_line(
    command: Command, home: DataHome, tmp_path: Path
) -> None:
    path = put(tmp_path / "p.csv", "Erika,erika@example.com\n")
    told = command("check", path, "--as", "prm/partner")
    assert told.code == 1
    assert "None of its columns belongs to prm/partner" in told.out
    assert "Its first line holds: Erika, erika@example.com" in told.out
    home.sources_file.write_text("prm:\n  partner:\n    columns: {name: nix}\n", encoding="utf-8")
    told = command("check", path, "--as", "prm/partner", "--home", home.root)
    assert "sources.yml says name is called 'nix'; the file has no such column." in told.out


def test_unmatched_columns_are_counted_where_they_are_many(
    command: Command, tmp_path: Path
) -> None:
    extra = ",".join(f"extra{n}" for n in range(300))
    path = put(tmp_path / "p.csv", f"{PROBES.strip()},{extra}\n{PROBE.strip()}{',' * 300}\n")
    told = command("check", path, "--as", "sla/probe")
    (line,) = [line for line in told.out.splitlines() if line.startswith("Unmatched")]
    assert line.endswith("extra11 and 288 more") and line.count(",") == 12


def test_faults_are_counted_in_words(command: Command, tmp_path: Path) -> None:
    bad = "crm-sync,2026-03-01T10:00:00Z,maybe\n"
    told = command("check", put(tmp_path / "p.csv", PROBES + bad * 6), "--as", "sla/probe")
    assert told.code == 3 and "and 1 more fault\n" in told.out


def test_a_folder_is_called_a_folder(command: Command, tmp_path: Path) -> None:
    told = command("check", tmp_path, "--as", "sla/probe")
    assert (told.code, told.err) == (1, f"Error: {tmp_path} is a folder. Name one file in it.\n")


@pytest.mark.parametrize(("services", "said"), [(6, "6 services"), (1, "1 service")])
def test_a_summary_without_downtime_says_how_many_services_it_watches(
    command: Command, tmp_path: Path, services: int, said: str
) -> None:
    summary = [{"slug": f"s{n}", "name": f"S{n}", "dailyMinutesDown": {}} for n in range(services)]
    path = put(tmp_path / "summary.json", json.dumps(summary))
    told = command("check", path, "--as", "sla/upptime_summary")
    assert told.code == 0
    assert f"Note: {said}, no day with downtime\n" in told.out
    assert "0 rows read. Nothing was loaded.\n" in told.out


def test_a_wrong_choice_is_a_sentence(command: Command, home: DataHome, tmp_path: Path) -> None:
    told = command("status", "--home", home.root, "--lang", "fr")
    assert told.code == 1 and "Value error" not in told.err
    assert "'fr' is not one of 'en', 'de'" in told.err
    home.sources_file.write_text("sla:\n  probe: {encoding: latin}\n", encoding="utf-8")
    path = put(tmp_path / "p.csv", PROBES + PROBE)
    told = command("check", path, "--as", "sla/probe", "--home", home.root)
    assert "encoding: it should be 'utf-8', 'utf-8-sig' or 'cp1252' (it is 'latin')" in told.err
