"""Decks of all partners of the published demo: nobody else is named, and numbers lead back."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import duckdb
import pytest
from conftest import PublishedDemo

from partner_kpis.reports.document import Document, Figure, Nothing, Origin
from partner_kpis.reports.qbr import QbrSource, build_ops_pack, build_qbr, forbidden_words
from partner_kpis.reports.qbr.outline import outline
from partner_kpis.reports.quarter import Quarter
from partner_kpis.serving import Snapshot, documents

QUARTER = Quarter(2026, 3)
MONTH = date(2026, 9, 1)

_READ_BACK: Final = {
    "kpi_values", "kpi_scorecard", "pipeline_moves", "referrals", "mdf_claims", "partners",
}  # fmt: skip
"""Tables of which a figure is one cell; sums and counts of others have tests of their own."""


@pytest.fixture(scope="module")
def source(demo: PublishedDemo) -> QbrSource:
    with Snapshot.open(demo.home) as snapshot:
        return QbrSource(snapshot)


def test_the_columns_that_decks_count_on_are_those_of_the_snapshot(snapshot: Snapshot) -> None:
    for table, columns in documents.COLUMNS.items():
        if table.startswith("commission"):
            continue  # read as far as it is served
        there = snapshot.table(table).schema
        assert {name: there[name] for name in columns} == columns


def test_no_partner_edition_names_another_partner_or_a_confidential_customer(
    source: QbrSource,
) -> None:
    assert source.confidential, "the demo keeps a few customers unnamed"
    for partner_id in source.partners:
        words = forbidden_words(source, partner_id)
        assert len(words) > len(source.partners)
        found = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
        for lang in ("en", "de"):
            for document in (
                build_qbr(source, partner_id, QUARTER, "partner", lang),
                build_ops_pack(source, partner_id, MONTH, "partner", lang),
            ):
                text = json.dumps(asdict(document), default=str, ensure_ascii=False)
                assert not found.findall(text), document.identity.stem


def test_a_confidential_deal_is_masked_for_its_partner(source: QbrSource) -> None:
    held = [p for p in source.partners
            if any(deal["is_confidential"] for deal in source.open_deals(p))]  # fmt: skip
    assert held
    text = str(build_qbr(source, held[0], QUARTER, "partner", "de"))
    assert "vertraulicher Kunde 1" in text


def test_returns_are_for_the_internal_edition_alone(source: QbrSource) -> None:
    internal = {kpi for kpi in source.catalogue.values() if outline().is_internal(kpi)}
    ids = {kpi.kpi_id for kpi in internal}
    inside: set[str] = set()
    for partner_id in source.partners:
        deck = build_qbr(source, partner_id, QUARTER, "internal", "en")
        inside |= ids & {kpi_id for kpi_id, _ in deck.identity.definitions}
        outside = str(build_qbr(source, partner_id, QUARTER, "partner", "en"))
        assert not [kpi for kpi in internal if kpi.kpi_id in outside or kpi.label_en in outside]
    assert inside == ids


@pytest.mark.parametrize("edition", ["internal", "partner"])
def test_every_number_is_the_one_that_its_origin_names(
    source: QbrSource, demo: PublishedDemo, edition: str
) -> None:
    """For the six partners of the planted stories, with integrations and without."""
    checked = 0
    with duckdb.connect(str(Snapshot.locate(demo.home)), read_only=True) as connection:
        for partner_id in sorted(source.partners)[:6]:
            document = build_qbr(source, partner_id, QUARTER, edition, "en")  # type: ignore[arg-type]
            for place, figure, where in _with_origin(document):
                if where.table not in _READ_BACK or figure.value is None:
                    continue
                rows = _cells(connection, where)
                if where.table == "mdf_claims" and len(where.key) == 1 and len(rows) > 1:
                    continue  # a sum over a partner's claims
                assert len(rows) == 1, (place, str(where))
                assert _same(figure.value, rows[0]), (place, figure, rows)
                checked += 1
    assert checked > 600


def _with_origin(document: Document) -> Iterator[tuple[str, Figure, Origin]]:
    for place, figure in document.figures():
        if figure.origin is not None:
            yield place, figure, figure.origin


def _cells(connection: duckdb.DuckDBPyConnection, where: Origin) -> list[Any]:
    """The named cell of every row with the key; `value - target` is a distance."""
    column = f"abs({where.column})" if " - " in where.column else where.column
    condition = " and ".join(f"cast({name} as varchar) = ?" for name, _ in where.key)
    found = connection.execute(
        f"select {column} from {where.table} where {condition}", [value for _, value in where.key]
    ).fetchall()
    return [row[0] for row in found]


def _same(shown: Any, stored: Any) -> bool:
    if isinstance(stored, date | datetime) or isinstance(shown, date | datetime):
        # Days until a date are counted from it.
        return shown == stored or isinstance(shown, int)
    return float(Decimal(str(shown))) == pytest.approx(float(stored), rel=1e-12, abs=1e-12)


def test_every_figure_of_a_deck_has_an_origin(source: QbrSource) -> None:
    document = build_qbr(source, next(iter(source.partners)), QUARTER, "internal", "en")
    bare = [place for place, figure in document.figures()
            if figure.origin is None and figure.value is not None]  # fmt: skip
    assert bare == []


def test_a_page_without_data_says_why_in_one_line(source: QbrSource) -> None:
    for partner_id in source.partners:
        for page in build_qbr(source, partner_id, QUARTER, "internal", "de").pages:
            assert page.blocks and page.title
            for block in page.blocks:
                assert not isinstance(block, Nothing) or (block.why and "\n" not in block.why)
                assert getattr(block, "rows", True), f"{partner_id} {page.key} {block.key}"


def test_a_deck_takes_well_below_a_third_of_a_second(source: QbrSource) -> None:
    started = time.process_time()
    for partner_id in source.partners:
        build_qbr(source, partner_id, QUARTER, "partner", "en")
    assert (time.process_time() - started) / len(source.partners) < 0.15
