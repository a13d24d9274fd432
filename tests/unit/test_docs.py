"""The documents say what is there: every setting by name, every link to something that exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel

from partner_kpis.catalogue import read_definition_files
from partner_kpis.contracts.model import load_entities
from partner_kpis.home import DataHome, project_root
from partner_kpis.policies import Policies
from partner_kpis.sources_config import EntitySettings, load_settings
from partner_kpis.text import t

ROOT = project_root()
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md")
    for path in ROOT.glob(pattern)
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def setting_names(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Dotted names of all keys; a model inside a model is named by its own keys."""
    one_row = ("health.bands", "health.tiers", "commission.conversion_bonus", "commission.splits")
    for attribute, field in model.model_fields.items():
        name = prefix + (field.alias or attribute)
        # Of a list of models the keys of one.
        inner = [
            kind
            for kind in (field.annotation, *get_args(field.annotation))
            if isinstance(kind, type) and issubclass(kind, BaseModel)
        ]
        if inner and name not in one_row:
            yield from setting_names(inner[0], f"{name}.")
        else:
            yield name


def yaml_block(number: int) -> Any:
    return yaml.safe_load(re.findall(r"```yaml\n(.*?)```", CONFIGURATION, re.DOTALL)[number])


def table_rows(heading: str, level: str = "##") -> list[str]:
    """First cells, between back quotes, of the tables below a heading."""
    section = CONFIGURATION.split(f"\n{level} {heading}\n", 1)[1]
    section = re.split(rf"\n#{{2,{len(level)}}} ", section, maxsplit=1)[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


def test_every_policy_has_one_row_and_every_row_is_a_policy() -> None:
    assert sorted(table_rows("config/policies.yml")) == sorted(setting_names(Policies))


def test_the_policies_said_to_be_in_force_are_those_that_something_reads() -> None:
    readers = [
        *(ROOT / "dbt_project" / "models").rglob("*.sql"),
        *(ROOT / "dbt_project" / "macros").rglob("*.sql"),
        ROOT / "partner_kpis" / "publish.py",
    ]
    code = "\n".join(path.read_text(encoding="utf-8") for path in readers)
    # Weights and points reach the models as a table of their own, whatever tier they are of.
    table = dict.fromkeys(("health.weights", "health.points", "health.tiers"), "health_policies")
    for name in ("from", "mode", "payment_terms_days", "conversion_bonus"):
        table[f"commission.{name}"] = "commission_policies"
    table["commission.tiers"] = "commission_tiers"
    table["commission.involvement"] = table["commission.corridors"] = "commission_involvements"
    table["commission.splits"] = "commission_splits"

    def is_read(name: str) -> bool:
        if name in table:
            return f"source('control', '{table[name]}')" in code
        column = re.sub(r"^events\.", "event_", name)
        words = (rf"settings\.{column.replace('.', '_')}\b", f"'{name}'", rf"policies\.{name}\b")
        return any(re.search(word, code) for word in words)

    in_force = table_rows("In force now", "###")
    waiting = table_rows("Read and checked, not yet used", "###")
    assert [name for name in in_force if not is_read(name)] == []
    assert [name for name in waiting if is_read(name)] == []


def test_the_policies_shown_are_the_defaults() -> None:
    shown = yaml_block(0)
    assert Policies.model_validate(shown) == Policies()
    assert set(shown) == set(Policies.model_fields)


def test_the_policies_that_change_are_accepted() -> None:
    first, second = Policies.model_validate(yaml_block(1)).commission
    assert first.since is None and second.since is not None
    assert second.conversion_bonus is not None


def test_every_key_of_sources_has_a_row_and_every_row_is_a_key() -> None:
    assert sorted(table_rows("config/sources.yml")) == sorted(setting_names(EntitySettings))


def test_the_sources_shown_are_accepted(tmp_path: Path) -> None:
    home = DataHome.at(tmp_path).create()
    home.sources_file.write_text(yaml.safe_dump(yaml_block(2)), encoding="utf-8")
    settings = load_settings(home, load_entities())
    shown = yaml_block(2)["salesforce"]["opportunity"]
    assert set(shown) == set(EntitySettings.model_fields)
    assert settings["salesforce/opportunity"] != EntitySettings()


@pytest.mark.parametrize("field", ["encoding", "delimiter", "decimal", "date_order"])
def test_every_choice_is_named(field: str) -> None:
    choices = get_args(EntitySettings.model_fields[field].annotation)
    literals = [value for choice in choices for value in get_args(choice)]
    row = next(line for line in CONFIGURATION.splitlines() if line.startswith(f"| `{field}` |"))
    assert literals
    for value in literals:
        assert f"`{value}`" in row or repr(value)[1:-1] in row


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    for link in _LINK.findall(text):
        if "://" in link or link.startswith(("#", "mailto:")):
            continue
        target = page.parent / link.split("#", 1)[0]
        assert target.exists(), f"{page.name} links to {link}, which does not exist"


def test_the_readme_names_every_family_of_kpis() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\(docs/kpis/README\.md#([\w-]+)\)", readme))
    assert {t(f"family.{d.family}", "en").lower() for d in read_definition_files()} <= named


def test_ids_of_the_demo_are_asked_of_the_demo() -> None:
    """An example with an id of the demo in it fails in every other home."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"^partner-kpis kpi \w.*$", readme, re.MULTILINE)
    assert len(examples) >= 4
    assert all("--home demo-home" in example for example in examples)


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in folder.glob("0*.md")}
    assert pages == set(re.findall(r"\((0[^)]+\.md)\)", listed))
    for name in pages:
        text = (folder / name).read_text(encoding="utf-8")
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"]


@pytest.mark.parametrize("runbook", sorted((ROOT / "docs" / "runbooks").glob("*.md")))
def test_a_runbook_says_what_to_do(runbook: Path) -> None:
    text = runbook.read_text(encoding="utf-8")
    for part in ("What it means", "may mean", "First checks", "Measures", "Who decides",
                 "When it escalates"):  # fmt: skip
        assert f"**{part}" in text or f"{part}**" in text
    assert f"partner-kpis kpi {runbook.stem} " in text
