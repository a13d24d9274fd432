"""From held to loaded: the dataset promises decide whether what was landed joins the lake.

Belongs here: which files are judged together, and what follows. Does not belong here: the
promises themselves (contracts/expectations.py).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from partner_kpis.contracts.expectations import PromiseResult
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.landing.land import Say
from partner_kpis.landing.ledger import FileRecord, Ledger, StateChange
from partner_kpis.landing.records import World
from partner_kpis.landing.scan import Found
from partner_kpis.text import Bilingual, both, joined

_PROFILE: dict[str, Any] = {
    "day": pl.Date, "first_at": pl.Datetime("us"), "last_at": pl.Datetime("us"),
    "row_count": pl.Int64, "file_sha256": pl.String, "run_id": pl.String,
    "loaded_at": pl.Datetime("us"), "is_batch": pl.Boolean,
}  # fmt: skip


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
    say: Say = lambda _: None,
) -> list[Judgement]:
    """Check every held batch and commit what follows: loaded when no error promise is broken."""
    held = held_batches(ledger)
    results = _check(home, world, ledger, held, as_of)
    judgements = [
        Judgement(name, tuple(records), found)
        for (name, records), found in zip(held, results, strict=True)
    ]
    changes: list[StateChange] = []
    for judgement in judgements:
        reason = _reason(judgement) if judgement.broken else None
        for record in judgement.records:
            if reason is None:
                changes += promoted(ledger, record)
            elif (record.reason, record.reason_de) != (reason.en, reason.de):
                changes.append(StateChange.because(record.record_id, "held", reason))
        if reason:
            say(f"{judgement.name}: held. {reason.en}")
    news = {j.name: [_sentence(r) for r in j.warnings] for j in judgements}
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
    reason = both("ledger.accepted", because=because) if because else None
    changes = [StateChange.because(record.record_id, "loaded", reason, because)]
    if record.replaces and ledger.get(record.replaces).status in ("loaded", "held"):
        told = both("ledger.read_anew")
        changes.append(StateChange.because(record.replaces, "replaced", told))
    return changes


def accept(ledger: Ledger, run_id: str, file: str, because: str) -> list[FileRecord]:
    """Load a held file in spite of its broken promise; the reason stays in the ledger."""
    records = _matching(ledger, file, "held")
    ledger.commit(run_id, (), [c for r in records for c in promoted(ledger, r, because)])
    return records


def withdraw(ledger: Ledger, run_id: str, file: str) -> list[FileRecord]:
    """Take a loaded or held file out of the lake; the file in landing/ stays as it is."""
    records = _matching(ledger, file, "held", "loaded")
    told = both("ledger.withdrawn")
    changes = [StateChange.because(r.record_id, "withdrawn", told) for r in records]
    ledger.commit(run_id, (), changes)
    return records


def copies_of(files: Sequence[Found], ledger: Ledger, records: Sequence[FileRecord]) -> list[str]:
    """Other files in landing/ with the same content, which are not withdrawn themselves."""
    newest = {(r.file_name, r.file_sha256): r.status for r in ledger.records}
    contents = {(record.name, record.file_sha256) for record in records}
    own = {record.file_name for record in records}
    return [
        f.file_name
        for f in files
        if (f.name, f.sha256) in contents
        and f.file_name not in own
        and newest.get((f.file_name, f.sha256)) != "withdrawn"
    ]


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
    held: Sequence[tuple[str, Sequence[FileRecord]]],
    as_of: date,
) -> list[tuple[PromiseResult, ...]]:
    """The results of every batch; a batch without an accepted row has none."""
    from partner_kpis.contracts.batch import Batch, check_batches
    from partner_kpis.contracts.side_process import shared

    parts = [
        [str(home.root / part.path) for r in records for part in r.parts] for _, records in held
    ]
    batches = [
        Batch(world.contracts[name], own, _profile_frame(name, ledger, records))
        for (name, records), own in zip(held, parts, strict=True)
        if own
    ]
    found = iter(shared.call(check_batches, batches, as_of, home.data_docs) if batches else ())
    return [next(found) if own else () for own in parts]


def _profile_frame(name: str, ledger: Ledger, records: Sequence[FileRecord]) -> pl.DataFrame:
    """Columns day, first_at, last_at, row_count, file_sha256, run_id, loaded_at, is_batch and
    ref_<column>_total, ref_<column>_resolved for each column that refers to another entity."""
    judged = {record.record_id for record in records}
    rows = [
        {
            "day": date.fromisoformat(day.day),
            "first_at": datetime.fromisoformat(day.first_at),
            "last_at": datetime.fromisoformat(day.last_at),
            "row_count": day.rows,
            "file_sha256": record.file_sha256,
            "run_id": record.run_id,
            "loaded_at": datetime.fromisoformat(record.loaded_at),
            "is_batch": record.record_id in judged,
            **{f"ref_{column}_total": pair[0] for column, pair in day.references.items()},
            **{f"ref_{column}_resolved": pair[1] for column, pair in day.references.items()},
        }
        for record in ledger.of(name)
        if record.status == "loaded" or record.record_id in judged
        for day in record.profile
    ]
    return (
        pl.DataFrame(rows or None, schema_overrides=_PROFILE, infer_schema_length=None)
        if rows
        else pl.DataFrame(schema=_PROFILE)
    )


def _reason(judgement: Judgement) -> Bilingual:
    return both("held.reason", promises=joined(map(_sentence, judgement.broken), "; "))


def _sentence(result: PromiseResult) -> Bilingual:
    """What was found instead of the promise, and where the first of it stands."""
    places = joined(map(_place, result.sample[:3]), ", ")
    where = Bilingual(f" ({places.en})", f" ({places.de})") if result.sample else ""
    return both("held.promise", promise=result.promise_id, told=result.found, where=where)


def _place(sample: str) -> Bilingual:
    """A row of a file is named in words, anything else is a key."""
    row = re.fullmatch(r"(.*) row (\d+)", sample)
    return both("held.row", file=row[1], row=row[2]) if row else Bilingual(sample, sample)
