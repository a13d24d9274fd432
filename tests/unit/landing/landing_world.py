"""A home to land single files in: what the tests of this folder share."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from partner_kpis.contracts.model import load_entities
from partner_kpis.home import DataHome
from partner_kpis.landing.judge import promoted
from partner_kpis.landing.land import land
from partner_kpis.landing.ledger import FileRecord, Ledger
from partner_kpis.landing.records import World
from partner_kpis.sources_config import EntitySettings

CONTRACTS = load_entities()


@dataclass
class LandingWorld:
    """Drops files, lands them, and promotes everything as if all promises held."""

    home: DataHome
    settings: dict[str, EntitySettings] = field(
        default_factory=lambda: {name: EntitySettings() for name in CONTRACTS}
    )
    runs: int = 0

    def drop(self, file_name: str, content: str | bytes) -> Path:
        path = self.home.landing / file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def land(self, *, promote: bool = True) -> list[FileRecord]:
        """What one run adds to the ledger, after promotion."""
        self.runs += 1
        ledger = Ledger.read(self.home)
        result = land(self.home, World(CONTRACTS, self.settings), ledger, f"run{self.runs}")
        if promote:
            held = [r for r in ledger.records if r.status == "held"]
            ledger.commit("promote", (), [c for r in held for c in promoted(ledger, r)])
        # Where rows are many, the landing number stands for the file.
        numbers = [record.landed_seq for record in ledger.records if record.status == "loaded"]
        assert len(numbers) == len(set(numbers))
        return [ledger.get(record.record_id) for record in result.records]

    def land_one(self, file_name: str, content: str | bytes) -> FileRecord:
        self.drop(file_name, content)
        (record,) = self.land()
        return record

    def rows(self, name: str, columns: str = "*") -> list[tuple[Any, ...]]:
        """Rows of the loaded files of `source/entity`, by file and row."""
        parts = [
            str(self.home.root / part.path)
            for record in Ledger.read(self.home).of(name, "loaded")
            for part in record.parts
        ]
        if not parts:
            return []
        return duckdb.execute(
            f"select {columns} from read_parquet($1, union_by_name = true) "
            "order by _landed_seq, _row_number",
            [parts],
        ).fetchall()

    def faults(self, record: FileRecord) -> list[tuple[int, str | None, str]]:
        """(row number, column, rule) of a file's quarantined rows."""
        assert record.quarantine_part is not None
        return duckdb.execute(
            "select row_number, column_name, rule from read_parquet($1) order by all",
            [str(self.home.root / record.quarantine_part)],
        ).fetchall()


def adds_up(record: FileRecord) -> bool:
    return record.rows_read == (
        record.rows_accepted + record.rows_quarantined + record.rows_duplicate + record.rows_ignored
    )
