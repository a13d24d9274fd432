"""Tables, drawings and words, without a page around them."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import altair
import polars as pl
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.elements.lib.pandas_styler_utils import marshall_styler
from streamlit.proto.ArrowData_pb2 import ArrowData

from dashboards.components import chart, drawings, tables
from dashboards.components.words import Wording, reason
from partner_kpis.home import DataHome
from partner_kpis.serving import KpiDefinition, Snapshot
from partner_kpis.text import LANGUAGES


@pytest.fixture(scope="module")
def kpis(served_home: DataHome) -> dict[str, KpiDefinition]:
    with Snapshot.open(served_home) as snapshot:
        return {kpi.kpi_id: kpi for kpi in snapshot.catalogue()}


def _read(content: bytes, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))


def test_a_download_cannot_run_formulas() -> None:
    names = ["=1+1", "+49 30", "-cmd", "@SUM(A1)", "\tx", "plain = fine"]
    frame = pl.DataFrame({"=Name": names})
    rows = _read(tables.to_csv(frame, "en"), ",")
    assert rows == [["'=Name"], *[[f"'{name}"] for name in names[:5]], ["plain = fine"]]


def test_a_download_is_what_its_language_opens() -> None:
    frame = pl.DataFrame(
        {"n": [Decimal("-1234.50"), None], "day": [date(2026, 9, 1), None], "who": ["Köhler", None]}
    )
    assert _read(tables.to_csv(frame, "en"), ",")[1] == ["-1234.50", "2026-09-01", "Köhler"]
    german = _read(tables.to_csv(frame, "de"), ";")
    assert german[1:] == [["-1234,50", "2026-09-01", "Köhler"], ["", "", ""]]


def test_a_table_keeps_its_numbers_and_reads_and_looks_as_told() -> None:
    frame = pl.DataFrame({"who": ["Köhler", None], "n": [1234.5, None]})
    told = tables.styler(frame, [["Köhler", ""], ["● 1.234,5", "◇"]], {1: ["#111111", "#222222"]})
    message = ArrowData()
    marshall_styler(message, told, "key")
    shown = convert_arrow_bytes_to_pandas_df(message.styler.display_values)
    assert shown["who"].to_list() == ["Köhler", ""]
    assert shown["n"].to_list() == ["● 1.234,5", "◇"]
    assert told.data["n"].to_list()[0] == 1234.5
    styles = message.styler.styles.splitlines()
    assert styles == [
        "#T_key_row0_col1 { color: #111111 }", "#T_key_row1_col1 { color: #222222 }",
    ]  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chart_is_a_drawing_that_vega_lite_knows(
    kpis: dict[str, KpiDefinition], served_home: DataHome, lang: str
) -> None:
    kpi = kpis["integration_uptime"]  # P-003 has days of maintenance, so there are gaps to mark
    with Snapshot.open(served_home) as snapshot:
        days = snapshot.values(kpi.kpi_id, "partner", "P-003", "day")
    shown = days.with_columns(pl.lit("day").alias("period_type"))
    words = Wording.of(kpi, shown.iter_rows(named=True), lang, "EUR")
    spec = chart.history(shown, words, lambda _: "in maintenance")
    altair.Chart.from_dict(spec, validate=True)
    marks = [layer["mark"]["type"] for layer in spec["layer"]]
    assert marks.count("line") == 2 and marks.count("point") == 2 and marks.count("text") == 2
    assert {row["shown"] for row in spec["data"]["values"] if row["value"] is None} == {
        "in maintenance"
    }


def test_drawings_carry_their_text_and_survive_hostile_names() -> None:
    corridor = drawings.Corridor.of(0.5, None, None)
    assert corridor == drawings.Corridor(0.5, 0.5, 0.5)
    assert drawings.Corridor.of(None, 0.1, 0.2) is None
    bar = drawings.corridor_bar(corridor, 0.5, "on_target", 'a "quoted" <b>')
    assert "&quot;quoted&quot; &lt;b&gt;" in bar
    assert drawings.sparkline([drawings.SparkPoint(None)], "nothing") == ""
    assert drawings.sparkline([drawings.SparkPoint(1.0)], "one").startswith("<img")


def test_a_missing_source_names_the_file_to_drop(kpis: dict[str, KpiDefinition]) -> None:
    kpi = kpis["partner_influenced_pipeline"]
    nothing = reason(kpi, "source_missing", set(), set(), "en")
    assert "landing/salesforce/opportunity/" in nothing
    crm = {("salesforce", "opportunity")}
    touches = reason(kpi, "source_missing", crm, set(), "de")
    assert "landing/prm/referral/" in touches and "oder" in touches
    stale = reason(kpi, "source_stale", crm, {("prm", "referral")}, "en")
    assert "landing/prm/referral/" in stale


def test_a_change_is_said_in_words(kpis: dict[str, KpiDefinition]) -> None:
    row = {"value": 0.482, "previous_value": 0.45, "sample_size": 240, "is_complete": True,
           "period_type": "month", "period_start": date(2026, 9, 1)}  # fmt: skip
    kpi = kpis["partner_win_rate"]

    def said(lang: str, **changes: object) -> str:
        return Wording.of(kpi, [row], lang, "EUR").change({**row, **changes})

    assert said("en") == "+3.2 points on August"
    assert said("de") == "+3,2 Punkte gegenüber August"
    assert said("en", previous_value=0.472) == "+1.0 points on August"
    assert said("en", previous_value=0.482) == "unchanged from August"
    assert said("en", previous_value=None) == "no value for August to compare with"
    assert said("en", is_complete=False) == "+3.2 points on the same days of August"
    assert said("en", value=None) == ""
