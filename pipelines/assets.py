"""The assets of a run: lake, warehouse, snapshot; one step each.

Belongs here: Dagster decorators and what the history shows. Does not belong here: the work itself
(steps.py). Dagster reads annotations of steps at run time: no `from __future__` here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    AssetsDefinition,
    Failure,
    MaterializeResult,
    multi_asset,
)

from partner_kpis.contracts.expectations import PromiseResult
from partner_kpis.contracts.model import Contract
from partner_kpis.errors import UserError
from partner_kpis.landing.judge import Judgement
from partner_kpis.landing.ledger import FileRecord
from pipelines import lineage
from pipelines.resources import HomeResource
from pipelines.steps import build_step, land_step, publish_step

LAND, BUILD, PUBLISH = "land_exports", "build_models", "publish_snapshot"


class _Sentence(Failure):
    """A user's mistake as the history shows it: one sentence."""


def lake_assets(entities: Mapping[str, Contract]) -> AssetsDefinition:
    @multi_asset(
        name=LAND,
        specs=lineage.lake_specs(entities.values()),
        check_specs=lineage.lake_check_specs(entities.values()),
        can_subset=True,  # so that checks of what was not judged keep their last result
    )
    def land_exports(
        context: AssetExecutionContext, home: HomeResource
    ) -> Iterator[MaterializeResult[None]]:
        """Land new exports row by row against their contracts; hold what breaks a promise."""
        with _Sentences():
            step = land_step(
                home.home, home.project, home.options, context.run_id, context.log.info
            )
        for name in entities:
            if lineage.lake_key(name) not in context.selected_asset_keys:
                continue
            records = [r for r in step.landing.records if r.name == name]
            judgements = [j for j in step.judgements if j.name == name]
            yield MaterializeResult(
                asset_key=lineage.lake_key(name),
                metadata=_landed_metadata(records),
                check_results=_check_results(name, judgements),
            )

    return land_exports


def warehouse_assets(
    manifest: Mapping[str, Any], serving: Mapping[str, Contract]
) -> AssetsDefinition:
    specs = lineage.model_specs(manifest, serving.values())

    @multi_asset(name=BUILD, specs=specs)
    def build_models(
        context: AssetExecutionContext, home: HomeResource
    ) -> Iterator[MaterializeResult[None]]:
        """Build the dbt models on what is loaded; each is told as it ends."""
        waiting = {spec.key.path[-1]: spec for spec in specs}
        with _Sentences():
            for node in build_step(home.home, home.project, home.options, context.log.info):
                spec = waiting.pop(node.name, None) if node.status == "success" else None
                if spec is not None:
                    yield MaterializeResult(
                        asset_key=spec.key,
                        metadata={"seconds": round(node.seconds, 3), "status": node.status},
                    )
        for spec in waiting.values():
            if not spec.skippable:  # its table stands as an earlier run left it
                yield MaterializeResult(asset_key=spec.key)

    return build_models


def snapshot_assets(serving: Mapping[str, Contract]) -> AssetsDefinition:
    @multi_asset(
        name=PUBLISH,
        specs=lineage.snapshot_specs(serving.values()),
        check_specs=lineage.snapshot_check_specs(),
    )
    def publish_snapshot(
        context: AssetExecutionContext, home: HomeResource
    ) -> Iterator[MaterializeResult[None] | AssetCheckResult]:
        """Check the candidate against the serving contracts and switch readers to it."""
        with _Sentences():
            publication = publish_step(home.home, home.project, context.run_id, context.log.info)
        checks = [
            _check_result(lineage.SNAPSHOT, severity, publication.results)
            for severity in lineage.SEVERITIES
        ]
        if not publication.is_published:
            yield from checks
            raise Failure(
                "Not published, because a promise to readers is broken: "
                + "; ".join(publication.broken),
                metadata={"broken": publication.broken, "exit_code": 2},
                allow_retries=False,
            )
        yield MaterializeResult(
            asset_key=lineage.SNAPSHOT,
            metadata={"snapshot_id": publication.snapshot_id, "path": str(publication.path)},
            check_results=checks,
        )

    return publish_snapshot


def _landed_metadata(records: Iterable[FileRecord]) -> dict[str, Any]:
    records = list(records)
    return {
        "files": len(records),
        "rows_accepted": sum(r.rows_accepted for r in records),
        "rows_quarantined": sum(r.rows_quarantined for r in records),
        "rows_duplicate": sum(r.rows_duplicate for r in records),
        "refused": [f"{r.file_name}: {r.reason}" for r in records if r.status == "refused"],
    }


def _check_results(name: str, judgements: Sequence[Judgement]) -> list[AssetCheckResult]:
    """A result for each severity, of an entity of which something was judged."""
    results = [result for judgement in judgements for result in judgement.results]
    return [
        _check_result(lineage.lake_key(name), severity, results)
        for severity in lineage.SEVERITIES
        if judgements
    ]


def _check_result(key: Any, severity: str, results: Iterable[PromiseResult]) -> AssetCheckResult:
    asked = [r for r in results if r.severity == severity]
    metadata = {
        f"{r.contract} {r.promise_id}": f"{'kept' if r.passed else 'broken'}: {r.observed}"
        for r in asked
    }
    return AssetCheckResult(
        asset_key=key,
        check_name=f"{severity}_promises",
        passed=all(r.passed for r in asked),
        severity=AssetCheckSeverity.ERROR if severity == "error" else AssetCheckSeverity.WARN,
        metadata=metadata,
    )


class _Sentences:
    """Turn a UserError into a failure whose description is its sentence."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, UserError):
            raise _Sentence(str(error), allow_retries=False) from error
