"""The top of one alert: how it stands, its numbers, and its KPI over time with the bound.

Belongs here: status, facts, chart and the way to the KPI's page. Does not belong here: acting
(alert_acts), or what happened to it (alert_story).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from dashboards import data, navigation
from dashboards.components import alert_chart, alert_words, definition, evidence, notices
from dashboards.components.frame import Visit
from dashboards.components.reasons import reason_text
from dashboards.components.style import html, text
from partner_kpis.alerts import words
from partner_kpis.alerts.episodes import Episode
from partner_kpis.alerts.words import Names
from partner_kpis.serving import KpiDefinition
from partner_kpis.text import t
from partner_kpis.wording import Wording

_PERIODS_SHOWN = 24


def status(episode: Episode, names: Names, lang: str) -> None:
    """Severity and state, the headline, and who is on it."""
    rest = [
        alert_words.since(episode, lang),
        t("alert_page.owner", lang, name=alert_words.owner(episode, lang)),
        alert_words.following(episode, lang),
        t("alert_page.rule", lang, rule=episode.rule_id),
        t("alert_page.id", lang, id=episode.episode_id),
    ]
    meta = "".join(f"<span>{text(part)}</span>" for part in rest if part)
    html(
        f'<div class="pk-headline">{text(words.headline(episode, names, lang))}</div>'
        f'<div class="pk-meta">{alert_words.mark(episode, lang)}'
        f"<strong>{text(alert_words.state(episode, lang))}</strong>{meta}</div>"
    )


def facts(episode: Episode, names: Names, lang: str) -> None:
    """The numbers of a KPI's newest reading; of anything else the headline says all."""
    kpi = names.kpis.get(episode.subject.thing)
    if kpi is None or "period_start" not in episode.facts:
        return
    listed = _facts(episode, words.wording(names, kpi, episode.facts, lang), lang)
    parts = "".join(
        f"<div><span>{text(label)}</span><strong>{text(said)}</strong></div>"
        for label, said in listed
    )
    html(f'<div class="pk-facts">{parts}</div>')


def _facts(episode: Episode, told: Wording, lang: str) -> list[tuple[str, str]]:
    """What each number is called, and how it reads."""
    facts = episode.facts
    value = facts.get("value")
    found = [
        ("period", words.period_name(facts, lang)),
        ("value", told.with_unit(value)),
    ]
    for name in ("low", "high", "expected"):
        if facts.get(name) is not None:
            found.append((name, told.with_unit(facts[name])))
    against = facts.get("against")
    if against and facts.get(f"{against}_value") is not None:
        found.append(("before", told.with_unit(facts[f"{against}_value"])))
    distance = _distance(facts)
    if distance is not None:
        found.append(("distance", told.difference(distance)))
    if facts.get("sample_size") is not None:
        found.append(("sample", told.sample(facts, episode.subject.dimension)))
    return [(t(f"alert_fact.{name}", lang), said) for name, said in found]


def _distance(facts: dict[str, Any]) -> float | None:
    """From the bound that the value passed, else from what was expected; else None."""
    value, low, high = (facts.get(name) for name in ("value", "low", "high"))
    if value is None:
        return None
    for bound, is_out in ((low, low is not None and value < low),
                          (high, high is not None and value > high)):  # fmt: skip
        if is_out:
            return float(value - bound)
    expected = facts.get("expected")
    return None if expected is None else float(value - expected)


def onward(visit: Visit, episode: Episode, names: Names) -> None:
    """The ways to the partner and to the page of the data, where the alert is about one."""
    lang, subject = visit.lang, episode.subject
    with st.container(horizontal=True, key="links_onward"):
        if subject.dimension == "partner" and subject.member in names.partners:
            partner = names.partners[subject.member]
            label = t("alert_page.to_partner", lang, name=partner)
            navigation.link("partner", label, visit.selection, partner=subject.member)
        elif subject.dimension == "source":
            navigation.link("quality", t("alert_page.to_quality", lang), visit.selection)


def kpi(visit: Visit, episode: Episode, names: Names) -> None:
    """The KPI over time, and the way to its page at the period of the alert."""
    lang, subject = visit.lang, episode.subject
    found = names.kpis.get(subject.thing)
    if found is None or "period_start" not in episode.facts:
        return None
    kind, start = episode.facts["period_type"], episode.facts["period_start"]
    shown = data.values(visit.path, found.kpi_id, subject.dimension, subject.member, kind)
    shown = shown.with_columns(pl.lit(kind).alias("period_type"))
    if shown.is_empty():
        return notices.nothing(t("alert_page.no_rows", lang))
    _chart(visit, found, episode, shown.tail(_PERIODS_SHOWN))
    choices = navigation.kpi_choices(subject.dimension, subject.member, found.kpi_id)
    with st.container(key="links_kpi"):
        navigation.link(
            "kpi", t("alert_page.to_kpi", lang), visit.selection,
            **{**choices, "period": kind, "start": start},
        )  # fmt: skip
    return None


def _chart(visit: Visit, found: KpiDefinition, episode: Episode, shown: pl.DataFrame) -> None:
    lang, overview = visit.lang, visit.found
    told = Wording.of(found, shown.iter_rows(named=True), lang, visit.currency)

    def explain(row: dict[str, Any]) -> str:
        return reason_text(found, row["reason"], overview.landed, overview.stale, lang)

    has_bound = any(episode.facts.get(name) is not None for name in ("low", "high"))
    key = "alert_chart.title" if has_bound else "alert_chart.title_plain"
    html(f'<h3 class="pk-section">{text(t(key, lang, kpi=found.label(lang)))}</h3>')
    spec = alert_chart.with_bounds(shown, told, episode.facts, explain)
    st.vega_lite_chart(spec=spec, theme=None, width="stretch")


def runbook(visit: Visit, episode: Episode, names: Names) -> None:
    """What to do, from the runbook of the KPI."""
    found = names.kpis.get(episode.subject.thing)
    if found is None:
        return
    told = definition.runbook(found.runbook)
    with st.expander(t("kpi.runbook", visit.lang), key="runbook"):
        if told is None:
            notices.nothing(t("kpi.no_runbook", visit.lang, path=found.runbook))
        else:
            st.markdown(told)


def behind(visit: Visit, episode: Episode, names: Names) -> None:
    """The rows behind the value; nothing where the snapshot holds that period no more."""
    subject, facts = episode.subject, episode.facts
    found = names.kpis.get(subject.thing)
    if found is None or "period_start" not in facts:
        return
    kind, start = facts["period_type"], date.fromisoformat(facts["period_start"])
    rows = data.values(visit.path, found.kpi_id, subject.dimension, subject.member, kind)
    rows = rows.filter(pl.col("period_start") == start)
    if rows.is_empty():
        return
    row = rows.row(0, named=True) | {"period_type": kind}
    selection = replace(
        visit.selection, dimension=subject.dimension, member=subject.member, kpi_id=found.kpi_id
    )
    told = Wording.of(found, [row], visit.lang, visit.currency)
    evidence.show(visit.path, row, told, selection, visit.found.partner_names())
