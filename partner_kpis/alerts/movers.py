"""What moved a value, in words: partners and observed things behind an alert about a KPI.

Belongs here: the few lines that tell a reader where to look first. Does not belong here: which of
them weigh most (serving/moved.py), or setting the lines out (messages.py). No personal values: a
person, and an answer that somebody gave, is never named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from partner_kpis import formats
from partner_kpis.alerts import words
from partner_kpis.alerts.episodes import Episode
from partner_kpis.alerts.words import Names
from partner_kpis.serving import KpiDefinition, Snapshot, moved
from partner_kpis.text import t, word
from partner_kpis.wording import Wording

MOST: Final = 3
"""So many lines at most; two of them partners, where there are some."""

_UNNAMED: Final = frozenset({"person", "response"})

_Found = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def movers_of(snapshot: Snapshot, names: Names) -> Callable[[Episode, str], Sequence[str]]:
    """A function that answers, for an episode and a language, what moved its value.

    It asks the snapshot when it is called, at most twice an episode and period, whatever the
    language. Nothing is said of what is no KPI or has no value.
    """
    known: dict[tuple[str, str, str], _Found] = {}

    def movers(episode: Episode, lang: str) -> Sequence[str]:
        kpi, facts = names.kpis.get(episode.subject.thing), episode.facts
        if kpi is None or facts.get("value") is None or "period_start" not in facts:
            return []
        key = (episode.subject.key, facts["period_type"], facts["period_start"])
        if key not in known:
            known[key] = _found(snapshot, kpi, episode)
        return _said(kpi, known[key], names, facts, lang)

    return movers


def side(kpi: KpiDefinition, facts: Mapping[str, Any]) -> moved.Side:
    """On which side a value is bad: beyond its bound, else where the KPI's direction says."""
    value, low, high = facts["value"], facts.get("low"), facts.get("high")
    if low is not None and value < low:
        return "low"
    if high is not None and value > high:
        return "high"
    if kpi.direction in ("higher", "lower"):
        return "low" if kpi.direction == "higher" else "high"
    before = facts.get("previous_value")
    return "low" if before is not None and value < before else "high"


def _found(snapshot: Snapshot, kpi: KpiDefinition, episode: Episode) -> _Found:
    facts, subject = episode.facts, episode.subject
    of = moved.Value(
        kpi, subject.dimension, subject.member, facts["period_type"],
        date.fromisoformat(facts["period_start"]),
    )  # fmt: skip
    bad = side(kpi, facts)
    before = facts.get("previous_value")
    usual = (facts["value"] if before is None else before) / kpi.value_factor
    partners = moved.partners(snapshot, of, bad, usual, MOST - 1).to_dicts()
    # Against its own value: what lies above or below the mean, however much it moved.
    own = facts["value"] / kpi.value_factor
    named = {row["partner_id"] for row in partners}
    things = [
        row
        for row in moved.things(snapshot, of, bad, own, 2 * MOST).iter_rows(named=True)
        if row["entity_type"] not in _UNNAMED
        and not (row["entity_type"] == "partner" and row["entity_id"] in named)
        and _says_something(kpi, row)
    ]
    return partners, things[: MOST - len(partners)]


def _says_something(kpi: KpiDefinition, row: Mapping[str, Any]) -> bool:
    """Of money per partner and the like, amounts and partners are different things: neither of them
    alone has a value to show."""
    is_rate = kpi.kind == "ratio" and kpi.unit not in ("percent", "score")
    return not is_rate or bool(row["numerator"] and row["denominator"])


def _said(
    kpi: KpiDefinition, found: _Found, names: Names, facts: Mapping[str, Any], lang: str
) -> list[str]:
    wording = words.wording(names, kpi, facts, lang)
    partners, things = found
    lines = [
        t(
            "alert.mover.changed", lang, now=wording.with_unit(row["value"]),
            before=wording.value(row["was"]),
            thing=names.partners.get(row["partner_id"], row["partner_id"]),
        )
        for row in partners
        if wording.value(row["was"]) != wording.value(row["value"])
    ]  # fmt: skip
    return lines + [_thing(kpi, row, wording, names, lang) for row in things]


def _thing(
    kpi: KpiDefinition, row: Mapping[str, Any], wording: Wording, names: Names, lang: str
) -> str:
    """One observed thing and its numbers: what it was and is, its part of a whole, or its value."""
    kind, identity = row["entity_type"], row["entity_id"]
    said = (
        names.partners.get(identity, identity)
        if kind == "partner"
        else f"{word('entity_type', kind, lang)} {identity}"
    )
    thing = said[:1].upper() + said[1:]
    now, before, whole = row["numerator"], row["was"], row["denominator"]
    in_unit = kpi.kind in ("total", "median")
    amount = wording.with_unit if in_unit else partial(_plain, lang=lang)
    if now is None or before is not None:
        return _changed(thing, now, before, amount, lang)
    if kpi.kind in ("total", "distinct") or (kpi.kind == "share" and whole is None):
        return _changed(thing, now, before, amount, lang)
    if kpi.kind == "share" or (kpi.kind == "ratio" and kpi.unit == "percent"):
        return t("alert.mover.part", lang, thing=thing, part=amount(now), whole=amount(whole))
    if kpi.kind == "ratio":
        return t(
            "alert.mover.value", lang, thing=thing,
            value=wording.with_unit(now * kpi.value_factor / whole),
        )  # fmt: skip
    return t("alert.mover.value", lang, thing=thing, value=amount(now))


def _changed(
    thing: str, now: float | None, before: float | None, amount: Callable[[float], str], lang: str
) -> str:
    if now is not None and before is not None:
        return t("alert.mover.changed", lang, thing=thing, before=amount(before), now=amount(now))
    key, only = ("alert.mover.new", now) if before is None else ("alert.mover.gone", before)
    if only is None or only == 1:  # it counts as one
        return t(f"{key}.counted", lang, thing=thing)
    return t(key, lang, thing=thing, amount=amount(only))


def _plain(value: float | None, lang: str) -> str:
    """An observed number whose unit no definition names."""
    if value is None:
        return formats.NO_VALUE
    return formats.number(value, lang, 0 if value == round(value) else 1)
