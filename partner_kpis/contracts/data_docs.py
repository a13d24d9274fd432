"""Data Docs: pages for people about the promises that were checked.

Belongs here: rendering validations with Great Expectations' own page, and an index over the pages
of all runs. Pages hold descriptions and counts: no rows, no keys, no personal values.
Does not belong here: checking (expectations.py).
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from partner_kpis.contracts.expectations import PromiseResult

_INDEX = "index.json"
# The shipped page fetches its logo with a time stamp and advertises a newsletter: reading results
# should tell nobody that they are read.
_PHONING_HOME = re.compile(
    r"<img[^>]*great-expectations-web-assets[^>]*>"
    r"|<a[^>]*utm_source=datadocs[^>]*>.*?</a>"
    r"|url\(['\"]?https://great-expectations-web-assets[^)]*\)",
    re.DOTALL,
)
_HOME_LINK = re.compile(r"(?:\.\./)+index\.html")
_SUITE_LINK = re.compile(r'href="(?:\.\./)+expectations/[^"]*"')


class DataDocs:
    """Collects the validations of a run and renders them once at its end.

    A page per entity and one for the snapshot: only those that were checked are rendered again,
    the others stay as the last run that checked them left them.
    """

    def __init__(self, site: Path) -> None:
        self.site = site
        self._validations: dict[str, list[Any]] = {}
        self._results: dict[str, list[PromiseResult]] = {}

    def add(self, page: str, validation: Any, results: list[PromiseResult]) -> None:
        """Keep a validation for the page `source/entity`; keys of breaking rows are dropped."""
        for outcome in validation.results:
            outcome.result.pop("details", None)
        self._validations.setdefault(page, []).append(validation)
        self._results.setdefault(page, []).extend(results)

    def write(self) -> Path:
        """Render what was collected; returns the index page."""
        self.site.mkdir(parents=True, exist_ok=True)
        index = self._read_index()
        checked_at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        for page, validations in self._validations.items():
            name = page.replace("/", "__") + ".html"
            (self.site / name).write_text(_render(page, validations), encoding="utf-8")
            index[page] = {"file": name, "checked_at": checked_at, **_counts(self._results[page])}
        (self.site / _INDEX).write_text(json.dumps(index, indent=1), encoding="utf-8")
        path = self.site / "index.html"
        path.write_text(_index_page(index), encoding="utf-8")
        self._validations.clear()
        self._results.clear()
        return path

    def _read_index(self) -> dict[str, dict[str, Any]]:
        try:
            found = json.loads((self.site / _INDEX).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}  # the site is a view of past runs: a broken index starts anew
        return found if isinstance(found, dict) else {}


def _counts(results: list[PromiseResult]) -> dict[str, int]:
    broken = [result for result in results if not result.passed]
    return {
        "promises": len(results),
        "errors": sum(result.severity == "error" for result in broken),
        "warnings": sum(result.severity == "warning" for result in broken),
    }


def _render(page: str, validations: list[Any]) -> str:
    """One page by Great Expectations' renderer, its links pointing into this flat site."""
    from great_expectations.core.expectation_validation_result import (
        ExpectationSuiteValidationResult,
    )
    from great_expectations.render.renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaPageView

    results = [outcome for validation in validations for outcome in validation.results]
    kept = sum(bool(outcome.success) for outcome in results)
    merged = ExpectationSuiteValidationResult(
        success=kept == len(results),
        results=results,
        suite_name=page,
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": kept,
            "unsuccessful_expectations": len(results) - kept,
            "success_percent": 100.0 * kept / len(results) if results else 100.0,
        },
        meta=validations[0].meta,
    )
    document = ValidationResultsPageRenderer(run_info_at_end=True).render(merged)
    html = _PHONING_HOME.sub("", DefaultJinjaPageView().render(document))
    return _SUITE_LINK.sub('href="index.html"', _HOME_LINK.sub("index.html", html))


def _index_page(index: dict[str, dict[str, Any]]) -> str:
    rows = "\n".join(
        f'<tr><td><a href="{escape(entry["file"])}">{escape(page)}</a></td>'
        f"<td>{entry['promises']}</td><td>{entry['errors']}</td><td>{entry['warnings']}</td>"
        f"<td>{escape(entry['checked_at'])}</td></tr>"
        for page, entry in sorted(index.items())
    )
    return _INDEX_HTML.format(rows=rows)


_INDEX_HTML = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Promises of the data</title>
<style>body{{font-family:system-ui,sans-serif;margin:2rem auto;max-width:52rem}}
table{{border-collapse:collapse;width:100%}}
td,th{{padding:.4rem .8rem;border-bottom:1px solid #ddd;text-align:left}}</style></head>
<body><h1>Promises of the data</h1>
<p>What each export and the published snapshot promise, as last checked.</p>
<table><tr><th>Contract</th><th>Promises</th><th>Broken errors</th><th>Broken warnings</th>
<th>Last checked</th></tr>
{rows}
</table></body></html>
"""
