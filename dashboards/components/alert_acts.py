"""Taking an alert on: acknowledge, snooze, resolve, with who and why.

Belongs here: the fields, the buttons, and what is said afterwards. Does not belong here: what an
act does (partner_kpis.alerts.acts). There is no login yet: whoever can open the page can act, and
writes a name.
"""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from dashboards import alert_data, data
from dashboards.components import notices
from dashboards.components.frame import Visit
from dashboards.components.style import html, text
from dashboards.state import in_language
from partner_kpis import formats
from partner_kpis.alerts import acts
from partner_kpis.alerts.episodes import Episode
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.text import t

_NAME = "acting_name"
"""Where the session keeps who acts: Streamlit forgets a field as soon as another page is shown."""

_SAID = "acting_said"
"""What is said once after an act."""

_DAYS = (1, 3, 7, 14, 30)
_USUAL_DAYS = 7
_LONGEST = 500


def show(visit: Visit, episode: Episode) -> None:
    """What was said of the last act, and, while the alert is open, what can be done."""
    said = st.session_state.pop(_SAID, None)
    if said and said[0] == episode.episode_id:
        notices.notice(said[1])
    if not episode.is_open:
        return
    lang = visit.lang
    html(f'<h3 class="pk-section">{text(t("alert_act.title", lang))}</h3>')
    with st.container(horizontal=True, key="act_words", vertical_alignment="bottom"):
        if "act_by" not in st.session_state:
            st.session_state["act_by"] = st.session_state.get(_NAME, "")
        st.text_input(
            t("alert_act.by", lang), key="act_by", on_change=_keep_name, width=230, max_chars=80,
            autocomplete="name",
        )  # fmt: skip
        st.text_input(
            t("alert_act.why", lang), key=_why_key(episode.episode_id), max_chars=_LONGEST,
            placeholder=t("alert_act.why_hint", lang),
        )  # fmt: skip
    with st.container(horizontal=True, key="act_buttons", vertical_alignment="bottom"):
        if episode.state != "acknowledged":
            _button("acknowledge", visit, episode, is_first=True)
        _button("resolve", visit, episode)
        _choose_day(lang)
        _button("snooze", visit, episode)
    notices.nothing(t("alert_act.explained", lang))


def _button(act: str, visit: Visit, episode: Episode, *, is_first: bool = False) -> None:
    st.button(
        t(f"alert_act.{act}", visit.lang), key=f"act_{act}",
        type="primary" if is_first else "secondary",
        on_click=_do, args=(act, visit.home, episode.episode_id, visit.lang),
    )  # fmt: skip


def _choose_day(lang: str) -> None:
    def named(days: int) -> str:
        one = t("alert_earlier.day", lang)
        lasting = one if days == 1 else t("alert_earlier.days", lang, count=days)
        return t("alert_act.until_day", lang, day=formats.day(_day_in(days), lang), days=lasting)

    st.selectbox(
        t("alert_act.until", lang), _DAYS, index=_DAYS.index(_USUAL_DAYS), format_func=named,
        key=_days_key(lang), width=210,
    )  # fmt: skip


def _day_in(days: int) -> date:
    return data.today() + timedelta(days=days)


def _why_key(episode_id: str) -> str:
    return f"act_why_{episode_id}"


def _days_key(lang: str) -> str:
    return in_language("act_days", lang)


def _keep_name() -> None:
    st.session_state[_NAME] = st.session_state["act_by"].strip()


def _do(act: str, home: DataHome, name: str, lang: str) -> None:
    """Do it and keep what is to be said; runs before the page is drawn anew."""
    _keep_name()
    by, why = st.session_state[_NAME], st.session_state[_why_key(name)].strip()
    until = _day_in(st.session_state[_days_key(lang)])
    if not by:
        said = t("alert_act.no_name", lang)
    elif act == "resolve" and not why:
        said = t("alert_act.no_why", lang)
    else:
        try:
            said = _done(act, home, name, by, why, until, lang)
            st.session_state[_why_key(name)] = ""
        except UserError as error:
            said = _fault(error, act, home, name, lang)
    st.session_state[_SAID] = (name, said)


def _done(
    act: str, home: DataHome, name: str, by: str, why: str, until: date, lang: str
) -> str:  # fmt: skip
    at = alert_data.now()
    if act == "acknowledge":
        acts.acknowledge(home, name, by, why, at=at)
    elif act == "resolve":
        acts.resolve(home, name, by, why, at=at)
    else:
        acts.snooze(home, name, by, until, why, at=at)
    return t(f"alert_act.done_{act}", lang, day=formats.day(until, lang))


def _fault(error: UserError, act: str, home: DataHome, name: str, lang: str) -> str:
    """Why nothing was saved; what has no words in both languages is said as it came."""
    cause = error.__cause__
    if isinstance(cause, OSError):
        return t("alert_act.read_only", lang, home=home.root, why=cause.strerror or cause)
    try:
        now = alert_data.book(home).episodes.get(name)
    except UserError:
        return t("alert_page.unreadable", lang, path=home.alert_log)
    is_late = now is None or not now.is_open
    if is_late or (act == "acknowledge" and now is not None and now.state == "acknowledged"):
        return t("alert_act.changed", lang)
    return t("alert_act.refused", lang, why=error.lang(lang))
