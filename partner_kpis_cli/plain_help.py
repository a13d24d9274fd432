"""Help without the types of switches: `--evidence <bool>` reads as if it wanted a value.

Belongs here: how a parameter is shown. Does not belong here: what it means (main.py).
"""

from __future__ import annotations

from typer.core import TyperCommand, TyperGroup, TyperOption

NO_TYPE = ""  # as the metavar of a switch


class PlainCommand(TyperCommand):
    """A command whose --help is shown as a switch."""

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
