"""One calm line on other pages: how many alerts are open about what is shown, and the way there.

Belongs here: that line. Does not belong here: any alert.
"""

from __future__ import annotations

import streamlit as st

from dashboards import alert_data, navigation
from dashboards.components.frame import Visit
from partner_kpis import formats
from partner_kpis.text import t


def show(visit: Visit, about: str) -> None:
    """Open alerts about a partner or a KPI (its id); nothing where there are none."""
    lang, count = visit.lang, alert_data.open_about(visit.home)[about]
    if not count:
        return
    key = "alert_page.open_one" if count == 1 else "alert_page.open_many"
    with st.container(key="links_alerts"):
        label = t(key, lang, count=formats.number(count, lang))
        navigation.link("alerts", label, visit.selection, about=about)
