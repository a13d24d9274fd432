"""The support's exports of the demo. Does not belong here: other exports."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.unit.demo.exported import Demo, good_rows


def test_tickets_are_promised_a_reply_by_priority_and_mostly_get_it(demo: Demo) -> None:
    found = {r["id"]: r for r in good_rows(demo, "support", "zendesk_ticket")}.values()
    promises = {(r["priority"], r["sla_first_reply_minutes"]) for r in found}
    assert promises == {
        ("urgent", "60"), ("high", "240"), ("normal", "480"), ("low", "1440"), ("", "")
    }  # fmt: skip
    promised = [r for r in found if r["sla_first_reply_minutes"] and r["status"] != "deleted"]
    in_time = [r for r in promised if r["first_replied_at"] and replied_in_time(r)]
    assert 0.85 < len(in_time) / len(promised) < 0.99


def replied_in_time(row: dict[str, str]) -> bool:
    created, replied = (datetime.fromisoformat(row[c]) for c in ("created_at", "first_replied_at"))
    return replied <= created + timedelta(minutes=int(row["sla_first_reply_minutes"]))


def test_a_later_export_brings_tickets_that_went_on(demo: Demo) -> None:
    rows = good_rows(demo, "support", "zendesk_ticket")
    first: dict[str, dict[str, str]] = {}
    changed = 0
    for row in rows:
        older = first.setdefault(row["id"], row)
        changed += older is not row
        assert row["created_at"] == older["created_at"]
        assert row["updated_at"] >= older["updated_at"]
        assert row["created_at"] <= (row["first_replied_at"] or row["updated_at"])
    assert changed > 0
    statuses = {r["status"] for r in rows}
    assert statuses == {"open", "pending", "solved", "closed", "deleted"}


def test_those_who_ask_are_customers(demo: Demo) -> None:
    accounts = {r["Id"] for r in good_rows(demo, "salesforce", "account")}
    asking = {r["organization_id"] for r in good_rows(demo, "support", "zendesk_ticket")}
    assert "" in asking and asking - {""} <= accounts
