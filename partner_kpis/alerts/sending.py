"""One message to one address, through Apprise, and the answer in words.

Belongs here: everything that knows Apprise. Does not belong here: which message is due and what
becomes of it (delivery.py).

An address is a secret, and so is whatever a library says of it: what Apprise logs is read here for
a reason out of a fixed list of words and goes nowhere else.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from partner_kpis.alerts.rules import Severity

if TYPE_CHECKING:
    from apprise import AppriseAsset, AppriseResult, NotifyBase

TIMEOUT_SECONDS: Final = 10.0
"""For connecting and for each answer, unless the address names its own (`cto`, `rto`)."""

LIMIT_SECONDS: Final = 120.0
"""For one message as a whole: a receiver that answers byte by byte is not waited for."""

_NOTIFY_TYPES: Final[dict[Severity, str]] = {
    "info": "info", "warning": "warning", "critical": "failure",
}  # fmt: skip
_MAIL: Final = frozenset({"mailto", "mailtos", "mailgun", "smtp2go", "sparkpost"})
"""Schemes whose headers are those of an e-mail; elsewhere they are those of HTTP."""

_CODES: Final = (
    ("HTTP", re.compile(r"\berror=([1-5]\d\d)\b")),
    ("SMTP", re.compile(r"\(([45]\d\d), b['\"]")),
    ("SMTP", re.compile(r"was refused: ([45]\d\d)\b")),
)
_WORDS: Final = (
    ("timed out", re.compile(r"timed out", re.IGNORECASE)),
    ("connection refused", re.compile(r"connection refused|actively refused", re.IGNORECASE)),
    (
        "host not found",
        re.compile(r"name or service|name resolution|nodename|getaddrinfo|no address", re.I),
    ),
    ("certificate not accepted", re.compile(r"certificate|SSLError|\[SSL", re.IGNORECASE)),
    ("host not reachable", re.compile(r"unreachable|no route to host", re.IGNORECASE)),
    (
        "connection lost",
        re.compile(r"connection (aborted|reset|unexpectedly|broken)|without response|"
                   r"broken pipe|not connected", re.I),
    ),
)  # fmt: skip
_TRACES: Final = frozenset({"DEBUG", "TRACE"})
_EXCEPTION: Final = re.compile(r"[\w ]*exception\b", re.IGNORECASE)
NOT_ACCEPTED: Final = "not accepted"


class AddressError(ValueError):
    """An address that Apprise does not understand; it is not part of the message."""


@dataclass(frozen=True)
class Letter:
    """What is sent. key: the idempotency key, the same at each try."""

    key: str
    severity: Severity
    title: str
    body: str


def send(letter: Letter, address: str) -> str:
    """Hand a letter over and wait for the answer: "" when it was taken, else why not, in words.

    The words: HTTP 500, SMTP 550, timed out, connection refused, connection lost, host not found,
    host not reachable, certificate not accepted, not accepted. Raises AddressError.
    """
    _silence()
    # Imported here: it takes longer than all that a command does without it.
    from apprise import Apprise, AppriseAsset

    # A redirect turns what is posted into a question, whose answer says nothing of a message.
    asset = AppriseAsset(
        app_id="partner-kpis", app_desc="partner-kpis", http_redirects=False,
        service_timeout=LIMIT_SECONDS, storage_mode="memory",
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        service = _service(address, asset)
        _prepare(service, address, letter.key)
        result = Apprise(service, asset=asset).notify(
            letter.body, title=letter.title, notify_type=_NOTIFY_TYPES[letter.severity],
            body_format="text", log_level=logging.DEBUG,
        )  # fmt: skip
    if _is_taken(result):
        return ""
    return _reason((entry.level, entry.message) for entry in result.logs())


def _reason(said: Iterable[tuple[str, str]]) -> str:
    """Why something was not taken, out of what Apprise logged; always one of `send`'s words.

    What it traces is passed over but for exceptions: the message itself is in there.
    """
    lines = [line for level, line in said if level not in _TRACES or _EXCEPTION.match(line)]
    for name, pattern in _CODES:
        for line in lines:
            if found := pattern.search(line):
                return f"{name} {found[1]}"
    for words, pattern in _WORDS:
        if any(pattern.search(line) for line in lines):
            return words
    return NOT_ACCEPTED


def _service(address: str, asset: AppriseAsset) -> NotifyBase:
    from apprise import Apprise

    try:
        service = Apprise.instantiate(address, asset=asset)
    except Exception:  # what cannot be parsed at all; its words hold the address
        service = None
    if service is None:
        raise AddressError("not an address of Apprise")
    return service


def _prepare(service: NotifyBase, address: str, key: str) -> None:
    """Timeouts and the key, where the kind of address has room for them; a message that is too
    long for a chat comes in parts, unless the address says otherwise."""
    from apprise import OverflowMode

    if "overflow=" not in address.lower():
        service.overflow_mode = OverflowMode.SPLIT
    own = {name.lower() for name in re.findall(r"[?&]([cr]to)=", address, re.IGNORECASE)}
    if "cto" not in own:
        service.socket_connect_timeout = TIMEOUT_SECONDS
    if "rto" not in own:
        service.socket_read_timeout = TIMEOUT_SECONDS
    headers: Any = getattr(service, "headers", None)
    if "headers" in service.template_kwargs and isinstance(headers, dict):
        scheme = address.partition("://")[0].lower()
        headers["X-Idempotency-Key" if scheme in _MAIL else "Idempotency-Key"] = key


def _is_taken(result: AppriseResult) -> bool:
    """Whether every part was taken. The result itself calls a part a success that failed and has
    `optional=yes`; here nothing may be lost."""
    parts = [*result]
    return bool(parts) and all(part.attempts and bool(part.attempts[-1]) for part in parts)


def _silence() -> None:
    """For good, not for a while: what is given up after its time limit still runs and logs.

    urllib3 names paths, in which many services carry their secret.
    """
    for name in ("apprise", "urllib3"):
        logger = logging.getLogger(name)
        logger.propagate = False
        if not any(isinstance(handler, logging.NullHandler) for handler in logger.handlers):
            logger.addHandler(logging.NullHandler())
    logging.getLogger("apprise").setLevel(logging.DEBUG)  # or the reasons are not written at all
