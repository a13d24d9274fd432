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

CHUNK = 1 << 20
HEAD = 1 << 16
SUFFIXES = {
    ".csv": "csv", ".csv.gz": "csv", ".tsv": "csv", ".tsv.gz": "csv",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".jsonl.gz": "jsonl", ".ndjson.gz": "jsonl",
    ".json": "json", ".parquet": "parquet",
}  # fmt: skip


class FileRefusedError(Exception):
    """The file as a whole cannot be read; the message is one sentence for its owner."""


@dataclass(frozen=True)
class TextFile:
    """What the first look found. `path` holds UTF-8 (perhaps gzipped), ready for DuckDB."""

    path: Path
    encoding: str
    head: str
    has_odd_quotes: bool
    notes: tuple[str, ...]


def format_of(path: Path) -> str:
    """csv, jsonl, json or parquet. Raises FileRefusedError for any other ending."""
    name = path.name.lower()
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if name.endswith(suffix):
            return SUFFIXES[suffix]
    raise FileRefusedError(
        f"{path.name} has no ending that can be read. Export it as one of "
        f"{', '.join(SUFFIXES)}, or move it out of the landing folder."
    )


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
                f"It is declared as {declared} but byte {error.start} is not. Export it as UTF-8, "
                "or declare `encoding: cp1252` in config/sources.yml."
            ) from error
        return _as_cp1252(path, work, declared=False)
    _refuse_web_page(head)
    notes = ("UTF-8 with byte-order mark",) if head.startswith("\ufeff") else ()
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
    raise FileRefusedError(
        "It holds no header line. Export it again with a first line of column names."
    )


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with _opened(path) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileRefusedError(
            "The gzip file is damaged or was cut off on its way. Export or copy it again."
        ) from error


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
            raise FileRefusedError("It is UTF-16 text. Export it as UTF-8 (in Excel: CSV UTF-8).")
        if b"\0" in chunk:
            raise FileRefusedError("It holds NUL bytes, so it is no text. Export it as UTF-8 text.")
        text = decoder.decode(chunk)
        if len(head) < HEAD:
            head += text[: HEAD - len(head)]
        if into is not None:
            into.write(text)
        quotes += chunk.count(b'"')
        size += len(chunk)
    decoder.decode(b"", final=True)
    if not head.strip():
        raise FileRefusedError("It is empty. Export it again, or remove it.")
    return head, quotes


def _as_cp1252(path: Path, work: Path, *, declared: bool) -> TextFile:
    copy = work / f"{hashlib.sha256(str(path).encode()).hexdigest()[:16]}.utf8"
    try:
        with copy.open("w", encoding="utf-8", newline="") as file:
            head, quotes = _scan(path, "cp1252", file)
    except UnicodeDecodeError as error:
        raise FileRefusedError(
            "It is neither UTF-8 nor CP1252 (Windows) text. Export it as UTF-8."
        ) from error
    _refuse_web_page(head)
    how = "as declared" if declared else "UTF-8 failed"
    return TextFile(copy, "cp1252", head, quotes % 2 == 1, (f"read as CP1252 ({how})",))


def _refuse_web_page(head: str) -> None:
    start = head.lstrip("\ufeff \r\n\t")[:200].lower()
    if start.startswith(("<!doctype html", "<html", "<head", "<?xml")):
        raise FileRefusedError(
            "It is a web page (often a login page saved by a script) and no export. "
            "Sign in where it comes from and export it again."
        )
