"""`partner-kpis alerts replay`: what a rule would have done, on a page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rich.console import Console

from partner_kpis import formats
from partner_kpis.alerts import settings
from partner_kpis.alerts.replay import Replay, Spell, replay
from partner_kpis.alerts.rules import KpiRule
from partner_kpis.alerts.words import Names, names_of
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.serving import Snapshot
from partner_kpis.text import both, t
from partner_kpis.wording import member_name

_SHOWN = 12
"""Episodes that are named; more are counted."""


def replay_command(root: Path, file: Path, first: str | None, last: str | None, lang: str) -> int:
    """Replay every rule of a file about KPIs, and print what each would have done."""
    home = DataHome.at(root).existing()
    since, until = _day(first, "--from"), _day(last, "--to")
    if since and until and since > until:
        raise UserError(both("alert_fault.no_span", since=since, until=until))
    console = Console(highlight=False)
    with Snapshot.open(home) as snapshot:
        rules = settings.read_rule(file, snapshot.catalogue())
        if not rules:
            raise UserError(both("alert_fault.no_rule", path=file))
        names = names_of(snapshot)
        for rule in rules:
            if isinstance(rule, KpiRule):
                lines = _page(replay(snapshot, rule, since, until), names, lang)
            else:
                lines = [f"{rule.id}: {t('replay.no_history', lang)}"]
            for line in [*lines, ""]:
                console.print(line, markup=False, soft_wrap=True)
    return 0


def _day(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UserError(both("alert_fault.no_option_day", option=option, day=text)) from error


def _page(done: Replay, names: Names, lang: str) -> list[str]:
    def said(key: str, **values: object) -> str:
        return "  " + t(f"replay.{key}", lang, **values)

    def number(value: float) -> str:
        return formats.number(value, lang)

    def day(value: date) -> str:
        return formats.day(value, lang)

    lines = [
        t("replay.title", lang, rule=done.rule.id, first=day(done.first), last=day(done.last)),
        said("judged", count=number(done.judged), breached=number(done.breached)),
        said("episodes", count=number(len(done.spells)), noise=number(done.noise)),
        said("messages", count=number(done.told), naive=number(done.breached)),
    ]
    if done.rule.guards is not None:
        found = sum(each.days is not None for each in done.warned)
        lines.append(
            said("warned", found=number(found), count=number(len(done.warned)),
                 kpi=names.kpis[done.rule.guards.kpi].label(lang))
        )  # fmt: skip
        if done.days_of_warning is not None:
            lines.append(said("days", days=number(done.days_of_warning)))
        lines.append(said("false_alarms", count=number(done.false_alarms or 0)))
    lines += [_spell(done, spell, names, lang) for spell in done.spells[:_SHOWN]]
    more = len(done.spells) - _SHOWN
    return [*lines, said("more", count=number(more))] if more > 0 else lines


def _spell(done: Replay, spell: Spell, names: Names, lang: str) -> str:
    whose = member_name(done.rule.scope.dimension, spell.member, names.partners, lang)
    since = formats.day(spell.opened_on, lang)
    if spell.ended_on is None:
        return "  - " + t("replay.open", lang, member=whose, since=since)
    until = formats.day(spell.ended_on, lang)
    return "  - " + t("replay.spell", lang, member=whose, since=since, until=until)
