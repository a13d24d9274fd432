"""Which KPIs are pinned, and which setting chooses them.

Belongs here: that sentence. Does not belong here: any value.
"""

from __future__ import annotations

from dashboards.components import notices
from dashboards.components.frame import Visit
from partner_kpis.text import t


def pinned(visit: Visit) -> None:
    """Which KPIs are on show above all others, and which setting chooses them."""
    is_chosen = any(kpi.pinned_position for kpi in visit.found.catalogue)
    key = "catalogue.pinned" if is_chosen else "catalogue.none_pinned"
    names = ", ".join(kpi.label(visit.lang) for kpi in visit.pinned())
    notices.nothing(t(key, visit.lang, kpis=names))
