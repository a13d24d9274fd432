"""Documents: making a quarterly business review and taking it along, and those already written.

Belongs here: the order of the page, seals and files. Does not belong here: choosing a document
(document_choices); writing into the home (the command line does that).
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import streamlit as st

from dashboards import data
from dashboards.components import document_choices, files, frame, header, notices, tables
from dashboards.components.style import html, text
from partner_kpis import formats
from partner_kpis.reports.kinds import Wish
from partner_kpis.reports.produce import written_files
from partner_kpis.reports.sealing import seal_of
from partner_kpis.text import t


def show() -> None:
    frame.show(_page)


def _page(visit: frame.Visit) -> None:
    found, lang = visit.found, visit.lang
    header.title(found, lang, t("nav.documents", lang))
    notices.before_numbers(found, lang)
    quarters = data.quarters(visit.path)
    if found.partners.is_empty():
        return notices.nothing(t("documents.no_partners", lang))
    if not quarters:
        return notices.nothing(t("documents.no_quarters", lang))
    notices.nothing(t("documents.intro", lang))
    wishes, form = document_choices.choose(visit, quarters)
    notices.nothing(t("documents.edition_do", lang))
    if wishes:
        document_choices.download(visit, wishes, form)
    else:
        notices.nothing(t("documents.none_chosen", lang))
    _seal(visit, wishes)
    return _written(visit)


def _seal(visit: frame.Visit, wishes: Sequence[Wish]) -> None:
    """Whether a document made here can be verified for ever, and the command for all partners."""
    lang, home = visit.lang, shlex.quote(str(visit.home.root))
    seal = seal_of(visit.home, str(visit.found.info["snapshot_id"]))
    if seal is None:
        notices.notice(t("documents.unsealed", lang))
    else:
        day = formats.day(seal.day, lang)
        notices.nothing(t("documents.sealed", lang, day=day))
        notices.nothing(t("documents.all_do", lang))
    command = f"partner-kpis qbr --home {home}"
    if wishes:
        first = wishes[0]
        command += f" --quarter {first.period} --edition {first.edition} --lang {first.lang}"
    st.code(command, language=None)


def _written(visit: frame.Visit) -> None:
    lang, folder = visit.lang, visit.home.reports
    html(f'<h2 class="pk-section">{text(t("documents.written", lang))}</h2>')
    written = written_files(folder)
    if written.is_empty():
        return notices.nothing(t("documents.no_written", lang, folder=folder))
    notices.nothing(t("documents.written_in", lang, folder=folder))
    shown = written.select("file_name", "period", "kilobytes", "written_at").rename(
        {
            "file_name": t("documents.file", lang),
            "period": t("documents.period", lang),
            "kilobytes": t("documents.kilobytes", lang),
            "written_at": t("documents.written_at", lang),
        }
    )
    name = files.name("documents", as_of=visit.found.as_of)
    tables.show(shown, lang, key="documents", file_name=f"{name}.csv")
    return None
