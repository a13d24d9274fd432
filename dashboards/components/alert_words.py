"""How an alert stands, in the few words that list and page share, and its mark.

Belongs here: one phrase or one chip at a time. Does not belong here: the alert's subject and
headline (partner_kpis.alerts.words), or setting them out.
"""

from __future__ import annotations

from dashboards.components.style import chip
from partner_kpis import formats, theme
from partner_kpis.alerts import inbox, words
from partner_kpis.alerts.episodes import Episode
from partner_kpis.alerts.lifecycle import next_escalation
from partner_kpis.alerts.words import Names
from partner_kpis.text import t, team


def mark(episode: Episode, lang: str) -> str:
    """The severity as shape and word; of what has ended, in grey."""
    look = theme.SEVERITIES[episode.severity]
    if not episode.is_open:
        grey = theme.status_look("unknown")
        look = theme.StatusLook(look.shape, grey.colour, grey.ink, grey.tint)
    return chip(look, words.severity(episode, lang))


def name(episode: Episode, names: Names, lang: str) -> str:
    """What it is about and whose: "Partner win rate, Brackwater Consulting Ltd"."""
    return f"{names.thing(episode.subject, lang)}, {names.member(episode.subject, lang)}"


def since(episode: Episode, lang: str) -> str:
    """Since which period, or day where there are no periods."""
    kind = episode.facts.get("period_type") or "day"
    return t("alert_page.since", lang, day=formats.period(kind, episode.since, lang))


def state(episode: Episode, lang: str) -> str:
    """As inbox.state; of what has ended, how: "back inside its bounds"."""
    return words.ending(episode, lang) or inbox.state(episode, lang)


def owner(episode: Episode, lang: str) -> str:
    return team(episode.owner, lang) or t("alert_page.no_owner", lang)


def following(episode: Episode, lang: str) -> str:
    """Who was told because nobody acknowledged it, and who is next; empty where neither is so."""
    said = []
    if episode.is_open and episode.level:
        role = team(episode.ladder[episode.level - 1][1], lang)
        said.append(t("alert_page.escalated", lang, role=role))
    step = next_escalation(episode)
    if step:
        day = formats.day(step[0], lang)
        said.append(t("alert_page.next", lang, role=team(step[1], lang), day=day))
    return " · ".join(said)
