"""What would lift a partner's health into the next band, the smallest change first.

Belongs here: the rows of health_moves in sentences. Does not belong here: the score (health.py).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboards import data
from dashboards.components.frame import Visit
from dashboards.components.style import html, text
from partner_kpis import formats
from partner_kpis.text import has, t, word

_SHOWN = 3
_MOST = {"percent": 1.0, "score": 100.0}
"""What a measure of this unit cannot exceed, whoever tries."""


def show(visit: Visit, partner_id: str, month: date, score: float) -> None:
    """Nothing where there is nothing to gain: in the best band, or without a score."""
    rows = data.health_moves(visit.path, partner_id, month).to_dicts()
    if not rows:
        return
    lang = visit.lang
    band = t(f"health.band.{rows[0]['next_band']}", lang)
    bound = formats.number(score + rows[0]["points_missing"], lang)
    aim = t("health_moves.aim", lang, bound=bound, band=band)
    reachable = [row for row in rows if row["is_reachable"]]
    if reachable:
        said = [_move(row, visit) for row in reachable[:_SHOWN]]
        either = f" {t('reason.or', lang)} "
        body = either.join(f"<strong>{text(move)}</strong>{text(way)}" for move, way in said)
    else:
        limits = "".join(f"<li>{text(_limit(row, visit))}</li>" for row in rows)
        body = f'{text(t("health_moves.none", lang))}<ul class="pk-ways pk-small">{limits}</ul>'
    html(f'<div class="pk-moves">{text(aim)} {body}</div>')


def _move(row: dict[str, Any], visit: Visit) -> tuple[str, str]:
    """ "+2 certified people" and " (from 1 to 3)"."""
    lang = visit.lang
    change = row["needed"] - row["quantity"]
    said = t(
        _key("health_moves", row, abs(change)),
        lang,
        change=_quantity(change, row["unit"], visit, signed=True),
    )
    now, then = (_quantity(row[name], row["unit"], visit) for name in ("quantity", "needed"))
    return said, f" ({t('health_moves.way', lang, now=now, then=then)})"


def _limit(row: dict[str, Any], visit: Visit) -> str:
    """Why one component alone does not do it: nobody gets so far, or its points end before."""
    lang = visit.lang
    name = word("health_component", row["component"], lang)
    beyond = (row["needed"] - row["best"]) * (1 if row["needed"] >= row["quantity"] else -1)
    if beyond <= 0 or row["needed"] > _MOST.get(row["unit"], row["needed"]):
        return t("health_moves.points_end", lang, component=name)
    best = t(
        _key("health_moves.amount", row, abs(row["best"])),
        lang,
        amount=_quantity(row["best"], row["unit"], visit),
    )
    return t("health_moves.limit", lang, component=name, best=best)


def _key(group: str, row: dict[str, Any], amount: float) -> str:
    """The text of a component, in the singular for one thing that is counted."""
    single = f"{group}.{row['component']}.one"
    return single if amount == 1 and has(single) else f"{group}.{row['component']}"


def _quantity(value: float, unit: str, visit: Visit, *, signed: bool = False) -> str:
    if unit == "money":
        return formats.money(value, visit.currency, visit.lang, signed=signed)
    if unit == "percent":
        if signed:
            points = formats.number(value * 100, visit.lang, 2, signed=True)
            return t("change.points", visit.lang, change=points)
        return formats.percent(value, visit.lang, 2)
    return formats.number(value, visit.lang, 1 if unit == "score" else 0, signed=signed)
