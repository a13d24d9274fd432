"""Stepping from page to page with the choices kept: Streamlit itself forgets them on the way.

Belongs here: the names of the pages, links to them and jumps. Does not belong here: what a page
shows (views), or what the address can hold (state).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboards.components.style import plain
from dashboards.state import Selection
from partner_kpis import formats
from partner_kpis.text import t

PAGES = ("programme", "portfolio", "partner", "kpi", "alerts", "documents", "quality")
_FIRST = PAGES[0]
_REGISTERED = "registered_pages"


def register(views: Mapping[str, Callable[[], None]], lang: str) -> Any:
    """Make the pages known and give the one that is asked for, to be run; links find them in the
    session, for their titles have a language.

    The path of a page is its name; the first one is also, and usually, the address without a path.
    """
    titles = {name: t("page.title", lang, page=t(f"nav.{name}", lang)) for name in PAGES}
    pages = {
        name: st.Page(
            views[name],
            title=titles[name],
            url_path="" if name == _FIRST else name,
            default=name == _FIRST,
        )
        for name in PAGES
    }
    # Streamlit serves the default page under no path but the empty one, whatever its name.
    named = st.Page(views[_FIRST], title=titles[_FIRST], url_path=_FIRST, visibility="hidden")
    asked = st.navigation([*pages.values(), named], position="hidden")
    if asked is named:  # then the bar marks it as the page on show, and links to it stay there
        pages[_FIRST] = named
    st.session_state[_REGISTERED] = pages
    return asked


def bar(selection: Selection, open_alerts: int = 0) -> None:
    """Links to all pages; what is chosen on one of them is there again on the way back."""
    kept = _kept(selection)
    for name in PAGES:
        label = t(f"nav.{name}", selection.lang)
        if name == "alerts" and open_alerts:
            count = formats.number(open_alerts, selection.lang)
            label = t("alert_page.nav", selection.lang, label=label, count=count)
        link(name, label, selection, **kept)


def _kept(selection: Selection) -> dict[str, str | None]:
    """KPI, period and member; a partner goes along by itself, as the partner looked at last."""
    is_partner, is_programme = (selection.dimension == name for name in ("partner", "programme"))
    return {
        "kpi": selection.kpi_id,
        "period": selection.period_type,
        "start": selection.period_start.isoformat() if selection.period_start else None,
        "dimension": None if is_programme else selection.dimension,
        "member": None if is_programme or is_partner else selection.member,
    }


def link(name: str, label: str, selection: Selection, **choices: str | None) -> None:
    """A link to a page with its choices in the address; the label is text, never markup."""
    st.page_link(
        st.session_state[_REGISTERED][name],
        label=plain(label),
        query_params=selection.address(**choices),
    )


def jump(name: str, selection: Selection, **choices: str | None) -> None:
    """Leave for a page at once."""
    st.switch_page(st.session_state[_REGISTERED][name], query_params=selection.address(**choices))


def kpi_choices(dimension: str, member: str, kpi_id: str) -> dict[str, str | None]:
    """The choices that open a KPI for a member on its page."""
    if dimension == "programme":
        return {"kpi": kpi_id}
    return {"kpi": kpi_id, "dimension": dimension, "member": member}
