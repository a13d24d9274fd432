"""The page of documents: choices, the file that the button hands out, and what lies in reports/.

Belongs here: the page. Does not belong here: what a document says (tests/unit/reports).
"""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import data
from partner_kpis.home import DataHome
from partner_kpis.reports import kinds
from partner_kpis.reports.produce import Order, produce
from partner_kpis.reports.sealing import seal
from partner_kpis.serving import Snapshot
from partner_kpis.text import LANGUAGES, t
from tests.dashboards.pages import open_page, words


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    data.document_source.clear()


def _pressed(monkeypatch: pytest.MonkeyPatch, home: DataHome, **address: str) -> tuple[str, bytes]:
    """Name and content of the file that the button hands out."""
    handed: dict[str, object] = {}

    def button(label: str, **options: object) -> bool:
        if options.get("key") == "document_download":
            handed.update(options, label=label)
        return False

    monkeypatch.setattr("streamlit.download_button", button)
    open_page(monkeypatch, home, "documents", **address)
    make = handed["data"]
    assert callable(make)
    return str(handed["file_name"]), make()


def _chosen(app: AppTest) -> list[str]:
    return [box.value for box in app.selectbox]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_usual_choice_is_the_last_complete_quarter_in_the_readers_language(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome, lang: str
) -> None:
    app = open_page(monkeypatch, healthy_home, "documents", lang=lang)
    assert _chosen(app) == ["2026Q3", "internal", lang, "pptx"]
    assert app.selectbox[0].options[0] == t("documents.running", lang, quarter="2026Q4")


def test_the_address_chooses_and_nonsense_in_it_is_the_usual_choice(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome
) -> None:
    app = open_page(
        monkeypatch, healthy_home, "documents", lang="en", quarter="2026Q2", edition="partner",
        written_in="de", form="xlsx", whose="P-002,P-003",
    )  # fmt: skip
    assert _chosen(app) == ["2026Q2", "partner", "de", "xlsx"]
    assert app.multiselect[0].value == ["P-002", "P-003"]
    app = open_page(
        monkeypatch, healthy_home, "documents", lang="en", quarter="1999Q9", edition="x",
        written_in="fr", form="docx", whose="nobody",
    )  # fmt: skip
    assert _chosen(app) == ["2026Q3", "internal", "en", "pptx"]
    assert len(app.multiselect[0].value) == 1


def test_what_is_chosen_goes_into_the_address(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome
) -> None:
    app = open_page(monkeypatch, healthy_home, "documents", lang="en")
    app.selectbox[3].select("pdf").run()
    app.multiselect[0].select("P-003").run()
    assert app.query_params["form"] == "pdf"
    assert "P-003" in app.query_params["whose"].split(",")


def test_the_button_hands_out_the_very_file_that_the_command_writes(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome, tmp_path: Path
) -> None:
    name, content = _pressed(
        monkeypatch, healthy_home, lang="en", form="json", whose="P-003", edition="partner",
        written_in="de",
    )  # fmt: skip
    path = Snapshot.locate(healthy_home)
    wish = kinds.Wish("qbr", "P-003", "2026Q3", "partner", "de")
    (written,) = produce(Order.below(DataHome.at(tmp_path), path, [wish], ["json"]))
    assert name == written.files[0].name
    assert content == written.files[0].read_bytes()


def test_several_partners_come_as_one_archive(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome
) -> None:
    name, content = _pressed(monkeypatch, healthy_home, lang="en", form="json", whose="P-002,P-003")
    assert name == "QBR_2026Q3_internal_en.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        partners = [json.loads(archive.read(one))["identity"]["partner_id"] for one in names]
    assert partners == ["P-002", "P-003"]
    assert all(
        one.startswith(f"QBR_{partner}_") for one, partner in zip(names, partners, strict=True)
    )


def test_the_page_says_whether_the_snapshot_stays_and_what_is_written(
    monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome, tmp_path: Path
) -> None:
    app = open_page(monkeypatch, healthy_home, "documents", lang="en")
    assert "not sealed" in words(app)
    assert f"None has been written into {healthy_home.reports} yet." in words(app)
    assert app.code[-1].value.startswith(f"partner-kpis qbr --home {healthy_home.root}")

    home = DataHome.at(tmp_path / "home")
    shutil.copytree(healthy_home.root, home.root, symlinks=True)
    _make_sealable(home)
    path, _ = seal(home, "qbr 2026Q3")
    wish = kinds.Wish("qbr", "P-003", "2026Q3", "partner", "de")
    (written,) = produce(Order.below(home, path, [wish], ["json"]))
    (home.reports / "data_docs").mkdir()
    (home.reports / "data_docs" / "index.html").write_text("no document", encoding="utf-8")
    app = open_page(monkeypatch, home, "documents", lang="de")
    assert "ist versiegelt (seit " in words(app)
    assert app.dataframe[0].value.iloc[:, 0].to_list() == [written.files[0].name]


def test_looking_writes_nothing(monkeypatch: pytest.MonkeyPatch, healthy_home: DataHome) -> None:
    before = sorted(healthy_home.root.rglob("*"))
    _pressed(monkeypatch, healthy_home, lang="en", form="json")
    assert sorted(healthy_home.root.rglob("*")) == before


def _make_sealable(home: DataHome) -> None:
    """What a run leaves with a snapshot, and the hand-made one lacks."""
    import duckdb

    path = Snapshot.locate(home)
    with duckdb.connect(str(path)) as connection:
        connection.execute("alter table snapshot add column if not exists ledger_commits bigint")
        connection.execute("update snapshot set ledger_commits = 1")
    (path.parent / "config").mkdir()
