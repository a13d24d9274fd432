"""When runs happen by themselves: schedules by rhythm and a sensor for new files, off by default.

Belongs here: triggers. Does not belong here: what a run does.
"""

from collections.abc import Iterator

from dagster import (
    DefaultScheduleStatus,
    DefaultSensorStatus,
    RunRequest,
    ScheduleDefinition,
    SensorDefinition,
    SensorEvaluationContext,
    SkipReason,
    sensor,
)
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from partner_kpis.home import DataHome
from partner_kpis.landing.land import scan
from partner_kpis.landing.ledger import Ledger
from pipelines.steps import Project

# Rhythm of the KPIs -> when their period has surely ended everywhere; times are local.
_RHYTHMS = {
    "daily": ("15 6 * * *", "after each day, for KPIs of daily rhythm"),
    "weekly": ("30 6 * * 1", "after each ISO week"),
    "monthly": ("45 6 1 * *", "after each month"),
    "quarterly": ("0 7 1 1,4,7,10 *", "after each quarter"),
}


def schedules(job: UnresolvedAssetJobDefinition, zone: str) -> list[ScheduleDefinition]:
    return [
        ScheduleDefinition(
            name=f"{rhythm}_run",
            job=job,
            cron_schedule=cron,
            execution_timezone=zone,
            description=f"Runs {when}. Off until you switch it on.",
            default_status=DefaultScheduleStatus.STOPPED,
        )
        for rhythm, (cron, when) in _RHYTHMS.items()
    ]


def new_files_sensor(job: UnresolvedAssetJobDefinition, home: DataHome) -> SensorDefinition:
    @sensor(
        name="new_files",
        job=job,
        minimum_interval_seconds=60,
        default_status=DefaultSensorStatus.STOPPED,
        description="Runs when something new lies in landing/. Off until you switch it on.",
    )
    def new_files(context: SensorEvaluationContext) -> Iterator[RunRequest | SkipReason]:
        project = Project()
        _, tasks = scan(home, project.world(home), Ledger.read(home))
        if not tasks:
            yield SkipReason("Nothing new lies in landing/.")
            return
        # The same files are asked for once, even when a run of them is still on its way.
        key = ",".join(sorted(f"{t.found.file_name}@{t.found.sha256[:12]}" for t in tasks))
        yield RunRequest(run_key=key)

    return new_files
