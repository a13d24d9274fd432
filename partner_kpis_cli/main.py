"""`partner-kpis`: the commands, their arguments and their exit codes.

Belongs here: what a person types. Does not belong here: what a command does (commands_*.py), which
is imported only when the command runs.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Annotated

import typer

_NO_HOME = (
    "No data home is named. Add --home DIR, or say once: export PARTNER_KPIS_HOME=DIR. "
    "`partner-kpis demo` makes one to look at."
)

app = typer.Typer(
    name="partner-kpis",
    help="Contract-checked KPIs for partner programmes, from exports to scorecards.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
contracts_app = typer.Typer(help="What exports promise.", no_args_is_help=True)
app.add_typer(contracts_app, name="contracts")

HomeOption = Annotated[
    Path,
    typer.Option(
        "--home",
        envvar="PARTNER_KPIS_HOME",
        help="Data home: the folder with your exports, settings and results.",
    ),
]
HostOption = Annotated[str, typer.Option(help="Address to listen on.")]
PortOption = Annotated[int, typer.Option(help="Port; 0 takes a free one.")]


@app.command()
def run(
    home: HomeOption,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Business date to report for, such as 2026-09-30."),
    ] = None,
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Compute everything anew.")
    ] = False,
) -> None:
    """Land, check, transform and publish what is new.

    Exit codes: 0 published, all sources good; 1 failed, or another run holds the home; 2 a promise
    to readers is broken, so the previous snapshot keeps serving; 3 published, but some file was
    refused or is held.
    """
    from partner_kpis_cli.commands_run import run_command

    raise typer.Exit(run_command(home, as_of, full_refresh))


@app.command()
def demo(
    home: Annotated[Path, typer.Option("--home", help="Folder to make the demo in.")] = Path(
        "demo-home"
    ),
    scale: Annotated[float, typer.Option(min=0.1, max=100, help="How much data.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Same seed, same exports.")] = 7,
    dashboard: Annotated[
        bool, typer.Option("--dashboard/--no-dashboard", help="Open the scorecards at the end.")
    ] = True,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8501,
) -> None:
    """Make demo exports, run the pipeline on them and open the scorecards."""
    from partner_kpis_cli.commands_run import demo_command

    raise typer.Exit(demo_command(home, scale, seed, dashboard, host, port))


@app.command()
def dashboard(home: HomeOption, host: HostOption = "127.0.0.1", port: PortOption = 8501) -> None:
    """Serve the scorecards and print their address."""
    from partner_kpis_cli.commands_run import dashboard_command

    raise typer.Exit(dashboard_command(home, host, port))


@app.command()
def status(home: HomeOption) -> None:
    """Show sources, freshness, the last run, and what to do about refused or held files."""
    from partner_kpis_cli.commands_read import status_command

    raise typer.Exit(status_command(home))


@app.command()
def kpi(
    kpi_id: Annotated[str, typer.Argument(help="Id of the KPI, such as partner_win_rate.")],
    home: HomeOption,
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
        bool, typer.Option("--evidence", help="Show the rows behind one value.")
    ] = False,
    format: Annotated[str, typer.Option(help="table, csv or json.")] = "table",  # noqa: A002
) -> None:
    """Print the values of a KPI, and the observations and file rows behind one of them."""
    from partner_kpis_cli.commands_read import kpi_command

    raise typer.Exit(kpi_command(kpi_id, home, dimension, member, period, evidence, format))


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="An export.")],
    entity: Annotated[str, typer.Option("--as", help="source/entity, such as prm/partner.")],
    home: Annotated[
        Path | None,
        typer.Option("--home", envvar="PARTNER_KPIS_HOME", help="Home whose settings apply."),
    ] = None,
) -> None:
    """Show how a file would be read (columns, dialect, example faults) and load nothing."""
    from partner_kpis_cli.commands_land import check_command

    raise typer.Exit(check_command(file, entity, home))


@app.command()
def accept(
    file: Annotated[str, typer.Argument(help="Path, name or SHA-256 of a held file.")],
    because: Annotated[str, typer.Option(help="Why it is right as it is; kept and shown.")],
    home: HomeOption,
) -> None:
    """Take a held file as it is; the next run publishes it."""
    from partner_kpis_cli.commands_land import accept_command

    raise typer.Exit(accept_command(file, because, home))


@app.command()
def withdraw(
    file: Annotated[str, typer.Argument(help="Path, name or SHA-256 of a held or loaded file.")],
    home: HomeOption,
) -> None:
    """Take a file out of the lake; the next run publishes without it."""
    from partner_kpis_cli.commands_land import withdraw_command

    raise typer.Exit(withdraw_command(file, home))


@contracts_app.command("template")
def contracts_template(
    entity: Annotated[str, typer.Argument(help="source/entity, such as prm/partner.")],
) -> None:
    """Write a CSV with the headers and two example rows to standard output."""
    from partner_kpis_cli.commands_land import template_command

    raise typer.Exit(template_command(entity))


@contracts_app.command("diff")
def contracts_diff(
    old: Annotated[Path, typer.Argument(help="The contract before.")],
    new: Annotated[Path, typer.Argument(help="The contract after.")],
) -> None:
    """Name what changed between two versions of a contract; exit code 1 for breaking changes."""
    from partner_kpis_cli.commands_land import diff_command

    raise typer.Exit(diff_command(old, new))


def main() -> None:
    """Entry point: a user's mistake ends in one sentence and exit code 1, never in a traceback."""
    from partner_kpis.errors import UserError

    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    logging.raiseExceptions = False  # a log that cannot be written is not the user's matter
    try:
        code = app(prog_name="partner-kpis", standalone_mode=False)
    except UserError as error:
        code = _said(str(error))
    except KeyboardInterrupt:
        code = 130
    except Exception as error:
        code = _said(_sentence(error))
    if code == 130:
        typer.echo("Stopped.", err=True)
    raise SystemExit(code)


def _said(sentence: str) -> int:
    if sentence:
        typer.echo(f"Error: {sentence}", err=True)
    return 1


def _sentence(error: Exception) -> str:
    """What to say of an error that no command foresaw, or that the command line itself found."""
    if hasattr(error, "format_message"):  # typer's: a wrong option, a missing argument
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "partner-kpis"
        if getattr(getattr(error, "param", None), "name", None) == "home":
            return _NO_HOME
        told = error.format_message().rstrip(".")  # empty after the help of a command without any
        return f"{told}. See: {command} --help" if told else ""
    if isinstance(error, OSError):
        where = f" {error.filename}" if error.filename else ""
        return f"The file or folder{where} cannot be used ({error.strerror or error})."
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="partner-kpis-", suffix=".log", delete=False, encoding="utf-8"
    ) as details:
        traceback.print_exception(error, file=details)
    first = (str(error).splitlines() or [""])[0]
    return (
        f"This was not foreseen ({type(error).__name__}: {first}). "
        f"{details.name} holds the details for a report."
    )


if __name__ == "__main__":
    main()
