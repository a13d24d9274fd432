"""The commands that make and check documents: qbr, ops-pack and verify."""

from __future__ import annotations

import shlex
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.reports import scope
from partner_kpis.reports.kinds import Kind, Wish
from partner_kpis.reports.produce import Order, Written, produce
from partner_kpis.reports.sealing import seal
from partner_kpis.reports.verify import (
    CannotVerifyError,
    Claim,
    Comparison,
    Verdict,
    locate,
    read,
)
from partner_kpis.serving import Snapshot
from partner_kpis.text import counted, t

Told = Callable[[Written], None]


def documents_command(
    kind: Kind,
    root: Path,
    period: str | None,
    partners: Sequence[str],
    edition: str,
    lang: str,
    formats: str,
) -> int:
    """Seal what is served and write the documents of a period that are not there yet."""
    started = time.monotonic()
    home = DataHome.at(root).existing()
    chosen = scope.formats(formats.split(","))
    eyes = scope.edition(edition)
    with Snapshot.open(home) as snapshot:
        asked = scope.quarter if kind == "qbr" else scope.month
        when = str(asked(snapshot, period))
        names = scope.partners(snapshot, partners)
    path, sealed = seal(home, f"{kind} {when}")
    wishes = [Wish(kind, one, when, eyes, lang) for one in names]
    with _progress(names) as told:
        written = produce(Order.below(home, path, wishes, chosen), told)
    files = [file for one in written for file in one.files]
    kept = sum(one.kept for one in written)
    there = f" ({counted(kept, 'file')} there already)" if kept else ""
    seconds = time.monotonic() - started
    where = files[0] if len(files) == 1 else files[0].parent
    _say(
        f"{counted(len(written), 'document')} of {when} in {counted(len(files), 'file')}{there}, "
        f"from snapshot {sealed.snapshot_id}, in {seconds:.1f} s: {where}"
    )
    _say(f"Check one: partner-kpis verify {shlex.quote(str(files[0]))} --home {_quoted(root)}")
    return 0


def verify_command(paths: Sequence[Path], root: Path, lang: str) -> int:
    """Check files against the lake: 0 all verified, 1 something differs, 2 one cannot be."""
    home = DataHome.at(root).existing()
    groups: dict[Path, list[Claim]] = {}
    cannot = False
    for path in paths:
        try:
            claim = read(path)
            groups.setdefault(locate(home, claim.identity), []).append(claim)
        except CannotVerifyError as error:
            cannot = _cannot(path, error, lang)
    verdicts = []
    for snapshot, claims in groups.items():
        try:
            verdicts += _checked(home, snapshot, claims, lang)
        except UserError as error:
            for claim in claims:
                cannot = _cannot(claim.path, error, lang)
    _tell_changes(verdicts, lang)
    for verdict in verdicts:
        _tell(verdict, lang)
    if not all(verdict.passed for verdict in verdicts):
        return 1
    return 2 if cannot else 0


def _checked(home: DataHome, path: Path, claims: Sequence[Claim], lang: str) -> list[Verdict]:
    """Compute one kept snapshot anew, and compare all its documents with what comes of it."""
    from pipelines.recompute import recompute

    _say(t("verify.recomputing", lang, id=path.parent.name))
    scratch = tempfile.TemporaryDirectory(prefix="partner-kpis-verify-")
    with scratch as folder, Snapshot(path) as sealed:
        anew = recompute(home, sealed, Path(folder), lambda _: None)
        with Snapshot(anew) as recomputed:
            comparison = Comparison(sealed, recomputed, home)
            return [comparison.verdict(claim) for claim in claims]


def _cannot(path: Path, error: UserError, lang: str) -> bool:
    Console(stderr=True, highlight=False, soft_wrap=True).print(
        t("verify.cannot", lang, file=path.name, why=error), markup=False
    )
    return True


def _tell_changes(verdicts: Sequence[Verdict], lang: str) -> None:
    """Before any single place: what has changed since in the definitions of the KPIs shown."""
    if not any(verdict.has_other_code for verdict in verdicts):
        return
    changes = dict.fromkeys(change for verdict in verdicts for change in verdict.changes)
    _say(t("verify.other_code", lang))
    _say(t("verify.changed_definitions" if changes else "verify.same_definitions", lang))
    for change in changes:
        _say(f"  {change.sentence().lang(lang)}")


def _tell(verdict: Verdict, lang: str) -> None:
    name, count = verdict.claim.path.name, len(verdict.differences)
    if verdict.passed:
        day = verdict.claim.identity.as_of
        _say(t("verify.passed", lang, file=name, count=verdict.compared, day=day))
        return
    _say(t("verify.failed", lang, file=name, count=count, all=verdict.compared))
    if verdict.has_other_layout:
        _say(t("verify.other_layout", lang))
    for difference in verdict.differences:
        _say(f"  {difference.sentence().lang(lang)}")


@contextmanager
def _progress(names: dict[str, str]) -> Iterator[Told]:
    """A bar on a terminal; when piped, a line for each partner."""
    console = Console(highlight=False, soft_wrap=True)
    count = 0

    def line(written: Written) -> None:
        nonlocal count
        count += 1
        state = "there already" if written.kept == len(written.files) else "written"
        state = f"failed ({written.fault})" if written.fault else state
        name = names[written.wish.partner_id]
        print(f"{count}/{len(names)} {name} ({written.wish.partner_id}): {state}", flush=True)

    if not console.is_terminal:
        yield line
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[name]}", markup=False))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=len(names), name="")
        yield lambda written: bar.update(task, advance=1, name=names[written.wish.partner_id])


def _say(sentence: str) -> None:
    Console(highlight=False, soft_wrap=True).print(sentence, markup=False)


def _quoted(root: Path) -> str:
    return shlex.quote(str(root))
