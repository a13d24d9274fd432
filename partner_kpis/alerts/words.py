"""An alert's subject, rule and facts as words, in English and German.

Belongs here: one name, one bound, one value at a time, for messages, commands and pages alike. Does
not belong here: setting them out (messages.py, pages, commands).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from partner_kpis import formats
from partner_kpis.alerts.episodes import Episode
from partner_kpis.alerts.events import Ending
from partner_kpis.alerts.readings import Subject
from partner_kpis.serving import KpiDefinition, Snapshot
from partner_kpis.text import has, t, word
from partner_kpis.wording import Wording, member_name


@dataclass(frozen=True)
class Names:
    """What ids are called: KPIs and partners of a snapshot, and its currency.

    managers: partner_id -> partner manager, to find one's own; never sent anywhere.
    """

    kpis: Mapping[str, KpiDefinition]
    partners: Mapping[str, str]
    managers: Mapping[str, str]
    currency: str

    def thing(self, subject: Subject, lang: str) -> str:
        """What the alert is about: the KPI's label, or the kind of thing."""
        kpi = self.kpis.get(subject.thing)
        return kpi.label(lang) if kpi else word("alert.thing", subject.thing, lang)

    def member(self, subject: Subject, lang: str) -> str:
        """Whose it is, with the item where it is one of several."""
        if subject.dimension == "source":
            return subject.item or subject.member
        whose = member_name(subject.dimension, subject.member, self.partners, lang)
        return f"{whose}, {subject.item}" if subject.item else whose


def wording(names: Names, kpi: KpiDefinition, facts: Mapping[str, Any], lang: str) -> Wording:
    """How the numbers of a KPI's facts read."""
    values = facts.get("recent") or [facts.get("value")]
    rows = [{"value": value, "sample_size": facts.get("sample_size")} for value in values]
    return Wording.of(kpi, rows, lang, names.currency)


def headline(episode: Episode, names: Names, lang: str) -> str:
    """What is the matter, in one line without its subject: "62% in September 2026, below 70%"."""
    facts = episode.facts
    kpi = names.kpis.get(episode.subject.thing)
    if kpi is None:
        return _thing_line(facts, lang)
    words = wording(names, kpi, facts, lang)
    when = period(facts, lang)
    if facts.get("value") is None:
        return t("alert.no_value", lang, period=when)
    return t("alert.value_in", lang, value=words.with_unit(facts["value"]), period=when) + _against(
        facts, words, lang
    )


def _against(facts: Mapping[str, Any], words: Wording, lang: str) -> str:
    """How far outside of which bound; "just" where the decimals that the sample bears hide it."""
    value = facts["value"]
    for name, sign in (("low", 1), ("high", -1)):
        bound = facts.get(name)
        if bound is None or sign * (bound - value) <= 0:
            continue
        distance = words.difference(abs(value - bound), signed=False)
        if not any(digit in distance for digit in "123456789"):
            return ", " + t(f"alert.just_{name}", lang, bound=words.with_unit(bound))
        return ", " + t(f"alert.out_{name}", lang, bound=words.with_unit(bound), distance=distance)
    return _unusual_or_moved(facts, words, lang)


def _unusual_or_moved(facts: Mapping[str, Any], words: Wording, lang: str) -> str:
    """Why a value is told that lies inside of every bound."""
    if facts.get("expected") is not None:
        return ", " + t("alert.unusual", lang, expected=words.with_unit(facts["expected"]))
    against = facts.get("against")
    before = facts.get(f"{against}_value") if against else None
    if before is None:
        return ""
    change = words.difference(facts["value"] - before)
    return ", " + t("alert.moved", lang, change=change, before=words.with_unit(before))


def _thing_line(facts: Mapping[str, Any], lang: str) -> str:
    """The sentence that a reading brought along: facts `key` and its values, days as ISO days."""
    key = str(facts.get("key", ""))
    if not has(key):
        return ""
    values = {
        name: _day_or(value, lang) for name, value in facts.items() if name not in ("key", "lang")
    }
    return t(key, lang, **values)


def _day_or(value: Any, lang: str) -> Any:
    if isinstance(value, Mapping):  # both languages
        return value.get(lang, "")
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        try:
            return formats.day(date.fromisoformat(value), lang)
        except ValueError:
            return value
    return formats.number(value, lang) if isinstance(value, int) else value


def period(facts: Mapping[str, Any], lang: str) -> str:
    """The judged period as it stands in a sentence: "in August 2026", "on 22 Aug 2026"."""
    key = "period.on" if facts.get("period_type") == "day" else "period.in"
    return t(key, lang, period=period_name(facts, lang))


def period_name(facts: Mapping[str, Any], lang: str) -> str:
    start = date.fromisoformat(facts["period_start"])
    return formats.period(facts["period_type"], start, lang)


def trend(episode: Episode, names: Names, lang: str) -> str:
    """The last values, oldest first, for a KPI; empty for anything else."""
    kpi = names.kpis.get(episode.subject.thing)
    recent = episode.facts.get("recent") or []
    if kpi is None or len(recent) < 2:
        return ""
    words = wording(names, kpi, episode.facts, lang)
    return " → ".join(words.value(value) for value in recent)


def names_of(snapshot: Snapshot) -> Names:
    """What the ids of a snapshot are called."""
    partners = snapshot.partners()
    managed = partners.select("partner_id", "partner_manager").drop_nulls()
    return Names(
        kpis={kpi.kpi_id: kpi for kpi in snapshot.catalogue()},
        partners=dict(partners.select("partner_id", "name").iter_rows()),
        managers=dict(managed.iter_rows()),
        currency=str(snapshot.info().get("reporting_currency") or "EUR"),
    )


def severity(episode: Episode, lang: str) -> str:
    return word("alert.severity", episode.severity, lang)


def ending(episode: Episode, lang: str) -> str:
    """How it ended, empty while it has not."""
    return ended(episode.subject, episode.ending, lang) if episode.ending else ""


def ended(subject: Subject, how: Ending, lang: str) -> str:
    """How it ended; what is no KPI has no bounds to come back into."""
    is_gone = how == "recovered" and has(f"alert.thing.{subject.thing}")
    return t("alert.ending.gone" if is_gone else f"alert.ending.{how}", lang)
