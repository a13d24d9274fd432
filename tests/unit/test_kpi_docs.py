"""docs/kpis says what the catalogue and the models say, and is kept up to date."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from partner_kpis import kpi_docs, lineage
from partner_kpis.catalogue import Kind, KpiDefinition, read_definition_files
from partner_kpis.contracts.model import load_entities
from partner_kpis.home import dbt_project_dir
from partner_kpis.serving.needs import NEED_GROUPS, alternatives
from partner_kpis.text import has


def test_the_pages_are_up_to_date() -> None:
    late = kpi_docs.out_of_date(kpi_docs.folder())
    assert not late, (
        f"docs/kpis is out of date ({', '.join(late)}). Run `{kpi_docs.COMMAND}` and commit."
    )


def test_writing_mends_what_differs_and_removes_what_belongs_to_no_kpi(tmp_path: Path) -> None:
    kpi_docs.write(tmp_path)
    (tmp_path / "csat.md").write_text("changed by hand", encoding="utf-8")
    (tmp_path / "a_kpi_of_yesterday.md").write_text("# Gone", encoding="utf-8")
    assert kpi_docs.out_of_date(tmp_path) == ["a_kpi_of_yesterday.md", "csat.md"]
    assert kpi_docs.write(tmp_path) == ["a_kpi_of_yesterday.md", "csat.md"]
    assert kpi_docs.out_of_date(tmp_path) == []
    assert not (tmp_path / "a_kpi_of_yesterday.md").exists()


def test_the_index_lists_every_kpi_with_its_exports_and_its_runbook() -> None:
    index = kpi_docs.pages()[kpi_docs.INDEX]
    for kpi in read_definition_files():
        (row,) = re.findall(rf"^\| \[.*\]\({kpi.kpi_id}\.md\) \|.*$", index, re.MULTILINE)
        assert kpi.label_en in row and f"(../runbooks/{Path(kpi.runbook).name})" in row
        for need in kpi.needs:
            is_group = len(alternatives(need)) > 1
            assert (f"*{need}*" if is_group else f"`{need}`") in row
            assert not is_group or f"\n| *{need}* | " in index


def test_a_page_says_all_that_the_definition_says() -> None:
    pages = kpi_docs.pages()
    for kpi in read_definition_files():
        page = pages[f"{kpi.kpi_id}.md"]
        said = (kpi.label_en, kpi.label_de, kpi.description_en, kpi.description_de, kpi.owner,
                kpi.escalation, kpi.version, kpi.signal, kpi.rhythm)  # fmt: skip
        assert all(part in page for part in said)
        for need in kpi.needs:
            for option in alternatives(need):
                assert all(f"`{source}/{entity}`" in page for source, entity in option)


def test_numbers_of_a_corridor_are_read_as_people_write_them() -> None:
    assert "from 25%, target 30%" in kpi_docs.pages()["partner_win_rate.md"]
    assert "from 50, target 75" in kpi_docs.pages()["partner_health_score.md"]


def test_every_group_of_exports_and_every_kind_has_its_words() -> None:
    assert all(has(f"need.{group}") for group in NEED_GROUPS)
    assert all(has(f"formula.{kind}") and has(f"formula.n.{kind}") for kind in get_args(Kind))


def test_lineage_ends_at_contracts_and_passes_what_the_kpi_needs() -> None:
    entities = load_entities()
    for kpi in read_definition_files():
        steps = lineage.of_kpi(kpi.kpi_id)
        assert next(iter(steps)) == f"kpi_{kpi.kpi_id}"
        found = set(lineage.contracts(steps))
        assert found and found <= set(entities)
        assert found.issuperset(_named(kpi))
        for reads in steps.values():
            assert all(parent in steps or parent in found for parent in reads)


def _named(kpi: KpiDefinition) -> set[str]:
    """The exports that a KPI needs in every case."""
    single = [alternatives(need)[0] for need in kpi.needs if len(alternatives(need)) == 1]
    return {f"{source}/{entity}" for option in single for source, entity in option}


def test_what_comes_from_the_run_itself_is_no_lineage() -> None:
    parents = {
        "kpi_x": ("int_a", "int_settings", "crm/deal"),
        "int_a": ("stg_a", "int_settings"),
        "stg_a": ("prm/partner",),
        "int_settings": (),
    }
    steps = lineage.trace("kpi_x", parents)
    assert steps == {
        "kpi_x": ("int_a", "crm/deal"),
        "int_a": ("stg_a",),
        "stg_a": ("prm/partner",),
    }
    assert lineage.contracts(steps) == ["crm/deal", "prm/partner"]
    assert lineage.from_lines(lineage.as_lines(steps)) == steps


def test_a_model_stands_before_all_that_it_reads() -> None:
    parents = {"kpi_x": ("a", "b"), "a": ("b",), "b": ("prm/partner",)}
    assert list(lineage.trace("kpi_x", parents)) == ["kpi_x", "a", "b"]


def test_macros_read_nothing_but_what_comes_from_the_run() -> None:
    """Lineage is read out of the models alone: a macro that reads an export would be missed.

    One macro lists all KPIs, for the two models above them, where no lineage begins.
    """
    for path in (dbt_project_dir() / "macros").rglob("*.sql"):
        sql = path.read_text(encoding="utf-8")
        read = set(re.findall(r"\bref\(\s*'(\w+)'", sql))
        if path.stem == "listed_kpis":
            read = {name for name in read if not name.startswith("kpi_")}
        assert read <= {"int_kpi_days__changed"}  # by the materialization of kpi_observations
        assert set(re.findall(r"\bsource\(\s*'(\w+)'", sql)) <= {"control"}
    models = (dbt_project_dir() / "models").rglob("*.sql")
    listing = {path.stem for path in models if "listed_kpis(" in path.read_text(encoding="utf-8")}
    assert listing == {"kpi_observations", "int_kpi_days__changed"}
