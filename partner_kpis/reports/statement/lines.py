"""The tables of a statement's lines: referrals, payments, corrections.

Belongs here: their columns, and how amounts, rates and days read. Does not belong here: the pages
(pages.py), which lines there are (settle.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from partner_kpis import formats
from partner_kpis.reports.document import Cell, Column, Figure, Origin, Table
from partner_kpis.reports.quarter import Quarter
from partner_kpis.reports.statement.model import Correction, EarnedLine, PaymentLine, Statement
from partner_kpis.text import has, t

Row: TypeAlias = tuple[Cell, ...]
Widths: TypeAlias = Sequence[tuple[str, float]]

_EARNED: Final[Widths] = (
    ("referral", 1.3), ("decided_on", 1.1), ("agreement", 1.7), ("rank", 0.6), ("rate", 0.7),
    ("bonus", 0.7), ("own_base", 1.5), ("fx", 0.9), ("base", 1.2), ("share", 0.8), ("amount", 1.2),
)  # fmt: skip
_PAYMENTS: Final[Widths] = (
    ("payment", 1.3), ("referral", 1.3), ("paid_on", 1.1), ("due_on", 1.1), ("own_amount", 1.4),
    ("amount", 1.2),
)  # fmt: skip
_CORRECTIONS: Final[Widths] = (
    ("item", 1.5), ("day", 1.1), ("of_quarter", 0.9), ("reason", 2.4), ("before", 1.2),
    ("now", 1.2), ("effect", 1.2),
)  # fmt: skip
_TEXTS: Final = frozenset({
    "referral", "agreement", "payment", "item", "of_quarter", "reason", "what", "age",
    "year_quarter", "decided_on", "paid_on", "due_on", "day",
})  # fmt: skip


class Lines:
    """The lines of one statement in one language."""

    def __init__(self, statement: Statement, lang: str) -> None:
        self.statement = statement
        self.lang = lang

    def t(self, key: str, **values: object) -> str:
        return t(key, self.lang, **values)

    def counted(self, key: str, count: int, *, amount: Decimal) -> str:
        """The text for none, one or many, where there are such."""
        form = {0: ".none", 1: ".one"}.get(count, "")
        if not has(f"{key}{form}"):
            form = ""
        return self.t(f"{key}{form}", count=count, amount=self.money(amount).text)

    # Cells ------------------------------------------------------------------------------------

    def money(self, amount: Decimal | None, origin: Origin | None = None) -> Figure:
        """An amount of the statement's currency, to the cent; unknown without a rate."""
        return self._money(amount, self.statement.currency, origin)

    def _money(self, amount: Decimal | None, currency: str, origin: Origin | None) -> Figure:
        text = self.t("statement.unknown") if amount is None else formats.money_exact(
            amount, currency, self.lang
        )  # fmt: skip
        return Figure(amount, text, "money", 2, currency, origin)

    def _fx(self, rate: float | None, origin: Origin) -> Figure:
        """An exchange rate; 1 where nothing was converted."""
        if rate is None:
            return Figure(None, self.t("statement.unknown"), origin=origin)
        places = 0 if rate == 1 else 6
        text = formats.number(rate, self.lang, places)
        return Figure(rate, text, decimals=places, origin=origin)

    def day(self, value: date | None, origin: Origin | None = None) -> Cell:
        if value is None:
            return ""
        return Figure(value, formats.day(value, self.lang), "date", origin=origin)

    def percent(self, share: Decimal | None, origin: Origin | None = None) -> Cell:
        """With as many places as the rate has: 10%, 12.5%."""
        if share is None:
            return ""
        exponent = (share * 100).normalize().as_tuple().exponent
        places = max(-exponent, 0) if isinstance(exponent, int) else 0
        return Figure(share, formats.percent(share, self.lang, places), "percent", places,
                      origin=origin)  # fmt: skip

    # Tables -----------------------------------------------------------------------------------

    def table(
        self, key: str, widths: Widths, rows: Sequence[Row], *, has_total: bool = False
    ) -> Table:
        """A table of the catalogue of texts: its title, columns, and why it may be empty.

        Every row is printed: a statement leaves nothing to a workbook.
        """
        columns = tuple(
            Column(
                name,
                self.t(f"statement.column.{name}", currency=self.statement.currency),
                width,
                is_number=name not in _TEXTS,
            )
            for name, width in widths
        )
        empty = self.t(
            f"statement.table.{key}.empty", quarter=self._quarter(self.statement.quarter)
        )
        title = self.t(f"statement.table.{key}")
        return Table(key, title, columns, tuple(rows), empty, shown=len(rows), has_total=has_total)

    def earned_table(self) -> Table:
        """A row each won referral, and their sum."""
        rows = [self._earned_row(line) for line in self.statement.earned]
        return self._summed("earned", _EARNED, rows, self.statement.balances.earned)

    def payments_table(self) -> Table:
        """A row each payment, and their sum."""
        rows = [self._payment_row(line) for line in self.statement.payments]
        return self._summed("payments", _PAYMENTS, rows, self.statement.balances.paid)

    def corrections_table(self) -> Table:
        """A row each difference from what was stated, and their effect on the balance."""
        rows = [self._correction_row(line) for line in self.statement.corrections]
        return self._summed("corrections", _CORRECTIONS, rows, self.statement.balances.corrections)

    def _summed(self, key: str, widths: Widths, rows: list[Row], total: Decimal) -> Table:
        if rows:
            blank: Iterable[Cell] = [""] * (len(widths) - 2)
            rows = [*rows, (self.t("statement.total"), *blank, self.money(total))]
        return self.table(key, widths, rows, has_total=bool(rows))

    def _earned_row(self, line: EarnedLine) -> Row:
        def origin(column: str) -> Origin:
            key = (("partner_id", self.statement.partner_id), ("referral_id", line.referral_id))
            return Origin("commission_lines", key, column)

        return (
            line.referral_id,
            self.day(line.decided_on, origin("decided_on")),
            self._agreement(line),
            Figure(line.rank_of_year, str(line.rank_of_year), origin=origin("rank_of_year")),
            self.percent(line.rate, origin("rate")),
            self.percent(line.conversion_bonus_rate, origin("conversion_bonus_rate")),
            self._money(line.base_amount, line.base_currency, origin("base_amount")),
            self._fx(line.fx_rate, origin("fx_rate")),
            self.money(line.base, origin("base_reporting")),
            self.percent(line.split_share, origin("split_share")),
            self.money(line.amount, origin("commission_reporting")),
        )  # fmt: skip

    def _agreement(self, line: EarnedLine) -> str:
        """Which policy rated it, how, and the class of involvement."""
        since = self.t("statement.agreement.first")
        if line.policy_from is not None:
            since = self.t(
                "statement.agreement.since", day=formats.day(line.policy_from, self.lang)
            )
        parts = [since, self.t(f"statement.mode.{line.mode}")]
        if line.involvement != "standard":
            parts.append(self.t(f"statement.involvement.{line.involvement}"))
        return ", ".join(parts)

    def _payment_row(self, line: PaymentLine) -> Row:
        def origin(column: str) -> Origin:
            return Origin("commission_payments", (("payment_id", line.payment_id),), column)

        return (
            line.payment_id,
            line.referral_id or "",
            self.day(line.paid_on, origin("paid_on")),
            self.day(line.due_on, origin("due_on")),
            self._money(line.own_amount, line.currency, origin("amount")),
            self.money(line.amount, origin("amount_reporting")),
        )

    def _correction_row(self, line: Correction) -> Row:
        reason = self.t(f"statement.reason.{line.kind}.{line.reason}")
        if line.reason == "changed" and line.rate_before != line.rate_now:
            reason = self.t("statement.reason.rate", before=self._rate(line.rate_before),
                            now=self._rate(line.rate_now))  # fmt: skip
        return (
            self.t(f"statement.item.{line.kind}", id=line.item_id),
            self.day(line.day),
            self._quarter(line.quarter),
            reason,
            self.money(line.before),
            self.money(line.now),
            self.money(line.amount),
        )

    def _rate(self, rate: Decimal | None) -> str:
        cell = self.percent(rate)
        return cell.text if isinstance(cell, Figure) else ""

    def _quarter(self, written: str) -> str:
        return Quarter.parse(written).label(self.lang)
