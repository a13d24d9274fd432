"""Policies of commissions: which are accepted, which are refused with a sentence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from partner_kpis.commission_policy import Commission
from partner_kpis.commission_tables import COMMISSION_TABLES, commission_tables
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.policies import Policies


def load(folder: Path, text: str) -> tuple[Commission, ...]:
    home = DataHome.at(folder).create()
    home.policies_file.write_text(f"commission: {text}", encoding="utf-8")
    return Policies.load(home).commission


def test_one_policy_without_a_list_holds_since_ever(tmp_path: Path) -> None:
    plain = load(tmp_path, "{mode: retroactive}")
    listed = load(tmp_path, "[{mode: retroactive}]")
    assert plain == listed
    assert [policy.since for policy in plain] == [None]
    assert load(tmp_path, "{}") == Policies().commission


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "there must be one policy at least"),
        ("[{from: 2026-01-01}]", "the first policy holds since ever and has no `from`"),
        ("{from: 2026-01-01}", "the first policy holds since ever and has no `from`"),
        ("[{}, {}]", "every policy but the first needs its `from`"),
        ("[{}, {from: 2026-02-01}, {from: 2026-02-01}]", "the days of `from` must rise"),
        ("[{}, {from: 2026-02-30}]", "2026-02-30"),
        ("[{}, {from: 2026-02-01, mod: marginal}]", "'commission.1.mod'.*mean 'mode'"),
        ("{since: 2026-01-01}", "the key 'commission.since' is unknown"),
        ("{tiers: [[0, 0.1], [null, 0.2]]}", "ranks count from 1"),
        ("{tiers: [[3, 0.1], [null, 1.2]]}", "commission.tiers.1.1: it should be less than"),
        ("{conversion_bonus: {from_share: 0.5}}", "commission.conversion_bonus.rate"),
        ("{conversion_bonus: {rate: 0.9}}", "a rate and the conversion bonus make more than 1"),
        ("{involvement: {high: 0.95}, conversion_bonus: {rate: 0.1}}", "make more than 1"),
        ("{involvement: {low: 0.1}}", "'standard', 'high' or 'passive'"),
        ("{corridors: {high: [0.3, 0.2]}}", "the corridor of high ends below its beginning"),
        ("{payment_terms_days: -1}", "commission.payment_terms_days"),
        ("{splits: [{shares: {A: 1}}]}", "a split names either a partner or a referral"),
        ("{splits: [{partner: A, referral: R, shares: {A: 1}}]}", "either a partner or a ref"),
        ("{splits: [{partner: A, shares: {A: 0.6, B: 0.3}}]}", "of A make 0.9 and must make"),
        ("{splits: [{partner: A, shares: {A: 1, B: 0}}]}", "greater than 0"),
        ("{splits: [{partner: A, shares: {A: 1}}, {partner: A, shares: {B: 1}}]}", "A twice"),
    ],
)
def test_what_cannot_be_is_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        load(tmp_path, text)


def test_shares_are_summed_as_they_are_written(tmp_path: Path) -> None:
    """As binary fractions, ten tenths are not one."""
    shares = ", ".join(f"P{n}: 0.1" for n in range(10))
    (policy,) = load(tmp_path, f"{{splits: [{{partner: P0, shares: {{{shares}}}}}]}}")
    assert len(policy.splits[0].shares) == 10


def test_policies_follow_each_other_without_a_gap(tmp_path: Path) -> None:
    written = [
        {},
        {"from": date(2026, 7, 1), "payment_terms_days": 14, "involvement": {"high": 0.22}},
        {"from": date(2027, 1, 1), "conversion_bonus": {"rate": 0.02}},
    ]
    tables = commission_tables(load(tmp_path, yaml.safe_dump(written, default_flow_style=True)))
    assert tuple(tables) == COMMISSION_TABLES
    columns = ("policy", "valid_from", "valid_to", "payment_terms_days", "bonus_rate")
    rows: list[tuple[Any, ...]] = tables["commission_policies"].select(columns).rows()
    assert rows == [
        (1, None, date(2026, 7, 1), 30, None),
        (2, date(2026, 7, 1), date(2027, 1, 1), 14, None),
        (3, date(2027, 1, 1), None, 30, Decimal("0.02")),
    ]
    assert tables["commission_involvements"].rows() == [
        (2, "high", Decimal("0.22"), Decimal("0.2"), Decimal("0.25"))
    ]
    ranks = tables["commission_tiers"].select("policy", "from_rank", "to_rank").rows()
    assert ranks == [(n, *pair) for n in (1, 2, 3) for pair in ((1, 3), (4, 10), (11, None))]
