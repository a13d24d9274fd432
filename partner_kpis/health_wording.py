"""A partner's health in words: its band, and what would lift it into the next one.

Belongs here: rows of health_components and health_moves as phrases, for pages and documents.
Does not belong here: computing a score, or laying the phrases out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from partner_kpis import formats
from partner_kpis.text import has, t, word

Row = Mapping[str, Any]

_MOST: Final = {"percent": 1.0, "score": 100.0}
"""What a measure of this unit cannot exceed, whoever tries."""


def band(score: float, info: Mapping[str, Any]) -> str | None:
    """healthy, watch or at_risk, as the policies of the run set the bounds.

    info: the row of table snapshot; None where it names no bounds.
    """
    for name in ("healthy", "watch"):
        bound = info.get(f"health_{name}_from")
        if bound is None:
            return None
        if score >= bound:
            return name
    return "at_risk"


def move(row: Row, lang: str, currency: str) -> tuple[str, str]:
    """What would do it, and the way there: "+2 certified people", "from 1 to 3"."""
    change = row["needed"] - row["quantity"]
    said = t(
        _key("health_moves", row, abs(change)),
        lang,
        change=_quantity(change, row["unit"], lang, currency, signed=True),
    )
    now, then = (
        _quantity(row[name], row["unit"], lang, currency) for name in ("quantity", "needed")
    )
    return said, t("health_moves.way", lang, now=now, then=then)


def limit(row: Row, lang: str, currency: str) -> str:
    """Why one component alone does not do it: nobody gets so far, or its points end before."""
    name = word("health_component", row["component"], lang)
    beyond = (row["needed"] - row["best"]) * (1 if row["needed"] >= row["quantity"] else -1)
    if beyond <= 0 or row["needed"] > _MOST.get(row["unit"], row["needed"]):
        return t("health_moves.points_end", lang, component=name)
    best = t(
        _key("health_moves.amount", row, abs(row["best"])),
        lang,
        amount=_quantity(row["best"], row["unit"], lang, currency),
    )
    return t("health_moves.limit", lang, component=name, best=best)


def _key(group: str, row: Row, amount: float) -> str:
    """The text of a component, in the singular for one thing that is counted."""
    single = f"{group}.{row['component']}.one"
    return single if amount == 1 and has(single) else f"{group}.{row['component']}"


def _quantity(value: float, unit: str, lang: str, currency: str, *, signed: bool = False) -> str:
    if unit == "money":
        return formats.money(value, currency, lang, signed=signed)
    if unit == "percent":
        if signed:
            points = formats.number(value * 100, lang, 2, signed=True)
            return t("change.percentage_points", lang, change=points)
        return formats.percent(value, lang, 2)
    return formats.number(value, lang, 1 if unit == "score" else 0, signed=signed)
