"""The asset of documents: the quarterly business reviews of all partners, a partition a quarter.

Belongs here: Dagster decorators and what the history shows. Does not belong here: making documents
(partner_kpis/reports). Dagster reads annotations of steps at run time: no `from __future__` here.
"""

from datetime import UTC, datetime

from dagster import (
    AssetExecutionContext,
    AssetsDefinition,
    Config,
    Failure,
    MaterializeResult,
    StaticPartitionsDefinition,
    asset,
)
from pydantic import Field

from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.reports.kinds import USUAL
from partner_kpis.reports.quarter import Quarter
from partner_kpis.serving import NoSnapshotError, Snapshot
from pipelines import lineage
from pipelines.resources import HomeResource

GROUP = "reports"
NAME = "qbr_documents"


class DocumentsConfig(Config):
    """Which documents of a quarter are made: edition (internal or partner), language (en or de),
    formats (of pptx, pdf, xlsx, html and json)."""

    edition: str = "internal"
    lang: str = "en"
    formats: list[str] = Field(default_factory=lambda: [*map(str, USUAL)])


def quarters(home: DataHome) -> list[str]:
    """The quarters that the served snapshot has values of, oldest first; before the first
    publication the present one alone. `dagster dev` reads them when it loads its definitions."""
    from partner_kpis.reports import scope

    try:
        with Snapshot.open(home) as snapshot:
            found = [str(quarter) for quarter in reversed(scope.quarters(snapshot))]
    except NoSnapshotError:
        found = []
    return found or [str(Quarter.of(datetime.now(UTC).date()))]


def qbr_asset(home: DataHome) -> AssetsDefinition:
    @asset(
        key=["reports", NAME],
        deps=[lineage.SNAPSHOT],
        group_name=GROUP,
        partitions_def=StaticPartitionsDefinition(quarters(home)),
        owners=lineage.team("Partner management"),
        kinds={"powerpoint", "excel"},
        description="Quarterly business reviews of all partners, from the sealed served snapshot.",
    )
    def qbr_documents(
        context: AssetExecutionContext, home: HomeResource, config: DocumentsConfig
    ) -> MaterializeResult[None]:
        """Seal what is served and write the documents of a quarter that are not there yet."""
        from partner_kpis.reports import scope
        from partner_kpis.reports.kinds import Wish
        from partner_kpis.reports.produce import Order, produce
        from partner_kpis.reports.sealing import seal

        quarter = context.partition_key
        try:
            edition, lang = scope.edition(config.edition), scope.language(config.lang)
            formats = scope.formats(config.formats)
            with Snapshot.open(home.home) as snapshot:
                names = scope.partners(snapshot, ())
                scope.quarter(snapshot, quarter)
            path, sealed = seal(home.home, f"qbr {quarter}")
            wishes = [Wish("qbr", one, quarter, edition, lang) for one in names]
            written = produce(Order.below(home.home, path, wishes, formats))
        except UserError as error:
            raise Failure(str(error), allow_retries=False) from error
        return MaterializeResult(
            metadata={
                "partners": len(written),
                "files": sum(len(one.files) for one in written),
                "files_there_already": sum(one.kept for one in written),
                "folder": str(home.home.reports / quarter),
                "snapshot_id": sealed.snapshot_id,
                "sha256": sealed.sha256,
            }
        )

    return qbr_documents
