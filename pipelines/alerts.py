"""Alerts in Dagster: judged after each publication as an asset with its own check, and a schedule
that lets time pass without a run.

Belongs here: Dagster decorators and what the history shows. Does not belong here: the work itself
(partner_kpis/alerts). Dagster reads annotations of steps at run time: no `from __future__` here.
"""

from collections.abc import Iterator

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    DefaultScheduleStatus,
    Failure,
    JobDefinition,
    MaterializeResult,
    OpExecutionContext,
    ScheduleDefinition,
    job,
    multi_asset,
    op,
)

from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from pipelines import lineage
from pipelines.resources import HomeResource
from pipelines.steps import alerts_step

GROUP = "alerts"
ALERTS = AssetKey(["alerts", "episodes"])
_CHECK = "told"
_EVERY_TEN_MINUTES = "*/10 * * * *"


def alert_assets() -> AssetsDefinition:
    @multi_asset(
        name="judge_alerts",
        specs=[
            AssetSpec(
                ALERTS,
                deps=[lineage.SNAPSHOT],
                group_name=GROUP,
                description="What left its bounds, who is on it, and what was told to whom.",
                owners=lineage.team("Partner analytics"),
            )
        ],
        check_specs=[
            AssetCheckSpec(
                _CHECK, asset=ALERTS,
                description="The rules could be read, and every channel took its messages.",
            )
        ],
    )  # fmt: skip
    def judge_alerts(
        context: AssetExecutionContext, home: HomeResource
    ) -> Iterator[MaterializeResult[None]]:
        """Hold every rule against what was published, and send what is to be told."""
        step = alerts_step(home.home, context.log.info)
        check = AssetCheckResult(
            asset_key=ALERTS,
            check_name=_CHECK,
            passed=not step.faults,
            severity=AssetCheckSeverity.WARN,
            metadata={"faults": step.faults} if step.faults else {},
        )
        yield MaterializeResult(asset_key=ALERTS, metadata=step.counts, check_results=[check])

    return judge_alerts


def send_job(home: DataHome) -> JobDefinition:
    """Ends snoozes, climbs ladders and sends what waits; needs no run and holds no home."""

    @op(description="End snoozes, climb ladders, send what waits for its channel.")
    def let_time_pass(context: OpExecutionContext) -> None:
        from partner_kpis.alerts.tick import tick

        try:
            ticked = tick(home)
        except UserError as error:
            raise Failure(str(error), allow_retries=False) from error
        told = ticked.delivered
        context.log.info(f"{told.sent} messages sent, {told.waiting} waiting.")
        if told.problems:
            raise Failure(" ".join(each.en for each in told.problems), allow_retries=False)

    @job(name="send_alerts", description=send_job.__doc__)
    def send_alerts() -> None:
        let_time_pass()

    return send_alerts


def send_schedule(job_: JobDefinition, zone: str) -> ScheduleDefinition:
    return ScheduleDefinition(
        name="alerts_every_ten_minutes",
        job=job_,
        cron_schedule=_EVERY_TEN_MINUTES,
        execution_timezone=zone,
        description="Ends snoozes, climbs ladders, sends what waits. Off until you switch it on.",
        default_status=DefaultScheduleStatus.STOPPED,
    )
