"""What an address says of itself, and what is added to it."""

from __future__ import annotations

import pytest
from apprise import AppriseAsset

from partner_kpis.alerts import sending


@pytest.mark.parametrize(
    ("address", "connect", "read"),
    [
        ("json://localhost/x", 10, 10),
        ("json://localhost/x?cto=2.5", 2.5, 10),
        ("json://localhost/x?verify=no&RTO=30", 10, 30),
        ("mailto://ops:pw@example.com?to=a@example.com&cto=3&rto=4", 3, 4),
        ("mailto://ops:pw@example.com?to=a@example.com", 10, 10),
    ],
)
def test_nobody_is_waited_for_longer_than_ten_seconds_unless_the_address_says_so(
    address: str, connect: float, read: float
) -> None:
    service = sending._service(address, AppriseAsset())
    sending._prepare(service, address, "M-a")
    assert service.request_timeout == (connect, read)


@pytest.mark.parametrize(
    ("address", "header"),
    [
        ("json://localhost", "Idempotency-Key"),
        ("xmls://localhost", "Idempotency-Key"),
        ("form://localhost/?+X-Own=1", "Idempotency-Key"),
        ("mailtos://ops:pw@example.com", "X-Idempotency-Key"),
        ("pagerduty://integrationkey@apikey/", None),  # has no room for headers
    ],
)
def test_the_key_is_a_header_where_an_address_takes_headers(
    address: str, header: str | None
) -> None:
    service = sending._service(address, AppriseAsset())
    sending._prepare(service, address, "M-a")
    headers = getattr(service, "headers", {})
    assert [name for name, value in headers.items() if value == "M-a"] == [header] * bool(header)
    assert ("X-Own" in headers) == ("X-Own" in address)


@pytest.mark.parametrize(
    ("level", "said", "reason"),
    [
        ("WARNING", "Failed to send JSON POST notification: Server Error., error=500.", "HTTP 500"),
        ("WARNING", "SMTP recipient a@b.c was refused: 550 b'no such user'", "SMTP 550"),
        ("DEBUG", "Socket Exception: {'a@b.c': (550, b'no such user')}", "SMTP 550"),
        ("DEBUG", "Socket Exception: [Errno 113] No route to host", "host not reachable"),
        ("DEBUG", "Socket Exception: ('Connection aborted.', …)", "connection lost"),
        ("DEBUG", "JSON Payload: {'message': 'timed out, error=404, certificate'}", "not accepted"),
        ("WARNING", "Something of which we know nothing: pa55word", "not accepted"),
    ],
)
def test_a_reason_is_one_of_a_few_words(level: str, said: str, reason: str) -> None:
    assert sending._reason([(level, said)]) == reason
