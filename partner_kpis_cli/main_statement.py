"""`partner-kpis statement`: what a person types to issue commission statements.

Belongs here: arguments and exit codes. Does not belong here: what the command does
(commands_statement.py), which is imported only when it runs.
"""

from __future__ import annotations

from typing import Annotated

import typer

from partner_kpis_cli.main_reports import PANEL, DocumentLangOption, PartnerOption
from partner_kpis_cli.options import HomeOption, Language
from partner_kpis_cli.plain_help import NO_TYPE, PlainCommand


def statement(
    home: HomeOption,
    quarter: Annotated[
        str | None,
        typer.Option(metavar="QUARTER", help="2026Q3. Default: the last complete one."),
    ] = None,
    partner: PartnerOption = None,
    lang: DocumentLangOption = Language.en,
    formats: Annotated[
        str, typer.Option("--format", help="Of pdf, xlsx, html, json, pptx, with commas.")
    ] = "pdf,xlsx",
    draft: Annotated[
        bool, typer.Option("--draft", metavar=NO_TYPE, help="Write drafts, and issue nothing.")
    ] = False,
) -> None:
    """Issue commission statements of a complete quarter, below reports/statements/.

    An issued statement never changes; asked for again, it is the very same.

    What later data say of its quarter is a correction in the next statement.

    Quarters are issued in their order. What happened in one that was left out stands in the next.
    """
    from partner_kpis_cli.commands_statement import statement_command

    raise typer.Exit(
        statement_command(home, quarter, partner or (), lang.value, formats, is_draft=draft)
    )


def add_to(app: typer.Typer) -> None:
    """Register the command of this module."""
    example = "partner-kpis statement --home my-home --quarter 2026Q3 --partner P-0104"
    app.command("statement", cls=PlainCommand, rich_help_panel=PANEL, epilog=f"Example: {example}")(
        statement
    )
