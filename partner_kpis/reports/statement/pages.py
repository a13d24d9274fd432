"""A statement as a document: its pages in one language.

Belongs here: titles, tables and how amounts read. Does not belong here: any amount (settle.py,
ageing.py), drawing (render).

A statement goes to the partner: it holds that partner's rows only, and is of the partner edition.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from partner_kpis import formats
from partner_kpis.reports import kinds
from partner_kpis.reports.document import (
    Cell,
    Chart,
    ChartKind,
    Document,
    Facts,
    Figure,
    Identity,
    Page,
    Role,
    Series,
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
        title = self.t(
            "statement.title.draft" if self.is_draft else "statement.title", number=statement.number
        )
        subtitle = self._days()
        footer = self.t(
            "statement.footer", partner=statement.partner_name,
            quarter=self.quarter.label(self.lang), number=statement.number,
            snapshot=statement.stamp.snapshot_id,
        )  # fmt: skip
        pages = (
            self._cover(), self._balance(), self._earned(), self._payments(), self._corrections(),
            self._open(), self._year(), self._terms(),
        )  # fmt: skip
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
            made_by=kinds.version(),
        )

    def _cover(self) -> Page:
        statement = self.statement
        pairs: tuple[tuple[str, Cell], ...] = (
            (
                self.t("statement.fact.partner"),
                f"{statement.partner_name} ({statement.partner_id})",
            ),
            (self.t("statement.fact.quarter"), self._days()),
            (self.t("statement.fact.number"), self._number()),
            (self.t("statement.fact.currency"), statement.currency),
            (self.t("statement.fact.data_until"), self.day(statement.stamp.as_of)),
            (self.t("statement.fact.snapshot"), statement.stamp.snapshot_id),
        )
        return Page("1", "cover", statement.partner_name, (Facts("facts", pairs),))

    def _balance(self) -> Page:
        closing = self.statement.balances.closing
        state = "owed" if closing > 0 else "advance" if closing < 0 else "even"
        title = self.t(
            f"statement.page.balance.{state}", amount=self.money(abs(closing)).text,
            day=formats.day(self.quarter.last_day, self.lang),
        )  # fmt: skip
        cells = [(self.t(f"statement.balance.{name}"), self._signed(name)) for name in _BALANCES]
        rows: list[Row] = [(label, self.money(amount)) for label, amount in cells]
        table = self.table("balances", (("what", 3.0), ("amount", 1.0)), rows, has_total=True)
        chart = self._chart("balance_moves", "waterfall", [cells])
        return Page("2", "balance", title, (table, *chart))

    def _chart(
        self,
        key: str,
        kind: ChartKind,
        series: Sequence[Sequence[tuple[str, Decimal]]],
        names: Sequence[str] = ("amount",),
    ) -> tuple[Chart, ...]:
        """One chart of amounts by label; none where all of them are nothing."""
        if not any(amount for one in series for _, amount in one):
            return ()
        roles: tuple[Role, ...] = ("own", "rest")
        drawn = tuple(
            Series(
                self.t(f"statement.column.{name}", currency=self.statement.currency),
                tuple(self.money(amount) for _, amount in one),
                role,
            )
            for name, one, role in zip(names, series, roles, strict=False)
        )
        categories = tuple(label for label, _ in series[0])
        title = self.t(f"statement.chart.{key}")
        return (Chart(key, title, kind, categories, drawn, self.statement.currency, title),)

    def _days(self) -> str:
        first, last = self.quarter.start, self.quarter.last_day
        return self.t(
            "statement.fact.days", quarter=self.quarter.label(self.lang),
            first=formats.day(first, self.lang), last=formats.day(last, self.lang),
        )  # fmt: skip

    def _number(self) -> str:
        if self.is_draft:
            return self.t("statement.fact.draft", number=self.statement.number)
        return self.t(
            "statement.fact.issued", number=self.statement.number, hash=self.statement.hash[:12]
        )

    def _signed(self, name: str) -> Decimal:
        """As it adds up to the closing balance: what was paid is taken off."""
        amount: Decimal = getattr(self.statement.balances, name)
        return -amount if name == "paid" and amount else amount

    def _earned(self) -> Page:
        lines = self.statement.earned
        title = self.counted(
            "statement.page.earned", len(lines), amount=self.statement.balances.earned
        )
        return Page("3", "earned", title, (self.earned_table(),))

    def _payments(self) -> Page:
        lines = self.statement.payments
        title = self.counted(
            "statement.page.payments", len(lines), amount=self.statement.balances.paid
        )
        return Page("4", "payments", title, (self.payments_table(),))

    def _corrections(self) -> Page:
        lines = self.statement.corrections
        amount = self.statement.balances.corrections
        title = self.counted("statement.page.corrections", len(lines), amount=amount)
        return Page("5", "corrections", title, (self.corrections_table(),))

    def _open(self) -> Page:
        late = sum(
            (age.amount for age in self.statement.ages if age.bucket == "days_over_90"), NOTHING
        )
        key = "statement.page.open.late" if late else "statement.page.open"
        title = self.t(key, amount=self.money(late).text)
        cells = [(self.t(f"statement.age.{age.bucket}"), age.amount) for age in self.statement.ages]
        rows: list[Row] = [(label, self.money(amount)) for label, amount in cells]
        rows.append(
            (self.t("statement.balance.closing"), self.money(self.statement.balances.closing))
        )
        table = self.table("ages", (("age", 3.0), ("amount", 1.0)), rows, has_total=True)
        return Page("6", "open", title, (table, *self._chart("ages_open", "columns", [cells])))

    def _year(self) -> Page:
        """What the partner earned and was paid in the calendar year, as tax reports ask for it."""
        labels = [Quarter.parse(row.quarter).label(self.lang) for row in self.statement.year]
        columns = [
            [getattr(row, name) for row in self.statement.year] for name in ("earned", "paid")
        ]
        sums = [sum(column, NOTHING) for column in columns]
        total = self.t("statement.year.total", year=self.quarter.year)
        rows: list[Row] = [
            (label, *map(self.money, amounts))
            for label, amounts in zip(labels, zip(*columns, strict=True), strict=True)
        ]
        rows.append((total, *map(self.money, sums)))
        widths = (("year_quarter", 2.0), ("earned", 1.0), ("paid", 1.0))
        table = self.table("year", widths, rows, has_total=True)
        series = [list(zip(labels, column, strict=True)) for column in columns]
        chart = self._chart("year_moves", "columns", series, ("earned", "paid"))
        title = self.t(
            "statement.page.year", year=self.quarter.year, paid=self.money(sums[1]).text,
            day=formats.day(self.quarter.last_day, self.lang),
        )  # fmt: skip
        return Page("7", "year", title, (table, *chart))

    def _terms(self) -> Page:
        """What the statement stands on, and how to check it."""
        statement = self.statement
        facts: list[tuple[str, str | Figure]] = [
            (self.t("statement.term.rates"), self.t("statement.term.rates.text")),
            (self.t("statement.term.rounding"), self.t("statement.term.rounding.text")),
            (self.t("statement.term.payments"), self.t("statement.term.payments.text")),
            (self.t("statement.term.corrections"), self.t("statement.term.corrections.text")),
            (self.t("statement.term.ages"), self.t("statement.term.ages.text")),
            (self.t("statement.term.year"), self.t("statement.term.year.text")),
            (self.t("statement.term.run"), statement.run_id),
            (self.t("statement.term.snapshot_hash"), statement.stamp.snapshot_hash),
        ]
        if not self.is_draft:
            facts.append((self.t("statement.term.hash"), statement.hash))
        return Page("A1", "terms", self.t("statement.page.terms"), (Facts("terms", tuple(facts)),))
