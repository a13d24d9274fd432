"""What the demo promises about itself: the planted truths, the bad rows, the files.

Belongs here: the nouns that describe a finished demo, for tests and for the command line.
Does not belong here: making any of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class BadRow:
    """A row that landing must quarantine.

    `file_name` is the path below `landing/`, `row_number` counts data rows from 1, `column` is the
    contract's column, and `kind` one of missing_required, bad_date, unknown_enum, bad_currency,
    ambiguous_number.
    """

    file_name: str
    row_number: int
    column: str
    kind: str


@dataclass(frozen=True)
class ExportFile:
    """One good export file: `rows` counts its data rows, bad, repeated and ignored ones included.

    `ignored_rows` are lines that the contract leaves out on purpose (Segment lines that are no
    track); `repeated_rows` come twice, word for word, in this very file; `footer_rows` are no rows.
    A row of the ECB's wide file is a line, of a status page's file an item.
    """

    file_name: str
    source: str
    entity: str
    rows: int
    ignored_rows: int = 0
    repeated_rows: int = 0
    footer_rows: int = 0


@dataclass(frozen=True)
class SlowActivation:
    """Installations of this partner activate slowly from `since` on (the day of activation).

    Both medians are over all its activations before and from that day, in days.
    """

    partner_id: str
    integration_ids: tuple[str, ...]
    since: date
    median_days_before: float
    median_days_since: float


@dataclass(frozen=True)
class BadMonth:
    """The only outages of this integration in the month that begins on `month`.

    `uptime` = 1 - down_minutes / month_minutes; minutes of the reporting zone's month, none of
    them under maintenance; the integration is measured by the status page alone.
    """

    partner_id: str
    integration_id: str
    component: str
    month: date
    down_minutes: int
    month_minutes: int

    @property
    def uptime(self) -> float:
        return 1 - self.down_minutes / self.month_minutes


@dataclass(frozen=True)
class OpenDeal:
    """The largest opportunity: open at as_of, influenced and sourced by the partner."""

    opportunity_id: str
    name: str
    partner_id: str
    amount: int
    currency: str


@dataclass(frozen=True)
class TierChange:
    """The partner's tier from `changed_on` on differs from the one before."""

    partner_id: str
    tier_before: str
    tier_since: str
    changed_on: date


@dataclass(frozen=True)
class DemoTruth:
    """Everything the demo planted, known before any pipeline has run.

    `reopened_opportunity_id` was lost, reopened, and is closed again; `deleted_opportunity_id` is
    marked deleted in its newest version. With exactly one bad file, a run of the demo ends with
    exit code 3. The slow activation shows in every month (five or more activations each) from
    scale 1 on; on a smaller scale it shows over the months together.
    """

    seed: int
    scale: float
    as_of: date
    history_start: date
    slow_activation: SlowActivation
    bad_month: BadMonth
    open_deal: OpenDeal
    tier_change: TierChange
    reopened_opportunity_id: str | None
    deleted_opportunity_id: str | None
    bad_rows: tuple[BadRow, ...]
    bad_files: tuple[str, ...]
    files: tuple[ExportFile, ...]

    def rows_of(self, source: str, entity: str) -> int:
        """Data rows over all good files of an entity, repeated and bad ones included."""
        return sum(f.rows for f in self.files if (f.source, f.entity) == (source, entity))
