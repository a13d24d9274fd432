"""Assembling the world: one function puts assets, checks, job, schedules and sensor together.

Belongs here: assembly, with overrides for tests. `definitions.py` calls it for `dagster dev`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dagster import (
    AssetSelection,
    Definitions,
    ExecutorDefinition,
    LoggerDefinition,
    define_asset_job,
    in_process_executor,
)

from partner_kpis.home import DataHome
from partner_kpis.policies import Policies
from pipelines import alerts, documents, lineage
from pipelines.assets import lake_assets, snapshot_assets, warehouse_assets
from pipelines.resources import HomeResource
from pipelines.schedules import new_files_sensor, schedules
from pipelines.steps import Project

JOB = "publish_kpis"


def build_definitions(
    home: DataHome,
    manifest: Mapping[str, Any],
    *,
    project: Project | None = None,
    resource: HomeResource | None = None,
    console: LoggerDefinition | None = None,
) -> Definitions:
    """Everything Dagster shows and runs for one data home.

    All steps of a run share one process, because one writer holds the home from landing to
    publishing.
    """
    project = project or Project()
    executor: ExecutorDefinition = in_process_executor
    job = define_asset_job(
        JOB,
        selection=AssetSelection.all() - AssetSelection.groups("landing", documents.GROUP),
        description="From exports to a snapshot and its alerts: land, build, publish, judge.",
        executor_def=executor,
    )
    send, zone = alerts.send_job(home), Policies.load(home).reporting_timezone
    return Definitions(
        assets=[
            *lineage.landing_specs(project.entities.values()),
            lake_assets(project.entities),
            warehouse_assets(manifest, project.serving),
            snapshot_assets(project.serving),
            alerts.alert_assets(),
            documents.qbr_asset(home),
        ],
        jobs=[job, send],
        schedules=[*schedules(job, zone), alerts.send_schedule(send, zone)],
        sensors=[new_files_sensor(job, home)],
        resources={"home": resource or HomeResource(root=str(home.root))},
        executor=executor,
        loggers={"console": console} if console else None,
    )
