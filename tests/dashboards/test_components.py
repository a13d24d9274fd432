"""Tables, drawings and words, without a page around them."""

from __future__ import annotations

import csv
import io
import random
from base64 import b64decode
from dataclasses import replace
from datetime import date
from decimal import Decimal

import altair
import polars as pl
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.elements.lib.pandas_styler_utils import marshall_styler
from streamlit.proto.ArrowData_pb2 import ArrowData

from dashboards.components import benchmark, chart, drawings, evidence, labels, tables, tiles
from dashboards.components.reasons import listed, reason
from partner_kpis.home import DataHome
from partner_kpis.serving import KpiDefinition, Snapshot
from partner_kpis.text import LANGUAGES
from partner_kpis.wording import Wording


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


def test_a_tile_draws_complete_periods_only(kpis: dict[str, KpiDefinition]) -> None:
    rows = [{"value": 1.0, "is_complete": n < 8, "status": "running"} for n in range(9)]
    drawn = b64decode(tiles.spark(rows, "en").split("base64,")[1].split('"')[0]).decode()
    assert drawn.count("<circle") == 8 and "dasharray" not in drawn
    assert tiles.spark_words(rows, "en") == "last 8 complete periods"
    assert tiles.spark_words(rows[7:], "de") == "ein abgeschlossener Zeitraum"


def test_bars_begin_at_zero_on_a_scale_that_is_said(kpis: dict[str, KpiDefinition]) -> None:
    share = Wording(kpis["partner_win_rate"], "en", "EUR", 0)
    days = Wording(kpis["time_to_activation"], "en", "EUR", 1)
    assert benchmark._scale([0.49, 0.3], share) == (0, 1)
    assert benchmark._scale([], share) == (0, 1)
    assert benchmark._scale([10.4, 7.0], days) == (0, 20)
    assert benchmark._scale([-30.0, 43.0], days) == (-50, 50)
    group = {"member": "strategic", "value": 0.49, "partners": 9, "sample_size": 80,
             "status": "watch"}  # fmt: skip
    assert "margin-left:0.0%;width:49.0%" in benchmark._bar("tier", group, (0, 1), share)
    low = benchmark._bar("tier", {**group, "value": -25.0}, (-50, 50), days)
    assert "margin-left:25.0%;width:25.0%" in low


def test_names_cover_neither_each_other_nor_a_point() -> None:
    rng = random.Random(7)
    points = [(rng.uniform(0, 700), rng.uniform(0, 380)) for _ in range(60)]
    names = [f"Partner number {n}" if n < 40 else None for n in range(60)]
    found = labels.places(points, names, 800, 380)
    boxes = [
        labels._box(x + place.dx, y + place.dy, labels.CHARACTER * len(name), place.align)
        for (x, y), name, place in zip(points, names, found, strict=True)
        if place and name
    ]
    assert len(boxes) >= 6 and not any(found[40:])
    for at, box in enumerate(boxes):
        assert box[0] >= 0 and box[2] <= 800
        assert not any(labels._meet(box, other) for other in boxes[:at])
    dots = [(x, y, x, y) for x, y in points]
    assert not any(labels._meet(dot, box) for dot in dots for box in boxes)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_running_period_is_compared_with_the_same_days(
    kpis: dict[str, KpiDefinition], lang: str
) -> None:
    row = {"previous_value": 56, "period_type": "year", "period_start": date(2026, 1, 1)}
    flow = Wording(kpis["partner_win_rate"], lang, "EUR", 0)
    balance = Wording(kpis["partner_influenced_pipeline"], lang, "EUR", 0)
    running, complete = {**row, "is_complete": False}, {**row, "is_complete": True}
    same = "same days of 2025" if lang == "en" else "dieselben Tage in 2025"
    assert flow.compared_with(running) == same
    assert flow.compared_with(complete) == balance.compared_with(running) == "2025"
    assert flow.compared_with({**running, "previous_value": None}) == ""


def test_evidence_of_single_values_is_one_column_in_the_kpis_unit(
    kpis: dict[str, KpiDefinition],
) -> None:
    observed = pl.DataFrame({
        "observed_on": [date(2026, 9, 1)] * 2, "entity_type": ["installation"] * 2,
        "entity_id": ["a", "b"], "partner_ids": [["P-1"], []], "name": ["A", None],
        "numerator": [Decimal("20.725065671"), Decimal("3.5")], "denominator": [Decimal(1)] * 2,
        "counts_for": ["both"] * 2,
    })  # fmt: skip
    days = Wording(kpis["time_to_activation"], "de", "EUR", 1)
    frame, decimals = evidence.observations(observed, days, {"P-1": "Köhler"})
    assert frame.columns == ["Was", "Id", "Name", "Partner", "Tag", "Tage"]
    assert decimals == {"Tage": 1}
    assert tables.rounded(frame, decimals)["Tage"].to_list() == [Decimal("20.7"), Decimal("3.5")]
    exact = tables.rounded(frame, {})
    assert exact["Tage"][0] == Decimal("20.725065671")
    points = replace(kpis["integration_uptime"], unit="score")
    scores, _ = evidence.observations(observed, Wording(points, "en", "EUR", 1), {})
    assert scores.columns[-1] == "Points"
    for kpi in (replace(points, value_factor=100), kpis["partner_win_rate"]):
        frame, decimals = evidence.observations(observed, Wording(kpi, "en", "EUR", 1), {})
        assert frame.columns[-2:] == ["Numerator", "Denominator"] and not decimals


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
    assert "landing/salesforce/opportunity/" in str(nothing)
    crm = {("salesforce", "opportunity")}
    stale = reason(kpi, "source_stale", crm, {("prm", "referral")}, "en")
    assert "landing/prm/referral/" in str(stale)


def test_of_several_ways_to_a_value_the_shortest_come_first_one_a_line(
    kpis: dict[str, KpiDefinition],
) -> None:
    kpi, crm = kpis["partner_influenced_pipeline"], {("salesforce", "opportunity")}
    every = reason(kpi, "source_missing", crm, set(), "de", ways=None)
    assert every.ways == (
        "landing/prm/deal_registration/",
        "landing/prm/referral/",
        "landing/salesforce/opportunity_partner/ und landing/prm/partner/",
        "landing/salesforce/lead/ und landing/prm/partner/",
        "landing/hubspot/deal_company/ und landing/prm/partner/",
        "landing/salesforce/campaign_member/ und landing/salesforce/campaign/ und "
        "landing/salesforce/lead/ und landing/prm/partner/",
    )
    assert listed(every).count("<li>") == 6 and not every.more
    short = reason(kpi, "source_missing", crm, set(), "en")
    assert short.ways == (*every.ways[:2], every.ways[2].replace(" und ", " and "))
    assert "one of 3 others" in short.more and short.more in listed(short)
    # A partner list that has landed already makes some of the ways as short as the first.
    nearer = reason(kpi, "source_missing", crm | {("prm", "partner")}, set(), "en")
    assert nearer.ways[2] == "landing/salesforce/opportunity_partner/"


def test_a_change_is_said_in_words(kpis: dict[str, KpiDefinition]) -> None:
    row = {"value": 0.482, "previous_value": 0.45, "sample_size": 240, "is_complete": True,
           "period_type": "month", "period_start": date(2026, 9, 1)}  # fmt: skip
    kpi = kpis["partner_win_rate"]

    def said(lang: str, **changes: object) -> str:
        return Wording.of(kpi, [row], lang, "EUR").change({**row, **changes})

    assert said("en") == "+3.2 points on August"
    assert said("de") == "+3,2 %-Punkte gegenüber August"
    assert said("en", previous_value=0.472) == "+1.0 points on August"
    assert said("en", previous_value=0.482) == "unchanged from August"
    assert said("en", previous_value=None) == "no value for August to compare with"
    assert said("en", is_complete=False) == "+3.2 points on the same days of August"
    assert said("en", value=None) == ""


@pytest.mark.parametrize(
    ("change", "english", "german"),
    [
        (0.032, "+3.2 percentage points", "+3,2 Prozentpunkte"),
        (-0.01, "\u22121.0 percentage points", "\u22121,0 Prozentpunkte"),
    ],
)
def test_a_difference_of_percentages_is_in_percentage_points(
    kpis: dict[str, KpiDefinition], change: float, english: str, german: str
) -> None:
    kpi = kpis["partner_win_rate"]
    said = [Wording(kpi, lang, "EUR", 1).difference(change) for lang in ("en", "de")]
    assert said == [english, german]
    assert Wording(kpi, "de", "EUR", 0).difference(0.01, signed=False) == "1 Prozentpunkt"
    assert Wording(kpi, "en", "EUR", 0).difference(0.01, short=True) == "+1 point"
    score = Wording(replace(kpi, unit="score"), "de", "EUR", 1)
    assert score.difference(3.2) == "+3,2 Punkte"
