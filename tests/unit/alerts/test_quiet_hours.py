"""When a channel is quiet: on the clock on the wall, over midnight, on weekends, on days of change.

In Berlin 2026, clocks go from 2:00 to 3:00 on 29 March and from 3:00 to 2:00 on 25 October.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from partner_kpis.alerts.quiet_hours import holds_back, is_quiet
from partner_kpis.alerts.rules import QuietHours

BERLIN = "Europe/Berlin"
NIGHT = {"from": "22:00", "until": "07:00"}
LUNCH = {"from": "12:00", "until": "13:30"}
NIGHT_AND_WEEKEND = {**NIGHT, "weekends": True}
SMALL_HOURS = {"from": "01:00", "until": "02:30"}
SECOND_HOUR = {"from": "02:00", "until": "03:00"}


def quiet(hours: dict[str, Any], local: str, fold: int = 0) -> bool:
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(BERLIN), fold=fold)
    utc = at.astimezone(ZoneInfo("UTC"))
    assert is_quiet(QuietHours.model_validate(hours), at, BERLIN) == is_quiet(
        QuietHours.model_validate(hours), utc, BERLIN
    )
    return is_quiet(QuietHours.model_validate(hours), utc, BERLIN)


@pytest.mark.parametrize(
    ("hours", "local", "expected"),
    [
        (LUNCH, "2026-03-12T11:59:59", False),
        (LUNCH, "2026-03-12T12:00", True),
        (LUNCH, "2026-03-12T13:29:59", True),
        (LUNCH, "2026-03-12T13:30", False),
        (NIGHT, "2026-03-12T21:59", False),
        (NIGHT, "2026-03-12T22:00", True),
        (NIGHT, "2026-03-13T00:00", True),
        (NIGHT, "2026-03-13T06:59", True),
        (NIGHT, "2026-03-13T07:00", False),
        (NIGHT, "2026-03-14T12:00", False),  # a Saturday like any other day
        (NIGHT_AND_WEEKEND, "2026-03-13T21:59", False),  # Friday
        (NIGHT_AND_WEEKEND, "2026-03-14T12:00", True),
        (NIGHT_AND_WEEKEND, "2026-03-15T21:00", True),
        (NIGHT_AND_WEEKEND, "2026-03-16T06:59", True),  # Monday: the night is not over
        (NIGHT_AND_WEEKEND, "2026-03-16T07:00", False),
        ({**LUNCH, "weekends": True}, "2026-03-16T00:00", False),
        (NIGHT, "2026-03-29T06:59", True),  # the night of 8 hours
        (NIGHT, "2026-03-29T07:00", False),
        (NIGHT, "2026-10-25T06:59", True),  # the night of 10 hours
        (NIGHT, "2026-10-25T07:00", False),
    ],
)
def test_quiet_hours(hours: dict[str, Any], local: str, expected: bool) -> None:
    assert quiet(hours, local) is expected


@pytest.mark.parametrize(
    ("hours", "utc", "expected"),
    [
        (SMALL_HOURS, "2026-03-29T00:59", True),  # 1:59
        (SMALL_HOURS, "2026-03-29T01:00", False),  # 3:00: there was no half past two
        (SECOND_HOUR, "2026-03-29T00:59", False),
        (SECOND_HOUR, "2026-03-29T01:00", False),  # the hour is left out, and its quiet with it
        (SECOND_HOUR, "2026-10-24T23:59", False),  # 1:59
        (SECOND_HOUR, "2026-10-25T00:30", True),  # 2:30 for the first time
        (SECOND_HOUR, "2026-10-25T01:30", True),  # 2:30 for the second time
        (SECOND_HOUR, "2026-10-25T02:00", False),  # 3:00
    ],
)
def test_quiet_hours_on_days_when_clocks_change(
    hours: dict[str, Any], utc: str, expected: bool
) -> None:
    at = datetime.fromisoformat(f"{utc}+00:00")
    assert is_quiet(QuietHours.model_validate(hours), at, BERLIN) is expected


def test_what_is_critical_is_never_held_back() -> None:
    hours = QuietHours.model_validate(NIGHT_AND_WEEKEND)
    at = datetime.fromisoformat("2026-03-14T23:00+00:00")
    assert holds_back(hours, "warning", at, BERLIN)
    assert holds_back(hours, "info", at, BERLIN)
    assert not holds_back(hours, "critical", at, BERLIN)
    assert not holds_back(None, "warning", at, BERLIN)
