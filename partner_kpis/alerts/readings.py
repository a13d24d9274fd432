"""One subject of one rule at one moment: the noun between measuring and judging.

Belongs here: the noun. Does not belong here: where readings come from (*_readings.py), or what
follows from them (lifecycle.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

State = Literal["breached", "clear", "between", "unknown"]
"""between: neither bad enough to open nor good enough to close; unknown: nothing can be said."""


@dataclass(frozen=True, order=True)
class Subject:
    """Whom or what an alert is about, below its rule: a KPI of a member, a certificate, a file.

    `thing` is the kpi_id or the kind of thing (certificate, source, …); dimension and member say
    whose; `item` names one of several of the same member and is empty for KPIs.
    """

    thing: str
    dimension: str = "programme"
    member: str = "all"
    item: str = ""

    @property
    def key(self) -> str:
        return "|".join((self.thing, self.dimension, self.member, self.item))

    @classmethod
    def of_key(cls, key: str) -> Subject:
        """The subject that has this key."""
        return cls(*key.split("|", 3))


@dataclass(frozen=True)
class Reading:
    """What a rule found for a subject at one moment.

    moment: start of the complete period that was judged; of rules without periods, the day.
    run: how many periods in a row were in this state, this one included (a period of which nothing
    is known neither counts nor ends a run); since: the first of them.
    stage: rises as the matter gets worse (a reminder at 90, 60, 30, 7 days is -90, -60, -30, -7,
    and 1 after the end); each is told once. facts: numbers and words that a message needs, fit for
    JSON; no personal values.
    """

    rule_id: str
    subject: Subject
    moment: date
    state: State
    run: int
    since: date
    stage: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
