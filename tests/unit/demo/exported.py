"""Reading the demo's exports as they lie there, without the product.

Belongs here: what the tests of the demo share. Does not belong here: expectations.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from partner_kpis.demo import DemoTruth
from partner_kpis.home import DataHome

BERLIN = ZoneInfo("Europe/Berlin")
CRM_ENTITIES = ("account", "opportunity", "opportunity_history", "opportunity_partner", "lead")
Demo = tuple[DataHome, DemoTruth]


def all_bytes(home: DataHome) -> dict[str, bytes]:
    files = (p for p in home.root.rglob("*") if p.is_file())
    return {str(p.relative_to(home.root)): p.read_bytes() for p in files}


def rows(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> list[dict[str, str]]:
    text = path.read_text(encoding=encoding)
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def good_rows(demo: Demo, source: str, entity: str) -> list[dict[str, str]]:
    """The rows of every good CSV file of an entity in file order, without the planted bad ones."""
    home, truth = demo
    bad = {(b.file_name, b.row_number) for b in truth.bad_rows}
    found = []
    for file in truth.files:
        if (file.source, file.entity) == (source, entity):
            numbered = enumerate(rows(home.landing / file.file_name), start=1)
            found += [row for n, row in numbered if (file.file_name, n) not in bad]
    return found


def events(demo: Demo) -> Iterator[dict[str, Any]]:
    home, _ = demo
    for path in sorted(home.landing.glob("telemetry/event/*.jsonl.gz")):
        for line in gzip.decompress(path.read_bytes()).decode().splitlines():
            yield json.loads(line)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def day(text: str) -> date:
    return moment(text).astimezone(BERLIN).date()
