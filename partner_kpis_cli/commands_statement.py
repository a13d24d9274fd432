"""The command that issues commission statements: statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from partner_kpis import formats as numbers
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.reports import kinds, scope
from partner_kpis.reports.kinds import Format
from partner_kpis.reports.produce import sweep, write_whole
from partner_kpis.reports.quarter import Quarter
from partner_kpis.reports.sealing import seal
from partner_kpis.reports.statement import Issued, Statement, StatementSource, document_of
from partner_kpis.serving import Snapshot
from partner_kpis.text import counted


def statement_command(
    root: Path,
    quarter: str | None,
    partners: Sequence[str],
    lang: str,
    formats: str,
    *,
    is_draft: bool,
) -> int:
    """Issue the statements of a quarter that are not issued yet, and write the files of all."""
    home = DataHome.at(root).existing()
    chosen = scope.formats(formats.split(","))
    with Snapshot.open(home) as served:
        when = scope.quarter(served, quarter)
        source = StatementSource(served, Issued(home))
        names = _names(source, partners, when)
        is_new = any(source.issued.get(name, str(when)) is None for name in names)
        if not names:
            raise UserError(_nobody(source, when))
    folder = (home.statements / "drafts" if is_draft else home.statements) / str(when)
    sweep(folder.parent)
    count = 0
    with _opened(home, when, seals=is_new and not is_draft) as source:
        for name in names:
            before = source.issued.get(name, str(when))
            statement = source.statement(name, when) if is_draft else source.issue(name, when)
            files = _write(statement, lang, chosen, folder, is_draft=is_draft and before is None)
            count += len(files)
            _tell(statement, lang, "issued before" if before else "draft" if is_draft else "issued")
    _say(f"{counted(len(names), 'statement')} of {when} in {counted(count, 'file')}: {folder}")
    return 0


def _nobody(source: StatementSource, quarter: Quarter) -> str:
    if source.partners(quarter):
        return (
            f"No statement of {quarter} was issued, and everybody has a later one: quarters are "
            "issued in their order. Ask for the last one or the next."
        )
    return (
        f"Nobody earned or was paid a commission until the end of {quarter}, so there is nothing "
        "to state. Name a partner with --partner for a statement without lines."
    )


def _names(source: StatementSource, asked: Sequence[str], quarter: Quarter) -> list[str]:
    """The partners that are asked for; without a word, all whose turn it is."""
    if asked:
        for name in asked:
            source.truth(name)  # an unknown one is a sentence before anything is issued
        return list(dict.fromkeys(asked))
    every = source.partners(quarter)
    names = [name for name in every if _is_due(source, name, quarter)]
    if names and (passed := len(every) - len(names)):
        _say(
            f"{counted(passed, 'partner')} left out: with a later statement and none of {quarter}."
        )
    return names


def _is_due(source: StatementSource, name: str, quarter: Quarter) -> bool:
    """False where a later statement was issued and none of this quarter."""
    issued = [Quarter.parse(statement.quarter) for statement in source.issued.of(name)]
    return quarter in issued or all(one < quarter for one in issued)


@contextmanager
def _opened(home: DataHome, quarter: Quarter, *, seals: bool) -> Iterator[StatementSource]:
    """What is served; sealed before anything new is issued from it."""
    path = seal(home, f"statement {quarter}")[0] if seals else Snapshot.locate(home)
    with Snapshot(path) as snapshot:
        yield StatementSource(snapshot, Issued(home))


def _write(
    statement: Statement, lang: str, chosen: Sequence[Format], folder: Path, *, is_draft: bool
) -> list[Path]:
    document = document_of(statement, lang, is_draft=is_draft)
    files = []
    for form in chosen:
        path = folder / f"{document.identity.stem}.{form}"
        write_whole(path, kinds.renderer(form).render(document))
        files.append(path)
    return files


def _tell(statement: Statement, lang: str, state: str) -> None:
    closing = numbers.money_exact(statement.balances.closing, statement.currency, lang)
    _say(
        f"{statement.partner_name} ({statement.partner_id}): no. {statement.number}, {state}, "
        f"closing balance {closing}"
    )


def _say(sentence: str) -> None:
    Console(highlight=False, soft_wrap=True).print(sentence, markup=False)
