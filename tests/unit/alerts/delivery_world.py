"""Receivers of messages, and a home that has some to send: what the tests of delivery share."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

import yaml

from partner_kpis.alerts.events import Attempted, Queued
from partner_kpis.alerts.log import AlertLog
from partner_kpis.alerts.rules import Severity
from partner_kpis.home import DataHome

NOON = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)  # a Thursday; 12:00 in Berlin
PATH_TOKEN = "T0K3N-in-the-path"
PASSWORD = "s3cret-Pa55"

Answer = int | Literal["hang_up", "take_and_hang_up"]
"""A status (2xx takes the message), or the end of the connection before or after taking it."""


@dataclass(frozen=True)
class Post:
    """What one request brought."""

    key: str
    title: str
    body: str
    kind: str


@dataclass
class Receiver:
    """A real HTTP server that takes messages and does not take the same key twice.

    script: its answers, one for each request; after them it takes everything. asked: every request;
    taken: the keys that it took, in order. meanwhile: called in each request before the answer.
    """

    script: list[Answer] = field(default_factory=list)
    meanwhile: Callable[[Post], None] | None = None
    asked: list[Post] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    port: int = 0
    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Receiver:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        """Listen; on the same port as before, if it listened before."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver._answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def address(self, **parameters: object) -> str:
        """Its address for Apprise, with a password and a path that nobody may see."""
        told = "&".join(
            f"{name}={value}" for name, value in {"method": "POST", **parameters}.items()
        )
        return f"json://ops:{PASSWORD}@127.0.0.1:{self.port}/{PATH_TOKEN}/?{told}"

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        told = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        key = request.headers["Idempotency-Key"]
        post = Post(key, told["title"], told["message"], told["type"])
        self.asked.append(post)
        answer = self.script.pop(0) if self.script else 200
        if (answer == "take_and_hang_up" or answer in range(200, 300)) and key not in self.taken:
            self.taken.append(key)
        if self.meanwhile is not None:
            self.meanwhile(post)
        request.close_connection = True
        if isinstance(answer, int):
            request.send_response(answer)
            if answer in range(300, 400):
                request.send_header("Location", "/login")
            request.send_header("Content-Length", "0")
            request.end_headers()


def settle(home: DataHome, channels: dict[str, Any]) -> None:
    """Write config/alerts.yml; a text stands for a channel with this address alone."""
    written = {
        name: {"url": channel} if isinstance(channel, str) else channel
        for name, channel in channels.items()
    }
    home.create()
    home.alerts_file.write_text(yaml.safe_dump({"channels": written}), encoding="utf-8")


def message(
    name: str,
    channel: str = "ops",
    severity: Severity = "warning",
    *,
    title: str = "[Warning] Win rate: opened",
    body: str = "Below its corridor.\n",
    at: datetime = NOON,
) -> Queued:
    return Queued(
        at=at, message_id=f"M-{name}", channel=channel, severity=severity, tells=(), title=title,
        body=body,
    )  # fmt: skip


def queue(home: DataHome, messages: Iterable[Queued]) -> None:
    with AlertLog(home).writing() as writer:
        writer.append([*messages])


def tries(home: DataHome, name: str | None = None) -> Sequence[Attempted]:
    """What is recorded of a message, or of all of them, oldest first."""
    return [
        event
        for event in AlertLog(home).events()
        if isinstance(event, Attempted) and name in (None, event.message_id.removeprefix("M-"))
    ]


def waiting(home: DataHome) -> list[str]:
    """The names of the messages that still wait."""
    return [m.message_id.removeprefix("M-") for m in AlertLog(home).book().waiting()]
