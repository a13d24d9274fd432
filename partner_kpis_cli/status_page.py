"""The page that `partner-kpis status` prints: a home on one page, in English or German.

Belongs here: what stands on the page, in which order. Does not belong here: other commands; how a
number or a date is written (partner_kpis/formats.py); sentences (partner_kpis/text).
"""

from __future__ import annotations

import shlex
import textwrap
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from partner_kpis import formats
from partner_kpis.home import DataHome
from partner_kpis.landing.ledger import FileRecord, Ledger
from partner_kpis.landing.scan import export_names
from partner_kpis.run_report import RunReport, last_run
from partner_kpis.serving import Snapshot, identity, quality
from partner_kpis.text import t, word
from partner_kpis_cli.columns import lines_of

_WIDEST = 100  # for reading, and on paper
_INDENT = 2
_ROWS, _FINDINGS, _FILES = 8, 8, 12


@dataclass(frozen=True)
class Facts:
    """Everything the page tells, read before its first line is printed."""

    home: DataHome
    last: RunReport | None
    info: dict[str, Any] | None
    freshness: list[dict[str, Any]]
    quarantine: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    low_rates: list[dict[str, Any]]
    refused: list[FileRecord]
    held: list[FileRecord]
    withdrawn: list[FileRecord]
    waiting: int

    @classmethod
    def of(cls, home: DataHome) -> Facts:
        """Raises UserError when the ledger or the snapshot cannot be read."""
        newest = {record.file_name: record for record in Ledger.read(home).records}
        names = export_names(home)
        info: dict[str, Any] | None = None
        frames: dict[str, list[dict[str, Any]]] = defaultdict(list)
        if home.snapshot_db.exists():
            with Snapshot.open(home) as snapshot:
                info = snapshot.info()
                frames["freshness"] = quality.as_promised(snapshot.freshness()).to_dicts()
                frames["quarantine"] = snapshot.quarantine().to_dicts()
                frames["findings"] = snapshot.findings().to_dicts()
                frames["low_rates"] = identity.low_rates(snapshot).to_dicts()
        return cls(
            home=home,
            last=last_run(home),
            info=info,
            freshness=frames["freshness"],
            quarantine=frames["quarantine"],
            findings=frames["findings"],
            low_rates=frames["low_rates"],
            refused=[r for n, r in newest.items() if r.status == "refused" and n in names],
            held=[r for r in newest.values() if r.status == "held"],
            withdrawn=[r for n, r in newest.items() if r.status == "withdrawn" and n in names],
            waiting=len(names - newest.keys()),
        )


class Page:
    """Prints the facts; wide terminals get no wider lines than paper."""

    def __init__(self, facts: Facts, lang: str) -> None:
        self._facts, self._lang = facts, lang
        self._console = Console(highlight=False)
        self._width = min(self._console.width, _WIDEST)
        self._label = 2 + max(len(self._t(key)) for key in ("home", "serving", "last_run"))

    def print(self) -> None:
        self._head()
        self._sources()
        self._files()
        self._withdrawn()
        self._quarantine()
        self._findings()
        self._matches()
        self._next()

    def _t(self, key: str, **values: object) -> str:
        return t(f"status_page.{key}", self._lang, **values)

    def _line(self, text: str, indent: int = _INDENT, first: str = "") -> None:
        """A paragraph; words and file names are never cut."""
        filled = textwrap.fill(
            text,
            self._width,
            initial_indent=first or " " * indent,
            subsequent_indent=" " * indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        self._console.print(Text(filled), soft_wrap=True)

    def _command(self, text: str) -> None:
        """Something to copy: it keeps its line, however narrow the page."""
        self._console.print(f"    {text}", markup=False, soft_wrap=True)

    def _heading(self, key: str, tail: str = "") -> None:
        self._console.print()
        self._console.print(Text.assemble((self._t(key), "bold"), f"  {tail}" if tail else ""))

    def _head(self) -> None:
        facts, lang = self._facts, self._lang
        info = facts.info
        serving = (
            self._t("snapshot", id=info["snapshot_id"], day=formats.day(info["as_of"], lang))
            if info
            else self._t("no_snapshot")
        )
        for key, said in (
            ("home", str(facts.home.root)), ("serving", serving),
            ("last_run", self._run(facts.last)),
        ):  # fmt: skip
            self._line(said, self._label, self._t(key).ljust(self._label))
        for sentence in facts.last.sentences if facts.last else ():
            self._line(sentence, self._label)

    def _run(self, last: RunReport | None) -> str:
        if last is None:
            return self._t("no_run")
        outcome: str = "published" if last.outcome == "unchanged" else last.outcome
        if outcome == "published" and (last.refused or last.held):
            outcome = "published_with"
        moment = formats.moment(datetime.fromisoformat(last.finished_at), self._lang)
        return self._t("run", moment=moment, outcome=self._t(outcome))

    def _sources(self) -> None:
        rows = [row for row in self._facts.freshness if row["status"] != "missing"]
        missing = [f"{r['source']}/{r['entity']}" for r in self._facts.freshness if r not in rows]
        if not self._facts.freshness:
            return
        counts: dict[str, int] = defaultdict(int)
        for row in self._facts.freshness:
            counts[row["status"]] += 1
        order = ("fresh", "loaded", "stale", "held", "missing")
        tail = ", ".join(
            f"{counts[s]} {word('freshness', s, self._lang)}" for s in order if counts[s]
        )
        self._heading("sources", tail)
        if rows:
            header, *lines = self._table(rows)
            self._console.print(Text(f"  {header}", style="dim"), soft_wrap=True)
            for row, line in zip(rows, lines, strict=True):
                style = "" if row["status"] in ("fresh", "loaded") else "bold"
                self._console.print(Text(f"  {line}", style=style), soft_wrap=True)
        if missing:
            self._line(self._t("no_export", entities=", ".join(missing)))

    def _table(self, rows: Sequence[dict[str, Any]]) -> list[str]:
        lang = self._lang
        return lines_of(
            [
                ("left", self._t("source"), [f"{r['source']}/{r['entity']}" for r in rows]),
                ("left", self._t("state"), [word("freshness", r["status"], lang) for r in rows]),
                ("left", self._t("until"), [formats.day(r["data_until"], lang) for r in rows]),
                ("left", self._t("loaded"), [formats.day(r["last_loaded_at"], lang) for r in rows]),
                ("right", self._t("rows"), [formats.number(r["rows"] or 0, lang) for r in rows]),
            ]
        )

    def _files(self) -> None:
        facts = self._facts
        waits = facts.refused or facts.held or facts.waiting
        if waits or not facts.quarantine:
            self._heading("todo")
        if not (waits or facts.quarantine):
            self._line(self._t("nothing"))
        if facts.waiting:
            self._line(self._t("waiting", count=facts.waiting))
        for record in facts.refused[:_FILES]:
            self._line(f"{self._t('refused')}  {record.file_name}")
            self._line(self._reason(record), 4)
        for record in facts.held[:_FILES]:
            self._line(f"{self._t('held')}  {record.file_name}")
            self._line(f"{self._reason(record)} {self._t('held_do')}", 4)
            tail = f"{shlex.quote(record.file_name)} {self._home()}"
            because = shlex.quote(self._t("because"))
            self._command(f"partner-kpis accept {tail} --because {because}")
            self._command(f"partner-kpis withdraw {tail}")
        more = max(0, len(facts.refused) - _FILES) + max(0, len(facts.held) - _FILES)
        if more:
            self._line(self._t("more", count=more))

    def _withdrawn(self) -> None:
        """What a person took out and may take back: the files still lie there."""
        records = self._facts.withdrawn
        if not records:
            return
        self._heading("withdrawn", str(len(records)))
        for record in records[:_FILES]:
            self._line(record.file_name)
        if len(records) > _FILES:
            self._line(self._t("more", count=len(records) - _FILES))
        self._line(self._t("withdrawn_do"))

    def _reason(self, record: FileRecord) -> str:
        return (record.reason_de if self._lang == "de" else None) or record.reason or ""

    def _home(self) -> str:
        return f"--home {shlex.quote(str(self._facts.home.root))}"

    def _quarantine(self) -> None:
        files: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
        for row in self._facts.quarantine:
            files[row["file_name"]].setdefault(row["row_number"], row)
        if not files:
            return
        count = sum(map(len, files.values()))
        self._heading("quarantine")
        self._line(self._t("quarantine_count", count=formats.number(count, self._lang)))
        for name, rows in list(files.items())[:_ROWS]:
            first = next(iter(rows.values()))
            told = (first.get("message_de") if self._lang == "de" else None) or first["message"]
            self._line(name)
            self._line(self._t("first_row", row=first["row_number"], message=told), 4)
            if len(rows) > 1:
                self._line(self._t("more_rows", count=len(rows) - 1), 4)
        if len(files) > _ROWS:
            self._line(self._t("more", count=sum(len(r) for r in list(files.values())[_ROWS:])))

    def _findings(self) -> None:
        findings = self._facts.findings
        if not findings:
            return
        self._heading("findings", str(len(findings)))
        for row in findings[:_FINDINGS]:
            told = row["message_de" if self._lang == "de" else "message_en"] or row["message_en"]
            severity = word("severity", row["severity"], self._lang)
            self._line(f"{row['source']}/{row['entity']}, {severity}: {told}")
        if len(findings) > _FINDINGS:
            self._line(self._t("more", count=len(findings) - _FINDINGS))

    def _matches(self) -> None:
        if not self._facts.low_rates:
            return
        self._heading("matches")
        for row in self._facts.low_rates:
            rate = formats.percent(row["matched"] / row["named"], self._lang)
            count = formats.number(row["named"], self._lang)
            key = f"low_{row['kind']}"
            self._line(self._t(key, source=row["source"], rate=rate, count=count))
        self._line(self._t("matches_do"))

    def _next(self) -> None:
        facts = self._facts
        self._heading("next")
        waits = facts.refused or facts.held or facts.quarantine
        if facts.last is None and not facts.waiting:
            self._line(self._t("next_first", folder=facts.home.landing))
        elif facts.waiting or facts.last is None or facts.last.exit_code in (1, 2):
            self._line(self._t("next_run"))
        elif waits:
            self._line(self._t("next_mend"))
        if facts.last is None or facts.waiting or waits or facts.last.exit_code in (1, 2):
            self._command(f"partner-kpis run {self._home()}")
        if facts.info:
            self._line(self._t("next_look"))
            self._command(f"partner-kpis dashboard {self._home()}")
