"""What is chosen, kept in the address, so that the address can be sent.

Belongs here: reading and writing query parameters, and nothing that they cannot hold.
Does not belong here: whether a choice exists in the snapshot (views decide that).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date

import streamlit as st

from partner_kpis import theme
from partner_kpis.serving import DIMENSIONS, PERIOD_TYPES
from partner_kpis.serving.compare import PartnerFilter
from partner_kpis.text import DEFAULT_LANGUAGE, LANGUAGES


@dataclass(frozen=True)
class Selection:
    """The choices of one visit; None where nothing (or nothing sensible) is chosen.

    `member` belongs to `dimension`; `partner` is the partner that was looked at last, so that a
    step to another page keeps it. `search` and `attention` narrow a list of KPIs, `columns` names
    those of the portfolio's table. `quarter`, `edition`, `written_in` and `form` choose a document,
    and `whose` the partners that get one.
    """

    lang: str
    dimension: str
    member: str
    partner: str | None
    kpi_id: str | None
    period_type: str | None
    period_start: date | None
    only: PartnerFilter
    search: str = ""
    attention: bool = False
    columns: tuple[str, ...] = ()
    quarter: str | None = None
    edition: str | None = None
    written_in: str | None = None
    form: str | None = None
    whose: tuple[str, ...] = ()

    @classmethod
    def from_address(cls) -> Selection:
        """Read the address; what it cannot mean falls back to the default.

        Without a language in it, the browser's own is meant.
        """
        params = st.query_params
        partner = params.get("partner") or None
        dimension = _one_of(params.get("dimension"), DIMENSIONS) or "programme"
        member = "all" if dimension == "programme" else params.get("member", "")
        if dimension == "partner":
            member = member or partner or ""
            partner = member or partner
        return cls(
            lang=_one_of(params.get("lang"), LANGUAGES) or browser_language(),
            dimension=dimension,
            member=member,
            partner=partner,
            kpi_id=params.get("kpi") or None,
            period_type=_one_of(params.get("period"), PERIOD_TYPES),
            period_start=_day(params.get("start")),
            only=PartnerFilter(**{name: params.get(name) or None for name in FILTERS}),
            search=params.get("search", "").strip()[:_SEARCH_LENGTH],
            attention=params.get("show") == ATTENTION,
            columns=tuple(filter(None, params.get("columns", "").split(","))),
            quarter=params.get("quarter") or None,
            edition=params.get("edition") or None,
            written_in=_one_of(params.get("written_in"), LANGUAGES),
            form=params.get("form") or None,
            whose=tuple(filter(None, params.get("whose", "").split(","))),
        )

    def address(self, **more: str | None) -> dict[str, str]:
        """Query parameters for another page: language and partner go along; None is left out."""
        kept = {"lang": None if self.lang == browser_language() else self.lang} | {
            "partner": self.partner
        }
        return {name: value for name, value in {**kept, **more}.items() if value}


@dataclass(frozen=True)
class AlertChoices:
    """What is chosen on the page of alerts.

    `alert` opens one of them; `is_quality` the numbers about the alerting. `mine` is
    `manager:NAME` or `owner:ROLE`, `about` the id of a partner or a KPI, `page` counts from 0.
    """

    alert: str | None = None
    is_quality: bool = False
    is_all: bool = False
    severity: str | None = None
    mine: str | None = None
    about: str | None = None
    search: str = ""
    page: int = 0

    @classmethod
    def from_address(cls) -> AlertChoices:
        """Read the address; what it cannot mean falls back to the default."""
        params = st.query_params
        page = params.get("page", "")
        return cls(
            alert=params.get("alert") or None,
            is_quality=params.get("part") == "quality",
            is_all=params.get("state") == "all",
            severity=_one_of(params.get("severity"), tuple(theme.SEVERITIES)),
            mine=params.get("mine") or None,
            about=params.get("about") or None,
            search=params.get("search", "").strip()[:_SEARCH_LENGTH],
            page=int(page) if page.isdecimal() and len(page) < 6 else 0,
        )

    def parameters(self, *, page: int = 0) -> dict[str, str | None]:
        """The address of the inbox with these filters, at another page of it."""
        return {
            "state": "all" if self.is_all else None,
            "severity": self.severity,
            "mine": self.mine,
            "about": self.about,
            "search": self.search or None,
            "page": str(page) if page else None,
        }


ATTENTION = "attention"
"""The choice that leaves only the KPIs that need attention."""

_SEARCH_LENGTH = 100
"""Longer words find nothing, and an address is no place for them."""

FILTERS = tuple(asdict(PartnerFilter()))


def browser_language() -> str:
    """The language that the browser prefers, where the pages speak it; else the default."""
    preferred = (st.context.locale or "").partition("-")[0].lower()
    return _one_of(preferred, LANGUAGES) or DEFAULT_LANGUAGE


def in_language(key: str, lang: str) -> str:
    """The key of a widget in one language.

    The browser keeps the words of what is chosen for as long as a widget keeps its key: under one
    key for all languages they would stay in the language in which they were chosen.
    """
    return f"{key}_{lang}"


def go(**changes: str | None) -> None:
    """Change the address; None takes a parameter out."""
    for name, value in changes.items():
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = value


def hold_address() -> None:
    """Let the browser's bar say what the page reads; for pages that link to themselves.

    Streamlit changes the bar for a link to another page alone: without this, the next click on such
    a page would ask for the address before the link, and nobody could send the one on show.
    """
    st.query_params.from_dict(st.query_params.to_dict())


def chosen(key: str, name: str, *, drops: tuple[str, ...] = ()) -> Callable[[], None]:
    """A callback for the widget `key`: its value becomes the parameter `name`.

    `drops` names parameters that make no sense any more after the change. A widget that was
    cleared leaves the address as it is; an empty word takes the parameter out.
    """

    def follow() -> None:
        value = st.session_state.get(key)
        if value is not None:
            go(**{name: str(value) or None}, **dict.fromkeys(drops))

    return follow


def set_widget(key: str, value: object) -> None:
    """Let a widget show what the address says; call it before the widget is drawn."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def _one_of(text: str | None, allowed: tuple[str, ...]) -> str | None:
    return text if text in allowed else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
