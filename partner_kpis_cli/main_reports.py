"""`partner-kpis qbr`, `ops-pack` and `verify`: what a person types to make and check documents.

Belongs here: arguments and exit codes. Does not belong here: what a command does
(commands_reports.py), which is imported only when the command runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from partner_kpis_cli.options import HomeOption, LangOption, Language
from partner_kpis_cli.plain_help import PlainCommand

PANEL = "Documents"

PartnerOption = Annotated[
    list[str] | None,
    typer.Option("--partner", metavar="ID", help="Partner id; again for more. Default: all."),
]
EditionOption = Annotated[
    str, typer.Option(help="internal, or partner: what that partner may see.")
]
DocumentLangOption = Annotated[Language, typer.Option(help="Language of the documents.")]
FormatOption = Annotated[
    str, typer.Option("--format", help="Of pptx, pdf, xlsx, html, json, with commas.")
]
_FORMATS = "pptx,pdf,xlsx"


def qbr(
    home: HomeOption,
    quarter: Annotated[
        str | None,
        typer.Option(metavar="QUARTER", help="2026Q3. Default: the last complete one."),
    ] = None,
    partner: PartnerOption = None,
    edition: EditionOption = "internal",
    lang: DocumentLangOption = Language.en,
    formats: FormatOption = _FORMATS,
) -> None:
    """Seal what is served, and write quarterly business reviews below reports/.

    Files that are there already stay as they are; delete one to have it made anew.
    """
    from partner_kpis_cli.commands_reports import documents_command

    raise typer.Exit(
        documents_command("qbr", home, quarter, partner or (), edition, lang.value, formats)
    )


def ops_pack(
    home: HomeOption,
    month: Annotated[
        str | None,
        typer.Option(metavar="MONTH", help="2026-09. Default: the last complete one."),
    ] = None,
    partner: PartnerOption = None,
    edition: EditionOption = "internal",
    lang: DocumentLangOption = Language.en,
    formats: FormatOption = _FORMATS,
) -> None:
    """Seal what is served, and write monthly ops packs below reports/."""
    from partner_kpis_cli.commands_reports import documents_command

    raise typer.Exit(
        documents_command("ops", home, month, partner or (), edition, lang.value, formats)
    )


def verify(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Documents, of any format.")],
    home: HomeOption,
    lang: LangOption = Language.en,
) -> None:
    """Compute every number of a document anew from the lake, and name those that differ.

    Exit codes:

    0  nothing differs

    1  something differs: each place is named

    2  it cannot be said: no document of this home, or its snapshot or exports are gone
    """
    from partner_kpis_cli.commands_reports import verify_command

    raise typer.Exit(verify_command(files, home, lang.value))


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    folder = "--home my-home"
    for name, function, example in (
        ("qbr", qbr, f"qbr {folder} --quarter 2026Q3 --partner P-0104 --lang de --format pptx"),
        ("ops-pack", ops_pack, f"ops-pack {folder} --month 2026-09"),
        ("verify", verify, f"verify my-home/reports/2026Q3/*.pptx {folder}"),
    ):
        app.command(
            name, cls=PlainCommand, rich_help_panel=PANEL, epilog=f"Example: partner-kpis {example}"
        )(function)
