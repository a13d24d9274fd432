"""pages.yml says which KPIs a deck shows; no KPI is named in code."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from partner_kpis.home import project_root
from partner_kpis.reports.qbr.outline import ChartSpec, Outline, outline
from partner_kpis.text import has

_MODELS = project_root() / "dbt_project" / "models" / "kpis"


def _catalogue() -> dict[str, str]:
    """KPI id → family, from the definitions."""
    found = {}
    for file in _MODELS.glob("*/kpi_*.yml"):
        model = yaml.safe_load(file.read_text(encoding="utf-8"))["models"][0]
        found[model["name"].removeprefix("kpi_")] = model["config"]["meta"]["kpi"]["family"]
    return found


def test_every_kpi_that_the_file_names_exists() -> None:
    assert outline().named_kpis() <= _catalogue().keys()


def test_every_family_is_on_some_page() -> None:
    shown = {family for page in outline().pages for family in page.families}
    assert shown == set(_catalogue().values())


def test_no_kpi_is_named_in_the_code() -> None:
    names = re.compile(rf"\b({'|'.join(_catalogue())})\b")
    folder = project_root() / "partner_kpis" / "reports"
    for file in folder.rglob("*.py"):
        assert not names.search(file.read_text(encoding="utf-8")), file


def test_what_a_page_draws_has_its_words() -> None:
    for page in outline().pages:
        for chart in page.charts:
            assert has(f"qbr.chart.{chart.key}")
            assert all(has(series.name) for series in chart.series if series.name)


def test_returns_are_never_in_a_document_for_partners() -> None:
    returns = {kpi for kpi in _catalogue() if kpi.endswith("_roi")}
    assert returns and returns <= set(outline().internal_only.kpis)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"pages": [{"number": "1", "key": "a"}, {"number": "1", "key": "b"}]}, "share the number"),
        (
            {
                "pages": [
                    {"number": "1", "key": "a", "families": ["value"]},
                    {"number": "2", "key": "b", "families": ["value"]},
                ]
            },
            "stands on two pages",
        ),
        ({"unheard_of": 1}, "Extra inputs"),
    ],
)
def test_an_impossible_outline_is_refused(change: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Outline.model_validate(outline().model_dump() | change)


@pytest.mark.parametrize(
    "chart",
    [
        {"key": "x", "kind": "mirrored_bars", "series": [{"kpi": "a"}]},
        {"key": "x", "kind": "waterfall", "series": [{"kpi": "a"}]},
        {"key": "x", "kind": "columns", "with_target": True, "series": [{"kpi": "a"}]},
        {"key": "x", "kind": "lines", "series": []},
    ],
)
def test_an_impossible_chart_is_refused(chart: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ChartSpec.model_validate(chart)
