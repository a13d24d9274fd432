"""What would lift a partner's health into the next band, the smallest change first.

Belongs here: the rows of health_moves on a page. Does not belong here: the score (health.py), or
the words (partner_kpis.health_wording).
"""

from __future__ import annotations

from datetime import date

from dashboards import data
from dashboards.components.frame import Visit
from dashboards.components.style import html, text
from partner_kpis import formats, health_wording
from partner_kpis.text import t

_SHOWN = 3


def show(visit: Visit, partner_id: str, month: date, score: float) -> None:
    """Nothing where there is nothing to gain: in the best band, or without a score."""
    rows = data.health_moves(visit.path, partner_id, month).to_dicts()
    if not rows:
        return
    lang, currency = visit.lang, visit.currency
    band = t(f"health.band.{rows[0]['next_band']}", lang)
    bound = formats.number(score + rows[0]["points_missing"], lang)
    aim = t("health_moves.aim", lang, bound=bound, band=band)
    reachable = [row for row in rows if row["is_reachable"]]
    if reachable:
        said = [health_wording.move(row, lang, currency) for row in reachable[:_SHOWN]]
        either = f" {t('reason.or', lang)} "
        body = either.join(f"<strong>{text(move)}</strong> ({text(way)})" for move, way in said)
    else:
        told = [health_wording.limit(row, lang, currency) for row in rows]
        limits = "".join(f"<li>{text(limit)}</li>" for limit in told)
        body = f'{text(t("health_moves.none", lang))}<ul class="pk-ways pk-small">{limits}</ul>'
    html(f'<div class="pk-moves">{text(aim)} {body}</div>')
