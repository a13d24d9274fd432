"""All partners and some KPIs in one table; a cell opens the KPI of its partner.

Belongs here: the table of the portfolio, its downloads and what a click on it does.
Does not belong here: which partners and KPIs are meant (the view), or a plain table (tables).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from dashboards import data, navigation
from dashboards.components import files, notices, tables
from dashboards.components.frame import Visit
from partner_kpis import formats, theme
from partner_kpis.serving import KpiDefinition
from partner_kpis.text import t, word
from partner_kpis.wording import Wording, member_name, period_name

_FACTS = ("tier", "partner_type", "region")
_ROWS_SHOWN = 15
_NAME_WIDTH, _NUMBER_WIDTH = 208, 146
"""Side by side they fit a phone, so that its first sight holds numbers and not names alone."""
_WIDEST = 300
_LETTER, _AROUND = 6.6, 16  # pixels of a letter of the table, and beside its text


@dataclass(frozen=True)
class KpiColumn:
    """One KPI's column: its header and, partner by partner in the table's order, its cells."""

    words: Wording
    header: str
    help: str
    values: list[float | None]
    statuses: list[str]

    @property
    def kpi(self) -> KpiDefinition:
        return self.words.kpi

    @property
    def texts(self) -> list[str]:
        """Shape and value of each cell; the shape alone where there is no value.

        The shape of "no target" is a dash: before a number it would be read as a minus.
        """
        scale = 100 if self.kpi.unit == "percent" else 1
        signs = [
            "" if status == "no_target" else f"{theme.status_look(status).shape} "
            for status in self.statuses
        ]
        return [
            sign.strip() if value is None else f"{sign}{self.words.value(value / scale)}"
            for sign, value in zip(signs, self.values, strict=True)
        ]


def show(visit: Visit, partners: pl.DataFrame, kpis: Sequence[KpiDefinition]) -> None:
    """The table over `partners` (rows of table partners, in order) with its downloads."""
    lang = visit.lang
    cells = data.across_partners(
        visit.path, tuple(kpi.kpi_id for kpi in kpis), visit.selection.only
    )
    columns = [_kpi_column(kpi, cells, partners, visit) for kpi in kpis]
    facts = _facts(partners, lang)
    shown = _beside(facts, {c.header: pl.Series(c.values, dtype=pl.Float64) for c in columns})
    event: Any = st.dataframe(
        _styled(shown, columns),
        hide_index=True,
        width="stretch",
        height=min(38 + 35 * shown.height, 38 + 35 * _ROWS_SHOWN),
        key="portfolio_cell",
        on_select="rerun",
        selection_mode="single-cell",
        placeholder=theme.status_look("unknown").shape,
        column_config={
            shown.columns[0]: st.column_config.Column(
                pinned=True, width=_width(_NAME_WIDTH, *partners["name"])
            ),
            **{
                c.header: st.column_config.NumberColumn(
                    help=c.help, width=_width(_NUMBER_WIDTH, c.header)
                )
                for c in columns
            },
        },
        lazy=False,
    )
    _follow(event, visit, partners, shown.columns, {c.header: c.kpi for c in columns})
    notices.nothing(f"{_rows(shown.height, lang)} {t('portfolio.hint', lang)} {_legend(lang)}")
    tables.downloads(
        lambda: _whole(partners["partner_id"], facts, columns, lang),
        lang,
        key="portfolio",
        file_name=files.name("portfolio", as_of=visit.found.as_of),
        sheet=t("nav.portfolio", lang),
    )


def _width(least: int, *texts: str) -> int:
    """Room for the longest of the texts, where there is any: not on a phone."""
    if "Mobi" in st.context.headers.get("User-Agent", ""):
        return least
    longest = max((len(text) for text in texts), default=0)
    return max(least, min(_WIDEST, round(_LETTER * longest) + _AROUND))


def _beside(facts: pl.DataFrame, columns: dict[str, pl.Series]) -> pl.DataFrame:
    """The name, then the numbers, then what one knows of the partner anyway."""
    numbers = pl.DataFrame(columns)
    return pl.concat([facts[:, :1], numbers, facts[:, 1:]], how="horizontal")


def _facts(partners: pl.DataFrame, lang: str) -> pl.DataFrame:
    columns: dict[str, list[str]] = {t("column.partner", lang): partners["name"].to_list()}
    for name in _FACTS:
        members = partners[name].fill_null("unknown").to_list()
        columns[t(f"dimension.{name}", lang)] = [member_name(name, m, {}, lang) for m in members]
    columns[t("filter.manager", lang)] = partners["partner_manager"].fill_null("").to_list()
    return pl.DataFrame(columns)


def _kpi_column(
    kpi: KpiDefinition, cells: pl.DataFrame, partners: pl.DataFrame, visit: Visit
) -> KpiColumn:
    lang = visit.lang
    mine = {
        row["partner_id"]: row
        for row in cells.filter(pl.col("kpi_id") == kpi.kpi_id).iter_rows(named=True)
    }
    words = Wording.of(kpi, mine.values(), lang, visit.currency)
    rows = [mine.get(partner_id) for partner_id in partners["partner_id"]]
    values = [None if not row or row["value"] is None else float(row["value"]) for row in rows]
    statuses = [
        (row["status"] if row and row["value"] is not None else None) or "unknown" for row in rows
    ]
    unit = f" ({words.unit_in_header})" if words.unit_in_header else ""
    period = next((period_name(row, lang) for row in mine.values()), formats.NO_VALUE)
    told = t("portfolio.help", lang, period=period, meaning=kpi.description(lang))
    header = f"{kpi.label(lang)}{unit}"
    return KpiColumn(words, header, told, [_scaled(v, kpi) for v in values], statuses)


def _scaled(value: float | None, kpi: KpiDefinition) -> float | None:
    return value * 100 if value is not None and kpi.unit == "percent" else value


def _styled(shown: pl.DataFrame, columns: list[KpiColumn]) -> Any:
    """Numbers stay numbers, so that a column sorts by value; shape and format are how they look."""
    judged = {column.header: column for column in columns}
    # Streamlit pales a pinned column: only full ink stays readable there.
    inks = {0: [theme.INK] * shown.height}
    texts: list[list[str]] = []
    for place, name in enumerate(shown.columns):
        column = judged.get(name)
        texts.append(column.texts if column else shown[name].to_list())
        if column:
            inks[place] = [theme.status_look(status).ink for status in column.statuses]
    return tables.styler(shown, texts, inks)


def _whole(
    ids: pl.Series, facts: pl.DataFrame, columns: list[KpiColumn], lang: str
) -> pl.DataFrame:
    """What a download holds: the table, the partners' ids, and each status as a word beside."""
    added: dict[str, pl.Series] = {}
    places: dict[str, int] = {}
    for column in columns:
        added[column.header] = pl.Series(column.values, dtype=pl.Float64)
        places[column.header] = column.words.decimals
        judged = [word("status", status, lang) for status in column.statuses]
        name = t("portfolio.status_of", lang, kpi=column.kpi.label(lang))
        added[name] = pl.Series(judged, dtype=pl.String)
    whole = _beside(facts, added).insert_column(1, ids.alias(t("column.partner_id", lang)))
    return tables.rounded(whole, places)


def _follow(
    event: Any, visit: Visit, partners: pl.DataFrame, names: list[str],
    kpis: dict[str, KpiDefinition],
) -> None:  # fmt: skip
    """Leave for what was clicked: a KPI of a partner, or the partner."""
    cells = event["selection"]["cells"]
    if not cells:
        return
    row, column = cells[0]
    partner_id = partners["partner_id"][int(row)]
    del st.session_state["portfolio_cell"]  # coming back, nothing is chosen any more
    kpi = kpis.get(column)
    if kpi is None:
        navigation.jump("partner", visit.selection, partner=partner_id)
    else:
        choices = navigation.kpi_choices("partner", partner_id, kpi.kpi_id)
        navigation.jump("kpi", visit.selection, **{**choices, "partner": partner_id})


def _rows(count: int, lang: str) -> str:
    """How many rows there are: the table itself shows no more than fit."""
    said = formats.number(count, lang)
    if count <= _ROWS_SHOWN:
        return t("portfolio.rows_all", lang, count=said)
    return t("portfolio.rows_more", lang, count=said, shown=_ROWS_SHOWN)


def _legend(lang: str) -> str:
    judged = (
        f"{look.shape} {word('status', status, lang)}"
        for status, look in theme.STATUSES.items()
        if status != "no_target"
    )
    return " · ".join([*judged, t("portfolio.no_sign", lang)])
