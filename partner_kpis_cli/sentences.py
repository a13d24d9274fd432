"""What the command line says of an error that no command turned into a sentence itself.

Belongs here: wrong options, files that cannot be used, and what nobody foresaw. Does not belong
here: errors of a home or an export; they are sentences where they are found.
"""

from __future__ import annotations

import tempfile
import traceback

from partner_kpis.errors import UserError
from partner_kpis.text import t

NO_HOME = (
    "No data home is named. Add --home DIR, or say once: export PARTNER_KPIS_HOME=DIR. "
    "`partner-kpis demo` makes one to look at."
)


def said(error: UserError, lang: str) -> str:
    """A user's mistake in a language; its beginning is German only where the rest is."""
    spoken = "en" if isinstance(error.said, str) else lang
    return t("fault.said", spoken, sentence=error.lang(spoken))


def sentence_of(error: Exception) -> str:
    """What to say of an error that no command foresaw, or that the command line itself found."""
    if hasattr(error, "format_message"):  # typer's: a wrong option, a missing argument
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "partner-kpis"
        if getattr(getattr(error, "param", None), "name", None) == "home":
            return NO_HOME
        # Empty after the help of a command without any; "Value error," is its validator's prefix.
        told = error.format_message().replace("Value error, ", "").rstrip(".")
        return f"{told}. See: {command} --help" if told else ""
    if isinstance(error, OSError):
        where = f" {error.filename}" if error.filename else ""
        return f"The file or folder{where} cannot be used ({error.strerror or error})."
    with tempfile.NamedTemporaryFile(
        "w", prefix="partner-kpis-", suffix=".log", delete=False, encoding="utf-8"
    ) as details:
        traceback.print_exception(error, file=details)
    first = (str(error).splitlines() or [""])[0]
    return (
        f"This was not foreseen ({type(error).__name__}: {first}). "
        f"{details.name} holds the details for a report."
    )
