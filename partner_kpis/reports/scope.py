"""What documents can be asked for: periods that the data reach, partners, editions, formats.

Belongs here: turning what a person typed or left out into these, or into a sentence.
Does not belong here: how a period is written (quarter.py), making documents (produce.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from partner_kpis.errors import UserError
from partner_kpis.reports.document import Edition
from partner_kpis.reports.kinds import EDITIONS, FORMATS, Format
from partner_kpis.reports.quarter import Quarter, parse_month
from partner_kpis.serving import Snapshot, last_complete_start, period_start, previous_start
from partner_kpis.strict_yaml import did_you_mean
from partner_kpis.text import LANGUAGES


def quarters(snapshot: Snapshot) -> list[Quarter]:
    """The quarters that have values, the newest (which may be running) first."""
    return [Quarter.of(start) for start in _starts(snapshot, "quarter")]


def months(snapshot: Snapshot) -> list[str]:
    """The months that have values, written 2026-09, the newest (which may be running) first."""
    return [f"{start:%Y-%m}" for start in _starts(snapshot, "month")]


def quarter(snapshot: Snapshot, asked: str | None) -> Quarter:
    """The quarter that is asked for; without a word, the last complete one.

    Raises UserError for what is no quarter, and for one that the data do not reach.
    """
    known = quarters(snapshot)
    if asked is None:
        usual = Quarter.of(last_complete_start("quarter", snapshot.info()["as_of"]))
        return usual if usual in known or not known else known[0]
    wanted = Quarter.parse(asked)
    if wanted not in known:
        raise UserError(_outside(str(wanted), [str(one) for one in known], snapshot))
    return wanted


def month(snapshot: Snapshot, asked: str | None) -> str:
    """The month that is asked for, as 2026-09; without a word, the last complete one.

    Raises UserError like `quarter`.
    """
    known = months(snapshot)
    if asked is None:
        usual = f"{last_complete_start('month', snapshot.info()['as_of']):%Y-%m}"
        return usual if usual in known or not known else known[0]
    wanted = f"{parse_month(asked):%Y-%m}"
    if wanted not in known:
        raise UserError(_outside(wanted, known, snapshot))
    return wanted


def partners(snapshot: Snapshot, asked: Sequence[str]) -> dict[str, str]:
    """Id → name of the partners that are asked for, in that order; without a word, of all by name.

    Raises UserError for an id that no partner has.
    """
    known = dict(snapshot.partners().select("partner_id", "name").iter_rows())
    for partner_id in asked:
        if partner_id not in known:
            near = did_you_mean(partner_id, list(known))
            raise UserError(
                f"There is no partner {partner_id!r} here{near}. "
                "Partners are named by the id that the export prm/partner gives them."
            )
    if not known:
        raise UserError("No partner is known yet. Land an export of prm/partner and run again.")
    return {partner_id: known[partner_id] for partner_id in asked or known}


def edition(asked: str) -> Edition:
    """The edition of that name. Raises UserError for any other."""
    found = next((name for name in EDITIONS if name == asked), None)
    if found is None:
        raise UserError(f"{asked!r} is no edition. Choose {' or '.join(EDITIONS)}.")
    return found


def language(asked: str) -> str:
    """The language of that name. Raises UserError for any other."""
    if asked not in LANGUAGES:
        raise UserError(f"{asked!r} is no language. Choose {' or '.join(LANGUAGES)}.")
    return asked


def formats(asked: Iterable[str]) -> list[Format]:
    """The formats of these names, each once. Raises UserError for any other, and for none."""
    names = [name.strip().lower() for name in asked if name.strip()]
    for name in names:
        if name not in FORMATS:
            near = did_you_mean(name, list(FORMATS))
            raise UserError(f"{name!r} is no format{near}. Choose of {', '.join(FORMATS)}.")
    if not names:
        raise UserError(f"No format is named. Choose of {', '.join(FORMATS)}.")
    return [form for form in FORMATS if form in names]


def _starts(snapshot: Snapshot, period_type: str) -> list[date]:
    first = snapshot.first_start(period_type)
    if first is None:
        return []
    starts = [period_start(period_type, snapshot.info()["as_of"])]
    while starts[-1] > first:
        starts.append(previous_start(period_type, starts[-1]))
    return starts


def _outside(wanted: str, known: Sequence[str], snapshot: Snapshot) -> str:
    if not known:
        return f"There are no values yet, so nothing can be said of {wanted}."
    return (
        f"The data do not reach {wanted}: they go from {known[-1]} to {known[0]}, "
        f"as of {snapshot.info()['as_of']}."
    )
