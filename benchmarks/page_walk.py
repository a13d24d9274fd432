"""A visitor who walks through the pages, each rerun timed from the interaction to the script's end.

Belongs here: which interactions make a walk, and the clock around each of them. Does not belong
here: which homes are walked through (page_homes.py), bounds and tables (pages.py).

The clock is around `AppTest.run()`: the same script, widgets, callbacks and caches as in a server,
in one warm process, with the messages for the browser made and read back, but without a network
and a browser's drawing.
"""

from __future__ import annotations

import logging
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboards.state import ATTENTION
from partner_kpis.alerts.log import AlertLog
from partner_kpis.home import DataHome, project_root
from partner_kpis.serving import DIMENSIONS, Snapshot, from_rhythm_up
from partner_kpis.serving.compare import SEGMENTS, managers
from partner_kpis.text import LANGUAGES

APP = str(project_root() / "dashboards" / "app.py")
PAGES = ("programme", "portfolio", "partner", "kpi", "alerts", "quality")
ROUNDS = 6
SEED = 7


@dataclass(frozen=True)
class Rerun:
    """One interaction: on which page it ended, what it was, and what it took."""

    page: str
    what: str
    seconds: float
    processor_seconds: float


class Visitor:
    """One session of one browser tab; `taken` holds its reruns in order."""

    def __init__(self, home: DataHome) -> None:
        os.environ["PARTNER_KPIS_HOME"] = str(home.root)
        sys.argv = sys.argv[:1]  # the pages would read --home from it
        self._app = AppTest.from_file(APP, default_timeout=120)
        self._page = PAGES[0]
        self.taken: list[Rerun] = []

    def go(self, page: str, **address: str) -> None:
        """Follow a link to a page with these choices in its address."""
        lang = self._app.query_params.get("lang")
        self._app.query_params = ({"lang": lang} if lang else {}) | address
        self._app._page_hash = calc_hash("" if page == PAGES[0] else page)
        self._page = page
        self._run("page")

    def choose(self, key: str, value: str) -> None:
        """Choose in the select box or the row of buttons `key`; passed over where it cannot be.

        Most widgets have a key for each language.
        """
        keys = {key, *(f"{key}_{lang}" for lang in LANGUAGES)}
        for widget in (*self._app.selectbox, *self._app.button_group):
            if widget.key in keys and not widget.disabled and widget.value != value:
                if widget.format_func(value) in widget.options:
                    widget.set_value(value)
                    self._run(key.removeprefix("choose_"))
                return

    def press(self, key: str) -> None:
        for button in self._app.button:
            if button.key == key:
                button.click()
                self._run(key)
                return

    def _run(self, what: str) -> None:
        wall, processor = time.perf_counter(), time.process_time()
        self._app.run()
        taken = time.perf_counter() - wall, time.process_time() - processor
        if self._app.exception:
            raise RuntimeError(f"{self._page}, {what}: {self._app.exception[0].value}")
        if not self._app.get("html"):
            raise RuntimeError(f"{self._page}, {what}: the page is empty")
        self.taken.append(Rerun(self._page, what, *taken))


def walks(home: DataHome) -> tuple[list[Rerun], list[Rerun]]:
    """The reruns of a first visitor, for whom nothing is kept yet, and of one on the same way.

    Both have opened every page once before, and what was kept of it is dropped: process and
    sessions have drawn pages, and know none of the answers.
    """
    logging.getLogger("streamlit").setLevel(logging.ERROR)  # there is no server, and it says so
    visitors = Visitor(home), Visitor(home)
    for visitor in visitors:
        for page in PAGES:
            visitor.go(page)
        visitor.taken.clear()
    st.cache_data.clear()
    st.cache_resource.clear()
    for visitor in visitors:
        for step in _steps(home):
            step(visitor)
    return visitors[0].taken, visitors[1].taken


Step = Callable[[Visitor], None]


def _steps(home: DataHome) -> Iterator[Step]:
    """The same way for every visitor: some rounds through all pages, other choices in each."""
    rng = random.Random(SEED)
    alerts = [episode.episode_id for episode in AlertLog(home).book().open()]
    with Snapshot.open(home) as snapshot:
        members = {name: snapshot.members(name)["member"].to_list() for name in DIMENSIONS}
        filters = {name: members[name] for name in SEGMENTS} | {"manager": managers(snapshot)}
        kpis = snapshot.catalogue()
        for turn in range(ROUNDS):
            kpi, other = kpis[turn % len(kpis)], kpis[(turn + 3) % len(kpis)]
            partner, second, third = rng.sample(members["partner"], 3)
            yield _go("programme")
            yield _choose("choose_lang", LANGUAGES[(turn + 1) % len(LANGUAGES)])
            yield _choose("show", ATTENTION)
            yield _go("portfolio")
            for name in rng.sample(list(filters), 2):
                yield _choose(f"filter_{name}", rng.choice(filters[name]))
            yield lambda visitor: visitor.press("clear_filters")
            yield _go("partner", partner=partner)
            yield _choose("choose_partner", second)
            yield _choose("choose_partner", third)
            yield _choose("show", ATTENTION)
            yield _go("kpi", kpi=kpi.kpi_id, dimension="partner", member=partner, partner=partner)
            yield _choose("choose_member_partner", second)
            yield _choose("choose_dimension", rng.choice(SEGMENTS))
            yield _choose("choose_dimension", "programme")
            for kind in from_rhythm_up(kpi.rhythm)[1:3]:
                yield _choose("choose_period_type", kind)
            yield _choose("choose_kpi", other.kpi_id)
            periods = snapshot.values(other.kpi_id, "programme", "all", other.rhythm)
            for start in periods["period_start"][-4:-2]:
                yield _choose("choose_period", start.isoformat())
            yield _go("alerts")
            for alert in rng.sample(alerts, min(2, len(alerts))):
                yield _go("alerts", alert=alert)
            yield _go("alerts", part="quality")
            yield _go("quality")
            yield _choose("choose_lang", LANGUAGES[turn % len(LANGUAGES)])
            yield _choose("choose_lang", LANGUAGES[(turn + 1) % len(LANGUAGES)])


def _go(page: str, **address: str) -> Step:
    return lambda visitor: visitor.go(page, **address)


def _choose(key: str, value: str) -> Step:
    return lambda visitor: visitor.choose(key, value)
