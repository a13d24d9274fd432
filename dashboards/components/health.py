"""A partner's health: the score, what it is made of, and what is missing.

Belongs here: the rows of health_components in words and bars. Does not belong here: computing a
score.
"""

from __future__ import annotations

from dashboards import data
from dashboards.components import health_moves, notices, tiles
from dashboards.components.frame import Visit
from dashboards.components.quadrant import HEALTH_KPI
from dashboards.components.style import chip, html, text
from partner_kpis import formats, health_wording, theme
from partner_kpis.policies import HEALTH_COMPONENTS
from partner_kpis.serving import previous_start
from partner_kpis.text import t, word


def show(visit: Visit, periods: tiles.Periods, partner_id: str) -> None:
    """The newest complete month's score of a partner, or that there is none.

    `periods` as tiles.by_kpi answers: the score is a KPI too, and may have a target.
    """
    lang = visit.lang
    html(f'<h2 class="pk-section">{text(t("health.title", lang))}</h2>')
    rows = data.health(visit.path, partner_id).to_dicts()
    scored = [row for row in rows if row["contribution"] is not None]
    if not scored:
        return notices.notice(t("health.none", lang))
    month = scored[0]["period_start"]
    now = [row for row in rows if row["period_start"] == month]
    before = [row for row in scored if row["period_start"] != month]
    score = _sum(now, "contribution")
    measured = [row for row in now if row["score"] is not None]
    change = t("health.no_previous", lang)
    if before:
        moved = formats.number(score - _sum(before, "contribution"), lang, 1, signed=True)
        earlier = formats.period_in_sentence("month", previous_start("month", month), lang)
        change = t("change.on", lang, change=t("change.points", lang, change=moved),
                   period=earlier)  # fmt: skip
    facts = [formats.period("month", month, lang), change, _coverage(now, len(measured), lang)]
    if measured:
        weakest = min(measured, key=lambda row: row["score"])
        name = word("health_component", weakest["component"], lang)
        points = formats.number(weakest["score"], lang)
        facts.append(t("health.weakest", lang, name=name, points=points))
    lost = set(HEALTH_COMPONENTS) - {row["component"] for row in measured}
    if lost:
        names = [word("health_component", c, lang) for c in HEALTH_COMPONENTS if c in lost]
        facts.append(t("health.missing", lang, names=", ".join(names)))
    said = "".join(f"<div>{text(fact)}</div>" for fact in facts if fact)
    bars = "".join(
        _bar(word("health_component", row["component"], lang), row, lang) for row in measured
    )
    html(
        f'<div class="pk-health"><div><div class="pk-value">{formats.number(score, lang, 1)}'
        f"<span>{text(t('health.of', lang))}</span></div>{_judgements(score, periods, visit)}"
        f'<div class="pk-soft">{said}</div></div>'
        f'<div class="pk-parts">{bars}</div></div>'
    )
    return health_moves.show(visit, partner_id, month, score)


def _sum(rows: list[dict[str, float]], column: str) -> float:
    return sum(float(row[column] or 0) for row in rows)


def _coverage(now: list[dict[str, float]], measured: int, lang: str) -> str:
    """How much of the policy's weight is measured."""
    whole = _sum(now, "policy_weight")
    present = sum(float(row["policy_weight"]) for row in now if row["score"] is not None)
    parts = t("health.parts", lang, count=measured, all=len(HEALTH_COMPONENTS))
    covered = t("health.coverage", lang, share=formats.percent(present / whole, lang, 0))
    return f"{covered} ({parts})"


def _judgements(score: float, periods: tiles.Periods, visit: Visit) -> str:
    """The two judgements of a score by name: its band and, where there is one, its target."""
    lang, chips = visit.lang, []
    band = health_wording.band(score, visit.found.info)
    if band:
        said = t("health.band", lang, band=t(f"health.band.{band}", lang))
        chips.append(chip(theme.HEALTH_BANDS[band], said))
    row = tiles.headline_row(periods.get(HEALTH_KPI, []))
    if row is not None and row["status"] not in (None, "no_target", "unknown"):
        judged = t("health.target", lang, status=word("status", row["status"], lang))
        chips.append(chip(theme.status_look(row["status"]), judged))
    return f'<div class="pk-judged">{" ".join(chips)}</div>' if chips else ""


def _bar(name: str, row: dict[str, float], lang: str) -> str:
    """One component: its score as a bar of 100, and what it adds to the whole."""
    adds = formats.number(float(row["contribution"] or 0), lang, 1, signed=True)
    points = t("health.points", lang, points=formats.number(row["score"], lang))
    return (
        f'<div class="pk-bar"><div class="pk-line"><span>{text(name)}</span>'
        f'<strong>{text(adds)}</strong></div><div class="pk-track">'
        f'<div style="width:{max(0.0, min(100.0, float(row["score"]))):.1f}%;'
        f'background:{theme.ACCENT}"></div></div>'
        f'<div class="pk-small">{text(points)}</div></div>'
    )
