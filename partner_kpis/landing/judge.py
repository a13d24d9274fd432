"""From held to loaded: the dataset promises decide whether what was landed joins the lake.

Belongs here: which files are judged together, and what follows. Does not belong here: the
promises themselves (contracts/expectations.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from partner_kpis.contracts.rows import quoted
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.landing.land import Say, World, landing_connection
from partner_kpis.landing.ledger import FileRecord, Ledger, StateChange
from partner_kpis.landing.scan import Found

if TYPE_CHECKING:
    from partner_kpis.contracts.expectations import DataDocs, PromiseResult


@dataclass(frozen=True)
class Judgement:
    """One batch (files of an entity landed by one run) with the results of its promises."""

    name: str
    records: tuple[FileRecord, ...]
    results: tuple[PromiseResult, ...]

    @property
    def broken(self) -> list[PromiseResult]:
        return [r for r in self.results if r.severity == "error" and not r.passed]

    @property
    def warnings(self) -> list[PromiseResult]:
        return [r for r in self.results if r.severity == "warning" and not r.passed]


def judge(
    home: DataHome,
    world: World,
    ledger: Ledger,
    run_id: str,
    as_of: date,
    docs: DataDocs | None = None,
    say: Say = lambda _: None,
) -> list[Judgement]:
    """Check every held batch and commit what follows: loaded when no error promise is broken."""
    judgements = [
        Judgement(name, tuple(records), tuple(_check(home, world, ledger, records, as_of, docs)))
        for name, records in held_batches(ledger)
    ]
    changes: list[StateChange] = []
    for judgement in judgements:
        reason = _reason(judgement) if judgement.broken else None
        for record in judgement.records:
            if reason is None:
                changes += promoted(ledger, record)
            elif record.reason != reason:
                changes.append(StateChange(record.record_id, "held", reason))
        if reason:
            say(f"{judgement.name}: held. {reason}")
    news = {j.name: [f"{r.promise_id}: {_sentence(r)}" for r in j.warnings] for j in judgements}
    news = {name: found for name, found in news.items() if ledger.warnings.get(name, []) != found}
    ledger.commit(run_id, (), changes, news)
    return judgements


def held_batches(ledger: Ledger) -> list[tuple[str, list[FileRecord]]]:
    """Held files by entity and run, in landing order: a batch is judged as it was landed."""
    batches: dict[tuple[str, str], list[FileRecord]] = defaultdict(list)
    for record in sorted(ledger.records, key=lambda r: r.landed_seq):
        if record.status == "held":
            batches[(record.name, record.run_id)].append(record)
    return [(name, records) for (name, _), records in sorted(batches.items())]


def promoted(ledger: Ledger, record: FileRecord, because: str | None = None) -> list[StateChange]:
    """The changes that make a held file loaded, in place of the reading that it replaces."""
    reason = f"Accepted: {because}" if because else None
    changes = [StateChange(record.record_id, "loaded", reason, because)]
    if record.replaces and ledger.get(record.replaces).status in ("loaded", "held"):
        changes.append(StateChange(record.replaces, "replaced", "The file was read anew."))
    return changes


def accept(ledger: Ledger, run_id: str, file: str, because: str) -> list[FileRecord]:
    """Load a held file in spite of its broken promise; the reason stays in the ledger."""
    records = _matching(ledger, file, "held")
    ledger.commit(run_id, (), [c for r in records for c in promoted(ledger, r, because)])
    return records


def withdraw(ledger: Ledger, run_id: str, file: str) -> list[FileRecord]:
    """Take a loaded or held file out of the lake; the file in landing/ stays as it is."""
    records = _matching(ledger, file, "held", "loaded")
    changes = [StateChange(r.record_id, "withdrawn", "Withdrawn by hand.") for r in records]
    ledger.commit(run_id, (), changes)
    return records


def still_refused(files: Sequence[Found], ledger: Ledger) -> list[FileRecord]:
    """Refused files that still lie in the landing folder as they were refused."""
    present = {(f.name, f.file_name, f.sha256) for f in files}
    return [
        record
        for record in ledger.records
        if record.status == "refused"
        and (record.name, record.file_name, record.file_sha256) in present
    ]


def _matching(ledger: Ledger, file: str, *states: str) -> list[FileRecord]:
    """Records of the one file that a person means: its path below landing/, name, or SHA-256."""
    wanted = file.replace("\\", "/")
    found = [
        record
        for record in ledger.records
        if record.status in states
        and (
            wanted == record.file_name
            or wanted.endswith("/" + record.file_name)
            or record.file_name.endswith("/" + wanted)
            or (len(wanted) >= 8 and record.file_sha256.startswith(wanted))
        )
    ]
    if not found:
        known = sorted({r.file_name for r in ledger.records if r.status in states})
        raise UserError(
            f"No {' or '.join(states)} file is called {file!r}. "
            + (f"There are: {', '.join(known[:10])}." if known else "There is none.")
        )
    if len({record.file_name for record in found}) > 1:
        names = ", ".join(sorted({record.file_name for record in found}))
        raise UserError(f"{file!r} may mean {names}. Name one of them with its folder.")
    return found


def _check(
    home: DataHome,
    world: World,
    ledger: Ledger,
    records: Sequence[FileRecord],
    as_of: date,
    docs: DataDocs | None,
) -> list[PromiseResult]:
    from partner_kpis.contracts.expectations import check_batch

    contract = world.contracts[records[0].name]
    parts = [quoted(str(home.root / part.path)) for r in records for part in r.parts]
    if not parts or not contract.promises:
        return []
    home.work.mkdir(parents=True, exist_ok=True)
    connection = landing_connection(home.work)
    try:
        connection.execute(
            f"create view batch as select * from read_parquet([{', '.join(parts)}], "
            "union_by_name = true)"
        )
        _create_profile(connection, contract.name, ledger, records)
        return check_batch(
            connection, contract, batch="batch", profile="profile", as_of=as_of, docs=docs
        )
    finally:
        connection.close()


def _create_profile(
    connection: object, name: str, ledger: Ledger, records: Sequence[FileRecord]
) -> None:
    """Table `profile`: day, first_at, last_at, row_count, file_sha256, run_id, loaded_at and
    ref_<column>_total, ref_<column>_resolved for each column that refers to another entity."""
    import polars as pl

    judged = {record.record_id for record in records}
    rows = []
    for record in ledger.of(name):
        if record.status == "loaded" or record.record_id in judged:
            for day in record.profile:
                row: dict[str, object] = {
                    "day": date.fromisoformat(day.day),
                    "first_at": day.first_at,
                    "last_at": day.last_at,
                    "row_count": day.rows,
                    "file_sha256": record.file_sha256,
                    "run_id": record.run_id,
                    "loaded_at": record.loaded_at,
                    "is_batch": record.record_id in judged,
                }
                for column, (total, resolved) in day.references.items():
                    row[f"ref_{column}_total"] = total
                    row[f"ref_{column}_resolved"] = resolved
                rows.append(row)
    frame = pl.DataFrame(
        rows or None,
        schema=None
        if rows
        else {"day": pl.Date, "first_at": pl.String, "last_at": pl.String, "row_count": pl.Int64,
              "file_sha256": pl.String, "run_id": pl.String, "loaded_at": pl.String,
              "is_batch": pl.Boolean},
        infer_schema_length=None,
    )  # fmt: skip
    frame = frame.with_columns(
        pl.col("first_at", "last_at", "loaded_at").str.to_datetime("%Y-%m-%dT%H:%M:%S%.f")
    )
    connection.register("profile_frame", frame)  # type: ignore[attr-defined]
    connection.execute("create table profile as select * from profile_frame")  # type: ignore[attr-defined]


def _reason(judgement: Judgement) -> str:
    broken = "; ".join(f"{r.promise_id}: {_sentence(r)}" for r in judgement.broken)
    return (
        f"A promise of the contract is broken ({broken}). Mend the export and withdraw this file "
        "(partner-kpis withdraw FILE), or take it as it is (partner-kpis accept FILE --because "
        "TEXT)."
    )


def _sentence(result: PromiseResult) -> str:
    where = f" ({', '.join(result.sample[:3])})" if result.sample else ""
    return f"{result.description.rstrip('.')}; found: {result.observed}{where}"
