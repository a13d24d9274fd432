"""A look at one file: how it would be read, without loading anything.

Belongs here: the report of `partner-kpis check`. The reading itself is that of land_file.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from partner_kpis.contracts.model import Contract
from partner_kpis.contracts.rows import quoted
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.landing.inspect_file import FileRefusedError
from partner_kpis.landing.land import landing_connection
from partner_kpis.landing.land_file import land_file
from partner_kpis.landing.scan import export_date_of
from partner_kpis.landing.staged import LandingFile
from partner_kpis.sources_config import EntitySettings, load_settings


@dataclass(frozen=True)
class CheckReport:
    """columns: (contract column, name in the file or None); faults: (row number, sentence)."""

    refused: str | None = None
    columns: list[tuple[str, str | None]] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    rows_read: int = 0
    rows_accepted: int = 0
    rows_quarantined: int = 0
    rows_duplicate: int = 0
    rows_ignored: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)


def check_file(path: Path, contract: Contract, home: DataHome | None, work: Path) -> CheckReport:
    """Read the file as landing would. Raises UserError when there is no such file."""
    if not path.is_file():
        raise UserError(f"There is no file {path}.")
    settings = load_settings(home, {contract.name: contract})[contract.name] if home else None
    file = LandingFile(
        path=path,
        file_name=path.name,
        sha256="0" * 64,
        contract=contract,
        settings=settings or EntitySettings(),
        export_date=export_date_of(path.name),
        landed_seq=1,
        loaded_at=datetime.now(UTC),
        record_id="check",
    )
    connection = landing_connection(work)
    try:
        landed = land_file(connection, file, [], "check", work)
        faults: list[tuple[int, str]] = []
        if landed.quarantine:
            listed = quoted(str(work / "quarantine" / "check.parquet"))
            faults = connection.execute(
                f"select row_number, message from read_parquet({listed}) order by row_number"
            ).fetchall()
    except FileRefusedError as refusal:
        return CheckReport(refused=str(refusal))
    finally:
        connection.close()
    return CheckReport(
        columns=[(c.export_name, landed.field_names.get(c.name)) for c in contract.columns],
        unknown=landed.unknown_columns,
        notes=tuple(note.en for note in landed.notes),
        rows_read=landed.rows_read,
        rows_accepted=landed.rows_accepted,
        rows_quarantined=landed.rows_quarantined,
        rows_duplicate=landed.rows_duplicate,
        rows_ignored=landed.rows_ignored,
        faults=faults,
    )
