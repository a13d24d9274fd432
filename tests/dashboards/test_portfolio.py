"""The portfolio's page: filters, statuses, downloads, the quadrant."""

from __future__ import annotations

import io
import zipfile

import polars as pl
import pytest

from dashboards.components import tables
from partner_kpis.home import DataHome
from partner_kpis.serving import Snapshot, compare
from partner_kpis.xlsx import to_xlsx
from tests.dashboards.pages import open_page, words


def test_all_partners_and_all_pinned_kpis_are_shown(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    app = open_page(monkeypatch, served_home, "portfolio")
    shown = app.dataframe[0].value
    assert len(shown) == 8
    assert list(shown.columns[:3]) == [
        "Partner", "Partner-influenced pipeline (%)", "Partner win rate (%)",
    ]  # fmt: skip
    assert "8 of 8 partners" in words(app)


def test_a_filter_is_in_the_address_and_narrows(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    app = open_page(monkeypatch, served_home, "portfolio", lang="de", tier="strategic")
    assert len(app.dataframe[0].value) == 2
    assert "2 von 8 Partnern" in words(app)
    app.selectbox(key="filter_region_de").select("Nordics").run()
    assert app.query_params["region"] == "Nordics"
    assert list(app.dataframe[0].value["Partner"]) == ["Nordlys Integrasjon AS"]
    app.button(key="clear_filters").click().run()
    assert len(app.dataframe[0].value) == 8 and "tier" not in app.query_params


def test_my_partners_are_those_of_a_manager(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    app = open_page(monkeypatch, served_home, "portfolio", manager="Jana Beispiel", tier="unknown")
    assert len(app.dataframe[0].value) == 1


def test_filters_that_nobody_fits_are_passed_over_or_said(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    app = open_page(monkeypatch, served_home, "portfolio", tier="' or 1=1 --")
    assert len(app.dataframe[0].value) == 8
    app = open_page(monkeypatch, served_home, "portfolio", tier="network", region="France")
    assert "No partner fits these filters" in words(app)


def test_values_agree_with_the_snapshot(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    shown = open_page(monkeypatch, served_home, "portfolio").dataframe[0].value
    with Snapshot.open(served_home) as snapshot:
        head = snapshot.headline("partner", "P-003").filter("is_headline")
        expected = dict(head.select("kpi_id", "value").iter_rows())
    mine = shown[shown["Partner"] == "Brackwater Consulting Ltd"].iloc[0]
    assert mine["Partner win rate (%)"] == pytest.approx(expected["partner_win_rate"] * 100)
    assert mine["Time to activation (days)"] == pytest.approx(expected["time_to_activation"])


def test_without_health_scores_the_quadrant_says_so(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    app = open_page(monkeypatch, served_home, "portfolio")
    assert "holds no health score yet" in words(app)


def test_with_health_scores_the_quadrant_is_drawn(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome
) -> None:
    app = open_page(monkeypatch, healthy_home, "portfolio", lang="de")
    assert "Gestrichelt: der Median" in words(app)
    assert "Partner ohne beide Zahlen fehlen: 1." in words(app)
    assert app.selectbox(key="choose_value_de").value == "partner_influenced_pipeline"


def test_an_empty_home_names_the_file_to_drop(
    monkeypatch: pytest.MonkeyPatch, empty_home: DataHome
) -> None:
    assert "landing/prm/partner/" in words(open_page(monkeypatch, empty_home, "portfolio"))


def test_segments_count_the_partners_that_are_measured(served_home: DataHome) -> None:
    with Snapshot.open(served_home) as snapshot:
        kpi = snapshot.definition("partner_win_rate")
        start = snapshot.headline("programme", "all").filter(
            (pl.col("kpi_id") == kpi.kpi_id) & pl.col("is_headline")
        )["period_start"][0]
        groups = compare.segments(snapshot, kpi.kpi_id, "month", start)
        cells = compare.across_partners(snapshot, [kpi], compare.PartnerFilter())
    measured = cells["value"].drop_nulls().len()
    for dimension in compare.SEGMENTS:
        assert groups.filter(pl.col("dimension") == dimension)["partners"].sum() == measured


def test_a_workbook_holds_what_is_shown_and_no_formula() -> None:
    frame = pl.DataFrame({"=Name": ["=1+1", "@SUM(A1)", "a < b & c\x01"], "n": [1.5, None, -2.0]})
    with zipfile.ZipFile(io.BytesIO(to_xlsx(frame, "P/1"))) as workbook:
        sheet = workbook.read("xl/worksheets/sheet1.xml").decode()
        texts = workbook.read("xl/sharedStrings.xml").decode()
        names = workbook.read("xl/workbook.xml").decode()
    assert "<f" not in sheet.replace("<frozen", "")
    assert "'=1+1<" in texts and "'@SUM(A1)<" in texts
    assert "a &lt; b &amp; c" in texts and "<v>-2</v>" in sheet
    assert 'name="P 1"' in names


def test_downloads_are_made_when_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(tables, "to_csv", lambda *_: made.append("csv") or b"")
    monkeypatch.setattr(tables.st, "download_button", lambda *_, **__: None)
    tables._download("x", lambda: tables.to_csv(pl.DataFrame(), "en"), "x.csv", "x")
    assert made == []
