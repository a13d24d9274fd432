"""The tables about files: what became of each one, and which rows of it are bad.

Belongs here: landing_ledger and quarantined_rows, for the models and for the snapshot. Does not
belong here: what else the models read (control_tables.py), publishing (publish.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from partner_kpis.home import DataHome
from partner_kpis.landing.ledger import FileRecord, Ledger
from partner_kpis.text import LANGUAGES, t

LEDGER_SCHEMA: dict[str, Any] = {
    "file_sha256": pl.String, "file_name": pl.String, "source": pl.String, "entity": pl.String,
    "contract_version": pl.String, "version_rule": pl.String, "loaded_at": pl.Datetime("us"),
    "ordered_at": pl.Datetime("us"), "min_date": pl.Date, "max_date": pl.Date,
    "rows_read": pl.Int64, "rows_accepted": pl.Int64, "rows_quarantined": pl.Int64,
    "rows_duplicate": pl.Int64, "rows_ignored": pl.Int64, "status": pl.String,
    "reason": pl.String, "reason_de": pl.String,
}  # fmt: skip
QUARANTINE_SCHEMA: dict[str, Any] = {
    "file_name": pl.String, "row_number": pl.Int64, "source": pl.String, "entity": pl.String,
    "column_name": pl.String, "rule": pl.String, "message": pl.String,
    "message_de": pl.String,
}  # fmt: skip


def frame_of(schema: dict[str, Any], rows: Iterable[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def ledger_frame(ledger: Ledger) -> pl.DataFrame:
    """One row a reading of a file, in landing order."""
    return frame_of(
        LEDGER_SCHEMA,
        (
            (r.file_sha256, r.file_name, r.source, r.entity, r.contract_version, r.version_rule,
             datetime.fromisoformat(r.loaded_at), datetime.fromisoformat(r.ordered_at),
             date.fromisoformat(r.first_day) if r.first_day else None,
             date.fromisoformat(r.last_day) if r.last_day else None,
             r.rows_read, r.rows_accepted, r.rows_quarantined, r.rows_duplicate, r.rows_ignored,
             r.status, *(_told(r, lang) for lang in LANGUAGES))
            for r in _in_landing_order(ledger)
        ),
    )  # fmt: skip


def published_ledger(ledger: Ledger, still_refused: Collection[FileRecord]) -> pl.DataFrame:
    """The table landing_ledger of serving.md: the same with is_open, which is no matter of the
    models, as it depends on what lies in landing/ now."""
    waiting = {record.record_id for record in still_refused}
    is_open = [r.status == "held" or r.record_id in waiting for r in _in_landing_order(ledger)]
    return ledger_frame(ledger).with_columns(pl.Series("is_open", is_open, dtype=pl.Boolean))


def _in_landing_order(ledger: Ledger) -> list[FileRecord]:
    return sorted(ledger.records, key=lambda r: (r.landed_seq, r.record_id))


def _told(record: FileRecord, lang: str) -> str | None:
    """The reason of the state, and what was noticed on the way: drift, encoding, footers.

    What an old entry of the ledger says in English only stays English.
    """
    reason, notes = record.reason, record.notes
    if lang == "de":
        reason, notes = record.reason_de or reason, record.notes_de or notes
    said = [reason] if reason else []
    if record.unknown_columns:
        names, more = ", ".join(record.unknown_columns[:8]), len(record.unknown_columns) - 8
        key = "note.unknown_columns_more" if more > 0 else "note.unknown_columns"
        said.append(t(key, lang, columns=names, count=more))
    if record.missing_columns:
        said.append(t("note.missing_columns", lang, columns=", ".join(record.missing_columns)))
    said += [f"{note[0].upper()}{note[1:]}." for note in notes]
    return " ".join(dict.fromkeys(said)) or None


def quarantine_frame(home: DataHome, ledger: Ledger) -> pl.DataFrame:
    """The table quarantined_rows of serving.md, of all files whose reading still counts."""
    paths: list[Path] = [
        home.root / record.quarantine_part
        for record in ledger.records
        if record.quarantine_part and record.status in ("loaded", "held")
    ]
    if not paths:
        return pl.DataFrame(schema=QUARANTINE_SCHEMA)
    frames = [pl.DataFrame(schema=QUARANTINE_SCHEMA), *map(pl.read_parquet, paths)]
    found = pl.concat(frames, how="diagonal_relaxed").select(
        pl.col(name).cast(kind) for name, kind in QUARANTINE_SCHEMA.items()
    )
    # Files written before there was a German sentence have the English one only.
    return found.with_columns(pl.col("message_de").fill_null(pl.col("message")))
