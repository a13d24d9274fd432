"""What a snapshot says about the data itself: files, quarantine, where things are named.

Belongs here: counts and short lists, narrowed inside DuckDB. Does not belong here: values of KPIs.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from partner_kpis.serving.needs import Entity
from partner_kpis.serving.snapshot import Snapshot


def open_files(snapshot: Snapshot) -> pl.DataFrame:
    """Files that wait for somebody, newest first (columns: landing_ledger).

    A snapshot from before there was is_open names every file that was ever refused.
    """
    has_is_open = "is_open" in snapshot._ask("from landing_ledger limit 0").columns
    condition = "is_open" if has_is_open else "status in ('refused', 'held')"
    return snapshot._ask(
        f"from landing_ledger where {condition} order by loaded_at desc, file_name"
    )


def newest_files(snapshot: Snapshot, count: int) -> pl.DataFrame:
    """The newest files of the ledger, whatever became of them (columns: landing_ledger)."""
    return snapshot._ask(
        "from landing_ledger order by loaded_at desc, file_name limit $count", count=count
    )


def file_count(snapshot: Snapshot) -> int:
    return int(snapshot._ask("select count(*) as files from landing_ledger")["files"][0])


def as_promised(freshness: pl.DataFrame) -> pl.DataFrame:
    """Freshness (see Snapshot.freshness) as people read it, with the status `loaded` besides.

    Without a day until which its data tells, a source can keep no promise of freshness. Of such a
    source it is known that something is loaded, and no more.
    """
    unpromised = (pl.col("status") == "fresh") & pl.col("data_until").is_null()
    status = pl.when(unpromised).then(pl.lit("loaded")).otherwise(pl.col("status"))
    return freshness.with_columns(status.alias("status"))


def landed(freshness: pl.DataFrame) -> set[Entity]:
    """The exports of which something is loaded, be it stale or not (see Snapshot.freshness)."""
    rows = freshness.filter(pl.col("last_loaded_at").is_not_null())
    return set(rows.select("source", "entity").iter_rows())


def broken_rules(snapshot: Snapshot) -> pl.DataFrame:
    """Quarantine by rule, the most rows first.

    Columns: source, entity, column_name, rule, rows, and of the first such row file_name,
    row_number, message and, where the snapshot has it, message_de.
    """
    return snapshot._ask(
        """
        select
            source, entity, column_name, rule, count(*) as rows,
            first(columns('file_name|row_number|message|message_de')
                order by file_name, row_number)
        from quarantined_rows
        group by source, entity, column_name, rule
        order by rows desc, source, entity, column_name, rule
        """
    )


def quarantined_count(snapshot: Snapshot) -> int:
    """How many rows lie in quarantine; one that breaks two rules counts once."""
    return int(
        snapshot._ask(
            "select count(distinct (file_name, row_number)) as rows from quarantined_rows"
        )["rows"][0]
    )


def opportunity_names(snapshot: Snapshot, ids: Sequence[str]) -> pl.DataFrame:
    """What opportunities are called: columns entity_id, name."""
    return snapshot._ask(
        "select opportunity_id as entity_id, name from opportunities "
        "where list_contains($ids::varchar[], opportunity_id)",
        ids=list(ids),
    )
