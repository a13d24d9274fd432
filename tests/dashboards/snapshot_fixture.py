"""A published snapshot without a pipeline: hand-made observations, rolled up in plain Python.

Belongs here: what tests of readers and pages need to exist before they look.
Does not belong here: anything the product imports. The roll-up is deliberately naive and knows
only what these observations need; the real one is compared with its own oracle elsewhere.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from partner_kpis.home import DataHome
from tests.dashboards.naive_rollup import AS_OF, Row, roll_up
from tests.dashboards.progress_rows import progress_rows
from tests.dashboards.snapshot_tables import CATALOGUE, DDL, HEALTH

FIRST_DAY = date(2025, 7, 1)


@dataclass
class World:
    """What the snapshot will hold: table name → rows in DDL order."""

    seed: int = 7
    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)


def make_snapshot(
    home: DataHome,
    *,
    name: str = "snap-0001",
    empty: bool = False,
    without: Iterable[tuple[str, str]] = (),
    stale: Iterable[tuple[str, str]] = (),
    health: bool = False,
    pinned: list[str] | None = None,
) -> Path:
    """Write a snapshot, switch `serving/current` to it, and return its DuckDB file.

    `empty`: no export ever landed. `without`: sources that are missing (their KPIs become
    source_missing). `stale`: sources whose data ends long before as_of. `health`: partners have a
    health score, its parts and what would move it, and there are waits and objectives. `pinned`:
    the snapshot says which KPIs overviews show.
    """
    world = World()
    missing = set(_ALL_SOURCES) if empty else set(without)
    if not empty:
        _add_partners(world)
        _add_deals(world)
        _add_installations(world)
        _add_uptime(world)
        _add_problems(world)
        _add_matches(world)
    _add_catalogue(world, name)
    if health:
        _add_health(world)
        world.tables |= progress_rows(world.tables["health_components"])
    _add_freshness(world, missing, set(stale))
    roll_up(world.tables, missing)
    path = _write(home, name, world)
    if pinned is not None:
        with duckdb.connect(str(path)) as connection:
            for position, kpi_id in enumerate(pinned, start=1):
                connection.execute(
                    "update kpi_catalogue set pinned_position = ? where kpi_id = ?",
                    [position, kpi_id],
                ).fetchall()
    return path


_ALL_SOURCES = [
    ("finance", "ecb_rate"),
    ("planning", "target"),
    ("prm", "deal_registration"),
    ("prm", "partner"),
    ("prm", "referral"),
    ("registry", "integration"),
    ("salesforce", "lead"),
    ("salesforce", "opportunity"),
    ("salesforce", "opportunity_history"),
    ("salesforce", "opportunity_partner"),
    ("sla", "probe"),
    ("sla", "statuspage_incident"),
    ("telemetry", "event"),
]

_NAMES = [
    ("Köhler & Söhne Systemhaus GmbH", "sales", "strategic", "DACH", "Germany"),
    ("Nordlys Integrasjon AS", "technology", "strategic", "Nordics", "Norway"),
    ("Brackwater Consulting Ltd", "service", "active", "UK & Ireland", "United Kingdom"),
    ("Atelier Numérique Rhône SAS", "technology", "active", "France", "France"),
    ("De Waag Digitaal B.V.", "sales", "active", "Benelux", "Netherlands"),
    ("Alpenblick IT-Beratung AG", "service", "network", "DACH", "Switzerland"),
    ("Østersø Cloud ApS", "technology", "network", "Nordics", "Denmark"),
    ('<b>Quote & "Tag"</b> Ltd', "sales", None, "UK & Ireland", "United Kingdom"),
]


def _add_partners(world: World) -> None:
    for i, (name, kind, tier, region, country) in enumerate(_NAMES):
        partner_id = f"P-{i + 1:03d}"
        world.tables["partners"].append(
            (partner_id, name, kind, "referral", tier, region, country, "Jana Beispiel",
             date(2024, 1 + i, 1), date(2027, 1 + i, 1) if i % 2 else None, "active")
        )  # fmt: skip
        if i == 4:  # moved up: what it did before counts for its old tier
            change = date(2026, 5, 12)
            world.tables["partner_versions"].append(
                (partner_id, date(1, 1, 1), change, "network", kind, region)
            )
            world.tables["partner_versions"].append(
                (partner_id, change, None, "active", kind, region)
            )
        else:
            world.tables["partner_versions"].append(
                (partner_id, date(1, 1, 1), None, tier or "unknown", kind, region)
            )


def _add_deals(world: World) -> None:
    rnd = world.random
    for i in range(320):
        deal = f"006DEMO{i:011d}"
        created = FIRST_DAY + timedelta(days=rnd.randrange(470))
        closed = created + timedelta(days=rnd.randrange(25, 140))
        is_open, is_won = closed > AS_OF, rnd.random() < 0.46
        amount = Decimal(rnd.randrange(4_000, 190_000))
        # A share influenced by two partners: touched by each, counted once for the programme.
        partners: list[str | None] = list(
            rnd.sample([f"P-{p + 1:03d}" for p in range(8)], rnd.choice([0, 0, 1, 1, 1, 2]))
        ) or [None]
        world.tables["opportunities"].append(
            (deal, f"001DEMO{i % 90:011d}", f"Rahmenvertrag {i}", "Negotiation" if is_open else
             "Closed Won" if is_won else "Closed Lost", amount, "EUR", amount, created,
             None if is_open else closed, is_open, is_won and not is_open,
             closed if is_open else None, created, i % 29 == 0)
        )  # fmt: skip
        world.tables["entity_sources"].append(
            ("opportunity", deal, "salesforce", "opportunity", deal,
             "salesforce/opportunity/opportunity_20261021.csv", "ab" * 32, i + 1,
             datetime(2026, 10, 20, 8), 1, None, None)
        )  # fmt: skip
        for day in _balance_days():
            if created <= day < closed:
                for partner in partners:
                    _observe(world, "partner_influenced_pipeline", day, partner, "opportunity",
                             deal, amount if partner else Decimal(0), amount)  # fmt: skip
        if not is_open:
            for partner in filter(None, partners):
                _observe(world, "partner_win_rate", closed, partner, "opportunity", deal,
                         Decimal(int(is_won)), Decimal(1))  # fmt: skip


def _balance_days() -> list[date]:
    days = (FIRST_DAY + timedelta(days=i) for i in range((AS_OF - FIRST_DAY).days + 1))
    return [d for d in days if d.weekday() == 6 or (d + timedelta(days=1)).day == 1 or d == AS_OF]


def _add_installations(world: World) -> None:
    rnd = world.random
    for i in range(520):
        partner = f"P-{i % 6 + 1:03d}"
        day = FIRST_DAY + timedelta(days=rnd.randrange(478))
        slow = 3 if partner == "P-003" and day >= date(2026, 6, 1) else 1
        days = Decimal(rnd.randrange(200_000, 1_500_000) * slow) / Decimal(86_400)
        thing = f"001DEMO{i % 90:011d}|INT-{i % 6 + 1}-{i}"
        _observe(world, "time_to_activation", day, partner, "installation", thing,
                 days.quantize(Decimal("1e-9")), None)  # fmt: skip
        for name, row in (("install", 2 * i + 1), ("activation", 2 * i + 2)):
            world.tables["entity_sources"].append(
                ("installation", thing, "telemetry", "event", f"{name}-{i}",
                 f"telemetry/event/events_{day:%Y%m}.jsonl.gz", "cd" * 32, row,
                 datetime(day.year, day.month, day.day, 9), 1, None, None)
            )  # fmt: skip


def _add_uptime(world: World) -> None:
    rnd = world.random
    for i in range(5):
        partner, integration = f"P-{i + 1:03d}", f"INT-{i + 1}"
        for offset in range((AS_OF - FIRST_DAY).days + 1):
            day = FIRST_DAY + timedelta(days=offset)
            if i == 2 and date(2026, 3, 8) <= day <= date(2026, 3, 11):
                continue  # all in maintenance: no observation
            down = Decimal(rnd.randrange(0, 4)) if rnd.random() < 0.1 else Decimal(0)
            if i == 1 and (day.year, day.month) == (2026, 8):
                down += Decimal(rnd.randrange(10, 120))
            _observe(world, "integration_uptime", day, partner, "integration", integration,
                     Decimal(1440) - down, Decimal(1440))  # fmt: skip
            world.tables["entity_sources"].append(
                ("integration", integration, "sla", "probe", None,
                 "sla/probe/probes_2026.csv", "ef" * 32, None, datetime(2026, 10, 21), 48, day, day)
            )  # fmt: skip


_PARTS = {
    "activity": 20, "pipeline": 30, "certification": 20, "reliability": 10,
}  # fmt: skip


def _add_health(world: World) -> None:
    """Every partner but the last one, four of the six parts: 80 % of the weight."""
    world.tables["kpi_catalogue"].append(HEALTH)
    ends = [day for day in _balance_days() if (day + timedelta(days=1)).day == 1]
    for i in range(len(_NAMES) - 1):
        partner = f"P-{i + 1:03d}"
        for month, day in enumerate(ends):
            total = Decimal(0)
            for place, (component, weight) in enumerate(_PARTS.items()):
                score = Decimal((17 * i + 23 * place + 5 * month) % 101)
                adds = score * weight / sum(_PARTS.values())
                total += adds
                world.tables["health_components"].append(
                    (partner, day.replace(day=1), component, float(score) / 10, score,
                     Decimal(weight), adds, Decimal(weight))
                )  # fmt: skip
            for component in ("marketing", "satisfaction"):
                world.tables["health_components"].append(
                    (partner, day.replace(day=1), component, None, None, Decimal(0), None,
                     Decimal(10))
                )  # fmt: skip
            _observe(world, "partner_health_score", day, partner, "partner", partner, total,
                     Decimal(1))  # fmt: skip


def _add_problems(world: World) -> None:
    world.tables["landing_ledger"] += [
        _file("prm/partner/partner_20261001.csv", "loaded", None),
        _file("prm/referral/referrals.csv", "refused",
              "This is a web page (it begins with <!DOCTYPE html>), probably a login page saved "
              "under the name of an export. Export again while logged in.",
              "Das ist eine Webseite (sie beginnt mit <!DOCTYPE html>), wohl eine Anmeldeseite."),
        _file("telemetry/event/events_202610_b.jsonl.gz", "held",
              "It holds 91 % fewer rows than the four files before it (promise: at most 60 %).",
              "Die Datei hat 91 % weniger Zeilen als die vier davor (Zusage: höchstens 60 %)."),
    ]  # fmt: skip
    world.tables["quarantined_rows"] += [
        ("prm/partner/partner_20261001.csv", 7, "prm", "partner", "partner_type", "enum",
         "Write one of sales, technology, service in column partner_type.",
         "Schreiben Sie sales, technology oder service in die Spalte partner_type."),
        ("prm/partner/partner_20261001.csv", 9, "prm", "partner", "contract_start", "required",
         "Fill the column contract_start with a date.",
         "Füllen Sie die Spalte contract_start mit einem Datum."),
        ("salesforce/opportunity/opportunity_20261021.csv", 44, "salesforce", "opportunity",
         "CurrencyIsoCode", "iso_4217", "Write an ISO 4217 currency code such as EUR.",
         "Schreiben Sie einen Währungscode nach ISO 4217 wie EUR."),
    ]  # fmt: skip
    world.tables["findings"] += [
        ("unknown_partner", "warning", "prm", "referral", "P-999",
         "Partner P-999 is in referrals but not in the partner list.",
         "Partner P-999 kommt in Empfehlungen vor, aber nicht in der Partnerliste.", 3),
        ("no_export", "info", None, None, "-", "Something without an export.",
         "Etwas ohne Export.", 1),
        *(("integration_unknown", "warning", "telemetry", "event", f"INT-{100 + i}",
           f'Integration "INT-{100 + i}" is not registered.',
           f"Die Integration INT-{100 + i} ist nicht registriert.", 7) for i in range(120)),
    ]  # fmt: skip


def _add_matches(world: World) -> None:
    methods = ["declared"] * 6 + ["domain", "reviewed"] + ["none"] * 2
    world.tables["identity_matches"] += [
        *(("account", "telemetry", "event", f"T-{i}", None if how == "none" else f"A{i}", how)
          for i, how in enumerate(methods)),
        *(("partner", "prm", "partner", f"P-{i:03d}", f"A{i}", "declared") for i in range(1, 8)),
        ("partner", "prm", "partner", "P-008", None, "none"),
        *(("account", "prm", "referral", f"A{i}", f"A{i}", "declared") for i in range(20)),
        ("integration", "sla", "statuspage_incident", "page|Web", None, "none"),
    ]  # fmt: skip
    world.tables["identity_suggestions"] += [
        ("partner", "prm", "partner", "P-008", "Quote, Tag Ltd", "A31", "Quote & Tag", 0.97),
        ("partner", "prm", "partner", "P-008", "Quote, Tag Ltd", "A32", "Quote Tags", 0.9),
        ("integration", "sla", "statuspage_incident", "page|Web", "Web", "INT-9", "Webb", 0.86),
    ]  # fmt: skip


def _file(name: str, status: str, reason: str | None, reason_de: str | None = None) -> Row:
    source, entity, _ = name.split("/")
    loaded = datetime(2026, 10, 21, 3, 10)
    return ("0a" * 32, name, source, entity, "1.0.0", "export_date", loaded, loaded,
            date(2026, 1, 1), date(2026, 10, 1), 120, 118 if status == "loaded" else 0, 2, 0, 0,
            status, reason, reason_de)  # fmt: skip


def _add_catalogue(world: World, name: str) -> None:
    world.tables["kpi_catalogue"] += CATALOGUE
    world.tables["snapshot"].append(
        (name, "run-1", AS_OF, datetime(2026, 10, 22, 3), datetime(2026, 10, 22, 3, 10), "0.1.0",
         "p" * 16, "d" * 16, "EUR", 5, 75.0, 50.0)
    )  # fmt: skip


def _add_freshness(
    world: World, missing: set[tuple[str, str]], stale: set[tuple[str, str]]
) -> None:
    for source, entity in _ALL_SOURCES:
        key = (source, entity)
        if key in missing:
            row: Row = (source, entity, None, None, 0, "missing")
        else:
            until = date(2026, 9, 2) if key in stale else AS_OF
            status = (
                "held" if key == ("telemetry", "event") else ("stale" if key in stale else "fresh")
            )
            # Targets hold in both cases, but here they have no day until which they tell.
            told = None if source == "planning" else until
            row = (source, entity, datetime(2026, 10, 21, 3, 10), told, 120, status)
        world.tables["source_freshness"].append(row)


def _observe(world: World, kpi_id: str, *rest: Any) -> None:
    world.tables["kpi_observations"].append((kpi_id, *rest))


def _write(home: DataHome, name: str, world: World) -> Path:
    folder = home.serving / name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "partner_kpis.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        for table, columns in DDL.items():
            connection.execute(f"create table {table} ({columns})").fetchall()
            _insert(connection, table, world.tables.get(table, []))
    link = home.serving / f".{name}.link"
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    link.replace(home.current)
    return path


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    if not rows:
        return
    columns = [f"c{i}" for i in range(len(rows[0]))]
    frame = pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)
    connection.register("incoming", frame)
    connection.execute(f"insert into {table} select * from incoming").fetchall()
    connection.unregister("incoming")
