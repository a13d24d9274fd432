"""A statement as a document: its pages in one language.

Belongs here: titles, tables and how amounts read. Does not belong here: any amount (settle.py,
ageing.py), drawing (render).

A statement goes to the partner: it holds that partner's rows only, and is of the partner edition.
"""

from __future__ import annotations

from decimal import Decimal

from partner_kpis import formats
from partner_kpis.reports.document import (
    Document,
    Facts,
    Figure,
    Identity,
    Page,
    Table,
)
from partner_kpis.reports.quarter import Quarter
from partner_kpis.reports.statement.lines import Lines, Row
from partner_kpis.reports.statement.model import NOTHING, Statement

_BALANCES = ("opening", "earned", "corrections", "paid", "closing")


def document_of(statement: Statement, lang: str, *, is_draft: bool) -> Document:
    """The statement's document; the same statement gives the same document."""
    return _Pages(statement, lang, is_draft).document()


class _Pages(Lines):
    """The pages of one statement."""

    def __init__(self, statement: Statement, lang: str, is_draft: bool) -> None:
        super().__init__(statement, lang)
        self.is_draft = is_draft
        self.quarter = Quarter.parse(statement.quarter)

    def document(self) -> Document:
        statement = self.statement
        title = self.t("title.draft" if self.is_draft else "title", number=statement.number)
        subtitle = self.t(
            "subtitle", partner=statement.partner_name, quarter=self.quarter.label(self.lang)
        )
        footer = self.t(
            "footer", partner=statement.partner_name, quarter=self.quarter.label(self.lang),
            number=statement.number, snapshot=statement.stamp.snapshot_id,
        )  # fmt: skip
        pages = (self._balance(), self._earned(), self._payments(), self._corrections(),
                 self._open(), self._terms())  # fmt: skip
        return Document(self._identity(), title, subtitle, footer, pages)

    def _identity(self) -> Identity:
        statement, stamp = self.statement, self.statement.stamp
        return Identity(
            kind="statement",
            partner_id=statement.partner_id,
            partner_name=statement.partner_name,
            period=statement.quarter,
            edition="partner",
            lang=self.lang,
            snapshot_id=stamp.snapshot_id,
            snapshot_hash=stamp.snapshot_hash,
            as_of=stamp.as_of,
            created_at=stamp.created_at,
            code_version=stamp.code_version,
            definitions=statement.definitions,
        )

    def _balance(self) -> Page:
        statement, closing = self.statement, self.statement.balances.closing
        state = "owed" if closing > 0 else "advance" if closing < 0 else "even"
        title = self.t(
            f"page.balance.{state}", amount=self.money(abs(closing)).text,
            day=formats.day(self.quarter.last_day, self.lang),
        )  # fmt: skip
        facts = Facts(
            "facts",
            tuple(
                (self.t(f"fact.{name}"), cell)
                for name, cell in (
                    ("partner", f"{statement.partner_name} ({statement.partner_id})"),
                    ("quarter", self._days()),
                    ("number", self._number()),
                    ("currency", statement.currency),
                    ("data_until", self.day(statement.stamp.as_of)),
                    ("snapshot", statement.stamp.snapshot_id),
                )
            ),
        )
        rows: list[Row] = [
            (self.t(f"balance.{name}"), self.money(self._signed(name))) for name in _BALANCES
        ]
        table = self.table("balances", (("what", 3.0), ("amount", 1.0)), rows, has_total=True)
        return Page("1", "balance", title, (facts, table))

    def _days(self) -> str:
        first, last = self.quarter.start, self.quarter.last_day
        return self.t(
            "fact.days", quarter=self.quarter.label(self.lang),
            first=formats.day(first, self.lang), last=formats.day(last, self.lang),
        )  # fmt: skip

    def _number(self) -> str:
        if self.is_draft:
            return self.t("fact.draft", number=self.statement.number)
        return self.t("fact.issued", number=self.statement.number, hash=self.statement.hash[:12])

    def _signed(self, name: str) -> Decimal:
        """As it adds up to the closing balance: what was paid is taken off."""
        amount: Decimal = getattr(self.statement.balances, name)
        return -amount if name == "paid" and amount else amount

    def _earned(self) -> Page:
        lines = self.statement.earned
        title = self.counted("page.earned", len(lines), amount=self.statement.balances.earned)
        return Page("2", "earned", title, (self.earned_table(),))

    def _payments(self) -> Page:
        lines = self.statement.payments
        title = self.counted("page.payments", len(lines), amount=self.statement.balances.paid)
        return Page("3", "payments", title, (self.payments_table(),))

    def _corrections(self) -> Page:
        lines = self.statement.corrections
        amount = self.statement.balances.corrections
        title = self.counted("page.corrections", len(lines), amount=amount)
        return Page("4", "corrections", title, (self.corrections_table(),))

    def _open(self) -> Page:
        late = sum(
            (age.amount for age in self.statement.ages if age.bucket == "days_over_90"), NOTHING
        )
        key = "page.open.late" if late else "page.open"
        title = self.t(key, amount=self.money(late).text)
        return Page("5", "open", title, (self._ages(), self._year()))

    def _ages(self) -> Table:
        rows: list[Row] = [
            (self.t(f"age.{age.bucket}"), self.money(age.amount)) for age in self.statement.ages
        ]
        rows.append((self.t("balance.closing"), self.money(self.statement.balances.closing)))
        return self.table("ages", (("age", 3.0), ("amount", 1.0)), rows, has_total=True)

    def _year(self) -> Table:
        """What the partner earned and was paid in the calendar year, as tax reports ask for it."""
        year = self.statement.year
        rows: list[Row] = [
            (
                Quarter.parse(row.quarter).label(self.lang),
                self.money(row.earned),
                self.money(row.paid),
            )
            for row in year
        ]
        rows.append(
            (
                self.t("year.total", year=self.quarter.year),
                self.money(sum((row.earned for row in year), NOTHING)),
                self.money(sum((row.paid for row in year), NOTHING)),
            )
        )
        widths = (("year_quarter", 2.0), ("earned", 1.0), ("paid", 1.0))
        return self.table("year", widths, rows, has_total=True)

    def _terms(self) -> Page:
        """What the statement stands on, and how to check it."""
        statement = self.statement
        facts: list[tuple[str, str | Figure]] = [
            (self.t("term.rates"), self.t("term.rates.text")),
            (self.t("term.rounding"), self.t("term.rounding.text")),
            (self.t("term.payments"), self.t("term.payments.text")),
            (self.t("term.corrections"), self.t("term.corrections.text")),
            (self.t("term.ages"), self.t("term.ages.text")),
            (self.t("term.run"), statement.run_id),
            (self.t("term.snapshot_hash"), statement.stamp.snapshot_hash),
        ]
        if not self.is_draft:
            facts.append((self.t("term.hash"), statement.hash))
        return Page("A1", "terms", self.t("page.terms"), (Facts("terms", tuple(facts)),))
