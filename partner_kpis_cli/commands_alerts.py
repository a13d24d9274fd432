"""The commands about alerts: list, show, ack, snooze, resolve, send, check and test."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from rich.console import Console

from partner_kpis import formats
from partner_kpis.alerts import acts, inbox, lifecycle, messages, settings, words
from partner_kpis.alerts.episodes import Book, Episode
from partner_kpis.alerts.events import Tells
from partner_kpis.alerts.log import AlertLog
from partner_kpis.alerts.movers import movers_of
from partner_kpis.alerts.rules import SEVERITIES
from partner_kpis.alerts.words import Names, names_of
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.serving import Snapshot
from partner_kpis.strict_yaml import meant
from partner_kpis.tabular import neutralised
from partner_kpis.text import both, t, team
from partner_kpis_cli.columns import Justify, lines_of


def list_command(
    root: Path, everything: bool, severity: str | None, owner: str | None, form: str, lang: str
) -> int:
    """Print the alerts that are open, or all."""
    home = DataHome.at(root).existing()
    if severity is not None and severity not in SEVERITIES:
        near, known = meant(severity, SEVERITIES), ", ".join(SEVERITIES)
        raise UserError(both("alert_fault.no_severity", severity=severity, near=near, known=known))
    if form not in ("table", "csv", "json"):
        raise UserError(both("alert_fault.no_format", form=form))
    book = AlertLog(home).book()
    chosen = [
        episode
        for episode in inbox.ordered(book.episodes.values())
        if (everything or episode.is_open)
        and severity in (None, episode.severity)
        and owner in (None, episode.owner, team(episode.owner, lang))
    ]
    with Snapshot.open(home) as snapshot:
        names = names_of(snapshot)
    if form == "csv":
        sys.stdout.write(neutralised(inbox.table(chosen, names)).write_csv())
    elif form == "json":
        print(inbox.table(chosen, names).write_json())
    else:
        _print_list(home, book, chosen, names, everything, lang)
    return 0


def _print_list(
    home: DataHome, book: Book, chosen: list[Episode], names: Names, everything: bool, lang: str
) -> None:
    console = Console(highlight=False)

    def say(text: str) -> None:
        console.print(text, markup=False, soft_wrap=True)

    if book.evaluated is None:
        return say(t("alert.list.never", lang))
    if not chosen:
        say(t("alert.list.none", lang))
    else:
        say(_list_title(len(chosen), book.evaluated.as_of, everything, lang))
        say("")
        for line in _list_lines(chosen, names, lang):
            say(line)
    waiting = len(book.waiting())
    if waiting:
        say("")
        say(
            t(
                "alert.list.waiting.one" if waiting == 1 else "alert.list.waiting",
                lang,
                count=waiting,
            )
        )
    if not settings.read_file(home).channels:
        say("")
        say(t("alert.list.silent", lang))
    return None


def _list_title(count: int, as_of: date, everything: bool, lang: str) -> str:
    if everything:
        return t("alert.list.all_title", lang, count=count)
    key = "alert.list.title.one" if count == 1 else "alert.list.title"
    return t(key, lang, count=count, day=formats.day(as_of, lang))


def _list_lines(episodes: list[Episode], names: Names, lang: str) -> list[str]:
    def column(key: str, cells: list[str]) -> tuple[Justify, str, list[str]]:
        return ("left", t(f"alert.column.{key}", lang), cells)

    return lines_of([
        column("id", [e.episode_id for e in episodes]),
        column("severity", [words.severity(e, lang) for e in episodes]),
        column("what", [names.thing(e.subject, lang) for e in episodes]),
        column("whose", [names.member(e.subject, lang) for e in episodes]),
        column("since", [formats.day(e.since, lang) for e in episodes]),
        column("state", [inbox.state(e, lang) for e in episodes]),
        column("said", [words.headline(e, names, lang) for e in episodes]),
    ])  # fmt: skip


def show_command(root: Path, name: str, lang: str) -> int:
    """Print one alert as a message would say it, with its life so far."""
    home = DataHome.at(root).existing()
    book = AlertLog(home).book()
    episode = lifecycle.named(book, name)
    with Snapshot.open(home) as snapshot:
        names = names_of(snapshot)
        in_force = settings.load(home, snapshot.catalogue())
        context = messages.Context(in_force, names, book, movers_of(snapshot, names))
        lines = [
            f"{episode.episode_id}  {names.thing(episode.subject, lang)}, "
            f"{names.member(episode.subject, lang)}",
            words.headline(episode, names, lang),
            "",
            f"{t('alert.label.severity', lang)}: {words.severity(episode, lang)}",
            f"{t('alert.label.state', lang)}: {inbox.state(episode, lang)}",
            f"{t('alert.label.rule', lang)}: {episode.rule_id}",
            *messages.detail(episode, context, lang, tells=_as_told(episode)),
            "",
            *(
                f"{formats.day(event.at, lang)}  {inbox.happened(event, episode, names, lang)}"
                for event in episode.history
            ),
        ]
    console = Console(highlight=False)
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)
    return 0


def _as_told(episode: Episode) -> Tells:
    return "opened" if episode.is_open else "resolved"


def ack_command(root: Path, name: str, by: str, why: str, lang: str) -> int:
    alert = acts.acknowledge(DataHome.at(root), name, by, why).episode_id
    print(t("alert_done.acknowledged", lang, alert=alert, name=by))
    return 0


def snooze_command(root: Path, name: str, by: str, until: str, why: str, lang: str) -> int:
    try:
        day = date.fromisoformat(until)
    except ValueError as error:
        raise UserError(both("alert_fault.no_day", day=until)) from error
    alert = acts.snooze(DataHome.at(root), name, by, day, why).episode_id
    print(t("alert_done.snoozed", lang, alert=alert, day=formats.day(day, lang)))
    return 0


def resolve_command(root: Path, name: str, by: str, why: str, lang: str) -> int:
    alert = acts.resolve(DataHome.at(root), name, by, why).episode_id
    print(t("alert_done.resolved", lang, alert=alert))
    return 0


def send_command(root: Path, lang: str, *, now: bool) -> int:
    """Let time pass and send; 3 when something waits for more than the end of quiet hours."""
    from partner_kpis.alerts.tick import tick

    delivered = tick(DataHome.at(root).existing(), waits=not now).delivered
    if not delivered.is_busy:
        key = "alert_done.sent.one" if delivered.sent == 1 else "alert_done.sent"
        sent, waiting = (formats.number(n, lang) for n in (delivered.sent, delivered.waiting))
        print(t(key, lang, sent=sent, waiting=waiting))
    for sentence in delivered.sentences:
        print(sentence.lang(lang))
    return 3 if delivered.problems else 0


def check_command(root: Path, lang: str) -> int:
    """Print the rules and channels in force."""
    home = DataHome.at(root).existing()
    with Snapshot.open(home) as snapshot:
        in_force = settings.load(home, snapshot.catalogue())
    console = Console(highlight=False)
    names = ", ".join(in_force.file.channels)
    said = [
        t("alert.check.channels", lang, names=names)
        if names
        else t("alert.check.no_channels", lang)
    ]
    for name, channel in in_force.file.channels.items():
        if settings.address_of(in_force.file, name) is None:
            said.append(t("alert.check.unset", lang, channel=name, name=channel.url_env))
    rules = list(in_force.rules.values())
    own = {str(each.get("id")) for each in in_force.file.rules if isinstance(each, dict)}
    count = sum(rule.id in own for rule in rules)
    said += [
        "",
        t("alert.check.rules", lang, count=len(rules), own=count, path=home.alerts_file),
        *lines_of([
            ("left", t("alert.column.rule", lang), [rule.id for rule in rules]),
            ("left", t("alert.column.severity", lang),
             [t(f"alert.severity.{rule.severity}", lang) for rule in rules]),
            ("left", t("alert.column.channels", lang),
             [", ".join(in_force.channels_of(rule)) for rule in rules]),
        ]),
    ]  # fmt: skip
    for line in said:
        console.print(line, markup=False, soft_wrap=True)
    return 0


def test_command(root: Path, channel: str, lang: str) -> int:
    from partner_kpis.alerts.delivery import send_test

    send_test(DataHome.at(root).existing(), channel)
    print(t("alert_done.tested", lang, channel=channel))
    return 0
