"""Ids matched across systems: the rate by source, and suggestions with what to do.

Belongs here: how they are shown. Does not belong here: matching (dbt), comparing names.
"""

from __future__ import annotations

from datetime import date

import polars as pl
import streamlit as st

from dashboards.components import files, notices, tables
from dashboards.components.style import html, text
from dashboards.data import Matches
from partner_kpis import formats
from partner_kpis.serving import identity
from partner_kpis.text import t, word

_COPIED = 20
"""Rows of config/crosswalk.csv in the box to copy; more than that nobody reads before pasting."""


def show(matches: Matches, as_of: date, lang: str) -> None:
    html(f'<h2 class="pk-section">{text(t("matches.title", lang))}</h2>')
    if matches.rates.is_empty():
        return notices.nothing(t("matches.none", lang))
    notices.nothing(t("matches.intro", lang))
    rates = matches.rates
    shown = rates.select(
        pl.concat_str("source", pl.lit("/"), "entity").alias(t("column.source", lang)),
        _kinds(rates, lang),
        pl.col("named").alias(t("matches.named", lang)),
        pl.Series(
            t("matches.rate", lang),
            [
                formats.percent(matched / named, lang)
                for matched, named in rates.select("matched", "named").iter_rows()
            ],
        ),
        *(
            pl.col(method).alias(t(f"matches.{method}", lang))
            for method in ("declared", "reviewed", "domain")
        ),
        (pl.col("named") - pl.col("matched")).alias(t("matches.unmatched", lang)),
    )
    name = f"{files.name('matches', as_of=as_of)}.csv"
    tables.show(shown, lang, key="matches", file_name=name)
    return _suggestions(matches, as_of, lang)


def _suggestions(matches: Matches, as_of: date, lang: str) -> None:
    found = matches.suggestions
    html(f"<h3>{text(t('matches.suggestions', lang))}</h3>")
    if found.is_empty():
        return notices.nothing(t("matches.no_suggestions", lang))
    shown_count, count = (formats.number(n, lang) for n in (found.height, matches.suggested))
    notices.nothing(t("matches.suggestions_do", lang, shown=shown_count, count=count))
    rows = [identity.crosswalk_row(row) for row in found.iter_rows(named=True)]
    remedies = [
        row or t("matches.set_component", lang, component=name, integration=candidate)
        for row, name, candidate in zip(
            rows, found["source_name"], found["candidate_id"], strict=True
        )
    ]
    shown = found.select(
        pl.concat_str("source", pl.lit("/"), "entity").alias(t("column.source", lang)),
        _kinds(found, lang),
        pl.col("source_name").alias(t("matches.source_name", lang)),
        pl.col("candidate_name").alias(t("matches.candidate_name", lang)),
        pl.Series(t("matches.score", lang), [formats.percent(s, lang, 0) for s in found["score"]]),
        pl.Series(t("matches.remedy", lang), remedies, dtype=pl.String),
    )
    name = f"{files.name('suggestions', as_of=as_of)}.csv"
    tables.show(shown, lang, key="suggestions", file_name=name)
    best = _best_of_each(found, rows)
    if best:
        notices.nothing(t("matches.copy", lang))
        st.code("\n".join([identity.CROSSWALK_HEADER, *best]), language=None)
    return None


def _best_of_each(found: pl.DataFrame, rows: list[str | None]) -> list[str]:
    """For each record the row of its best candidate: no id may stand in the file twice."""
    best: dict[tuple[str, ...], str] = {}
    for key, row in zip(
        found.select("kind", "source", "entity", "source_id").iter_rows(), rows, strict=True
    ):
        if row is not None:
            best.setdefault(key, row)
    return list(best.values())[:_COPIED]


def _kinds(rows: pl.DataFrame, lang: str) -> pl.Series:
    return pl.Series(
        t("matches.kind", lang), [word("entity_type", kind, lang) for kind in rows["kind"]]
    )
