"""Faulty lines of the files in config/, one case a fault, as data.

Belongs here: the line, and what the sentence about it must name. Does not belong here: running into
it (test_bad_surroundings.py).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """A faulty line of config/<file>; words: what the sentence must name beside the file."""

    file: str
    content: str
    words: tuple[str, ...]


def _policy(content: str, *words: str) -> Setting:
    return Setting("policies.yml", content, (*words, "docs/configuration.md"))


def _crosswalk(row: str, *words: str) -> Setting:
    return Setting("crosswalk.csv", f"source,entity,id,kind,matched_id\n{row}\n", words)


def _source(content: str, *words: str) -> Setting:
    return Setting("sources.yml", content, words)


SETTINGS = (
    _policy("influence_windw_days: 90", "'influence_windw_days'", "mean 'influence_window_days'"),
    _policy("influence_window_days: soon", "influence_window_days", "integer", "'soon'"),
    _policy("influence_window_days: 0", "influence_window_days", "greater than or equal to 1"),
    _policy("trend_flat_share: 2", "trend_flat_share", "less than or equal to 1"),
    _policy("reporting_currency: EURO", "'EURO'", "ISO 4217"),
    _policy("reporting_timezone: Europe/Atlantis", "'Europe/Atlantis'", "Europe/Berlin"),
    _policy("history_start: 2026-02-30", "history_start", "'2026-02-30'"),
    _policy("tiers: [a, b, a]", "names a tier twice"),
    _policy("closed_won_stages: [Won]\nclosed_lost_stages: [Won]", "'Won'", "at once"),
    _policy("events: {begin: X}", "events.begin"),
    _policy("commission: {tiers: [[3, 0.1]]}", "commission", "last one must be null"),
    _policy("commission: {tirs: []}", "'commission.tirs'", "mean 'tiers'"),
    _policy("commission: [{}, {mode: marginal}]", "every policy but the first needs its `from`"),
    _policy("commission: {splits: [{partner: A, shares: {A: 0.6, B: 0.5}}]}", "make exactly 1"),
    _policy("health: {weights: {luck: 5}}", "health.weights.luck"),
    _policy("health: {weigths: {}}", "'health.weigths'", "mean 'weights'"),
    _policy("health: {bands: {healthy: 20, watch: 50}}", "watch must not lie above healthy"),
    _policy("keep_snapshots: 0", "keep_snapshots"),
    Setting("policies.yml", "tiers: [a, b", ("cannot be read as YAML", "line 1")),
    Setting("policies.yml", "- a list", ("must hold keys and values",)),
    Setting("policies.yml", "caf\udce9: 1", ("cannot be read as YAML", "byte 4 is no UTF-8")),
    Setting("policies.yml", "min_sample: 5\nmin_sample: 6", ("min_sample", "twice")),
    _source("crm: {deal: {}}", "'crm/deal'", "partner-kpis contracts list"),
    _source("prm: partner", "'prm' must hold entities"),
    _source("prm: {partner: {colums: {}}}", "'colums'", "mean 'columns'"),
    _source("prm: {partner: {columns: {nam: Name}}}", "'nam'", "partner_type"),
    _source("prm: {partner: {delimiter: '|'}}", "delimiter", "'|'"),
    _source("prm: {partner: {encoding: utf-16}}", "encoding", "cp1252"),
    _source("prm: {partner: {date_order: swiss}}", "date_order", "german"),
    _source("prm: {partner: {timezone: Moon}}", "timezone", "'Moon'"),
    _source("prm: {partner: {values: {tier: Gold}}}", "values.tier"),
    _crosswalk("prm,referral,A,account,", "row 1", "matched_id is empty"),
    _crosswalk("prm,referral,A,acount,1", "row 1", "mean 'account'"),
)
