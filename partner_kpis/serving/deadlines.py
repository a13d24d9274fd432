"""What ends, what waits for us, and who fell silent: lists of things by day.

Belongs here: these lists, narrowed inside DuckDB. Does not belong here: who is told when (alerts),
or KPIs that count the same things.

A snapshot that is older than a table or column counts as one without rows: nothing is told of what
it does not know.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import polars as pl

from partner_kpis.serving.snapshot import Snapshot

_NEEDED: Final = {
    "registrations": {"decision_due_on", "protected_until"},
    "referrals": {"response_due_on"},
    "partners": {"last_event_on"},
}


def certificates_ending(snapshot: Snapshot, first: date, last: date) -> pl.DataFrame:
    """Certificates whose last day lies in the span, by partner, certification and that day.

    Columns: partner_id, certification, ends_on, began_on (of the newest of them), people. A later
    certificate of the same person in the same certification renews it; who left is not asked.
    """
    return snapshot._ask(
        """
        with newest as (
            from certificates
            qualify row_number() over (
                partition by person_key, certification order by issued_on desc
            ) = 1
        )
        select
            newest.partner_id, newest.certification, newest.expires_on as ends_on,
            max(newest.issued_on) as began_on, count(*) as people
        from newest
        inner join partners using (partner_id)
        where newest.expires_on between $first and $last
            and partners.status is distinct from 'ended'
        group by newest.partner_id, newest.certification, newest.expires_on
        order by ends_on, newest.partner_id, newest.certification
        """,
        first=first,
        last=last,
    )


def agreements_ending(snapshot: Snapshot, first: date, last: date) -> pl.DataFrame:
    """Contracts in force whose agreed last day lies in the span: partner_id, ends_on, began_on.

    A renewal moves that day, and the contract is not in the span any more.
    """
    return snapshot._ask(
        """
        select partner_id, contract_end as ends_on, contract_start as began_on
        from partners
        where contract_end between $first and $last
            and coalesce(status, '') not in ('ended', 'upcoming')
        order by ends_on, partner_id
        """,
        first=first,
        last=last,
    )


def protections_ending(snapshot: Snapshot, first: date, last: date) -> pl.DataFrame:
    """Approved registrations whose protection ends in the span, of deals that are still open.

    Columns: partner_id, registration_id, account_id, ends_on, began_on. A later protection of the
    same partner for the same customer renews it.
    """
    return _told_by(
        snapshot,
        "registrations",
        """
        select
            r.partner_id, r.registration_id, r.account_id, r.protected_until as ends_on,
            coalesce(r.decided_on, r.submitted_on) as began_on
        from registrations as r
        inner join partners as p using (partner_id)
        left join opportunities as o using (opportunity_id)
        where r.protected_until between $first and $last
            and p.status is distinct from 'ended'
            and coalesce(o.is_open, true)
            and not exists (
                from registrations as later
                where later.partner_id = r.partner_id
                    and later.account_id = r.account_id
                    and later.protected_until > r.protected_until
            )
        order by ends_on, r.registration_id
        """,
        first=first,
        last=last,
    )


def registrations_late(snapshot: Snapshot, as_of: date) -> pl.DataFrame:
    """Pending registrations that were to be decided by as_of, the day on which the KPI counts them.

    Columns: partner_id (null when it is not in the register), item, submitted_on, due_on.
    """
    return _told_by(
        snapshot,
        "registrations",
        """
        select partner_id, registration_id as item, submitted_on, decision_due_on as due_on
        from registrations
        where status = 'pending' and decision_due_on <= $as_of
        order by due_on, item
        """,
        as_of=as_of,
    )


def referrals_late(snapshot: Snapshot, as_of: date) -> pl.DataFrame:
    """Received referrals without a first answer, due by as_of; one that is decided waits no more.

    Columns: partner_id (null when it is not in the register), item, submitted_on, due_on.
    """
    return _told_by(
        snapshot,
        "referrals",
        """
        select partner_id, referral_id as item, submitted_on, response_due_on as due_on
        from referrals
        where direction = 'received' and first_response_hours is null
            and status in ('submitted', 'accepted') and response_due_on <= $as_of
        order by due_on, item
        """,
        as_of=as_of,
    )


def signs_of_life(snapshot: Snapshot) -> pl.DataFrame:
    """Partners with a contract in force: partner_id, tier, last_event_on, contract_start."""
    return _told_by(
        snapshot,
        "partners",
        """
        select partner_id, tier, last_event_on, contract_start
        from partners
        where coalesce(status, '') not in ('ended', 'upcoming')
        order by partner_id
        """,
    )


def broken_promises(snapshot: Snapshot) -> pl.DataFrame:
    """What exports promise and do not keep, one row per export and promise.

    Columns: source, entity, promise, message_en, message_de.
    """
    return snapshot._ask(
        """
        select
            source, entity, subject as promise,
            first(message_en order by message_en) as message_en,
            first(message_de order by message_en) as message_de
        from findings
        where finding = 'contract_promise'
        group by source, entity, subject
        order by source, entity, subject
        """
    )


def _told_by(snapshot: Snapshot, table: str, sql: str, **parameters: Any) -> pl.DataFrame:
    there = snapshot._ask(
        "select column_name from duckdb_columns() where table_name = $name", name=table
    )["column_name"]
    return snapshot._ask(sql, **parameters) if _NEEDED[table] <= set(there) else pl.DataFrame()
