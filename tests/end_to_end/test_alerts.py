"""Alerts of the published demo, as a person meets them: on the command line, in Dagster, in a log.

Belongs here: a run judges, commands show and act, channels hear. Does not belong here: days of it
(test_alert_days.py), the state machine and delivery by themselves (tests/unit/alerts).
"""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from conftest import PublishedDemo
from helpers import publish, run_job, table

from partner_kpis.alerts.events import Evaluated
from partner_kpis.alerts.log import AlertLog
from partner_kpis.alerts.tick import tick
from partner_kpis.alerts.words import headline, names_of
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.serving import Snapshot
from partner_kpis.warehouse import code_version
from tests.conftest import Command


@contextmanager
def receiver() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A webhook: its address, and what it was told."""
    heard: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            heard.append(json.loads(self.rfile.read(length)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"json://127.0.0.1:{server.server_port}/hook", heard
    finally:
        server.shutdown()
        server.server_close()


def test_a_run_judges_the_rules_of_the_catalogue_without_any_configuration(
    demo: PublishedDemo,
) -> None:
    book = AlertLog(demo.home).book()
    assert book.evaluated is not None
    assert book.evaluated.as_of == demo.truth.as_of
    assert any("Alerts: " in said for said in demo.said)
    assert book.messages == {}
    things = {episode.subject.thing for episode in book.open()}
    assert {"certificate", "dormant", "source"} <= things
    dormant = [e for e in book.open() if e.subject.thing == "dormant"]
    assert demo.truth.dormant.partner_id in {e.subject.member for e in dormant}


def test_every_kpi_alert_is_a_breach_that_the_scorecard_shows_too(demo: PublishedDemo) -> None:
    scorecard = {
        (r["kpi_id"], r["dimension"], r["member"], r["period_type"], r["period_start"]): r["status"]
        for r in table(demo.home, "kpi_scorecard").iter_rows(named=True)
    }
    with Snapshot.open(demo.home) as snapshot:
        kpis = {kpi.kpi_id: kpi for kpi in snapshot.catalogue()}
    checked = 0
    for episode in AlertLog(demo.home).book().open():
        kpi = kpis.get(episode.subject.thing)
        if kpi is None:
            continue
        subject, moment = episode.subject, episode.last_moment
        status = scorecard[kpi.kpi_id, subject.dimension, subject.member, kpi.rhythm, moment]
        if status != "no_target":  # then the corridor of the definition holds
            assert status == "breach", (episode.rule_id, subject, status)
            checked += 1
    assert checked > 3


def test_what_is_in_breach_for_long_enough_is_open(demo: PublishedDemo) -> None:
    """The other way round, for the programme by month: a breach of the last period is an alert."""
    book = AlertLog(demo.home).book()
    open_ = {(e.subject.thing, e.subject.dimension) for e in book.open()}
    with Snapshot.open(demo.home) as snapshot:
        newest = snapshot.headline("programme", "all", periods=1)
    breached = newest.filter(
        (newest["status"] == "breach") & newest["is_headline"] & (newest["period_type"] == "month")
    )
    assert breached.height
    assert {(kpi, "programme") for kpi in breached["kpi_id"]} <= open_


def test_the_list_is_readable_and_machines_can_read_it(
    demo: PublishedDemo, command: Command
) -> None:
    told = command("alerts", "list", "--home", demo.home.root)
    book = AlertLog(demo.home).book()
    assert told.code == 0
    assert told.out.startswith(f"{len(book.open())} open alerts as of 31 Oct 2026")
    assert "No channel is named in config/alerts.yml" in told.out
    rows = list(csv.DictReader(io.StringIO(
        command("alerts", "list", "--home", demo.home.root, "--format", "csv").out
    )))  # fmt: skip
    assert {row["alert"] for row in rows} == {e.episode_id for e in book.open()}
    listed = json.loads(command("alerts", "list", "--home", demo.home.root, "--format", "json").out)
    assert [row["alert"] for row in listed] == [row["alert"] for row in rows]
    german = command("alerts", "list", "--home", demo.home.root, "--lang", "de")
    assert "offene Meldungen, Stand 31.10.2026" in german.out
    critical = command("alerts", "list", "--home", demo.home.root, "--severity", "critical")
    assert critical.out.count("A-") == sum(e.severity == "critical" for e in book.open())
    wrong = command("alerts", "list", "--home", demo.home.root, "--severity", "criticl")
    assert (wrong.code, "did you mean 'critical'?" in wrong.err) == (1, True)


def test_an_alert_shows_numbers_owner_next_step_and_runbook(
    demo: PublishedDemo, command: Command
) -> None:
    episode = next(
        e for e in AlertLog(demo.home).book().open()
        if (e.subject.dimension == "programme" and e.subject.thing.startswith("partner_win"))
        or e.rule_id.endswith("_corridor")
    )  # fmt: skip
    told = command("alerts", "show", episode.episode_id[:6], "--home", demo.home.root)
    assert told.code == 0
    with Snapshot.open(demo.home) as snapshot:
        names = names_of(snapshot)
    assert headline(episode, names, "en") in told.out
    for words in ("Since: ", "Trend: ", "Owner: ", "Next: ", "First checks (docs/runbooks/"):
        assert words in told.out


def test_people_take_on_put_off_and_end_alerts(demo_copy: DataHome, command: Command) -> None:
    home = ("--home", demo_copy.root)
    first, second, third = [e.episode_id for e in AlertLog(demo_copy).book().open()][:3]
    assert command("alerts", "ack", first, *home, "--by", "Anna", "--why", "calling").code == 0
    again = command("alerts", "ack", first, *home, "--by", "Jörg")
    assert (again.code, "acknowledged by Anna already" in again.err) == (1, True)
    day = "2099-12-24"
    assert command("alerts", "snooze", second, *home, "--by", "Jörg", "--until", day).code == 0
    bad = command("alerts", "snooze", second, *home, "--until", "tomorrow")
    assert (bad.code, "is no day" in bad.err) == (1, True)
    assert command("alerts", "resolve", third, *home, "--by", "Anna", "--why", "paid").code == 0
    listed = command("alerts", "list", *home).out
    assert "acknowledged by Anna" in listed and "snoozed until 24 Dec 2099" in listed
    assert third not in listed
    shown = command("alerts", "show", third, *home, "--lang", "de").out
    assert "von Hand erledigt (Anna): paid" in shown
    unknown = command("alerts", "ack", "A-NOSUCH", *home)
    assert (unknown.code, "There is no alert 'A-NOSUCH'" in unknown.err) == (1, True)


def test_a_run_tells_its_channels_and_the_same_run_tells_nobody_twice(
    demo_copy: DataHome,
) -> None:
    AlertLog(demo_copy).path.unlink()
    with receiver() as (url, heard):
        demo_copy.alerts_file.write_text(
            f"channels: {{team: {{url: '{url}', lang: de}}, data: {{url: '{url}'}}}}\n"
            "defaults: {channels: [team], data_channels: [data]}\n"
            "dashboard_url: https://scorecards.example.com\n"
        )
        said: list[str] = []
        assert publish(demo_copy, said=said).outcome == "unchanged"
        book = AlertLog(demo_copy).book()
        assert len(heard) == len(book.messages) >= 2
        assert all(message.sent_at for message in book.messages.values())
        text = "\n".join(each["message"] for each in heard)
        assert "https://scorecards.example.com/alerts?lang=de" in text
        told = {name for message in book.messages.values() for name, _ in message.queued.tells}
        assert told == {episode.episode_id for episode in book.open()}
        publish(demo_copy)
        publish(demo_copy, full_refresh=True)
        assert len(heard) == len(book.messages)
    _no_names_of_persons(demo_copy, text)


def _no_names_of_persons(home: DataHome, text: str) -> None:
    managers = table(home, "partners")["partner_manager"].drop_nulls().unique()
    assert not [name for name in managers if name in text]


def test_a_faulty_rule_stops_a_run_before_anything_lands(demo_copy: DataHome) -> None:
    demo_copy.alerts_file.write_text(
        "rules:\n  - {id: low, kpi: partner_win_rat, when: {below: 1}}\n"
    )
    (demo_copy.landing / "prm" / "partner" / "more.csv").write_text("partner_id,name\n")
    with pytest.raises(UserError, match="line 2: there is no KPI 'partner_win_rat'"):
        run_job(demo_copy)


def test_a_faulty_rule_takes_nothing_back_when_there_is_nothing_new(
    demo_copy: DataHome,
) -> None:
    demo_copy.alerts_file.write_text(
        "rules:\n  - {id: low, kpi: partner_win_rat, when: {below: 1}}\n"
    )
    said: list[str] = []
    assert run_job(demo_copy, said=said).outcome == "unchanged"
    assert any("Alerts were not judged. " in each and "line 2" in each for each in said)


def test_an_older_day_is_not_judged(demo_copy: DataHome) -> None:
    before = AlertLog(demo_copy).book().episodes
    day = table(demo_copy, "snapshot")["as_of"][0] - timedelta(days=40)
    said: list[str] = []
    publish(demo_copy, as_of=day, said=said)
    assert any("judged for the newest day alone" in each for each in said)
    assert AlertLog(demo_copy).book().episodes == before


def test_a_half_written_line_of_the_log_never_counted(demo_copy: DataHome) -> None:
    log = AlertLog(demo_copy)
    before = log.events()
    with log.path.open("ab") as file:
        file.write(b'[{"event":"opened","at":"2026-')
    assert log.events() == before
    first = next(iter(log.book().open()))
    from partner_kpis.alerts.acts import acknowledge

    acknowledge(demo_copy, first.episode_id, "Anna")
    assert log.events()[:-1] == before
    assert log.path.read_bytes().endswith(b"]\n")


def test_a_line_that_nobody_can_read_is_a_sentence(demo_copy: DataHome) -> None:
    log = AlertLog(demo_copy)
    log.path.write_text("[]\nnonsense\n")
    with pytest.raises(UserError, match=r"log\.jsonl cannot be read \(line 2"):
        log.book()


def test_dagster_shows_alerts_with_their_check_and_a_schedule_without_a_run(
    demo_copy: DataHome,
) -> None:
    from dagster import AssetKey, DagsterInstance

    from pipelines.build import JOB, build_definitions
    from pipelines.dbt_project import parse

    definitions = build_definitions(demo_copy, parse(demo_copy, code_version()).document)
    job = definitions.resolve_job_def(JOB)
    key = AssetKey(["alerts", "episodes"])
    assert key in job.asset_layer.executable_asset_keys
    node = job.asset_layer.asset_graph.get(key)
    assert node.parent_keys == {AssetKey(["serving", "snapshot"])}
    assert [check.name for check in node.check_keys] == ["told"]
    schedule = definitions.resolve_schedule_def("alerts_every_ten_minutes")
    assert schedule.default_status.value == "STOPPED"
    with DagsterInstance.ephemeral() as instance:
        result = definitions.resolve_job_def("send_alerts").execute_in_process(instance=instance)
    assert result.success


def test_a_change_of_the_rules_is_judged_without_a_publication(demo_copy: DataHome) -> None:
    demo_copy.alerts_file.write_text(
        "catalogue_rules: false\n"
        "rules: [{id: mine, kpi: partner_win_rate, when: {below: 1}, severity: info}]\n"
    )
    ticked = tick(demo_copy)
    assert ticked.evaluated is not None
    book = AlertLog(demo_copy).book()
    assert {e.rule_id for e in book.open()} == {"mine"}
    assert {e.ending for e in book.episodes.values() if not e.is_open} == {"rule_removed"}
    assert tick(demo_copy).evaluated is None
    assert sum(isinstance(e, Evaluated) for e in AlertLog(demo_copy).events()) == 2


def test_a_replay_says_what_a_rule_would_have_done(
    demo: PublishedDemo, command: Command, tmp_path: Any
) -> None:
    file = tmp_path / "rule.yml"
    file.write_text(
        "id: falls\nkpi: partner_win_rate\nwhen: {change: {falls_by: 0.2}}\n"
        "guards: {kpi: partner_win_rate, below: corridor}\n"
    )
    before = AlertLog(demo.home).path.read_bytes()
    told = command("alerts", "replay", "--rule", file, "--home", demo.home.root)
    assert told.code == 0
    for words in ("periods judged", "alerts, ", "messages; ", "Partner win rate: "):
        assert words in told.out
    assert AlertLog(demo.home).path.read_bytes() == before
    wrong = command(
        "alerts", "replay", "--rule", file, "--home", demo.home.root,
        "--from", "2026-09-01", "--to", "2026-01-01",
    )  # fmt: skip
    assert (wrong.code, "the other way round" in wrong.err) == (1, True)
    none = command(
        "alerts", "replay", "--rule", file, "--home", demo.home.root, "--to", "1999-01-01"
    )
    assert (none.code, "finds no complete period" in none.err) == (1, True)
    missing = command("alerts", "replay", "--rule", tmp_path / "no.yml", "--home", demo.home.root)
    assert (missing.code, "There is no file" in missing.err) == (1, True)
