"""Statements from a snapshot: what it says of each partner, drafted or issued.

Belongs here: reading commissions and payments, and the choice between the ledger and a new
statement. Does not belong here: how a quarter is settled (settle.py), words (pages.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

import polars as pl

from partner_kpis.errors import UserError
from partner_kpis.reports.document import Document
from partner_kpis.reports.quarter import Quarter
from partner_kpis.reports.stamp import Stamp
from partner_kpis.reports.statement.issued import Issued
from partner_kpis.reports.statement.model import EarnedLine, PaymentLine, Statement, cents
from partner_kpis.reports.statement.pages import document_of
from partner_kpis.reports.statement.settle import Made, Truth, settle
from partner_kpis.serving import Snapshot
from partner_kpis.strict_yaml import did_you_mean

Row = dict[str, Any]

_FAMILY: Final = "commissions"
"""The family whose KPIs say of all partners what a statement says of one."""


class StatementSource:
    """What a snapshot says of all partners' commissions, loaded once, beside what was issued.

    stamp: of the snapshot that a recomputed one stands for; None takes the snapshot's own.
    Raises UserError for a snapshot that does not tell single commissions: without them everything
    issued would look cancelled.
    """

    def __init__(self, snapshot: Snapshot, issued: Issued, stamp: Stamp | None = None) -> None:
        info = snapshot.info()
        self.issued = issued
        self.as_of = info["as_of"]
        self._run_id = info["run_id"]
        self._currency = info["reporting_currency"]
        self._snapshot = snapshot
        self._stamp = stamp
        partners = snapshot.partners()
        self.names: dict[str, str] = dict(
            zip(partners["partner_id"], partners["name"], strict=True)
        )
        self._earned = _by_partner(_told(snapshot, "commission_lines"), "decided_on", "referral_id")
        paid = _told(snapshot, "commission_payments").filter(pl.col("paid_on") <= self.as_of)
        self._payments = _by_partner(paid, "paid_on", "payment_id")

    @cached_property
    def made(self) -> Made:
        """Snapshot, run and definitions; hashes the snapshot's file where no stamp is given."""
        definitions = tuple(
            (kpi.kpi_id, kpi.definition_version)
            for kpi in self._snapshot.catalogue()
            if kpi.family == _FAMILY
        )
        return Made(self._stamp or Stamp.of(self._snapshot), self._run_id, definitions)

    def truth(self, partner_id: str) -> Truth:
        """Every commission and payment of a partner. Raises UserError for an unknown partner."""
        name = self.names.get(partner_id)
        if name is None and partner_id not in self.issued.partners():
            near = did_you_mean(partner_id, list(self.names))
            raise UserError(f"No partner is called {partner_id!r}{near}.")
        return Truth(
            partner_id=partner_id,
            partner_name=name or self.issued.of(partner_id)[-1].partner_name,
            currency=self._currency,
            earned=tuple(map(_earned_line, self._earned[partner_id])),
            payments=tuple(map(_payment_line, self._payments[partner_id])),
        )

    def partners(self, quarter: Quarter) -> list[str]:
        """Who has anything to state by the end of a quarter, in the order of ids."""
        active = (p for p in self._earned.keys() | self._payments.keys() if p in self.names)
        found = {p for p in active if self.truth(p).is_active(quarter)}
        return sorted(found | self.issued.partners())

    def complete(self, quarter: Quarter) -> Quarter:
        """The quarter itself. Raises UserError for one that has not ended."""
        if quarter.last_day > self.as_of:
            raise UserError(
                f"{quarter} has not ended: the snapshot tells until {self.as_of}. A statement is "
                f"issued once; wait for the exports until {quarter.last_day}, and run again."
            )
        return quarter

    def drafted(self, partner_id: str, quarter: Quarter) -> Statement:
        """The statement as this snapshot would have it, after those of the quarters before.

        It goes by the run of the issued one where the snapshot is the same, or stands for it.
        """
        self.complete(quarter)
        every = self.issued.of(partner_id)
        history = [s for s in every if Quarter.parse(s.quarter) < quarter]
        made = self.made
        for issued in every:
            if issued.quarter == str(quarter) and issued.stamp == made.stamp:
                made = replace(made, run_id=issued.run_id)
        return settle(history, self.truth(partner_id), quarter, made)

    def statement(self, partner_id: str, quarter: Quarter) -> Statement:
        """The issued statement, else what would be issued now. Raises UserError as `settle`."""
        found = self.issued.get(partner_id, str(quarter))
        if found is not None:
            return found
        self.complete(quarter)
        return settle(self.issued.of(partner_id), self.truth(partner_id), quarter, self.made)

    def issue(self, partner_id: str, quarter: Quarter) -> Statement:
        """The issued statement; issued now where it was not yet. Raises UserError as `settle`."""
        found = self.issued.get(partner_id, str(quarter))
        if found is None:
            with self.issued.issuing():
                found = self.statement(partner_id, quarter)
                if self.issued.get(partner_id, str(quarter)) is None:
                    self.issued.add(found)
        return found


def build_statement(
    source: StatementSource, partner_id: str, quarter: Quarter, lang: str
) -> Document:
    """The document of a statement: of the issued one, else a draft, which says that it is one."""
    is_draft = source.issued.get(partner_id, str(quarter)) is None
    return document_of(source.statement(partner_id, quarter), lang, is_draft=is_draft)


def rebuild_statement(
    source: StatementSource, partner_id: str, quarter: Quarter, lang: str
) -> Document:
    """The document of a statement settled anew from the source's snapshot, issued or not.

    For checking an issued one: with the snapshot that it was made from, nothing may differ.
    """
    return document_of(source.drafted(partner_id, quarter), lang, is_draft=False)


def _told(snapshot: Snapshot, table: str) -> pl.DataFrame:
    if not snapshot.holds(table):
        raise UserError(
            f"The snapshot {snapshot.info()['snapshot_id']} was published by an earlier version, "
            "which did not tell single commissions. Publish a new one with: partner-kpis run"
        )
    return snapshot.table(table)


def _by_partner(rows: pl.DataFrame, *order: str) -> defaultdict[str, list[Row]]:
    """Rows by partner; those of nobody in the registry are on nobody's statement."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    known: Iterable[Row] = rows.filter(pl.col("partner_id").is_not_null()).sort(order).to_dicts()
    for row in known:
        found[row["partner_id"]].append(row)
    return found


def _earned_line(row: Row) -> EarnedLine:
    return EarnedLine(
        referral_id=row["referral_id"],
        decided_on=row["decided_on"],
        policy_from=row["policy_from"],
        mode=row["mode"],
        involvement=row["involvement"],
        rank_of_year=row["rank_of_year"],
        rate=_short(row["rate"]),
        conversion_bonus_rate=_short(row["conversion_bonus_rate"]),
        split_share=_short(row["split_share"]),
        base_amount=_short(row["base_amount"]),
        base_currency=row["base_currency"],
        fx_rate=row["fx_rate"],
        base=cents(row["base_reporting"]),
        amount=cents(row["commission_reporting"]),
    )


def _payment_line(row: Row) -> PaymentLine:
    return PaymentLine(
        payment_id=row["payment_id"],
        referral_id=row["referral_id"],
        own_amount=_short(row["amount"]),
        currency=row["currency"],
        due_on=row["due_on"],
        paid_on=row["paid_on"],
        amount=cents(row["amount_reporting"]),
    )


def _short(number: Decimal) -> Decimal:
    """Without zeros at its end: 0.100000000 is 0.1."""
    text = f"{number:f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)
