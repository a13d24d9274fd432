"""config/crosswalk.csv: which ids a person has found to mean the same account or partner.

Belongs here: reading the file strictly. Does not belong here: what a reviewed row does (the dbt
models int_accounts__matched and int_partner_accounts__matched), or names that only look alike
(suggestions.py).
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.strict_yaml import did_you_mean

COLUMNS: Final = ("source", "entity", "id", "kind", "matched_id")
NOTE: Final = "note"

# Where an id may stand that a reviewed row speaks of. An id of an account that Salesforce names is
# declared: nothing else can be said of it. Deals name their customers as companies.
PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "account": (
        "hubspot/company", "prm/deal_registration", "prm/referral", "salesforce/opportunity",
        "telemetry/event",
    ),
    "partner": ("hubspot/company", "prm/partner", "salesforce/account"),
}  # fmt: skip

_FAULTS_TOLD = 5
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


@dataclass(frozen=True)
class Reviewed:
    """One row: the id that an entity names stands for the account or partner `matched_id`.

    A partner match joins a CRM account and a partner of the registry, from either side. Ids of
    HubSpot's companies have the form `hubspot|<id>`, those of Salesforce 18 characters.
    """

    source: str
    entity: str
    id: str
    kind: str
    matched_id: str


@dataclass(frozen=True)
class Crosswalk:
    """The rows of the file, in its order; none without a file."""

    rows: tuple[Reviewed, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Short hash of what the rows say; notes and their order are no news."""
        said = "\n".join(sorted("\x1f".join(vars(row).values()) for row in self.rows))
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    @classmethod
    def load(cls, home: DataHome) -> Crosswalk:
        """Read the home's file. Raises UserError with a sentence for each faulty row."""
        path = home.crosswalk_file
        if not path.exists():
            return cls()
        table = _Table(path)
        rows: list[Reviewed] = []
        faults: list[str] = []
        seen: dict[tuple[str, ...], int] = {}
        for number, values in table.rows():
            fault = _fault(values)
            if fault is None:
                row = _reviewed(values)
                first = seen.setdefault((row.source, row.entity, row.id, row.kind), number)
                if first != number:
                    fault = (
                        f"{values['id']!r} is matched in row {first} already. Keep one of the rows"
                    )
                else:
                    rows.append(row)
            if fault is not None:
                faults.append(f"{path}, row {number}: {fault}.")
        faults += [f"{path}, row {seen[key]}: {told}." for key, told in _chains(rows)]
        if faults:
            more = len(faults) - _FAULTS_TOLD
            told = faults[:_FAULTS_TOLD] + ([f"{more} more rows are faulty."] if more > 0 else [])
            raise UserError(" ".join(told))
        return cls(tuple(rows))


class _Table:
    """The file as texts by column. Rows are numbered from 1 below the header, as everywhere."""

    def __init__(self, path: Path) -> None:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise UserError(
                f"{path}: byte {error.start + 1} is no UTF-8 text. Save the file as UTF-8."
            ) from error
        except OSError as error:
            raise UserError(f"{path} cannot be read ({error.strerror}). Mend the file.") from error
        first, _, _ = text.partition("\n")
        delimiter = ";" if ";" in first and "," not in first else ","  # a German Excel writes ;
        lines = csv.reader(StringIO(text), delimiter=delimiter)
        self._path, self._lines = path, lines
        self._names = [name.strip().lower() for name in next(lines, [])]
        self._refuse_header()

    def _refuse_header(self) -> None:
        expected = ",".join((*COLUMNS, NOTE))
        for name in self._names:
            if name not in (*COLUMNS, NOTE):
                near = did_you_mean(name, [*COLUMNS, NOTE])
                raise UserError(
                    f"{self._path}: the column {name!r} is unknown{near}. The header is {expected}."
                )
        if missing := [name for name in COLUMNS if name not in self._names]:
            raise UserError(
                f"{self._path}: the column {missing[0]!r} is missing. The header is {expected}."
            )
        if len(set(self._names)) < len(self._names):
            raise UserError(f"{self._path}: a column stands there twice. The header is {expected}.")

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        number = 0
        for fields in self._lines:
            if not any(field.strip() for field in fields):
                continue
            number += 1
            if len(fields) > len(self._names):
                raise UserError(
                    f"{self._path}, row {number}: there are {len(fields)} fields and "
                    f"{len(self._names)} columns. Put a note that holds commas in quotation marks."
                )
            padded = [*fields, *[""] * (len(self._names) - len(fields))]
            yield number, dict(zip(self._names, (f.strip() for f in padded), strict=True))


def _fault(values: Mapping[str, str]) -> str | None:
    """What is wrong with a row on its own, without the full stop."""
    for name in COLUMNS:
        if not values[name]:
            return f"{name} is empty. Fill it in or delete the row"
    kind, place = values["kind"], f"{values['source']}/{values['entity']}"
    if kind not in PLACES:
        near = did_you_mean(kind, list(PLACES))
        return f"the kind {kind!r} is unknown{near}. Write account or partner"
    if place not in PLACES[kind]:
        near = did_you_mean(place, PLACES[kind])
        return (
            f"{place!r} names nothing of kind {kind}{near}. Write one of {', '.join(PLACES[kind])}"
        )
    return None


def _reviewed(values: Mapping[str, str]) -> Reviewed:
    place, own, matched = (
        f"{values['source']}/{values['entity']}",
        values["id"],
        values["matched_id"],
    )
    if place == "hubspot/company":
        own = f"hubspot|{own.removeprefix('hubspot|')}"
        matched = own if own == f"hubspot|{matched}" else matched
    elif place != "prm/partner":  # as their contracts do
        own = _widened(own)
    if matched.startswith("001"):
        matched = _widened(matched)
    return Reviewed(values["source"], values["entity"], own, values["kind"], matched)


def _chains(rows: list[Reviewed]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Companies that lead to a company which leads on: only the end can be meant."""
    leading = {row.id for row in rows if row.kind == "account" and row.id != row.matched_id}
    for row in rows:
        if row.kind != "account":
            continue
        if {row.matched_id, f"hubspot|{row.matched_id}"} & leading and row.id != row.matched_id:
            yield (
                (row.source, row.entity, row.id, row.kind),
                f"{row.matched_id!r} is matched to another account itself. Write that one",
            )


def _widened(value: str) -> str:
    """An id of Salesforce in its 18-character form; anything else stays.

    Source: Salesforce, "How to convert a 15 character Id to an 18 character Id".
    """
    if len(value) != 15 or not (value.isascii() and value.isalnum()):
        return value
    blocks = (value[start : start + 5] for start in (0, 5, 10))
    return value + "".join(
        _LETTERS[sum(letter.isupper() << place for place, letter in enumerate(block))]
        for block in blocks
    )
