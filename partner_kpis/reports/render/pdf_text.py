"""Texts of a PDF with their places, written around them and read back.

Belongs here: marked content that names places, and reading it. Does not belong here: drawing.

A place is a property of marked content (ISO 32000-1, 14.6): viewers ignore it, and it stays with
its text whatever the text is. Text outside of any place counts too, numbered by its page, and so
does what lies over a page.
"""

from __future__ import annotations

import io
from typing import Any, Final

from partner_kpis.errors import UserError
from partner_kpis.reports.document import Identity
from partner_kpis.reports.render import identity as identities
from partner_kpis.reports.render.drawing import Grid

_TAG: Final = "/Place"


def opening(name: str) -> str:
    """The operator that begins a place; the name as UTF-16 in hexadecimal."""
    return f"{_TAG} <</Name <{(chr(0xFEFF) + name).encode('utf-16-be').hex()}>>> BDC"


def cell_place(grid: Grid, row: int, column: int) -> str:
    """As people count: row 1 is the first below the header."""
    part = grid.rows[-1].cells[column].place or str(column + 1)
    return f"{grid.name}/header/{part}" if row == 0 else f"{grid.name}/row {row}/{part}"


def places(content: bytes) -> dict[str, str]:
    """Place → text, of every text that has a digit."""
    from pypdf import PdfReader

    found: dict[str, str] = {}
    for number, page in enumerate(PdfReader(io.BytesIO(content)).pages, start=1):
        counts: dict[str, int] = {}
        for place, text in _texts(page):
            counts[place] = counts.get(place, 0) + 1
            if any(c.isdigit() for c in text):
                nth = f" / line {counts[place]}" if counts[place] > 1 else ""
                found[f"page {number} / {place}{nth}"] = text
        for index, kind in enumerate(_laid_over(page), start=1):
            found[f"page {number} / laid over {index}"] = kind
    return found


def identity(content: bytes) -> Identity:
    """Raises UserError where there is none."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        read = PdfReader(io.BytesIO(content)).metadata
    except PyPdfError as error:
        raise UserError("The file cannot be read as a PDF. Use the file as it was made.") from error
    return identities.from_json(str(read.get("/Keywords", "")) if read else None)


def _laid_over(page: Any) -> list[str]:
    """Pictures, forms and notes: no page of ours has any, and each could cover a number."""
    forms = [str(name) for name in page["/Resources"].get("/XObject", {})]
    notes = [str(n.get_object().get("/Contents", "note")) for n in page.get("/Annots") or []]
    return forms + notes


def _texts(page: Any) -> list[tuple[str, str]]:
    """(place, text) of each line of text in the order in which it is drawn."""
    from pypdf.generic import ContentStream

    contents = page.get_contents()
    if contents is None:
        return []
    operations = ContentStream(contents, page.pdf).operations
    decoders = {name: _decoder(f.get_object()) for name, f in page["/Resources"]["/Font"].items()}
    texts: list[tuple[str, str]] = []
    stack: list[str] = []
    decode: dict[int, str] = {}
    line: list[str] = []
    for operands, operator in operations:
        if operator == b"BDC":
            named: dict[Any, Any] = operands[1] if isinstance(operands[1], dict) else {}
            stack.append(str(named.get("/Name", "")))
        elif operator == b"BMC":
            stack.append("")
        elif operator == b"EMC" and stack:
            stack.pop()
        elif operator == b"Tf":
            decode = decoders.get(operands[0], {})
        elif operator in (b"Tj", b"'", b'"'):
            line.append(_decoded(operands[-1], decode))
        elif operator == b"TJ":
            line += [_decoded(o, decode) for o in operands[0] if isinstance(o, str | bytes)]
        elif operator == b"ET" and line:
            place = next((name for name in reversed(stack) if name), "text")
            texts.append((place, "".join(line)))
            line = []
    return texts


def _decoded(drawn: Any, decode: dict[int, str]) -> str:
    raw = drawn.original_bytes if hasattr(drawn, "original_bytes") else bytes(drawn)
    return "".join(decode.get(code, chr(code)) for code in raw)


def _decoder(font: Any) -> dict[int, str]:
    """Code → character, from the font's own table for readers."""
    if "/ToUnicode" not in font:
        return {}
    table = font["/ToUnicode"].get_data().decode("latin-1")
    codes: dict[int, str] = {}
    section = ""
    for row in table.splitlines():
        if row.strip().endswith(("beginbfchar", "beginbfrange")):
            section = "range" if "range" in row else "char"
        elif row.strip().startswith("endbf"):
            section = ""
        elif section:
            _read_codes(row, section, codes)
    return codes


def _read_codes(row: str, section: str, codes: dict[int, str]) -> None:
    parts = row.replace("[", " ").replace("]", " ").replace("><", "> <").split()
    numbers = [part.strip("<>") for part in parts]
    if section == "char" and len(numbers) == 2:
        codes[int(numbers[0], 16)] = _from_hex(numbers[1])
    elif section == "range" and len(numbers) >= 3:
        start, end = int(numbers[0], 16), int(numbers[1], 16)
        targets = numbers[2:]
        for code in range(start, end + 1):
            if len(targets) > 1:
                codes[code] = _from_hex(targets[code - start])
            else:
                codes[code] = chr(int(targets[0], 16) + code - start)


def _from_hex(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be")
