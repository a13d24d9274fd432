"""One run from the command line: the very job that `dagster dev` shows, in this process.

Belongs here: starting the job, its place in the history, and what came of it. Does not belong
here: printing (partner_kpis_cli).
"""

from __future__ import annotations

import logging
from contextlib import redirect_stderr
from dataclasses import asdict
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from partner_kpis.alerts import settings as alert_settings
from partner_kpis.catalogue import read_catalogue, refuse_unknown_pins
from partner_kpis.contracts import side_process
from partner_kpis.crosswalk import Crosswalk
from partner_kpis.errors import is_disk_full, says_disk_full
from partner_kpis.home import DataHome
from partner_kpis.landing.judge import held_batches, still_refused
from partner_kpis.landing.land import scan
from partner_kpis.landing.ledger import Ledger, write_visible
from partner_kpis.landing.profile import default_as_of
from partner_kpis.landing.scan import Found, find_files
from partner_kpis.lock import writing
from partner_kpis.policies import Policies
from partner_kpis.publish import as_served, current_snapshot
from partner_kpis.room import disk_full, refuse_without_room
from partner_kpis.run_report import Outcome, RunReport, keep, last_run
from partner_kpis.side_process import import_for_good
from partner_kpis.warehouse import code_version
from pipelines import dbt_project
from pipelines.steps import Options, Project, Say, alerts_step


def run(home: DataHome, options: Options, say: Say, contracts: Path | None = None) -> RunReport:
    """Run the job, or notice that there is nothing to do. Raises HomeBusyError, UserError."""
    started = datetime.now(UTC)
    home.create()
    refuse_without_room(home)
    with writing(home, "partner-kpis run"):
        project = Project.at(contracts)
        _refuse_faulty_settings(home, project)
        unchanged = _unchanged(home, project, options, started)
        if unchanged is not None:
            say("Nothing new: the snapshot that is being served holds everything.")
            alerts_step(home, say)
            return unchanged
        try:
            report = _run_job(home, project, options, say, contracts, started)
            keep(home, report)
        except Exception as error:
            if is_disk_full(error):
                raise disk_full(home) from error
            raise
        return report


def _refuse_faulty_settings(home: DataHome, project: Project) -> None:
    """A mistake in config/ is one sentence at once, not a job that failed after half a minute."""
    Policies.load(home)
    Crosswalk.load(home)
    project.world(home)


def _unchanged(
    home: DataHome, project: Project, options: Options, now: datetime
) -> RunReport | None:
    """The last report again, when nothing that a number depends on has changed since."""
    last = last_run(home)
    if options.full_refresh or last is None or last.outcome != "published":
        return None
    served = current_snapshot(home)
    if served is None or served.name != last.snapshot_id:
        return None
    policies = Policies.load(home)
    ledger = Ledger.read(home)
    as_of = options.as_of or default_as_of(ledger.records, now, policies.reporting_timezone)
    if (last.as_of, last.ledger_commits) != (str(as_of), ledger.commits):
        return None
    if last.fingerprint != _fingerprint(home):
        return None
    files, tasks = scan(home, project.world(home), ledger)
    troubles = _troubles(ledger, files)
    # A refused file that is gone, or back, is news for the page alone: nothing is computed anew.
    if tasks or troubles["refused"] != last.refused:
        return None
    return RunReport(**{**asdict(last), "outcome": "unchanged", **troubles})


def _run_job(
    home: DataHome,
    project: Project,
    options: Options,
    say: Say,
    contracts: Path | None,
    started: datetime,
) -> RunReport:
    code = code_version()
    side_process.shared.start()  # both import while this process does its own
    dbt_project.start(home, code)
    import_for_good(["pipelines.build", "pipelines.history"])
    from pipelines.build import JOB, build_definitions
    from pipelines.history import only_writer
    from pipelines.resources import HomeResource

    parsed = dbt_project.parse(home, code)
    # A faulty definition, pin or rule is said before anything is landed.
    definitions_in_force = read_catalogue(parsed.document)
    pinned = Policies.load(home).pinned_kpis
    refuse_unknown_pins(pinned, definitions_in_force)
    alert_settings.load(home, [as_served(each, pinned) for each in definitions_in_force])
    resource = HomeResource(
        root=str(home.root),
        contracts=str(contracts) if contracts else None,
        as_of=str(options.as_of) if options.as_of else None,
        full_refresh=options.full_refresh,
        is_locked_already=True,
    )
    definitions = build_definitions(
        home, parsed.document, project=project, resource=resource, console=_console(say)
    )
    # A history that cannot be written says so on standard error, in words for developers.
    with only_writer(home) as history, redirect_stderr(StringIO()):
        result = definitions.resolve_job_def(JOB).execute_in_process(
            instance=history, raise_on_error=False, run_config={"loggers": {"console": {}}}
        )
    ledger = Ledger.read(home)
    outcome, sentences = _outcome(home, result)
    snapshot = current_snapshot(home)
    return RunReport(
        run_id=result.run_id,
        outcome=outcome,
        started_at=started.isoformat(timespec="seconds"),
        finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
        as_of=_as_of(home) if outcome == "published" else None,
        snapshot_id=snapshot.name if snapshot else None,
        ledger_commits=ledger.commits,
        fingerprint=_fingerprint(home),
        sentences=sentences,
        **_troubles(ledger, find_files(home)),
    )


def _troubles(ledger: Ledger, files: list[Found]) -> dict[str, list[str]]:
    held = [record for _, records in held_batches(ledger) for record in records]
    return {
        "refused": [f"{r.file_name}: {r.reason}" for r in still_refused(files, ledger)],
        "held": [f"{r.file_name}: {r.reason}" for r in held],
    }


def _fingerprint(home: DataHome) -> str:
    """What a number depends on besides exports: policies, reviewed ids, code."""
    settings = (Policies.load(home), Crosswalk.load(home))
    return "-".join([*(part.fingerprint for part in settings), code_version()])


def _as_of(home: DataHome) -> str:
    import duckdb

    with duckdb.connect(str(home.snapshot_db), read_only=True) as connection:
        return str((connection.execute("select as_of from snapshot").fetchone() or ("",))[0])


def _outcome(home: DataHome, result: Any) -> tuple[Outcome, list[str]]:
    """Published, or why not, in the sentences that the failing step gave.

    What nobody foresaw goes to logs/failure.log, for those who can mend the code.
    """
    if result.success:
        return "published", []
    sentences = []
    outcome: Outcome = "failed"
    for event in result.all_events:
        if event.is_step_failure:
            failure = event.step_failure_data
            user_failure = failure.user_failure_data
            if user_failure is not None:
                sentences.append(user_failure.description or "")
                if "exit_code" in user_failure.metadata:
                    outcome = "promise_broken"
            elif failure.error is not None:
                cause = failure.error
                while cause.cause is not None:
                    cause = cause.cause
                told = failure.error.to_string()
                if says_disk_full(told):
                    raise disk_full(home)
                details = home.logs / "failure.log"
                write_visible(details, told)
                sentences.append(
                    f"The step {event.step_key} failed unexpectedly ({cause.message.strip()}). "
                    f"Nothing was published; {details} holds the details for a report."
                )
    if says_disk_full(" ".join(sentences)):
        raise disk_full(home)
    return outcome, sentences or ["The run failed; its history says more."]


def _console(say: Say) -> Any:
    """Dagster logs every event to the terminal; a person wants the sentences of the steps."""
    from dagster import LoggerDefinition

    class Sentences(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            meta = getattr(record, "dagster_meta", {})
            text = str(meta.get("orig_message", record.getMessage()))
            # Dagster's own words about checks of exports that did not land: nothing to be told.
            omitted = "did not yield or return expected outputs" in text
            if record.levelno == logging.INFO and not meta.get("dagster_event") and not omitted:
                say(text)

    def logger(_: object) -> logging.Logger:
        made = logging.Logger("partner_kpis")
        made.addHandler(Sentences())
        return made

    return LoggerDefinition(logger, description="Sentences for a person at a terminal.")
