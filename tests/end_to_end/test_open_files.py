"""A refused file is an open problem as long as it lies there, and no longer.

Belongs here: what the page lists as open, and the run that takes a file off it.
Does not belong here: why files are refused (test_bad_input.py).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from helpers import assert_same_values, publish, table, values, write_bytes, write_csv

from partner_kpis.home import DataHome
from partner_kpis.run_report import RunReport
from partner_kpis.serving import Snapshot
from partner_kpis.serving.quality import open_files

AS_OF = date(2026, 6, 30)
NAME = "prm/partner/login.csv"
HELD = {"Id": "006Qy0000004Cz9IAE", "IsWon": "true", "IsClosed": "false"}


def opened(home: DataHome) -> list[tuple[str, str]]:
    with Snapshot.open(home) as snapshot:
        return sorted(open_files(snapshot).select("file_name", "status").rows())


def run(home: DataHome, said: list[str]) -> RunReport:
    said.clear()
    return publish(home, as_of=AS_OF, said=said)


def test_a_refused_file_is_open_until_it_is_gone_or_good(home: DataHome) -> None:
    said: list[str] = []
    write_csv(home, "prm/partner", [{"partner_id": "P1"}], "good.csv")
    write_csv(home, "salesforce/opportunity", [HELD], "deals.csv")
    held = ("salesforce/opportunity/deals.csv", "held")
    page = write_bytes(home, "prm/partner", "login.csv", b"<!doctype html><html></html>")
    assert run(home, said).exit_code == 3
    assert opened(home) == [(NAME, "refused"), held]
    assert run(home, said).outcome == "unchanged"

    content = page.read_bytes()
    page.unlink()
    before = values(home)
    gone = run(home, said)
    assert (gone.outcome, gone.refused) == ("published", [])
    assert opened(home) == [held]
    assert not any("refresh" in sentence for sentence in said)
    assert_same_values(before, values(home))
    assert run(home, said).outcome == "unchanged"

    page.write_bytes(content)
    assert run(home, said).outcome == "published"
    assert opened(home) == [(NAME, "refused"), held]

    write_csv(home, "prm/partner", [{"partner_id": "P2"}], "login.csv")
    assert run(home, said).outcome == "published"
    assert opened(home) == [held]
    states: list[dict[str, Any]] = (
        table(home, "landing_ledger").filter(pl.col("file_name") == NAME).to_dicts()
    )
    assert [(s["status"], s["is_open"]) for s in states] == [("refused", False), ("loaded", False)]
