"""The rules that hold without any configuration: they follow from the catalogue.

Belongs here: which rules these are, and why no more. Does not belong here: what a rule may say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, get_args

from partner_kpis.alerts.rules import (
    Condition,
    DataRule,
    DataThing,
    DormantRule,
    DueRule,
    DueThing,
    KpiRule,
    LateRule,
    LateThing,
    Rule,
    Scope,
    Severity,
)
from partner_kpis.serving import KpiDefinition

_PERIODS: Final = {"day": 3, "week": 2, "month": 1, "quarter": 1}
"""Complete periods in breach, by rhythm: one bad day is a day, one bad month is a month lost."""

_DATA: Final[dict[DataThing, Severity]] = {
    "stale": "warning", "missing": "info", "held": "critical", "contract": "warning",
    "volume": "warning",
}  # fmt: skip


def default_rules(kpis: Sequence[KpiDefinition]) -> list[Rule]:
    """A rule for each KPI of the programme that has a corridor; of the pinned ones also for each
    partner: all KPIs of all partners would tell of hundreds of small samples. Reminders, promises
    and the data itself have one rule each."""
    rules: list[Rule] = []
    for kpi in kpis:
        is_bounded = (kpi.corridor_low, kpi.corridor_high, kpi.corridor_target) != (None,) * 3
        if is_bounded and "programme" in kpi.dimensions:
            rules.append(_corridor(kpi))
        if is_bounded and kpi.pinned_position is not None and "partner" in kpi.dimensions:
            rules.append(_corridor(kpi, of_partners=True))
    days: dict[DueThing, list[int]] = {"protection": [14, 7]}
    rules += [
        DueRule(
            id=f"{thing}_expires", due=thing, severity="info", days=days.get(thing, [90, 60, 30, 7])
        )
        for thing in get_args(DueThing)
    ]
    rules += [LateRule(id=f"{thing}_late", late=thing) for thing in get_args(LateThing)]
    rules.append(
        DormantRule(id="partner_dormant", dormant=DormantRule.model_fields["dormant"].default)
    )
    rules += [
        DataRule(id=f"data_{thing}", data=thing, severity=_DATA[thing])
        for thing in get_args(DataThing)
    ]
    return rules


def _corridor(kpi: KpiDefinition, *, of_partners: bool = False) -> KpiRule:
    return KpiRule(
        id=f"{kpi.kpi_id}_of_partners" if of_partners else f"{kpi.kpi_id}_corridor",
        kpi=kpi.kpi_id,
        scope=Scope(dimension="partner" if of_partners else "programme"),
        when=Condition(outside="corridor"),
        periods=_PERIODS[kpi.rhythm] + (1 if of_partners else 0),
        severity="warning" if of_partners or kpi.pinned_position is None else "critical",
    )
