"""The router: which pages there are. Nothing else belongs here.

Started as: streamlit run dashboards/app.py -- --home DIR (or with PARTNER_KPIS_HOME set).
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

# Streamlit puts only this file's folder on the path, and the rooms import each other by name.
_ROOT = str(Path(__file__).resolve().parent.parent)
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)

import streamlit as st  # noqa: E402

from dashboards import navigation  # noqa: E402
from dashboards.components import style  # noqa: E402
from dashboards.state import Selection  # noqa: E402


def _show(name: str) -> None:
    """Draw a page; what only that page needs is loaded when somebody opens it."""
    show: Callable[[], None] = importlib.import_module(f"dashboards.views.{name}").show
    show()


lang = Selection.from_address().lang
st.set_page_config(layout="wide")
style.apply()
style.tell_browser(lang)
navigation.register({name: partial(_show, name) for name in navigation.PAGES}, lang).run()
