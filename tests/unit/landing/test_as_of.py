"""The day up to which a home has news, found without a look at every day that it has."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from partner_kpis.landing.ledger import FileRecord, ProfileDay
from partner_kpis.landing.profile import default_as_of

NOW = datetime(2010, 11, 8, 12, tzinfo=UTC)


def record(days: list[tuple[datetime, datetime]], status: str = "loaded") -> FileRecord:
    profile = tuple(
        ProfileDay(
            first.date().isoformat(),
            *(at.isoformat(timespec="microseconds") for at in (first, last)),
            1,
        )
        for first, last in days
    )
    return FileRecord(
        record_id="r", run_id="r", source="s", entity="e", file_name="f", file_sha256="x",
        loaded_at="2010-11-08T00:00:00.000000", landed_seq=1, status=status,  # type: ignore[arg-type]
        profile=profile,
    )  # fmt: skip


def plainly(days: list[tuple[datetime, datetime]], zone: str) -> date:
    local = ZoneInfo(zone)
    today = NOW.astimezone(local).date()
    on = {at.replace(tzinfo=UTC).astimezone(local).date() for pair in days for at in pair}
    return max((day for day in on if day <= today), default=today)


# In St. John's the clock went back at one minute past midnight, to the day before.
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Pacific/Kiritimati", "America/St_Johns"])
def test_it_is_the_latest_local_day_that_is_not_in_the_future(zone: str) -> None:
    random = Random(5)
    for _ in range(300):
        begins = datetime(2010, 11, 7, 2, 25) + timedelta(minutes=random.randint(-3000, 3000))
        firsts = [begins + timedelta(seconds=random.randint(-90_000, 20_000)) for _ in range(4)]
        days = [(at, at + timedelta(microseconds=random.randint(0, 9_999_999))) for at in firsts]
        records = [record(days[:2]), record(days[2:])]
        assert default_as_of(records, NOW, zone) == plainly(days, zone)


def test_a_file_that_is_not_loaded_brings_no_news() -> None:
    loaded = [(datetime(2010, 11, 1), datetime(2010, 11, 1, 5))]
    later = [(datetime(2010, 11, 3), datetime(2010, 11, 3, 5))]
    records = [record(loaded), record(later, "held")]
    assert default_as_of(records, NOW, "UTC") == date(2010, 11, 1)
    assert default_as_of(records, NOW, "UTC", ("loaded", "held")) == date(2010, 11, 3)
    assert default_as_of([], NOW, "UTC") == NOW.date()
