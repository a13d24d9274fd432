"""A document as JSON, for machines.

Belongs here: the form that other programs may rely on. Does not belong here: layout.

    {"schema_version": "1.0", "identity": {…}, "title", "subtitle", "footer", "pages": [
        {"number", "key", "title", "blocks": [{"type": "table", "key", …}, …]}, …]}

A block has the fields of its class in reports/document.py; `type` is the class's name in small
letters. A cell is a text or an object with a `type`: figure, mark, corridor or spark. A figure has
value, text, kind, decimals, currency and origin (table, key, column; null where it has none);
decimals of money stay exact: they are strings, other numbers are numbers, dates are ISO 8601.
A new field is a minor version of the schema, anything else a major one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from partner_kpis.errors import UserError
from partner_kpis.reports.document import (
    Chart,
    Corridor,
    Document,
    Facts,
    Figure,
    Identity,
    Mark,
    Nothing,
    Origin,
    Spark,
    Statements,
    Table,
    Tiles,
)  # fmt: skip
from partner_kpis.reports.render import identity as identities

SCHEMA_VERSION: Final = "1.0"
_TYPED: Final = (
    Table, Chart, Tiles, Statements, Facts, Nothing, Figure, Mark, Corridor, Spark,
)  # fmt: skip


def render(document: Document) -> bytes:
    """The whole document; the same document gives the same bytes."""
    written = {
        "schema_version": SCHEMA_VERSION,
        "identity": identities.to_dict(document.identity),
        "title": document.title,
        "subtitle": document.subtitle,
        "footer": document.footer,
        "pages": [_plain(page) for page in document.pages],
    }
    return (json.dumps(written, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def places(content: bytes) -> dict[str, str]:
    """Every value with a digit: its path, such as pages/4/blocks/scorecard/rows/3/2/text → text.

    Pages and blocks go by number and key, all else by its position from 1.
    """
    read = _read(content)
    read.pop("identity", None)
    return {path: text for path, text in _leaves(read, "") if any(c.isdigit() for c in text)}


def identity(content: bytes) -> Identity:
    """Raises UserError where there is none."""
    return identities.from_json(json.dumps(_read(content).get("identity")))


def _read(content: bytes) -> dict[str, Any]:
    try:
        read = json.loads(content)
    except ValueError as error:
        raise UserError("The file cannot be read as JSON. Use the file as it was made.") from error
    return read if isinstance(read, dict) else {}


def _plain(value: Any) -> Any:
    if isinstance(value, Origin):
        return {"table": value.table, "key": dict(value.key), "column": value.column}
    if is_dataclass(value):
        typed = {"type": type(value).__name__.lower()} if isinstance(value, _TYPED) else {}
        return typed | {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{path}/{key}" if path else key)
    elif isinstance(value, list):
        for position, item in enumerate(value, start=1):
            name = str(position)
            if isinstance(item, dict):
                name = str(item.get("number") or item.get("key") or position)
            yield from _leaves(item, f"{path}/{name}")
    elif value is not None:
        yield path, str(value)
