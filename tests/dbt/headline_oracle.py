"""Observations of the KPIs that the comparison knows and the components of health, in plain Python.

Belongs here: putting them together. Does not belong here: any rule of one of them.
"""

from __future__ import annotations

from functools import cached_property

from commission_oracle import earned, paid
from customer_oracle import activation, answers, nps
from deal_oracle import pipeline, velocity, win_rate
from delivery_oracle import delivery
from governance_oracle import registrations
from health_oracle import Health
from marketing_oracle import marketing
from oracle import Oracle
from partner_oracle import active_rate
from plain_rows import Observation, Row
from portfolio_oracle import portfolio
from referral_oracle import referrals
from reliability_oracle import reliability
from uptime_oracle import uptime
from usage_oracle import usage
from value_oracle import value_kpis


class Headlines(Oracle):
    """Everything that the comparison asks for."""

    def __init__(self, rows: dict[str, list[Row]], settings: Row, policies: list[Row]) -> None:
        super().__init__(rows, settings)
        self.policies = policies

    @cached_property
    def _but_health(self) -> list[Observation]:
        kpis = (
            pipeline, win_rate, velocity, activation, nps, answers, uptime, active_rate, value_kpis,
            usage, reliability, referrals, earned, paid, registrations, portfolio, marketing,
            delivery,
        )  # fmt: skip
        return [observation for kpi in kpis for observation in kpi(self)]

    @cached_property
    def health(self) -> Health:
        return Health(self, self.policies, self._but_health)

    @cached_property
    def observations(self) -> list[Observation]:
        return [*self._but_health, *self.health.observations()]
