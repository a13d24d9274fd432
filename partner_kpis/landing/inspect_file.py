"""A first look at a file: is it readable text, in which encoding, with which delimiter.

Belongs here: bytes. Does not belong here: columns and values.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from partner_kpis.contracts.model import Contract
from partner_kpis.landing.headers import match_header
from partner_kpis.sources_config import EntitySettings
from partner_kpis.text import Bilingual, both

CHUNK = 1 << 20
HEAD = 1 << 20  # characters: some thousand lines of JSON, whose keys are looked at
SUFFIXES = {
    ".csv": "csv", ".csv.gz": "csv", ".tsv": "csv", ".tsv.gz": "csv",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".jsonl.gz": "jsonl", ".ndjson.gz": "jsonl",
    ".json": "json", ".parquet": "parquet",
}  # fmt: skip


# What a file begins with that its ending does not admit: the text that says so.
_MAGIC = (
    (b"PK\x03\x04", "is_zip"), (b"\xd0\xcf\x11\xe0", "is_old_excel"), (b"%PDF", "is_pdf"),
    (b"\x1f\x8b", "is_gzip"), (b"PAR1", "is_parquet"),
)  # fmt: skip


class FileRefusedError(Exception):
    """The file as a whole cannot be read; the text refused.<key> says so to its owner.

    told: that text in both languages. str() is the English one: the command line prints it.
    first_line: what the file begins with, where nothing of it is known; may hold personal values.
    """

    first_line: tuple[str, ...] = ()

    def __init__(self, key: str, **values: object) -> None:
        self.told = both(f"refused.{key}", **values)
        super().__init__(self.told.en)


@dataclass(frozen=True)
class TextFile:
    """What the first look found. `path` holds UTF-8 (perhaps gzipped), ready for DuckDB."""

    path: Path
    encoding: str
    head: str
    has_odd_quotes: bool
    notes: tuple[Bilingual, ...]


def format_of(path: Path) -> str:
    """csv, jsonl, json or parquet. Raises FileRefusedError for any other ending."""
    name = path.name.lower()
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if name.endswith(suffix):
            return SUFFIXES[suffix]
    raise FileRefusedError("unknown_ending", name=path.name, endings=", ".join(SUFFIXES))


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def inspect_text(path: Path, settings: EntitySettings, work: Path) -> TextFile:
    """Check that the file is text and bring it into UTF-8; `work` takes a converted copy.

    Raises FileRefusedError for empty, truncated, binary, UTF-16 and web-page files.
    """
    declared = settings.encoding
    if declared == "cp1252":
        return _as_cp1252(path, work, declared=True)
    try:
        head, quotes = _scan(path, "utf-8")
    except UnicodeDecodeError as error:
        if declared is not None:
            raise FileRefusedError(
                "not_as_declared", encoding=declared, position=error.start
            ) from error
        return _as_cp1252(path, work, declared=False)
    _refuse_web_page(head)
    notes = (both("note.byte_order_mark"),) if head.startswith("\ufeff") else ()
    return TextFile(path, "utf-8", head.lstrip("\ufeff"), quotes % 2 == 1, notes)


def delimiter_of(head: str, contract: Contract, settings: EntitySettings, name: str) -> str:
    """The declared delimiter, else the one whose header fits the contract best."""
    if settings.delimiter:
        return settings.delimiter
    candidates = ["\t", ",", ";"] if ".tsv" in name.lower() else [",", ";", "\t"]
    fits = []
    for delimiter in candidates:
        header = header_of(head, delimiter)
        matched = len(match_header(contract, header, settings.columns).fields)
        fits.append((matched, len(header), -candidates.index(delimiter), delimiter))
    return max(fits)[3]


def header_of(head: str, delimiter: str) -> list[str]:
    """The first record that is not blank."""
    for record in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
        if any(field.strip() for field in record):
            return [field.strip() for field in record]
    raise FileRefusedError("no_header")


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with _opened(path) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileRefusedError("damaged_gzip") from error


def _opened(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")  # type: ignore[return-value]


def _scan(path: Path, encoding: str, into: IO[str] | None = None) -> tuple[str, int]:
    """Decode the whole file; returns its first characters and the number of quotes."""
    decoder = codecs.getincrementaldecoder(encoding)()
    head = ""
    quotes = 0
    size = 0
    for chunk in _chunks(path):
        if size == 0 and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise FileRefusedError("utf16")
        if size == 0:
            for magic, key in _MAGIC:
                if chunk.startswith(magic):
                    raise FileRefusedError(key)
        if b"\0" in chunk:
            raise FileRefusedError("nul_bytes")
        # Most of a large file is plain ASCII behind its head: nothing to decode, nothing to keep.
        if into is not None or len(head) < HEAD or decoder.getstate()[0] or not chunk.isascii():
            text = decoder.decode(chunk)
            head += text[: max(0, HEAD - len(head))]
            if into is not None:
                into.write(text)
        quotes += chunk.count(b'"')
        size += len(chunk)
    decoder.decode(b"", final=True)
    if not head.strip():
        raise FileRefusedError("empty")
    return head, quotes


def _as_cp1252(path: Path, work: Path, *, declared: bool) -> TextFile:
    copy = work / f"{hashlib.sha256(str(path).encode()).hexdigest()[:16]}.utf8"
    try:
        with copy.open("w", encoding="utf-8", newline="") as file:
            head, quotes = _scan(path, "cp1252", file)
    except UnicodeDecodeError as error:
        raise FileRefusedError("unknown_encoding") from error
    _refuse_web_page(head)
    note = both("note.cp1252_declared" if declared else "note.cp1252_guessed")
    return TextFile(copy, "cp1252", head, quotes % 2 == 1, (note,))


def _refuse_web_page(head: str) -> None:
    start = head.lstrip("\ufeff \r\n\t")[:200].lower()
    if start.startswith(("<!doctype html", "<html", "<head", "<?xml")):
        raise FileRefusedError("web_page")
