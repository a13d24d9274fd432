"""Opening a page with Streamlit's own test harness, and reading what it says.

Belongs here: what tests of all views share. Does not belong here: tests.
"""

from __future__ import annotations

import re
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from partner_kpis.home import DataHome, project_root

APP = str(project_root() / "dashboards" / "app.py")


def open_page(
    monkeypatch: pytest.MonkeyPatch, home: DataHome | None, name: str = "", **address: str
) -> AppTest:
    """The page `name` of the app (empty: the first one) with these query parameters, run once."""
    monkeypatch.setattr("sys.argv", ["streamlit"])
    if home is None:
        monkeypatch.delenv("PARTNER_KPIS_HOME", raising=False)
    else:
        monkeypatch.setenv("PARTNER_KPIS_HOME", str(home.root))
    app = AppTest.from_file(APP, default_timeout=60)
    app._page_hash = calc_hash(name)  # a page of st.navigation is known by the hash of its path
    for parameter, value in address.items():
        app.query_params[parameter] = value
    app.run()
    assert not app.exception, app.exception[0].value
    return app


def words(app: AppTest) -> str:
    """Everything the page says, without style sheet, script and markup."""
    bodies = [element.proto.body for element in app.get("html")]
    said = " ".join(body for body in bodies if not body.startswith(("<style", "<script")))
    plain = unescape(re.sub(r"<[^>]+>", " ", said))
    return re.sub(r"\s+", " ", " ".join([plain, *links(app)]))


def links(app: AppTest) -> dict[str, str]:
    """The labels of all links, without the marks of their escaping, and their query strings."""
    return {
        re.sub(r"\\(.)", r"\1", element.proto.label): element.proto.query_string
        for element in app.get("page_link")
    }


def markup(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def listed_alerts(app: AppTest) -> list[str]:
    """The ids of the alerts on show, in their order."""
    queries = [element.proto.query_string for element in app.get("page_link")]
    return [q.split("alert=")[1].split("&")[0] for q in queries if "alert=" in q]
