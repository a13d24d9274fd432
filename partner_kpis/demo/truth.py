"""What the demo promises about itself: the planted truths, the bad rows, the files.

Belongs here: the nouns that describe a finished demo, for tests and for the command line.
Does not belong here: making any of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class BadRow:
    """A row that landing must quarantine.

    `file_name` is the path below `landing/`, `row_number` counts data rows from 1, `column` is the
    contract's column, and `kind` one of missing_required, bad_date, unknown_enum, bad_currency,
    ambiguous_number, out_of_range, bad_pattern.
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
class StarPartner:
    """The partner that influenced some 30 % of the revenue that partners influenced.

    `revenue_share` is its part of what all influenced won opportunities brought over the whole
    history, each of them counted once; at rounded exchange rates, so that the published share
    differs by less than a percentage point. `won_deals` counts the star's.
    """

    partner_id: str
    name: str
    won_deals: int
    revenue_share: float


@dataclass(frozen=True)
class DormantPartner:
    """A contracted partner of the top tier without any qualifying event after `last_event_on`,
    which lies more than 90 days before as_of; it had some on each of `seen_on`, a year ago."""

    partner_id: str
    name: str
    tier: str
    last_event_on: date
    seen_on: tuple[date, ...]


@dataclass(frozen=True)
class SeasonalDip:
    """August and the days of December from the `late_december`th on are quiet.

    On a weekday of them at most `at_most` of the opportunities and of the uses of integrations
    happen that do on a weekday of the weeks around them, over all years together.
    """

    augusts: tuple[date, ...]
    late_december: int
    decembers: tuple[date, ...]
    at_most: float


@dataclass(frozen=True)
class ChannelConflict:
    """On `submitted_on` the rival registered a customer that was protected for another partner
    until `protected_until` (the last day)."""

    customer_account_id: str
    customer_name: str
    protected_partner_id: str
    protected_registration_id: str
    protected_until: date
    rival_partner_id: str
    rival_registration_id: str
    submitted_on: date


@dataclass(frozen=True)
class UpptimeService:
    """An integration that Upptime alone watches: minutes down by day (ISO), all others up."""

    integration_id: str
    slug: str
    minutes_down: Mapping[str, int]


@dataclass(frozen=True)
class DemoTruth:
    """Everything the demo planted, known before any pipeline has run.

    `reopened_opportunity_id` was lost, reopened, and is closed again; `deleted_opportunity_id` is
    marked deleted in its newest version. With exactly one bad file, a run of the demo ends with
    exit code 3. The slow activation shows in every month (five or more activations each) from
    scale 1 on; on a smaller scale it shows over the months together. So do star and seasonal dip
    from scale 0.3 on; below it there are too few deals.
    """

    seed: int
    scale: float
    as_of: date
    history_start: date
    slow_activation: SlowActivation
    bad_month: BadMonth
    open_deal: OpenDeal
    tier_change: TierChange
    star: StarPartner
    dormant: DormantPartner
    seasonal_dip: SeasonalDip
    channel_conflict: ChannelConflict
    on_upptime: tuple[UpptimeService, ...]
    reopened_opportunity_id: str | None
    deleted_opportunity_id: str | None
    bad_rows: tuple[BadRow, ...]
    bad_files: tuple[str, ...]
    files: tuple[ExportFile, ...]

    def rows_of(self, source: str, entity: str) -> int:
        """Data rows over all good files of an entity, repeated and bad ones included."""
        return sum(f.rows for f in self.files if (f.source, f.entity) == (source, entity))
