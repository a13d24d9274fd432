"""Rules that turn KPI rows into what is worth saying: wins and risks, and how far from target.

Belongs here: pure judgement over rows, without words. Does not belong here: sentences
(findings.py), or causes that are no KPI (summary.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from partner_kpis.serving import KpiDefinition
from partner_kpis.wording import Row

SignalKind = Literal["beats", "meets", "watch", "breach", "better", "worse"]

LEAST_MOVE: Final = 0.10
"""Without a target, a move against the previous period counts from a tenth of its size on."""

LEAST_POINTS: Final = 0.02
"""Of a percentage it must be two points as well: from 0.7 % to 0.8 % nothing has moved."""

_ALWAYS_JUDGED: Final = frozenset({"none", "entities_of_groups"})
"""Sample bases by which a single partner's value is judged however small n is."""


@dataclass(frozen=True)
class Signal:
    """What a KPI's row says. weight: how much, relative to the corridor's width or the value."""

    kpi_id: str
    kind: SignalKind
    weight: float


def has_enough(kpi: KpiDefinition, row: Row, min_sample: int) -> bool:
    """Whether the value stands on enough cases to speak about it."""
    return kpi.sample_basis in _ALWAYS_JUDGED or (row["sample_size"] or 0) >= min_sample


def signal(kpi: KpiDefinition, row: Row, before: Row | None, min_sample: int) -> Signal | None:
    """The row's signal; None when it is too small, running, without value or unremarkable.

    before: the row of the previous period; it must stand on enough cases too.
    """
    if row["value"] is None or not has_enough(kpi, row, min_sample):
        return None
    status = row["status"]
    if status in ("watch", "breach"):
        # Exactly on a bound is no distance at all, and still worth less than anything beyond it.
        return Signal(kpi.kpi_id, status, abs(distance(kpi, row)))
    if status == "on_target":
        far = distance(kpi, row)
        return Signal(kpi.kpi_id, "beats" if far > 0 else "meets", far)
    if status == "no_target" and (row["is_complete"] or kpi.is_balance):
        return _move(kpi, row, before, min_sample)
    return None


def _move(kpi: KpiDefinition, row: Row, before: Row | None, least: int) -> Signal | None:
    previous = row["previous_value"]
    if previous is None or kpi.direction not in ("higher", "lower"):
        return None
    # n of a share counts the programme: whether the partner's own cases are enough is not known.
    if kpi.kind == "share" or before is None or not has_enough(kpi, before, least):
        return None
    if kpi.unit == "percent" and abs(row["value"] - previous) < LEAST_POINTS:
        return None
    # From nothing to something is one whole, and not infinitely much.
    change = (row["value"] - previous) / (abs(previous) or abs(row["value"]) or 1.0)
    if abs(change) < LEAST_MOVE:
        return None
    is_better = (change > 0) == (kpi.direction == "higher")
    return Signal(kpi.kpi_id, "better" if is_better else "worse", abs(change))


def distance(kpi: KpiDefinition, row: Row) -> float:
    """How far the value is on the good side of its target, in widths of the corridor.

    The width is that between target and corridor bound; without one the target's own size. Inside
    a corridor without a better side, the distance to the nearer bound.
    """
    value, target = float(row["value"]), float(row["target"])
    low, high = (
        target if row[name] is None else float(row[name])
        for name in ("corridor_low", "corridor_high")
    )
    if kpi.direction == "corridor":
        return min(value - low, high - value) / (high - low or abs(target) or 1.0)
    sign, bound = (1, low) if kpi.direction == "higher" else (-1, high)
    return sign * (value - target) / (abs(target - bound) or abs(target) or 1.0)


_WIN_ORDER: Final = ("beats", "better", "meets")
_RISK_ORDER: Final = ("breach", "watch", "worse")


def wins(signals: list[Signal]) -> list[Signal]:
    """Beaten targets first, then what improved, then what is exactly met; the largest first."""
    return _ordered(signals, _WIN_ORDER)


def risks(signals: list[Signal]) -> list[Signal]:
    """Breaches first, then what is to watch, then what worsened; the largest first."""
    return _ordered(signals, _RISK_ORDER)


def _ordered(signals: list[Signal], order: tuple[str, ...]) -> list[Signal]:
    chosen = [one for one in signals if one.kind in order]
    return sorted(chosen, key=lambda one: (order.index(one.kind), -one.weight, one.kpi_id))
