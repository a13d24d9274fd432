"""A hand-made snapshot with what decks read, and a document as plain text.

Belongs here: rows planted for tests of QBR documents. Does not belong here: anything computed.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import duckdb

from partner_kpis.home import DataHome
from partner_kpis.reports.document import Document, Figure, Mark, Page, Statements, Table
from tests.dashboards.snapshot_fixture import make_snapshot

PARTNER = "P-001"
OTHER = "Nordlys Integrasjon AS"
SECRET = "Geheimrat Stahl GmbH"


def planted_snapshot(home: DataHome) -> Path:
    """Eight partners with health; the first has actions, moves, certificates and the like.

    Among its rows one action and one deal name another partner, and one deal is confidential.
    """
    path = make_snapshot(home, health=True)
    with duckdb.connect(str(path)) as connection:
        for sql in _PLANTED:
            connection.execute(sql).fetchall()
    return path


TOUCHES = f"""insert into partner_touches
    select opportunity_id, '{PARTNER}', null, 'utm', timestamp '2026-08-01', true, false
    from opportunities where is_open order by opportunity_id limit 12"""

_PLANTED = [
    "update partners set status = 'contracted'",
    f"update partners set contract_end = date '2026-11-20' where partner_id = '{PARTNER}'",
    f"""insert into qbr_actions values
        ('A1', '{PARTNER}', '2026Q3', 'us', 'Share the roadmap', 'Jana', '2026-08-01',
         '2026-07-30', 'done'),
        ('A2', '{PARTNER}', '2026Q3', 'us', 'Train with {OTHER}', 'Jana', '2026-09-01', null,
         'dropped'),
        ('A3', '{PARTNER}', '2026Q3', 'partner', 'Bring two deals', 'Max', '2026-09-15', null,
         'open'),
        ('A4', '{PARTNER}', '2026Q4', 'partner', 'Certify two people', 'Max', '2026-12-01', null,
         'open'),
        ('A5', 'P-002', '2026Q3', 'us', 'Not for the first one', 'Jana', '2026-09-01', null,
         'open')""",
    f"""insert into pipeline_moves values
        ('{PARTNER}', '2026-07-01', 1, 'opening', 4, 100000),
        ('{PARTNER}', '2026-07-01', 2, 'new', 2, 50000),
        ('{PARTNER}', '2026-07-01', 3, 'resized', 1, -5000),
        ('{PARTNER}', '2026-07-01', 4, 'won', 1, -30000),
        ('{PARTNER}', '2026-07-01', 5, 'lost', 1, -10000),
        ('{PARTNER}', '2026-07-01', 6, 'left', 0, 0),
        ('{PARTNER}', '2026-07-01', 7, 'closing', 4, 105000),
        ('{PARTNER}', '2026-07-01', 8, 'slipped', 1, 20000)""",
    f"""insert into certificates values
        ('{PARTNER}', 'hash-one', 'Basics', 'sales', '2025-01-01', '2026-11-01'),
        ('{PARTNER}', 'hash-two', 'Basics', 'sales', '2026-10-01', '2027-10-01'),
        ('{PARTNER}', 'hash-two', 'Basics', 'sales', '2025-01-01', '2026-12-10'),
        ('{PARTNER}', 'hash-two', 'Advanced', 'technical', '2025-01-01', null),
        ('{PARTNER}', 'hash-three', 'Basics', 'sales', '2024-01-01', '2026-01-01')""",
    f"""insert into mdf_claims values
        ('M1', '{PARTNER}', 'C1', 'paid', 4000, 3000, 3000, '2026-07-10', '2026-08-01'),
        ('M2', '{PARTNER}', 'C2', 'submitted', 1000, null, null, '2026-09-10', null),
        ('M3', '{PARTNER}', 'C3', 'paid', 9000, 9000, 9000, '2025-03-10', '2025-04-01')""",
    f"""insert into referrals values
        ('R1', '{PARTNER}', 'received', 'won', '2026-05-01', 3.5, '2026-08-08', null, 20000),
        ('R2', '{PARTNER}', 'sent', 'submitted', '2026-09-09', null, null, null, null),
        ('R3', '{PARTNER}', 'sent', 'lost', '2026-01-09', 2, '2026-02-01', null, null)""",
    """create table if not exists commission_lines (partner_id varchar, referral_id varchar,
        decided_on date, quarter varchar, rank_of_year bigint, rate decimal(10,9),
        base_reporting decimal(28,9), commission_reporting decimal(28,9))""",
    f"""insert into commission_lines by name
        select '{PARTNER}' as partner_id, unnest(['R1', 'R9']) as referral_id,
            date '2026-08-08' as decided_on, unnest(['2026Q3', '2026Q2']) as quarter,
            4 as rank_of_year, 0.15 as rate, 20000 as base_reporting,
            3000 as commission_reporting
        union all
        select 'P-002', 'R1', date '2026-08-08', '2026Q3', 1, 0.10, 20000, 2000""",
    TOUCHES,
    f"""insert into opportunities
        select '006SECRET', '001SECRET', '{SECRET} – Rollout', 'Negotiation', 999000, 'CHF',
            1050000, date '2026-08-01', null, true, false, date '2026-10-01',
            date '2026-09-01', true
        union all
        select '006OTHER', '001OTHER', 'Umstieg von {OTHER}', 'Negotiation', 888000, 'EUR', 888000,
            date '2026-08-01', null, true, false, date '2026-12-01', date '2026-09-01', false""",
    f"""insert into partner_touches
        select unnest(['006SECRET', '006OTHER']), '{PARTNER}', 'Reseller', 'crm_role',
            timestamp '2026-08-02', true, false
        union all
        select unnest(['006SECRET', '006OTHER']), '{PARTNER}', null, 'deal_registration',
            timestamp '2026-08-01', true, true""",
]


def as_json(document: Document) -> str:
    """Everything that a document holds, origins and identity included."""
    return json.dumps(asdict(document), default=str, ensure_ascii=False)


def page_of(document: Document, key: str) -> Page:
    return next(page for page in document.pages if page.key == key)


def table_of(document: Document, page: str, key: str) -> Table:
    blocks = page_of(document, page).blocks
    return next(block for block in blocks if isinstance(block, Table) and block.key == key)


def sentences(document: Document, key: str, page: str = "summary") -> list[str]:
    """The sentences of one block of a page."""
    blocks = page_of(document, page).blocks
    found = next(b for b in blocks if isinstance(b, Statements) and b.key == key)
    return [item.text for item in found.items]


def rows_of(table: Table) -> list[list[str]]:
    return [[_cell(cell) for cell in row] for row in table.rows]


def _cell(cell: object) -> str:
    if isinstance(cell, Figure):
        return cell.text
    return cell.word if isinstance(cell, Mark) else str(cell)
