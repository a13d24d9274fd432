"""The words of a message: what, since when, how far out, why, what to do, who is next.

Belongs here: what a message says and which alerts share one. Does not belong here: sending it
(delivery.py), or single words (words.py). No personal values: a message leaves the house.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from partner_kpis import formats
from partner_kpis.alerts import words
from partner_kpis.alerts.episodes import Book, Episode
from partner_kpis.alerts.events import Queued, Tells
from partner_kpis.alerts.lifecycle import Told, next_escalation
from partner_kpis.alerts.rules import SEVERITIES, Severity
from partner_kpis.alerts.runbooks import first_checks
from partner_kpis.alerts.settings import AlertSettings
from partner_kpis.alerts.words import Names
from partner_kpis.text import has, t, team

_LISTED: Final = 25
"""So many alerts are named in one message: chats cut or refuse long ones, and the inbox has all."""

Movers = Callable[[Episode, str], Sequence[str]]
"""The rows that moved an episode's value, in words of a language, most important first."""


@dataclass(frozen=True)
class Context:
    """What messages are written from."""

    settings: AlertSettings
    names: Names
    book: Book
    movers: Movers


@dataclass(frozen=True)
class _Part:
    """One thing to be told to one channel."""

    told: Told
    episode: Episode
    group: str


def queue(told: Iterable[Told], context: Context, at: datetime) -> list[Queued]:
    """The messages for what is to be told, grouped as the rules ask; none where no channel is.

    More of them for one channel than `digest_over` become one.
    """
    by_channel: dict[str, dict[str, list[_Part]]] = defaultdict(lambda: defaultdict(list))
    for one in told:
        episode = context.book.episodes[one.episode_id]
        for channel in _channels(one, episode, context):
            group = _group(one, episode, context)
            by_channel[channel][group].append(_Part(one, episode, group))
    messages = []
    for channel, groups in by_channel.items():
        listed = [*groups.values()]
        if len(listed) > context.settings.file.digest_over:
            listed = [[part for group in listed for part in group]]
        messages += [_message(channel, group, context, at) for group in listed]
    return messages


def _channels(told: Told, episode: Episode, context: Context) -> list[str]:
    settings = context.settings
    rule = settings.rules.get(episode.rule_id)
    if rule is None or told.tells == "resolved":  # whoever heard of the alert hears of its end
        heard = [
            message.queued.channel
            for message in context.book.messages.values()
            if any(name == episode.episode_id for name, _ in message.queued.tells)
        ]
        return [name for name in dict.fromkeys(heard) if name in settings.file.channels]
    if told.tells == "escalated":
        return settings.channels_of_role(episode.ladder[episode.level - 1][1], rule)
    return settings.channels_of(rule)


def _group(told: Told, episode: Episode, context: Context) -> str:
    rule = context.settings.rules.get(episode.rule_id)
    by = rule.group_by if rule else "rule"
    if by == "none":
        return episode.episode_id
    of = episode.subject.member if by == "partner" else episode.rule_id
    return f"{told.tells}|{of}"


def _message(channel: str, parts: Sequence[_Part], context: Context, at: datetime) -> Queued:
    lang = context.settings.file.channels[channel].lang
    parts = sorted(parts, key=lambda p: (SEVERITIES.index(p.episode.severity), p.episode.since))
    tells = tuple((part.told.episode_id, part.told.tells) for part in parts)
    if len(parts) == 1:
        title, body = _single(parts[0], context, lang)
    else:
        title, body = _several(parts, context, lang)
    return Queued(
        at=at, message_id=_key(channel, parts), channel=channel,
        severity=_gravest(parts), tells=tells, title=title, body=body,
    )  # fmt: skip


def _gravest(parts: Sequence[_Part]) -> Severity:
    return min((part.episode.severity for part in parts), key=SEVERITIES.index)


def _key(channel: str, parts: Sequence[_Part]) -> str:
    """The same news has the same key, whoever makes the message and whenever."""
    told = sorted(
        f"{p.episode.episode_id} {p.told.tells} {p.episode.stage} {p.episode.level} "
        f"{p.episode.waits_since.isoformat() if p.told.tells in ('woke', 'escalated') else ''}"
        for p in parts
    )
    return "M-" + hashlib.sha256("\n".join([channel, *told]).encode()).hexdigest()[:16]


def _single(part: _Part, context: Context, lang: str) -> tuple[str, str]:
    episode = part.episode
    lines = [_first_line(part, context.names, lang), ""]
    lines += detail(episode, context, lang, tells=part.told.tells)
    return title(episode, part.told.tells, context.names, lang), "\n".join(lines).strip() + "\n"


def title(episode: Episode, tells: Tells, names: Names, lang: str) -> str:
    """[Warning] Partner win rate, whole programme: opened."""
    return t(
        "alert.title", lang, severity=words.severity(episode, lang),
        thing=names.thing(episode.subject, lang), member=names.member(episode.subject, lang),
        tells=t(f"alert.tells.{tells}", lang),
    )  # fmt: skip


def _first_line(part: _Part, names: Names, lang: str) -> str:
    episode = part.episode
    return t(
        "alert.line", lang, thing=names.thing(episode.subject, lang),
        member=names.member(episode.subject, lang), said=words.headline(episode, names, lang),
    )  # fmt: skip


def _several(parts: Sequence[_Part], context: Context, lang: str) -> tuple[str, str]:
    """One message about several alerts: a line each, the gravest first, and where to look."""
    kinds: dict[Tells, list[_Part]] = defaultdict(list)
    for part in parts:
        kinds[part.told.tells].append(part)
    lines = []
    for tells, several in kinds.items():
        key = f"alert.several.{tells}"
        single = f"{key}.one"
        lines += [
            t(single if len(several) == 1 and has(single) else key, lang, count=len(several)), "",
        ]  # fmt: skip
        for part in several[:_LISTED]:
            line = _first_line(part, context.names, lang)
            mark = words.severity(part.episode, lang)
            lines.append(f"- [{mark}] {line} ({part.episode.episode_id})")
        if len(several) > _LISTED:
            lines.append(t("alert.several.more", lang, count=len(several) - _LISTED))
        lines.append("")
    lines += _where(None, context, lang)
    gravest = min((p.episode for p in parts), key=lambda e: SEVERITIES.index(e.severity))
    subject = {part.episode.rule_id for part in parts}
    about = (
        context.names.thing(parts[0].episode.subject, lang)
        if len(subject) == 1
        else t("alert.several_rules", lang, count=len(subject))
    )
    said = t(
        "alert.several_title", lang, severity=words.severity(gravest, lang), count=len(parts),
        about=about,
    )  # fmt: skip
    return said, "\n".join(lines).strip() + "\n"


def detail(episode: Episode, context: Context, lang: str, *, tells: Tells = "opened") -> list[str]:
    """Everything one should know of an alert, a line each; also what `alerts show` prints."""
    names, lines = context.names, []

    def say(key: str, value: str) -> None:
        if value:
            lines.append(f"{t(f'alert.label.{key}', lang)}: {value}")

    say("since", formats.day(episode.since, lang))
    say("trend", words.trend(episode, names, lang))
    if tells in ("resolved", "passed"):
        say("ending", words.ending(episode, lang))
    else:
        for mover in context.movers(episode, lang):
            say("moved_by", mover)
    say("last_time", last_time(episode, context.book, lang))
    say("owner", team(episode.owner, lang))
    if tells == "escalated" and episode.level:
        say("escalated_to", team(episode.ladder[episode.level - 1][1], lang))
    following = next_escalation(episode)
    if following and tells not in ("resolved", "passed"):
        role, day = team(following[1], lang), formats.day(following[0], lang)
        say("next", t("alert.next", lang, role=role, day=day))
    kpi = names.kpis.get(episode.subject.thing)
    if kpi is not None and tells not in ("resolved", "passed"):
        checks = first_checks(kpi.runbook)
        if checks:
            lines += ["", t("alert.runbook", lang, path=kpi.runbook), *checks]
    return [*lines, "", *_where(episode, context, lang)]


def last_time(episode: Episode, book: Book, lang: str) -> str:
    """When it happened before, how long it took, and what those who acted wrote."""
    before = next(iter(book.earlier(episode)), None)
    if before is None or before.resolved_at is None:
        return ""
    days = max((before.resolved_at - before.opened_at).days, 0)
    helped = " ".join(
        f"„{why}“" if lang == "de" else f"“{why}”"
        for event in before.history
        if (why := getattr(event, "why", ""))
    )
    key = "alert.last_time.one" if days == 1 else "alert.last_time"
    said = t(key, lang, day=formats.day(before.since, lang), count=days)
    how = words.ending(before, lang)
    return " ".join(part for part in (f"{said} {how}.", helped) if part)


def _where(episode: Episode | None, context: Context, lang: str) -> list[str]:
    """The link to the page, and the command for those without one."""
    base = context.settings.file.dashboard_url
    name = episode.episode_id if episode else None
    lines = []
    if base:
        lines.append(t("alert.open_page", lang, url=page_address(base, lang, name)))
    if episode:
        lines.append(t("alert.reference", lang, id=episode.episode_id))
    return lines


def page_address(base: str, lang: str, episode_id: str | None) -> str:
    """The address of the inbox, or of one alert in it."""
    choices: Mapping[str, str] = {"lang": lang} | ({"alert": episode_id} if episode_id else {})
    return f"{base.rstrip('/')}/alerts?{urlencode(choices)}"
