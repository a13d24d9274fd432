"""Telemetry, status page, probes and Upptime's summary of the demo.

Belongs here: sources telemetry and sla with their planted truths. Does not belong here: how the
KPIs measure them.
"""

from __future__ import annotations

import json
import statistics
from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest

from tests.unit.demo.exported import BERLIN, Demo, day, events, good_rows, moment


def test_activation_of_the_slow_partner_slowed(demo: Demo) -> None:
    _, truth = demo
    slow = truth.slow_activation
    started: dict[tuple[str, str], datetime] = {}
    reached: dict[tuple[str, str], list[datetime]] = {}
    for event in events(demo):
        properties = event.get("properties", {})
        key = (event.get("context", {}).get("groupId"), properties.get("integration_id"))
        if event.get("event") == "Integration Installed":
            at = moment(event["timestamp"])
            started[key] = min(at, started.get(key, at))
        elif event.get("event") == "First Value Reached":
            reached.setdefault(key, []).append(moment(event["timestamp"]))
    by_month: dict[date, list[float]] = {}
    for key, start in started.items():
        later = [at for at in reached.get(key, []) if at >= start]
        if key[1] in slow.integration_ids and later:
            on = min(later).astimezone(BERLIN).date()
            days = (min(later) - start).total_seconds() / 86_400
            by_month.setdefault(on.replace(day=1), []).append(days)
    before = [d for month, found in by_month.items() if month < slow.since for d in found]
    since = [d for month, found in by_month.items() if month >= slow.since for d in found]
    assert statistics.median(before) == pytest.approx(slow.median_days_before, abs=0.01)
    assert statistics.median(since) == pytest.approx(slow.median_days_since, abs=0.01)
    assert 6.5 < slow.median_days_before < 9.5 and 22 < slow.median_days_since < 28
    assert all(len(found) >= 5 for found in by_month.values())
    for month, found in by_month.items():
        assert (statistics.median(found) > 18) == (month >= slow.since), month


def test_events_are_segment_lines_with_repeats_and_other_calls(
    demo: Demo,
) -> None:
    _, truth = demo
    kinds: Counter[str] = Counter()
    seen: dict[str, str] = {}
    repeated = late = 0
    for event in events(demo):
        kinds[event["type"]] += 1
        if event["type"] != "track" or "receivedAt" not in event:
            continue
        if event["messageId"] in seen:
            repeated += 1
            assert seen[event["messageId"]] == event["timestamp"]
        seen[event["messageId"]] = event["timestamp"]
        wait = moment(event["receivedAt"]) - moment(event["timestamp"])
        late += wait.days >= 1
    files = [f for f in truth.files if f.entity == "event"]
    assert repeated == sum(f.repeated_rows for f in files) > 0
    assert kinds["page"] + kinds["identify"] == sum(f.ignored_rows for f in files)
    assert kinds["page"] and kinds["identify"] and late > 20


def test_the_bad_month_is_in_the_status_page(demo: Demo) -> None:
    home, truth = demo
    bad = truth.bad_month
    newest: dict[str, dict[str, Any]] = {}
    for path in sorted(home.landing.glob("sla/statuspage_incident/*/incidents.json")):
        page = json.loads(path.read_text())
        assert page["page"]["id"] and len(page["incidents"]) <= 50
        for item in page["incidents"]:
            newest[item["id"]] = item
    assert len(newest) == 1 + max(int(key[1:]) for key in newest)  # the downloads overlap
    down: Counter[date] = Counter()
    for item in newest.values():
        names = [component["name"] for component in item["components"]]
        if bad.component in names and item["impact"] != "none" and item["resolved_at"]:
            length = moment(item["resolved_at"]) - moment(item["started_at"])
            down[day(item["started_at"]).replace(day=1)] += round(length.total_seconds())
    assert down[bad.month] == bad.down_minutes * 60
    assert bad.uptime < 0.99
    others = [seconds for month, seconds in down.items() if month != bad.month]
    assert max(others) / (28 * 86_400) < 0.008
    (page_file,) = home.landing.glob("sla/statuspage_maintenance/*/scheduled_maintenances.json")
    for item in json.loads(page_file.read_text())["scheduled_maintenances"]:
        if day(item["scheduled_for"]).replace(day=1) == bad.month:
            assert bad.component not in [c["name"] for c in item["components"]]
    probed = {row["integration_id"] for row in good_rows(demo, "sla", "probe")}
    assert bad.integration_id not in probed
    assert any(item["resolved_at"] is None for item in newest.values())


def test_probes_lie_half_an_hour_apart(demo: Demo) -> None:
    found = good_rows(demo, "sla", "probe")
    one = [
        moment(r["checked_at"]) for r in found if r["integration_id"] == found[0]["integration_id"]
    ]
    gaps = {(b - a).total_seconds() for a, b in pairwise(one)}
    assert gaps == {1800.0}
    down = [r for r in found if r["is_up"] == "false"]
    assert 0 < len(down) / len(found) < 0.01 and all(r["response_ms"] == "" for r in down)
    assert min(one).tzinfo == UTC


def test_upptime_watches_what_neither_probes_nor_the_status_page_see(demo: Demo) -> None:
    home, truth = demo
    (path,) = home.landing.glob("sla/upptime_summary/*/summary.json")
    summary = {service["slug"]: service for service in json.loads(path.read_text("utf-8"))}
    integrations = {r["integration_id"]: r for r in good_rows(demo, "registry", "integration")}
    probed = {row["integration_id"] for row in good_rows(demo, "sla", "probe")}
    pages = {r["status_page"] for r in integrations.values() if r["integration_id"] in probed}
    assert 0 < len(truth.on_upptime) < len(summary)
    for service in truth.on_upptime:
        row = integrations[service.integration_id]
        assert row["component"] == service.slug and service.integration_id not in probed
        # It names the repository as its page, so that the only landed page does not count.
        assert row["status_page"] and row["status_page"] not in pages
        down = summary[service.slug]["dailyMinutesDown"]
        assert down == service.minutes_down
        days = [date.fromisoformat(text) for text in down]
        assert truth.history_start <= days[0] == min(days) and max(days) <= truth.as_of
    for service in summary.values():
        assert {"name", "url", "status", "uptime", "uptimeDay", "time"} <= set(service)
