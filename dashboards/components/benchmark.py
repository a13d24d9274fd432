"""The segments of the programme beside each other in one period of a KPI.

Belongs here: ranking groups of partners that are large enough, and naming those that are not.
Does not belong here: single partners (portfolio).
"""

from __future__ import annotations

from dataclasses import replace
from math import floor, log10
from typing import Any

import streamlit as st

from dashboards import data, navigation
from dashboards.components import notices
from dashboards.components.frame import Visit
from dashboards.components.style import html, text
from dashboards.components.tiles import status_chip
from partner_kpis import formats, theme
from partner_kpis.serving.compare import MIN_GROUP, SEGMENTS
from partner_kpis.text import t
from partner_kpis.wording import Wording, member_name, period_name


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
    scale = _scale([g["value"] for g in listed if _is_large(g, words)], words)
    parts = [_dimension(d, [g for g in listed if g["dimension"] == d], scale, words) for d in there]
    said = "".join(parts)
    if not said:
        return notices.nothing(t("benchmark.none", lang))
    html(f'<div class="pk-benchmarks">{said}</div>')
    note = t("benchmark.note", lang, count=MIN_GROUP)
    if 'class="pk-bar"' in said:
        factor = 100 if kpi.unit == "percent" else 1
        is_whole = all((bound * factor).is_integer() for bound in scale)
        bounds = replace(words, decimals=0) if is_whole else words
        low, high = (bounds.with_unit(bound) for bound in scale)
        note = f"{note} {t('benchmark.scale', lang, low=low, high=high)}"
    if row["value"] is not None:
        note = f"{note} {t('benchmark.line', lang, value=words.with_unit(row['value']))}"
    notices.nothing(note)
    with st.container(key="links_benchmark"):
        return navigation.link("portfolio", t("benchmark.partners", lang), visit.selection)


Scale = tuple[float, float]
"""From where to where the bars of all groups run; 0 lies within, for a bar begins there."""


def _scale(values: list[float], words: Wording) -> Scale:
    """A share runs to 100 %; anything else to the next round number."""
    low, high = min([0.0, *values]), max([0.0, *values])
    top = 1.0 if words.kpi.unit == "percent" and high <= 1 else _round_up(high) or 1.0
    return (0.0 - _round_up(-low), top)


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50, …; nothing stays nothing."""
    if value <= 0:
        return 0.0
    ten = 10.0 ** floor(log10(value))
    return next(step * ten for step in (1, 2, 5, 10, 20) if step * ten >= value)


def _dimension(dimension: str, groups: list[dict[str, Any]], scale: Scale, words: Wording) -> str:
    """One dimension as markup: ranked groups as bars, then the ones that are too small."""
    if not groups:
        return ""
    lang = words.lang
    ranked = [g for g in groups if _is_large(g, words)]
    ranked.sort(key=lambda g: g["value"], reverse=words.kpi.direction != "lower")
    rows = "".join(_bar(dimension, g, scale, words) for g in ranked)
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


def _bar(dimension: str, group: dict[str, Any], scale: Scale, words: Wording) -> str:
    lang = words.lang
    name = member_name(dimension, group["member"], {}, lang)
    low, high = scale
    start = 100 * (min(group["value"], 0) - low) / (high - low)
    width = 100 * abs(group["value"]) / (high - low)
    counted = words.sample_key("benchmark.count", dimension)
    count = t(counted, lang, partners=formats.number(group["partners"], lang),
              n=formats.number(group["sample_size"] or 0, lang))  # fmt: skip
    return (
        f'<div class="pk-bar"><div class="pk-line"><span>{text(name)}</span>'
        f"<strong>{text(words.with_unit(group['value']))}</strong></div>"
        f'<div class="pk-track"><div style="margin-left:{start:.1f}%;width:{width:.1f}%;'
        f'background:{theme.ACCENT}"></div>'
        f'</div><div class="pk-line pk-small"><span>{text(count)}</span>'
        f"{status_chip(group['status'], lang)}</div></div>"
    )
