"""Reminders, promises, silence and the state of the data: what is read of a snapshot, since when.

Belongs here: the rules that list what is breached. Does not belong here: KPIs against bounds, or
what follows from a reading (test_lifecycle.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from partner_kpis.alerts import words
from partner_kpis.alerts.due_readings import stage
from partner_kpis.alerts.list_readings import ListRule, listed_readings
from partner_kpis.alerts.readings import Reading, Subject
from partner_kpis.alerts.rules import (
    DataRule,
    DataThing,
    DormantRule,
    DueRule,
    DueThing,
    LateRule,
    LateThing,
)
from partner_kpis.policies import Policies
from partner_kpis.serving import Snapshot
from tests.unit.alerts.snapshot_file import AS_OF, Rows, write_snapshot

Read = Callable[..., list[Reading]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Readings of a rule on a snapshot of these tables."""

    def of(rule: ListRule, *, without: Sequence[tuple[str, str]] = (), **tables: Rows) -> Any:
        path = write_snapshot(tmp_path / "partner_kpis.duckdb", tables, without=without)
        with Snapshot(path) as snapshot:
            return listed_readings(snapshot, rule, Policies(), AS_OF)

    return of


def said(reading: Reading, lang: str = "en") -> str:
    return words._thing_line(reading.facts, lang)


def partner(partner_id: str = "P1", **more: Any) -> dict[str, Any]:
    return {"partner_id": partner_id, "name": partner_id, "status": "contracted"} | more


def certificate(person: str, expires_on: date | None, **more: Any) -> dict[str, Any]:
    return {
        "partner_id": "P1", "person_key": person, "certification": "Basics",
        "issued_on": date(2024, 1, 1), "expires_on": expires_on,
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (date(2026, 9, 28), -90), (date(2026, 8, 30), -90), (date(2026, 8, 29), -60),
        (date(2026, 7, 31), -60), (date(2026, 7, 30), -30), (date(2026, 7, 8), -30),
        (date(2026, 7, 7), -7), (AS_OF, -7), (date(2026, 6, 29), 1), (date(2026, 5, 31), 1),
    ],
)  # fmt: skip
def test_the_stage_is_the_smallest_of_the_days_that_is_reached_and_one_more_after_the_end(
    end: date, expected: int
) -> None:
    assert stage(end, [90, 60, 30, 7], AS_OF) == expected


def test_nothing_is_reached_before_the_first_of_the_days() -> None:
    with pytest.raises(ValueError, match="more than 90 days"):
        stage(date(2026, 9, 29), [90, 60], AS_OF)


def test_people_certified_together_are_one_reminder_without_their_keys(read: Read) -> None:
    ends = date(2026, 7, 20)
    readings = read(
        DueRule(id="rule", due="certificate"),
        partners=[partner(), partner("P2", status="ended")],
        certificates=[
            certificate("a1b2c3d4e5", ends),
            certificate("f6a7b8c9d0", ends),
            certificate("other-course", ends, certification="Advanced"),
            certificate("of-the-ended", ends, partner_id="P2"),
            certificate("of-nobody", ends, partner_id=None),
            certificate("far", date(2026, 9, 29)),
            certificate("long-ago", date(2026, 5, 30)),
            certificate("for-ever", None),
        ],
    )
    found = {reading.subject.item: reading for reading in readings}
    assert set(found) == {"Basics 2026-07-20", "Advanced 2026-07-20"}
    both = found["Basics 2026-07-20"]
    assert both.subject == Subject("certificate", "partner", "P1", "Basics 2026-07-20")
    assert (both.state, both.run, both.moment, both.stage) == ("breached", 1, AS_OF, -30)
    assert both.since == date(2026, 4, 21)  # 90 days before
    assert said(both) == "2 certificates expire on 20 Jul 2026"
    assert said(found["Advanced 2026-07-20"], "de") == "1 Zertifikat läuft am 20.07.2026 ab"
    assert "a1b2c3" not in repr(readings)


def test_a_later_certificate_of_the_same_person_renews_it(read: Read) -> None:
    readings = read(
        DueRule(id="rule", due="certificate"),
        partners=[partner()],
        certificates=[
            certificate("renewed", date(2026, 7, 1)),
            certificate("renewed", date(2028, 7, 1), issued_on=date(2026, 6, 1)),
            certificate("renewed-for-ever", date(2026, 7, 2)),
            certificate("renewed-for-ever", None, issued_on=date(2026, 6, 1)),
            certificate("other-course", date(2026, 7, 3)),
            certificate(
                "other-course", date(2028, 7, 3), issued_on=date(2026, 6, 1), certification="More"
            ),
            certificate("lapsed", date(2026, 6, 29)),
            certificate("new", date(2026, 7, 4), issued_on=date(2026, 6, 20)),
        ],
    )
    found = {reading.subject.item: reading for reading in readings}
    assert list(found) == ["Basics 2026-06-29", "Basics 2026-07-03", "Basics 2026-07-04"]
    assert found["Basics 2026-06-29"].stage == 1
    assert said(found["Basics 2026-06-29"]).endswith("expired on 29 Jun 2026 and was not renewed")
    assert found["Basics 2026-07-04"].since == date(2026, 6, 20)  # not before it was issued


def test_an_agreement_is_reminded_of_until_it_is_renewed_or_ended(read: Read) -> None:
    start = date(2024, 1, 1)
    readings = read(
        DueRule(id="rule", due="agreement"),
        partners=[
            partner("ends", contract_start=start, contract_end=date(2026, 7, 5)),
            partner("over", contract_start=start, contract_end=date(2026, 6, 1)),
            partner("renewed", contract_start=start, contract_end=date(2028, 6, 1)),
            partner("open", contract_start=start),
            partner("left", contract_end=date(2026, 7, 5), status="ended"),
            partner("to-come", contract_end=date(2026, 7, 5), status="upcoming"),
        ],
    )
    assert {r.subject.member: r.stage for r in readings} == {"over": 1, "ends": -7}
    assert [said(r, "de") for r in readings] == [
        "endete am 01.06.2026 und ist nicht verlängert", "endet am 05.07.2026",
    ]  # fmt: skip


def registration(name: str, **more: Any) -> dict[str, Any]:
    return {
        "registration_id": name, "partner_id": "P1", "status": "approved", "account_id": name,
        "submitted_on": date(2026, 4, 1), "decision_due_on": date(2026, 4, 3),
        "decided_on": date(2026, 4, 2), "protected_until": date(2026, 7, 10),
    } | more  # fmt: skip


def test_a_protection_is_reminded_of_while_the_deal_is_open_and_nothing_renews_it(
    read: Read,
) -> None:
    readings = read(
        DueRule(id="rule", due="protection", days=[14, 7]),
        partners=[partner()],
        opportunities=[
            {"opportunity_id": "O1", "is_open": True},
            {"opportunity_id": "O2", "is_open": False},
        ],
        registrations=[
            registration("near", opportunity_id="O1"),
            registration("closed", opportunity_id="O2"),
            registration("without-deal", account_id=None, protected_until=date(2026, 7, 3)),
            registration("renewed", account_id="A"),
            registration("renewal", account_id="A", protected_until=date(2027, 7, 3)),
            registration("far", protected_until=date(2026, 7, 15)),
        ],
    )
    found = {reading.subject.item: reading for reading in readings}
    assert {name: reading.stage for name, reading in found.items()} == {
        "near": -14, "without-deal": -7,
    }  # fmt: skip
    assert said(found["near"]) == "for customer near, ends on 10 Jul 2026"
    assert said(found["without-deal"]) == "ends on 3 Jul 2026"


def test_a_pending_registration_is_late_from_the_day_on_which_the_kpi_counts_it(
    read: Read,
) -> None:
    pending = {"status": "pending", "decided_on": None, "protected_until": None}
    readings = read(
        LateRule(id="rule", late="registration"),
        registrations=[
            registration("today", **pending, decision_due_on=AS_OF),
            registration("tomorrow", **pending, decision_due_on=date(2026, 7, 1)),
            registration("of-nobody", **pending, partner_id=None),
            registration("decided", decision_due_on=date(2026, 4, 3)),
        ],
    )
    assert {r.subject: r.since for r in readings} == {
        Subject("registration", "programme", "all", "of-nobody"): date(2026, 4, 3),
        Subject("registration", "partner", "P1", "today"): AS_OF,
    }
    assert said(readings[0], "de") == (
        "eingereicht am 01.04.2026, Entscheidung zugesagt bis 03.04.2026"
    )


def test_a_received_referral_without_an_answer_is_late_until_it_is_decided(read: Read) -> None:
    def referral(name: str, **more: Any) -> dict[str, Any]:
        return {
            "referral_id": name, "partner_id": "P1", "direction": "received",
            "status": "submitted", "submitted_on": date(2026, 6, 28),
            "response_due_on": date(2026, 6, 29),
        } | more  # fmt: skip

    readings = read(
        LateRule(id="rule", late="referral"),
        referrals=[
            referral("late"),
            referral("accepted", status="accepted"),
            referral("answered", first_response_hours=30.0),
            referral("lost", status="lost"),
            referral("sent", direction="sent"),
            referral("not-yet", response_due_on=date(2026, 7, 1)),
        ],
    )
    assert {r.subject.item for r in readings} == {"late", "accepted"}
    assert said(readings[0]) == "submitted on 28 Jun 2026, an answer was promised by 29 Jun 2026"


def freshness(entity: str, status: str = "fresh", until: date | None = AS_OF) -> dict[str, Any]:
    source, _, name = entity.partition("/")
    loaded = None if status in ("missing", "held") else datetime(2026, 7, 1, 3)
    return {
        "source": source, "entity": name, "status": status, "last_loaded_at": loaded,
        "data_until": None if status == "missing" else until,
    }  # fmt: skip


def test_a_partner_is_dormant_beyond_the_limit_of_its_tier(read: Read) -> None:
    long_ago = date(2020, 1, 1)
    readings = read(
        DormantRule(id="rule", dormant={"gold": 30, "silver": 60}),
        source_freshness=[freshness("prm/referral")],
        partners=[
            partner("at-limit", tier="gold", last_event_on=date(2026, 5, 31)),
            partner("beyond", tier="gold", last_event_on=date(2026, 5, 30)),
            partner("silver", tier="silver", last_event_on=date(2026, 5, 30)),
            partner("unlimited", tier="bronze", last_event_on=long_ago),
            partner("untiered", last_event_on=long_ago),
            partner("left", tier="gold", last_event_on=long_ago, status="ended"),
            partner("never", tier="gold", contract_start=date(2026, 5, 1)),
            partner("new", tier="gold", contract_start=date(2026, 6, 20)),
            partner("back", tier="gold", last_event_on=long_ago, contract_start=date(2026, 6, 1)),
            partner("undated", tier="gold"),
        ],
    )
    found = {reading.subject.member: reading for reading in readings}
    assert {name: reading.since for name, reading in found.items()} == {
        "beyond": date(2026, 6, 30), "never": date(2026, 6, 1),
    }  # fmt: skip
    assert said(found["beyond"]).startswith("last sign of life on 30 May 2026")
    assert said(found["never"], "de").startswith("kein Lebenszeichen seit Vertragsbeginn am 01.05.")


def test_late_exports_make_nobody_dormant(read: Read) -> None:
    rule = DormantRule(id="rule", dormant={"gold": 30})
    silent = [partner("silent", tier="gold", last_event_on=date(2026, 5, 20))]
    late = [
        freshness("prm/referral", "stale", date(2026, 6, 10)),
        freshness("salesforce/opportunity"),  # fresh, but it holds no signs of life
    ]
    assert not read(rule, partners=silent, source_freshness=late)
    assert read(rule, partners=silent, source_freshness=[*late, freshness("prm/mdf_claim")])
    nothing = [freshness("prm/referral", "missing"), freshness("salesforce/opportunity")]
    assert not read(rule, partners=silent, source_freshness=nothing)


def test_a_stale_export_is_told_from_its_first_day_without_data(read: Read) -> None:
    readings = read(
        DataRule(id="rule", data="stale"),
        source_freshness=[
            freshness("prm/referral", "stale", date(2026, 6, 10)), freshness("prm/partner"),
            freshness("sla/probe", "stale", None), freshness("hubspot/deal", "missing"),
        ],
    )  # fmt: skip
    assert {r.subject: r.since for r in readings} == {
        Subject("source", "source", "prm/referral"): date(2026, 6, 11),
        Subject("source", "source", "sla/probe"): AS_OF,
    }
    assert said(readings[0], "de") == "veraltet: Die Daten enden am 10.06.2026"


def kpi(kpi_id: str, needs: list[str], low: float | None = 0.5) -> dict[str, Any]:
    return {
        "kpi_id": kpi_id, "family": "value", "label_en": kpi_id, "label_de": kpi_id,
        "needs": needs, "dimensions": ["programme"], "corridor_low": low,
    }  # fmt: skip


def test_a_missing_export_is_one_alert_however_many_kpis_wait_for_it(read: Read) -> None:
    readings = read(
        DataRule(id="rule", data="missing"),
        source_freshness=[
            freshness("prm/partner"), freshness("salesforce/opportunity", "held"),
            freshness("hubspot/deal", "missing"), freshness("sla/probe", "missing"),
            freshness("salesforce/opportunity_partner", "missing"),
        ],
        kpi_catalogue=[
            kpi("a", ["crm", "survey/response"]),
            kpi("b", ["survey/response", "prm/partner"]),
            kpi("c", ["roles"]),  # opportunity_partner with a partner, who is there
            kpi("no-corridor", ["telemetry/event"], low=None),
        ],
    )  # fmt: skip
    assert {r.subject.member: r.facts["count"] for r in readings} == {
        "salesforce/opportunity_partner": 1, "survey/response": 2,
    }  # fmt: skip
    assert said(readings[1]) == (
        "missing; 2 KPIs with a corridor wait for it in landing/survey/response/"
    )


def test_a_file_that_waits_for_somebody_is_told_with_its_reason(read: Read) -> None:
    def file(name: str, status: str, *, is_open: bool, at: datetime) -> dict[str, Any]:
        return {
            "file_sha256": f"{name}{at}", "file_name": name, "source": "prm", "entity": "partner",
            "status": status, "is_open": is_open, "loaded_at": at, "reason": "It is {empty}.",
            "reason_de": "Sie ist {leer}.",
        }  # fmt: skip

    evening = datetime(2026, 6, 28, 22, 30)  # in Berlin the next day
    readings = read(
        DataRule(id="rule", data="held"),
        landing_ledger=[
            file("prm/partner/a.csv", "held", is_open=True, at=evening),
            file("prm/partner/a.csv", "refused", is_open=True, at=datetime(2026, 6, 1)),
            file("prm/partner/b.csv", "refused", is_open=True, at=evening),
            file("prm/partner/c.csv", "refused", is_open=False, at=evening),
            file("prm/partner/d.csv", "loaded", is_open=False, at=evening),
            file("x.csv", "refused", is_open=True, at=evening) | {"source": None, "entity": None},
        ],
    )
    found = {reading.subject: reading for reading in readings}
    mine = Subject("source", "source", "prm/partner", "prm/partner/a.csv")
    assert set(found) == {
        mine,
        Subject("source", "source", "prm/partner", "prm/partner/b.csv"),
        Subject("source", "source", "landing", "x.csv"),
    }
    assert found[mine].since == date(2026, 6, 29)
    assert said(found[mine], "de") == "zurückgehalten: Sie ist {leer}."
    assert said(readings[1]) == "refused: It is {empty}."


def test_broken_promises_are_told_once_each_and_the_volume_by_a_rule_of_its_own(
    read: Read,
) -> None:
    def finding(promise: str, finding: str = "contract_promise") -> dict[str, Any]:
        return {
            "finding": finding, "severity": "warning", "source": "prm", "entity": "referral",
            "subject": promise, "message_en": f"{promise} fails.",
            "message_de": f"{promise} bricht.",
        }  # fmt: skip

    findings = [
        finding("an_end_is_dated"), finding("an_end_is_dated"), finding("volume_is_as_before"),
        finding("freshness"), finding("P9", "partner_unknown"),
    ]  # fmt: skip
    contract = read(DataRule(id="rule", data="contract"), findings=findings)
    volume = read(DataRule(id="rule", data="volume"), findings=findings)
    assert [r.subject.key for r in contract] == ["source|source|prm/referral|an_end_is_dated"]
    assert [r.subject.item for r in volume] == ["volume_is_as_before"]
    assert said(contract[0], "de") == "prm/referral: an_end_is_dated bricht."


def test_a_snapshot_from_before_says_nothing_of_what_it_does_not_know(read: Read) -> None:
    older = [
        ("registrations", ""), ("referrals", "response_due_on"), ("partners", "last_event_on"),
    ]  # fmt: skip
    rules: list[ListRule] = [
        *(DueRule(id="rule", due=thing) for thing in get_args(DueThing)),
        *(LateRule(id="rule", late=thing) for thing in get_args(LateThing)),
        *(DataRule(id="rule", data=thing) for thing in get_args(DataThing)),
        DormantRule(id="rule"),
    ]
    for rule in rules:
        assert read(rule, without=older, source_freshness=[freshness("prm/referral")]) == []
