"""Writing export files, and keeping account of what was written.

Belongs here: how bytes come to a file (always the same ones for the same content), and the list
of files and bad rows that becomes part of the truth. Does not belong here: what is in them.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl

from partner_kpis.demo.truth import BadRow, ExportFile


@dataclass(frozen=True)
class Fault:
    """A bad row to append to an export: its fields as text, and what is wrong in which column."""

    kind: str
    column: str
    row: Mapping[str, str | None]


@dataclass
class Exporter:
    """Writes below `root` (a landing folder in the making) and remembers every file."""

    root: Path
    files: list[ExportFile] = field(default_factory=list)
    bad_rows: list[BadRow] = field(default_factory=list)
    bad_files: list[str] = field(default_factory=list)

    def path(self, file_name: str) -> Path:
        path = self.root / file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def csv(
        self,
        source: str,
        entity: str,
        file: str,
        frame: pl.DataFrame,
        *,
        faults: Iterable[Fault] = (),
        quote: Literal["necessary", "always"] = "necessary",
        encoding: str = "utf-8",
        delimiter: str = ",",
        footers: tuple[str, ...] = (),
    ) -> None:
        """Write a frame as CSV, the faults after its good rows, the footers after both.

        A fault's missing fields are empty. Salesforce's loader quotes everything (`always`).
        """
        name = f"{source}/{entity}/{file}"
        text = frame.select(pl.all().cast(pl.String))
        faults = list(faults)
        for number, fault in enumerate(faults, start=frame.height + 1):
            row = pl.DataFrame([dict(fault.row)], schema=dict.fromkeys(fault.row, pl.String))
            text = pl.concat([text, row], how="diagonal")
            self.bad_rows.append(BadRow(name, number, fault.column, fault.kind))
        body = text.write_csv(separator=delimiter, quote_style=quote, line_terminator="\n")
        body += "".join(f"{footer}\n" for footer in footers)
        self.path(name).write_bytes(body.encode(encoding))
        rows = text.height
        self.files.append(ExportFile(name, source, entity, rows, footer_rows=len(footers)))

    def json_lines(
        self,
        source: str,
        entity: str,
        file: str,
        lines: pl.Series,
        *,
        ignored: int = 0,
        repeated: int = 0,
        faults: Iterable[tuple[str, str, str]] = (),
    ) -> None:
        """Write lines gzipped, then the faults (kind, column, line); no clock enters the bytes."""
        name = f"{source}/{entity}/{file}"
        faults = list(faults)
        with (
            self.path(name).open("wb") as raw,
            gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=4, mtime=0) as packed,
        ):
            for part in lines.to_frame("line").iter_slices(20_000):
                packed.write(("\n".join(part["line"].to_list()) + "\n").encode())
            for number, (kind, column, line) in enumerate(faults, start=len(lines) + 1):
                packed.write((line + "\n").encode())
                self.bad_rows.append(BadRow(name, number, column, kind))
        rows = len(lines) + len(faults)
        self.files.append(ExportFile(name, source, entity, rows, ignored, repeated))

    def text(self, source: str, entity: str, file: str, content: str, rows: int) -> None:
        name = f"{source}/{entity}/{file}"
        self.path(name).write_bytes(content.encode("utf-8"))
        self.files.append(ExportFile(name, source, entity, rows))

    def bad_file(self, source: str, entity: str, file: str, content: str) -> None:
        """A file that landing must refuse whole."""
        name = f"{source}/{entity}/{file}"
        self.path(name).write_bytes(content.encode("utf-8"))
        self.bad_files.append(name)


def money(column: str) -> pl.Expr:
    """Amounts with two decimals, as text."""
    cents = (pl.col(column) * 100).round().cast(pl.Int64)
    return pl.format("{}.{}", cents // 100, (cents % 100).cast(pl.String).str.zfill(2))
