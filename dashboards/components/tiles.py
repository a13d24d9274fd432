"""The KPI tiles.

Belongs here: one tile and how tiles are set out. Does not belong here: which KPIs there are; the
catalogue says that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from dashboards import navigation
from dashboards.components.drawings import Corridor, SparkPoint, corridor_bar, sparkline
from dashboards.components.frame import Visit
from dashboards.components.reasons import Reason, listed, reason
from dashboards.components.style import chip, html, text
from dashboards.data import Overview
from partner_kpis import theme
from partner_kpis.serving import KpiDefinition, unmet
from partner_kpis.text import t, word
from partner_kpis.wording import Wording, period_name

_TILE_WIDTH = 286

Periods = dict[str, list[dict[str, Any]]]
"""KPI id → its newest periods, oldest first (rows of Snapshot.headline)."""


def by_kpi(newest: pl.DataFrame) -> Periods:
    parts = newest.partition_by("kpi_id", as_dict=True)
    return {str(kpi_id): rows.to_dicts() for (kpi_id,), rows in parts.items()}


def show(
    visit: Visit, kpis: Sequence[KpiDefinition], periods: Periods, dimension: str, member: str
) -> None:
    """A tile for each KPI in the order given, each with the way to its page."""
    with st.container(horizontal=True, key="tiles"):
        for kpi in kpis:
            with st.container(border=True, key=f"tile_{kpi.kpi_id}", width=_TILE_WIDTH):
                html(tile_markup(kpi, periods.get(kpi.kpi_id, []), visit, dimension))
                navigation.link(
                    "kpi", t("tile.open", visit.lang), visit.selection,
                    **navigation.kpi_choices(dimension, member, kpi.kpi_id),
                )  # fmt: skip


def headline_row(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The last complete period; while there is none, the running one."""
    complete = [row for row in rows if row["is_headline"]]
    candidates = complete or rows
    return candidates[-1] if candidates else None


def tile_markup(
    kpi: KpiDefinition, rows: list[dict[str, Any]], visit: Visit, dimension: str
) -> str:
    """Everything a tile says, as markup."""
    lang = visit.lang
    words = Wording.of(kpi, rows, lang, visit.currency)
    row = headline_row(rows)
    name = f'<div class="pk-name">{text(kpi.label(lang))}</div>'
    if row is None:
        return f"{name}{_no_rows(kpi, visit, dimension)}"
    period = period_name(row, lang)
    if not row["is_complete"]:
        period = t("tile.so_far", lang, period=period)
    unit = f"<span>{text(words.unit)}</span>" if words.unit and row["value"] is not None else ""
    head = (
        f'{name}<div class="pk-value">{text(words.value(row["value"]))}{unit}</div>'
        f'<div class="pk-line"><span class="pk-soft">{text(period)}</span>'
        f"{status_chip(row['status'], lang)}</div>"
    )
    body = _middle(row, words, visit.found)
    return f'{head}<div class="pk-body">{body}</div>{_foot(rows, row, words, dimension)}'


def status_chip(status: str | None, lang: str) -> str:
    known = status or "unknown"
    return chip(theme.status_look(known), word("status", known, lang))


def _middle(row: dict[str, Any], words: Wording, found: Overview) -> str:
    """The change and the corridor, or the reason why there is no value."""
    lang = words.lang
    if row["value"] is None:
        return f'<div class="pk-reason">{listed(why_empty(row, words.kpi, found, lang))}</div>'
    corridor = Corridor.of(row["target"], row["corridor_low"], row["corridor_high"])
    change = f'<div class="pk-change">{text(words.change(row))}</div>'
    if corridor is None:
        return change
    caption = target_words(row, words)
    bar = corridor_bar(corridor, row["value"], row["status"], caption)
    return f'{change}{bar}<div class="pk-small">{text(caption)}</div>'


def why_empty(row: dict[str, Any], kpi: KpiDefinition, found: Overview, lang: str) -> Reason:
    """Why a period has no value, and which file would help."""
    return reason(kpi, row["reason"], found.landed, found.stale, lang)


def target_words(row: dict[str, Any], words: Wording) -> str:
    """Target and corridor in words: "target 60%, corridor 50% to 80%"."""
    lang, low, high = words.lang, row["corridor_low"], row["corridor_high"]
    parts = [t("tile.target", lang, value=words.with_unit(row["target"]))]
    if low is not None and high is not None:
        parts.append(t("tile.corridor", lang, low=words.value(low), high=words.value(high)))
    elif low is not None:
        parts.append(t("tile.corridor_from", lang, low=words.value(low)))
    elif high is not None:
        parts.append(t("tile.corridor_to", lang, high=words.value(high)))
    return ", ".join(parts)


def spark(rows: list[dict[str, Any]], lang: str) -> str:
    """The newest complete periods as a small line; empty without any value."""
    complete = [r for r in rows if r["is_complete"]]
    points = [SparkPoint(r["value"], is_low_n=r["status"] == "low_n") for r in complete]
    return sparkline(points, spark_words(rows, lang))


def spark_words(rows: list[dict[str, Any]], lang: str) -> str:
    count = sum(1 for r in rows if r["is_complete"])
    return t("tile.spark_one" if count == 1 else "tile.spark", lang, count=count)


def sample_markup(row: dict[str, Any], words: Wording, dimension: str) -> str:
    """n as markup; where it counts more than the member's own cases, a hover says why."""
    said = text(words.sample(row, dimension))
    if words.sample_key("", dimension) == "":
        return f"<span>{said}</span>"
    return f'<span title="{text(t("tile.n_of_share", words.lang))}">{said}</span>'


def _foot(rows: list[dict[str, Any]], row: dict[str, Any], words: Wording, dimension: str) -> str:
    line = spark(rows, words.lang)
    label = f"<span>{text(spark_words(rows, words.lang))}</span>" if line else "<span></span>"
    n = sample_markup(row, words, dimension)
    return f'{line}<div class="pk-line pk-small">{label}{n}</div>'


def _no_rows(kpi: KpiDefinition, visit: Visit, dimension: str) -> str:
    status = status_chip("unknown", visit.lang)
    why = why_absent(kpi, visit.found, dimension, visit.lang)
    return (
        f'<div class="pk-value">–</div><div class="pk-line"><span></span>{status}</div>'
        f'<div class="pk-body"><div class="pk-reason">{listed(why)}</div></div>'
    )


def why_absent(
    kpi: KpiDefinition, found: Overview, dimension: str, lang: str, *, ways: int | None = 3
) -> Reason:
    """Why a member has no period at all: not measured for it, or nothing observed yet."""
    if dimension not in kpi.dimensions:
        return Reason(t("tile.programme_only", lang))
    try:
        code = "source_missing" if unmet(kpi.needs, found.landed) else "no_observations"
    except ValueError:
        code = "no_observations"
    return reason(kpi, code, found.landed, set(), lang, ways=ways)
