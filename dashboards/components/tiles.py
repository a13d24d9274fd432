"""The KPI tiles, in families.

Belongs here: one tile and how tiles are set out. Does not belong here: which KPIs there are; the
catalogue says that.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

import polars as pl
import streamlit as st

from dashboards.components.drawings import Corridor, SparkPoint, corridor_bar, sparkline
from dashboards.components.style import chip, html, text
from dashboards.components.words import Wording, period_name, reason
from dashboards.data import Overview
from dashboards.state import Selection, go
from partner_kpis import theme
from partner_kpis.serving import KpiDefinition, unmet
from partner_kpis.text import t, word

_TILE_WIDTH = 283


def families(found: Overview, newest: pl.DataFrame, selection: Selection, currency: str) -> None:
    """All KPIs of the catalogue as tiles; `newest` as Snapshot.headline answers."""
    periods = newest.partition_by("kpi_id", as_dict=True)
    with st.container(horizontal=True, key="tiles"):
        for family, kpis in groupby(_in_families(found.catalogue), key=lambda kpi: kpi.family):
            members = list(kpis)
            with st.container(key=f"family_{family}", width="content"):
                html(f'<p class="pk-family">{text(word("family", family, selection.lang))}</p>')
                with st.container(horizontal=True, key=f"row_{family}"):
                    for kpi in members:
                        rows = periods.get((kpi.kpi_id,))
                        listed = rows.to_dicts() if rows is not None else []
                        _tile(kpi, listed, found, selection, currency)


def _in_families(catalogue: list[KpiDefinition]) -> list[KpiDefinition]:
    """The catalogue's own order, with each family kept together where it first appears."""
    order = list(dict.fromkeys(kpi.family for kpi in catalogue))
    return sorted(catalogue, key=lambda kpi: order.index(kpi.family))


def headline_row(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The last complete period; while there is none, the running one."""
    complete = [row for row in rows if row["is_headline"]]
    candidates = complete or rows
    return candidates[-1] if candidates else None


def _tile(
    kpi: KpiDefinition, rows: list[dict[str, Any]], found: Overview, selection: Selection,
    currency: str,
) -> None:  # fmt: skip
    lang, is_open = selection.lang, selection.kpi_id == kpi.kpi_id
    key = f"tile_{'on' if is_open else 'off'}_{kpi.kpi_id}"
    with st.container(border=True, key=key, width=_TILE_WIDTH):
        html(tile_markup(kpi, rows, found, selection, currency))
        st.button(
            t("tile.opened" if is_open else "tile.open", lang),
            key=f"open_{kpi.kpi_id}",
            type="tertiary",
            icon=":material/arrow_downward:" if is_open else None,
            on_click=_open,
            args=(kpi.kpi_id,),
        )


def _open(kpi_id: str) -> None:
    go(kpi=kpi_id, period=None, start=None)
    st.session_state["scroll_to_detail"] = True


def tile_markup(
    kpi: KpiDefinition, rows: list[dict[str, Any]], found: Overview, selection: Selection,
    currency: str,
) -> str:  # fmt: skip
    """Everything a tile says, as markup."""
    lang = selection.lang
    words = Wording.of(kpi, rows, lang, currency)
    row = headline_row(rows)
    name = f'<div class="pk-name">{text(kpi.label(lang))}</div>'
    if row is None:
        return f"{name}{_no_rows(kpi, found, selection)}"
    period = period_name(row, lang)
    if not row["is_complete"]:
        period = t("tile.so_far", lang, period=period)
    unit = f"<span>{text(words.unit)}</span>" if words.unit and row["value"] is not None else ""
    status = row["status"] or "unknown"
    head = (
        f'{name}<div class="pk-value">{text(words.value(row["value"]))}{unit}</div>'
        f'<div class="pk-line"><span class="pk-soft">{text(period)}</span>'
        f"{chip(theme.status_look(status), word('status', status, lang))}</div>"
    )
    return f'{head}<div class="pk-body">{_middle(row, words, found)}</div>{_foot(rows, row, words)}'


def _middle(row: dict[str, Any], words: Wording, found: Overview) -> str:
    """The change and the corridor, or the reason why there is no value."""
    lang = words.lang
    if row["value"] is None:
        stale = set(
            found.freshness.filter(pl.col("status") == "stale")
            .select("source", "entity")
            .iter_rows()
        )
        why = reason(words.kpi, row["reason"], found.landed, stale, lang)
        return f'<div class="pk-reason">{text(why)}</div>'
    corridor = Corridor.of(row["target"], row["corridor_low"], row["corridor_high"])
    change = f'<div class="pk-change">{text(words.change(row))}</div>'
    if corridor is None:
        return change
    caption = target_words(row, words)
    bar = corridor_bar(corridor, row["value"], row["status"], caption)
    return f'{change}{bar}<div class="pk-small">{text(caption)}</div>'


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


def _foot(rows: list[dict[str, Any]], row: dict[str, Any], words: Wording) -> str:
    points = [SparkPoint(r["value"], not r["is_complete"], r["status"] == "low_n") for r in rows]
    complete = sum(1 for r in rows if r["is_complete"])
    alt = t("tile.spark", words.lang, count=complete)
    line = sparkline(points, alt)
    n = t("tile.n", words.lang, count=f"{row['sample_size'] or 0:,}".replace(",", " "))
    label = f"<span>{text(alt)}</span>" if line else "<span></span>"
    return f'{line}<div class="pk-line pk-small">{label}<span>{text(n)}</span></div>'


def _no_rows(kpi: KpiDefinition, found: Overview, selection: Selection) -> str:
    """A member without any period: not measured for it, or nothing observed yet."""
    lang = selection.lang
    if selection.dimension not in kpi.dimensions:
        why = t("tile.programme_only", lang)
    else:
        why = reason(kpi, _absent_reason(kpi, found), found.landed, set(), lang)
    status = chip(theme.status_look("unknown"), t("status.unknown", lang))
    return (
        f'<div class="pk-value">–</div><div class="pk-line"><span></span>{status}</div>'
        f'<div class="pk-body"><div class="pk-reason">{text(why)}</div></div>'
    )


def _absent_reason(kpi: KpiDefinition, found: Overview) -> str:
    try:
        return "source_missing" if unmet(kpi.needs, found.landed) else "no_observations"
    except ValueError:
        return "no_observations"
