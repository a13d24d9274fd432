"""Whatever a receiver answers and whenever we try: all is taken, in order, once, and unhurried."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from partner_kpis.alerts.delivery import deliver, next_try
from partner_kpis.alerts.events import Attempted
from partner_kpis.home import DataHome
from tests.unit.alerts.delivery_world import (
    NOON,
    Answer,
    Receiver,
    message,
    queue,
    settle,
    tries,
    waiting,
)

CHANNELS = ("ops", "sales")
ANSWERS: st.SearchStrategy[Answer] = st.sampled_from([200, 500, "hang_up", "take_and_hang_up"])
SCRIPTS = st.lists(ANSWERS, max_size=8)
# What happens between two deliveries: messages come (for which channel), and minutes go by.
STEPS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(CHANNELS), max_size=3),
        st.sampled_from([0, 0.5, 1, 1.5, 2, 5, 20, 400]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(scripts=st.tuples(SCRIPTS, SCRIPTS), steps=STEPS)
def test_every_message_is_taken_once_and_in_order(
    scripts: tuple[list[Answer], list[Answer]], steps: list[tuple[list[str], float]]
) -> None:
    with (
        TemporaryDirectory() as folder,
        Receiver([*scripts[0]]) as ops,
        Receiver([*scripts[1]]) as sales,
    ):
        home, receivers = DataHome.at(Path(folder)), dict(zip(CHANNELS, (ops, sales), strict=True))
        settle(home, {name: receiver.address() for name, receiver in receivers.items()})
        queued: dict[str, list[str]] = {name: [] for name in CHANNELS}
        at = NOON
        for channels, minutes in steps:
            for channel in channels:
                name = f"{channel}-{len(queued[channel])}"
                queued[channel].append(name)
                queue(home, [message(name, channel, at=at)])
            done = deliver(home, at)
            assert done.waiting == len(waiting(home))
            at += timedelta(minutes=minutes)
        for _ in range(sum(map(len, scripts)) + 1):
            at += timedelta(hours=6)
            deliver(home, at)

        assert waiting(home) == []
        for channel, receiver in receivers.items():
            keys = [f"M-{name}" for name in queued[channel]]
            recorded = [t for t in tries(home) if t.message_id in keys]
            assert receiver.taken == keys
            assert [t.message_id for t in recorded if t.is_taken] == keys
            assert [post.key for post in receiver.asked] == [t.message_id for t in recorded]
            for key in keys:
                numbers = [t.attempt for t in recorded if t.message_id == key]
                assert numbers == [*range(1, len(numbers) + 1)]
            pauses_are_kept(recorded)


def pauses_are_kept(recorded: Sequence[Attempted]) -> None:
    """After a failure, nothing goes to the channel before the next try of what failed."""
    assert not recorded or recorded[-1].is_taken
    for tried, following in pairwise(recorded):
        if tried.is_taken:
            assert tried.next_at is None
            continue
        assert tried.next_at == next_try(tried.attempt, tried.at)
        assert tried.error in ("HTTP 500", "connection lost")
        assert following.at >= tried.next_at
        assert following.message_id == tried.message_id
