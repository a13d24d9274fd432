"""The four KPIs' observations in plain Python, day by day, written from their definitions.

Belongs here: what kpis.md says, as simply as it can be said, slow and without SQL.
Does not belong here: anything copied from the dbt project, or periods (see oracle_rollup.py).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from plain_rows import DAY, Observation, Row, half_up, version


class Oracle:
    """Everything that follows from lake rows (`rows["source/entity"]`) and run settings."""

    def __init__(self, rows: dict[str, list[Row]], settings: Row) -> None:
        self.settings = settings
        self.as_of: date = settings["as_of"]
        self.zone = ZoneInfo(settings["reporting_timezone"])
        self.known = {
            name: [row for row in found if row["_loaded_at"] <= settings["known_at"]]
            for name, found in rows.items()
        }

    def latest(self, name: str, *key: str) -> list[Row]:
        newest: dict[tuple[Any, ...], Row] = {}
        for row in self.known.get(name, []):
            of = tuple(row[column] for column in key)
            if of not in newest or version(row) > version(newest[of]):
                newest[of] = row
        return [row for row in newest.values() if not row.get("is_deleted")]

    def local(self, at: datetime) -> date:
        return at.replace(tzinfo=UTC).astimezone(self.zone).date()

    def begins(self, day: date) -> datetime:
        """00:00 of the day in the reporting zone, as naive UTC."""
        local = datetime.combine(day, time(), self.zone)
        return local.astimezone(UTC).replace(tzinfo=None)

    def ends(self, day: date) -> datetime:
        return self.begins(day + DAY)

    # -- reference data -------------------------------------------------------------------------

    @cached_property
    def partners(self) -> dict[str, Row]:
        return {row["partner_id"]: row for row in self.latest("prm/partner", "partner_id")}

    def partner_on(self, partner_id: str, day: date) -> Row:
        """The version of the partner that holds on a day."""
        versions = [r for r in self.known["prm/partner"] if r["partner_id"] == partner_id]
        stamped = sorted((r for r in versions if r["_modified_at"]), key=version)
        if not stamped:
            return max(versions, key=version)
        until = [row for row in stamped if self.local(row["_modified_at"]) <= day]
        if until:
            return until[-1]
        first_day = self.local(stamped[0]["_modified_at"])
        return [row for row in stamped if self.local(row["_modified_at"]) == first_day][-1]

    @cached_property
    def rates(self) -> dict[str, dict[date, Decimal]]:
        found: dict[str, dict[date, Decimal]] = defaultdict(dict)
        for row in self.latest("finance/ecb_rate", "rate_date", "currency"):
            found[row["currency"]][row["rate_date"]] = row["rate"]
        return found

    def rate(self, currency: str, day: date) -> Fraction | None:
        if currency == "EUR":
            return Fraction(1)
        days = [published for published in self.rates.get(currency, {}) if published <= day]
        return Fraction(self.rates[currency][max(days)]) if days else None

    def money(self, amount: Decimal | None, currency: str | None, day: date) -> Decimal | None:
        reporting = self.settings["reporting_currency"]
        native = currency or reporting
        value = Fraction(amount or 0)
        if native != reporting:
            own, other = self.rate(native, day), self.rate(reporting, day)
            if own is None or other is None:
                return None
            value = value / own * other
        return half_up(value, 6)

    # -- opportunities --------------------------------------------------------------------------

    @cached_property
    def kinds(self) -> dict[str, str]:
        """won, lost or open by stage name, from the flags that rows carry."""
        deciding: dict[str, Row] = {}
        for row in self.known["salesforce/opportunity"]:
            stage = row["stage_name"]
            order = (*version(row)[:2], row["id"], row["_row_sha"])
            if stage not in deciding or order > deciding[stage]["order"]:
                deciding[stage] = {"order": order, "row": row}
        return {
            stage: "won" if it["row"]["is_won"] else "lost" if it["row"]["is_closed"] else "open"
            for stage, it in deciding.items()
        }

    @cached_property
    def opportunities(self) -> dict[str, Row]:
        rows = self.latest("salesforce/opportunity", "id")
        return {row["id"]: row for row in rows if self.local(row["created_date"]) <= self.as_of}

    @cached_property
    def history(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        rows = self.latest("salesforce/opportunity_history", "id")
        for row in sorted(rows, key=lambda r: (r["created_date"], r["id"])):
            found[row["opportunity_id"]].append(row)
        return found

    def state(self, opportunity: Row, day: date) -> tuple[str, str, Decimal | None]:
        """Kind, stage and amount at the end of a day on which the opportunity exists."""
        rows = [r for r in self.history[opportunity["id"]] if self.local(r["created_date"]) <= day]
        own_stage, own_amount = opportunity["stage_name"], opportunity["amount"]
        own_kind = self.kinds[own_stage]
        if not rows:
            open_still = own_kind == "open" or day < opportunity["close_date"]
            return ("open" if open_still else own_kind), own_stage, own_amount
        stamp = opportunity["_modified_at"]
        if (
            day == self.as_of
            and stamp is not None
            and stamp > rows[-1]["created_date"]
            and self.local(stamp) <= self.as_of
        ):
            return own_kind, own_stage, own_amount
        last = rows[-1]
        return self.kinds.get(last["stage_name"], "open"), last["stage_name"], last["amount"]

    def closing(self, opportunity: Row) -> tuple[date, datetime] | None:
        """Close day, and the last moment at which a touch still counts; None while open."""
        kind, stage, _ = self.state(opportunity, self.as_of)
        if kind == "open":
            return None
        began = None
        for row in reversed(self.history[opportunity["id"]]):
            if self.local(row["created_date"]) > self.as_of:
                continue
            if row["stage_name"] != stage:
                break
            began = row["created_date"]
        if began is None:
            day = opportunity["close_date"]
            return day, self.ends(day) - timedelta(microseconds=1)
        return self.local(began), began

    # -- touches --------------------------------------------------------------------------------

    def touches(self) -> list[tuple[str, str | None, datetime]]:
        """Opportunity, partner (None: unknown) and moment of every touch, valid or not."""
        end = self.ends(self.as_of)
        found: list[tuple[str, str | None, datetime]] = []
        for row in self.latest("salesforce/opportunity_partner", "id"):
            named = [
                p for p, it in self.partners.items() if it["crm_account_id"] == row["account_to_id"]
            ]
            for partner in named or [None]:
                found.append((row["opportunity_id"], partner, row["created_date"]))
        for row in self.latest("prm/deal_registration", "registration_id"):
            decided = row["decided_at"] is None or row["decided_at"] < end
            if row["decision"] == "approved" and decided:
                found.append((row["opportunity_id"], row["partner_id"], row["submitted_at"]))
        for row in self.latest("prm/referral", "referral_id"):
            decided = row["decided_at"] is None or row["decided_at"] < end
            counts = row["status"] in ("won", "lost") or (row["status"] == "accepted" and decided)
            if row["direction"] == "received" and counts:
                found.append((row["opportunity_id"], row["partner_id"], row["submitted_at"]))
        for row in self.latest("salesforce/lead", "id"):
            for partner, it in self.partners.items():
                both = row["utm_source"] and it["utm_source"]
                if both and row["utm_source"].lower() == it["utm_source"].lower():
                    found.append((row["converted_opportunity_id"], partner, row["created_date"]))
        return [
            (opportunity, partner if partner in self.partners else None, at)
            for opportunity, partner, at in found
            if opportunity in self.opportunities
        ]

    @cached_property
    def valid_touches(self) -> dict[str, list[tuple[str | None, datetime]]]:
        window = timedelta(hours=24 * self.settings["influence_window_days"])
        found: dict[str, list[tuple[str | None, datetime]]] = defaultdict(list)
        for opportunity_id, partner, at in self.touches():
            opportunity = self.opportunities[opportunity_id]
            closing = self.closing(opportunity)
            until = closing[1] if closing else self.ends(self.as_of)
            if opportunity["created_date"] - window <= at <= until and at < self.ends(self.as_of):
                found[opportunity_id].append((partner, at))
        return found

    # -- observations ---------------------------------------------------------------------------

    def history_start(self) -> date:
        if self.settings["history_start"]:
            return self.settings["history_start"]  # type: ignore[no-any-return]
        cut = self.as_of.replace(year=self.as_of.year - 5)
        moments = [r["created_date"] for r in self.latest("salesforce/opportunity", "id")]
        moments += [r["timestamp"] for r in self.known["telemetry/event"]]
        moments += [r["submitted_at"] for r in self.latest("prm/referral", "referral_id")]
        moments += [
            r["submitted_at"] for r in self.latest("prm/deal_registration", "registration_id")
        ]
        days = [day for day in map(self.local, moments) if cut <= day <= self.as_of]
        first = min(days, default=self.as_of.replace(year=self.as_of.year - 1))
        return first.replace(day=1)

    def pipeline(self) -> list[Observation]:
        found = []
        day = self.history_start()
        while day <= self.as_of:
            if day.weekday() == 6 or (day + DAY).day == 1 or day == self.as_of:
                for opportunity in self.opportunities.values():
                    found += self._pipeline_of(opportunity, day)
            day += DAY
        return found

    def _pipeline_of(self, opportunity: Row, day: date) -> list[Observation]:
        if self.local(opportunity["created_date"]) > day:
            return []
        kind, _, amount = self.state(opportunity, day)
        converted = self.money(amount, opportunity["currency_iso_code"], day)
        if kind != "open" or converted is None:
            return []
        touches = self.valid_touches[opportunity["id"]]
        partners = {partner for partner, at in touches if self.local(at) <= day}
        name, entity = "partner_influenced_pipeline", opportunity["id"]
        if not partners:
            return [Observation(name, day, None, "opportunity", entity, Decimal(0), converted)]
        return [
            Observation(name, day, partner, "opportunity", entity, converted, converted)
            for partner in partners
        ]

    def win_rate(self) -> list[Observation]:
        found = []
        for opportunity in self.opportunities.values():
            closing = self.closing(opportunity)
            if closing is None or closing[0] > self.as_of:
                continue
            won = Decimal(self.state(opportunity, self.as_of)[0] == "won")
            for partner in {partner for partner, _ in self.valid_touches[opportunity["id"]]}:
                found.append(
                    Observation(
                        "partner_win_rate", closing[0], partner, "opportunity", opportunity["id"],
                        won, Decimal(1),
                    )
                )  # fmt: skip
        return found

    def partner_of(self, integration_id: str) -> str | None:
        row = self.integrations.get(integration_id)
        return row["partner_id"] if row and row["partner_id"] in self.partners else None

    @cached_property
    def integrations(self) -> dict[str, Row]:
        rows = self.latest("registry/integration", "integration_id")
        return {row["integration_id"]: row for row in rows}

    def activation(self) -> list[Observation]:
        moments: dict[tuple[str, str, str], list[datetime]] = defaultdict(list)
        for row in self.latest("telemetry/event", "message_id"):
            account, integration = row["context_group_id"], row["properties_integration_id"]
            if account and integration and row["timestamp"] < self.ends(self.as_of):
                moments[account, integration, row["event"]].append(row["timestamp"])
        found = []
        for (account, integration, event), starts in moments.items():
            if event != self.settings["event_start"]:
                continue
            start = min(starts)
            done = moments.get((account, integration, self.settings["event_activation"]), [])
            after = [at for at in done if at >= start]
            if after:
                micros = (min(after) - start) // timedelta(microseconds=1)
                found.append(
                    Observation(
                        "time_to_activation", self.local(min(after)), self.partner_of(integration),
                        "installation", f"{account}|{integration}",
                        half_up(Fraction(micros, 86_400_000_000), 9), Decimal(1),
                    )
                )  # fmt: skip
        return found

    def uptime(self) -> list[Observation]:
        from uptime_oracle import uptime_observations

        return uptime_observations(self)

    def observations(self) -> list[Observation]:
        return [*self.pipeline(), *self.win_rate(), *self.activation(), *self.uptime()]
