"""A look at one file: how it would be read, without loading anything.

Belongs here: the report of `partner-kpis check`. The reading itself is that of land_file.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from partner_kpis.contracts.model import Column, Contract, load_entities
from partner_kpis.contracts.rows import quoted
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.landing.headers import named_in
from partner_kpis.landing.inspect_file import FileRefusedError
from partner_kpis.landing.land import landing_connection
from partner_kpis.landing.land_file import Landed, land_file
from partner_kpis.landing.scan import export_date_of
from partner_kpis.landing.staged import LandingFile
from partner_kpis.sources_config import EntitySettings, load_settings


@dataclass(frozen=True)
class CheckReport:
    """What a look at a file found.

    first_line: what a file begins with of which no column is known; columns: (contract column, what
    feeds it, or None when nothing does); faults: (row number, sentence).
    """

    refused: str | None = None
    first_line: tuple[str, ...] = ()
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
    if path.is_dir():
        raise UserError(f"{path} is a folder. Name one file in it.")
    if not path.is_file():
        raise UserError(f"There is no file {path}.")
    # Of all entities: the file of settings is one, and names whatever the home has exports of.
    settings = load_settings(home, load_entities())[contract.name] if home else EntitySettings()
    file = LandingFile(
        path=path,
        file_name=path.name,
        sha256="0" * 64,
        contract=contract,
        settings=settings,
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
        return CheckReport(refused=str(refusal), first_line=refusal.first_line)
    finally:
        connection.close()
    return CheckReport(
        columns=[(c.export_name, _fed_by(c, landed, settings)) for c in contract.columns],
        unknown=landed.unknown_columns,
        notes=tuple(note.en for note in landed.notes),
        rows_read=landed.rows_read,
        rows_accepted=landed.rows_accepted,
        rows_quarantined=landed.rows_quarantined,
        rows_duplicate=landed.rows_duplicate,
        rows_ignored=landed.rows_ignored,
        faults=faults,
    )


def _fed_by(column: Column, landed: Landed, settings: EntitySettings) -> str | None:
    """What the settings say of a column wins over the file, as it does when rows are read."""
    if (name := named_in(settings.constants, column)) is not None:
        return f"constant: {settings.constants[name]}"
    if found := landed.field_names.get(column.name):
        return found
    if (name := named_in(settings.columns, column)) is not None:
        return f"missing (optional): sources.yml calls it '{settings.columns[name]}'"
    return None
