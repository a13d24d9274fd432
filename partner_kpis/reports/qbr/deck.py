"""Builds the two documents: a QBR deck of a quarter and an ops pack of a month.

Belongs here: the order of pages and a document's identity. Does not belong here: any page's
content.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final, Literal

from partner_kpis.errors import UserError
from partner_kpis.reports.document import Document, Edition, Identity, Page
from partner_kpis.reports.qbr import (
    actions,
    appendix,
    attention,
    certificates,
    front,
    pipeline,
    records,
    summary,
    topics,
)  # fmt: skip
from partner_kpis.reports.qbr.outline import PageSpec, outline
from partner_kpis.reports.qbr.source import QbrSource
from partner_kpis.reports.qbr.view import View
from partner_kpis.reports.quarter import Quarter
from partner_kpis.serving import KpiDefinition
from partner_kpis.text import LANGUAGES

Builder = Callable[[View, PageSpec], Page]


def build_qbr(
    source: QbrSource, partner_id: str, quarter: Quarter, edition: Edition, lang: str
) -> Document:
    """The QBR deck of one partner.

    Raises UserError for an unknown partner and for a quarter that the data do not reach.
    """
    source.require_period(quarter.start, str(quarter))
    view = View(source, partner_id, "quarter", quarter.start, edition, _known(lang))
    pages: list[Page] = []
    for spec in outline().pages:
        build = _PAGES.get(spec.key)
        if build is not None:
            pages.append(build(view, spec))
    used = appendix.used_kpis(source, pages)
    plan = outline()
    pages += [
        appendix.notes(view, plan.page("notes"), used),
        appendix.definitions(view, plan.page("definitions"), used),
        appendix.verification(view, plan.page("verification")),
    ]
    return _document(view, "qbr", str(quarter), pages, used)


def build_ops_pack(
    source: QbrSource, partner_id: str, month: date, edition: Edition, lang: str
) -> Document:
    """The monthly pack of one partner; month: its first day.

    Raises UserError for an unknown partner and for a month that the data do not reach.
    """
    name = f"{month:%Y-%m}"
    source.require_period(month, name)
    view = View(source, partner_id, "month", month, edition, _known(lang))
    pages = [
        _ops_page(view, key, number)
        for number, key in enumerate(outline().ops_pages, start=1)
    ]  # fmt: skip
    return _document(view, "ops", name, pages, appendix.used_kpis(source, pages))


def _ops_page(view: View, key: str, number: int) -> Page:
    if key == "scorecard":
        return attention.page(view, str(number))
    if key == "pipeline":
        return pipeline.by_name(view, str(number), key)
    if key == "actions":
        return actions.ops(view, str(number))
    spec = outline().page(key).model_copy(update={"number": str(number)})
    return _PAGES[key](view, spec)


def _document(
    view: View, kind: Literal["qbr", "ops"], period: str, pages: list[Page],
    used: list[KpiDefinition],
) -> Document:  # fmt: skip
    stamp = view.source.stamp
    title, subtitle, footer = front.document_names(view, kind)
    identity = Identity(
        kind=kind,
        partner_id=view.partner_id,
        partner_name=view.partner["name"],
        period=period,
        edition=view.edition,
        lang=view.lang,
        snapshot_id=stamp.snapshot_id,
        snapshot_hash=stamp.snapshot_hash,
        as_of=stamp.as_of,
        created_at=stamp.created_at,
        code_version=stamp.code_version,
        definitions=tuple((kpi.kpi_id, kpi.definition_version) for kpi in used),
    )
    return Document(identity, title, subtitle, footer, tuple(pages))


def _known(lang: str) -> str:
    if lang not in LANGUAGES:
        raise UserError(f"{lang!r} is no language of documents; choose {' or '.join(LANGUAGES)}.")
    return lang


_PAGES: Final[dict[str, Builder]] = {
    "cover": front.cover,
    "summary": summary.page,
    "commitments": actions.commitments,
    "scorecard": front.scorecard,
    "value": pipeline.value_page,
    "pipeline": lambda view, spec: pipeline.by_name(view, spec.number, spec.key),
    "funnel": topics.page,
    "referrals": lambda view, spec: topics.page(view, spec, last=[records.referrals(view)]),
    "adoption": topics.page,
    "enablement": lambda view, spec: topics.page(view, spec, last=[certificates.table(view)]),
    "marketing": lambda view, spec: topics.page(
        view, spec, first=[records.mdf_funnel(view)], last=[records.mdf_claims(view)]
    ),
    "customers": topics.page,
    "money": lambda view, spec: topics.page(
        view, spec,
        last=[records.commissions(view), records.programme(view, spec.programme)],
    ),
    "plan": actions.plan,
}  # fmt: skip
