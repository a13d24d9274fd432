"""The partner health score in plain Python, with exact fractions.

Belongs here: measures, scores, weights and contributions. Does not belong here: the KPIs that it
takes its measures from, which come as observations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING

from needs_oracle import landed
from partner_oracle import contracted, qualifying_days, window
from plain_rows import Observation, half_up

if TYPE_CHECKING:
    from oracle import Oracle
    from plain_rows import Row


@dataclass(frozen=True)
class Component:
    """What one component says of a partner at the end of a day."""

    partner_id: str
    day: date
    component: str
    measure: Fraction
    score: Decimal
    weight: Decimal
    contribution: Decimal


class Health:
    """Scores from the observations of other KPIs and from rows of `control.health_policies`."""

    def __init__(self, oracle: Oracle, policies: list[Row], others: Iterable[Observation]) -> None:
        self.oracle, self.policies = oracle, policies
        self.min_coverage = Fraction(str(oracle.settings["health_min_coverage"]))
        self.others: dict[tuple[str, str | None], list[Observation]] = {}
        for row in others:
            self.others.setdefault((row.kpi_id, row.partner_id), []).append(row)
        self.events = qualifying_days(oracle)
        self.marketing = self._marketing_days()
        self.components = [
            component
            for day in oracle.balance_days()
            for partner in contracted(oracle, day)
            for component in self._components(partner, day)
        ]

    def observations(self) -> list[Observation]:
        scores: dict[tuple[date, str], Decimal] = {}
        for row in self.components:
            key = (row.day, row.partner_id)
            scores[key] = scores.get(key, Decimal(0)) + row.contribution
        name, one = "partner_health_score", Decimal(1)
        return [
            Observation(name, day, partner, "partner", partner, score, one)
            for (day, partner), score in scores.items()
        ]

    def months(self) -> list[Component]:
        """The components of each month's last balance day: the rows of health_components."""
        last: dict[tuple[int, int], date] = {}
        for day in self.oracle.balance_days():
            last[day.year, day.month] = day
        return [row for row in self.components if row.day in last.values()]

    def _tier(self, partner: str, day: date) -> str | None:
        tier: str | None = self.oracle.partner_on(partner, day)["tier"]
        return tier

    def _components(self, partner: str, day: date) -> list[Component]:
        tier = self._tier(partner, day)
        own = [row for row in self.policies if row["tier"] and row["tier"] == tier]
        rules = own or [row for row in self.policies if row["tier"] == ""]
        measures = {row["component"]: self.measure(row["component"], partner, day) for row in rules}
        present = sum(
            (Fraction(row["weight"]) for row in rules if measures[row["component"]] is not None),
            Fraction(0),
        )
        whole = sum((Fraction(row["weight"]) for row in rules), Fraction(0))
        if not present or present / whole < self.min_coverage:
            return []
        found = []
        for row in rules:
            measure, weight = measures[row["component"]], Fraction(row["weight"])
            if measure is None:
                continue
            zero, hundred = Fraction(row["zero_at"]), Fraction(row["hundred_at"])
            points = 100 * (measure - zero) / (hundred - zero)
            score = half_up(min(max(points, Fraction(0)), Fraction(100)), 9)
            shared = half_up(100 * weight / present, 9)
            adds = half_up(Fraction(score) * weight / present, 9)
            found.append(Component(partner, day, row["component"], measure, score, shared, adds))
        return found

    # -- measures: None where the component has no data -----------------------------------------

    def measure(self, component: str, partner: str, day: date) -> Fraction | None:
        found: Fraction | None = getattr(self, f"_{component}")(partner, day)
        return found

    def _within(self, days: Iterable[date], day: date) -> int:
        first, last = window(self.oracle, day)
        return sum(first <= on <= last for on in days)

    def _activity(self, partner: str, day: date) -> Fraction | None:
        if not landed(self.oracle, "activity"):
            return None
        return Fraction(self._within(self.events.get(partner, []), day))

    def _influenced(self, partner: str, day: date) -> Fraction:
        rows = self.others.get(("partner_influenced_pipeline", partner), [])
        amounts = [Fraction(row.numerator) for row in rows if row.observed_on == day]
        return sum(amounts, Fraction(0))

    def _pipeline(self, partner: str, day: date) -> Fraction | None:
        if not landed(self.oracle, "crm") or not landed(self.oracle, "touches"):
            return None
        tier = self._tier(partner, day)
        peers = [peer for peer in contracted(self.oracle, day) if self._tier(peer, day) == tier]
        middle = median(self._influenced(peer, day) for peer in peers)
        return self._influenced(partner, day) / middle if middle > 0 else None

    def _certification(self, partner: str, day: date) -> Fraction | None:
        required = self.oracle.partners[partner]["required_certified_people"]
        if not required or not landed(self.oracle, "lms/certification"):
            return None
        key = ("person_id", "certification", "issued_on")
        people = {
            row["person_id"]
            for row in self.oracle.latest("lms/certification", *key)
            if row["partner_id"] == partner
            and row["issued_on"] <= day
            and (row["expires_on"] is None or row["expires_on"] >= day)
        }
        return Fraction(min(len(people), required), required)

    def _marketing_days(self) -> dict[str, list[date]]:
        found: dict[str, list[date]] = {}
        for _, account, at in self.oracle.responses:
            for partner in self.oracle.partners_with_account(account):
                found.setdefault(partner, []).append(self.oracle.local(at))
        for row in self.oracle.latest("prm/content_use", "event_id"):
            used = self.oracle.local(row["occurred_at"])
            found.setdefault(row["partner_id"], []).append(used)
        return found

    def _marketing(self, partner: str, day: date) -> Fraction | None:
        members = ("salesforce/campaign", "salesforce/campaign_member")
        campaigns = all(landed(self.oracle, name) for name in members)
        if not campaigns and not landed(self.oracle, "prm/content_use"):
            return None
        return Fraction(self._within(self.marketing.get(partner, []), day))

    def _trailing(self, kpi_id: str, partner: str, day: date) -> list[Observation]:
        first, last = window(self.oracle, day)
        rows = self.others.get((kpi_id, partner), [])
        return [row for row in rows if first <= row.observed_on <= last]

    def _reliability(self, partner: str, day: date) -> Fraction | None:
        rows = self._trailing("integration_uptime", partner, day)
        if not rows:
            return None
        return Fraction(sum(row.numerator for row in rows)) / Fraction(
            sum(row.denominator for row in rows)
        )

    def _satisfaction(self, partner: str, day: date) -> Fraction | None:
        rows = self._trailing("nps_integration", partner, day)
        if not rows or len(rows) < self.oracle.settings["min_sample"]:
            return None
        return Fraction(100 * sum(row.numerator for row in rows)) / len(rows)
