"""The segments of the programme beside each other in one period of a KPI.

Belongs here: ranking groups of partners that are large enough, and naming those that are not.
Does not belong here: single partners (portfolio).
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboards import data, navigation
from dashboards.components import notices
from dashboards.components.frame import Visit
from dashboards.components.style import html, text
from dashboards.components.tiles import status_chip
from dashboards.components.words import Wording, member_name, period_name
from partner_kpis import formats, theme
from partner_kpis.serving.compare import MIN_GROUP, SEGMENTS
from partner_kpis.text import t


def show(visit: Visit, row: dict[str, Any], words: Wording) -> None:
    """The benchmark of one period (`row`: a period of Snapshot.values with period_type)."""
    kpi, lang = words.kpi, words.lang
    heading = t("benchmark.title", lang, period=period_name(row, lang))
    html(f'<h3 class="pk-section">{text(heading)}</h3>')
    there = [dimension for dimension in SEGMENTS if dimension in kpi.dimensions]
    if not there:
        return notices.nothing(t("tile.programme_only", lang))
    groups = data.segments(visit.path, kpi.kpi_id, row["period_type"], row["period_start"])
    listed = groups.to_dicts()
    parts = [_dimension(d, [g for g in listed if g["dimension"] == d], words) for d in there]
    said = "".join(parts)
    if not said:
        return notices.nothing(t("benchmark.none", lang))
    html(f'<div class="pk-benchmarks">{said}</div>')
    note = t("benchmark.note", lang, count=MIN_GROUP)
    if row["value"] is not None:
        note = f"{note} {t('benchmark.line', lang, value=words.with_unit(row['value']))}"
    notices.nothing(note)
    with st.container(key="links_benchmark"):
        return navigation.link("portfolio", t("benchmark.partners", lang), visit.selection)


def _dimension(dimension: str, groups: list[dict[str, Any]], words: Wording) -> str:
    """One dimension as markup: ranked groups as bars, then the ones that are too small."""
    if not groups:
        return ""
    lang = words.lang
    ranked = [g for g in groups if _is_large(g, words)]
    ranked.sort(key=lambda g: g["value"], reverse=words.kpi.direction != "lower")
    longest = max((abs(g["value"]) for g in ranked), default=0.0) or 1.0
    rows = "".join(_bar(dimension, g, longest, words) for g in ranked)
    names = [member_name(dimension, g["member"], {}, lang) for g in groups if g not in ranked]
    small = ""
    if names:
        said = t("benchmark.too_small", lang, groups=", ".join(names))
        small = f'<div class="pk-small">{text(said)}</div>'
    return (
        f'<div class="pk-benchmark"><p class="pk-family">{text(t(f"dimension.{dimension}", lang))}'
        f"</p>{rows}{small}</div>"
    )


def _is_large(group: dict[str, Any], words: Wording) -> bool:
    """Enough partners to rank without naming one, and a sample that bears a judgement."""
    if group["value"] is None or group["partners"] < MIN_GROUP or group["status"] == "low_n":
        return False
    counted = words.kpi.sample_basis != "none" and words.kpi.kind in ("ratio", "share", "median")
    return not counted or (group["sample_size"] or 0) >= MIN_GROUP


def _bar(dimension: str, group: dict[str, Any], longest: float, words: Wording) -> str:
    lang = words.lang
    name = member_name(dimension, group["member"], {}, lang)
    width = 100 * max(group["value"], 0) / longest
    count = t("benchmark.count", lang, partners=formats.number(group["partners"], lang),
              n=formats.number(group["sample_size"] or 0, lang))  # fmt: skip
    return (
        f'<div class="pk-bar"><div class="pk-line"><span>{text(name)}</span>'
        f"<strong>{text(words.with_unit(group['value']))}</strong></div>"
        f'<div class="pk-track"><div style="width:{width:.1f}%;background:{theme.ACCENT}"></div>'
        f'</div><div class="pk-line pk-small"><span>{text(count)}</span>'
        f"{status_chip(group['status'], lang)}</div></div>"
    )
