"""KPIs of value in plain Python: revenue, sourced pipeline, co-selling, first deals, costs.

Belongs here: what kpis.md lists under "Value". Does not belong here: open pipeline, win rate and
velocity (see deal_oracle.py), or what an opportunity or a touch is (see oracle.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from partner_oracle import active_rate
from plain_rows import Observation

if TYPE_CHECKING:
    from oracle import Oracle
    from plain_rows import Row

ONE, ZERO = Decimal(1), Decimal(0)
EXPANSION = {"expansion", "upsell", "cross-sell", "existing customer - upgrade"}


def value_kpis(oracle: Oracle) -> list[Observation]:
    kpis = (
        revenue_shares, influenced_revenue, sourced_pipeline, co_selling, new_customers,
        first_deals, programme_costs, pipeline_per_active_partner,
    )  # fmt: skip
    return [observation for kpi in kpis for observation in kpi(oracle)]


def _wins(oracle: Oracle) -> list[tuple[Row, date]]:
    """Each opportunity won by as_of, with its close day."""
    found = []
    for opportunity in oracle.opportunities.values():
        closing = oracle.closing(opportunity)
        won = oracle.state(opportunity, oracle.as_of)[0] == "won"
        if closing is not None and won and closing[0] <= oracle.as_of:
            found.append((opportunity, closing[0]))
    return found


def _close_moment(oracle: Oracle, opportunity: Row) -> datetime:
    """A close date used as a moment means the beginning of that day."""
    _, stage, _ = oracle.state(opportunity, oracle.as_of)
    return oracle.stay_began(opportunity, stage) or oracle.begins(opportunity["close_date"])


def _won_amount(oracle: Oracle, opportunity: Row, day: date) -> Decimal | None:
    return oracle.money(opportunity["amount"], opportunity["currency_iso_code"], day)


def _influencers(oracle: Oracle, opportunity: Row) -> set[str | None]:
    return {touch.partner_id for touch in oracle.valid_touches[opportunity["id"]]}


def _sourcing(oracle: Oracle, opportunity: Row) -> list[str | None]:
    """The partner that sourced the opportunity, as a list of one; empty when nobody did."""
    formal = {"deal_registration": 0, "referral": 1}
    touches = [t for t in oracle.valid_touches[opportunity["id"]] if t.evidence in formal]
    if not touches:
        return []
    first = min(
        touches, key=lambda t: (t.at, formal[t.evidence], t.partner_id is None, t.partner_id or "")
    )
    return [first.partner_id] if first.at <= opportunity["created_date"] else []


def _of_opportunity(
    kpi_id: str,
    opportunity: Row,
    day: date,
    partners: Iterable[str | None],
    amount: Decimal,
    below: Decimal,
) -> list[Observation]:
    name = opportunity["id"]
    return [Observation(kpi_id, day, p, "opportunity", name, amount, below) for p in partners]


def _shared(
    kpi_id: str, opportunity: Row, day: date, partners: Iterable[str | None], amount: Decimal
) -> list[Observation]:
    """Rows of a share: without any partner the opportunity still adds to the denominator."""
    own = _of_opportunity(kpi_id, opportunity, day, partners, amount, amount)
    return own or _of_opportunity(kpi_id, opportunity, day, [None], ZERO, amount)


def revenue_shares(oracle: Oracle) -> list[Observation]:
    found = []
    for opportunity, day in _wins(oracle):
        amount = _won_amount(oracle, opportunity, day)
        if amount is not None:
            influencers, sourcing = (
                _influencers(oracle, opportunity),
                _sourcing(oracle, opportunity),
            )
            found += _shared("partner_revenue_share", opportunity, day, influencers, amount)
            found += _shared("partner_sourced_revenue_share", opportunity, day, sourcing, amount)
    return found


def influenced_revenue(oracle: Oracle) -> list[Observation]:
    """Size, expansion, concentration, and what the programme brings."""
    found = []
    for opportunity, day in _wins(oracle):
        amount = _won_amount(oracle, opportunity, day)
        if amount is None:
            continue
        partners = _influencers(oracle, opportunity)
        expands = (opportunity["type"] or "").strip().lower() in EXPANSION
        kpis = ["average_deal_size", "revenue_concentration_top3"]
        kpis += ["expansion_revenue"] if expands else []
        for kpi_id in kpis:
            found += _of_opportunity(kpi_id, opportunity, day, partners, amount, ONE)
        found += _of_opportunity("programme_roi", opportunity, day, partners, amount, ZERO)
    return found


def sourced_pipeline(oracle: Oracle) -> list[Observation]:
    found = []
    for opportunity in oracle.opportunities.values():
        day = oracle.local(opportunity["created_date"])
        rows = oracle.history[opportunity["id"]]
        told = [row for row in rows if oracle.local(row["created_date"]) <= oracle.as_of]
        native = told[0]["amount"] if told else opportunity["amount"]
        amount = oracle.money(native, opportunity["currency_iso_code"], day)
        if amount is not None:
            partners = _sourcing(oracle, opportunity)
            kpi_id = "partner_sourced_pipeline"
            found += _of_opportunity(kpi_id, opportunity, day, partners, amount, ONE)
    return found


def co_selling(oracle: Oracle) -> list[Observation]:
    roles = oracle.settings.get("co_sell_roles")
    found = []
    for opportunity in oracle.opportunities.values():
        touches = oracle.valid_touches[opportunity["id"]]
        partners = {
            touch.partner_id
            for touch in touches
            if touch.evidence == "crm_role" and (not roles or touch.role in roles)
        }
        day = oracle.local(opportunity["created_date"])
        found += _shared("co_sell_rate", opportunity, day, partners, ONE)
    return found


def new_customers(oracle: Oracle) -> list[Observation]:
    """Each account by the first opportunity that it won."""
    first: dict[str, tuple[datetime, str, Row, date]] = {}
    for opportunity, day in _wins(oracle):
        account = opportunity["account_id"]
        won = (_close_moment(oracle, opportunity), opportunity["id"], opportunity, day)
        if account is not None and (account not in first or won[:2] < first[account][:2]):
            first[account] = won
    name = "new_customer_share"
    return [
        Observation(name, day, partner, "account", account, Decimal(counts), ONE)
        for account, (_, _, opportunity, day) in first.items()
        for partner, counts in (
            [(partner, 1) for partner in _influencers(oracle, opportunity)] or [(None, 0)]
        )
    ]


def influenced_wins(oracle: Oracle) -> Iterator[tuple[str | None, date]]:
    """Each influencing partner of each won opportunity, with its close day."""
    for opportunity, day in _wins(oracle):
        for partner in _influencers(oracle, opportunity):
            yield partner, day


def first_deals(oracle: Oracle) -> list[Observation]:
    """How long each partner's first deal took, and whether it came within 60 and 90 days."""
    days: dict[str | None, list[date]] = {}
    for partner, day in influenced_wins(oracle):
        days.setdefault(partner, []).append(day)
    found = []
    for partner, row in oracle.partners.items():
        start, ended = row["contract_start"], row["ended_on"]
        since = sorted(day for day in days.get(partner, []) if day >= start)
        contracted = [day for day in since if ended is None or ended > day]
        if contracted:
            took, name = Decimal((contracted[0] - start).days), "time_to_first_deal"
            found.append(Observation(name, contracted[0], partner, "partner", partner, took, ONE))
        for length in (60, 90):
            due, name = start + timedelta(days=length), f"first_revenue_within_{length}_days"
            in_time = Decimal(any(day <= due for day in since))
            if due <= oracle.as_of:
                found.append(Observation(name, due, partner, "partner", partner, in_time, ONE))
    return found


def programme_costs(oracle: Oracle) -> list[Observation]:
    found = []
    for row in oracle.latest("prm/programme_cost", "month", "category"):
        day = row["month"].replace(day=1)
        amount = oracle.money(row["amount"], row["currency"], day)
        if amount is not None and day <= oracle.as_of:
            name, entity = "programme_roi", f"{row['month']}|{row['category']}"
            found.append(Observation(name, day, None, "programme_cost", entity, ZERO, amount))
    return found


def pipeline_per_active_partner(oracle: Oracle) -> list[Observation]:
    """The numerator of influenced pipeline, among those who count as active."""
    name, found = "pipeline_per_active_partner", []
    for day in oracle.balance_days():
        for opportunity in oracle.opportunities.values():
            if oracle.local(opportunity["created_date"]) > day:
                continue
            kind, _, native = oracle.state(opportunity, day)
            amount = oracle.money(native, opportunity["currency_iso_code"], day)
            if kind == "open" and amount is not None:
                touches = oracle.valid_touches[opportunity["id"]]
                partners = {touch.partner_id for touch in touches if oracle.local(touch.at) <= day}
                found += _of_opportunity(name, opportunity, day, partners, amount, ZERO)
    found += [
        Observation(name, row.observed_on, row.partner_id, "partner", row.entity_id, ZERO, ONE)
        for row in active_rate(oracle)
        if row.numerator
    ]
    return found
