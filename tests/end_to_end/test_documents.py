"""Documents from the command line, and checked by it: what is printed is what the lake gives.

Belongs here: qbr, ops-pack and verify from exports to exit codes. Does not belong here: what a
document says (tests/unit/reports), stopping whoever makes them (test_produce.py).
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pptx
import pytest
from helpers import copied, publish, write_csv
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ByteStringObject, ContentStream, NameObject
from tiny_world import TINY_AS_OF, opportunity

from partner_kpis.home import DataHome, project_root
from partner_kpis.reports.kinds import FORMATS
from partner_kpis.reports.sealing import seal_of
from partner_kpis.serving import Snapshot
from partner_kpis.warehouse import code_version

QUARTER = "2026Q1"


def partner_kpis(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "partner_kpis_cli.main", *map(str, words)]
    return subprocess.run(
        command, cwd=project_root(), env={**os.environ, "COLUMNS": "400"}, text=True,
        capture_output=True, timeout=240, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def home(tiny: DataHome, tmp_path_factory: pytest.TempPathFactory) -> DataHome:
    """A home with all documents of a quarter and an ops pack, that has gone on since."""
    home = copied(tiny, tmp_path_factory.mktemp("documents") / "home")
    made = partner_kpis("qbr", "--home", home.root, "--format", ",".join(FORMATS))
    assert made.returncode == 0, made.stderr
    assert "1/2 " in made.stdout and "2 documents of 2026Q1 in 10 files" in made.stdout
    pack = partner_kpis(
        "ops-pack", "--home", home.root, "--partner", "P1", "--edition", "partner", "--lang", "de",
        "--format", "html",
    )  # fmt: skip
    assert pack.returncode == 0, pack.stderr
    newer = opportunity(1, Amount=2000, SystemModstamp="2026-06-19T09:00:00Z")
    write_csv(home, "salesforce/opportunity", [newer], name="newer.csv")
    publish(home, as_of=TINY_AS_OF)
    return home


def _files(home: DataHome) -> list[Path]:
    return sorted(path for path in home.reports.glob("2026*/*") if path.is_file())


def test_the_files_carry_the_names_of_their_documents_and_one_seal(home: DataHome) -> None:
    names = [path.name for path in _files(home)]
    assert len(names) == 11
    (sha8,) = {path.stem.rpartition("_")[2] for path in _files(home)}
    assert f"QBR_P1_2026Q1_internal_en_{sha8}.pptx" in names
    assert f"OPS_P1_2026-05_partner_de_{sha8}.html" in names
    sealed = [seal_of(home, path.name) for path in home.serving.iterdir() if not path.is_symlink()]
    (seal,) = [one for one in sealed if one is not None]
    assert seal.sha256.startswith(sha8)
    assert seal.purpose == f"qbr {QUARTER}"


def test_every_document_is_verified_although_the_home_has_gone_on(home: DataHome) -> None:
    checked = partner_kpis("verify", *_files(home), "--home", home.root)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert len(re.findall(r"verified\. All \d+ printed places", checked.stdout)) == 11


def _altered_pptx(path: Path) -> tuple[str, str]:
    """One number of a native table, changed as in PowerPoint."""
    deck = pptx.Presentation(str(path))
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_table:
                for row in list(shape.table.rows)[1:]:
                    for cell in row.cells:
                        runs = [run for p in cell.text_frame.paragraphs for run in p.runs]
                        if len(runs) == 1 and re.search(r"\d", runs[0].text):
                            runs[0].text = _other(runs[0].text)
                            deck.save(str(path))
                            return runs[0].text, shape.name
    raise AssertionError("The deck has no table with a number.")


def _altered_xlsx(path: Path) -> tuple[str, str]:
    """One numeric cell, changed as in a spreadsheet."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets[1:]:
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                    cell.value += 1
                    book.save(path)
                    return f"{cell.value:.6g}"[:6], f"{sheet.title} / {cell.coordinate}"
    raise AssertionError("The workbook has no number.")


def _altered_pdf(path: Path) -> tuple[str, str]:
    """The glyphs of one printed number in another order, as an editor of PDF would write them."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(path.read_bytes())))
    for number, page in enumerate(writer.pages, start=1):
        stream = ContentStream(page.get_contents(), writer)
        here = ""
        for operands, operator in stream.operations:
            if operator == b"BDC":
                here = str(operands[1]["/Name"])
            raw = operands[0].original_bytes if operator == b"Tj" else b""
            if "/row " in here and here.endswith("/value") and raw[1:] + raw[:1] != raw:
                operands[0] = ByteStringObject(raw[1:] + raw[:1])
                page[NameObject("/Contents")] = stream
                writer.write(path)
                return "", f"page {number} / {here}"
    raise AssertionError("The PDF has no number in a table.")


def _altered_text(pattern: str) -> Callable[[Path], tuple[str, str]]:
    def change(path: Path) -> tuple[str, str]:
        text = path.read_text(encoding="utf-8")
        found = re.search(pattern, text)
        assert found, pattern
        other = _other(found["number"])
        start, end = found.span("number")
        path.write_text(text[:start] + other + text[end:], encoding="utf-8")
        return other, found.groupdict().get("place") or ""

    return change


def _other(number: str) -> str:
    return re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), number, count=1)


ALTERATIONS: dict[str, Callable[[Path], tuple[str, str]]] = {
    "pptx": _altered_pptx,
    "xlsx": _altered_xlsx,
    "pdf": _altered_pdf,
    "html": _altered_text(r'data-place="(?P<place>p4/[^"]+/\d+/value)">(?P<number>[^<]*\d[^<]*)<'),
    "json": _altered_text(r'"text": ?"(?P<number>\d[^"]*)"'),
}


def test_one_altered_number_of_each_format_is_named_and_a_foreign_one_too(
    home: DataHome, tmp_path: Path
) -> None:
    altered: dict[str, tuple[Path, str, str]] = {}
    for form, alter in ALTERATIONS.items():
        (path,) = home.reports.glob(f"{QUARTER}/QBR_P1_*.{form}")
        copy = tmp_path / path.name
        shutil.copyfile(path, copy)
        altered[form] = (copy, *alter(copy))
    good = next(home.reports.glob(f"{QUARTER}/QBR_P2_*.pptx"))

    checked = partner_kpis(
        "verify", *(copy for copy, _, _ in altered.values()), good, "--home", home.root
    )
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert f"{good.name}: verified." in checked.stdout
    for copy, now, place in altered.values():
        part = checked.stdout.partition(f"{copy.name}: ")[2]
        head, *lines = part.splitlines()
        told = [line for line in lines[: int(head.split(" ")[0])] if line.startswith("  ")]
        assert 1 <= len(told) <= 2, part
        assert now in told[0] and place in told[0], told
        assert "the lake says" in told[0]


def test_what_cannot_be_verified_says_why(home: DataHome, tmp_path: Path) -> None:
    document = next(home.reports.glob(f"{QUARTER}/QBR_P1_*.json"))
    nonsense = tmp_path / "deck.pptx"
    nonsense.write_bytes(b"no deck")
    other = tmp_path / "notes.txt"
    other.write_text("1", encoding="utf-8")
    elsewhere = DataHome.at(tmp_path / "elsewhere").create()
    text = document.read_text(encoding="utf-8")
    sha256 = re.search(r'"snapshot_hash": ?"([0-9a-f]{64})"', text)
    assert sha256
    forged = tmp_path / document.name
    forged.write_text(text.replace(sha256[1], "0" * 64), encoding="utf-8")
    for words, why in (
        ((nonsense, "--home", home.root), "does not say which snapshot it was made from"),
        ((other, "--home", home.root), "its name must end with one of .pptx"),
        ((tmp_path / "none.pdf", "--home", home.root), "cannot be read"),
        ((document, "--home", elsewhere.root), "is not kept in"),
        ((forged, "--home", home.root), "the document's identity was altered"),
    ):
        checked = partner_kpis("verify", *words)
        assert checked.returncode == 2, checked.stdout
        assert why.lower() in checked.stderr.lower()
        assert "cannot be verified" in checked.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--quarter", "2031Q1"], "The data do not reach 2031Q1"),
        (["--quarter", "Q3"], "'Q3' is no quarter"),
        (["--partner", "P11"], "There is no partner 'P11' here (did you mean 'P1'?)"),
        (["--format", "ppt"], "'ppt' is no format (did you mean 'pptx'?)"),
        (["--edition", "public"], "'public' is no edition"),
    ],
)
def test_a_wrong_wish_is_a_sentence_and_seals_nothing(
    home: DataHome, words: list[str], sentence: str
) -> None:
    seals = sorted(home.serving.glob("*/SEALED"))
    asked = partner_kpis("qbr", "--home", home.root, *words)
    assert asked.returncode == 1
    assert sentence in asked.stderr
    assert sorted(home.serving.glob("*/SEALED")) == seals


def test_the_asset_makes_a_quarter_and_is_no_part_of_a_run(home: DataHome, tmp_path: Path) -> None:
    from dagster import AssetKey, DagsterInstance, materialize

    from pipelines.build import JOB, build_definitions
    from pipelines.dbt_project import parse
    from pipelines.documents import qbr_asset, quarters
    from pipelines.resources import HomeResource

    mine = DataHome.at(tmp_path / "home")
    shutil.copytree(home.root, mine.root, symlinks=True)
    assert quarters(mine)[-2:] == [QUARTER, "2026Q2"]
    document = parse(mine, code_version()).document
    job = build_definitions(mine, document).resolve_job_def(JOB)
    key = AssetKey(["reports", "qbr_documents"])
    assert AssetKey(["serving", "snapshot"]) in job.asset_layer.executable_asset_keys
    assert key not in job.asset_layer.executable_asset_keys

    config = {"ops": {"reports__qbr_documents": {"config": {"formats": ["json"], "lang": "de"}}}}
    result = materialize(
        [qbr_asset(mine)], partition_key=QUARTER, instance=DagsterInstance.ephemeral(),
        resources={"home": HomeResource(root=str(mine.root))}, run_config=config,
    )  # fmt: skip
    assert result.success
    assert len(list(mine.reports.glob(f"{QUARTER}/QBR_*_de_*.json"))) == 2
    served = Snapshot.locate(mine).parent.name
    assert seal_of(mine, served) is not None
