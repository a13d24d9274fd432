"""Errors that are meant for the person who can act on them."""

from __future__ import annotations

import errno

from partner_kpis.text import Bilingual

_FULL = ("No space left on device", "disk is full", "Disk quota exceeded")


class UserError(Exception):
    """A fault that its reader can mend: the message says what is wrong, where, and what to do.

    Said in both languages where commands and pages that have both can run into it; str() is the
    English sentence, for logs and commands that speak English only.
    """

    def __init__(self, said: str | Bilingual = "") -> None:
        self.said = said
        super().__init__(said.en if isinstance(said, Bilingual) else said)

    def lang(self, lang: str) -> str:
        """The sentence in a language; the English one where there is no other."""
        return self.said.lang(lang) if isinstance(self.said, Bilingual) else str(self)


class HomeBusyError(UserError):
    """Another run holds the data home."""


class DiskFullError(UserError):
    """The file system of the data home has no room left."""


def is_disk_full(error: BaseException) -> bool:
    """True when the error, or one that led to it, says that there is no room left on the disk."""
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        if isinstance(at, OSError) and at.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if isinstance(at, DiskFullError) or says_disk_full(str(at)):
            return True
        at = at.__cause__ or at.__context__
    return False


def says_disk_full(text: str) -> bool:
    """The same of what another library or process only wrote down."""
    return any(words in text for words in _FULL)
