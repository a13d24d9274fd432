"""The commands that act on alerts answer, and refuse, in the language that was asked for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from partner_kpis.home import DataHome
from tests.conftest import Command
from tests.dashboards.alert_fixture import evaluated, opened, write
from tests.unit.alerts.delivery_world import Receiver, message, queue, settle
from tests.unit.alerts.snapshot_file import write_snapshot


@pytest.fixture
def alerted(home: DataHome) -> DataHome:
    names = ("A-1111AAAA", "A-2222BBBB", "A-3333CCCC", "A-33334444")
    write(home, [*(opened(name, rule=name) for name in names), evaluated()])
    return home


ACTS = [
    (("ack", "A-1111", "--by", "Jörg"),
     "A-1111AAAA is acknowledged by Jörg; it stays quiet until it ends.",
     "A-1111AAAA ist von Jörg bestätigt und bleibt still, bis sie endet."),
    (("snooze", "A-2222", "--by", "Jörg", "--until", "2099-12-24"),
     "A-2222BBBB is quiet until 24 Dec 2099; if it is still open then, it is told again.",
     "A-2222BBBB ist bis 24.12.2099 zurückgestellt; ist sie dann noch offen, wird sie erneut"
     " mitgeteilt."),
    (("resolve", "A-3333C", "--by", "Jörg", "--why", "bezahlt"),
     "A-3333CCCC is resolved. It opens anew only by a later period.",
     "A-3333CCCC ist erledigt. Sie öffnet sich erst mit einem späteren Zeitraum neu."),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "english", "german"), ACTS)
def test_an_act_is_answered_in_the_language(
    command: Command, alerted: DataHome, typed: tuple[str, ...], english: str, german: str
) -> None:
    before = alerted.alert_log.read_bytes()
    for lang, said in (("en", english), ("de", german)):
        alerted.alert_log.write_bytes(before)
        told = command("alerts", *typed, "--home", alerted.root, "--lang", lang)
        assert (told.code, told.out, told.err) == (0, f"{said}\n", "")


FAULTS = [
    (("ack", "A-9"), "Die Meldung „A-9“ gibt es nicht; "),
    (("ack", "A-3333"), "Mit „A-3333“ beginnen die Kennungen von 2 Meldungen; "),
    (("ack", "A-1", "--by", " "), "Sagen Sie, wer Sie sind, "),
    (("ack", "A-1", "--by", "J\udce4rg"), "Der Text enthält Bytes, die kein UTF-8 sind; "),
    (("resolve", "A-1", "--by", "Ida", "--why", " "), "Sagen Sie, warum sie erledigt ist: "),
    (("snooze", "A-1", "--by", "Ida", "--until", "morgen"), "„morgen“ ist kein Tag; "),
    (("snooze", "A-1", "--by", "Ida", "--until", "2020-01-01"), "Eine Zurückstellung endet in "),
    (("show", "A-9"), "Die Meldung „A-9“ gibt es nicht; "),
    (("list", "--severity", "kritical"), "Die Schwere „kritical“ gibt es nicht (meinten Sie "),
    (("list", "--format", "xml"), "Das Format ist table, csv oder json, nicht „xml“."),
    (("send",), "wurde noch nichts veröffentlicht. Ergebnisse entstehen mit: "),
    (("test", "oops"), "nicht (meinten Sie „ops“?)."),
    (("test", "unset"), "Der Kanal „unset“ liest seine Adresse aus NOT_SET_HERE."),
    (("test", "odd"), "Die Adresse des Kanals „odd“ ist nicht verwendbar."),
    (("test", "ops"), "hat die Testnachricht nicht angenommen (Verbindung abgelehnt)."),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "german"), FAULTS)
def test_what_is_refused_is_said_in_the_language(
    command: Command, alerted: DataHome, typed: tuple[str, ...], german: str
) -> None:
    with Receiver() as closed:  # its address, once nobody listens there any more
        address = closed.address()
    settle(alerted, {"ops": address, "odd": "nosuch://host", "unset": {"url_env": "NOT_SET_HERE"}})
    told = command("alerts", *typed, "--home", alerted.root, "--lang", "de")
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith("Fehler: ") and german in told.err
    english = command("alerts", *typed, "--home", alerted.root)
    assert english.err.startswith("Error: ") and german not in english.err


def test_what_was_done_before_is_refused_in_the_language(
    command: Command, alerted: DataHome
) -> None:
    german = ("--home", alerted.root, "--by", "Ida", "--lang", "de")
    command("alerts", "ack", "A-1", *german)
    again = command("alerts", "ack", "A-1", *german)
    assert again.err == "Fehler: A-1111AAAA wurde bereits von Ida bestätigt.\n"
    command("alerts", "resolve", "A-1", *german, "--why", "bezahlt")
    ended = command("alerts", "ack", "A-1", *german)
    assert ended.err == "Fehler: A-1111AAAA ist bereits beendet; es ist nichts mehr zu tun.\n"


def test_a_home_or_a_log_that_cannot_be_used_is_said_in_the_language(
    command: Command, alerted: DataHome
) -> None:
    ack = ("alerts", "ack", "A-1", "--by", "Ida", "--lang", "de", "--home")
    nowhere = command(*ack, alerted.root / "nowhere").err
    assert nowhere.startswith("Fehler: Unter ") and "gibt es kein Datenverzeichnis" in nowhere
    status = command("status", "--home", alerted.root / "nowhere", "--lang", "de")
    assert status.err == nowhere
    alerted.alert_log.write_text("no event\n", encoding="utf-8")
    broken = command(*ack, alerted.root).err
    assert "lässt sich nicht lesen (line 1: " in broken and "Sicherung" in broken


def test_an_error_without_german_words_is_english_from_its_beginning(
    command: Command, alerted: DataHome
) -> None:
    alerted.alerts_file.write_text("channel: {}\n", encoding="utf-8")
    told = command("alerts", "test", "ops", "--home", alerted.root, "--lang", "de")
    assert (told.code, told.err.startswith("Error: ")) == (1, True)


def test_sending_counts_in_the_language(command: Command, alerted: DataHome) -> None:
    write_snapshot(alerted.snapshot_db, {})
    write(alerted, [evaluated(datetime.now(UTC), "s1")])
    told = command("alerts", "send", "--home", alerted.root, "--lang", "de")
    assert (told.code, told.out) == (0, "0 Nachrichten gesendet, 0 warten.\n")
    english = command("alerts", "send", "--home", alerted.root)
    assert english.out == "0 messages sent, 0 waiting.\n"


def test_sending_now_does_not_wait_for_the_pause(command: Command, alerted: DataHome) -> None:
    write_snapshot(alerted.snapshot_db, {})
    send = ("alerts", "send", "--home", alerted.root)
    with Receiver(script=[500]) as receiver:
        settle(alerted, {"ops": receiver.address()})
        command(*send)  # holds the rules of the file against the snapshot
        queue(alerted, [message("a")])
        assert command(*send).code == command(*send).code == 3
        told = command(*send, "--now")
    assert (told.code, told.out) == (0, "1 message sent, 0 waiting.\n")
    assert len(receiver.asked) == 2


def test_a_channel_that_takes_a_test_is_named_in_the_language(
    command: Command, alerted: DataHome
) -> None:
    with Receiver() as receiver:
        settle(alerted, {"ops": receiver.address()})
        told = command("alerts", "test", "ops", "--home", alerted.root, "--lang", "de")
    assert told.out.startswith("Der Kanal ops hat eine Nachricht angenommen; ")
