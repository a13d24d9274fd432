"""Readings of rules that name everything that is breached: reminders, promises, silence, data.

Belongs here: which module answers for which rule. Does not belong here: what any of them looks at
(due_readings.py, late_readings.py, data_readings.py), or what follows from it (lifecycle.py).
"""

from __future__ import annotations

from datetime import date

from partner_kpis.alerts.data_readings import data_readings
from partner_kpis.alerts.due_readings import due_readings
from partner_kpis.alerts.late_readings import dormant_readings, late_readings
from partner_kpis.alerts.readings import Reading
from partner_kpis.alerts.rules import DataRule, DormantRule, DueRule, LateRule
from partner_kpis.policies import Policies
from partner_kpis.serving import Snapshot

ListRule = DueRule | LateRule | DormantRule | DataRule


def listed_readings(
    snapshot: Snapshot, rule: ListRule, policies: Policies, as_of: date
) -> list[Reading]:
    """What the rule finds breached as of a day, each subject once; what it does not name has
    recovered.

    Each has run 1 and moment as_of. Its facts hold `key`, the text that says it, and its values:
    numbers, ISO days, and {"en": …, "de": …} for words.
    """
    match rule:
        case DueRule():
            return list(due_readings(snapshot, rule, as_of))
        case LateRule():
            return list(late_readings(snapshot, rule, as_of))
        case DormantRule():
            return list(dormant_readings(snapshot, rule, as_of))
        case DataRule():
            return list(data_readings(snapshot, rule, policies, as_of))
