"""Which KPIs there are: those that are pinned, and all of them family by family.

Belongs here: names and the ways to the KPIs. Does not belong here: any value.
"""

from __future__ import annotations

import streamlit as st

from dashboards import navigation
from dashboards.components import notices
from dashboards.components.frame import Visit
from dashboards.components.style import html, text
from partner_kpis.serving import KpiDefinition
from partner_kpis.text import t, word


def pinned(visit: Visit) -> None:
    """Which KPIs are on show above all others, and which setting chooses them."""
    names = [kpi.label(visit.lang) for kpi in visit.found.catalogue if kpi.pinned_position]
    key = "catalogue.pinned" if names else "catalogue.none_pinned"
    notices.nothing(t(key, visit.lang, kpis=", ".join(k.label(visit.lang) for k in visit.pinned())))


def show(visit: Visit) -> None:
    """Every KPI of the catalogue with the way to its page."""
    lang = visit.lang
    html(f'<h2 class="pk-section">{text(t("catalogue.title", lang))}</h2>')
    families: dict[str, list[KpiDefinition]] = {}
    for kpi in visit.found.catalogue:
        families.setdefault(kpi.family, []).append(kpi)
    with st.container(horizontal=True, key="catalogue"):
        for family, kpis in families.items():
            with st.container(key=f"links_family_{family}", width=_WIDTH):
                html(f'<p class="pk-family">{text(word("family", family, lang))}</p>')
                for kpi in kpis:
                    navigation.link("kpi", kpi.label(lang), visit.selection, kpi=kpi.kpi_id)


_WIDTH = 270
