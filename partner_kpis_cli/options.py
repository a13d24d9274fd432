"""Options that several commands share.

Belongs here: their names and help. Does not belong here: commands (main.py, main_contracts.py).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Language(StrEnum):
    """What a page may be printed in."""

    en = "en"
    de = "de"


_HOME = typer.Option(
    "--home",
    envvar="PARTNER_KPIS_HOME",
    help="Data home: the folder with your exports, settings and results.",
)
HomeOption = Annotated[Path, _HOME]
KpiHomeOption = Annotated[Path | None, _HOME]
SettingsHomeOption = Annotated[
    Path | None,
    typer.Option("--home", envvar="PARTNER_KPIS_HOME", help="Home whose settings apply."),
]
LangOption = Annotated[Language, typer.Option(help="Language of the page.")]
