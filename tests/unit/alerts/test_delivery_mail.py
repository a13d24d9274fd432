"""Messages by e-mail, to a real mail server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from partner_kpis.alerts.delivery import Delivered, deliver, next_try
from partner_kpis.home import DataHome
from tests.unit.alerts.delivery_world import NOON, PASSWORD, message, queue, settle, tries

# The server of these tests takes a password without encryption, on this machine alone.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


class _AnyPort(Controller):
    """Listens wherever there is room: the port is known once it listens."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@dataclass
class MailServer:
    """Takes mail of a user with the password; script: its answers to mails, then it takes all."""

    script: list[str] = field(default_factory=list)
    got: list[EmailMessage] = field(default_factory=list)

    def __enter__(self) -> MailServer:
        self._controller = _AnyPort(
            self, hostname="127.0.0.1", port=0, authenticator=self._knows, auth_required=True,
            auth_require_tls=False,
        )  # fmt: skip
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    def address(self, password: str = PASSWORD) -> str:
        port = self._controller.port
        told = "from=kpis@example.com&to=ops@example.com"
        return f"mailto://kpis:{password}@127.0.0.1:{port}/?{told}"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.script.pop(0) if self.script else "250 taken"
        if answer.startswith("2"):
            found = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(found, EmailMessage)
            self.got.append(found)
        return answer

    @staticmethod
    def _knows(_server: Any, _session: Any, _envelope: Any, _how: str, said: Any) -> AuthResult:
        assert isinstance(said, LoginPassword)
        return AuthResult(success=said.password == PASSWORD.encode(), handled=False)


@pytest.fixture
def home(tmp_path: Path) -> DataHome:
    return DataHome.at(tmp_path / "home")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as opened:
        yield opened


def test_a_mail_says_what_was_written_as_plain_text_with_its_key(
    home: DataHome, server: MailServer
) -> None:
    settle(home, {"ops": {"url": server.address(), "lang": "de"}})
    title = "[Warnung] Gewinnquote, Stufe „Größte“: geöffnet"
    body = "Über dem Korridor, 12 % < 15 % & *fällig*.\n\n- zuerst: prüfen – dann handeln\n"
    queue(home, [message("a", title=title, body=body)])
    assert deliver(home, NOON) == Delivered(sent=1)
    (mail,) = server.got
    assert mail["Subject"] == title
    assert mail["X-Idempotency-Key"] == "M-a"
    assert mail["To"] == "ops@example.com"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().replace("\r\n", "\n").strip() == f"{body}\nKennung: M-a"


def test_a_mail_that_is_refused_is_sent_again_with_the_same_key(
    home: DataHome, server: MailServer
) -> None:
    server.script = ["451 later", "454 no"]
    settle(home, {"ops": server.address()})
    queue(home, [message("a"), message("b")])
    assert deliver(home, NOON).failures["ops"].en == "SMTP 451"
    again = next_try(1, NOON)
    assert deliver(home, again).failures["ops"].en == "SMTP 454"
    assert deliver(home, next_try(2, again)) == Delivered(sent=2)
    assert [mail["X-Idempotency-Key"] for mail in server.got] == ["M-a", "M-b"]
    assert [t.attempt for t in tries(home, "a")] == [1, 2, 3]


def test_a_mail_that_is_refused_for_what_it_says_holds_back_no_other(
    home: DataHome, server: MailServer
) -> None:
    server.script = ["554 too large"]
    settle(home, {"ops": server.address()})
    queue(home, [message("a"), message("b")])
    done = deliver(home, NOON)
    assert (done.sent, done.failures["ops"].en) == (1, "SMTP 554")
    assert [mail["X-Idempotency-Key"] for mail in server.got] == ["M-b"]


def test_a_wrong_password_is_told_without_the_password(home: DataHome, server: MailServer) -> None:
    settle(home, {"ops": server.address(password="wr0ng-Pa55")})
    queue(home, [message("a")])
    assert deliver(home, NOON).failures["ops"].en == "SMTP 535"
    assert "wr0ng" not in home.alert_log.read_text(encoding="utf-8")
