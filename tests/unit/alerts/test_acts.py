"""What people do with alerts, on real homes."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from partner_kpis.alerts import acts
from partner_kpis.alerts.log import AlertLog
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from tests.dashboards.alert_fixture import NOW, opened, write


@pytest.fixture
def home(tmp_path: Path) -> DataHome:
    home = DataHome.at(tmp_path / "home").create()
    write(home, [opened("A-1234ABCD"), opened("A-99990000", rule="other")])
    return home


def test_each_act_is_in_the_log_with_who_when_and_why(home: DataHome) -> None:
    taken = acts.acknowledge(home, "a-1234", " Jana ", " calling them ", at=NOW)
    assert (taken.state, taken.acknowledged_by) == ("acknowledged", "Jana")
    quiet = acts.snooze(home, "A-99990000", "Ole", date(2026, 10, 29), at=NOW)
    assert (quiet.state, quiet.snoozed_until) == ("snoozed", datetime(2026, 10, 29, 5, tzinfo=UTC))
    ended = acts.resolve(home, "A-1234ABCD", "Jana", "retrained", at=NOW + timedelta(hours=1))
    assert (ended.state, ended.ending) == ("resolved", "person")
    book = AlertLog(home).book()
    told = [(type(e).__name__, getattr(e, "by", ""), getattr(e, "why", ""))
            for e in book.episodes["A-1234ABCD"].history]  # fmt: skip
    assert told == [
        ("Opened", "", ""), ("Acknowledged", "Jana", "calling them"),
        ("Resolved", "Jana", "retrained"),
    ]  # fmt: skip


def test_what_is_refused_is_not_in_the_log(home: DataHome) -> None:
    before = AlertLog(home).path.read_bytes()
    with pytest.raises(UserError, match="who you are"):
        acts.acknowledge(home, "A-1234ABCD", " ", "")
    with pytest.raises(UserError, match="why"):
        acts.resolve(home, "A-1234ABCD", "Jana", " ")
    with pytest.raises(UserError, match="future"):
        acts.snooze(home, "A-1234ABCD", "Jana", NOW.date(), at=NOW)
    with pytest.raises(UserError, match="no alert 'A-7'"):
        acts.acknowledge(home, "A-7", "Jana")
    assert AlertLog(home).path.read_bytes() == before


def test_of_two_who_acknowledge_at_once_one_hears_of_the_other(home: DataHome) -> None:
    said: list[str] = []

    def take(who: str) -> None:
        try:
            acts.acknowledge(home, "A-1234ABCD", who, at=NOW)
        except UserError as error:
            said.append(str(error))

    both = [threading.Thread(target=take, args=(who,)) for who in ("Jana", "Ole")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    by = AlertLog(home).book().episodes["A-1234ABCD"].acknowledged_by
    assert by in ("Jana", "Ole")
    assert said == [f"A-1234ABCD was acknowledged by {by} already."]


def test_a_home_that_cannot_be_written_is_a_sentence(home: DataHome) -> None:
    log = AlertLog(home).path
    log.with_suffix(".lock").unlink()
    log.with_suffix(".lock").mkdir()
    with pytest.raises(UserError, match="cannot be written"):
        acts.acknowledge(home, "A-1234ABCD", "Jana")
    with pytest.raises(UserError, match="no data home"):
        acts.acknowledge(DataHome.at(home.root / "nowhere"), "A-1", "Jana")


def test_a_full_disk_is_a_sentence_too(home: DataHome, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, data: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("partner_kpis.alerts.log.os.write", full)
    with pytest.raises(UserError, match="No space left"):
        acts.acknowledge(home, "A-1234ABCD", "Jana")
    monkeypatch.undo()
    assert AlertLog(home).book().episodes["A-1234ABCD"].state == "open"


def test_a_snooze_ends_in_the_morning_where_the_programme_reports(home: DataHome) -> None:
    home.policies_file.write_text("reporting_timezone: America/New_York\n", encoding="utf-8")
    quiet = acts.snooze(home, "A-1234ABCD", "Jana", date(2026, 10, 29), at=NOW)
    assert quiet.snoozed_until == datetime(2026, 10, 29, 10, tzinfo=UTC)
