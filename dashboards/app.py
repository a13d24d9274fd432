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

from dashboards.components import style  # noqa: E402
from dashboards.state import Selection  # noqa: E402
from dashboards.views import scorecard  # noqa: E402
from partner_kpis.text import t  # noqa: E402

title = t("page.title", Selection.from_address().lang)
st.set_page_config(page_title=title, page_icon="◔", layout="wide")
style.apply()
st.navigation(
    [st.Page(scorecard.show, title=title, url_path="scorecard", default=True)], position="hidden"
).run()
