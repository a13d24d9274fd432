"""The process that holds dbt, whose import and start take longer than landing a day's exports.

Belongs here: which process that is. Does not belong here: what it is asked (dbt_project.py).
"""

from __future__ import annotations

from partner_kpis.side_process import SideProcess

process = SideProcess(preload=("dbt.cli.main", "dbt.adapters.duckdb"))
"""One for the whole process: tests and `dagster dev` pay the import once."""
