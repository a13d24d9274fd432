"""What stands behind one value: observations, their sum, and the file rows they come from.

Belongs here: showing evidence. Does not belong here: finding or adding it up (serving).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from dashboards import data
from dashboards.components import files, tables
from dashboards.components.style import html, text
from dashboards.state import Selection
from partner_kpis import formats
from partner_kpis.serving import Resummed
from partner_kpis.text import t, word
from partner_kpis.wording import Wording, in_period


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
    parts = files.kpi_name(words, selection, row["period_type"], row["period_start"])
    named = partial(files.name, *parts, as_of=data.overview(path).as_of)
    key = "_".join(str(part) for part in parts)
    frame, decimals = observations(observed, words, names)
    selected = tables.show(
        frame,
        lang,
        key=f"evidence_{key}",
        file_name=f"{named('evidence')}.csv",
        decimals=decimals,
        selectable=True,
        saved=lambda: tables.rounded(frame, {}),
    )
    _sources(path, observed, selected, key, f"{named('file-rows')}.csv", lang)


def observations(
    observed: pl.DataFrame, words: Wording, names: Mapping[str, str]
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Evidence rows under the headers of the language, and the decimals to show of each column.

    Columns that say nothing are left out: where each observation is one value of the KPI's own
    unit, it stands under that unit and needs no denominator.
    """
    lang, kind = words.lang, words.kpi.kind
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
    }
    decimals: dict[str, int] = {}
    if _is_plain(observed, words):
        header = words.unit_in_header or t("column.value", lang)
        header = header[:1].upper() + header[1:]
        columns[header] = observed["numerator"]
        decimals[header] = _PLAIN_DECIMALS.get(words.kpi.unit, 1)
    else:
        columns[t("column.numerator", lang)] = observed["numerator"]
        columns[t("column.denominator", lang)] = observed["denominator"]
    if kind == "share":
        columns[t("column.counts_for", lang)] = _words("counts_for", observed["counts_for"], lang)
    frame = pl.DataFrame(columns)
    optional = [t("column.name", lang), t("column.denominator", lang)]
    empty = [c for c in optional if c in columns and frame[c].null_count() == frame.height]
    return frame.drop(empty), decimals


_PLAIN_DECIMALS = {"money": 2, "count": 0, "people": 0, "features": 0}


def _is_plain(observed: pl.DataFrame, words: Wording) -> bool:
    """Whether a numerator alone is a value that one reads: days of one case, points of one partner.

    Not so where it says yes or no (a percentage) or is scaled (a net score).
    """
    kpi = words.kpi
    if kpi.unit == "percent" or kpi.value_factor != 1:
        return False
    return kpi.kind == "median" or (
        kpi.kind == "ratio" and bool((observed["denominator"] == 1).fill_null(False).all())
    )


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
    if words.kpi.kind == "median":
        return t("evidence.median", lang, count=counted, value=shown)
    if total.denominator is None or (count == 1 and total.denominator == 1):
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
    path: Path, observed: pl.DataFrame, selected: list[int], key: str, file_name: str, lang: str
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
    tables.show(frame, lang, key=f"sources_{key}_{selected}", file_name=file_name)
