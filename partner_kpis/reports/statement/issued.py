"""The ledger of issued statements: one small file each, written once and never changed.

Belongs here: reading, adding, and noticing that somebody changed one. Does not belong here: what a
statement says (settle.py), its document (pages.py).
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.landing.ledger import write_visible
from partner_kpis.reports.statement.model import Statement

_LOCK: Final = ".lock"


class Issued:
    """The issued statements of a data home, in reports/statements/_issued.

    A file is named <quarter>_<partner>.json, holds the statement and its hash, and becomes visible
    whole. Each names the hash of the partner's statement before, so that none can be exchanged.
    """

    def __init__(self, home: DataHome) -> None:
        self._home = home
        self.folder: Path = home.issued_statements

    def of(self, partner_id: str) -> list[Statement]:
        """The partner's statements, oldest first. Raises UserError for a changed or lost one."""
        files = sorted(self.folder.glob(f"*_{_safe(partner_id)}.json"))
        statements = [self._read(file) for file in files if file.name[7:] == _name(partner_id)]
        previous = ""
        for number, statement in enumerate(statements, start=1):
            if statement.number != number or statement.previous_hash != previous:
                raise UserError(
                    f"In {self.folder} a statement of {partner_id} before {statement.quarter} is "
                    "missing or was exchanged. Restore that folder from a backup."
                )
            previous = statement.hash
        return statements

    def partners(self) -> set[str]:
        """The partners that have a statement."""
        return {unquote(file.stem[7:]) for file in self.folder.glob("*.json")}

    def get(self, partner_id: str, quarter: str) -> Statement | None:
        """The issued statement of a quarter, None where there is none."""
        return next((s for s in self.of(partner_id) if s.quarter == quarter), None)

    def add(self, statement: Statement) -> None:
        """Keep a statement for ever. Raises UserError unless it is the partner's next one.

        Hold `issuing` meanwhile, from before the history was read.
        """
        history = self.of(statement.partner_id)
        last = history[-1].hash if history else ""
        if statement.previous_hash != last or statement.number != len(history) + 1:
            raise UserError(
                f"Another process has issued a statement of {statement.partner_id} meanwhile. "
                "Run the command again."
            )
        path = self.folder / f"{statement.quarter}_{_name(statement.partner_id)}"
        written = {"hash": statement.hash, "statement": statement.as_json()}
        write_visible(path, json.dumps(written, ensure_ascii=False, indent=1))

    @contextmanager
    def issuing(self) -> Iterator[None]:
        """One process issues at a time; another one waits."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / _LOCK).open("a")
        except OSError as error:
            raise self._home.not_writable(error) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _read(self, path: Path) -> Statement:
        try:
            written = json.loads(path.read_text(encoding="utf-8"))
            statement = Statement.of_json(written["statement"])
            is_whole = statement.hash == written["hash"]
        except (OSError, ValueError, KeyError, TypeError, ArithmeticError) as error:
            raise UserError(
                f"The issued statement {path} cannot be read ({type(error).__name__}). Restore it "
                "from a backup of this folder."
            ) from error
        if not is_whole or path.name != f"{statement.quarter}_{_name(statement.partner_id)}":
            raise UserError(
                f"The issued statement {path} was changed after it was issued: its hash is another "
                "one. Restore it from a backup of this folder."
            )
        return statement


def _safe(partner_id: str) -> str:
    return quote(partner_id, safe="")


def _name(partner_id: str) -> str:
    return f"{_safe(partner_id)}.json"
