"""Values and judgements of the hand-made snapshot, rolled up naively.

Belongs here: just enough of kpis.md for the fixture's observations; slow and plain on purpose.
Does not belong here: the product's roll-up (dbt) or its oracle.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from partner_kpis.serving import from_rhythm_up, period_end, period_start
from tests.dashboards.snapshot_tables import TARGETS

AS_OF = date(2026, 10, 21)
MIN_SAMPLE = 5

Row = tuple[Any, ...]
Tables = dict[str, list[Row]]
Cells = dict[tuple[tuple[str, str], date], dict[Row, Row]]

_NEEDED = {
    "partner_influenced_pipeline": [("salesforce", "opportunity")],
    "partner_win_rate": [("salesforce", "opportunity")],
    "partner_health_score": [("salesforce", "opportunity")],
    "time_to_activation": [("telemetry", "event")],
    "integration_uptime": [("registry", "integration")],
}


def roll_up(tables: Tables, missing: set[tuple[str, str]]) -> None:
    """Add kpi_values and kpi_scorecard to the tables; KPIs that need `missing` sources get none."""
    for definition in tables["kpi_catalogue"]:
        kpi_id, kind, balance, rhythm, basis = (definition[i] for i in (0, 6, 7, 10, 13))
        direction = definition[9]
        lost = any(key in missing for key in _NEEDED[kpi_id])
        mine = [row for row in tables["kpi_observations"] if row[0] == kpi_id and not lost]
        for period_type in from_rhythm_up(rhythm):
            cells = _cells(tables, mine, period_type, balance)
            for member in sorted({m for m, _ in cells} | {("programme", "all")}):
                starts = _starts(period_type, [s for m, s in cells if m == member])
                history: list[tuple[date, float | None]] = []
                for start in starts:
                    whole = cells.get((("programme", "all"), start), {})
                    cell = cells.get((member, start), {})
                    value = _value(kind, cell, whole)
                    sample = len({k[:2] for k in (whole if kind == "share" else cell)})
                    reason = None if value is not None else (
                        "source_missing" if lost else "no_observations")  # fmt: skip
                    complete = period_end(period_type, start) - timedelta(days=1) <= AS_OF
                    numbers = _numbers(kind, cell, whole)
                    tables["kpi_values"].append(
                        (kpi_id, *member, period_type, start, period_end(period_type, start),
                         complete, *numbers, value, sample, reason)
                    )  # fmt: skip
                    judged = _judge(kpi_id, direction, member, value, sample, basis, kind,
                                    running=not complete and not balance)  # fmt: skip
                    before = history[-1][1] if history else None
                    tables["kpi_scorecard"].append(
                        (kpi_id, *member, period_type, start, value, before,
                         history[-12][1] if len(history) > 11 else None, *judged,
                         _trend(value, before), "O-1 Grow with partners")
                    )  # fmt: skip
                    history.append((start, value))


def _cells(tables: Tables, rows: list[Row], period_type: str, balance: bool) -> Cells:
    versions: dict[str, list[Row]] = defaultdict(list)
    for version in tables["partner_versions"]:
        versions[version[0]].append(version)
    cells: Cells = defaultdict(dict)
    for _, day, partner, entity_type, entity_id, numerator, denominator in rows:
        start = period_start(period_type, day)
        if balance and day != min(period_end(period_type, start) - timedelta(days=1), AS_OF):
            continue
        members = [("programme", "all")]
        if partner:
            version = next(v for v in versions[partner] if v[2] is None or day < v[2])
            members += [("partner", partner), ("tier", version[3] or "unknown"),
                        ("partner_type", version[4]), ("region", version[5])]  # fmt: skip
        for member in members:
            cells[(member, start)][(entity_type, entity_id, day)] = (numerator, denominator)
    return cells


def _starts(period_type: str, seen: list[date]) -> list[date]:
    start, starts = period_start(period_type, AS_OF), []
    first = min([*seen, period_start(period_type, start - timedelta(days=1))])
    while start >= first:
        starts.append(start)
        start = period_start(period_type, start - timedelta(days=1))
    return starts[::-1]


def _numbers(kind: str, cell: dict[Row, Row], whole: dict[Row, Row]) -> Row:
    if kind == "median":
        return (median(n for n, _ in cell.values()) if cell else None, None)
    base = whole if kind == "share" else cell
    return (sum((n for n, _ in cell.values()), Decimal(0)),
            sum((d for _, d in base.values()), Decimal(0)))  # fmt: skip


def _value(kind: str, cell: dict[Row, Row], whole: dict[Row, Row]) -> float | None:
    numerator, denominator = _numbers(kind, cell, whole)
    if kind == "median":
        return None if numerator is None else float(numerator)
    return float(numerator) / float(denominator) if denominator else None


def _judge(
    kpi_id: str, direction: str, member: tuple[str, str], value: float | None,
    sample: int, basis: str, kind: str, *, running: bool,
) -> Row:  # fmt: skip
    baseline, target, low, high = TARGETS.get((kpi_id, member[0]), (None,) * 4)
    if target is None:
        status = "no_target"
    elif value is None:
        status = "unknown"
    elif basis != "none" and sample < MIN_SAMPLE:
        status = "low_n"
    elif running:
        status = "running"
    else:
        lower = direction == "lower"
        sign, corridor = (-1, high) if lower else (1, low)
        ahead, inside = sign * (value - target) >= 0, sign * (value - corridor) >= 0
        status = "on_target" if ahead else "watch" if inside else "breach"
    return (baseline, target, low, high, status)


def _trend(value: float | None, before: float | None) -> str | None:
    if value is None or before is None:
        return None
    if abs(value - before) <= 0.02 * abs(before):
        return "flat"
    return "up" if value > before else "down"
