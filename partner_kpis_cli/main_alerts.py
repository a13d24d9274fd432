"""`partner-kpis alerts`: what a person types to see, take on and try alerts.

Belongs here: arguments and exit codes. Does not belong here: what a command does
(commands_alerts.py, commands_replay.py), which is imported only when it runs.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from partner_kpis_cli.options import HomeOption, LangOption, Language
from partner_kpis_cli.plain_help import NO_TYPE, PlainCommand, PlainGroup

app = typer.Typer(
    cls=PlainGroup, no_args_is_help=True, help="What left its bounds, and who is on it."
)

AlertArgument = Annotated[
    str, typer.Argument(metavar="ALERT", help="Id such as A-1B2C3D4E, or its beginning.")
]
ByOption = Annotated[str | None, typer.Option(help="Who you are. Default: your login's name.")]
_HOME = "--home my-home"
_Function = TypeVar("_Function", bound=Callable[..., Any])


def _command(name: str, example: str) -> Callable[[_Function], _Function]:
    """Register a command with an example below its help."""
    return app.command(name, cls=PlainCommand, epilog=f"Example: partner-kpis alerts {example}")


@_command("list", f"list {_HOME} --severity critical")
def list_(
    home: HomeOption,
    everything: Annotated[
        bool, typer.Option("--all", metavar=NO_TYPE, help="Ended ones too.")
    ] = False,
    severity: Annotated[str | None, typer.Option(help="critical, warning or info.")] = None,
    owner: Annotated[str | None, typer.Option(help="Of this owner alone.")] = None,
    format: Annotated[  # noqa: A002
        str, typer.Option(help="table for people; csv or json with every column.")
    ] = "table",
    lang: LangOption = Language.en,
) -> None:
    """Name the open alerts, the gravest first."""
    from partner_kpis_cli.commands_alerts import list_command

    raise typer.Exit(list_command(home, everything, severity, owner, format, lang.value))


@_command("show", f"show A-1B2C {_HOME}")
def show(alert: AlertArgument, home: HomeOption, lang: LangOption = Language.en) -> None:
    """Print all of one alert: numbers, what moved it, what happened, what to do."""
    from partner_kpis_cli.commands_alerts import show_command

    raise typer.Exit(show_command(home, alert, lang.value))


@_command("ack", f'ack A-1B2C {_HOME} --why "calling the partner today"')
def ack(
    alert: AlertArgument,
    home: HomeOption,
    by: ByOption = None,
    why: Annotated[str, typer.Option(help="What you are going to do.")] = "",
    lang: LangOption = Language.en,
) -> None:
    """Take an alert on: it neither climbs nor is told again until it ends."""
    from partner_kpis_cli.commands_alerts import ack_command

    raise typer.Exit(ack_command(home, alert, _name(by), why, lang.value))


@_command("snooze", f'snooze A-1B2C {_HOME} --until 2026-12-01 --why "after the release"')
def snooze(
    alert: AlertArgument,
    home: HomeOption,
    until: Annotated[str, typer.Option(metavar="DATE", help="Day on which it is told again.")],
    by: ByOption = None,
    why: Annotated[str, typer.Option(help="What you wait for.")] = "",
    lang: LangOption = Language.en,
) -> None:
    """Quiet until a day; if it is still open then, it is told again."""
    from partner_kpis_cli.commands_alerts import snooze_command

    raise typer.Exit(snooze_command(home, alert, _name(by), until, why, lang.value))


@_command("resolve", f'resolve A-1B2C {_HOME} --why "the contract was renewed"')
def resolve(
    alert: AlertArgument,
    home: HomeOption,
    why: Annotated[str, typer.Option(help="What helped; the next episode shows it.")],
    by: ByOption = None,
    lang: LangOption = Language.en,
) -> None:
    """End an alert by hand. It opens anew only by a later period."""
    from partner_kpis_cli.commands_alerts import resolve_command

    raise typer.Exit(resolve_command(home, alert, _name(by), why, lang.value))


@_command("send", f"send {_HOME}")
def send(
    home: HomeOption,
    now: Annotated[
        bool,
        typer.Option(
            "--now",
            metavar=NO_TYPE,
            help="Do not wait for the pause after a failed delivery; quiet hours hold.",
        ),
    ] = False,
    lang: LangOption = Language.en,
) -> None:
    """Let time pass: end snoozes, climb ladders, send what waits. For cron, every few minutes.

    Exit codes:

    0  everything is sent, or waits for the end of quiet hours

    3  some channel takes no messages, or has no address; they wait for the next try
    """
    from partner_kpis_cli.commands_alerts import send_command

    raise typer.Exit(send_command(home, lang.value, now=now))


@_command("check", f"check {_HOME}")
def check(home: HomeOption, lang: LangOption = Language.en) -> None:
    """Read config/alerts.yml and name the rules and channels in force."""
    from partner_kpis_cli.commands_alerts import check_command

    raise typer.Exit(check_command(home, lang.value))


@_command("test", f"test team {_HOME}")
def test(
    channel: Annotated[str, typer.Argument(help="Name of a channel in config/alerts.yml.")],
    home: HomeOption,
    lang: LangOption = Language.en,
) -> None:
    """Send one message to a channel, to see that it arrives."""
    from partner_kpis_cli.commands_alerts import test_command

    raise typer.Exit(test_command(home, channel, lang.value))


@_command("replay", f"replay --rule new-rule.yml {_HOME} --from 2025-01-01 --to 2026-09-30")
def replay(
    home: HomeOption,
    rule: Annotated[Path, typer.Option(metavar="FILE", help="A rule, or a file of rules.")],
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Default: all of the history.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Default: until today.")
    ] = None,
    lang: LangOption = Language.en,
) -> None:
    """Run a rule over history and say what it would have done, before it is switched on."""
    from partner_kpis_cli.commands_replay import replay_command

    raise typer.Exit(replay_command(home, rule, first, last, lang.value))


def _name(by: str | None) -> str:
    if by is not None:
        return by
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a name for its user
        return ""
