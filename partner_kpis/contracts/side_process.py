"""The process that holds Great Expectations, whose import takes longer than most checks.

Belongs here: which process that is. Does not belong here: what it is asked (batch.py).
"""

from __future__ import annotations

from partner_kpis.side_process import SideProcess

shared = SideProcess(
    preload=("great_expectations", "partner_kpis.contracts.batch"),
    # For distributions and plots, which no promise here has: a quarter of the import.
    when_used=("scipy", "altair"),
)
"""One for the whole process: tests and `dagster dev` pay the import once."""
