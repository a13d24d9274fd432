"""The commands around single files and contracts: check, accept, withdraw, template, diff."""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from partner_kpis.contracts.model import Contract, load_contract, load_entities
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.strict_yaml import did_you_mean
from partner_kpis.text import counted, listed

_EXAMPLES = 5


def check_command(path: Path, entity: str, root: Path | None) -> int:
    """Print how the file would be read; exit code 1 when it would be refused, 3 with bad rows."""
    from partner_kpis.landing.check import check_file

    contract = _contract(entity)
    home = DataHome.at(root) if root else None
    with tempfile.TemporaryDirectory() as work:
        report = check_file(path, contract, home, Path(work))
    console = Console(highlight=False, soft_wrap=True)
    if report.refused:
        console.print(f"{path.name} would be refused. {report.refused}", markup=False)
        if report.first_line:
            console.print(f"Its first line holds: {listed(report.first_line).en}", markup=False)
        return 1
    print(f"{path.name}, read as {entity}")
    table = Table(
        "  column of the contract", "in the file", box=None, pad_edge=False, header_style="dim"
    )
    for column, field in report.columns:
        table.add_row(f"  {column}", field or "missing (optional)", style="" if field else "dim")
    console.print(table)
    if report.unknown:
        console.print(f"Unmatched columns, kept aside: {listed(report.unknown).en}", markup=False)
    for note in report.notes:
        console.print(f"Note: {note}", markup=False)
    counts = (
        f": {report.rows_accepted:,} good, {report.rows_quarantined:,} bad, "
        f"{report.rows_duplicate:,} twice in the file, {report.rows_ignored:,} ignored on purpose"
    )
    read = counted(report.rows_read, "row")
    console.print(f"{read} read{counts if report.rows_read else ''}. Nothing was loaded.")
    for row, message in report.faults[:_EXAMPLES]:
        console.print(f"  row {row}: {message}", markup=False)
    if len(report.faults) > _EXAMPLES:
        console.print(f"  and {counted(len(report.faults) - _EXAMPLES, 'more fault')}")
    if report.rows_quarantined:
        print("A run would put the bad rows in quarantine and take the others.")
    return 3 if report.rows_quarantined else 0


def accept_command(file: str, because: str, root: Path) -> int:
    from partner_kpis.landing.judge import accept
    from partner_kpis.landing.ledger import Ledger
    from partner_kpis.lock import writing

    home = DataHome.at(root).existing()
    if not because.strip():
        raise UserError("Say with --because why the file is right as it is.")
    with writing(home, "partner-kpis accept"):
        records = accept(Ledger.read(home), "accept", file, because.strip())
    print(f"Accepted {records[0].file_name}. The next run publishes it.")
    return 0


def withdraw_command(file: str, root: Path) -> int:
    from partner_kpis.landing.judge import copies_of, withdraw
    from partner_kpis.landing.ledger import Ledger
    from partner_kpis.landing.scan import find_files
    from partner_kpis.lock import writing

    home = DataHome.at(root).existing()
    with writing(home, "partner-kpis withdraw"):
        ledger = Ledger.read(home)
        records = withdraw(ledger, "withdraw", file)
        copies = copies_of(find_files(home), ledger, records)
    name = records[0].file_name
    if not copies:
        print(f"Withdrew {name}. The next run publishes without it.")
        return 0
    print(f"Withdrew {name}. But the same content lies in landing under another name:")
    for copy in copies:
        print(f"  {copy}")
    print("The next run takes it from there. To leave it out, withdraw that one as well.")
    return 0


def template_command(entity: str) -> int:
    from partner_kpis.contracts.template import template_rows

    csv.writer(sys.stdout, lineterminator="\n").writerows(template_rows(_contract(entity)))
    return 0


def diff_command(old: Path, new: Path) -> int:
    from partner_kpis.contracts.diff import differences

    found = differences(load_contract(old), load_contract(new))
    for difference in found:
        print(f"{'breaking' if difference.is_breaking else 'compatible'}: {difference.sentence}")
    if not found:
        print("The two contracts promise the same.")
    return 1 if any(d.is_breaking for d in found) else 0


def _contract(entity: str) -> Contract:
    contracts = load_entities()
    if entity not in contracts:
        near = did_you_mean(entity, list(contracts))
        raise UserError(
            f"{entity!r} is no known entity{near}. `partner-kpis contracts list` names them all."
        )
    return contracts[entity]
