"""`partner-kpis contracts`: what exports promise.

Belongs here: what a person types. Does not belong here: what a command does (commands_*.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from partner_kpis_cli.options import LangOption, Language
from partner_kpis_cli.plain_help import PlainCommand, PlainGroup

app = typer.Typer(
    cls=PlainGroup, help="See what exports promise, and what changed.", no_args_is_help=True
)


@app.command("list", cls=PlainCommand, epilog="Example: partner-kpis contracts list --lang de")
def contracts_list(lang: LangOption = Language.en) -> None:
    """List every entity: what its export is for, and which KPIs need it."""
    from partner_kpis_cli.commands_list import entities_command

    raise typer.Exit(entities_command(lang.value))


@app.command(
    "template",
    cls=PlainCommand,
    epilog="Example: partner-kpis contracts template prm/partner > partners.csv",
)
def contracts_template(
    entity: Annotated[str, typer.Argument(help="source/entity, such as prm/partner.")],
) -> None:
    """Write a CSV with the headers and two example rows to standard output."""
    from partner_kpis_cli.commands_land import template_command

    raise typer.Exit(template_command(entity))


@app.command(
    "diff",
    cls=PlainCommand,
    epilog="Example: partner-kpis contracts diff old/partner.odcs.yaml new/partner.odcs.yaml",
)
def contracts_diff(
    old: Annotated[Path, typer.Argument(help="The contract before.")],
    new: Annotated[Path, typer.Argument(help="The contract after.")],
) -> None:
    """Name what changed between two versions of a contract; exit code 1 for breaking changes."""
    from partner_kpis_cli.commands_land import diff_command

    raise typer.Exit(diff_command(old, new))
