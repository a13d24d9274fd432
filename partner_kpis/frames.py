"""Frames on their way into DuckDB and out of it.

Belongs here: handing rows between the two engines. Does not belong here: what the rows say.

DuckDB's own ways for polars go through pyarrow, whose import takes half a second of processor time
and fifty megabytes in each process; both engines also speak Arrow's C interface, which needs none.
"""

from __future__ import annotations

import duckdb
import polars as pl


class _Stream:
    """A frame of which DuckDB sees the C interface alone."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def lend(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Let SQL of this connection read the frame as a table, until it is closed or lent another."""
    connection.register(name, _Stream(frame))


def fetched(relation: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """The rows of a relation. Raises duckdb.Error when its query fails."""
    # Materialised: a stream that fails on its way would fail in polars, in words of polars.
    return pl.DataFrame(relation.materialize())
