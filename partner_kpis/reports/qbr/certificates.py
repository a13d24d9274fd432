"""A partner's certificates as counts: valid ones by track, and those that expire soon.

Belongs here: counting rows of the table certificates. Does not belong here: naming people, whose
keys never leave this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from partner_kpis.reports.document import Cell, Column, Table
from partner_kpis.reports.qbr.figures import origin
from partner_kpis.reports.qbr.source import Row
from partner_kpis.reports.qbr.view import View
from partner_kpis.text import word

BOUNDS: Final = (30, 60, 90)
"""Days from the as-of day within which an expiry is told."""


@dataclass(frozen=True)
class Track:
    """Certificates of one track that are valid on a day. expiring: by BOUNDS, each from the one
    before."""

    track: str
    valid: int
    people: int
    expiring: tuple[int, ...]


def by_track(rows: list[Row], day: date) -> list[Track]:
    """Counts on `day`; of one person's repeated certificate the one that holds longest counts."""
    newest: dict[tuple[str, str], Row] = {}
    for row in rows:
        if row["issued_on"] is not None and row["issued_on"] > day:
            continue
        key = (row["person_key"], row["certification"])
        if key not in newest or _until(row) > _until(newest[key]):
            newest[key] = row
    valid = [row for row in newest.values() if _until(row) >= day]
    return [_track(track, valid, day) for track in sorted({row["track"] for row in valid})]


def _track(track: str, valid: list[Row], day: date) -> Track:
    mine = [row for row in valid if row["track"] == track]
    left = [(_until(row) - day).days for row in mine]
    lower = (-1, *BOUNDS[:-1])
    expiring = tuple(
        sum(1 for d in left if low < d <= high) for low, high in zip(lower, BOUNDS, strict=True)
    )
    return Track(track, len(mine), len({row["person_key"] for row in mine}), expiring)


def _until(row: Row) -> date:
    return row["expires_on"] or date.max


def expiring_count(view: View) -> int:
    """How many valid certificates expire within the last of BOUNDS."""
    found = by_track(view.rows("certificates"), view.source.as_of)
    return sum(sum(track.expiring) for track in found)


def table(view: View) -> Table | None:
    """Valid certificates by track with what expires; None without any row."""
    found = by_track(view.rows("certificates"), view.source.as_of)
    if not found:
        return None
    windows = [view.t("qbr.column.first_days", days=BOUNDS[0])]
    windows += [
        view.t("qbr.column.days_from_to", low=low + 1, high=high) for low, high in pairwise(BOUNDS)
    ]
    return Table(
        key="certificates",
        title=view.t("qbr.table.certificates", day=view.make.day(view.source.as_of, None).text),
        columns=(
            Column("track", view.t("qbr.column.track"), 2),
            Column("people", view.t("qbr.column.people"), is_number=True),
            Column("valid", view.t("qbr.column.valid"), is_number=True),
            *(Column(f"within_{b}", name, is_number=True)
              for b, name in zip(BOUNDS, windows, strict=True)),
        ),
        rows=tuple(_row(view, track) for track in found),
        empty=view.t("qbr.none.certificates"),
        note=view.t("qbr.certificates.note"),
    )  # fmt: skip


def _row(view: View, track: Track) -> tuple[Cell, ...]:
    key = view.at(track=track.track)
    count = view.make.count
    return (
        word("track", track.track, view.lang),
        count(track.people, origin("certificates", "person_key", **key)),
        count(track.valid, origin("certificates", "certification", **key)),
        *(count(n, origin("certificates", "expires_on", **key)) for n in track.expiring),
    )
