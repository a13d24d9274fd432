"""Small documents that take their time, so that a test can stop whoever makes them.

Belongs here: what stands in for builders and renderers where only files matter. Does not belong
here: tests, or what a real document says.

Run as a test does: python -m tests.unit.reports.plain_maker SNAPSHOT FOLDER COUNT PROCESSES
"""

from __future__ import annotations

import os
import sys
import time
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from partner_kpis.reports.document import Document, Identity
from partner_kpis.reports.kinds import Wish
from partner_kpis.reports.produce import Order, produce
from partner_kpis.reports.stamp import Stamp
from partner_kpis.serving import Snapshot

SIZE = 3_000_000  # bytes of a file: writing it takes a moment, too


def source(snapshot: Snapshot, stamp: Stamp) -> str:
    return stamp.snapshot_hash


def build(loaded: str, wish: Wish) -> Document:
    if wish.partner_id == "P-faulty":
        raise ValueError("P-faulty has no document")
    identity = Identity(
        wish.kind, wish.partner_id, wish.partner_id, wish.period, wish.edition, wish.lang,
        "snap-0001", loaded, date(2026, 10, 31), datetime(2026, 11, 1), "code",
    )  # fmt: skip
    return Document(identity, "title", "", str(os.getpid()), ())


def renderer(form: str) -> Any:
    return SimpleNamespace(render=lambda document: _render(document, form))


def _render(document: Document, form: str) -> bytes:
    time.sleep(float(os.environ.get("SECONDS_A_FILE", "0")))
    line = f"{document.identity.stem} {form} by {document.footer}\n".encode()
    return line * (SIZE // len(line)) + b"END"


def is_whole(file: Path) -> bool:
    return file.read_bytes().endswith(b"END")


def order(snapshot: Path, folder: Path, count: int) -> Order:
    wishes = tuple(Wish("qbr", f"P-{i:02}", "2026Q3", "internal", "en") for i in range(count))
    with Snapshot(snapshot) as opened:
        return Order(snapshot, Stamp.of(opened), folder, wishes, ("pptx", "pdf"))


if __name__ == "__main__":
    produce(
        order(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])),
        lambda written: print(written.wish.partner_id, flush=True),
        processes=int(sys.argv[4]),
        maker="tests.unit.reports.plain_maker",
    )
