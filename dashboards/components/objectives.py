"""The objectives: how far each has come, and its key results.

Belongs here: the rows of objectives in words and bars. Does not belong here: judging a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl
import streamlit as st

from dashboards import data, navigation
from dashboards.components.frame import Visit
from dashboards.components.style import html, plain, text
from dashboards.components.tiles import status_chip
from partner_kpis import formats, theme
from partner_kpis.serving import KpiDefinition
from partner_kpis.text import t, word
from partner_kpis.wording import Wording, member_name, period_name

Row = dict[str, Any]


def show(visit: Visit) -> None:
    """Every objective that a target names; nothing where none does."""
    results, of_partners = data.objectives(visit.path)
    rows = [row for row in results.iter_rows(named=True) if visit.found.definition(row["kpi_id"])]
    counted = _counted(of_partners, visit)
    names = dict.fromkeys([row["objective"] for row in rows] + [key[0] for key in counted])
    if not names:
        return
    html(f'<h2 class="pk-section">{text(t("objectives.title", visit.lang))}</h2>')
    with st.container(key="objectives"):
        for place, name in enumerate(sorted(names)):
            mine = [row for row in rows if row["objective"] == name]
            partners = {kpi_id: part for (one, kpi_id), part in counted.items() if one == name}
            _objective(f"{place}", name, mine, partners, visit)


def _counted(of_partners: pl.DataFrame, visit: Visit) -> dict[tuple[str, str], list[Row]]:
    """(objective, KPI) → the statuses of the partners with a target of their own."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in of_partners.iter_rows(named=True):
        if visit.found.definition(row["kpi_id"]):
            found.setdefault((row["objective"], row["kpi_id"]), []).append(row)
    return found


def _objective(
    key: str, name: str, rows: Sequence[Row], partners: dict[str, list[Row]], visit: Visit
) -> None:
    lang = visit.lang
    known = [row["progress"] for row in rows if row["progress"] is not None]
    said = t("objectives.unknown", lang)
    if known:
        mean = formats.percent(sum(known) / len(known), lang, 0)
        said = t("objectives.progress", lang, share=mean, known=len(known), all=len(rows))
    label = f"**{plain(name)}**: {plain(said)}"
    with st.expander(label, key=f"objective_{key}"), st.container(key=f"pairs_objective_{key}"):
        for row in rows:
            kpi = visit.found.definition(row["kpi_id"])
            if kpi is not None:
                _line(kpi, row, visit)
        for kpi_id, counted in partners.items():
            kpi = visit.found.definition(kpi_id)
            if kpi is not None:
                _partners(kpi, counted, visit)


def _line(kpi: KpiDefinition, row: Row, visit: Visit) -> None:
    """A key result: which way it was to go, where it stands, how much of the way is done."""
    lang = visit.lang
    words = Wording.of(kpi, [row], lang, visit.currency)
    name = kpi.label(lang)
    if row["dimension"] != "programme":
        who = member_name(row["dimension"], row["member"], visit.found.partner_names(), lang)
        dimension = t(f"dimension.{row['dimension']}", lang)
        name = f"{name} ({dimension}: {who})"
    way = t("objectives.to", lang, target=words.with_unit(row["target"]))
    if row["baseline"] is not None:
        start = words.value(row["baseline"])
        way = t("objectives.way", lang, baseline=start, target=words.with_unit(row["target"]))
    choices = navigation.kpi_choices(row["dimension"], row["member"], kpi.kpi_id)
    _row(
        name, choices, visit,
        f"<div><strong>{text(words.with_unit(row['value']))}</strong>"
        f'<div class="pk-small">{text(period_name(row, lang))}</div></div>'
        f'<div class="pk-small">{text(way)}</div>'
        f"<div>{_bar(row['progress'], lang)}</div>"
        f'<div class="pk-last">{status_chip(row["status"], lang)}</div>',
    )  # fmt: skip


def _partners(kpi: KpiDefinition, counted: Sequence[Row], visit: Visit) -> None:
    """All partners with a target of their own in one line: how many have which status."""
    lang = visit.lang
    statuses = {row["status"]: row["partners"] for row in counted}
    count = formats.number(sum(statuses.values()), lang)
    name = t("objectives.partners", lang, kpi=kpi.label(lang), count=count)
    said = " · ".join(_tally(statuses, lang))
    choices: dict[str, str | None] = {"columns": kpi.kpi_id}
    _row(name, choices, visit, f'<div class="pk-why pk-small">{text(said)}</div>',
         page="portfolio")  # fmt: skip


def _tally(statuses: dict[str, int], lang: str) -> Iterable[str]:
    for status, look in theme.STATUSES.items():
        if statuses.get(status):
            count = formats.number(statuses[status], lang)
            yield f"{look.shape} {count} {word('status', status, lang)}"


def _row(
    name: str, choices: dict[str, str | None], visit: Visit, cells: str, page: str = "kpi"
) -> None:
    navigation.link(page, name, visit.selection, **choices)
    html(f'<div class="pk-result">{cells}</div>')


def _bar(progress: float | None, lang: str) -> str:
    """How much of the way is done, as a bar and in words."""
    if progress is None:
        return f'<div class="pk-small">{text(t("objectives.unknown", lang))}</div>'
    return (
        f'<div class="pk-track"><div style="width:{100 * progress:.1f}%;'
        f'background:{theme.ACCENT}"></div></div>'
        f'<div class="pk-small">'
        f"{text(t('objectives.done', lang, share=formats.percent(progress, lang, 0)))}</div>"
    )
