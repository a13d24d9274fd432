"""What a document says before it has a format: pages of blocks, and every number with its origin.

Belongs here: the nouns that builders fill and renderers draw, in one language and one edition.
Does not belong here: choosing what to say (builders), drawing it (render), reading a snapshot.

A builder decides the words and how numbers read; a renderer only lays out. What a reader of the
partner edition must not see is never in its document at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

Edition: TypeAlias = Literal["internal", "partner"]
FigureKind: TypeAlias = Literal["number", "percent", "money", "date", "moment"]
ChartKind: TypeAlias = Literal[
    "columns", "stacked_columns", "bars", "mirrored_bars", "lines", "waterfall"
]
Tone: TypeAlias = Literal["win", "risk", "ask", "plain"]
Role: TypeAlias = Literal["own", "rest", "target", "good", "bad", "neutral"]


@dataclass(frozen=True)
class Origin:
    """The one place in a snapshot from which a number was taken: table, key of the row, column.

    Several rows added up have the key that they share.
    """

    table: str
    key: tuple[tuple[str, str], ...]
    column: str

    def __str__(self) -> str:
        where = ", ".join(f"{name}={value}" for name, value in self.key)
        return f"{self.table}[{where}].{self.column}"


@dataclass(frozen=True)
class Figure:
    """A number, an amount of money or a date: what it is, and how it reads in this document.

    value: shares are fractions (kind percent); None prints as the text alone. decimals: of the
    printed number. currency: ISO 4217, of kind money.
    """

    value: Decimal | float | int | date | datetime | None
    text: str
    kind: FigureKind = "number"
    decimals: int = 0
    currency: str | None = None
    origin: Origin | None = None


@dataclass(frozen=True)
class Mark:
    """A status by shape and word; `status` is a key of one of the tables of looks in theme.py."""

    status: str
    word: str


@dataclass(frozen=True)
class Corridor:
    """A corridor bar: the band, the target as a tick, the value as a dot; bounds may be open."""

    value: float | None
    target: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Spark:
    """The last periods of a value, oldest first; None is a gap."""

    values: tuple[float | None, ...]


Cell: TypeAlias = str | Figure | Mark | Corridor | Spark


@dataclass(frozen=True)
class Column:
    """A table's column. weight: its share of the width; numbers stand right."""

    key: str
    title: str
    weight: float = 1.0
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells, one for each column. Without rows, `empty` says why in one line.

    shown: how many rows a page shows; the workbook has all of them, and a page says how many are
    left out. has_total: the last row sums up and is set apart.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    note: str | None = None
    shown: int = 12
    has_total: bool = False


@dataclass(frozen=True)
class Series:
    """One series of a chart, with a figure for each category; a figure without value is a gap."""

    name: str
    figures: tuple[Figure, ...]
    role: Role = "own"


@dataclass(frozen=True)
class Chart:
    """A chart whose title says the finding. unit: of its value axis, as people read it.

    waterfall: one series; the first and the last category are levels, those between are moves.
    mirrored_bars: two series, the first to the left. Shares are drawn as percent.
    """

    key: str
    title: str
    kind: ChartKind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    empty: str
    note: str | None = None


@dataclass(frozen=True)
class Tile:
    """One KPI, large: name, value with unit, status, change in words, sample, last periods."""

    label: str
    figure: Figure
    unit: str
    mark: Mark | None = None
    change: str = ""
    sample: str = ""
    spark: Spark | None = None


@dataclass(frozen=True)
class Tiles:
    key: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Statement:
    """A sentence made from numbers: text and figures in order, and what it stands on.

    kpi_id and period: of the KPI that the sentence is about, printed small behind it.
    """

    parts: tuple[str | Figure, ...]
    tone: Tone = "plain"
    kpi_id: str | None = None
    period: str | None = None

    @property
    def text(self) -> str:
        return "".join(p.text if isinstance(p, Figure) else p for p in self.parts)


@dataclass(frozen=True)
class Statements:
    """Sentences under a heading; without any, `empty` says so."""

    key: str
    title: str
    items: tuple[Statement, ...]
    empty: str


@dataclass(frozen=True)
class Facts:
    """Pairs of a label and a cell, such as those of a cover."""

    key: str
    pairs: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True)
class Nothing:
    """A page or a part without data says so, and why, in one line."""

    key: str
    why: str


Block: TypeAlias = Table | Chart | Tiles | Statements | Facts | Nothing


@dataclass(frozen=True)
class Page:
    """One slide. number: "1" to "14", "A1" and so on; title: its one message."""

    number: str
    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Identity:
    """What makes a document this one and no other, enough to make it again.

    kind: qbr, ops or statement. period: 2026Q3, or 2026-09 of an ops pack. definitions: KPI id and
    version of each KPI that is used. made_by: the version of words and layout (kinds.version).
    Nothing here depends on when the document is written.
    """

    kind: Literal["qbr", "ops", "statement"]
    partner_id: str
    partner_name: str
    period: str
    edition: Edition
    lang: str
    snapshot_id: str
    snapshot_hash: str
    as_of: date
    created_at: datetime
    code_version: str
    definitions: tuple[tuple[str, str], ...] = ()
    made_by: str = ""

    @property
    def stem(self) -> str:
        """The file's name without its ending: QBR_<partner>_<YYYY>Q<n>_<edition>_<lang>_<8>."""
        return self.stem_of(
            self.kind, self.partner_id, self.period, self.edition, self.lang, self.snapshot_hash
        )

    @staticmethod
    def stem_of(
        kind: str, partner_id: str, period: str, edition: str, lang: str, snapshot_hash: str
    ) -> str:
        """The same of a document that is yet to be made."""
        name = {"qbr": "QBR", "ops": "OPS", "statement": "STATEMENT"}[kind]
        safe = "".join(c if c.isalnum() or c in "-." else "-" for c in partner_id)
        if safe != partner_id:  # or two partners could have one file
            safe += f"-{hashlib.sha256(partner_id.encode()).hexdigest()[:6]}"
        return "_".join([name, safe, period, edition, lang, snapshot_hash[:8]])


@dataclass(frozen=True)
class Document:
    """A whole document. footer: what every page carries at its foot, beside its number."""

    identity: Identity
    title: str
    subtitle: str
    footer: str
    pages: tuple[Page, ...]

    def tables(self) -> Iterator[tuple[Page, Table]]:
        for page in self.pages:
            for block in page.blocks:
                if isinstance(block, Table):
                    yield page, block

    def charts(self) -> Iterator[tuple[Page, Chart]]:
        for page in self.pages:
            for block in page.blocks:
                if isinstance(block, Chart):
                    yield page, block

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Every figure with its place: page/block/row/column, unique within the document."""
        for page in self.pages:
            for block in page.blocks:
                for place, figure in _figures(block):
                    yield f"{page.number}/{block.key}/{place}", figure


def _figures(block: Block) -> Iterator[tuple[str, Figure]]:
    match block:
        case Table():
            for number, row in enumerate(block.rows, start=1):
                for column, cell in zip(block.columns, row, strict=True):
                    if isinstance(cell, Figure):
                        yield f"{number}/{column.key}", cell
        case Chart():
            for series in block.series:
                for category, figure in zip(block.categories, series.figures, strict=True):
                    yield f"{series.name}/{category}", figure
        case Tiles():
            for tile in block.tiles:
                yield tile.label, tile.figure
        case Statements():
            for number, item in enumerate(block.items, start=1):
                for index, part in enumerate(item.parts):
                    if isinstance(part, Figure):
                        yield f"{number}/{index}", part
        case Facts():
            for label, cell in block.pairs:
                if isinstance(cell, Figure):
                    yield label, cell
        case Nothing():
            return
