"""Rows of the hand-made snapshot on the way to a goal: moves of health, waits, objectives.

Belongs here: few rows, each there for a case that the pages must tell apart.
Does not belong here: columns (snapshot_tables.py).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

Row = tuple[Any, ...]

MONTH = date(2026, 9, 1)
STUCK = "P-003"
"""The partner that no component alone lifts into the next band."""

# component, quantity, needed, best, unit, effort
_REACHABLE = (
    ("certification", 2.0, 3.0, 6.0, "people", 0.25),
    ("pipeline", 20_000.0, 60_000.0, 140_000.0, "money", 0.33),
    ("reliability", 0.9962, 0.9981, 1.0, "percent", 0.5),
    ("activity", 4.0, 9.0, 10.0, "count", 0.83),
)
_OUT_OF_REACH = (
    ("certification", 1.0, 4.0, 1.0, "people", None),
    ("pipeline", 20_000.0, 60_000.0, 140_000.0, "money", None),
    ("reliability", 0.9962, 1.07, 1.0, "percent", None),
)


def progress_rows(health_components: list[Row]) -> dict[str, list[Row]]:
    """Table → its rows."""
    return {
        "health_moves": list(_moves(health_components)),
        "time_to_event": [row for cohort in _COHORTS for row in _curve(*cohort)],
        "objectives": _OBJECTIVES,
    }


def _moves(health_components: list[Row]) -> list[Row]:
    """For every partner that is not in the best band in the newest complete month."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for partner, month, _, _, _, _, contribution, _ in health_components:
        if month == MONTH and contribution is not None:
            totals[partner] += contribution
    rows = []
    for partner, total in totals.items():
        if total >= 75:
            continue
        band, bound = ("watch", 50) if total < 50 else ("healthy", 75)
        moves = _OUT_OF_REACH if partner == STUCK else _REACHABLE
        for rank, (component, now, needed, best, unit, effort) in enumerate(moves, start=1):
            is_reachable = effort is not None
            rows.append((partner, MONTH, component, band, bound - total, now, needed, best, unit,
                         is_reachable, effort, rank if is_reachable else None))  # fmt: skip
    return rows


# cohort, started, median, (day, at risk, finished, share)
_COHORTS: tuple[tuple[str, int, float | None, list[Row]], ...] = (
    ("all", 100, 11.5, [(0, 100, 0, 0.0), (11, 60, 40, 0.4), (12, 50, 50, 0.5),
                        (30, 30, 65, 0.7), (60, 20, 70, 0.78), (90, 10, 70, 0.78)]),
    ("2025Q4", 30, 9.0, [(0, 30, 0, 0.0), (9, 15, 15, 0.5), (30, 5, 25, 0.83),
                         (60, 5, 25, 0.83), (90, 5, 25, 0.83)]),
    ("2026Q1", 20, 10.0, [(0, 20, 0, 0.0), (10, 10, 10, 0.5), (30, 5, 15, 0.75),
                          (60, 4, 16, 0.8), (90, 4, 16, 0.8)]),
    ("2026Q2", 20, 12.0, [(0, 20, 0, 0.0), (12, 9, 11, 0.55), (30, 5, 15, 0.75),
                          (60, 5, 15, 0.75), (90, 5, 15, 0.75)]),
    ("2026Q3", 20, 25.0, [(0, 20, 0, 0.0), (25, 9, 10, 0.5), (30, 8, 10, 0.5),
                          (60, 3, 11, 0.61), (90, 0, 11, None)]),
    ("2026Q4", 10, None, [(0, 10, 0, 0.0), (8, 6, 4, 0.4), (30, 0, 4, None),
                          (60, 0, 4, None), (90, 0, 4, None)]),
)  # fmt: skip


def _curve(cohort: str, started: int, median: float | None, days: list[Row]) -> list[Row]:
    return [
        ("time_to_activation", "programme", "all", cohort, day, started, at_risk, finished, share,
         median)
        for day, at_risk, finished, share in days
    ]  # fmt: skip


_GROW, _LAST = "Grow <b>with</b> partners", "Win together"
_OBJECTIVES: list[Row] = [
    (_GROW, "partner_win_rate", "programme", "all", "month", MONTH, Decimal("0.4"), Decimal("0.5"),
     0.45, 0.5, "watch"),
    (_GROW, "partner_win_rate", "tier", "strategic", "month", MONTH, Decimal("0.4"),
     Decimal("0.5"), 0.5, 1.0, "on_target"),
    (_GROW, "time_to_activation", "programme", "all", "week", date(2026, 10, 12), None, Decimal(9),
     None, None, "unknown"),
    (_GROW, "partner_win_rate", "partner", "P-001", "month", MONTH, None, Decimal("0.5"), 0.6, 1.0,
     "on_target"),
    (_GROW, "partner_win_rate", "partner", "P-002", "month", MONTH, None, Decimal("0.5"), 0.3,
     None, "breach"),
    (_GROW, "partner_win_rate", "partner", "P-003", "month", MONTH, None, Decimal("0.5"), 0.3,
     None, "breach"),
    (_LAST, "a_kpi_that_is_gone", "programme", "all", "month", MONTH, None, Decimal(1), 1.0, 1.0,
     "on_target"),
]  # fmt: skip
