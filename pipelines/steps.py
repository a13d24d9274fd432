"""The three steps of a run: land, build, publish.

Belongs here: which library calls make up a step and what it reports. Does not belong here: any
Dagster decorator (assets.py), the order and the lock (run.py, resources.py).
"""

from __future__ import annotations

import hashlib
import json
import traceback
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from partner_kpis.contracts import side_process
from partner_kpis.contracts.batch import write_docs
from partner_kpis.contracts.model import Contract, load_entities, load_serving
from partner_kpis.control_tables import RunSettings
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.landing.judge import Judgement, judge
from partner_kpis.landing.land import LandingResult, land
from partner_kpis.landing.ledger import FileRecord, Ledger
from partner_kpis.landing.profile import default_as_of
from partner_kpis.landing.records import World
from partner_kpis.policies import Policies
from partner_kpis.publish import Publication, publish
from partner_kpis.sources_config import load_settings
from partner_kpis.suggestions import suggestions
from partner_kpis.warehouse import (
    code_version,
    prepare,
    read_build_state,
    remember_build,
)
from pipelines.dbt_project import ParsedProject, build, empty_warehouse, parse
from pipelines.dbt_runner import NodeResult

Say = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """What a person may ask of a run."""

    as_of: date | None = None
    full_refresh: bool = False


@dataclass(frozen=True)
class Project:
    """Contracts and configuration as they are now; tests may bring their own contracts."""

    entities: dict[str, Contract] = field(default_factory=load_entities)
    serving: dict[str, Contract] = field(default_factory=load_serving)
    is_of_checkout: bool = True

    @classmethod
    def at(cls, contracts: Path | None) -> Project:
        return cls(load_entities(contracts), load_serving(contracts), contracts is None)

    def world(self, home: DataHome) -> World:
        return World(self.entities, load_settings(home, self.entities))


@dataclass(frozen=True)
class LandStep:
    landing: LandingResult
    judgements: list[Judgement]


def land_step(
    home: DataHome, project: Project, options: Options, run_id: str, say: Say
) -> LandStep:
    """Land what is new and decide which of it joins the lake."""
    home.create()
    policies = Policies.load(home)
    world = project.world(home)
    ledger = Ledger.read(home)
    result = land(home, world, ledger, run_id, say)
    as_of = options.as_of or default_as_of(
        ledger.records, datetime.now(UTC), policies.reporting_timezone, ("loaded", "held")
    )
    judgements = judge(home, world, ledger, run_id, as_of, say)
    side_process.shared.tell(write_docs, home.data_docs)  # while the models are built
    return LandStep(result, judgements)


def build_step(
    home: DataHome,
    project: Project,
    options: Options,
    say: Say,
    *,
    known_at: datetime | None = None,
) -> Iterator[NodeResult]:
    """Build every model on what is loaded; everything anew where policies or code changed. Yields
    each model and test as it ends.

    known_at: the knowledge time of an earlier build that is repeated; None is now.
    """
    policies = Policies.load(home)
    ledger = Ledger.read(home)
    code = code_version()
    parsed = parse(home, code)
    state = read_build_state(home)
    reason = "asked for" if options.full_refresh else state.full_refresh_reason(policies, code)
    if reason:
        say(f"Full refresh: {reason}.")
    now = known_at or datetime.now(UTC)
    as_of = options.as_of or default_as_of(ledger.records, now, policies.reporting_timezone)
    settings = RunSettings(as_of, now, policies)
    changed = prepare(
        home, ledger, project.entities, parsed.definitions, settings,
        state=state, full_refresh=bool(reason),
        empty=empty_warehouse(home, code) if project.is_of_checkout else None,
    )  # fmt: skip
    yield from build(home, parsed, full_refresh=bool(reason), changed=changed, before=state.tables)
    remember_build(home, ledger, policies, code, parsed.steady_models)


def publish_step(
    home: DataHome,
    project: Project,
    run_id: str,
    say: Say,
    *,
    refused: Collection[FileRecord] | None = None,
) -> Publication:
    """Publish what the warehouse holds, as of the settings that it was built with.

    refused: see publish.
    """
    code = code_version()
    parsed = parse(home, code)
    with duckdb.connect(str(home.warehouse_db), read_only=True) as connection:
        row = connection.execute(
            "select as_of, known_at from control.run_settings cross join control.knowledge"
        ).fetchone()
    if row is None:
        raise UserError("The warehouse has no settings; run with --full-refresh.")
    publication = publish(
        home, Ledger.read(home), project.serving, parsed.definitions,
        RunSettings(row[0], row[1], Policies.load(home)),
        suggested=suggestions(home.warehouse_db),
        run_id=run_id, code=code, definitions_hash=definitions_hash(parsed), refused=refused,
    )  # fmt: skip
    side_process.shared.tell(write_docs, home.data_docs)
    for fault in side_process.shared.faults():
        say(f"The pages on checked promises are not up to date ({fault}). No number needs them.")
    return publication


@dataclass(frozen=True)
class AlertsStep:
    """What came of the alerts: counts for the history, and sentences for who can mend a fault."""

    counts: dict[str, int]
    faults: list[str]


def alerts_step(home: DataHome, say: Say) -> AlertsStep:
    """Judge what is served, let time pass, and send; a fault here takes nothing back that was
    published."""
    from partner_kpis.alerts.tick import tick

    try:
        ticked = tick(home)
    except Exception as error:
        told = _fault_of_alerts(home, error)
        say(f"Alerts were not judged. {told}")
        return AlertsStep({}, [told])
    faults = [problem.en for problem in ticked.delivered.problems]
    counts = {"sent": ticked.delivered.sent, "waiting": ticked.delivered.waiting}
    if ticked.evaluated is not None:
        done = ticked.evaluated
        counts |= {"opened": done.opened, "ended": done.ended, "open": done.open}
        if done.is_other_day:
            say("Alerts are judged for the newest day alone; this one changes nothing of them.")
        elif done.opened or done.ended:
            say(f"Alerts: {done.opened} new, {done.ended} over, {done.open} open.")
    for fault in faults:
        say(f"Alerts: {fault}")
    return AlertsStep(counts, faults)


def _fault_of_alerts(home: DataHome, error: Exception) -> str:
    """What went wrong, as a sentence. What nobody foresaw goes to a log: the run did publish."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, OSError):
        return str(home.not_writable(error))
    details = home.logs / "alerts-failure.log"
    details.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    return (
        f"This was not foreseen ({type(error).__name__}: {error}). What the run computed is "
        f"published; {details} holds the details for a report."
    )


def definitions_hash(parsed: ParsedProject) -> str:
    text = json.dumps([d.model_dump(mode="json") for d in parsed.definitions], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
