"""An address is a secret: whatever happens, nothing of it is written or printed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from partner_kpis.alerts.log import AlertLog
from partner_kpis.home import DataHome, project_root
from tests.unit.alerts.delivery_world import (
    PASSWORD,
    PATH_TOKEN,
    Post,
    Receiver,
    message,
    queue,
    settle,
)

FAILS_WITH = {
    "refused": "HTTP 403", "broken": "HTTP 500", "lost": "connection lost", "late": "timed out",
    "down": "connection refused", "insecure": "certificate not accepted",
    "mail": "connection refused", "elsewhere": "host not found",
}  # fmt: skip
UNUSABLE = ("unknown", "unfinished", "incomplete")

# All that anybody logs goes to the console and into the logs of the home.
DELIVER = """
import logging, sys
from partner_kpis.home import DataHome
home = DataHome.at(sys.argv[1])
file = logging.FileHandler(home.logs / "all.log")
logging.basicConfig(level=0, handlers=[file, logging.StreamHandler()])
from partner_kpis.alerts.delivery import deliver, send_test
from partner_kpis.errors import UserError
logging.getLogger("here").debug("is written")
print(deliver(home))
for channel in sys.argv[2:]:
    try:
        send_test(home, channel)
    except UserError as error:
        print(error)
"""


def addresses(receiver: Receiver) -> dict[str, str]:
    """An address for each way to fail, with a password and a token in all of them."""
    secret = f"{PATH_TOKEN}:{PASSWORD}"
    return {
        "refused": receiver.address(),
        "broken": receiver.address(),
        "lost": receiver.address(),
        "late": receiver.address(rto=0.3),
        "down": f"json://{secret}@127.0.0.1:9/{PATH_TOKEN}/{PASSWORD}",
        "insecure": receiver.address().replace("json://", "jsons://"),
        "mail": f"mailto://{secret}@127.0.0.1:9/?from={PATH_TOKEN}@example.com",
        "elsewhere": f"json://{secret}@there.invalid/{PATH_TOKEN}",
        "unknown": f"nonsense://{secret}@example.com",
        "unfinished": f"json://{secret}@[::1/{PASSWORD}",
        "incomplete": f"slack://{PATH_TOKEN}/{PASSWORD}",
    }


def test_no_failure_tells_anything_of_an_address(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    home = DataHome.at(tmp_path / "home")

    def dawdle(post: Post) -> None:
        if post.key == "M-late":
            threading.Event().wait(1)

    with Receiver([403, 500, "hang_up", 200, *[403] * 4], meanwhile=dawdle) as receiver:
        by_channel = addresses(receiver)
        variables = {f"{name.upper()}_ADDRESS": address for name, address in by_channel.items()}
        settle(home, {name: {"url_env": f"{name.upper()}_ADDRESS"} for name in by_channel})
        queue(home, [message(name, name) for name in by_channel])
        command = [sys.executable, "-c", DELIVER, str(home.root), *by_channel]
        subprocess.run(command, cwd=project_root(), check=True, env=os.environ | variables)
    book = AlertLog(home).book()
    failed = {m.queued.channel: m.error for m in book.waiting() if m.attempts}
    assert failed == FAILS_WITH

    printed = "".join(capfd.readouterr())
    assert "is written" in printed
    assert printed.count("did not take the test message") == len(FAILS_WITH)
    assert printed.count("of the channel '") == len(UNUSABLE)
    written = {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file()}
    assert b"is written" in written[home.logs / "all.log"]
    for secret in (PASSWORD, PATH_TOKEN):
        assert secret not in printed
        assert not [path for path, content in written.items() if secret.encode() in content]
