"""The numbers about the alerting itself, in all and by rule.

Belongs here: setting them out. Does not belong here: computing them (alerts.alert_quality).
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from dashboards.components import alert_list, files, notices, tables
from dashboards.components.frame import Visit
from partner_kpis import formats
from partner_kpis.alerts import alert_quality
from partner_kpis.alerts.alert_quality import REOPENS_IN_DAYS, REOPENS_IN_PERIODS
from partner_kpis.alerts.episodes import Book
from partner_kpis.alerts.words import Names
from partner_kpis.text import t, word

_DECIMALS: Final = {
    "hours_to_acknowledge": 1, "days_to_resolve": 1, "recovered_alone_share": 0,
    "flapping_share": 0,
}  # fmt: skip
_TOTALS: Final = ("episodes", *_DECIMALS, "messages_sent")


def show(visit: Visit, book: Book, names: Names) -> None:
    """Totals, and a table with a line for each rule that ever opened an alert."""
    lang = visit.lang
    if not book.episodes:
        return notices.nothing(t("alert_quality.none", lang))
    whole = alert_quality.overall(book)
    words_of = {name: t(f"alert_quality.total.{name}", lang) for name in _TOTALS}
    if whole["episodes"] == 1:
        words_of["episodes"] = t("alert_quality.total.episode", lang)
    alert_list.counts([(_total(name, whole[name], lang), words_of[name]) for name in _TOTALS])
    notices.nothing(t("alert_quality.intro", lang))
    shown, decimals = table(alert_quality.by_rule(book), names, lang)
    tables.show(
        shown,
        lang,
        key="alert_quality",
        file_name=f"{files.name('alert-quality', as_of=visit.found.as_of)}.csv",
        decimals=decimals,
        height=min(38 + 35 * shown.height, 640),
        sheet=t("alert_page.quality", lang),
    )
    notices.nothing(
        t("alert_quality.explained", lang, periods=REOPENS_IN_PERIODS, days=REOPENS_IN_DAYS)
    )
    return None


def table(rules: pl.DataFrame, names: Names, lang: str) -> tuple[pl.DataFrame, dict[str, int]]:
    """The frame of alert_quality.by_rule under the headers of the language, shares as percent."""
    columns: dict[str, Any] = {
        t("alert_quality.rule", lang): rules["rule_id"],
        t("alert_quality.about", lang): pl.Series(
            [
                ", ".join(_thing(thing, names, lang) for thing in things)
                + "".join(f" ({word('dimension', one, lang)})" for one in _whose(dimensions))
                for things, dimensions in rules.select("things", "dimensions").iter_rows()
            ],
            dtype=pl.String,
        ),
    }
    decimals = {}
    for name in ("episodes", "open", *_DECIMALS, "messages_sent"):
        header = t(f"alert_quality.{name}", lang, periods=REOPENS_IN_PERIODS, days=REOPENS_IN_DAYS)
        columns[header] = rules[name] * 100 if name.endswith("_share") else rules[name]
        if name in _DECIMALS:
            decimals[header] = _DECIMALS[name]
    return pl.DataFrame(columns), decimals


def _thing(thing: str, names: Names, lang: str) -> str:
    kpi = names.kpis.get(thing)
    return kpi.label(lang) if kpi else word("alert.thing", thing, lang)


def _whose(dimensions: list[str]) -> list[str]:
    """A word for whose it is where the thing alone does not say it."""
    return [one for one in dimensions if one not in ("programme", "source")][:1]


def _total(name: str, value: float | None, lang: str) -> str:
    if value is None:
        return formats.NO_VALUE
    if name.endswith("_share"):
        return formats.percent(value, lang, _DECIMALS[name])
    return formats.number(value, lang, _DECIMALS.get(name, 0))
