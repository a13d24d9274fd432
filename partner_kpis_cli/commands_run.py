"""The commands that write: run and demo."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rich.console import Console

from partner_kpis.errors import HomeBusyError, UserError
from partner_kpis.home import DataHome
from partner_kpis_cli.commands_serve import dashboard_in_place

if TYPE_CHECKING:  # the helping processes begin with their imports before this one goes on with its
    from partner_kpis.landing.land import Say
    from partner_kpis.run_report import RunReport


def run_command(root: Path, as_of: str | None, full_refresh: bool) -> int:
    """Run the pipeline on a home and say what came of it."""
    from partner_kpis.contracts import side_process
    from pipelines import dbt_process

    # Their imports are the longest way of a short run; when there is nothing new, they end unasked.
    side_process.shared.start()
    dbt_process.process.start()
    from pipelines.run import run
    from pipelines.steps import Options

    home = DataHome.at(root)
    options = Options(_date(as_of), full_refresh)
    started = time.monotonic()
    try:
        with _progress("Running") as say:
            report = run(home, options, say)
    except HomeBusyError as busy:
        Console(stderr=True).print(f"Error: {busy}", highlight=False, soft_wrap=True)
        return 1
    _tell(report, time.monotonic() - started)
    if report.exit_code == 3:
        print(f"What to do about it: partner-kpis status --home {shlex.quote(str(root))}")
    return report.exit_code


def demo_command(
    root: Path,
    scale: float,
    seed: int,
    crm: Literal["salesforce", "hubspot"],
    dashboard: bool,
    host: str,
    port: int,
) -> int:
    """Demo exports into a home, then the same run as for anybody's exports."""
    from partner_kpis.demo import make_exports

    home = DataHome.at(root).create()
    with _progress("Making demo exports") as say:
        say(f"Demo exports go to {home.landing} (seed {seed}, scale {scale:g}).")
        make_exports(home, seed=seed, scale=scale, crm=crm)
    code = run_command(root, None, False)
    if code not in (0, 3):
        return code
    if code == 3:
        print(
            "The demo holds a bad file and a few bad rows on purpose, to show what becomes of them."
        )
    if not dashboard:
        print(f"Scorecards: partner-kpis dashboard --home {root}")
        return 0
    return dashboard_in_place(root, host, port)


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserError(f"{text!r} is no date such as 2026-09-30.") from error


@contextmanager
def _progress(what: str) -> Iterator[Say]:
    """A spinner with the last sentence on a terminal, plain lines when piped."""
    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        yield lambda sentence: print(sentence, flush=True)
        return
    with console.status(f"{what} …") as spinner:

        def say(sentence: str) -> None:
            console.print(sentence, style="dim", markup=False)
            spinner.update(f"{what} …")

        yield say


def _tell(report: RunReport, seconds: float) -> None:
    console = Console(highlight=False, soft_wrap=True)
    if report.outcome in ("published", "unchanged"):
        verb = "Published" if report.outcome == "published" else "Still serving"
        console.print(
            f"{verb} snapshot {report.snapshot_id}, as of {report.as_of}, in {seconds:.1f} s."
        )
    elif report.outcome == "promise_broken":
        serving = report.snapshot_id or "no snapshot"
        console.print(f"Not published; {serving} keeps serving.", style="bold")
    else:
        console.print("The run failed.", style="bold")
    for sentence in report.sentences:
        console.print(f"  {sentence}", markup=False)
    for title, lines in (("Refused", report.refused), ("Held", report.held)):
        for line in lines:
            console.print(f"{title}: {line}", markup=False)
