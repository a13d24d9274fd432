"""The yardstick: the KPIs from the same exports by a DuckDB script written by hand.

Belongs here: running the files of sql/ in order, and comparing their values with those that a home
serves. Does not belong here: clocks (run.py).

Run by hand: python -m benchmarks.script HOME OUT.parquet [--as-of DATE] [--compare]
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import duckdb

SQL = Path(__file__).with_name("sql")
# A member without any part in a sum, count or share is 0 in a home, and has no row in the script.
_TOLD = """(
  value <> 0
  or kpi_id not in (
    select kpi_id from home.kpi_catalogue where kind in ('total', 'distinct', 'share')
  )
)"""
_DIFFERENCES = f"""
select
  coalesce(mine.kpi_id, theirs.kpi_id) as kpi_id,
  coalesce(mine.dimension, theirs.dimension) as dimension,
  coalesce(mine.period_type, theirs.period_type) as period_type,
  count(*) as "values",
  count(*) filter (
    mine.value is null or theirs.value is null
    or abs(mine.value - theirs.value) > 1e-9 * greatest(1, abs(theirs.value))
  ) as different,
  max(abs(mine.value - theirs.value)) as largest
from (select * from read_parquet(?) where {_TOLD}) as mine
full join (
  select * from home.kpi_values where value is not null and {_TOLD}
) as theirs using (kpi_id, dimension, member, period_type, period_start)
group by all order by all
"""


def compute(landing: Path, out: Path, as_of: date | None = None, threads: int = 2) -> None:
    """Write the values (kpi_id, dimension, member, period_type, period_start, observations, value)
    of the exports below `landing` to a Parquet file."""
    day = f"'{as_of}'" if as_of else "null"
    with duckdb.connect(config={"threads": threads}) as connection:
        for path in sorted(SQL.glob("*.sql")):
            text = path.read_text(encoding="utf-8")
            connection.execute(text.format(landing=landing, out=out, as_of=day))


def compare(home: Path, values: Path) -> duckdb.DuckDBPyRelation:
    """By KPI, dimension and period: how many values, how many of them differ from the home's. A KPI
    that the script does not compute differs in all of them."""
    connection = duckdb.connect()
    snapshot = home / "serving" / "current" / "partner_kpis.duckdb"
    connection.execute(f"attach '{snapshot}' as home (read_only)")
    return connection.sql(_DIFFERENCES, params=[str(values)])


def main() -> None:
    parser = argparse.ArgumentParser(description="The KPIs by hand, as a yardstick.")
    parser.add_argument("home", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--as-of", type=date.fromisoformat)
    parser.add_argument("--compare", action="store_true", help="with what the home serves")
    options = parser.parse_args()
    compute(options.home / "landing", options.out, options.as_of)
    if options.compare:
        compare(options.home, options.out).show(max_rows=2000)


if __name__ == "__main__":
    main()
