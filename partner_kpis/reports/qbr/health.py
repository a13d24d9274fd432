"""A partner's health in sentences: score, band, change, coverage, parts, and what would lift it.

Belongs here: rows of health_components and health_moves of one month. Does not belong here:
computing a score, or the words of single moves (partner_kpis.health_wording).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from partner_kpis import formats, health_wording
from partner_kpis.reports.document import Figure, Statement, Statements
from partner_kpis.reports.qbr.figures import Part, listed, origin
from partner_kpis.reports.qbr.source import Row
from partner_kpis.reports.qbr.view import View
from partner_kpis.serving import last_complete_start, previous_start
from partner_kpis.text import t, word

_MOVES: Final = 3


def score(view: View) -> Statements:
    """The score with band, change and coverage, in one sentence."""
    month, now = _now(view)
    items = (_score(view, month, now),) if now else ()
    return Statements("health", view.t("health.title"), items, view.t("qbr.none.health"))


def way(view: View) -> Statements | None:
    """What the score is made of, and what would lift it; None without a score."""
    month, now = _now(view)
    if not now:
        return None
    items = (_contributions(view, month, now), *_moves(view, month, _sum(now)))
    return Statements("health_parts", view.t("health.title"), items, view.t("qbr.none.health"))


def _now(view: View) -> tuple[date, list[Row]]:
    """The last complete month of the period and its parts; no parts without a score."""
    month = last_complete_start("month", view.last_day)
    rows = _parts(view, month)
    has_score = any(row["contribution"] is not None for row in rows)
    return month, rows if has_score else []


def _parts(view: View, month: date) -> list[Row]:
    rows = [row for row in view.rows("health_components") if row["period_start"] == month]
    return sorted(rows, key=lambda row: (-(row["contribution"] or 0), row["component"]))


def _sum(rows: list[Row], column: str = "contribution") -> Decimal:
    return sum((row[column] or Decimal(0) for row in rows), Decimal(0))


def _score(view: View, month: date, now: list[Row]) -> Statement:
    """ "71.0 of 100 points in September 2026 (healthy), +3.0 points on August; …" """
    key = view.at(period_start=month)
    total = _sum(now)
    values: dict[str, Part] = {
        "score": view.make.number(total, 1, origin("health_components", "contribution", **key)),
        "coverage": _coverage(view, now, key),
        "change": _change(view, month, total),
    }
    band = health_wording.band(float(total), view.source.info)
    values["band"] = t(f"health.band.{band}", view.lang) if band else ""
    parts = view.said("qbr.health.score" if band else "qbr.health.score_plain", **values)
    return _about_health(view, parts, month)


def _change(view: View, month: date, total: Decimal) -> Figure | str:
    before = previous_start("month", month)
    rows = _parts(view, before)
    if all(row["contribution"] is None for row in rows):
        return view.t("health.no_previous")
    moved = total - _sum(rows)
    where = origin("health_components", "contribution - previous", **view.at(period_start=month))
    points = formats.number(moved, view.lang, 1, signed=True)
    period = formats.period_in_sentence("month", before, view.lang)
    text = view.t("change.on", change=view.t("change.points", change=points), period=period)
    return Figure(moved, text, decimals=1, origin=where)


def _coverage(view: View, now: list[Row], key: dict[str, object]) -> Figure:
    """How much of the policy's weight is measured."""
    measured = _sum([row for row in now if row["score"] is not None], "policy_weight")
    whole = _sum(now, "policy_weight") or Decimal(1)
    where = origin("health_components", "policy_weight", **key)
    return view.make.share(measured / whole, where)


def _contributions(view: View, month: date, now: list[Row]) -> Statement:
    """What each part adds, the largest first; then the parts that are not measured."""
    phrases: list[tuple[Part, ...]] = []
    for row in now:
        if row["score"] is None:
            continue
        where = origin("health_components", "contribution",
                       **view.at(period_start=month, component=row["component"]))  # fmt: skip
        name = word("health_component", row["component"], view.lang)
        phrases.append((f"{name} ", view.make.number(row["contribution"], 1, where, signed=True)))
    lost = [
        word("health_component", row["component"], view.lang) for row in now if row["score"] is None
    ]
    parts = (*view.said("qbr.health.parts"), *listed(phrases, ", "), ".")
    if lost:
        parts = (*parts, " ", view.t("health.missing", names=", ".join(sorted(lost))), ".")
    return _about_health(view, parts, month)


def _moves(view: View, month: date, total: Decimal) -> list[Statement]:
    """What would lift the score into the next band; nothing in the best one."""
    rows = [row for row in view.rows("health_moves") if row["period_start"] == month]
    if not rows:
        return []
    first = rows[0]
    aim = view.t("health_moves.aim", bound=formats.number(total + first["points_missing"],
                 view.lang), band=view.t(f"health.band.{first['next_band']}"))  # fmt: skip
    reachable = sorted((r for r in rows if r["is_reachable"]), key=lambda r: r["rank"] or 0)
    if not reachable:
        return [_about_health(view, (f"{aim} {view.t('health_moves.none')}",), month)]
    phrases: list[tuple[Part, ...]] = [(_move(view, row),) for row in reachable[:_MOVES]]
    either = f" {view.t('reason.or')} "
    return [_about_health(view, (f"{aim} ", *listed(phrases, either), "."), month)]


def _move(view: View, row: Row) -> Figure:
    said, way = health_wording.move(row, view.lang, view.source.currency)
    key = view.at(period_start=row["period_start"], component=row["component"])
    change = row["needed"] - row["quantity"]
    return Figure(change, f"{said} ({way})", origin=origin("health_moves", "needed", **key))


def _about_health(view: View, parts: tuple[Part, ...], month: date) -> Statement:
    period = formats.period("month", month, view.lang)
    return Statement(parts, kpi_id=view.outline.health, period=period)
