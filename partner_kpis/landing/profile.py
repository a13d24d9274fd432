"""The profile: how many rows happened on each day, and which references resolve.

Belongs here: the small table (entity x day) that dataset promises, coverage and the default as-of
date look at, so that nobody scans the lake for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb

from partner_kpis.contracts.model import Contract
from partner_kpis.contracts.rows import identifier, quoted
from partner_kpis.home import DataHome
from partner_kpis.landing.ledger import FileRecord, Ledger, ProfileDay

_WORKERS = 2


def profiled(
    connection: duckdb.DuckDBPyConnection,
    home: DataHome,
    contracts: dict[str, Contract],
    ledger: Ledger,
    records: Sequence[FileRecord],
) -> list[FileRecord]:
    """The records with the profile of their rows; references see what is landed until now."""
    known = _KnownKeys(connection, home, contracts, [*ledger.records, *records])
    for name in {record.name for record in records if record.parts}:
        for column in contracts[name].columns:
            if column.references:
                known.table(column.references)

    def with_profile(record: FileRecord) -> FileRecord:
        if not record.parts:
            return record
        contract = contracts[record.name]
        with connection.cursor() as cursor:
            return replace(record, profile=_profile(cursor, home, contract, record, known))

    with ThreadPoolExecutor(_WORKERS, thread_name_prefix="profile") as pool:
        return list(pool.map(with_profile, records))


def default_as_of(
    records: Sequence[FileRecord], now: datetime, zone: str, states: Sequence[str] = ("loaded",)
) -> date:
    """The latest day, not later than today, on which anything loaded happened; else today."""
    local = ZoneInfo(zone)
    today = now.astimezone(local).date()
    moments = {
        moment
        for record in records
        if record.status in states
        for day in record.profile
        for moment in (day.first_at, day.last_at)
    }
    # Written in one form, moments are in order as text; the clock of a zone may go back a little.
    latest, floor = None, ""
    for moment in sorted(moments, reverse=True):
        if moment < floor:
            break
        on = _local_day(moment, local)
        if on <= today and (latest is None or on > latest):
            latest = on
            floor = (on - timedelta(days=2)).isoformat() if on.toordinal() > 2 else ""
    return latest or today


def _local_day(moment: str, zone: ZoneInfo) -> date:
    utc = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("UTC"))
    try:
        return utc.astimezone(zone).date()
    except OverflowError:
        return utc.date()


class _KnownKeys:
    """Keys of entities that others refer to, read once an entity and only when asked for."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        home: DataHome,
        contracts: dict[str, Contract],
        records: Sequence[FileRecord],
    ) -> None:
        self._connection, self._home = connection, home
        self._by_entity = {contract.entity: contract for contract in contracts.values()}
        self._records = records
        self._ready: set[str] = set()

    def table(self, references: tuple[str, ...]) -> str:
        """Table with the distinct keys of each `entity.column`; every cursor of the database sees
        it. Other systems may name a record of HubSpot by our own id of it too."""
        table = identifier("keys_" + "_".join(references).replace(".", "_"))
        if table not in self._ready:
            rows = " union ".join(map(self._keys, references))
            self._connection.execute(f"create or replace table {table} as {rows}")
            self._ready.add(table)
        return table

    def _keys(self, reference: str) -> str:
        entity, column = reference.rsplit(".", 1)
        contract = self._by_entity[entity.split("/")[-1]]
        parts = [
            quoted(str(self._home.root / part.path))
            for record in self._records
            if record.name == contract.name and record.status in ("loaded", "held")
            and record.major == contract.major
            for part in record.parts
        ]  # fmt: skip
        if not parts:
            return "select cast(null as varchar) as key where false"
        files = f"read_parquet([{', '.join(parts)}])"
        keys = f"select distinct {identifier(column)} as key from {files}"
        if contract.source != "hubspot":
            return keys
        return f"{keys} union select distinct 'hubspot|' || {identifier(column)} from {files}"


def _profile(
    connection: duckdb.DuckDBPyConnection,
    home: DataHome,
    contract: Contract,
    record: FileRecord,
    known: _KnownKeys,
) -> tuple[ProfileDay, ...]:
    referring = [column for column in contract.columns if column.references]
    files = ", ".join(quoted(str(home.root / part.path)) for part in record.parts)
    joins, counts = [], []
    for i, column in enumerate(referring):
        table, name = known.table(column.references), f"l.{identifier(column.name)}"
        joins.append(f"left join {table} as k{i} on k{i}.key = {name}")
        counts.append(f", count({name}), count(k{i}.key)")
    rows = connection.execute(
        f"""
        select cast(cast(l._happened_at as date) as varchar), min(l._happened_at),
            max(l._happened_at), count(*){"".join(counts)}
        from read_parquet([{files}]) as l {" ".join(joins)}
        where l._happened_at is not null group by 1 order by 1"""
    ).fetchall()
    return tuple(
        ProfileDay(
            day=row[0],
            first_at=row[1].isoformat(timespec="microseconds"),
            last_at=row[2].isoformat(timespec="microseconds"),
            rows=row[3],
            references={
                column.name: (row[4 + 2 * i], row[5 + 2 * i]) for i, column in enumerate(referring)
            },
        )
        for row in rows
    )
