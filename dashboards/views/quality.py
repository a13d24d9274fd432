"""The data: open problems, matched ids, sources, every file, and where the proofs lie.

Belongs here: the order of the page and its plain tables. Does not belong here: KPIs, or mending
anything (the command line does that).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboards import data
from dashboards.components import files, frame, header, matches, notices, problems, tables
from dashboards.components.style import html, text
from partner_kpis import formats, theme
from partner_kpis.text import t, word


def show() -> None:
    frame.show(_page)


def _page(visit: frame.Visit) -> None:
    found, lang = visit.found, visit.lang
    header.title(found, lang, t("nav.quality", lang))
    notices.before_numbers(found, lang)
    problems.show(data.problems(visit.path), visit.home, lang)
    matches.show(data.matches(visit.path), found.as_of, lang)
    _sources(found, lang)
    _files(visit)
    _data_docs(visit)


def _sources(found: data.Overview, lang: str) -> None:
    html(f'<h2 class="pk-section">{text(t("page.sources", lang))}</h2>')
    notices.nothing(t("quality.sources", lang))
    frame_of_sources = found.freshness.select(
        pl.concat_str("source", pl.lit("/"), "entity").alias(t("column.source", lang)),
        pl.Series(
            t("column.status", lang),
            [header.freshness_word(status, lang) for status in found.freshness["status"]],
            dtype=pl.String,
        ),
        pl.col("data_until").alias(t("column.data_until", lang)),
        pl.col("last_loaded_at").alias(t("column.loaded", lang)),
        pl.col("rows").alias(t("column.rows", lang)),
    )
    tables.show(
        frame_of_sources,
        lang,
        key="sources",
        file_name=f"{files.name('sources', as_of=found.as_of)}.csv",
        height=38 + 35 * max(frame_of_sources.height, 1),
        saved=lambda: _in_words(frame_of_sources, lang),
    )


def _files(visit: frame.Visit) -> None:
    lang = visit.lang
    rows, count = data.files(visit.path)
    html(f'<h2 class="pk-section">{text(t("quality.files", lang))}</h2>')
    if rows.is_empty():
        return notices.nothing(t("quality.no_files", lang))
    told = formats.number(count, lang)
    notices.nothing(
        t("quality.files_all", lang, count=told)
        if count == rows.height
        else t("quality.files_newest", lang, shown=formats.number(rows.height, lang), count=told)
    )
    shown = rows.select(
        pl.col("file_name").alias(t("column.file", lang)),
        pl.Series(
            t("column.status", lang), [file_word(s, lang) for s in rows["status"]], dtype=pl.String
        ),
        *(
            pl.col(name).alias(t(f"quality.{name}", lang))
            for name in (
                "rows_read", "rows_accepted", "rows_quarantined", "rows_duplicate", "rows_ignored",
                "min_date", "max_date",
            )
        ),
        pl.col("loaded_at").alias(t("quality.loaded_at", lang)),
        pl.col("contract_version").alias(t("quality.contract_version", lang)),
    )  # fmt: skip
    tables.show(
        shown,
        lang,
        key="files",
        file_name=f"{files.name('files', as_of=visit.found.as_of)}.csv",
        saved=lambda: _in_words(shown, lang),
    )
    return None


def _in_words(shown: pl.DataFrame, lang: str) -> pl.DataFrame:
    """A status without its shape, as in all files: what reads a file looks for the word."""
    status = pl.col(t("column.status", lang))
    return shown.with_columns(status.str.replace(r"^\S ", ""))


_FILE_LOOKS = {
    "loaded": theme.STATUSES["on_target"],
    "held": theme.FRESHNESS["held"],
    "refused": theme.STATUSES["breach"],
}


def file_word(status: str, lang: str) -> str:
    """Shape and word of what became of a file."""
    look = _FILE_LOOKS.get(status, theme.STATUSES["no_target"])
    return f"{look.shape} {word('file_status', status, lang)}"


def _data_docs(visit: frame.Visit) -> None:
    """Browsers do not open files from a page, so the address is there to be copied."""
    lang, index = visit.lang, visit.home.data_docs / "index.html"
    html(f'<h2 class="pk-section">{text(t("quality.data_docs", lang))}</h2>')
    if not index.is_file():
        return notices.nothing(t("quality.no_data_docs", lang))
    notices.nothing(t("quality.data_docs_do", lang))
    st.code(index.as_uri(), language=None)
    return None
