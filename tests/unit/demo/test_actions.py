"""What the demo's quarterly reviews agreed on, and which deals are confidential.

Does not belong here: how a review shows it (tests of reports).
"""

from __future__ import annotations

from collections import Counter

from partner_kpis.demo.world import DORMANT_PARTNER
from tests.unit.demo.exported import Demo, good_rows


def test_both_sides_agree_on_a_few_actions_in_each_of_the_last_three_quarters(demo: Demo) -> None:
    newest = {r["action_id"]: r for r in good_rows(demo, "qbr", "action")}.values()
    partners = {r["partner_id"]: r for r in good_rows(demo, "prm", "partner")}
    counts = Counter((r["partner_id"], r["quarter"], r["side"]) for r in newest)
    assert {quarter for _, quarter, _ in counts} == {"2026Q2", "2026Q3", "2026Q4"}
    assert {side for *_, side in counts} == {"us", "partner"}
    assert max(counts.values()) == 2
    assert len({partner for partner, *_ in counts}) > 0.85 * len(partners)
    assert {partner for partner, *_ in counts} <= set(partners)
    # The dormant partner agrees on nothing after its last sign of life in June.
    dormant = f"P-{DORMANT_PARTNER + 101:04d}"
    assert {q for partner, q, _ in counts if partner == dormant} == {"2026Q2"}


def test_most_actions_are_kept_and_the_rest_is_late_or_dropped(demo: Demo) -> None:
    _, truth = demo
    found = good_rows(demo, "qbr", "action")
    newest = {r["action_id"]: r for r in found}
    as_of = truth.as_of.isoformat()
    for row in newest.values():
        if row["status"] == "done":
            assert row["done_on"] <= min(row["due_on"], as_of)
        elif row["status"] == "late":
            assert row["due_on"] < (row["done_on"] or as_of)
        else:
            assert not row["done_on"]
        assert row["status"] != "open" or row["due_on"] >= as_of
    past = [r for r in newest.values() if r["quarter"] == "2026Q2"]
    share = {status: n / len(past) for status, n in Counter(r["status"] for r in past).items()}
    assert set(share) == {"done", "late", "dropped"}
    assert 0.55 < share["done"] < 0.8 and 0.02 < share["dropped"] < 0.12
    # What was not done in the older export and is in the newer one.
    assert any(not r["done_on"] and newest[r["action_id"]]["done_on"] for r in found)


def test_actions_are_agreed_on_in_the_language_of_the_partner(demo: Demo) -> None:
    region = {r["partner_id"]: r["region"] for r in good_rows(demo, "prm", "partner")}
    texts: dict[bool, set[str]] = {True: set(), False: set()}
    for row in good_rows(demo, "qbr", "action"):
        texts[region[row["partner_id"]] == "DACH"].add(row["text"])
    assert not texts[True] & texts[False]
    assert "Zwei weitere Personen zertifizieren lassen" in texts[True]
    assert "Certify two more people" in texts[False]


def test_a_few_deals_are_confidential_from_their_first_day(demo: Demo) -> None:
    said: dict[str, set[str]] = {}
    for row in good_rows(demo, "salesforce", "opportunity"):
        said.setdefault(row["Id"], set()).add(row["Is_Confidential__c"])
    assert all(len(values) == 1 for values in said.values())
    share = sum(values == {"true"} for values in said.values()) / len(said)
    assert 0.02 < share < 0.06
