"""Alerts as rows: what lists, commands and downloads show of them.

Belongs here: order, and one row of words an alert. Does not belong here: drawing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

import polars as pl

from partner_kpis import formats
from partner_kpis.alerts import words
from partner_kpis.alerts.episodes import Episode
from partner_kpis.alerts.events import (
    Acknowledged,
    Escalated,
    Measured,
    OfEpisode,
    Opened,
    Resolved,
    Snoozed,
)
from partner_kpis.alerts.rules import SEVERITIES
from partner_kpis.alerts.words import Names
from partner_kpis.text import t, team, word


def ordered(episodes: Iterable[Episode]) -> list[Episode]:
    """Open ones first, the gravest before others, then those that lasted longest."""
    return sorted(
        episodes,
        key=lambda e: (not e.is_open, SEVERITIES.index(e.severity), e.since, e.episode_id),
    )


def state(episode: Episode, lang: str) -> str:
    """open; acknowledged by …; snoozed until …; resolved."""
    said = word("alert.state", episode.state, lang)
    if episode.state == "acknowledged":
        return t("alert.by", lang, state=said, name=episode.acknowledged_by)
    if episode.state == "snoozed":
        return t("alert.until", lang, state=said, day=formats.day(episode.snoozed_until, lang))
    return said


def table(episodes: Sequence[Episode], names: Names) -> pl.DataFrame:
    """One row an alert, for machines and downloads, in the order given.

    Columns: alert, rule, severity, state, thing, dimension, member, item, moment, since,
    value, low, high, sample_size, owner, acknowledged_by, snoozed_until, opened_at, resolved_at,
    ending, said (English). Shares as fractions; times in UTC.
    """
    return pl.DataFrame(
        [
            {
                "alert": e.episode_id, "rule": e.rule_id, "severity": e.severity, "state": e.state,
                "thing": e.subject.thing, "dimension": e.subject.dimension,
                "member": e.subject.member, "item": e.subject.item, "moment": e.last_moment,
                "since": e.since, "value": e.facts.get("value"), "low": e.facts.get("low"),
                "high": e.facts.get("high"), "sample_size": e.facts.get("sample_size"),
                "owner": e.owner, "acknowledged_by": e.acknowledged_by or None,
                "snoozed_until": e.snoozed_until, "opened_at": e.opened_at,
                "resolved_at": e.resolved_at, "ending": e.ending,
                "said": words.headline(e, names, "en"),
            }
            for e in episodes
        ],
        schema=_SCHEMA,
    )  # fmt: skip


_TIME = pl.Datetime("us", "UTC")
_SCHEMA: Final[dict[str, Any]] = {
    "alert": pl.String, "rule": pl.String, "severity": pl.String, "state": pl.String,
    "thing": pl.String, "dimension": pl.String, "member": pl.String, "item": pl.String,
    "moment": pl.Date, "since": pl.Date, "value": pl.Float64, "low": pl.Float64,
    "high": pl.Float64, "sample_size": pl.Int64, "owner": pl.String,
    "acknowledged_by": pl.String, "snoozed_until": _TIME, "opened_at": _TIME,
    "resolved_at": _TIME, "ending": pl.String, "said": pl.String,
}  # fmt: skip


def happened(event: OfEpisode, episode: Episode, names: Names, lang: str) -> str:
    """One event of an alert in words: "acknowledged by Anna: calling the partner today"."""
    key = f"alert.event.{type(event).__name__.lower()}"
    why = getattr(event, "why", "")
    match event:
        case Opened() | Measured():
            then = _at(episode, event)
            said = words.headline(then, names, lang)
            start = t("alert.event.opened", lang) if isinstance(event, Opened) else ""
            return ": ".join(part for part in (start, said) if part)
        case Acknowledged():
            said = t(key, lang, by=event.by)
        case Snoozed():
            said = t(key, lang, by=event.by, day=formats.day(event.until, lang))
        case Escalated():
            said = t(key, lang, to=team(event.to, lang))
        case Resolved():
            how = words.ended(episode.subject, event.how, lang)
            said = t(key, lang, how=f"{how} ({event.by})" if event.by else how)
        case _:
            said = t(key, lang)
    return f"{said}: {why}" if why else said


def _at(episode: Episode, event: Opened | Measured) -> Episode:
    return replace(episode, facts=dict(event.facts))
