"""Bad files and bad rows, one case a fault, as data.

Belongs here: what is dropped, and what must be said of it in both languages. Does not belong here:
dropping it and looking at what came of it (test_bad_input.py), faults of settings and of the
surroundings (test_bad_surroundings.py).
"""

from __future__ import annotations

import gzip
import io
import json
from dataclasses import dataclass
from typing import Any

import polars as pl

PROBES = "integration_id,checked_at,is_up,response_ms\n"
PROBE = "I1,2026-05-06T10:00:00Z,true,120\n"
PROBE_ROW = {"integration_id": "I1", "checked_at": "2026-05-06T10:00:00Z", "is_up": True}
INCIDENT = {
    "id": "i9", "name": "n", "impact": "minor", "created_at": "2026-05-06T10:00:00Z",
    "components": [{"name": "Webhooks"}],
}  # fmt: skip


@dataclass(frozen=True)
class BadFile:
    """A file that is refused whole. en, de: words of the reason."""

    name: str
    content: bytes
    en: tuple[str, ...]
    de: tuple[str, ...]

    @property
    def file_name(self) -> str:
        """As the ledger names it."""
        return self.name.encode("utf-8", "backslashreplace").decode()


@dataclass(frozen=True)
class BadRow:
    """Rows of a file of their own, of which one is bad.

    good: lines that land (the first is the header of a CSV file); bad: the line among them; at: its
    row number; counts: accepted, quarantined, duplicate, ignored.
    """

    file_name: str
    good: tuple[str, ...]
    bad: str
    at: int
    column: str | None
    rule: str
    en: tuple[str, ...]
    de: tuple[str, ...]
    counts: tuple[int, int, int, int] = (1, 1, 0, 0)

    def content(self, *, with_bad: bool) -> bytes:
        lines = list(self.good)
        if with_bad:
            lines.insert(self.at if self.file_name.endswith(".csv") else self.at - 1, self.bad)
        return ("\n".join(lines) + "\n").encode()


def _parquet(**columns: list[Any]) -> bytes:
    out = io.BytesIO()
    pl.DataFrame(columns).write_parquet(out)
    return out.getvalue()


def _file(name: str, content: str | bytes, en: str, de: str, *more: str) -> BadFile:
    """more: words of both languages, such as a column or a row."""
    data = content.encode() if isinstance(content, str) else content
    return BadFile(name, data, (en, *more), (de, *more))


FILES = (
    _file("sla/probe/zero.csv", b"", "is empty", "ist leer"),
    _file("sla/probe/blank.csv", " \n\n \n", "is empty", "ist leer"),
    _file("sla/probe/zero.jsonl", b"", "is empty", "ist leer"),
    _file("sla/probe/no_header.csv", ",,,\n,,,\n", "no header line", "keine Kopfzeile"),
    _file("salesforce/lead/login.csv", "\n<!DOCTYPE html><html><body>Sign in</body></html>",
          "web page", "Webseite"),
    _file("salesforce/lead/denied.json", "<?xml version='1.0'?><Error><Code>AccessDenied</Code>",
          "web page", "Webseite"),
    _file("sla/probe/utf16.csv", (PROBES + PROBE).encode("utf-16"), "UTF-16", "UTF-16", "UTF-8"),
    _file("sla/probe/nul.csv", PROBES + PROBE + "\0", "NUL bytes", "NUL-Bytes"),
    _file("sla/probe/neither.csv", PROBES.encode() + b"\x81\x8d,2026-05-06,true,1\n",
          "neither UTF-8 nor CP1252", "weder UTF-8- noch CP1252"),
    _file("registry/integration/declared.csv", b"integration_id,partner_id,name\nI7,P1,Caf\xe9\n",
          "declared as utf-8 but byte", "als utf-8 angegeben, doch Byte", "config/sources.yml"),
    _file("sla/probe/cut.csv.gz", gzip.compress((PROBES + PROBE * 500).encode(), mtime=0)[:-20],
          "damaged or was cut off", "beschädigt oder wurde unterwegs abgeschnitten"),
    _file("sla/probe/plain.csv.gz", PROBES + PROBE * 2, "gzip file is damaged",
          "gzip-Datei ist beschädigt"),
    _file("sla/probe/unnamed_gzip.csv", gzip.compress((PROBES + PROBE).encode(), mtime=0),
          "compressed with gzip", "mit gzip komprimiert", ".gz"),
    _file("sla/probe/workbook.csv", b"PK\x03\x04\x14\x00rest", "Excel workbook", "Excel-Mappe"),
    _file("sla/probe/old_workbook.csv", b"\xd0\xcf\x11\xe0rest", "Excel workbook", "Excel-Mappe"),
    _file("sla/probe/report.csv", b"%PDF-1.7 rest", "is a PDF", "ist ein PDF"),
    _file("sla/probe/workbook.xlsx", b"PK\x03\x04", "no ending that can be read", "keine Endung",
          "workbook.xlsx", ".csv"),
    _file("sla/probe/rows.json.gz", gzip.compress(b"[]"), "no ending that can be read",
          "keine Endung", ".jsonl.gz"),
    _file("sla/probe/latin1_\udcfc.csv", PROBES + PROBE, "no UTF-8", "kein UTF-8"),
    _file("sla/probe/missing.csv", "integration_id,is_up\nI1,true\n", "required column is missing",
          "erforderliche Spalte fehlt", "checked_at", "sla/probe"),
    _file("sla/probe/two_missing.csv", "integration_id,speed\nI1,3\n",
          "required columns are missing", "Erforderliche Spalten fehlen", "checked_at, is_up"),
    _file("sla/probe/doubled.csv", "integration_id,Integration ID,checked_at,is_up\na,b,c,d\n",
          "are both integration_id", "sind beide integration_id", "'Integration ID'"),
    _file("sla/probe/headless.csv", PROBE * 3, "first line holds no column names",
          "erste Zeile keine Spaltennamen", "sla/probe"),
    _file("sla/probe/wrong_folder.csv", "Deal,Amount,Stage\nA,1,Open\n", "wrong folder",
          "falschen Verzeichnis", "integration_id, checked_at, is_up"),
    _file("sla/probe/open_quote.csv", PROBES + PROBE + '"I1,2026-05-06T10:00:00Z,true,1\n' + PROBE,
          "In row 2 a quote", "In Zeile 2 beginnt ein Anführungszeichen"),
    _file("sla/probe/long_line.csv", PROBES + PROBE + "I" * 17_000_000 + ",2026-05-06,true,1\n",
          "longer than 16 MB", "länger als 16 MB", "3"),
    _file("sla/probe/cut.json", '[{"integration_id": "I1",\n"checked_at"', "not complete JSON",
          "kein vollständiges JSON", "2"),
    _file("sla/probe/two_arrays.json", '{"a": [], "b": []}', "no array of rows, or more than one",
          "kein Array mit Zeilen oder mehr als eines"),
    _file("sla/probe/number.json", "42", "no array of rows", "kein Array mit Zeilen"),
    _file("sla/statuspage_incident/words.json", '{"page": {"id": "p"}, "incidents": ["a", "b"]}',
          "no objects with named fields", "keine Objekte mit benannten Feldern"),
    _file("sla/probe/deep.json", "[" * 200_000, "nested too deeply", "zu tief verschachtelt"),
    _file("telemetry/event/other.jsonl", '{"id": 1}\n{"id": 2}\n', "None of its columns belongs",
          "Keine ihrer Spalten gehört", "messageId, event, timestamp"),
    _file("sla/probe/text.parquet", PROBES + PROBE * 3, "no readable Parquet",
          "keine lesbare Parquet-Datei"),
    _file("sla/probe/cut.parquet", _parquet(a=[1] * 1000)[:-40], "no readable Parquet",
          "keine lesbare Parquet-Datei"),
    _file("sla/probe/other.parquet", _parquet(a=[1]), "None of its columns", "Keine ihrer Spalten"),
    _file("sla/probe/unnamed_parquet.csv", _parquet(a=[1]), "is a Parquet file",
          "ist eine Parquet-Datei", ".parquet"),
    _file("finance/ecb_rate/other.csv", "Currency,Rate\nUSD,1.1\n",
          "does not begin with Date and currency codes", "beginnt nicht mit Date und Währungscodes",
          "eurofxref-hist.csv"),
    _file("salesforce/oportunity/a.csv", "Id\n1\n", "no folder of a known entity",
          "keiner bekannten Entität", "landing/salesforce/oportunity/", "salesforce/opportunity"),
    _file("loose.csv", PROBES + PROBE, "no folder of a known entity", "keiner bekannten Entität"),
)  # fmt: skip

_PARTNER = (
    "partner_id,name,partner_type,contract_start,currency,required_certified_people\n".strip()
)
_REFERRAL = "referral_id,partner_id,direction,submitted_at,status,revenue"
_DEAL = "registration_id,partner_id,submitted_at,decision"
_LEAD = "Id,CreatedDate,ConvertedDate,IsConverted"
_TARGET = "kpi_id,dimension,member,valid_from,target"
_SETTLE = ("Mend the row and land it again", "Berichtigen Sie die Zeile")


def _partner(name: str, bad: str, column: str, rule: str, en: str, de: str) -> BadRow:
    good = (_PARTNER, f"P-{name},Fine,sales,2026-01-01,EUR,2")
    file_name = f"prm/partner/bad_{name}.csv"
    told = (f"{column} {en}", _SETTLE[0]), (f"{column} {de}", _SETTLE[1])
    return BadRow(file_name, good, bad, 2, column, rule, *told)


def _referral(name: str, bad: str, column: str, en: str, de: str) -> BadRow:
    """Of an entity that is declared to be German."""
    good = (_REFERRAL, f'R-{name},P1,received,06.05.2026 10:00,won,"1.234,50"')
    told = (f"{column} {en}",), (f"{column} {de}",)
    return BadRow(f"prm/referral/bad_{name}.csv", good, bad, 1, column, "type", *told)


def _event(number: int, **more: object) -> str:
    row = {
        "messageId": f"bad{number}",
        "event": "Feature Used",
        "timestamp": "2026-05-06T10:00:00Z",
    }
    return json.dumps({**row, **more})


def _events(name: str, bad: str, column: str | None, rule: str, en: str, de: str) -> BadRow:
    number = sum(map(ord, name))
    file_name = f"telemetry/event/bad_{name}.jsonl"
    return BadRow(file_name, (_event(number),), bad, 2, column, rule, (en,), (de,))


ROWS = (
    _partner("empty", "P-X,,sales,2026-01-01,EUR,1", "name", "required", "is empty", "ist leer"),
    _partner("spaces", "P-X,   ,sales,2026-01-01,EUR,1", "name", "required", "is empty",
             "ist leer"),
    _partner("no_key", ",Name,sales,2026-01-01,EUR,1", "partner_id", "required", "is empty",
             "ist leer"),
    _partner("unknown_word", "P-X,A,broker,2026-01-01,EUR,1", "partner_type", "allowed_values",
             "is none of sales, technology, service", "ist keiner der Werte"),
    _partner("no_such_day", "P-X,A,sales,2026-02-30,EUR,1", "contract_start", "type",
             "is not an ISO date", "ist kein ISO-Datum"),
    _partner("german_day", "P-X,A,sales,01.02.2026,EUR,1", "contract_start", "type",
             "is not an ISO date", "ist kein ISO-Datum"),
    _partner("us_day", "P-X,A,sales,02/01/2026,EUR,1", "contract_start", "type",
             "is not an ISO date", "ist kein ISO-Datum"),
    _partner("currency", "P-X,A,sales,2026-01-01,EURO,1", "currency", "currency",
             "is no ISO 4217 currency", "ist kein Währungscode"),
    _partner("half_a_person", "P-X,A,sales,2026-01-01,EUR,1.5", "required_certified_people",
             "type", "is not a whole number", "ist keine ganze Zahl"),
    _partner("less_than_none", "P-X,A,sales,2026-01-01,EUR,-1", "required_certified_people",
             "range", "is less than 0", "ist kleiner als 0"),
    _referral("point", "R-X,P1,received,06.05.2026,won,1234.50", "revenue",
              "is not a number with a decimal comma", "ist keine Zahl mit Dezimalkomma"),
    _referral("month_first", "R-X,P1,received,05/31/2026,won,1", "submitted_at",
              "is not a timestamp", "ist kein Zeitstempel"),
    BadRow("salesforce/lead/bad_us.csv", (_LEAD, "00Q1,05/31/2026 9:30 PM,06/01/2026,true"),
           "00Q2,05/31/2026,31/05/2026,true", 2, "ConvertedDate", "type",
           ("is not a date such as 03/31/2026",), ("ist kein Datum wie 03/31/2026",)),
    BadRow("salesforce/lead/bad_flag.csv", (_LEAD, "00Q3,05/31/2026,06/01/2026,ja"),
           "00Q4,05/31/2026,06/01/2026,perhaps", 1, "IsConverted", "type",
           ("is not true or false",), ("ist weder true noch false",)),
    BadRow("planning/target/bad_ambiguous.csv", (_TARGET, "other,programme,all,2026-01-01,0.5"),
           'other,programme,all,2026-02-01,"1,234"', 2, "target", "type",
           ("ambiguous", "decimal: comma"), ("nicht eindeutig", "decimal: comma")),
    BadRow("planning/target/bad_endless.csv", (_TARGET, "other,programme,all,2026-03-01,0.5"),
           "other,programme,all,2026-04-01,1e400", 1, "target", "type",
           ("is not a number",), ("ist keine Zahl",)),
    BadRow("planning/target/bad_nan.csv", (_TARGET, "other,programme,all,2026-05-01,0.5"),
           "other,programme,all,2026-06-01,NaN", 1, "target", "type",
           ("is not a number",), ("ist keine Zahl",)),
    BadRow("prm/deal_registration/bad_moment.csv", (_DEAL, "D8,P1,2026-05-06T10:00:00Z,pending"),
           "D9,P1,2026-05-06T25:00:00Z,pending", 2, "submitted_at", "type",
           ("is not a timestamp such as",), ("ist kein Zeitstempel wie",)),
    BadRow("prm/deal_registration/bad_offset.csv", (_DEAL, "D6,P1,2026-05-06T10:00:00Z,pending"),
           "D7,P1,2026-05-06T10:00:00+99:00,pending", 2, "submitted_at", "type",
           ("is not a timestamp",), ("ist kein Zeitstempel",)),
    BadRow("prm/deal_registration/bad_wide.csv", (_DEAL, "D4,P1,2026-05-06T10:00:00Z,pending"),
           "D5,P1,2026-05-06T10:00:00Z,pending,too,many", 1, None, "row_shape",
           ("more or fewer fields",), ("mehr oder weniger Felder",)),
    BadRow("prm/deal_registration/bad_narrow.csv", (_DEAL, "D2,P1,2026-05-06T10:00:00Z,pending"),
           "D3,P1", 2, None, "row_shape", ("more or fewer fields",),
           ("mehr oder weniger Felder",)),
    _events("json", "{broken", None, "row_shape", "no JSON object", "kein JSON-Objekt"),
    _events("array", "[1]", None, "row_shape", "no JSON object", "kein JSON-Objekt"),
    _events("half_letter", _event(3, userId="\ud800"), None, "row_shape", "no JSON object",
            "kein JSON-Objekt"),
    _events("no_event", '{"messageId": "b1", "type": "track", "timestamp": "2026-05-06T10:00:00Z"}',
            "event", "required", "event is empty", "event ist leer"),
    _events("no_moment", _event(4, timestamp="yesterday"), "timestamp", "type",
            "timestamp is not a timestamp", "timestamp ist kein Zeitstempel"),
    _events("status", _event(5, properties={"status_code": "OK"}), "properties.status_code",
            "type", "is not a whole number", "ist keine ganze Zahl"),
    BadRow("sla/statuspage_incident/bad_parts.jsonl", (json.dumps(INCIDENT),),
           json.dumps({**INCIDENT, "id": "i8", "components": "API"}), 2, "components", "type",
           ("is not a list of names",), ("ist keine Liste von Namen",)),
    BadRow("finance/ecb_rate/bad_word.csv", ("Date,USD,", "2026-05-06,1.1,"), "2026-05-07,n.a.,",
           2, "Rate", "type", ("A rate is not a number",), ("Ein Kurs ist keine Zahl",)),
    BadRow("finance/ecb_rate/bad_nought.csv", ("Date,USD,JPY,", "2026-05-11,1.1,N/A,"),
           "2026-05-12,0,N/A,", 2, "Rate", "range", ("A rate is not more than 0",),
           ("Ein Kurs ist nicht größer als 0",), (1, 1, 0, 2)),
)  # fmt: skip

# Strange, and yet good: these land.
GOOD = {
    "sla/probe/[1] it's \"odd\".csv": ((PROBES + PROBE).encode(), 1),
    "sla/probe/no_rows.csv": (PROBES.encode(), 0),
    "sla/probe/no_rows.json": (b"[]", 0),
    "sla/statuspage_maintenance/none.json": (
        b'{"page": {"id": "p"}, "scheduled_maintenances": []}', 0,
    ),
    "sla/probe/our_names.parquet": (
        _parquet(**{k: [v] for k, v in PROBE_ROW.items()}, file_row_number=[7], _fault=[True]), 1,
    ),
    "salesforce/account/wide.csv": (
        ("Id,Name," + ",".join(f"Custom_{i}__c" for i in range(300)) + "\n"
         + "00100000000000WAAA,Wide" + ",x" * 300 + "\n").encode(), 1,
    ),
}  # fmt: skip
