"""Reading JSON lines and JSON documents, the status page's among them.

Belongs here: objects as rows of text. Does not belong here: values and their types.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from partner_kpis.contracts.model import Contract
from partner_kpis.contracts.rows import quoted
from partner_kpis.landing.inspect_file import HEAD, FileRefusedError, TextFile, inspect_text
from partner_kpis.landing.raw_table import BUFFER, MAX_LINE, NEVER, RawTable, match_fields
from partner_kpis.sources_config import EntitySettings
from partner_kpis.text import Bilingual, both

_SAMPLE = 2_000  # lines whose keys are looked at
_STEP = "\x1f"  # between the keys of a path; a key itself may hold a dot
_NOTHING_LEFT = r'[{]("[^"]*":[{][}],?)*[}]'


def lines_relation(path: Path) -> str:
    """Every line of a text file as one field `line`, in order, blank lines left out."""
    return (
        f"select row_number() over () as _row_number, line from read_csv({quoted(str(path))}, "
        "header = false, auto_detect = false, delim = '\x1f', quote = '', escape = '', "
        f"columns = {{'line': 'VARCHAR'}}, strict_mode = false, nullstr = {quoted(NEVER)}, "
        f"max_line_size = {MAX_LINE}, buffer_size = {BUFFER})"
    )


def read_json(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    file_format: str,
    contract: Contract,
    settings: EntitySettings,
    work: Path,
) -> RawTable:
    """JSON lines, or a document rewritten as such; nested fields are found by their path."""
    text = inspect_text(path, settings, work)
    if file_format == "json":
        text = _document_as_lines(text, contract, work)
    lines = lines_relation(text.path)
    paths = _leaf_paths(connection, _first_lines(connection, text, lines))
    if not paths and file_format == "json" and not text.head:
        # An array without an item has no keys to be missing: a status page without incidents.
        paths = [c.export_name.replace(".", _STEP) for c in contract.columns]
    header = [path.replace(_STEP, ".") for path in paths]
    matched = match_fields(contract, header, settings)
    # A column that the first lines lack may come later, under its own name.
    late = {c.name: c.export_name.replace(".", _STEP) for c in matched.missing}
    wanted = [*(paths[position] for position in sorted(matched.used)), *late.values()]
    fields = {path: f"v[{i + 1}]" for i, path in enumerate(wanted)}
    listed = ", ".join(quoted(_json_path(path)) for path in wanted)
    rest = quoted(json.dumps(_patch_without(wanted)))
    # A line that is no JSON object must not stop the file: it becomes one bad row.
    return RawTable(
        sql=f"""
            select *, case when v is not null
                then cast(json_merge_patch(line, {rest}) as varchar) end as rest
            from (
                select _row_number, line, case when starts_with(ltrim(line), '{{')
                    then try(json_extract_string(line, [{listed}])) end as v
                from ({lines})
            )""",
        text=matched.text([fields.get(path, "null") for path in paths])
        | {name: fields[path] for name, path in late.items()},
        field_names=matched.names(header),
        raw="line",
        unknown=f"case when not regexp_full_match(rest, '{_NOTHING_LEFT}') then rest end",
        unknown_names=matched.unknown,
        missing=matched.missing,
        fault="v is null",
        fault_message=both("quarantine.no_json_object"),
        notes=text.notes,
    )


def _document_as_lines(text: TextFile, contract: Contract, work: Path) -> TextFile:
    """A JSON document (an array, or an object that holds one) rewritten as JSON lines."""
    name = hashlib.sha256(str(text.path).encode()).hexdigest()[:16]  # others have its file name
    lines = work / f"{name}.lines.jsonl"
    # Half a surrogate pair is valid JSON and no valid text: such an item becomes a bad row.
    with lines.open("w", encoding="utf-8", errors="backslashreplace") as file:
        for item in _items(text, contract):
            file.write(json.dumps(item, ensure_ascii=False) + "\n")
    with lines.open(encoding="utf-8") as file:
        head = file.read(HEAD)
    notes = text.notes
    if contract.custom.get("reader") == "upptime" and not head:
        notes = (*notes, _quiet(text))
    return TextFile(lines, text.encoding, head, False, notes)


def _items(text: TextFile, contract: Contract) -> list[Any]:
    """Rows of a document. Raises FileRefusedError when it is cut off or holds no single array."""
    try:
        document = json.loads(text.path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise FileRefusedError("incomplete_json", line=error.lineno, fault=error.msg) from error
    except RecursionError as error:
        raise FileRefusedError("too_deep_json") from error
    if contract.custom.get("reader") == "upptime":
        return _upptime_days(document)
    if isinstance(document, list):
        arrays, page = [document], None
    elif isinstance(document, dict):
        arrays = [value for value in document.values() if isinstance(value, list)]
        page = document.get("page")
    else:
        arrays, page = [], None
    if len(arrays) != 1:
        raise FileRefusedError("no_single_array")
    items = list(arrays[0])
    if items and not any(isinstance(item, dict) for item in items):
        raise FileRefusedError("no_objects")
    if contract.custom.get("reader") == "statuspage" and isinstance(page, dict):
        return [{"page_id": page.get("id"), **i} if isinstance(i, dict) else i for i in items]
    return items


def _upptime_days(document: Any) -> list[Any]:
    """A row for each service and day with minutes down; services without any have none."""
    services = document if isinstance(document, list) else [document]
    rows: list[Any] = []
    for service in services:
        days = service.get("dailyMinutesDown") if isinstance(service, dict) else None
        if not isinstance(days, dict):
            raise FileRefusedError("no_upptime_summary")
        rows += [
            {"slug": service.get("slug"), "name": service.get("name"), "day": day,
             "minutes_down": minutes}
            for day, minutes in days.items()
        ]  # fmt: skip
    return rows


def _quiet(text: TextFile) -> Bilingual:
    """What a summary without any row says all the same: how many services were watched."""
    services = json.loads(text.path.read_text(encoding="utf-8-sig"))
    count = len(services) if isinstance(services, list) else 1
    return both("note.upptime_quiet_one" if count == 1 else "note.upptime_quiet", count=count)


def _first_lines(connection: duckdb.DuckDBPyConnection, text: TextFile, lines: str) -> list[str]:
    """Lines whose keys are looked at; the last one of a head that was cut off is left out."""
    whole = text.head.split("\n")[: -1 if len(text.head) >= HEAD else None]
    if not whole:  # a first line longer than the head
        first = connection.execute(f"select line from ({lines}) limit 1").fetchall()
        whole = [line for (line,) in first]
    return whole[:_SAMPLE]


def _leaf_paths(connection: duckdb.DuckDBPyConnection, lines: Sequence[str]) -> list[str]:
    """Paths of all leaves in these lines, in order; a path is a header field for matching."""
    found: dict[str, None] = {}
    shapes = connection.execute(
        "select shape from ("
        "select try(json_structure(line)) as shape, number "
        "from (select unnest($lines) as line, generate_subscripts($lines, 1) as number)) "
        "where shape is not null group by shape order by min(number)",
        {"lines": list(lines)},
    ).fetchall()
    for (shape,) in shapes:
        document = json.loads(shape)
        if isinstance(document, dict):
            _collect(document, "", found)
    return list(found)


def _collect(document: Mapping[str, Any], prefix: str, found: dict[str, None]) -> None:
    for key, value in document.items():
        if isinstance(value, dict) and value:
            _collect(value, f"{prefix}{key}{_STEP}", found)
        else:
            found.setdefault(f"{prefix}{key}", None)


def _json_path(path: str) -> str:
    return "$" + "".join('."' + part.replace('"', "") + '"' for part in path.split(_STEP))


def _patch_without(paths: Sequence[str]) -> dict[str, Any]:
    """A merge patch that removes these paths (RFC 7396: null removes)."""
    patch: dict[str, Any] = {}
    for path in paths:
        *parents, leaf = path.split(_STEP)
        at = patch
        for parent in parents:
            at = at.setdefault(parent, {})
        at[leaf] = None
    return patch
