"""What a snapshot says about ids: how many are matched across systems, and what others may be.

Belongs here: counts, short lists, and the row of config/crosswalk.csv that accepts a suggestion.
Does not belong here: matching (dbt), comparing names (partner_kpis/suggestions.py).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO
from typing import Any, Final

import polars as pl

from partner_kpis.crosswalk import COLUMNS, NOTE
from partner_kpis.serving.snapshot import Snapshot

LOW_RATE: Final = 0.95
"""Below this share of matched ids somebody should look."""

CROSSWALK_HEADER: Final = ",".join((*COLUMNS, NOTE))

_COUNTED: Final = {
    "kind": pl.String, "source": pl.String, "entity": pl.String, "named": pl.Int64,
    "matched": pl.Int64, "declared": pl.Int64, "reviewed": pl.Int64, "domain": pl.Int64,
}  # fmt: skip


def match_rates(snapshot: Snapshot) -> pl.DataFrame:
    """Ids by kind, source and entity. Columns: these, and as counts named, matched, declared,
    reviewed, domain. Empty where nothing could be matched, or the snapshot is older than matching.
    """
    if not _has(snapshot, "identity_matches"):
        return pl.DataFrame(schema=_COUNTED)
    return snapshot._ask(
        """
        select
            kind, source, entity, count(*) as named,
            count(*) filter (method <> 'none') as matched,
            count(*) filter (method = 'declared') as declared,
            count(*) filter (method = 'reviewed') as reviewed,
            count(*) filter (method = 'domain') as domain
        from identity_matches
        group by kind, source, entity
        order by kind, source, entity
        """
    )


def low_rates(snapshot: Snapshot) -> pl.DataFrame:
    """The sources of which less than LOW_RATE of the named accounts or partners are matched.

    Columns: source, kind, named, matched. A status page has components that are nobody's
    integration: they are no fault.
    """
    return (
        match_rates(snapshot)
        .filter(pl.col("kind") != "integration")
        .group_by("source", "kind")
        .agg(pl.sum("named"), pl.sum("matched"))
        .filter(pl.col("matched") < LOW_RATE * pl.col("named"))
        .sort("source", "kind")
    )


def suggestions(snapshot: Snapshot, count: int) -> tuple[pl.DataFrame, int]:
    """The `count` suggestions of the highest score (columns: identity_suggestions), and of how
    many."""
    if not _has(snapshot, "identity_suggestions"):
        return pl.DataFrame(), 0
    every = snapshot._ask("select count(*) as suggested from identity_suggestions")
    best = snapshot._ask(
        "from identity_suggestions order by score desc, source_name, source_id, candidate_id "
        "limit $count",
        count=count,
    )
    return best, int(every["suggested"][0])


def crosswalk_row(suggestion: Mapping[str, Any]) -> str | None:
    """The row of config/crosswalk.csv that accepts a suggestion.

    None for a component of a status page: registry/integration says whose it is.
    """
    if suggestion["kind"] == "integration":
        return None
    named = {**suggestion, "id": suggestion["source_id"], "matched_id": suggestion["candidate_id"]}
    line = StringIO()
    csv.writer(line, lineterminator="").writerow([*(named[column] for column in COLUMNS), ""])
    return line.getvalue()


def _has(snapshot: Snapshot, table: str) -> bool:
    found = snapshot._ask(
        "select count(*) as tables from information_schema.tables where table_name = $name",
        name=table,
    )
    return bool(found["tables"][0])
