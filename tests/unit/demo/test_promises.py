"""What the demo's exports promise by a day: onboarding and roadmap.

Does not belong here: promises of the support (test_support.py).
"""

from __future__ import annotations

from datetime import date
from statistics import median

from tests.unit.demo.exported import Demo, good_rows


def test_most_steps_of_onboarding_are_done_by_their_day(demo: Demo) -> None:
    _, truth = demo
    found = good_rows(demo, "prm", "onboarding_step")
    newest = {(r["partner_id"], r["step"]): r for r in found}
    assert len({step for _, step in newest}) == 7
    partners = {r["partner_id"]: r for r in good_rows(demo, "prm", "partner")}
    assert {partner for partner, _ in newest} == set(partners)
    for row in newest.values():
        assert row["due_on"] > partners[row["partner_id"]]["contract_start"]
        assert row["completed_on"] <= truth.as_of.isoformat()
    due = [r for r in newest.values() if r["due_on"] <= truth.as_of.isoformat()]
    in_time = [r for r in due if r["completed_on"] and r["completed_on"] <= r["due_on"]]
    assert 0.65 < len(in_time) / len(due) < 0.9
    # What was open in the older export and is done in the newer one.
    assert any(not r["completed_on"] and newest[r["partner_id"], r["step"]] != r for r in found)


def test_three_of_four_promises_are_kept_and_launches_take_about_a_quarter(demo: Demo) -> None:
    _, truth = demo
    newest = {r["item_id"]: r for r in good_rows(demo, "roadmap", "item")}.values()
    assert {r["kind"] for r in newest} == {"roadmap", "joint_launch"}
    assert all(r["committed_on"] <= r["due_on"] for r in newest)
    assert all(r["delivered_on"] <= truth.as_of.isoformat() for r in newest)
    due = [r for r in newest if r["kind"] == "roadmap" and r["due_on"] <= truth.as_of.isoformat()]
    kept = [r for r in due if r["delivered_on"] and r["delivered_on"] <= r["due_on"]]
    assert 0.6 < len(kept) / len(due) < 0.9
    assert {bool(r["partner_id"]) for r in due} == {True, False}
    cycles = [
        (date.fromisoformat(r["delivered_on"]) - date.fromisoformat(r["approved_on"])).days
        for r in newest
        if r["kind"] == "joint_launch" and r["delivered_on"]
    ]
    assert min(cycles) > 0 and 60 < median(cycles) < 120
