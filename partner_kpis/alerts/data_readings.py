"""Readings of the data themselves: stale, missing or held exports, and promises they broke.

Belongs here: which of what a snapshot says about its data is worth an alert. Does not belong here:
checking a promise (contracts), or values of KPIs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from partner_kpis.alerts.readings import Reading, Subject
from partner_kpis.alerts.rules import DataRule
from partner_kpis.policies import Policies
from partner_kpis.serving import Entity, Snapshot, deadlines, landing_folder, quality, unmet

_VOLUME: Final = "volume_is_as_before"  # every contract makes this promise (a test holds it)
_FRESHNESS: Final = "freshness"  # told as stale


def data_readings(
    snapshot: Snapshot, rule: DataRule, policies: Policies, as_of: date
) -> Iterator[Reading]:
    """One reading for each export, file or promise that the rule asks after."""
    match rule.data:
        case "stale":
            return _stale(snapshot, rule, as_of)
        case "missing":
            return _missing(snapshot, rule, as_of)
        case "held":
            return _held(snapshot, rule, policies, as_of)
        case "contract" | "volume":
            return _broken(snapshot, rule, as_of)


def _stale(snapshot: Snapshot, rule: DataRule, as_of: date) -> Iterator[Reading]:
    """since: the first day without data."""
    for row in snapshot.freshness().filter(status="stale").iter_rows(named=True):
        until: date | None = row["data_until"]
        facts = {"key": "alert.data.stale", "day": until.isoformat()} if until else {
            "key": "alert.data.stale.never"
        }  # fmt: skip
        since = until + timedelta(days=1) if until else as_of
        yield _reading(rule, (row["source"], row["entity"]), as_of, since, facts)


def _missing(snapshot: Snapshot, rule: DataRule, as_of: date) -> Iterator[Reading]:
    """Exports that KPIs with a corridor wait for; of several ways to meet a need the nearest."""
    freshness = snapshot.freshness()
    there = quality.landed(freshness) | set(
        freshness.filter(status="held").select("source", "entity").iter_rows()
    )
    waiting: dict[Entity, set[str]] = defaultdict(set)
    for kpi in snapshot.catalogue():
        if (kpi.corridor_low, kpi.corridor_high, kpi.corridor_target) == (None,) * 3:
            continue
        for alternatives in unmet(kpi.needs, there):
            for entity in alternatives[0]:
                waiting[entity].add(kpi.kpi_id)
    for entity, kpis in sorted(waiting.items()):
        key = "alert.data.missing.one" if len(kpis) == 1 else "alert.data.missing"
        facts = {"key": key, "count": len(kpis), "folder": landing_folder(entity)}
        yield _reading(rule, entity, as_of, as_of, facts)


def _held(snapshot: Snapshot, rule: DataRule, policies: Policies, as_of: date) -> Iterator[Reading]:
    """Files that wait for somebody, held and refused ones; since: the day they were read."""
    zone = ZoneInfo(policies.reporting_timezone)
    named: set[str] = set()
    for row in quality.open_files(snapshot).iter_rows(named=True):
        name = row["file_name"]
        if name in named:  # an older state of the same file
            continue
        named.add(name)
        loaded: datetime | None = row["loaded_at"]
        since = loaded.replace(tzinfo=UTC).astimezone(zone).date() if loaded else as_of
        english = row["reason"] or ""
        facts = {
            "key": f"alert.data.{row['status']}",
            "reason": {"en": english, "de": row.get("reason_de") or english},
        }
        entity = (row["source"], row["entity"]) if row["source"] and row["entity"] else None
        yield _reading(rule, entity, as_of, since, facts, item=name)


def _broken(snapshot: Snapshot, rule: DataRule, as_of: date) -> Iterator[Reading]:
    """Broken promises of the exports; the volume has a rule of its own, freshness is `stale`."""
    for row in deadlines.broken_promises(snapshot).iter_rows(named=True):
        promise, entity = row["promise"], (row["source"], row["entity"])
        if promise == _FRESHNESS or (promise == _VOLUME) != (rule.data == "volume"):
            continue
        facts = {
            "key": "alert.data.contract",
            "export": "/".join(entity),
            "said": {"en": row["message_en"], "de": row["message_de"]},
        }
        yield _reading(rule, entity, as_of, as_of, facts, item=promise)


def _reading(
    rule: DataRule,
    entity: Entity | None,
    as_of: date,
    since: date,
    facts: dict[str, Any],
    *,
    item: str = "",
) -> Reading:
    member = "/".join(entity) if entity else "landing"
    return Reading(
        rule_id=rule.id, subject=Subject("source", "source", member, item), moment=as_of,
        state="breached", run=1, since=since, facts=facts,
    )  # fmt: skip
