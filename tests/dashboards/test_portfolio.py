"""The portfolio's page: filters, statuses, downloads, the quadrant."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from dashboards.components import tables
from partner_kpis.home import DataHome
from partner_kpis.serving import Snapshot, compare
from partner_kpis.text import LANGUAGES
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


def test_other_kpis_are_chosen_and_kept_in_the_address(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome
) -> None:
    app = open_page(monkeypatch, healthy_home, "portfolio", columns="integration_uptime,nonsense")
    assert list(app.dataframe[0].value.columns[1:2]) == ["Integration uptime (%)"]
    chooser = app.multiselect(key="choose_columns_en")
    assert "Value: Partner win rate" in chooser.options
    chooser.set_value(["integration_uptime", "partner_win_rate"]).run()
    assert app.query_params["columns"] == "integration_uptime,partner_win_rate"
    assert list(app.dataframe[0].value.columns[1:3]) == [
        "Integration uptime (%)", "Partner win rate (%)",
    ]  # fmt: skip
    app.multiselect(key="choose_columns_en").set_value([]).run()
    assert "columns" not in app.query_params
    assert list(app.dataframe[0].value.columns[1:2]) == ["Partner health score (points)"]


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


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_number_stands_behind_a_sign_that_reads_as_a_minus(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome, lang: str
) -> None:
    app = open_page(monkeypatch, served_home, "portfolio", lang=lang)
    message = app.dataframe[0].proto.arrow_data.styler.display_values
    shown = convert_arrow_bytes_to_pandas_df(message)
    pipeline = shown.iloc[:, 1]  # partners have no target in it
    assert all(cell[0].isdigit() or cell == "◇" for cell in pipeline)
    assert any(cell.startswith(("● ", "▲ ", "■ ", "○ ")) for cell in shown.iloc[:, 2])
    said = words(app)
    assert ("no sign: no target" if lang == "en" else "ohne Zeichen: kein Ziel") in said
    assert ("Rows: 8." if lang == "en" else "Zeilen: 8.") in said


def test_a_download_names_the_partners_by_id_and_a_status_by_its_word(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    saved: dict[str, str] = {}
    _keep_downloads(monkeypatch, saved)
    open_page(monkeypatch, served_home, "portfolio", tier="strategic")
    rows = list(csv.DictReader(io.StringIO(saved["portfolio_as-of_2026-10-21.csv"])))
    assert [(row["Partner"], row["Partner id"]) for row in rows] == [
        ("Köhler & Söhne Systemhaus GmbH", "P-001"), ("Nordlys Integrasjon AS", "P-002"),
    ]  # fmt: skip
    assert {row["Partner-influenced pipeline: status"] for row in rows} == {"no target"}
    assert rows[0]["Partner win rate: status"] in ("on target", "watch", "breach", "low n")


def test_the_file_of_a_kpi_holds_exact_numbers_and_iso_days(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    saved: dict[str, str] = {}
    _keep_downloads(monkeypatch, saved)
    open_page(
        monkeypatch, served_home, "kpi", kpi="partner_win_rate", dimension="partner",
        member="P-003", start="2026-09-01",
    )  # fmt: skip
    text = saved["partner_win_rate_P-003_month_as-of_2026-10-21.csv"]
    rows = list(csv.DictReader(io.StringIO(text)))
    with Snapshot.open(served_home) as snapshot:
        expected = snapshot.values("partner_win_rate", "partner", "P-003", "month")
    wanted = expected.row(by_predicate=pl.col("period_start") == date(2026, 9, 1), named=True)
    row = next(row for row in rows if row["First day"] == "2026-09-01")
    assert (row["KPI id"], row["Member"], row["Period type"]) == (
        "partner_win_rate", "P-003", "month",
    )  # fmt: skip
    assert row["Last day"] == "2026-09-30" and row["Complete"] == "true"
    assert float(row["Value"]) == wanted["value"] and "1 is 100%" in row["Unit"]
    assert Decimal(row["Numerator"]) == wanted["numerator"]
    assert Decimal(row["Denominator"]) == wanted["denominator"]
    assert int(row["Sample size"]) == wanted["sample_size"]
    assert Decimal(row["Target"]) == wanted["target"]
    assert {row["Status"] for row in rows} == {"low n", "unknown"}
    assert "partner_win_rate_P-003_month_2026-09-01_evidence_as-of_2026-10-21.csv" in saved


def test_the_data_pages_files_write_a_status_as_the_others_do(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    saved: dict[str, str] = {}
    _keep_downloads(monkeypatch, saved)
    open_page(monkeypatch, served_home, "quality")
    sources = csv.DictReader(io.StringIO(saved["sources_as-of_2026-10-21.csv"]))
    files = csv.DictReader(io.StringIO(saved["files_as-of_2026-10-21.csv"]))
    assert {row["Status"] for row in sources} == {"fresh", "loaded", "stale", "held"}
    assert {row["Status"] for row in files} == {"loaded", "refused", "held"}


def _keep_downloads(monkeypatch: pytest.MonkeyPatch, saved: dict[str, str]) -> None:
    """Make every CSV of a page at once: name → text."""

    def keep(*_: object, data: Callable[[], bytes], file_name: str, **__: object) -> None:
        if file_name.endswith(".csv"):
            saved[file_name] = data().decode("utf-8-sig")

    monkeypatch.setattr(tables.st, "download_button", keep)


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
