"""What moved a value, in words: partners and observed things behind an alert about a KPI.

Belongs here: the few lines that tell a reader where to look first. Does not belong here: the whole
evidence (serving), or setting the lines out (messages.py). No personal values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from partner_kpis.alerts.episodes import Episode
from partner_kpis.alerts.words import Names
from partner_kpis.serving import Snapshot

MOST = 3
"""So many lines at most."""


def movers_of(snapshot: Snapshot, names: Names) -> Callable[[Episode, str], Sequence[str]]:
    """A function that answers, for an episode and a language, what moved its value."""

    def movers(episode: Episode, lang: str) -> Sequence[str]:
        return []

    return movers
