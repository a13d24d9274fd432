"""The shared notions of the KPIs in plain Python: versions, days, money, deals and touches.

Belongs here: what kpis.md says under that heading, as simply as it can be said, without SQL.
Does not belong here: anything copied from the dbt project, KPIs (see headline_oracle.py and the
modules that it names), or periods (see oracle_rollup.py).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from plain_rows import DAY, Row, Touch, half_up, version


class Oracle:
    """Everything that follows from lake rows (`rows["source/entity"]`) and run settings."""

    def __init__(self, rows: dict[str, list[Row]], settings: Row) -> None:
        self.settings = settings
        self.as_of: date = settings["as_of"]
        self.zone = ZoneInfo(settings["reporting_timezone"])
        self._latest: dict[str, list[Row]] = {}
        self.known = {
            name: [row for row in found if row["_loaded_at"] <= settings["known_at"]]
            for name, found in rows.items()
        }

    def latest(self, name: str, *key: str) -> list[Row]:
        """The newest version of each row that is not deleted by it."""
        if name not in self._latest:
            self._latest[name] = self._newest(name, key)
        return list(self._latest[name])

    def _newest(self, name: str, key: tuple[str, ...]) -> list[Row]:
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
        factor = self.factor(currency, day)
        return None if factor is None else half_up(Fraction(amount or 0) * factor, 6)

    def factor(self, currency: str | None, day: date) -> Fraction | None:
        """What an amount is multiplied with to be in the reporting currency."""
        reporting = self.settings["reporting_currency"]
        native = currency or reporting
        if native == reporting:
            return Fraction(1)
        own, other = self.rate(native, day), self.rate(reporting, day)
        return None if own is None or other is None else other / own

    # -- opportunities --------------------------------------------------------------------------

    @cached_property
    def kinds(self) -> dict[str, str]:
        """won, lost or open by stage name, from the flags that rows carry."""
        deciding: dict[str, Row] = {}
        for row in self.known.get("salesforce/opportunity", []):
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
        began = self.stay_began(opportunity, stage)
        if began is None:
            day = opportunity["close_date"]
            return day, self.ends(day) - timedelta(microseconds=1)
        return self.local(began), began

    def stay_began(self, opportunity: Row, stage: str) -> datetime | None:
        """When the present, uninterrupted stay in a stage began, as far as history tells."""
        began = None
        for row in reversed(self.history[opportunity["id"]]):
            if self.local(row["created_date"]) > self.as_of:
                continue
            if row["stage_name"] != stage:
                break
            began = row["created_date"]
        return began

    # -- touches --------------------------------------------------------------------------------

    def partners_with_account(self, account: str | None) -> list[str]:
        """Every registered partner that names the account as its own."""
        return [p for p, it in self.partners.items() if account and it["crm_account_id"] == account]

    @cached_property
    def responses(self) -> list[tuple[Row, str, datetime]]:
        """Responding members of existing campaigns run with a partner's account: when, for whom."""
        accounts = {
            row["id"]: row["partner_account"] for row in self.latest("salesforce/campaign", "id")
        }
        found = []
        for row in self.latest("salesforce/campaign_member", "id"):
            account, on = accounts.get(row["campaign_id"]), row["first_responded_date"]
            if row["has_responded"] and account:
                found.append((row, account, self.begins(on) if on else row["created_date"]))
        return found

    @cached_property
    def touches(self) -> list[Touch]:
        """Every touch on an existing opportunity, valid or not; unknown partners as None."""
        end = self.ends(self.as_of)
        found: list[Touch] = []
        for row in self.latest("salesforce/opportunity_partner", "id"):
            opportunity, at = row["opportunity_id"], row["created_date"]
            for partner in self.partners_with_account(row["account_to_id"]) or [None]:
                found.append(Touch(opportunity, partner, "crm_role", at, row.get("role")))
        for row in self.latest("prm/deal_registration", "registration_id"):
            opportunity, partner, at = row["opportunity_id"], row["partner_id"], row["submitted_at"]
            decided = row["decided_at"] is None or row["decided_at"] < end
            if row["decision"] == "approved" and decided:
                found.append(Touch(opportunity, partner, "deal_registration", at))
        for row in self.latest("prm/referral", "referral_id"):
            opportunity, partner, at = row["opportunity_id"], row["partner_id"], row["submitted_at"]
            decided = row["decided_at"] is None or row["decided_at"] < end
            counts = row["status"] in ("won", "lost") or (row["status"] == "accepted" and decided)
            if row["direction"] == "received" and counts:
                found.append(Touch(opportunity, partner, "referral", at))
        for row in self.leads.values():
            opportunity, at = row["converted_opportunity_id"], row["created_date"]
            for partner, it in self.partners.items():
                both = row["utm_source"] and it["utm_source"]
                if both and row["utm_source"].lower() == it["utm_source"].lower():
                    found.append(Touch(opportunity, partner, "utm", at))
        for row, account, at in self.responses:
            lead = self.leads.get(row["lead_id"], {})
            opportunity = lead.get("converted_opportunity_id")
            for partner in self.partners_with_account(account) or [None]:
                found.append(Touch(opportunity, partner, "campaign", at))
        return [
            replace(touch, partner_id=self.registered(touch.partner_id))
            for touch in found
            if touch.opportunity_id in self.opportunities
        ]

    def registered(self, partner_id: str | None) -> str | None:
        return partner_id if partner_id in self.partners else None

    @cached_property
    def leads(self) -> dict[str, Row]:
        return {row["id"]: row for row in self.latest("salesforce/lead", "id")}

    @cached_property
    def valid_touches(self) -> dict[str, list[Touch]]:
        """The touches that influence, by opportunity."""
        window = timedelta(hours=24 * self.settings["influence_window_days"])
        found: dict[str, list[Touch]] = defaultdict(list)
        for touch in self.touches:
            opportunity = self.opportunities[touch.opportunity_id]
            closing = self.closing(opportunity)
            until = closing[1] if closing else self.ends(self.as_of)
            in_time = opportunity["created_date"] - window <= touch.at <= until
            if in_time and touch.at < self.ends(self.as_of):
                found[touch.opportunity_id].append(touch)
        return found

    # -- days -----------------------------------------------------------------------------------

    def history_start(self) -> date:
        if self.settings["history_start"]:
            return self.settings["history_start"]  # type: ignore[no-any-return]
        cut = self.as_of.replace(year=self.as_of.year - 5)
        moments = [r["created_date"] for r in self.latest("salesforce/opportunity", "id")]
        moments += [r["timestamp"] for r in self.known.get("telemetry/event", [])]
        moments += [r["submitted_at"] for r in self.latest("prm/referral", "referral_id")]
        moments += [
            r["submitted_at"] for r in self.latest("prm/deal_registration", "registration_id")
        ]
        days = [day for day in map(self.local, moments) if cut <= day <= self.as_of]
        first = min(days, default=self.as_of.replace(year=self.as_of.year - 1))
        return first.replace(day=1)

    def balance_days(self) -> list[date]:
        """Each week's end, each month's end and as_of, from history_start on."""
        count = (self.as_of - self.history_start()).days + 1
        days = [self.history_start() + number * DAY for number in range(count)]
        return [d for d in days if d.weekday() == 6 or (d + DAY).day == 1 or d == self.as_of]

    # -- integrations ---------------------------------------------------------------------------

    @cached_property
    def integrations(self) -> dict[str, Row]:
        rows = self.latest("registry/integration", "integration_id")
        return {row["integration_id"]: row for row in rows}

    def partner_of(self, integration_id: str | None) -> str | None:
        row = self.integrations.get(integration_id or "")
        return self.registered(row["partner_id"]) if row else None
