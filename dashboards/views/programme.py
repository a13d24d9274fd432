"""The programme: the pinned KPIs, all others by family, objectives, changes, problems.

Belongs here: the order of the page. Does not belong here: drawing, reading, words.
"""

from __future__ import annotations

from dashboards import alert_data, data
from dashboards.components import (
    catalogue,
    changes,
    frame,
    header,
    kpi_table,
    notices,
    objectives,
    problems,
    tiles,
)
from partner_kpis import formats
from partner_kpis.serving import Snapshot
from partner_kpis.text import DEFAULT_LANGUAGE, t


def read_ahead() -> None:
    """Ask what the page will ask, so that the first visitor finds the answers kept.

    Raises UserError where there is no snapshot to ask.
    """
    home = data.home()
    if home is None:
        return
    path = Snapshot.locate(home)
    found = data.overview(path)
    data.headline(path, "programme", "all")
    alert_data.open_count(home)
    data.objectives(path)
    changes.partner_rows(path, data.pinned(found))
    data.problems(path)
    # Words and numbers load their tables when they are first asked.
    t("nav.programme", DEFAULT_LANGUAGE)
    formats.day(found.as_of, DEFAULT_LANGUAGE)
    formats.number(0, DEFAULT_LANGUAGE)


def show() -> None:
    frame.show(_page)


def _page(visit: frame.Visit) -> None:
    lang = visit.lang
    header.title(visit.found, lang, t("nav.programme", lang), strong=t("member.all", lang))
    notices.before_numbers(visit.found, lang)
    pinned = visit.pinned()
    if not pinned:
        return notices.nothing(t("state.no_kpis", lang))
    periods = tiles.by_kpi(data.headline(visit.path, "programme", "all"))
    catalogue.pinned(visit)
    tiles.show(visit, pinned, periods, "programme", "all")
    kpi_table.show(visit, periods, "programme", "all", title=t("catalogue.title", lang))
    objectives.show(visit)
    changes.of_programme(visit, pinned, periods)
    changes.of_partners(visit, pinned)
    return problems.brief(data.problems(visit.path), visit)
