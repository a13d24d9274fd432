"""Homes built from rows, the job run in this process, and its results as frames.

Belongs here: what every end-to-end test needs to say "these exports, this run, those values".
Does not belong here: expectations of any one test, random worlds (small_world.py), and dialects
(a test of a dialect writes its bytes itself).
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
import yaml
from polars.testing import assert_frame_equal

from partner_kpis.home import DataHome
from partner_kpis.lock import writing
from partner_kpis.publish import Publication
from partner_kpis.run_report import RunReport
from partner_kpis.serving import Snapshot

Row = Mapping[str, Any]

VALUES_KEY = ("kpi_id", "dimension", "member", "period_type", "period_start")

# What a row of an export holds unless a test says otherwise: required columns only. Keys and
# references are left to the test, so that nothing resolves by accident.
DEFAULTS: dict[str, dict[str, Any]] = {
    "salesforce/account": {"Name": "Customer"},
    "salesforce/opportunity": {
        "Name": "Deal", "StageName": "Prospecting", "Amount": "1000", "CurrencyIsoCode": "EUR",
        "CloseDate": "2026-12-31", "CreatedDate": "2026-01-05T09:00:00Z", "IsClosed": "false",
        "IsWon": "false",
    },
    "salesforce/opportunity_history": {
        "StageName": "Prospecting", "Amount": "1000", "CreatedDate": "2026-01-05T09:00:00Z",
    },
    "salesforce/opportunity_partner": {"Role": "Reseller", "CreatedDate": "2026-01-05T09:00:00Z"},
    "salesforce/lead": {"CreatedDate": "2026-01-05T09:00:00Z", "IsConverted": "true"},
    "prm/partner": {
        "name": "Partner", "partner_type": "technology", "tier": "active", "region": "DACH",
        "contract_start": "2025-01-01",
    },
    "prm/deal_registration": {"submitted_at": "2026-01-04T09:00:00Z", "decision": "approved"},
    "prm/referral": {
        "direction": "received", "submitted_at": "2026-01-04T09:00:00Z", "status": "accepted",
    },
    "registry/integration": {"name": "Integration", "released_on": "2025-01-01"},
    "sla/probe": {"is_up": "true"},
    "planning/target": {"dimension": "programme", "member": "all", "valid_from": "2025-01-01"},
}  # fmt: skip


# --- Exports -----------------------------------------------------------------------------------


def write_csv(
    home: DataHome,
    entity: str,
    rows: Sequence[Row],
    name: str = "export.csv",
    *,
    defaults: bool = True,
) -> Path:
    """Write rows below landing/<entity>/<name>; columns in the order in which they first appear.

    `name` may hold folders (`2026-10-01/part.csv`) and end with .gz. None becomes an empty field.
    """
    filled = [{**(DEFAULTS.get(entity, {}) if defaults else {}), **row} for row in rows]
    columns = list(dict.fromkeys(column for row in filled for column in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows({k: _text(v) for k, v in row.items()} for row in filled)
    return write_bytes(home, entity, name, out.getvalue().encode())


def write_jsonl(
    home: DataHome, entity: str, rows: Iterable[Row], name: str = "export.jsonl"
) -> Path:
    lines = "".join(json.dumps(row, default=_text) + "\n" for row in rows)
    return write_bytes(home, entity, name, lines.encode())


def write_bytes(home: DataHome, entity: str, name: str, content: bytes) -> Path:
    path = home.landing / entity / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)
    return path


def track(
    message_id: str,
    event: str,
    timestamp: str | datetime,
    *,
    account: str | None = None,
    integration: str | None = None,
    **properties: Any,
) -> dict[str, Any]:
    """One Segment track line, for `write_jsonl(home, "telemetry/event", …)`."""
    if integration is not None:
        properties["integration_id"] = integration
    return {
        "messageId": message_id,
        "type": "track",
        "event": event,
        "timestamp": _text(timestamp),
        "context": {"groupId": account} if account is not None else {},
        "properties": properties,
    }


def incident(
    key: str,
    started_at: str,
    resolved_at: str | None,
    components: Sequence[str],
    impact: str = "major",
    **more: Any,
) -> dict[str, Any]:
    """One item of a status page's incidents.json."""
    return {
        "id": key, "name": f"Incident {key}", "status": "resolved" if resolved_at else "identified",
        "impact": impact, "created_at": started_at, "started_at": started_at,
        "resolved_at": resolved_at, "updated_at": resolved_at or started_at,
        "components": [{"name": component} for component in components], **more,
    }  # fmt: skip


def maintenance(
    key: str, scheduled_for: str, scheduled_until: str, components: Sequence[str], **more: Any
) -> dict[str, Any]:
    """One item of a status page's scheduled_maintenances.json."""
    return {
        "id": key, "name": f"Maintenance {key}", "status": "completed", "impact": "maintenance",
        "created_at": scheduled_for, "scheduled_for": scheduled_for,
        "scheduled_until": scheduled_until, "updated_at": scheduled_until,
        "components": [{"name": component} for component in components], **more,
    }  # fmt: skip


def write_incidents(
    home: DataHome, items: Sequence[Row], name: str = "incidents.json", page: str = "page1"
) -> Path:
    body = {"page": {"id": page, "name": "Status"}, "incidents": list(items)}
    return write_bytes(home, "sla/statuspage_incident", name, json.dumps(body).encode())


def write_maintenances(
    home: DataHome,
    items: Sequence[Row],
    name: str = "scheduled_maintenances.json",
    page: str = "page1",
) -> Path:
    body = {"page": {"id": page, "name": "Status"}, "scheduled_maintenances": list(items)}
    return write_bytes(home, "sla/statuspage_maintenance", name, json.dumps(body).encode())


def write_rates(
    home: DataHome, rates: Mapping[str, Mapping[str, Any]], name: str = "eurofxref-hist.csv"
) -> Path:
    """`{"2026-01-05": {"USD": "1.1"}}` as the ECB publishes it: newest first, trailing comma."""
    currencies = sorted({currency for row in rates.values() for currency in row})
    lines = ["Date," + "".join(f"{currency}," for currency in currencies)]
    for day in sorted(rates, reverse=True):
        cells = (rates[day].get(currency, "N/A") for currency in currencies)
        lines.append(f"{day}," + "".join(f"{cell}," for cell in cells))
    return write_bytes(home, "finance/ecb_rate", name, ("\n".join(lines) + "\n").encode())


def write_policies(home: DataHome, **policies: Any) -> Path:
    home.config.mkdir(parents=True, exist_ok=True)
    home.policies_file.write_text(yaml.safe_dump(policies), encoding="utf-8")
    return home.policies_file


def write_sources(home: DataHome, settings: Mapping[str, Any]) -> Path:
    """`{"sla": {"statuspage_incident": {"columns": {…}}}}` as config/sources.yml."""
    home.config.mkdir(parents=True, exist_ok=True)
    home.sources_file.write_text(yaml.safe_dump(dict(settings)), encoding="utf-8")
    return home.sources_file


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def copied(home: DataHome, target: Path) -> DataHome:
    """The whole home again at a place that is not there yet, links as links."""
    shutil.copytree(home.root, target, symlinks=True)
    return DataHome.at(target)


# --- Runs --------------------------------------------------------------------------------------


def run_job(
    home: DataHome,
    *,
    as_of: date | None = None,
    full_refresh: bool = False,
    contracts: Path | None = None,
    said: list[str] | None = None,
) -> RunReport:
    """One run in this process, whatever comes of it; `said` collects its sentences."""
    from pipelines.run import run
    from pipelines.steps import Options

    sentences = said if said is not None else []
    return run(home, Options(as_of, full_refresh), sentences.append, contracts=contracts)


def publish(
    home: DataHome,
    *,
    as_of: date | None = None,
    full_refresh: bool = False,
    contracts: Path | None = None,
    said: list[str] | None = None,
) -> RunReport:
    """One run that must end with its values being served (exit code 0 or 3)."""
    report = run_job(home, as_of=as_of, full_refresh=full_refresh, contracts=contracts, said=said)
    assert report.outcome in ("published", "unchanged"), f"{report.outcome}: {report.sentences}"
    return report


def compute(
    home: DataHome, *, as_of: date | None = None, full_refresh: bool = False
) -> Publication:
    """The steps of a run, each as the job calls it, up to the publication that must come of it.

    It leaves out what the job adds around them: its history, its report, the alerts. For tests of
    what is published after many runs; whatever a run itself says and does needs `publish`.
    """
    from pipelines.steps import Options, Project, build_step, land_step, publish_step

    options, project, run_id = Options(as_of, full_refresh), Project(), uuid4().hex

    def say(sentence: str) -> None: ...

    with writing(home, "a test"):
        land_step(home, project, options, run_id, say)
        for _ in build_step(home, project, options, say):
            pass
        publication = publish_step(home, project, run_id, say)
    assert publication.is_published, publication.broken
    return publication


# --- Results -----------------------------------------------------------------------------------


def table(home: DataHome, name: str) -> pl.DataFrame:
    """A table of the snapshot being served."""
    with Snapshot.open(home) as snapshot:
        return snapshot.table(name)


def values(home: DataHome) -> pl.DataFrame:
    """kpi_values of the snapshot being served, all columns, sorted by key."""
    return table(home, "kpi_values").sort(VALUES_KEY)


def scorecard(home: DataHome) -> pl.DataFrame:
    return table(home, "kpi_scorecard").sort(VALUES_KEY)


def value_of(
    home: DataHome,
    kpi_id: str,
    period_type: str,
    period_start: date,
    dimension: str = "programme",
    member: str = "all",
) -> dict[str, Any]:
    """The one row of kpi_values with this key; AssertionError when there is none."""
    found = values(home).filter(
        (pl.col("kpi_id") == kpi_id) & (pl.col("dimension") == dimension)
        & (pl.col("member") == member) & (pl.col("period_type") == period_type)
        & (pl.col("period_start") == period_start)
    )  # fmt: skip
    assert found.height == 1, f"{found.height} rows of {kpi_id} {period_type} {period_start}"
    return found.row(0, named=True)


def assert_same_values(left: pl.DataFrame, right: pl.DataFrame) -> None:
    """Equal row by row and column by column after sorting by key, to the last bit."""
    assert_frame_equal(left.sort(VALUES_KEY), right.sort(VALUES_KEY), check_exact=True)


def changed_keys(before: pl.DataFrame, after: pl.DataFrame) -> set[tuple[Any, ...]]:
    """Keys of rows that differ in any column, that are gone, or that are new."""
    old = {tuple(row[k] for k in VALUES_KEY): row for row in before.iter_rows(named=True)}
    new = {tuple(row[k] for k in VALUES_KEY): row for row in after.iter_rows(named=True)}
    return {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}


def ledger(home: DataHome) -> dict[str, dict[str, Any]]:
    """The newest ledger row of each file, by its path below landing/."""
    rows = table(home, "landing_ledger").sort("loaded_at").iter_rows(named=True)
    return {row["file_name"]: row for row in rows}


def lake_files(home: DataHome) -> dict[str, str]:
    """Every file below lake/ (ledger and personal store included) with its SHA-256."""
    return {
        path.relative_to(home.lake).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.lake.rglob("*"))
        if path.is_file()
    }
