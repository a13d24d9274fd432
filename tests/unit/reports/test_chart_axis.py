"""The axis of a chart has a length, whatever its values are.

Belongs here: values that never move. Does not belong here: how a chart is drawn.
"""

from __future__ import annotations

import pytest

from partner_kpis.reports.document import Chart, Figure, Series
from partner_kpis.reports.render.chartspec import spec_of


@pytest.mark.parametrize("kind", ["lines", "columns", "bars"])
@pytest.mark.parametrize("value", [1.0, 0.999, 0.0, -0.2])
def test_a_share_that_never_moves_has_an_axis(kind: str, value: float) -> None:
    figures = tuple(Figure(value, f"{value:.1%}", "percent", 1) for _ in range(4))
    series = (Series("Uptime", figures), Series("Target", figures, "target"))
    axis = spec_of(Chart("c", "t", kind, tuple("abcd"), series, "%", "–"), "en").axis  # type: ignore[arg-type]
    assert axis.low <= value <= axis.high
    assert axis.low < axis.high <= 1.0
