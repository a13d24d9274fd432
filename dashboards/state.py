"""What is chosen, kept in the address, so that the address can be sent.

Belongs here: reading and writing query parameters, and nothing that they cannot hold.
Does not belong here: whether a choice exists in the snapshot (views decide that).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date

import streamlit as st

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
