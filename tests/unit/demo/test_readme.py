"""The README leads through the demo that is really made: names, ids, dates and planted numbers.

Belongs here: what DemoTruth knows. Does not belong here: published values, which a run must
compute first (tests/end_to_end/test_readme_numbers.py).
"""

from __future__ import annotations

import re
from datetime import date

from partner_kpis.home import project_root
from tests.unit.demo.exported import Demo, good_rows

TITLE = "## Five minutes with the demo"


def section() -> str:
    text = (project_root() / "README.md").read_text(encoding="utf-8")
    return text.split(TITLE)[1].split("\n## ")[0]


def in_words(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def test_the_tour_names_the_planted_partners_by_their_names_and_ids(demo: Demo) -> None:
    _, truth = demo
    names = {r["partner_id"]: r["name"] for r in good_rows(demo, "prm", "partner")}
    conflict = truth.channel_conflict
    planted = [
        truth.slow_activation.partner_id,
        truth.bad_month.partner_id,
        truth.star.partner_id,
        truth.dormant.partner_id,
        conflict.protected_partner_id,
        conflict.rival_partner_id,
    ]
    told = re.findall(r"\*([^*]+)\* \((P-\d{4})\)", section())
    assert told == [(names[p], p) for p in planted]
    assert f"a programme of {len(names)} partners" in section()


def test_the_tour_tells_planted_days_and_numbers(demo: Demo) -> None:
    home, truth = demo
    text, conflict, bad = section(), truth.channel_conflict, truth.bad_month
    assert f"from {truth.history_start:%B %Y} to {truth.as_of:%B %Y}" in text
    assert f"in {truth.slow_activation.since:%B %Y}, and slow ever since" in text
    assert f"{bad.month:%B %Y} stands at {100 * bad.uptime:.2f} %" in text
    assert f"{bad.component}, was down for {bad.down_minutes} minutes" in text
    assert in_words(truth.dormant.last_event_on) in text
    assert f"about {100 * truth.star.revenue_share:.0f} % of" in text
    assert in_words(conflict.protected_until) in text and in_words(conflict.submitted_on) in text
    for name in (
        conflict.customer_name,
        conflict.customer_account_id,
        conflict.protected_registration_id,
        conflict.rival_registration_id,
    ):
        assert name in text
    accounts = {r["Id"]: r["Name"] for r in good_rows(demo, "salesforce", "account")}
    assert accounts[conflict.customer_account_id] == conflict.customer_name
    files = set(re.findall(r"`([^`]+\.csv)`", text))
    there = {path.name for path in home.landing.rglob("*.csv")}
    assert files and files <= there
    assert f"{len(truth.bad_rows)} rows are in quarantine" in text
    assert [truth.bad_files[0].endswith(name) for name in files].count(True) == 1
