"""What the history of runs says of each asset, as `dagster dev` shows it.

Belongs here: events of real runs, read with Dagster's own reader. Does not belong here: numbers.
"""

from __future__ import annotations

import helpers
from dagster import AssetKey, EventLogRecord

from partner_kpis.home import DataHome
from pipelines.history import instance

POINTER = "dagster/input_event_pointer/"


def test_every_asset_names_the_events_that_it_was_made_of(demo_copy: DataHome) -> None:
    exports = sorted((demo_copy.landing / "salesforce" / "opportunity").glob("*.csv"))
    header, row, *_ = exports[0].read_text(encoding="utf-8").splitlines()
    exports[0].with_name("news.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    helpers.publish(demo_copy)
    events = made(demo_copy)
    assert len({record.run_id for record in events}) == 2
    assert_pointers_lead_to_the_last_events(events)


def made(home: DataHome) -> list[EventLogRecord]:
    """The events of all assets, in the order in which they were made."""
    with instance(home) as history:
        records = [
            record
            for key in history.get_asset_keys()
            for record in history.fetch_materializations(key, limit=10).records
        ]
    return sorted(records, key=lambda record: record.storage_id)


def assert_pointers_lead_to_the_last_events(events: list[EventLogRecord]) -> None:
    last: dict[AssetKey, int] = {}
    pointers = 0
    for record in events:
        assert record.asset_key is not None and record.asset_materialization is not None
        for tag, value in (record.asset_materialization.tags or {}).items():
            if tag.startswith(POINTER):
                key = AssetKey.from_user_string(tag.removeprefix(POINTER))
                assert value == str(last.get(key, "NULL")), (record.asset_key, key)
                pointers += 1
        last[record.asset_key] = record.storage_id
    assert pointers > len(last)
