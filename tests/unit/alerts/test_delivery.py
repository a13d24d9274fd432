"""Messages reach their channels at least once, in order, and none is told twice by its key."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from partner_kpis.alerts.delivery import Delivered, deliver, next_try, send_test
from partner_kpis.alerts.log import AlertLog
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome, project_root
from tests.unit.alerts.delivery_world import (
    NOON,
    Post,
    Receiver,
    message,
    queue,
    settle,
    tries,
    waiting,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def home(tmp_path: Path) -> DataHome:
    return DataHome.at(tmp_path / "home")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as opened:
        yield opened


@pytest.mark.parametrize(
    ("attempt", "minutes"),
    [(1, 1), (2, 2), (3, 4), (4, 8), (8, 128), (9, 256), (10, 360), (11, 360), (10_000, 360)],
)
def test_the_pause_doubles_up_to_six_hours(attempt: int, minutes: int) -> None:
    assert next_try(attempt, NOON) == NOON + timedelta(minutes=minutes)


def test_a_message_is_taken_and_recorded_once(home: DataHome, receiver: Receiver) -> None:
    settle(home, {"ops": receiver.address()})
    queue(
        home, [message("one", severity="critical", title="Kündigungsfrist läuft", body="Größe\n")]
    )
    assert deliver(home, NOON) == Delivered(sent=1)
    assert receiver.asked == [
        Post("M-one", "Kündigungsfrist läuft", "Größe\n\nReference: M-one", "failure")
    ]
    assert [(t.attempt, t.is_taken, t.next_at) for t in tries(home)] == [(1, True, None)]
    assert deliver(home, NOON + MINUTE) == Delivered()
    assert len(receiver.asked) == 1


def test_the_key_is_named_in_the_language_of_the_channel(
    home: DataHome, receiver: Receiver
) -> None:
    settle(home, {"ops": {"url": receiver.address(), "lang": "de"}})
    queue(home, [message("eins", severity="info"), message("zwei")])
    deliver(home, NOON)
    assert [post.body.splitlines()[-1] for post in receiver.asked] == [
        "Kennung: M-eins", "Kennung: M-zwei",
    ]  # fmt: skip
    assert [post.kind for post in receiver.asked] == ["info", "warning"]


def test_without_a_log_nothing_is_made(home: DataHome) -> None:
    assert deliver(home, NOON) == Delivered()
    assert not home.root.exists()


def test_a_failure_holds_back_the_later_messages_of_its_channel_alone(
    home: DataHome, receiver: Receiver
) -> None:
    receiver.script = [500]
    with Receiver() as other:
        settle(home, {"ops": receiver.address(), "sales": other.address()})
        queue(home, [message("a"), message("b"), message("c", "sales"), message("d")])
        done = deliver(home, NOON)
        assert other.taken == ["M-c"]
    assert (done.sent, done.failed, done.waiting) == (1, 1, 3)
    assert {name: reason.en for name, reason in done.failures.items()} == {"ops": "HTTP 500"}
    assert [said.en for said in done.sentences] == [
        "The channel ops did not take a message (HTTP 500). "
        "The next try is on 12 Mar 2026, 11:01 UTC."
    ]

    early = deliver(home, NOON + timedelta(seconds=59))
    assert (early.sent, early.failed, early.waiting) == (0, 0, 3)
    assert early.sentences[0].de == (
        "Der Kanal ops hat die letzte Nachricht nicht angenommen (HTTP 500). "
        "Wartende Nachrichten: 3. Der nächste Versuch folgt am 12.03.2026, 11:01 UTC."
    )
    assert len(receiver.asked) == 1

    assert deliver(home, NOON + MINUTE) == Delivered(sent=3)
    assert receiver.taken == ["M-a", "M-b", "M-d"]


def test_who_sends_now_waits_for_no_pause_and_a_failure_leaves_the_next_try_where_it_was(
    home: DataHome, receiver: Receiver
) -> None:
    receiver.script = [500, 500, 503]
    settle(home, {"ops": receiver.address()})
    queue(home, [message("a"), message("b")])
    deliver(home, NOON)
    deliver(home, NOON + MINUTE)
    early = NOON + MINUTE + timedelta(seconds=1)
    assert deliver(home, early).sent == 0 and len(receiver.asked) == 2
    failed = deliver(home, early, waits=False)
    assert (failed.sent, failed.failed, failed.failures["ops"].en) == (0, 1, "HTTP 503")
    assert "11:03 UTC" in failed.sentences[0].en
    assert [(t.attempt, t.next_at) for t in tries(home)[1:]] == [
        (2, NOON + 3 * MINUTE), (3, NOON + 3 * MINUTE),
    ]  # fmt: skip
    assert deliver(home, early, waits=False) == Delivered(sent=2)
    assert receiver.taken == ["M-a", "M-b"]


def test_who_sends_now_tries_what_was_refused_for_its_content_as_well(
    home: DataHome, receiver: Receiver
) -> None:
    receiver.script = [400]
    settle(home, {"ops": receiver.address()})
    queue(home, [message("a"), message("b")])
    assert deliver(home, NOON).sent == 1
    assert deliver(home, NOON, waits=False) == Delivered(sent=1)
    assert receiver.taken == ["M-b", "M-a"]


def test_quiet_hours_hold_for_who_sends_now(home: DataHome, receiver: Receiver) -> None:
    receiver.script = [500]
    hours = {"from": "20:00", "until": "07:00"}
    settle(home, {"ops": {"url": receiver.address(), "quiet_hours": hours}})
    queue(home, [message("a"), message("b", severity="critical")])
    night = NOON + timedelta(hours=11)
    assert deliver(home, night).failed == 1
    done = deliver(home, night, waits=False)
    assert (done.sent, done.waiting, done.problems) == (1, 1, ())
    assert receiver.taken == ["M-b"] and waiting(home) == ["a"]


def test_a_message_that_was_queued_while_its_channel_is_down_waits_as_well(
    home: DataHome, receiver: Receiver
) -> None:
    receiver.script = [503]
    settle(home, {"ops": receiver.address()})
    queue(home, [message("a")])
    deliver(home, NOON)
    queue(home, [message("b", severity="critical")])
    assert deliver(home, NOON).waiting == 2
    assert len(receiver.asked) == 1


def test_a_message_whose_content_is_refused_does_not_block_its_channel(
    home: DataHome, receiver: Receiver
) -> None:
    """Otherwise one message that can never be taken would keep all later ones for ever."""
    receiver.script = [400]
    settle(home, {"ops": receiver.address()})
    queue(home, [message("a"), message("b"), message("c")])
    done = deliver(home, NOON)
    assert (done.sent, done.failed, waiting(home)) == (2, 1, ["a"])
    queue(home, [message("d")])
    assert deliver(home, NOON).sent == 1
    assert [post.key for post in receiver.asked] == ["M-a", "M-b", "M-c", "M-d"]
    assert deliver(home, NOON + MINUTE).sent == 1


def test_a_channel_that_is_down_for_three_tries_gets_everything_in_order(home: DataHome) -> None:
    with Receiver() as receiver:
        receiver.close()
        settle(home, {"ops": receiver.address()})
        queue(home, [message("a"), message("b")])
        at = NOON
        for attempt in (1, 2, 3):
            assert deliver(home, at).failures["ops"].en == "connection refused"
            at = next_try(attempt, at)
        receiver.open()
        assert deliver(home, at) == Delivered(sent=2)
        assert receiver.taken == ["M-a", "M-b"]
    assert [(t.attempt, t.is_taken, t.at - NOON) for t in tries(home, "a")] == [
        (1, False, 0 * MINUTE), (2, False, MINUTE), (3, False, 3 * MINUTE), (4, True, 7 * MINUTE),
    ]  # fmt: skip
    assert [(t.attempt, t.is_taken) for t in tries(home, "b")] == [(1, True)]


def test_an_answer_that_comes_too_late_has_the_message_sent_again_with_its_key(
    home: DataHome, receiver: Receiver
) -> None:
    gave_up = threading.Event()
    receiver.meanwhile = lambda _: gave_up.wait(30) and None
    settle(home, {"ops": receiver.address(rto=0.3)})
    queue(home, [message("a")])
    done = deliver(home, NOON)
    gave_up.set()
    receiver.meanwhile = None
    assert (done.failed, done.failures["ops"].en) == (1, "timed out")
    assert receiver.taken == ["M-a"]  # it has it, and we cannot know
    assert deliver(home, NOON + MINUTE) == Delivered(sent=1)
    first, second = receiver.asked
    assert first == second
    assert receiver.taken == ["M-a"]


def test_a_delivery_that_is_killed_before_it_records_sends_again_with_the_same_key(
    home: DataHome, receiver: Receiver
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def kill(_: Post) -> None:
        started[0].send_signal(signal.SIGKILL)
        started[0].wait()

    settle(home, {"ops": receiver.address()})
    queue(home, [message("a"), message("b")])
    receiver.meanwhile = kill
    code = (
        "import sys; from partner_kpis.home import DataHome\n"
        "from partner_kpis.alerts.delivery import deliver\n"
        "input(); deliver(DataHome.at(sys.argv[1]))"
    )
    command = [sys.executable, "-c", code, str(home.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, cwd=project_root()) as process:
        started.append(process)
        process.communicate(b"\n")
    assert process.returncode == -signal.SIGKILL
    assert not tries(home)
    assert receiver.taken == ["M-a"]
    receiver.meanwhile = None
    assert deliver(home) == Delivered(sent=2)
    assert [post.key for post in receiver.asked] == ["M-a", "M-a", "M-b"]
    assert receiver.asked[0] == receiver.asked[1]
    assert receiver.taken == ["M-a", "M-b"]


def test_a_second_delivery_returns_at_once_and_says_so(home: DataHome, receiver: Receiver) -> None:
    second: list[Delivered] = []
    receiver.meanwhile = lambda _: second.extend(
        deliver(home, NOON, waits=waits) for waits in (True, False)
    )
    settle(home, {"ops": receiver.address()})
    queue(home, [message("a")])
    assert deliver(home, NOON) == Delivered(sent=1)
    assert len(receiver.asked) == 1
    assert (second[0].is_busy, second[0].sent, second[0].waiting) == (True, 0, 1)
    assert second[0].sentences[0].en.startswith("Another process is sending messages")
    assert second[0].problems == () and "Try again in a minute" in second[1].problems[0].en


def test_the_log_is_free_while_a_channel_is_waited_for(home: DataHome, receiver: Receiver) -> None:
    receiver.meanwhile = lambda _: queue(home, [message("b")]) if not waiting_b(home) else None
    settle(home, {"ops": receiver.address(rto=5)})
    queue(home, [message("a")])
    assert deliver(home, NOON).sent == 1
    assert waiting(home) == ["b"]
    receiver.meanwhile = None
    assert deliver(home, NOON).sent == 1


def waiting_b(home: DataHome) -> bool:
    return "M-b" in AlertLog(home).book().messages


def test_a_message_without_a_channel_or_an_address_waits_and_is_named(
    home: DataHome, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPS_ADDRESS", raising=False)
    settle(home, {"ops": {"url_env": "OPS_ADDRESS"}, "odd": "nonsense://ops:pw@here"})
    queue(home, [message("a"), message("b", "gone"), message("c", "odd"), message("d", "odd")])
    done = deliver(home, NOON)
    assert (done.sent, done.failed, done.waiting) == (0, 0, 4)
    assert [said.en for said in done.sentences] == [
        "The channel ops takes its address from OPS_ADDRESS, which is not set. "
        "Waiting messages: 1. Set it where messages are sent.",
        f"There is no channel gone any more. Messages that wait for it: 1. "
        f"Add it to {home.alerts_file} again.",
        "The address of the channel odd cannot be used. Waiting messages: 2. "
        "See docs/alerts.md for how one is written.",
    ]
    assert not tries(home)  # so that they leave at once when it is mended

    monkeypatch.setenv("OPS_ADDRESS", receiver.address())
    settle(home, {name: receiver.address() for name in ("gone", "odd")} | {
        "ops": {"url_env": "OPS_ADDRESS"}
    })  # fmt: skip
    assert deliver(home, NOON) == Delivered(sent=4)


def test_what_only_looks_like_success_is_none(home: DataHome, receiver: Receiver) -> None:
    """A redirect forgets what was posted; an optional part is no success when it fails."""
    receiver.script = [302, 500]
    settle(home, {"ops": receiver.address(), "sales": receiver.address(optional="yes")})
    queue(home, [message("a"), message("b", "sales")])
    done = deliver(home, NOON)
    assert {name: said.en for name, said in done.failures.items()} == {
        "ops": "HTTP 302", "sales": "HTTP 500",
    }  # fmt: skip
    assert not receiver.taken


def test_words_of_a_message_are_not_taken_for_the_reason(
    home: DataHome, receiver: Receiver
) -> None:
    receiver.script = ["hang_up"]
    settle(home, {"ops": receiver.address()})
    queue(home, [message("a", body="The certificate import timed out, error=404.\n")])
    assert deliver(home, NOON).failures["ops"].en == "connection lost"


def test_nothing_is_sent_that_cannot_be_recorded(home: DataHome, receiver: Receiver) -> None:
    settle(home, {"ops": receiver.address()})
    queue(home, [message("a")])
    code = (
        "import resource, sys\n"
        "from partner_kpis.alerts.delivery import deliver\n"
        "from partner_kpis.errors import UserError\n"
        "from partner_kpis.home import DataHome\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY))\n"
        "try: deliver(DataHome.at(sys.argv[1]))\n"
        "except UserError as error: print(error)"
    )
    command = [sys.executable, "-c", code, str(home.root)]
    ran = subprocess.run(command, cwd=project_root(), capture_output=True, text=True, check=True)
    assert "cannot be written" in ran.stdout
    assert not receiver.asked
    assert deliver(home, NOON).sent == 1


def test_apprise_is_not_loaded_before_something_is_sent(home: DataHome) -> None:
    queue(home, [message("a", "gone")])
    settle(home, {})
    code = (
        "import sys; from partner_kpis.home import DataHome\n"
        "from partner_kpis.alerts.delivery import deliver\n"
        "deliver(DataHome.at(sys.argv[1])); print('apprise' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(home.root)]
    ran = subprocess.run(command, cwd=project_root(), capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


def test_a_test_message_is_new_each_time_and_in_no_log(home: DataHome, receiver: Receiver) -> None:
    quiet_all_day = {"from": "00:00", "until": "23:59", "weekends": True}
    settle(home, {"ops": {"url": receiver.address(), "quiet_hours": quiet_all_day, "lang": "de"}})
    send_test(home, "ops")
    send_test(home, "ops")
    assert [post.title for post in receiver.asked] == ["Testnachricht von partner-kpis"] * 2
    assert len(set(receiver.taken)) == 2
    assert not AlertLog(home).path.exists()


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("opps", "There is no channel 'opps' in .*did you mean 'ops'"),
        ("unset", "takes its address from OPS_ADDRESS, which is not set"),
        ("odd", "The address of the channel 'odd' cannot be used"),
        ("ops", r"did not take the test message \(HTTP 404\)"),
    ],
)
def test_a_test_message_that_does_not_arrive_says_why(
    home: DataHome, receiver: Receiver, channel: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPS_ADDRESS", raising=False)
    receiver.script = [404]
    channels = {"ops": receiver.address(), "unset": {"url_env": "OPS_ADDRESS"}, "odd": "json://[x"}
    settle(home, channels)
    with pytest.raises(UserError, match=said):
        send_test(home, channel)


def test_quiet_hours_hold_back_all_but_what_is_critical(home: DataHome, receiver: Receiver) -> None:
    """They are read on the clock of the policies: 23:30 in Chicago is 04:30 UTC in March."""
    hours = {"from": "22:00", "until": "06:00"}
    settle(home, {"ops": {"url": receiver.address(), "quiet_hours": hours}})
    home.policies_file.write_text("reporting_timezone: America/Chicago\n", encoding="utf-8")
    queue(home, [message("a"), message("b", severity="critical"), message("c", severity="info")])
    night = datetime.fromisoformat("2026-03-12T04:30+00:00")
    done = deliver(home, night)
    assert (done.sent, done.failed, done.waiting) == (1, 0, 2)
    assert receiver.taken == ["M-b"]
    assert done.sentences[0].en == (
        "The channel ops has quiet hours. Messages that wait for their end: 2."
    )
    morning = datetime.fromisoformat("2026-03-12T11:00+00:00")
    assert deliver(home, morning - MINUTE).sent == 0
    assert deliver(home, morning) == Delivered(sent=2)
    assert receiver.taken == ["M-b", "M-a", "M-c"]
