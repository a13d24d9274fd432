"""The router: which pages there are. Nothing else belongs here.

Started as: streamlit run dashboards/app.py -- --home DIR (or with PARTNER_KPIS_HOME set).
"""

from __future__ import annotations

import sys
from pathlib import Path

# Streamlit puts only this file's folder on the path, and the rooms import each other by name.
_ROOT = str(Path(__file__).resolve().parent.parent)
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)

import streamlit as st  # noqa: E402

from dashboards import navigation  # noqa: E402
from dashboards.components import style  # noqa: E402
from dashboards.state import Selection  # noqa: E402
from dashboards.views import (  # noqa: E402
    alerts,
    documents,
    kpi,
    partner,
    portfolio,
    programme,
    quality,
)

_VIEWS = {
    "programme": programme.show,
    "portfolio": portfolio.show,
    "partner": partner.show,
    "kpi": kpi.show,
    "alerts": alerts.show,
    "documents": documents.show,
    "quality": quality.show,
}

lang = Selection.from_address().lang
st.set_page_config(layout="wide")
style.apply()
style.tell_browser(lang)
pages = navigation.register(_VIEWS, lang)
st.navigation(pages, position="hidden").run()
