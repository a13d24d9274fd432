"""All KPIs of a member, family by family: value, target, corridor, trend, n, status.

Belongs here: one line a KPI, what narrows the lines, and the download of the same lines. Does not
belong here: which KPIs there are (the catalogue), or a KPI's history (its page).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from dashboards import navigation
from dashboards.components import families, files, notices, tables, tiles
from dashboards.components.drawings import Corridor, corridor_bar
from dashboards.components.frame import Visit
from dashboards.components.reasons import listed
from dashboards.components.style import html, text
from dashboards.state import ATTENTION, chosen, in_language, set_widget
from partner_kpis import formats
from partner_kpis.serving import KpiDefinition
from partner_kpis.text import t, word
from partner_kpis.wording import Wording, period_name


def show(visit: Visit, periods: tiles.Periods, dimension: str, member: str, *, title: str) -> None:
    """The catalogue's KPIs at their last complete period (`periods` as tiles.by_kpi answers).

    Groups are closed on the programme's page, which has tiles and more to say; of a partner those
    are open in which something needs attention. What was searched for is always open.
    """
    lang, selection = visit.lang, visit.selection
    html(f'<h2 class="pk-section">{text(title)}</h2>')
    every = [kpi for kpi in visit.found.catalogue if dimension in kpi.dimensions]
    _controls(visit, every, periods)
    kpis = families.matching(every, selection.search, lang)
    if selection.attention:
        kpis = [kpi for kpi in kpis if families.needs_attention(kpi, periods)]
    if not kpis:
        return notices.nothing(t("families.none", lang))
    with st.container(key="families"):
        for family, members in families.grouped(kpis).items():
            _group(family, members, visit, periods, dimension, member)
    parts = (member,) if dimension == "partner" else ()
    tables.downloads(
        lambda: _frame(kpis, periods, visit),
        lang,
        key="kpi_table",
        file_name=files.name("kpis", *parts, as_of=visit.found.as_of),
        sheet=member if parts else t("nav.programme", lang),
    )
    return None


def _group(
    family: str, kpis: Sequence[KpiDefinition], visit: Visit, periods: tiles.Periods,
    dimension: str, member: str,
) -> None:  # fmt: skip
    is_narrowed = bool(visit.selection.search or visit.selection.attention)
    is_urgent = any(families.needs_attention(kpi, periods) for kpi in kpis)
    is_open = is_narrowed or (is_urgent and dimension == "partner")
    said = families.heading(family, kpis, periods, visit.lang)
    with (
        st.expander(said, expanded=is_open, key=f"family_{family}"),
        st.container(key=f"pairs_{family}"),
    ):
        for kpi in kpis:
            _line(kpi, periods.get(kpi.kpi_id, []), visit, dimension, member)


def _controls(visit: Visit, kpis: Sequence[KpiDefinition], periods: tiles.Periods) -> None:
    """The search box, and the switch to what needs attention."""
    lang = visit.lang
    urgent = sum(families.needs_attention(kpi, periods) for kpi in kpis)
    with st.container(horizontal=True, key="narrow", vertical_alignment="bottom"):
        key = in_language("search", lang)
        set_widget(key, visit.selection.search)
        st.text_input(
            t("families.search", lang),
            key=key,
            placeholder=t("families.search_hint", lang),
            on_change=chosen(key, "search"),
            width=320,
        )
        key = in_language("show", lang)
        set_widget(key, ATTENTION if visit.selection.attention else "")
        st.segmented_control(
            t("families.show", lang),
            ["", ATTENTION],
            format_func=lambda name: (
                t("families.attention", lang, count=urgent)
                if name
                else t("families.all", lang, count=len(kpis))
            ),
            key=key,
            on_change=chosen(key, "show"),
            label_visibility="collapsed",
        )


def _line(
    kpi: KpiDefinition, rows: list[dict[str, Any]], visit: Visit, dimension: str, member: str
) -> None:
    choices = navigation.kpi_choices(dimension, member, kpi.kpi_id)
    navigation.link("kpi", kpi.label(visit.lang), visit.selection, **choices)
    html(_markup(kpi, rows, visit, dimension))


def _markup(kpi: KpiDefinition, rows: list[dict[str, Any]], visit: Visit, dimension: str) -> str:
    lang = visit.lang
    row = tiles.headline_row(rows)
    if row is None or row["value"] is None:
        status = row["status"] if row else None
        why = (
            tiles.why_absent(kpi, visit.found, dimension, lang)
            if row is None
            else tiles.why_empty(row, kpi, visit.found, lang)
        )
        return (
            f'<div class="pk-kpi"><strong>–</strong><div class="pk-small pk-why">{listed(why)}'
            f'</div><span class="pk-last">{tiles.status_chip(status, lang)}</span></div>'
        )
    words = Wording.of(kpi, rows, lang, visit.currency)
    corridor = Corridor.of(row["target"], row["corridor_low"], row["corridor_high"])
    bar, caption = "", ""
    if corridor is not None:
        caption = tiles.target_words(row, words)
        bar = corridor_bar(corridor, row["value"], row["status"], caption)
    n = tiles.sample_markup(row, words, dimension)
    return (
        f'<div class="pk-kpi"><div><strong>{text(words.with_unit(row["value"]))}</strong>'
        f'<div class="pk-small">{text(period_name(row, lang))} · {n}</div></div>'
        f'<div>{bar}<div class="pk-small">{text(caption)}</div></div>'
        f"<div>{tiles.spark(rows, lang)}</div>"
        f'<div class="pk-small">{text(words.change(row))}</div>'
        f'<div class="pk-last">{tiles.status_chip(row["status"], lang)}</div></div>'
    )


def _frame(kpis: Sequence[KpiDefinition], periods: tiles.Periods, visit: Visit) -> pl.DataFrame:
    """The same lines as columns, numbers as exact as they are shown, with the unit beside."""
    lang = visit.lang
    lines = []
    for kpi in kpis:
        rows = periods.get(kpi.kpi_id, [])
        row = tiles.headline_row(rows)
        words = Wording.of(kpi, rows, lang, visit.currency)
        lines.append({
            t("column.family", lang): word("family", kpi.family, lang),
            t("column.kpi", lang): kpi.label(lang),
            t("column.period", lang): period_name(row, lang) if row else None,
            t("column.unit", lang): words.unit_in_header,
            t("column.value", lang): _number(row, "value", words),
            t("column.previous", lang): _number(row, "previous_value", words),
            t("column.target", lang): _number(row, "target", words),
            t("column.corridor_low", lang): _number(row, "corridor_low", words),
            t("column.corridor_high", lang): _number(row, "corridor_high", words),
            t("column.n", lang): row["sample_size"] if row else None,
            t("column.status", lang): word("status", (row or {}).get("status") or "unknown", lang),
            t("column.trend", lang): word("trend", row["trend"], lang)
            if row and row["trend"] else None,
        })  # fmt: skip
    numbers = ("value", "previous", "target", "corridor_low", "corridor_high")
    types: dict[str, Any] = {t(f"column.{name}", lang): pl.Float64 for name in numbers}
    return pl.DataFrame(lines, schema_overrides=types, infer_schema_length=None)


def _number(row: dict[str, Any] | None, name: str, words: Wording) -> float | None:
    if row is None or row[name] is None:
        return None
    scale = 100 if words.kpi.unit == "percent" else 1
    return float(formats.plain(float(row[name]) * scale, words.decimals))
