"""Both languages say the same things, and pages ask for nothing that is not there."""

from __future__ import annotations

import re

import pytest

from partner_kpis.alerts import evaluate
from partner_kpis.catalogue import read_definition_files
from partner_kpis.home import project_root
from partner_kpis.text import LANGUAGES, both, catalogue, has, joined, placeholders, t, team, word


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_a_text_has_both_languages_and_the_same_placeholders(key: str) -> None:
    texts = catalogue()[key]
    assert tuple(texts) == LANGUAGES
    assert all(isinstance(text, str) for text in texts.values())
    assert placeholders(texts["en"]) == placeholders(texts["de"])
    assert bool(texts["en"]) == bool(texts["de"])


def test_every_key_that_a_page_names_exists() -> None:
    asked = re.compile(r'\bt\(\s*"([a-z_.0-9]+)"')
    for file in sorted((project_root() / "dashboards").rglob("*.py")):
        for key in asked.findall(file.read_text(encoding="utf-8")):
            assert has(key), f"{file.name} asks for the text '{key}', which strings.yml lacks"


def test_every_key_that_the_library_names_exists() -> None:
    asked = re.compile(r'\b(?:t|both|FileRefusedError)\(\s*"([a-z_.0-9]+)"')
    for file in sorted((project_root() / "partner_kpis").rglob("*.py")):
        for key in asked.findall(file.read_text(encoding="utf-8")):
            named = key if "." in key else f"refused.{key}"
            assert has(named), f"{file.name} asks for the text '{named}', which strings.yml lacks"


def test_a_text_in_both_languages_is_filled_by_language() -> None:
    rows = both("observed.rows", count=3)
    found = both("held.found", description="d", observed=rows)
    assert (found.en, found.de) == ("d; found: 3 rows", "d; gefunden: 3 Zeilen")
    assert joined([rows, rows], "; ").de == "3 Zeilen; 3 Zeilen"
    braces = both("quarantine.pattern", pattern="[A-Z]{3}")
    nested = both("quarantine.bad_value", column="{x}", fault=braces)
    assert nested.en == "{x} does not look like [A-Z]{3}. Mend the row and land it again."


def test_a_missing_text_or_value_never_passes() -> None:
    with pytest.raises(KeyError):
        t("page.nonsense", "en")
    with pytest.raises(KeyError):
        t("page.as_of", "en")
    with pytest.raises(KeyError):
        t("page.title", "fr")


def test_every_owner_and_role_of_the_definitions_has_its_word() -> None:
    kpis = read_definition_files()
    named = {kpi.owner for kpi in kpis} | {step.to for kpi in kpis for step in kpi.steps}
    named |= {*evaluate._OWNERS.values(), *(role for _, role in evaluate._LADDER)}
    words = [texts["en"] for key, texts in catalogue().items() if key.startswith("team.")]
    assert sorted(named) == sorted(words)
    assert all(team(name, "en") == name for name in named)


def test_only_the_very_name_of_a_team_is_translated() -> None:
    assert team("Management", "de") == "Geschäftsleitung"
    for own in ("management", "The management", "Vertrieb", "", "{x}"):
        assert team(own, "de") == own


def test_words_of_the_user_stay_as_they_are_when_none_is_known() -> None:
    assert word("status", "breach", "de") == "Ziel verfehlt"
    assert word("status", "brand_new", "de") == "brand new"
