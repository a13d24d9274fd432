"""What all commands have in common: help without the types of switches (`--evidence <bool>` reads
as if it wanted a value), and errors in the language that was asked for.

Belongs here: how a parameter or an error is shown. Does not belong here: what it means (main.py).
"""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

NO_TYPE = ""  # as the metavar of a switch


class PlainCommand(TyperCommand):
    """A command whose --help is shown as a switch, and whose errors have its language."""

    def invoke(self, ctx: Any) -> Any:
        """A user's mistake ends in one sentence and exit code 1, never in a traceback."""
        from partner_kpis.errors import UserError

        try:
            return super().invoke(ctx)
        except UserError as error:
            from partner_kpis_cli.sentences import said

            typer.echo(said(error, ctx.params.get("lang") or "en"), err=True)
            raise typer.Exit(1) from error

    def get_help_option(self, ctx: object) -> TyperOption | None:
        return _as_switch(super().get_help_option(ctx))  # type: ignore[arg-type]


class PlainGroup(TyperGroup):
    """The same for a command of commands."""

    def get_help_option(self, ctx: object) -> TyperOption | None:
        return _as_switch(super().get_help_option(ctx))  # type: ignore[arg-type]


def _as_switch(option: TyperOption | None) -> TyperOption | None:
    if option is not None:
        option.metavar = NO_TYPE
    return option
