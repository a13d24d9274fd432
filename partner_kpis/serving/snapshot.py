"""The snapshot being served, opened read-only.

Belongs here: every query a reader may ask of a published snapshot, with bound parameters.
Does not belong here: formatting, caching over requests, or anything that writes.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import duckdb
import polars as pl

from partner_kpis.errors import UserError
from partner_kpis.frames import fetched
from partner_kpis.home import DataHome
from partner_kpis.serving import evidence as _evidence
from partner_kpis.serving.contracted import no_rows_sql
from partner_kpis.serving.definitions import KpiDefinition
from partner_kpis.serving.periods import observed_days
from partner_kpis.strict_yaml import did_you_mean
from partner_kpis.text import both

TABLES: Final[frozenset[str]] = frozenset(
    {
        "kpi_catalogue",
        "kpi_observations",
        "kpi_values",
        "kpi_scorecard",
        "health_components",
        "health_moves",
        "time_to_event",
        "objectives",
        "partners",
        "partner_versions",
        "partner_touches",
        "opportunities",
        "pipeline_moves",
        "referrals",
        "registrations",
        "certificates",
        "mdf_claims",
        "qbr_actions",
        "commission_lines",
        "commission_payments",
        "entity_sources",
        "source_freshness",
        "landing_ledger",
        "quarantined_rows",
        "findings",
        "identity_matches",
        "identity_suggestions",
        "snapshot",
    }
)

_LISTS: Final = frozenset({"dimensions", "needs", "lineage", "ladder"})

# The version columns that decide a member's values; `all` and partner ids are members too.
_MEMBER_COLUMNS: Final = {"tier": "tier", "partner_type": "partner_type", "region": "region"}


class NoSnapshotError(UserError):
    """Nothing has been published in this data home yet."""


class Snapshot:
    """One published snapshot; a context manager that holds it open read-only.

    It stands on the file that `serving/current` named when it was opened: a run that publishes
    meanwhile changes nothing here, so two answers of one Snapshot never mix two runs. Answers are
    polars frames. One object serves one thread at a time.
    """

    def __init__(self, path: Path) -> None:
        """Open the DuckDB file `path`; raises NoSnapshotError when it cannot be read."""
        self.path = path
        if not path.is_file():
            raise NoSnapshotError(both("fault.snapshot_gone", path=path))
        try:
            self._connection = duckdb.connect(str(path), read_only=True)
        except duckdb.Error as error:
            said = both("fault.snapshot_unreadable", path=path, why=error)
            raise NoSnapshotError(said) from error

    @classmethod
    def open(cls, home: DataHome) -> Snapshot:
        """Open what the home serves now; raises NoSnapshotError before the first publication."""
        return cls(cls.locate(home))

    @staticmethod
    def locate(home: DataHome) -> Path:
        """The file being served, with the link resolved; raises NoSnapshotError without one."""
        served = home.snapshot_db
        if not served.is_file():
            raise NoSnapshotError(both("fault.no_snapshot", home=home.root))
        return served.resolve()

    @classmethod
    def kept(cls, home: DataHome, snapshot_id: str) -> Snapshot:
        """Open one that is still kept, served or not; raises NoSnapshotError when it is not."""
        folder = home.snapshot_folder(snapshot_id)
        is_name = folder.parent == home.serving and not snapshot_id.startswith(".")
        if not is_name or not (folder / home.snapshot_db.name).is_file():
            raise NoSnapshotError(
                f"The snapshot {snapshot_id} is not kept in {home.serving}. Only sealed ones stay "
                "for ever; look for it in a backup of this folder."
            )
        return cls(folder / home.snapshot_db.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def _ask(self, sql: str, **parameters: Any) -> pl.DataFrame:
        return fetched(self._connection.sql(sql, params=parameters))

    def table(self, name: str) -> pl.DataFrame:
        """A whole table of the serving contract; raises ValueError for any other name.

        A kept snapshot that is older than the table answers its contracted columns without rows.
        """
        if name not in TABLES:
            raise ValueError(f"'{name}' is no table of a snapshot ({', '.join(sorted(TABLES))}).")
        return self._ask(f"from {name}" if name in self._tables else no_rows_sql(name))

    def holds(self, name: str) -> bool:
        """Whether it has the table at all; an older one answers no rows for what it lacks."""
        return name in self._tables

    @cached_property
    def _tables(self) -> frozenset[str]:
        return frozenset(self._ask("select table_name from duckdb_tables()")["table_name"])

    def info(self) -> dict[str, Any]:
        """The one row of table snapshot: snapshot_id, run_id, as_of, known_at, created_at, …"""
        return dict(self._info)

    @cached_property
    def _info(self) -> dict[str, Any]:
        return self.table("snapshot").row(0, named=True)

    def catalogue(self) -> list[KpiDefinition]:
        """The KPIs in force, in the order in which the catalogue lists them."""
        return list(self._catalogue.values())

    @cached_property
    def _catalogue(self) -> dict[str, KpiDefinition]:
        """By id; read once, because what is published never changes.

        What a kept snapshot of an older version does not say has its default.
        """
        table = self.table("kpi_catalogue")
        names = [field.name for field in fields(KpiDefinition) if field.name in table.columns]
        rows = table.select(names).iter_rows(named=True)
        return {
            row["kpi_id"]: KpiDefinition(
                **row | {name: tuple(row[name] or ()) for name in _LISTS & row.keys()}
            )
            for row in rows
        }

    def definition(self, kpi_id: str) -> KpiDefinition:
        """The definition of one KPI; raises UserError when the snapshot has none of that name."""
        known = self._catalogue
        if kpi_id not in known:
            near = did_you_mean(kpi_id, list(known))
            raise UserError(f"There is no KPI {kpi_id!r} here{near}; known are {', '.join(known)}.")
        return known[kpi_id]

    def values(self, kpi_id: str, dimension: str, member: str, period_type: str) -> pl.DataFrame:
        """A KPI's periods, oldest first: kpi_values with the judgement of kpi_scorecard.

        Columns: period_start, period_end (exclusive), is_complete, numerator, denominator, value,
        sample_size, reason, previous_value, year_ago_value, baseline, target, corridor_low,
        corridor_high, status, trend, objective. Percentages are fractions.
        """
        return self._ask(
            _VALUES
            + """
            where v.kpi_id = $kpi_id and v.dimension = $dimension and v.member = $member
                and v.period_type = $period_type
            order by v.period_start
            """,
            kpi_id=kpi_id,
            dimension=dimension,
            member=member,
            period_type=period_type,
        ).drop("kpi_id", "period_type")

    def headline(self, dimension: str, member: str, *, periods: int = 8) -> pl.DataFrame:
        """For every KPI its newest periods at its rhythm: `periods` complete ones and the running.

        Columns as `values`, with kpi_id, period_type and is_headline BOOLEAN (true on the last
        complete period). A KPI without rows for this member is not in the answer.
        """
        return self._ask(
            f"""
            with judged as (
                {_VALUES}
                join kpi_catalogue as c on c.kpi_id = v.kpi_id and c.rhythm = v.period_type
                where v.dimension = $dimension and v.member = $member
            ),
            ranked as (
                select *, row_number() over (
                    partition by kpi_id, is_complete order by period_start desc
                ) as newest
                from judged
            )
            select * exclude (newest), is_complete and newest = 1 as is_headline
            from ranked
            where newest <= case when is_complete then $periods else 1 end
            order by kpi_id, period_start
            """,
            dimension=dimension,
            member=member,
            periods=periods,
        )

    def first_start(self, period_type: str) -> date | None:
        """The start of the first period of this type that any KPI has a value for."""
        found = self._ask(
            """
            select min(period_start) as first_start from kpi_values
            where period_type = $period_type and value is not null
            """,
            period_type=period_type,
        )
        start: date | None = found.item()
        return start

    def members(self, dimension: str) -> pl.DataFrame:
        """The members one can choose: columns member, name; partners by name, others by member."""
        if dimension == "programme":
            return pl.DataFrame({"member": ["all"], "name": ["all"]})
        if dimension == "partner":
            return self._ask(
                "select partner_id as member, name from partners order by lower(name), partner_id"
            )
        if dimension not in _MEMBER_COLUMNS:
            raise ValueError(f"'{dimension}' is no dimension of a scorecard.")
        return self._ask(
            """
            select distinct member, member as name from kpi_values
            where dimension = $dimension order by member
            """,
            dimension=dimension,
        )

    def evidence(
        self, kpi_id: str, dimension: str, member: str, period_type: str, period_start: date
    ) -> pl.DataFrame:
        """The observations behind one value; `resum` leads from them back to it.

        Columns: observed_on, entity_type, entity_id, partner_ids (list), numerator, denominator,
        counts_for (numerator, denominator or both). One row per thing and day; of a share the
        member's rows count for both and the rest of the programme's only for the denominator, with
        numerator null.
        """
        kpi = self.definition(kpi_id)
        first_day, last_day = observed_days(
            period_type, period_start, is_balance=kpi.is_balance, as_of=self.info()["as_of"]
        )
        return self._ask(
            _evidence.evidence_sql(kpi.kind),
            **_evidence.evidence_parameters(kpi_id, dimension, member, first_day, last_day),
        )

    def resum(self, kpi_id: str, rows: pl.DataFrame) -> _evidence.Resummed:
        """What evidence rows of this KPI add up to: numerator, denominator, value."""
        kpi = self.definition(kpi_id)
        return _evidence.resum(kpi.kind, rows, kpi.value_factor)

    def sources_of(self, observed: pl.DataFrame) -> pl.DataFrame:
        """The file rows that observations come from, one row per observation and file row.

        observed: columns entity_type, entity_id and observed_on, such as those of `evidence`.
        Columns: these three, source, entity, primary_key, file_name, file_sha256, row_number (null
        for a daily aggregate, which names files), version_at, row_count.
        """
        return self._ask(
            """
            with observed as (
                select distinct
                    unnest($entity_types::varchar[]) as entity_type,
                    unnest($entity_ids::varchar[]) as entity_id,
                    unnest($days::date[]) as observed_on
            )
            select
                entity_type, entity_id, observed_on, source, entity, primary_key, file_name,
                file_sha256, row_number, version_at, row_count
            from entity_sources
            inner join observed using (entity_type, entity_id)
            where coalesce(first_day <= observed_on, true)
                and coalesce(observed_on <= last_day, true)
            order by entity_id, observed_on, source, entity, primary_key, file_name, row_number
            """,
            entity_types=observed["entity_type"].to_list(),
            entity_ids=observed["entity_id"].to_list(),
            days=observed["observed_on"].to_list(),
        )

    def freshness(self) -> pl.DataFrame:
        """Every contracted entity: source, entity, last_loaded_at, data_until, rows, status."""
        return self._ask("from source_freshness order by source, entity")

    def ledger(self) -> pl.DataFrame:
        """Every file that landed, newest first (columns: serving contract landing_ledger)."""
        return self._ask("from landing_ledger order by loaded_at desc, file_name")

    def quarantine(self) -> pl.DataFrame:
        """Every row in quarantine, with the rule it broke and what to do about it."""
        return self._ask("from quarantined_rows order by file_name, row_number, column_name, rule")

    def findings(self) -> pl.DataFrame:
        """What the data says about itself: finding, severity, …, message_en, message_de."""
        return self._ask("from findings order by severity, finding, source, entity, subject")

    def partners(self) -> pl.DataFrame:
        """The partners as they are now (columns: serving contract partners)."""
        return self._ask("from partners order by lower(name), partner_id")


_VALUES: Final = """
select
    v.kpi_id, v.period_type, v.period_start, v.period_end, v.is_complete, v.numerator,
    v.denominator, v.value, v.sample_size, v.reason, s.previous_value, s.year_ago_value,
    s.baseline, s.target, s.corridor_low, s.corridor_high, s.status, s.trend, s.objective
from kpi_values as v
left join kpi_scorecard as s using (kpi_id, dimension, member, period_type, period_start)
"""
