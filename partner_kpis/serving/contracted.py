"""What the serving contract says of a table, for snapshots that are older than the contract.

Belongs here: the columns of a table that a kept snapshot lacks. Does not belong here: queries
(snapshot.py), or whether a snapshot keeps its promises (contracts).
"""

from __future__ import annotations

from functools import cache

from partner_kpis.home import contracts_dir


@cache
def no_rows_sql(table: str) -> str:
    """A query that answers the contracted columns of a serving table, and no row."""
    # Only an old snapshot needs the contract, and reading one takes a slow import.
    from partner_kpis.contracts.model import load_contract
    from partner_kpis.contracts.rows import identifier

    contract = load_contract(contracts_dir() / "serving" / f"{table}.odcs.yaml")
    columns = (
        f"cast(null as {column.physical_type}) as {identifier(column.name)}"
        for column in contract.columns
    )
    return f"select {', '.join(columns)} where false"
