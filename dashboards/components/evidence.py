"""What stands behind one value: observations, their sum, and the file rows they come from.

Belongs here: showing evidence. Does not belong here: finding or adding it up (serving).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from dashboards import data
from dashboards.components import tables
from dashboards.components.style import html, text
from dashboards.components.words import Wording, in_period
from dashboards.state import Selection
from partner_kpis import formats
from partner_kpis.serving import Resummed
from partner_kpis.text import t, word


def show(
    path: Path, row: dict[str, Any], words: Wording, selection: Selection, names: Mapping[str, str]
) -> None:
    """The evidence of one period (`row`: a period of Snapshot.values with period_type)."""
    kpi, lang = words.kpi, words.lang
    observed, total = data.evidence(
        path,
        kpi.kpi_id,
        selection.dimension,
        selection.member,
        row["period_type"],
        row["period_start"],
    )
    period = in_period(row, lang)
    heading = (
        t("evidence.title_unknown", lang, period=period)
        if row["value"] is None
        else t("evidence.title", lang, value=words.with_unit(row["value"]), period=period)
    )
    html(f'<h3 class="pk-section">{text(heading)}</h3>')
    if observed.is_empty():
        html(f'<p class="pk-soft">{text(t("evidence.none", lang))}</p>')
        return
    html(f'<p class="pk-soft">{text(_sum_words(row, total, observed.height, words))}</p>')
    file_name = f"{kpi.kpi_id}_{selection.member}_{row['period_start']}"
    selected = tables.show(
        observations(observed, kpi.kind, names, lang),
        lang,
        key=f"evidence_{file_name}",
        file_name=f"{file_name}.csv",
        selectable=True,
    )
    _sources(path, observed, selected, file_name, lang)


def observations(
    observed: pl.DataFrame, kind: str, names: Mapping[str, str], lang: str
) -> pl.DataFrame:
    """Evidence rows under the headers of the language; columns that say nothing are left out."""
    nobody = t("evidence.no_partner", lang)
    partners = observed.select(
        pl.col("partner_ids").list.eval(pl.element().replace(dict(names))).list.join(", ")
    ).to_series()
    columns = {
        t("column.thing", lang): _words("entity_type", observed["entity_type"], lang),
        t("column.id", lang): observed["entity_id"],
        t("column.name", lang): observed["name"],
        t("column.partner", lang): partners.replace("", nobody),
        t("column.day", lang): observed["observed_on"],
        t("column.numerator", lang): observed["numerator"],
        t("column.denominator", lang): observed["denominator"],
    }
    if kind == "share":
        columns[t("column.counts_for", lang)] = _words("counts_for", observed["counts_for"], lang)
    frame = pl.DataFrame(columns)
    optional = [t("column.name", lang), t("column.denominator", lang)]
    return frame.drop(name for name in optional if frame[name].null_count() == frame.height)


def _words(group: str, names: pl.Series, lang: str) -> pl.Series:
    """The names in the words of the language; each is looked up once."""
    return names.replace({name: word(group, name, lang) for name in names.unique()})


def _sum_words(row: dict[str, Any], total: Resummed, count: int, words: Wording) -> str:
    """How the observations make the value; where the KPI states none, only how many there are."""
    lang = words.lang
    shown = words.with_unit(total.value)
    counted = formats.number(count, lang)
    if row["value"] is None:
        return t("evidence.counted", lang, count=counted)
    if total.denominator is None:
        return t("evidence.sum_plain", lang, count=counted, value=shown)
    key = "evidence.top3" if words.kpi.kind == "top3" else "evidence.sum_divided"
    return t(
        key,
        lang,
        count=counted,
        numerator=_exact(total.numerator, lang),
        denominator=_exact(total.denominator, lang),
        value=shown,
    )


def _exact(value: Any, lang: str) -> str:
    """All its digits, but at most two decimals: a sum is read, the table below holds the rest."""
    return formats.number(value, lang, 0 if value == value.to_integral_value() else 2)


def _sources(
    path: Path, observed: pl.DataFrame, selected: list[int], file_name: str, lang: str
) -> None:
    rows = observed[selected] if selected else observed.head(data.SOURCES_SHOWN)
    found = data.sources_of(
        path, tuple(rows.select("entity_type", "entity_id", "observed_on").rows())
    )
    html(f"<h3>{text(t('evidence.sources', lang))}</h3>")
    hint = t("evidence.select", lang)
    if not selected and observed.height > rows.height:
        hint = t("evidence.sources_first", lang, count=formats.number(rows.height, lang))
    if found["row_number"].null_count():
        hint = f"{hint} {t('evidence.aggregate', lang)}"
    html(f'<p class="pk-soft">{text(hint)}</p>')
    if found.is_empty():
        html(f'<p class="pk-soft">{text(t("evidence.no_sources", lang))}</p>')
        return
    frame = found.select(
        pl.col("entity_id").alias(t("column.id", lang)),
        pl.concat_str("source", pl.lit("/"), "entity").alias(t("column.source", lang)),
        pl.col("primary_key").alias(t("column.key", lang)),
        pl.col("file_name").alias(t("column.file", lang)),
        pl.col("row_number").alias(t("column.row", lang)),
        pl.col("row_count").alias(t("column.rows", lang)),
        pl.col("version_at").alias(t("column.version_at", lang)),
    )
    tables.show(
        frame, lang, key=f"sources_{file_name}_{selected}", file_name=f"{file_name}_sources.csv"
    )
