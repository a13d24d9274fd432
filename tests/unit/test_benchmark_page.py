"""docs/performance.md keeps one section when the other is measured anew."""

from __future__ import annotations

from pathlib import Path

from benchmarks.report import INTRODUCTION, PAGE, SECTIONS, keep


def test_a_section_is_written_and_the_other_one_stays(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    keep("Pages", "new pages\n\n### What is measured\nreruns", page)
    keep("Commands", "old commands", page)
    keep("Commands", "new commands\n\n### The yardstick\na script", page)
    assert page.read_text(encoding="utf-8") == (
        f"{INTRODUCTION}\n## Commands\n\nnew commands\n\n### The yardstick\na script\n"
        "\n## Pages\n\nnew pages\n\n### What is measured\nreruns\n"
    )


def test_the_page_in_the_checkout_has_nothing_that_writing_would_lose(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.startswith(INTRODUCTION)
    titles = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert titles == [name for name in SECTIONS if name in titles]
