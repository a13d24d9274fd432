"""config/crosswalk.csv: what a person reviewed, read strictly, with one sentence a faulty row."""

from __future__ import annotations

from pathlib import Path

import pytest

from partner_kpis.crosswalk import Crosswalk, Reviewed
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome

HEADER = "source,entity,id,kind,matched_id,note\n"


@pytest.fixture
def home(tmp_path: Path) -> DataHome:
    return DataHome.at(tmp_path / "home").create()


def loaded(home: DataHome, text: str, encoding: str = "utf-8") -> Crosswalk:
    home.crosswalk_file.write_bytes(text.encode(encoding))
    return Crosswalk.load(home)


def refused(home: DataHome, text: str) -> str:
    with pytest.raises(UserError) as error:
        loaded(home, text)
    return str(error.value)


def test_without_a_file_nothing_is_reviewed(home: DataHome) -> None:
    assert Crosswalk.load(home).rows == ()
    assert loaded(home, HEADER).fingerprint == Crosswalk().fingerprint


def test_rows_are_read_trimmed_and_blank_lines_are_no_rows(home: DataHome) -> None:
    text = HEADER + '\n telemetry , event,t-17 ,account,001A,"seen, by hand"\n\n'
    assert loaded(home, text).rows == (Reviewed("telemetry", "event", "t-17", "account", "001A"),)


def test_a_file_that_a_german_spreadsheet_saved_is_read(home: DataHome) -> None:
    text = "Source;Entity;Id;Kind;Matched_Id\r\nprm;partner;P1;partner;hubspot|7\r\n"
    assert loaded(home, text, "utf-8-sig").rows == (
        Reviewed("prm", "partner", "P1", "partner", "hubspot|7"),
    )


def test_ids_are_written_as_the_models_write_them(home: DataHome) -> None:
    text = HEADER + (
        "hubspot,company,7,account,001Qy0000004D1l\n"
        "hubspot,company,hubspot|8,partner,P8\n"
        "prm,partner,PARTNERNUMBER15,partner,001Qy0000004D1lIAE\n"
        "telemetry,event,abcdefghijklmnO,account,001Qy0000004D1lIAE\n"
    )
    assert [(row.id, row.matched_id) for row in loaded(home, text).rows] == [
        ("hubspot|7", "001Qy0000004D1lIAE"),
        ("hubspot|8", "P8"),
        ("PARTNERNUMBER15", "001Qy0000004D1lIAE"),
        ("abcdefghijklmnOAAQ", "001Qy0000004D1lIAE"),
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("telemetry,event,,account,001A,", ("row 2", "id is empty")),
        ("telemetry,event,t,account, ,", ("row 2", "matched_id is empty")),
        ("telemetry,event,t,acount,001A,", ("row 2", "'acount'", "mean 'account'")),
        ("telemetry,events,t,account,001A,", ("row 2", "'telemetry/events'", "telemetry/event")),
        ("salesforce,account,001B,account,001A,", ("row 2", "names nothing of kind account")),
        ("prm,referral,ACME,account,001B,", ("row 2", "'ACME'", "in row 1")),
        ("prm,referral,A,account,1,a,b", ("row 2", "7 fields and 6 columns")),
    ],
)
def test_a_faulty_row_is_named_by_its_number(
    home: DataHome, row: str, words: tuple[str, ...]
) -> None:
    told = refused(home, f"{HEADER}prm,referral,ACME,account,001A,\n{row}\n")
    assert str(home.crosswalk_file) in told
    assert all(word in told for word in words), told


def test_a_company_that_leads_to_one_that_leads_on_is_refused(home: DataHome) -> None:
    told = refused(home, HEADER + "hubspot,company,1,account,2,\nhubspot,company,2,account,001A,\n")
    assert "row 1" in told and "matched to another account itself" in told
    for itself in ("1", "hubspot|1"):
        apart = loaded(home, HEADER + f"hubspot,company,1,account,{itself},\n")
        assert apart.rows[0].matched_id == "hubspot|1"


def test_every_faulty_row_has_its_sentence_up_to_five(home: DataHome) -> None:
    told = refused(home, HEADER + "telemetry,event,,account,001A,\n" * 8)
    assert told.count("id is empty") == 5 and "3 more rows are faulty." in told


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("source,entity,id,kind\n", "'matched_id' is missing"),
        ("source,entity,id,kind,matchd_id\n", "mean 'matched_id'"),
        ("source,source,entity,id,kind,matched_id\n", "twice"),
        ("", "'source' is missing"),
    ],
)
def test_a_wrong_header_is_refused(home: DataHome, text: str, word: str) -> None:
    assert word in refused(home, text)


def test_a_file_in_another_encoding_is_refused(home: DataHome) -> None:
    home.crosswalk_file.write_bytes(HEADER.encode() + b"prm,partner,\xfc,partner,1,\n")
    with pytest.raises(UserError, match="no UTF-8 text"):
        Crosswalk.load(home)


def test_the_fingerprint_changes_with_what_rows_say_and_not_with_notes(home: DataHome) -> None:
    row = "prm,referral,ACME,account,001A,"
    plain = loaded(home, f"{HEADER}{row}\n").fingerprint
    assert plain == loaded(home, f"{HEADER}{row}checked in May\n").fingerprint
    assert plain != loaded(home, f"{HEADER}{row.replace('001A', '001B')}\n").fingerprint
