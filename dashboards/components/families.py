"""KPIs by family: their order, the search over them, and what stands on a closed group.

Belongs here: which KPIs are meant and how a family is summed up in words. Does not belong here:
the line of a KPI (kpi_table.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from dashboards.components.style import plain
from dashboards.components.tiles import Periods, headline_row
from partner_kpis import theme
from partner_kpis.serving import KpiDefinition
from partner_kpis.text import t, word

ORDER: Final = (
    "value", "adoption", "reliability", "collaboration", "marketing", "enablement", "referrals",
    "commissions", "governance", "portfolio", "satisfaction",
)  # fmt: skip
"""As one tells it: what partners bring, how it is used, how one works together. Others follow."""

_ATTENTION: Final = ("watch", "breach")


def grouped(kpis: Iterable[KpiDefinition]) -> dict[str, list[KpiDefinition]]:
    """Family → its KPIs in the catalogue's order; the families in ours."""
    found: dict[str, list[KpiDefinition]] = {}
    for kpi in kpis:
        found.setdefault(kpi.family, []).append(kpi)
    return {family: found[family] for family in sorted(found, key=_place)}


def _place(family: str) -> tuple[int, str]:
    return (ORDER.index(family) if family in ORDER else len(ORDER), family)


def matching(kpis: Sequence[KpiDefinition], wanted: str, lang: str) -> list[KpiDefinition]:
    """The KPIs with every word in label, description, family or id; all of them without a word."""
    parts = wanted.casefold().split()
    return [kpi for kpi in kpis if all(part in _searched(kpi, lang) for part in parts)]


def _searched(kpi: KpiDefinition, lang: str) -> str:
    said = (kpi.label(lang), kpi.description(lang), word("family", kpi.family, lang), kpi.kpi_id)
    return " ".join(said).casefold()


def status_of(kpi: KpiDefinition, periods: Periods) -> str:
    """The judgement of a KPI's last complete period; unknown where there is none."""
    row = headline_row(periods.get(kpi.kpi_id, []))
    return (row["status"] if row else None) or "unknown"


def needs_attention(kpi: KpiDefinition, periods: Periods) -> bool:
    return status_of(kpi, periods) in _ATTENTION


def heading(family: str, kpis: Sequence[KpiDefinition], periods: Periods, lang: str) -> str:
    """The label of a group: its name and how many of its KPIs have which status (Markdown).

    Hard spaces keep shape, count and word together on a narrow screen.
    """
    counts = Counter(status_of(kpi, periods) for kpi in kpis)
    said = [
        plain(f"{look.shape} {counts[status]} {word('status', status, lang)}").replace(
            " ", "\u00a0"
        )
        for status, look in theme.STATUSES.items()
        if counts[status]
    ]
    return f"**{plain(word('family', family, lang))}** ({len(kpis)}): {' · '.join(said)}"


def name_in_family(kpi: KpiDefinition, lang: str) -> str:
    """A KPI among all others: "Value: Partner win rate"."""
    return t("families.name", lang, family=word("family", kpi.family, lang), kpi=kpi.label(lang))
