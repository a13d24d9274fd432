"""Errors that are meant for the person who can act on them."""

from __future__ import annotations


class UserError(Exception):
    """A fault that its reader can mend: the message says what is wrong, where, and what to do."""


class HomeBusyError(UserError):
    """Another run holds the data home."""
