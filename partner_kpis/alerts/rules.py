"""What config/alerts.yml may say: channels, roles and rules as strict models.

Belongs here: every key, its default and what is possible. Does not belong here: reading the file,
or whether a KPI or channel exists (settings.py); judging anything (lifecycle.py).
"""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

Severity = Literal["info", "warning", "critical"]
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")
"""The gravest first."""

Dimension = Literal["programme", "partner", "tier", "partner_type", "region"]
PeriodType = Literal["day", "week", "month", "quarter", "year"]
Against = Literal["previous", "year_ago"]
Named = Literal["target", "corridor"]
DueThing = Literal["certificate", "agreement", "protection"]
LateThing = Literal["registration", "referral"]
DataThing = Literal["stale", "missing", "held", "contract", "volume"]
Grouping = Literal["rule", "partner", "none"]
Language = Literal["en", "de"]


def _as_time(written: object) -> time:
    """YAML reads 20:00 without quotation marks as the number 1200."""
    if isinstance(written, str) and re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", written):
        hour, _, minute = written.partition(":")
        return time(int(hour), int(minute))
    raise ValueError('a time of day is written in quotation marks, such as "20:00"')


def _as_id(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,60}", text):
        raise ValueError("an id is of small letters, digits and _, and begins with a letter")
    return text


TimeOfDay = Annotated[time, BeforeValidator(_as_time)]
RuleId = Annotated[str, AfterValidator(_as_id)]
Days = Annotated[int, Field(ge=1, le=730)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class QuietHours(_Strict):
    """Hours in which only what is critical is sent, in the zone of the policies; over midnight
    where `until` lies before `from`."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    start: TimeOfDay = Field(validation_alias="from")
    end: TimeOfDay = Field(validation_alias="until")
    weekends: bool = False

    @model_validator(mode="after")
    def _some(self) -> QuietHours:
        if self.start == self.end:
            raise ValueError("from and until must differ")
        return self


class Channel(_Strict):
    """Where messages go: an address of Apprise, in the file or in an environment variable."""

    url: str | None = None
    url_env: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")] | None = None
    lang: Language = "en"
    quiet_hours: QuietHours | None = None

    @model_validator(mode="after")
    def _one_address(self) -> Channel:
        if (self.url is None) == (self.url_env is None):
            raise ValueError("a channel has either url or url_env")
        if self.url is not None and not re.match(r"^[a-zA-Z0-9+.-]+://", self.url):
            raise ValueError("url must be an address of Apprise such as mailtos://… or json://…")
        return self


class Scope(_Strict):
    """Whom a rule looks at; without members, every member of the dimension."""

    dimension: Dimension = "programme"
    members: list[str] = []


class Floor(_Strict):
    """The bound that an anomaly must pass as well: what is merely unusual is not told."""

    below: float | Named | None = None
    above: float | Named | None = None

    @model_validator(mode="after")
    def _one(self) -> Floor:
        if (self.below is None) == (self.above is None):
            raise ValueError("floor has either below or above")
        return self


class Anomaly(_Strict):
    """Unusual against a KPI's own history: the residual of a robust seasonal decomposition."""

    deviations: float = Field(default=3.5, ge=2, le=20)
    min_history: int = Field(default=24, ge=12)
    min_effect: float = Field(default=0.1, gt=0)
    """Smallest distance from what was expected, as a share of it."""


class Change(_Strict):
    """How far a value moved from the period before, or the same of the year before."""

    against: Against = "previous"
    falls_by: float | None = Field(default=None, gt=0)
    rises_by: float | None = Field(default=None, gt=0)
    """Shares of the earlier value: 0.2 is a fifth."""

    @model_validator(mode="after")
    def _one(self) -> Change:
        if (self.falls_by is None) == (self.rises_by is None):
            raise ValueError("change has either falls_by or rises_by")
        return self


class Condition(_Strict):
    """What opens an alert; exactly one kind, except that `below` and `above` may both be bounds."""

    below: float | Named | None = None
    above: float | Named | None = None
    outside: Literal["corridor"] | None = None
    change: Change | None = None
    anomaly: Anomaly | None = None
    floor: Floor | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Condition:
        bounds = self.below is not None or self.above is not None
        kinds = [
            bounds,
            self.outside is not None,
            self.change is not None,
            self.anomaly is not None,
        ]
        if sum(kinds) != 1:
            raise ValueError("name one of: below/above, outside, change, anomaly")
        if (self.anomaly is None) != (self.floor is None):
            raise ValueError("an anomaly has a floor, and nothing else has one")
        below, above = self.below, self.above
        if isinstance(below, float | int) and isinstance(above, float | int) and below >= above:
            raise ValueError(f"below {below:g} and above {above:g} leave no room between them")
        return self


class Clear(_Strict):
    """What closes it again: inside this bound (else: not breached) for so many periods."""

    below: float | None = None
    above: float | None = None
    periods: int = Field(default=1, ge=1, le=52, validation_alias="for")

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Guards(_Strict):
    """The breach that a rule warns of, for `alerts replay`."""

    kpi: str
    below: float | Named | None = None
    above: float | Named | None = None

    @model_validator(mode="after")
    def _one(self) -> Guards:
        if (self.below is None) == (self.above is None):
            raise ValueError("guards has either below or above")
        return self


class _Rule(_Strict):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    id: RuleId
    severity: Severity = "warning"
    channels: list[str] | None = None
    owner: str | None = None
    group_by: Grouping = "rule"
    enabled: bool = True


class KpiRule(_Rule):
    """A KPI, or every one of a family, that leaves its bounds."""

    kpi: str | None = None
    family: str | None = None
    scope: Scope = Scope()
    period: PeriodType | None = None
    when: Condition
    periods: int = Field(default=1, ge=1, le=52, validation_alias="for")
    clear: Clear = Clear()
    min_sample: int | None = Field(default=None, ge=0)
    guards: Guards | None = None

    @model_validator(mode="after")
    def _possible(self) -> KpiRule:
        if (self.kpi is None) == (self.family is None):
            raise ValueError("a rule has either kpi or family")
        _refuse_gap(self.when, self.clear)
        return self


class DueRule(_Rule):
    """A reminder: something ends in so many days. Each of the days is told once."""

    due: DueThing
    days: list[Days] = [90, 60, 30, 7]

    @field_validator("days")
    @classmethod
    def _falling(cls, days: list[int]) -> list[int]:
        if not days or days != sorted(set(days), reverse=True):
            raise ValueError("days must fall, such as [90, 60, 30, 7]")
        return days


class LateRule(_Rule):
    """Something waits for us longer than was promised; how long is in policies.yml."""

    late: LateThing


class DormantRule(_Rule):
    """A partner of whom nothing was heard for too long."""

    dormant: dict[str, Days] = {"strategic": 30, "active": 60, "network": 120}
    """Days without any qualifying event, by tier; a tier that is not named has no limit."""


class DataRule(_Rule):
    """Something is wrong with the exports themselves; told on the data channels."""

    data: DataThing


Rule = KpiRule | DueRule | LateRule | DormantRule | DataRule

RULE_KINDS: dict[str, type[_Rule]] = {
    "kpi": KpiRule, "family": KpiRule, "due": DueRule, "late": LateRule, "dormant": DormantRule,
    "data": DataRule,
}  # fmt: skip
"""The key that says what kind of rule it is."""


class Defaults(_Strict):
    """Where messages of rules go that name no channels of their own."""

    channels: list[str] = []
    data_channels: list[str] = []


class AlertsFile(_Strict):
    """config/alerts.yml as a whole; its rules are read one by one, by the key of their kind."""

    dashboard_url: Annotated[str, Field(pattern=r"^https?://")] | None = None
    channels: dict[str, Channel] = {}
    defaults: Defaults = Defaults()
    roles: dict[str, list[str]] = {}
    """Role of a ladder -> channels on which it is told; without an entry, those of the rule."""
    catalogue_rules: bool = True
    """Whether the rules hold that follow from the catalogue (docs/alerts.md lists them)."""
    without: list[str] = []
    """Ids of such rules that do not hold."""
    digest_over: int = Field(default=5, ge=1, le=100)
    """More messages than this at once for one channel become one."""
    rules: list[Any] = []


def _refuse_gap(when: Condition, clear: Clear) -> None:
    """A bound to clear lies on the good side of the bound to open, or the alert would flap."""
    if isinstance(when.below, float | int) and clear.above is not None and clear.above < when.below:
        raise ValueError(f"clear.above {clear.above:g} must not lie under below {when.below:g}")
    if isinstance(when.above, float | int) and clear.below is not None and clear.below > when.above:
        raise ValueError(f"clear.below {clear.below:g} must not lie over above {when.above:g}")
