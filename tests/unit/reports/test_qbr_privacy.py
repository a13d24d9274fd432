"""The partner edition names nobody else, shows no returns and masks who asked for it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from partner_kpis.home import DataHome
from partner_kpis.reports.document import Document
from partner_kpis.reports.qbr import QbrSource, build_ops_pack, build_qbr, forbidden_words
from partner_kpis.reports.quarter import Quarter
from partner_kpis.serving import Snapshot
from tests.unit.reports.qbr_world import (
    OTHER,
    PARTNER,
    SECRET,
    as_json,
    page_of,
    planted_snapshot,
    rows_of,
    table_of,
)  # fmt: skip

QUARTER = Quarter(2026, 3)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    home = DataHome.at(tmp_path_factory.mktemp("home")).create()
    planted_snapshot(home)
    return home


@pytest.fixture(scope="module")
def source(home: DataHome) -> QbrSource:
    with Snapshot.open(home) as snapshot:
        return QbrSource(snapshot)


def _hits(source: QbrSource, document: Document) -> list[str]:
    """The forbidden words that occur, found without the code that hides them."""
    text = as_json(document)
    return [
        word
        for word in forbidden_words(source, document.identity.partner_id)
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
    ]


def test_every_other_partner_and_the_secret_customer_are_forbidden(source: QbrSource) -> None:
    words = forbidden_words(source, PARTNER)
    assert {OTHER, "P-002", "P-008", SECRET, f"{SECRET} – Rollout"} <= set(words)
    assert PARTNER not in words and source.partners[PARTNER]["name"] not in words


def test_the_planted_names_are_in_the_internal_edition_and_so_would_be_found(
    source: QbrSource,
) -> None:
    hits = _hits(source, build_qbr(source, PARTNER, QUARTER, "internal", "en"))
    assert {OTHER, SECRET} <= set(hits)


@pytest.mark.parametrize("lang", ["en", "de"])
def test_no_partner_edition_names_anyone_else(source: QbrSource, lang: str) -> None:
    for partner_id in source.partners:
        deck = build_qbr(source, partner_id, QUARTER, "partner", lang)
        pack = build_ops_pack(source, partner_id, date(2026, 9, 1), "partner", lang)
        assert _hits(source, deck) == [] == _hits(source, pack)


def test_masked_deals_keep_their_numbers_and_lose_their_names_and_ids(source: QbrSource) -> None:
    document = build_qbr(source, PARTNER, QUARTER, "partner", "en")
    first, second, *_ = rows_of(table_of(document, "pipeline", "deals"))
    assert (first[0], first[3]) == ("confidential customer 1", "€1,050,000")
    assert second[0] == "confidential customer 2"  # its name gives another partner away
    assert "006SECRET" not in as_json(document)


def test_a_promise_that_names_somebody_else_is_withheld(source: QbrSource) -> None:
    document = build_qbr(source, PARTNER, QUARTER, "partner", "en")
    texts = [row[1] for row in rows_of(table_of(document, "commitments", "actions"))]
    assert texts[0] == "Share the roadmap" and texts[1].startswith("(withheld")


def test_people_who_hold_certificates_are_never_named(source: QbrSource) -> None:
    for edition in ("internal", "partner"):
        assert "hash-" not in as_json(build_qbr(source, PARTNER, QUARTER, edition, "en"))


def test_findings_stay_inside(source: QbrSource) -> None:
    inside = page_of(build_qbr(source, PARTNER, QUARTER, "internal", "en"), "notes")
    outside = page_of(build_qbr(source, PARTNER, QUARTER, "partner", "en"), "notes")
    assert [block.key for block in outside.blocks] == ["sources"]
    assert [block.key for block in inside.blocks] == ["sources", "findings"]


def test_in_a_small_programme_nothing_tells_what_the_others_have(
    tmp_path: Path, home: DataHome
) -> None:
    small = DataHome.at(tmp_path).create()
    path = planted_snapshot(small)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "delete from kpi_values where dimension = 'partner' and member > 'P-004'"
        ).fetchall()
    with Snapshot.open(small) as snapshot:
        source = QbrSource(snapshot)
    outside = build_qbr(source, PARTNER, QUARTER, "partner", "en")
    inside = build_qbr(source, PARTNER, QUARTER, "internal", "en")
    assert "'programme'" not in str([f.origin for _, f in outside.figures()])
    shares = {"partner_influenced_pipeline"}
    assert shares <= {kpi for kpi, _ in inside.identity.definitions}
    assert not shares & {kpi for kpi, _ in outside.identity.definitions}
    with Snapshot.open(home) as snapshot:
        large = build_qbr(QbrSource(snapshot), PARTNER, QUARTER, "partner", "en")
    assert shares <= {kpi for kpi, _ in large.identity.definitions}
