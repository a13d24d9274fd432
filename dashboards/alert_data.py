"""Reading of the alerts for the pages, and its caching.

Belongs here: the book of a data home, kept for as long as its log stays as it is, and what the ids
in it are called. Does not belong here: acting on an alert (alert_acts), drawing, or reading a
snapshot for anything else (data).
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from partner_kpis.alerts.episodes import Book
from partner_kpis.alerts.log import AlertLog
from partner_kpis.alerts.words import Names, names_of
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.serving import Snapshot


def now() -> datetime:
    """The moment (UTC) of what somebody does; a function of its own, so that tests can choose."""
    return datetime.now(UTC)


def book(home: DataHome) -> Book:
    """All that the log tells; not to be changed. Raises UserError when it cannot be understood."""
    try:
        found = AlertLog(home).path.stat()
    except FileNotFoundError:
        return Book()
    except OSError:  # reading it says what is wrong
        return AlertLog(home).book()
    return _book(home.root, found.st_mtime_ns, found.st_size)


@st.cache_resource(max_entries=4, show_spinner=False)
def _book(root: Path, modified_ns: int, size: int) -> Book:
    """Written to between looking and reading, the key is too old: the next look reads anew."""
    return AlertLog(DataHome(root)).book()


def open_count(home: DataHome) -> int:
    """How many alerts are open; none where the log cannot be read: the page of alerts says so."""
    try:
        return len(book(home).open())
    except UserError:
        return 0


def open_about(home: DataHome) -> Counter[str]:
    """Open alerts by the KPI and by the partner that they are about."""
    counts: Counter[str] = Counter()
    try:
        found = book(home).open()
    except UserError:
        return counts
    for episode in found:
        counts.update(
            about(episode.subject.thing, episode.subject.dimension, episode.subject.member)
        )
    return counts


def about(thing: str, dimension: str, member: str) -> tuple[str, ...]:
    """The ids by which the inbox can be narrowed to an alert: its KPI or thing, and its partner."""
    return (thing, member) if dimension == "partner" else (thing,)


@st.cache_resource(max_entries=4, show_spinner=False)
def names(path: Path) -> Names:
    """See words.names_of."""
    with Snapshot(path) as snapshot:
        return names_of(snapshot)
