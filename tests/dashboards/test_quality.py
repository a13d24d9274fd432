"""The page of the data: problems and what to do, sources, files, Data Docs."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from partner_kpis import formats
from partner_kpis.home import DataHome
from partner_kpis.text import LANGUAGES
from tests.dashboards.pages import open_page, words
from tests.dashboards.snapshot_fixture import make_snapshot


def test_open_problems_say_what_to_do(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    said = words(open_page(monkeypatch, served_home, "quality"))
    assert "prm/referral/referrals.csv" in said and "login page" in said
    assert "partner-kpis accept telemetry/event/events_202610_b.jsonl.gz" in said
    assert "Rows in quarantine (3)" in said
    assert "Partner P-999 is in referrals" in said


def test_open_problems_are_said_in_german(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    said = words(open_page(monkeypatch, served_home, "quality", lang="de"))
    assert "wohl eine Anmeldeseite" in said and "login page" not in said
    assert "91 % weniger Zeilen" in said and "fewer rows" not in said
    assert "Füllen Sie die Spalte contract_start" in said and "Fill the column" not in said
    assert "kommt in Empfehlungen vor" in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_findings_name_their_export_and_those_of_a_kind_are_one_line(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome, lang: str
) -> None:
    app = open_page(monkeypatch, served_home, "quality", lang=lang)
    said = words(app)
    assert re.search(r"(warning|Warnung) prm/referral Partner P-999", said)
    assert re.search(r"(note|Hinweis) (Something without|Etwas ohne)", said)
    assert len(re.findall(r"INT-1\d\d", said)) == 1 and "telemetry/event 120 " in said
    (expander,) = app.expander
    assert "120" in expander.label
    table = expander.dataframe[0].value
    assert list(table.iloc[:, 0]) == [f"INT-{100 + i}" for i in range(120)]
    assert all(
        name in message for name, message in zip(table.iloc[:, 0], table.iloc[:, 1], strict=True)
    )


def test_a_snapshot_from_before_there_was_german_is_shown_in_english(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = DataHome(tmp_path).create()
    database = make_snapshot(home)
    with duckdb.connect(str(database)) as connection:
        connection.execute("alter table landing_ledger drop column reason_de")
        connection.execute("alter table quarantined_rows drop column message_de")
    said = words(open_page(monkeypatch, home, "quality", lang="de"))
    assert "login page" in said and "Fill the column" in said


def test_sources_and_files_are_tables(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome
) -> None:
    app = open_page(monkeypatch, served_home, "quality")
    sources, files = (app.dataframe[place].value for place in (-2, -1))
    assert "▲ stale" in set(sources["Status"]) and "◆ held" in set(sources["Status"])
    assert "● fresh" in set(sources["Status"])
    targets = sources[sources["Source"] == "planning/target"]
    assert list(targets["Status"]) == ["◉ loaded"]  # they tell until no day that could be too old
    assert set(files["Status"]) == {"● loaded", "■ refused", "◆ held"}


@pytest.mark.parametrize(("lang", "kind"), [("en", "account"), ("de", "Kunde")])
def test_matched_ids_are_counted_by_source_and_suggestions_say_what_to_do(
    monkeypatch: pytest.MonkeyPatch, served_home: DataHome, lang: str, kind: str
) -> None:
    app = open_page(monkeypatch, served_home, "quality", lang=lang)
    rates, suggested = (app.dataframe[place].value for place in (-4, -3))
    telemetry = rates[rates.iloc[:, 0] == "telemetry/event"].iloc[0].to_list()
    assert telemetry == ["telemetry/event", kind, 10, formats.percent(0.8, lang), 6, 1, 1, 2]
    remedies = list(suggested.iloc[:, -1])
    assert remedies[:2] == ["prm,partner,P-008,partner,A31,", "prm,partner,P-008,partner,A32,"]
    assert "INT-9" in remedies[2] and "registry/integration" in remedies[2]
    copied = app.code[0].value.splitlines()
    assert copied == ["source,entity,id,kind,matched_id,note", "prm,partner,P-008,partner,A31,"]


def test_without_accounts_or_in_an_older_snapshot_nothing_is_matched(
    monkeypatch: pytest.MonkeyPatch, empty_home: DataHome, tmp_path: Path
) -> None:
    assert "land salesforce/account" in words(open_page(monkeypatch, empty_home, "quality"))
    home = DataHome(tmp_path).create()
    with duckdb.connect(str(make_snapshot(home))) as connection:
        connection.execute("drop table identity_matches")
        connection.execute("drop table identity_suggestions")
    assert "land salesforce/account" in words(open_page(monkeypatch, home, "quality"))


def test_where_nothing_is_wrong_it_says_so(
    monkeypatch: pytest.MonkeyPatch, empty_home: DataHome
) -> None:
    said = words(open_page(monkeypatch, empty_home, "quality"))
    assert "No file is refused or held." in said and "No row is in quarantine." in said
    assert "No file has landed yet." in said and "No promise has been checked yet." in said


def test_the_data_docs_have_an_address_to_copy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = DataHome(tmp_path).create()
    make_snapshot(home)
    home.data_docs.mkdir(parents=True)
    (home.data_docs / "index.html").write_text("<html></html>", encoding="utf-8")
    app = open_page(monkeypatch, home, "quality")
    assert app.code[-1].value == (home.data_docs / "index.html").as_uri()
