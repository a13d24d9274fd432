"""A deck from a hand-made snapshot: what each page says, and what it says without data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.reports.document import Chart, Document, Nothing, Tiles
from partner_kpis.reports.qbr import QbrSource, build_ops_pack, build_qbr
from partner_kpis.reports.qbr.outline import outline
from partner_kpis.reports.quarter import Quarter
from partner_kpis.reports.stamp import Stamp
from partner_kpis.serving import Snapshot
from tests.dashboards.snapshot_fixture import make_snapshot
from tests.unit.reports.qbr_world import (
    OTHER,
    PARTNER,
    SECRET,
    TOUCHES,
    page_of,
    planted_snapshot,
    rows_of,
    sentences,
    table_of,
)  # fmt: skip

QUARTER = Quarter(2026, 3)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> QbrSource:
    home = DataHome.at(tmp_path_factory.mktemp("home")).create()
    planted_snapshot(home)
    with Snapshot.open(home) as snapshot:
        return QbrSource(snapshot)


@pytest.fixture(scope="module")
def deck(source: QbrSource) -> Document:
    return build_qbr(source, PARTNER, QUARTER, "internal", "en")


def test_a_deck_has_the_pages_of_the_outline_in_their_order(deck: Document) -> None:
    assert [page.number for page in deck.pages] == [page.number for page in outline().pages]
    assert [page.key for page in deck.pages] == [page.key for page in outline().pages]


def test_places_are_unique_in_every_document(source: QbrSource) -> None:
    for edition in ("internal", "partner"):
        for lang in ("en", "de"):
            deck = build_qbr(source, PARTNER, QUARTER, edition, lang)
            pack = build_ops_pack(source, PARTNER, date(2026, 9, 1), edition, lang)
            for document in (deck, pack):
                places = [place for place, _ in document.figures()]
                assert len(places) == len(set(places)) > 50


def test_the_same_snapshot_gives_the_same_document(source: QbrSource, deck: Document) -> None:
    assert build_qbr(source, PARTNER, QUARTER, "internal", "en") == deck


def test_a_recomputed_snapshot_can_carry_the_stamp_of_the_sealed_one(tmp_path: Path) -> None:
    home = DataHome.at(tmp_path).create()
    planted_snapshot(home)
    with Snapshot.open(home) as snapshot:
        own = Stamp.of(snapshot)
        sealed = Stamp("sealed-1", "ab" * 32, own.as_of, own.created_at, own.code_version)
        document = build_qbr(QbrSource(snapshot, sealed), PARTNER, QUARTER, "internal", "en")
    assert document.identity.snapshot_id == "sealed-1"
    assert document.identity.stem == f"QBR_{PARTNER}_2026Q3_internal_en_abababab"
    assert "sealed-1" in document.footer


def test_health_is_told_with_what_would_move_it(deck: Document) -> None:
    (score,) = sentences(deck, "health")
    parts, aim = sentences(deck, "health_parts", "scorecard")
    assert "of 100 points" in score and "80% of the weight is measured" in score
    assert "Not measured: marketing, satisfaction." in parts
    assert aim.startswith("To reach")


def test_what_is_dated_and_near_is_a_risk_and_an_ask(source: QbrSource, deck: Document) -> None:
    told = " ".join(sentences(deck, "risks"))
    assert "The contract ends on 20 Nov 2026, in 30 days." in told
    asks = sentences(deck, "asks")
    assert asks[0] == "Overdue since 15 Sep 2026: Bring two deals"
    german = build_qbr(source, PARTNER, QUARTER, "internal", "de")
    assert "Der Vertrag endet am 20.11.2026, in 30 Tagen." in sentences(german, "risks")


def test_a_breach_leads_to_an_ask_of_its_owner(source: QbrSource) -> None:
    """In August one partner's integration was down for hours."""
    document = build_qbr(source, "P-002", QUARTER, "partner", "en")
    risk = next(one for one in sentences(document, "risks") if one.startswith("Integration uptime"))
    assert "below the target of 99.90%" in risk
    asked = [one for one in sentences(document, "asks") if one.startswith("Integration uptime")]
    assert asked == ["Integration uptime: Platform operations and the partner agree how the causes "
                     "of outages and delays are removed."]  # fmt: skip


def test_a_stale_export_is_told_inside_and_is_no_partners_matter(tmp_path: Path) -> None:
    home = DataHome.at(tmp_path).create()
    make_snapshot(home, stale=[("salesforce", "opportunity")])
    with Snapshot.open(home) as snapshot:
        source = QbrSource(snapshot)
    inside = build_qbr(source, "P-004", QUARTER, "internal", "en")
    outside = build_qbr(source, "P-004", QUARTER, "partner", "en")
    assert any("salesforce/opportunity is stale" in told for told in sentences(inside, "risks"))
    assert not any("salesforce" in told for told in sentences(outside, "risks"))
    assert "not fresh: salesforce/opportunity" in page_of(outside, "notes").title


def test_every_sentence_names_its_period_and_a_kpi_where_it_is_about_one(deck: Document) -> None:
    known = {kpi for kpi, _ in deck.identity.definitions}
    for block in page_of(deck, "summary").blocks:
        for item in block.items:  # type: ignore[union-attr]
            assert item.period
            assert item.kpi_id is None or item.kpi_id in known


def test_commitments_are_counted_for_each_side(deck: Document) -> None:
    page = page_of(deck, "commitments")
    assert page.title == "Kept: 1 of 2 by us, 0 of 1 by the partner"
    tiles = next(block for block in page.blocks if isinstance(block, Tiles))
    assert [tile.figure.text for tile in tiles.tiles] == ["50%", "0%"]
    rows = rows_of(table_of(deck, "commitments", "actions"))
    assert [row[1] for row in rows] == ["Share the roadmap", f"Train with {OTHER}",
                                        "Bring two deals"]  # fmt: skip
    assert [row[5] for row in rows] == ["done", "dropped", "late"]


def test_the_plan_holds_what_is_promised_next_and_what_is_still_open(deck: Document) -> None:
    rows = rows_of(table_of(deck, "plan", "actions"))
    assert [row[1] for row in rows] == ["Bring two deals", "Certify two people"]
    targets = rows_of(table_of(deck, "plan", "targets"))
    assert ["Time to activation", "9.0 days", "14.0 days"] in [[r[0], r[2], r[4]] for r in targets]


def test_the_waterfall_opens_closes_and_tells_what_slipped(deck: Document) -> None:
    chart = next(b for b in page_of(deck, "value").blocks if isinstance(b, Chart))
    assert (chart.kind, chart.title) == ("waterfall", "Open pipeline grew from €100.0k to €105.0k")
    values = [figure.value for figure in chart.series[0].figures]
    assert sum(values[:-1]) == values[-1]  # type: ignore[arg-type]
    assert chart.note is not None and chart.note.startswith("1 opportunity over €20.0k")


def test_open_deals_stand_by_name_with_what_slipped(deck: Document) -> None:
    table = table_of(deck, "pipeline", "deals")
    first, second, *rest = rows_of(table)
    assert first[0] == f"{SECRET} – Rollout (confidential)"
    assert first[2:7] == ["CHF\xa0999,000", "€1,050,000", "81", "50", "1 Oct 2026"]
    assert first[7:] == ["Reseller, sourced", "slipped"]
    assert second[0] == f"Umstieg von {OTHER}" and second[8] == ""
    assert len(rest) == 9 and rest[-1][0] == "All 14 open opportunities"  # ten and the total
    assert table.has_total and table.note is not None and "4 more are open" in table.note
    assert {row[7] for row in rest[:-1]} == {"lead"}


def test_certificates_are_counted_and_a_renewed_one_counts_once(deck: Document) -> None:
    rows = rows_of(table_of(deck, "enablement", "certificates"))
    # As of 21 October: one runs out on 1 November; the other person's was renewed.
    assert rows == [["sales", "2", "2", "1", "0", "0"], ["technical", "1", "1", "0", "0", "0"]]


def test_claims_and_referrals_of_the_quarter_are_listed(deck: Document) -> None:
    claims = rows_of(table_of(deck, "marketing", "claims"))
    assert [row[0] for row in claims] == ["M1", "M2"]
    funnel = next(b for b in page_of(deck, "marketing").blocks if isinstance(b, Chart))
    assert [f.text for f in funnel.series[0].figures] == ["€5,000", "€3,000", "€3,000"]
    referrals = rows_of(table_of(deck, "referrals", "referrals"))
    assert [row[0] for row in referrals] == ["R1", "R2"]
    assert referrals[0][3] == "3.5" and referrals[1][6] == "–"


def test_commissions_of_the_quarter_are_those_of_the_partner_and_add_up(deck: Document) -> None:
    table = table_of(deck, "money", "commissions")
    line = ["R1", "8 Aug 2026", "4", "15.0%", "€20,000", "€3,000"]
    assert rows_of(table) == [line, ["Total", "", "", "", "", "€3,000"]]
    assert table.has_total


def test_a_running_quarter_says_so_and_is_not_judged(source: QbrSource) -> None:
    document = build_qbr(source, PARTNER, Quarter(2026, 4), "internal", "en")
    assert "so far (until 21 Oct 2026)" in document.subtitle
    row = next(r for r in rows_of(table_of(document, "funnel", "kpis"))
               if r[0] == "Partner win rate")  # fmt: skip
    assert row[5] in ("running", "low n", "no target", "unknown")
    flows = {"partner_win_rate", "integration_uptime", "time_to_activation"}
    told = [item for block in page_of(document, "summary").blocks for item in block.items]  # type: ignore[union-attr]
    assert not [i for i in told if i.kpi_id in flows and i.tone in ("win", "risk")]


def test_an_ops_pack_has_four_pages_and_tells_what_needs_attention(source: QbrSource) -> None:
    pack = build_ops_pack(source, PARTNER, date(2026, 9, 1), "internal", "en")
    assert [page.key for page in pack.pages] == ["scorecard", "pipeline", "adoption", "actions"]
    assert pack.identity.stem.startswith(f"OPS_{PARTNER}_2026-09_internal_en_")
    attention = pack.pages[0].blocks[0]
    marked = {row[0] for row in rows_of(table_of(pack, "scorecard", "scorecard"))
              if {"breach", "watch"} & set(row)}  # fmt: skip
    assert {item.text.split(":")[0] for item in attention.items} >= marked  # type: ignore[union-attr]
    assert pack.pages[-1].title == "Open actions: 2, of which late: 1"


@pytest.mark.parametrize(
    ("partner", "quarter", "told"),
    [
        ("P-01", QUARTER, "did you mean 'P-001'"),
        (PARTNER, Quarter(2027, 1), "has not begun"),
        (PARTNER, Quarter(2024, 1), "lies before the data"),
    ],
)
def test_what_cannot_be_told_is_a_sentence(
    source: QbrSource, partner: str, quarter: Quarter, told: str
) -> None:
    with pytest.raises(UserError, match=told):
        build_qbr(source, partner, quarter, "internal", "en")


def test_an_unknown_language_is_a_sentence(source: QbrSource) -> None:
    with pytest.raises(UserError, match="no language of documents"):
        build_qbr(source, PARTNER, QUARTER, "internal", "fr")


def test_an_older_snapshot_without_the_new_tables_gives_a_deck_that_says_so(
    tmp_path: Path,
) -> None:
    home = DataHome.at(tmp_path).create()
    path = make_snapshot(home)
    with duckdb.connect(str(path)) as connection:
        connection.execute(TOUCHES).fetchall()
        for table in ("qbr_actions", "pipeline_moves", "certificates", "mdf_claims", "referrals"):
            connection.execute(f"drop table {table}").fetchall()
        for column in ("close_on", "stage_since_on", "is_confidential"):
            connection.execute(f"alter table opportunities drop column {column}").fetchall()
    with Snapshot.open(home) as snapshot:
        document = build_qbr(QbrSource(snapshot), PARTNER, QUARTER, "partner", "en")
    nothing = page_of(document, "commitments").blocks[0]
    assert isinstance(nothing, Nothing) and "landing/qbr/action/" in nothing.why
    columns = [column.key for column in table_of(document, "pipeline", "deals").columns]
    assert "close_on" not in columns and "amount" in columns


def test_a_missing_export_is_named_where_its_page_has_nothing(tmp_path: Path) -> None:
    home = DataHome.at(tmp_path).create()
    make_snapshot(home, without=[("telemetry", "event"), ("registry", "integration")])
    with Snapshot.open(home) as snapshot:
        document = build_qbr(QbrSource(snapshot), PARTNER, QUARTER, "internal", "de")
    (nothing,) = page_of(document, "adoption").blocks
    assert isinstance(nothing, Nothing)
    assert "landing/telemetry/event/" in nothing.why
    assert "Verfügbarkeit der Integrationen" in nothing.why


def test_nothing_published_is_a_sentence(tmp_path: Path) -> None:
    home = DataHome.at(tmp_path).create()
    make_snapshot(home, empty=True)
    with Snapshot.open(home) as snapshot, pytest.raises(UserError, match="no partner"):
        build_qbr(QbrSource(snapshot), PARTNER, QUARTER, "internal", "en")
