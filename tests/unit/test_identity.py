"""Rates of matched ids, and the row that accepts a suggestion."""

from __future__ import annotations

from pathlib import Path

import pytest

from partner_kpis import formats
from partner_kpis.crosswalk import Crosswalk
from partner_kpis.home import DataHome
from partner_kpis.serving import Snapshot, identity
from partner_kpis_cli.status_page import Facts, Page
from tests.dashboards.snapshot_fixture import make_snapshot


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    made = DataHome(tmp_path_factory.mktemp("home")).create()
    make_snapshot(made)
    return made


def test_rates_are_counted_by_kind_and_export(home: DataHome) -> None:
    with Snapshot.open(home) as snapshot:
        rows = identity.match_rates(snapshot).rows()
    assert rows == [
        ("account", "prm", "referral", 20, 20, 20, 0, 0),
        ("account", "telemetry", "event", 10, 8, 6, 1, 1),
        ("integration", "sla", "statuspage_incident", 1, 0, 0, 0, 0),
        ("partner", "prm", "partner", 8, 7, 7, 0, 0),
    ]


def test_a_low_rate_is_one_of_accounts_or_partners_and_components_are_no_fault(
    home: DataHome,
) -> None:
    with Snapshot.open(home) as snapshot:
        assert identity.low_rates(snapshot).rows() == [
            ("prm", "partner", 8, 7),
            ("telemetry", "account", 10, 8),
        ]


def test_the_row_of_a_suggestion_is_one_that_the_crosswalk_reads(home: DataHome) -> None:
    with Snapshot.open(home) as snapshot:
        best, count = identity.suggestions(snapshot, 2)
    assert (best.height, count) == (2, 3)
    row = identity.crosswalk_row(best.row(0, named=True))
    home.crosswalk_file.write_text(f"{identity.CROSSWALK_HEADER}\n{row}\n", encoding="utf-8")
    (read,) = Crosswalk.load(home).rows
    assert (read.id, read.kind, read.matched_id) == ("P-008", "partner", "A31")


def test_an_id_with_a_comma_stays_one_field() -> None:
    told = identity.crosswalk_row(
        {"kind": "account", "source": "hubspot", "entity": "company", "source_id": "hubspot|1",
         "candidate_id": "a,b"}
    )  # fmt: skip
    assert told == 'hubspot,company,hubspot|1,account,"a,b",'


@pytest.mark.parametrize(
    ("lang", "accounts", "partners"),
    [
        ("en", "of 10 account ids", "of 8 partner ids"),
        ("de", "von 10 Kunden-Ids", "von 8 Partner-Ids"),
    ],
)
def test_status_names_each_source_below_95_percent(
    home: DataHome, capsys: pytest.CaptureFixture[str], lang: str, accounts: str, partners: str
) -> None:
    Page(Facts.of(home), lang).print()
    said = capsys.readouterr().out
    assert f"telemetry: {formats.percent(0.8, lang)} {accounts}" in said
    assert f"prm: {formats.percent(0.875, lang)} {partners}" in said
    assert "sla:" not in said


def test_status_says_nothing_where_all_is_matched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = DataHome(tmp_path).create()
    make_snapshot(home, empty=True)
    Page(Facts.of(home), "en").print()
    assert "Matched records" not in capsys.readouterr().out
