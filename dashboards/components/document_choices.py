"""A document, chosen and taken along: which, for whom, and the button that makes it.

Belongs here: the choices and the file behind the button. Does not belong here: what a document says
or how it looks (partner_kpis/reports).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from dashboards import data
from dashboards.components.frame import Visit
from dashboards.state import Selection, chosen, go, in_language, set_widget
from partner_kpis.reports import kinds
from partner_kpis.reports.document import Identity
from partner_kpis.reports.kinds import EDITIONS, FORMATS, Wish
from partner_kpis.reports.quarter import Quarter
from partner_kpis.text import LANGUAGES, t

_OWN_NAMES = {"en": "English", "de": "Deutsch"}


def choose(visit: Visit, quarters: Sequence[Quarter]) -> tuple[list[Wish], kinds.Format]:
    """Quarter, edition, language, format and partners, each kept in the address."""
    lang, selection = visit.lang, visit.selection
    complete = [one for one in quarters if one.last_day <= visit.found.as_of]
    usual = str((complete or quarters)[0])
    with st.container(horizontal=True, key="document_choices", vertical_alignment="bottom"):
        quarter = _select(
            selection, "quarter", [str(one) for one in quarters], usual,
            lambda name: name if Quarter.parse(name) in complete
            else t("documents.running", lang, quarter=name),
        )  # fmt: skip
        edition = _select(
            selection, "edition", EDITIONS, EDITIONS[0],
            lambda name: t(f"documents.edition.{name}", lang),
        )  # fmt: skip
        written_in = _select(
            selection, "written_in", LANGUAGES, lang, lambda name: _OWN_NAMES[name]
        )
        form = _select(
            selection, "form", FORMATS, FORMATS[0], lambda name: t(f"documents.format.{name}", lang)
        )
    partners = _partners(visit)
    return [Wish("qbr", one, quarter, edition, written_in) for one in partners], form


def _select(
    selection: Selection, name: str, options: Sequence[Any], usual: Any, label: Callable[[Any], str]
) -> Any:
    """One choice that the address keeps; what the address cannot mean is the usual one."""
    lang = selection.lang
    key = in_language(f"document_{name}", lang)
    asked = getattr(selection, name)
    set_widget(key, asked if asked in options else usual)
    title = {"written_in": "lang", "form": "format"}.get(name, name)
    return st.selectbox(
        t(f"documents.{title}", lang), options, format_func=label, key=key,
        on_change=chosen(key, name), width=200,
    )  # fmt: skip


def _partners(visit: Visit) -> list[str]:
    lang, selection = visit.lang, visit.selection
    names = visit.found.partner_names()
    asked = selection.whose or ((selection.partner,) if selection.partner else ())
    shown = [one for one in asked if one in names] or list(names)[:1]
    key = in_language("document_partners", lang)
    set_widget(key, shown)

    def follow() -> None:
        go(whose=",".join(st.session_state[key]) or None)

    return st.multiselect(
        t("documents.partners", lang), list(names), key=key, on_change=follow,
        format_func=lambda one: f"{names[one]} ({one})",
    )  # fmt: skip


def download(visit: Visit, wishes: Sequence[Wish], form: kinds.Format) -> None:
    """A button whose documents are made when it is pressed."""
    lang = visit.lang
    names = [f"{_stem(visit, wish)}.{form}" for wish in wishes]
    is_one = len(wishes) == 1
    first = wishes[0]
    archive = f"QBR_{first.period}_{first.edition}_{first.lang}.zip"
    st.download_button(
        t("documents.one", lang, file=names[0])
        if is_one
        else t("documents.several", lang, count=len(names)),
        data=lambda: _made(visit, wishes, names, form),
        file_name=names[0] if is_one else archive,
        mime=kinds.MIME[form] if is_one else "application/zip",
        key="document_download",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )


def _made(visit: Visit, wishes: Sequence[Wish], names: Sequence[str], form: kinds.Format) -> bytes:
    source, draw = data.document_source(visit.path), kinds.renderer(form)
    contents = [draw.render(kinds.build(source, wish)) for wish in wishes]
    if len(contents) == 1:
        return contents[0]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in zip(names, contents, strict=True):
            archive.writestr(name, content)
    return out.getvalue()


def _stem(visit: Visit, wish: Wish) -> str:
    sha256 = data.stamp(visit.path).snapshot_hash
    return Identity.stem_of(
        wish.kind, wish.partner_id, wish.period, wish.edition, wish.lang, sha256
    )
