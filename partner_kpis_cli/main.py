"""`partner-kpis`: the commands, their arguments and their exit codes.

Belongs here: what a person types. Does not belong here: what a command does (commands_*.py), which
is imported only when the command runs.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from partner_kpis_cli import main_reports, main_statement
from partner_kpis_cli.main_alerts import app as alerts_app
from partner_kpis_cli.main_contracts import app as contracts_app
from partner_kpis_cli.options import (
    HomeOption,
    KpiHomeOption,
    LangOption,
    Language,
    SettingsHomeOption,
)
from partner_kpis_cli.plain_help import NO_TYPE, PlainCommand, PlainGroup

_BEGIN, _DAILY, _DECIDE = "To begin", "Every day", "When a file is held or wrong"

app = typer.Typer(
    name="partner-kpis",
    cls=PlainGroup,
    help="Contract-checked KPIs for partner programmes, from exports to scorecards.\n\n"
    "Name your data home with --home, or once with: export PARTNER_KPIS_HOME=my-home",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(contracts_app, name="contracts", rich_help_panel=_BEGIN)
app.add_typer(alerts_app, name="alerts", rich_help_panel=_DAILY)

HostOption = Annotated[str, typer.Option(help="Address to listen on.")]
PortOption = Annotated[int, typer.Option(help="Port; 0 takes a free one.")]


@app.command(
    cls=PlainCommand,
    rich_help_panel=_BEGIN,
    epilog="Example: partner-kpis demo --home demo-home --no-dashboard",
)
def demo(
    home: Annotated[Path, typer.Option("--home", help="Folder to make the demo in.")] = Path(
        "demo-home"
    ),
    scale: Annotated[
        float, typer.Option(min=0.1, max=100, help="How much data; 1 is 60 partners, two years.")
    ] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same exports.")] = 7,
    crm: Annotated[
        Literal["salesforce", "hubspot"],
        typer.Option(metavar=NO_TYPE, help="Whose exports: salesforce or hubspot."),
    ] = "salesforce",
    dashboard: Annotated[
        bool,
        typer.Option(
            "--dashboard/--no-dashboard", metavar=NO_TYPE, help="Open the scorecards at the end."
        ),
    ] = True,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8501,
) -> None:
    """Make demo exports, run the pipeline on them and open the scorecards."""
    from partner_kpis_cli.commands_run import demo_command

    raise typer.Exit(demo_command(home, scale, seed, crm, dashboard, host, port))


@app.command(
    cls=PlainCommand,
    rich_help_panel=_DAILY,
    epilog="Example: partner-kpis run --home my-home --as-of 2026-09-30",
)
def run(
    home: HomeOption,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Business date to report for, such as 2026-09-30."),
    ] = None,
    full_refresh: Annotated[
        bool,
        typer.Option("--full-refresh", metavar=NO_TYPE, help="Compute everything anew."),
    ] = False,
) -> None:
    """Land, check, transform and publish what is new.

    Exit codes, for schedulers:

    0  published, or nothing new; all sources good

    1  failed, or another run holds the home; the snapshot before keeps serving

    2  a promise to readers is broken; the snapshot before keeps serving

    3  published, but some file was refused or is held: see status
    """
    from partner_kpis_cli.commands_run import run_command

    raise typer.Exit(run_command(home, as_of, full_refresh))


@app.command(
    cls=PlainCommand,
    rich_help_panel=_DAILY,
    epilog="Example: partner-kpis dashboard --home my-home --port 8600",
)
def dashboard(home: HomeOption, host: HostOption = "127.0.0.1", port: PortOption = 8501) -> None:
    """Serve the scorecards and print their address."""
    from partner_kpis_cli.commands_serve import dashboard_command

    raise typer.Exit(dashboard_command(home, host, port))


@app.command(
    cls=PlainCommand,
    rich_help_panel=_DAILY,
    epilog="Example: partner-kpis status --home my-home --lang de | lpr",
)
def status(home: HomeOption, lang: LangOption = Language.en) -> None:
    """Print one page: what is served, the last run, sources, and what waits for somebody.

    Exit code 0 whatever waits; 1 when the home cannot be read.
    """
    from partner_kpis_cli.commands_read import status_command

    raise typer.Exit(status_command(home, lang.value))


@app.command(
    cls=PlainCommand,
    rich_help_panel=_DAILY,
    epilog="Examples:\n\npartner-kpis kpi partner_win_rate --home my-home --member P-0104\n\n"
    "partner-kpis kpi partner_win_rate --home my-home --period 2026-09 --evidence\n\n"
    "partner-kpis kpi partner_win_rate --home my-home --format csv > win_rate.csv",
)
def kpi(
    kpi_id: Annotated[
        str | None,
        typer.Argument(help="Id of the KPI, such as partner_win_rate; without one, all are named."),
    ] = None,
    home: KpiHomeOption = None,
    dimension: Annotated[
        str | None,
        typer.Option(help="programme, partner, tier, partner_type or region."),
    ] = None,
    member: Annotated[
        str | None,
        typer.Option(help="Partner id, or name of a tier, type or region."),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(help="2026, 2026Q3, 2026-09, 2026-W36 or 2026-09-30."),
    ] = None,
    evidence: Annotated[
        bool, typer.Option("--evidence", metavar=NO_TYPE, help="Show the rows behind one value.")
    ] = False,
    format: Annotated[  # noqa: A002
        str, typer.Option(help="table for people; csv or json with every column.")
    ] = "table",
    lang: LangOption = Language.en,
) -> None:
    """Print the values of a KPI, and the observations and file rows behind one of them.

    Periods are written as --period takes them, so that one can be copied from the table.
    """
    if kpi_id is None:
        from partner_kpis_cli.commands_list import kpis_command

        raise typer.Exit(kpis_command(lang.value))
    if home is None:
        from partner_kpis.errors import UserError
        from partner_kpis_cli.sentences import NO_HOME

        raise UserError(NO_HOME)
    from partner_kpis_cli.commands_read import kpi_command

    raise typer.Exit(
        kpi_command(kpi_id, home, dimension, member, period, evidence, format, lang.value)
    )


main_reports.add_to(app)
main_statement.add_to(app)


@app.command(
    cls=PlainCommand,
    rich_help_panel=_BEGIN,
    epilog="Example: partner-kpis check partners.csv --as prm/partner --home my-home",
)
def check(
    file: Annotated[Path, typer.Argument(help="An export, wherever it lies.")],
    entity: Annotated[str, typer.Option("--as", help="source/entity, such as prm/partner.")],
    home: SettingsHomeOption = None,
) -> None:
    """Show how a file would be read (columns, dialect, example faults) and load nothing.

    Exit codes:

    0  every row is good

    1  the file would be refused

    3  some rows would go to quarantine
    """
    from partner_kpis_cli.commands_land import check_command

    raise typer.Exit(check_command(file, entity, home))


@app.command(
    cls=PlainCommand,
    rich_help_panel=_DECIDE,
    epilog='Example: partner-kpis accept deals.csv --home my-home --because "paid in advance"',
)
def accept(
    file: Annotated[str, typer.Argument(help="Path, name or SHA-256 of a held file.")],
    because: Annotated[str, typer.Option(help="Why it is right as it is; kept and shown.")],
    home: HomeOption,
) -> None:
    """Take a held file as it is; the next run publishes it."""
    from partner_kpis_cli.commands_land import accept_command

    raise typer.Exit(accept_command(file, because, home))


@app.command(
    cls=PlainCommand,
    rich_help_panel=_DECIDE,
    epilog="Example: partner-kpis withdraw deals.csv --home my-home",
)
def withdraw(
    file: Annotated[str, typer.Argument(help="Path, name or SHA-256 of a held or loaded file.")],
    home: HomeOption,
) -> None:
    """Take a file out of the lake; the next run publishes without it."""
    from partner_kpis_cli.commands_land import withdraw_command

    raise typer.Exit(withdraw_command(file, home))


def command() -> None:
    """The console command: `main`, and then leave at once."""
    from partner_kpis.side_process import leave

    code: object = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    leave(code if isinstance(code, int) else int(code is not None))


def main() -> None:
    """What nobody foresaw ends in one sentence and exit code 1, as a user's mistake does."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    logging.raiseExceptions = False  # a log that cannot be written is not the user's matter
    try:
        code = app(prog_name="partner-kpis", standalone_mode=False)
    except KeyboardInterrupt:
        code = 130
    except Exception as error:
        from partner_kpis_cli.sentences import sentence_of

        code = _said(sentence_of(error))
    if code == 130:
        typer.echo("Stopped.", err=True)
    raise SystemExit(code)


def _said(sentence: str) -> int:
    if sentence:
        typer.echo(f"Error: {sentence}", err=True)
    return 1


if __name__ == "__main__":
    command()
