"""When a channel is quiet.

Belongs here: the hours themselves, on the clock of a zone. Does not belong here: what waits for
their end (delivery.py), or how they are written down (rules.py).
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from partner_kpis.alerts.rules import QuietHours, Severity

_SATURDAY = 5


def holds_back(hours: QuietHours | None, severity: Severity, at: datetime, zone: str) -> bool:
    """Whether a message of this severity waits at this moment; what is critical never does."""
    return hours is not None and severity != "critical" and is_quiet(hours, at, zone)


def is_quiet(hours: QuietHours, at: datetime, zone: str) -> bool:
    """Whether a moment lies in the hours: `from` is inside, `until` is not.

    The clock on the wall decides, so that a day of 23 or 25 hours needs no rule of its own. With
    `weekends`, Saturday and Sunday are quiet from midnight to midnight.
    """
    local = at.astimezone(ZoneInfo(zone))
    if hours.weekends and local.weekday() >= _SATURDAY:
        return True
    clock = local.time()
    if hours.start < hours.end:
        return hours.start <= clock < hours.end
    return clock >= hours.start or clock < hours.end
