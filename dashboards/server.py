"""The pages as a server that gets ready while the browser is still busy with itself.

Started by `partner-kpis dashboard`, or as: streamlit run dashboards/server.py -- --home DIR (or
with PARTNER_KPIS_HOME set).

Belongs here: what is loaded and read before anybody asks. A browser needs about a second for
Streamlit's own files before it asks for the first page; loading the libraries of the pages and
reading the snapshot only then would make whoever comes first wait for both, one after the other.
Does not belong here: which pages there are (app.py, which runs as well without this).
"""

from __future__ import annotations

import importlib
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

# Streamlit puts only this file's folder on the path, and the rooms import each other by name.
_ROOT = str(Path(__file__).resolve().parent.parent)
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)

import streamlit as st  # noqa: E402

from partner_kpis.errors import UserError  # noqa: E402
from partner_kpis.side_process import import_for_good  # noqa: E402

_LATER = ("portfolio", "kpi", "partner", "alerts", "quality", "documents")

_PATIENCE_SECONDS = 0.0005
"""How long the loading may hold up the server, which hands out the browser's files meanwhile."""

_LATER_SECONDS = 5
"""By then the first page is drawn. The other pages are loaded so that nobody waits for them."""


@asynccontextmanager
async def _getting_ready(_app: st.App) -> AsyncIterator[None]:
    threading.Thread(target=_get_ready, name="getting ready", daemon=True).start()
    yield


def _get_ready() -> None:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_PATIENCE_SECONDS)
    try:
        import_for_good(["dashboards.components.style", "dashboards.views.programme"])
        _read_ahead()
    finally:
        sys.setswitchinterval(usual)
    time.sleep(_LATER_SECONDS)
    for name in _LATER:
        importlib.import_module(f"dashboards.views.{name}")


def _read_ahead() -> None:
    from dashboards.views import programme

    # Where there is nothing to read, the page says so, and what to do.
    with suppress(UserError):
        programme.read_ahead()


app = st.App("app.py", lifespan=_getting_ready)
