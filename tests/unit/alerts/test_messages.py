"""Messages: each piece of news becomes one, and the same news the same one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from partner_kpis.alerts import lifecycle, messages
from partner_kpis.alerts.episodes import Book
from partner_kpis.alerts.events import Event, Opened, Queued
from partner_kpis.alerts.rules import AlertsFile, KpiRule
from partner_kpis.alerts.settings import AlertSettings
from partner_kpis.alerts.words import Names

AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
FACTS = {
    "period_type": "month", "period_start": "2026-08-01", "value": 0.2, "low": 0.25,
    "sample_size": 20, "recent": [0.3, 0.2],
}  # fmt: skip


class Office:
    """A home in which rules, channels and a book are as a test says."""

    def __init__(self, **file: object) -> None:
        declared = {
            "channels": {"team": {"url": "json://x", "lang": "de"}, "boss": {"url": "json://y"}},
            "defaults": {"channels": ["team"]},
            "roles": {"Management": ["boss"]},
        } | file
        rule = KpiRule.model_validate({"id": "low", "kpi": "k", "when": {"below": 0.25}})
        self.settings = AlertSettings(AlertsFile.model_validate(declared), {"low": rule})
        self.book = Book()
        self.queued: list[Queued] = []

    def happen(self, *events: Event, at: datetime = AT) -> list[Queued]:
        self.book.take(events)
        names = Names({}, {"P1": "Müller & Söhne GmbH"}, {}, "EUR")
        context = messages.Context(self.settings, names, self.book, lambda *_: ())
        told = lifecycle.told(self.book, events)
        new = [
            each
            for each in messages.queue(told, context, at)
            if each.message_id not in self.book.messages
        ]
        self.book.take(new)
        self.queued += new
        return new

    def pass_time(self, days: int) -> list[Queued]:
        at = AT + timedelta(days=days)
        return self.happen(*lifecycle.tick(self.book, at), at=at)


def _opened(
    member: str = "P1", ladder: tuple[tuple[int, str], ...] = ((2, "Management"),)
) -> Opened:
    return Opened(
        at=AT, episode_id=f"A-{member}", rule_id="low", subject=f"k|partner|{member}|",
        severity="warning", owner="Finance", moment=date(2026, 8, 1), since=date(2026, 7, 1),
        ladder=ladder, facts=FACTS,
    )  # fmt: skip


def test_each_step_of_the_ladder_becomes_a_message_also_after_a_snooze() -> None:
    office = Office()
    office.happen(_opened())
    assert [m.channel for m in office.pass_time(3)] == ["boss"]
    until = AT + timedelta(days=10)
    office.happen(*lifecycle.snooze(office.book, "A-P1", "Anna", until, "", AT + timedelta(days=4)))
    assert [m.tells[0][1] for m in office.pass_time(11)] == ["woke"]
    assert [(m.channel, m.tells[0][1]) for m in office.pass_time(14)] == [("boss", "escalated")]
    assert len({m.message_id for m in office.queued}) == len(office.queued) == 4


def test_the_end_is_told_to_whoever_heard_of_the_beginning() -> None:
    office = Office()
    office.happen(_opened())
    office.pass_time(3)
    changed = office.settings.file.model_copy(update={
        "defaults": office.settings.file.defaults.model_copy(update={"channels": []}),
    })  # fmt: skip
    office.settings = AlertSettings(changed, office.settings.rules)
    ended = lifecycle.judge(
        office.book, lifecycle.Terms("low", "warning"), [], AT, lambda s: lifecycle.Duty(),
        as_of=date(2026, 9, 1),
    )  # fmt: skip
    assert {m.channel for m in office.happen(*ended)} == {"team", "boss"}


def test_a_message_says_what_since_when_how_far_and_who_is_next_in_the_channels_language() -> None:
    (message,) = Office(dashboard_url="https://kpis.example.com/").happen(_opened())
    assert message.title == "[Warnung] k, Müller & Söhne GmbH: neu"
    for words in (
        "Seit: 01.07.2026", "Verantwortlich: Finanzabteilung",
        "Geschäftsleitung wird am 03.09.2026",
        "https://kpis.example.com/alerts?lang=de&alert=A-P1", "Meldung A-P1",
    ):  # fmt: skip
        assert words in message.body


def test_a_german_message_names_the_role_that_it_climbed_to_in_german() -> None:
    office = Office(roles={})
    office.happen(_opened())
    (message,) = office.pass_time(3)
    assert "Eskaliert an: Geschäftsleitung" in message.body
    own = Office(roles={})
    own.happen(_opened(ladder=((2, "Ida's management"), (9, "finance"))))
    (message,) = own.pass_time(3)
    assert "Eskaliert an: Ida's management" in message.body
    assert "finance wird am 10.09.2026" in message.body


def test_alerts_of_one_rule_share_a_message_and_a_long_one_counts_what_it_does_not_name() -> None:
    (message,) = Office().happen(*(_opened(f"P{number}") for number in range(40)))
    assert len(message.tells) == 40
    assert message.body.count("- [Warnung]") == 25
    assert "und 15 weitere" in message.body


def test_more_messages_than_a_digest_allows_become_one() -> None:
    office = Office(digest_over=2)
    rules = {
        name: KpiRule.model_validate({"id": name, "kpi": "k", "when": {"below": 1}})
        for name in ("low", "b", "c")
    }
    office.settings = AlertSettings(office.settings.file, rules)
    events = []
    for number, name in enumerate(rules):
        event = _opened(f"P{number}")
        events.append(Opened(**{**vars(event), "rule_id": name}))
    (message,) = office.happen(*events)
    assert len(message.tells) == 3


def test_without_a_channel_nothing_is_queued() -> None:
    assert Office(defaults={"channels": []}).happen(_opened()) == []
