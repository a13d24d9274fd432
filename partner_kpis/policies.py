"""The policies of a programme: every key, its default, and what values are possible.

Belongs here: config/policies.yml as one strict model. Does not belong here: what a policy does.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.numbers import list_currencies
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from partner_kpis.commission_policy import Commission, Commissions
from partner_kpis.home import DataHome
from partner_kpis.policy_types import Days, Hours, Share
from partner_kpis.strict_yaml import parse_strict, read_yaml

HEALTH_COMPONENTS = (
    "activity", "pipeline", "certification", "marketing", "reliability", "satisfaction",
)  # fmt: skip
Component = Literal[
    "activity", "pipeline", "certification", "marketing", "reliability", "satisfaction"
]


def _known_currency(code: str) -> str:
    if code not in list_currencies():
        raise ValueError(f"{code!r} is not an ISO 4217 currency code such as EUR")
    return code


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not a time zone such as Europe/Berlin") from error
    return name


Currency = Annotated[str, AfterValidator(_known_currency)]
Zone = Annotated[str, AfterValidator(_known_zone)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Events(_Strict):
    """Names of the telemetry events that carry meaning."""

    start: str = "Integration Installed"
    activation: str = "First Value Reached"
    use: str = "Integration Called"
    feature: str = "Feature Used"


class Bands(_Strict):
    healthy: float = Field(75, ge=0, le=100)
    watch: float = Field(50, ge=0, le=100)

    @model_validator(mode="after")
    def _ordered(self) -> Bands:
        if self.watch > self.healthy:
            raise ValueError("watch must not lie above healthy")
        return self


class HealthTier(_Strict):
    """What a tier judges differently."""

    weights: dict[Component, Annotated[float, Field(ge=0)]] = {}
    points: dict[Component, tuple[float, float]] = {}


class Health(_Strict):
    weights: dict[Component, Annotated[float, Field(ge=0)]] = {
        "activity": 20, "pipeline": 30, "certification": 20,
        "marketing": 10, "reliability": 10, "satisfaction": 10,
    }  # fmt: skip
    points: dict[Component, tuple[float, float]] = {
        "activity": (0, 12), "pipeline": (0, 2), "certification": (0, 1),
        "marketing": (0, 20), "reliability": (0.95, 0.999), "satisfaction": (-50, 50),
    }  # fmt: skip
    min_coverage: Share = 0.6
    bands: Bands = Field(default_factory=lambda: Bands(healthy=75, watch=50))
    tiers: dict[str, HealthTier] = {}

    @model_validator(mode="after")
    def _possible(self) -> Health:
        if sum(self.weights.values()) <= 0:
            raise ValueError("the weights must not all be 0")
        for component, (low, high) in self.points.items():
            if low == high:
                raise ValueError(f"the two points of {component} must differ")
        return self


class Policies(_Strict):
    """Everything a programme decides for itself; `load` reads config/policies.yml."""

    reporting_currency: Currency = "EUR"
    reporting_timezone: Zone = "Europe/Berlin"
    history_start: date | None = None
    tiers: list[str] = ["strategic", "active", "network"]
    influence_window_days: Days = 180
    active_partner_window_days: Days = 90
    active_integration_window_days: Days = 28
    min_sample: int = Field(5, ge=1)
    trend_flat_share: Share = 0.02
    referral_follow_up_hours: Hours = 24
    deal_registration_decision_hours: Hours = 48
    closed_won_stages: list[str] = []
    closed_lost_stages: list[str] = []
    co_sell_roles: list[str] = []
    features: list[str] = []
    hubspot_partner_labels: list[str] = ["partner"]
    events: Events = Events()
    commission: Commissions = (Commission(),)
    health: Health = Health()
    pinned_kpis: list[str] = [
        "partner_influenced_pipeline", "time_to_activation", "partner_health_score",
    ]  # fmt: skip
    keep_snapshots: int = Field(5, ge=1)
    keep_day_values_days: Days = 400

    @model_validator(mode="after")
    def _lists_make_sense(self) -> Policies:
        if len(set(self.tiers)) != len(self.tiers):
            raise ValueError("tiers names a tier twice")
        both = set(self.closed_won_stages) & set(self.closed_lost_stages)
        if both:
            raise ValueError(f"{sorted(both)} cannot be a won and a lost stage at once")
        return self

    @classmethod
    def load(cls, home: DataHome) -> Policies:
        """Read the home's policies; without a file, the defaults. Raises UserError on any fault."""
        path = home.policies_file
        return parse_strict(read_yaml(path), cls, str(path), "docs/configuration.md lists them all")

    @property
    def fingerprint(self) -> str:
        """Short hash that changes with any policy."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]
