"""Channels and rules in force: config/alerts.yml, and what holds without it.

Belongs here: reading the file with every fault as a sentence that names its line, and the rules
that follow from the catalogue. Does not belong here: what a rule may say (rules.py).
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from partner_kpis.alerts.default_rules import default_rules
from partner_kpis.alerts.rules import (
    RULE_KINDS,
    AlertsFile,
    Condition,
    DataRule,
    KpiRule,
    Rule,
)
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.serving import KpiDefinition
from partner_kpis.strict_yaml import did_you_mean, fault_sentence, lines_of, read_yaml
from partner_kpis.text import both

_HINT = "docs/alerts.md lists all keys"


@dataclass(frozen=True)
class AlertSettings:
    """What is in force. rules: enabled ones alone, by id."""

    file: AlertsFile
    rules: dict[str, Rule]

    @property
    def fingerprint(self) -> str:
        """Short hash that changes with any rule in force."""
        told = "\n".join(rule.model_dump_json() for rule in self.rules.values())
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def channels_of(self, rule: Rule) -> list[str]:
        """Names of the channels that a rule tells; none is allowed: then only the inbox shows."""
        if rule.channels is not None:
            return rule.channels
        defaults = self.file.defaults
        return defaults.data_channels if isinstance(rule, DataRule) else defaults.channels

    def channels_of_role(self, role: str, rule: Rule) -> list[str]:
        """Where a role of a ladder is told."""
        return self.file.roles.get(role, self.channels_of(rule))


def kpis_of(rule: KpiRule, kpis: Iterable[KpiDefinition]) -> list[KpiDefinition]:
    """The KPIs that a rule watches: its own, or those of its family with its dimension."""
    return [
        kpi
        for kpi in kpis
        if kpi.kpi_id == rule.kpi
        or (kpi.family == rule.family and rule.scope.dimension in kpi.dimensions)
    ]


def load(home: DataHome, kpis: Sequence[KpiDefinition]) -> AlertSettings:
    """Read config/alerts.yml against the catalogue in force; without a file, the defaults.

    Raises UserError with one sentence for each fault, each with its line.
    """
    file, own = _read(home.alerts_file, kpis)
    if not file.catalogue_rules:
        return AlertSettings(file, {rule.id: rule for rule in own if rule.enabled})
    usual = default_rules(kpis)
    replaced = {rule.id for rule in own} | set(file.without)
    rules = [rule for rule in usual if rule.id not in replaced] + own
    return AlertSettings(file, {rule.id: rule for rule in rules if rule.enabled})


def read_file(home: DataHome) -> AlertsFile:
    """config/alerts.yml without its rules: channels and roles, for who only sends or only reads.

    Raises UserError with a sentence for each fault.
    """
    path, faults = home.alerts_file, list[str]()
    data, lines = read_yaml(path), lines_of(path)
    file: AlertsFile | None = _model(AlertsFile, data, (), lines, faults)
    _raise(path, faults)
    return file or AlertsFile()


def read_rule(path: Path, kpis: Sequence[KpiDefinition]) -> list[Rule]:
    """The rules of a file that is not in force yet, for a replay; their channels may be unknown.

    Raises UserError like load.
    """
    if not path.is_file():
        raise UserError(both("alert_fault.no_rule_file", path=path))
    data, lines = read_yaml(path), lines_of(path)
    if _kind(data) is not None:  # a single rule
        lines = {("rules", 0, *place): line for place, line in lines.items()}
        data = {"rules": [data]}
    return _checked(path, data, kpis, lines, with_channels=False)


def _read(path: Path, kpis: Sequence[KpiDefinition]) -> tuple[AlertsFile, list[Rule]]:
    data = read_yaml(path)
    rules = _checked(path, data, kpis, lines_of(path))
    return AlertsFile.model_validate(data), rules


def _checked(
    path: Path,
    data: Mapping[str, Any],
    kpis: Sequence[KpiDefinition],
    lines: Mapping[Any, int],
    *,
    with_channels: bool = True,
) -> list[Rule]:
    """The rules of a file, after everything in it was checked."""
    faults: list[str] = []
    file = _model(AlertsFile, data, (), lines, faults)
    rules: list[Rule] = []
    listed = data.get("rules") or []
    for number, each in enumerate(listed if isinstance(listed, list) else []):
        place = ("rules", number)
        kind = _kind(each)
        if kind is None:
            faults.append(_at(lines, place, f"a rule needs one of {', '.join(RULE_KINDS)}"))
            continue
        rule = _model(kind, each, place, lines, faults)
        if rule is None:
            continue
        if any(rule.id == other.id for other in rules):
            faults.append(_at(lines, (*place, "id"), f"the rule {rule.id!r} stands there twice"))
        rules.append(rule)
        if isinstance(rule, KpiRule):
            faults += [_at(lines, (*place, *at), said) for at, said in _unfit(rule, kpis)]
    if file is not None:
        faults += _unknown_channels(file, rules, lines) if with_channels else []
        faults += _badly_named(file, lines)
        faults += _unknown_without(file, kpis, lines)
    _raise(path, faults)
    return rules


def _kind(each: Any) -> type[Any] | None:
    if not isinstance(each, dict):
        return None
    return next((kind for key, kind in RULE_KINDS.items() if key in each), None)


def _model(
    kind: type[Any], data: Any, place: tuple[Any, ...], lines: Mapping[Any, int], faults: list[str]
) -> Any:
    """`data` as a strict model, or None and its faults."""
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        for fault in error.errors():
            path = (*place, *fault["loc"])
            faults.append(_at(lines, path, fault_sentence(fault, kind, data)))
        return None


def _unfit(rule: KpiRule, kpis: Sequence[KpiDefinition]) -> list[tuple[tuple[str, ...], str]]:
    """What of a rule does not fit the catalogue: (place below the rule, sentence)."""
    by_id = {kpi.kpi_id: kpi for kpi in kpis}
    families = sorted({kpi.family for kpi in kpis})
    dimension = rule.scope.dimension
    faults: list[tuple[tuple[str, ...], str]] = []
    for place, name in (
        (("kpi",), rule.kpi),
        (("guards", "kpi"), rule.guards.kpi if rule.guards else None),
    ):
        if name is not None and name not in by_id:
            near = did_you_mean(name, list(by_id))
            faults.append((place, f"there is no KPI {name!r}{near}"))
    if rule.family is not None and rule.family not in families:
        near = did_you_mean(rule.family, families)
        faults.append((("family",), f"there is no family {rule.family!r}{near}"))
    kpi = by_id.get(rule.kpi or "")
    if kpi is None:
        return faults
    if dimension not in kpi.dimensions:
        named = ", ".join(kpi.dimensions)
        faults.append(
            (("scope", "dimension"), f"{kpi.kpi_id} is not by {dimension}; it is by {named}")
        )
    if rule.period is not None and _finer(rule.period, kpi.rhythm):
        faults.append((("period",), f"{kpi.kpi_id} is told by {kpi.rhythm} and longer periods"))
    faults += [(("when", name), said) for name, said in _impossible(rule.when, kpi)]
    return faults


def _impossible(when: Condition, kpi: KpiDefinition) -> list[tuple[str, str]]:
    """Bounds that no value of the KPI can pass, and names of what it does not have."""
    faults = []
    for name, bound in (("below", when.below), ("above", when.above)):
        if kpi.unit == "percent" and isinstance(bound, int | float) and not 0 <= bound <= 1:
            faults.append(
                (name, f"{bound:g} is no share; {kpi.kpi_id} lies between 0 and 1 (25 % is 0.25)")
            )
    if kpi.unit in ("count", "days", "hours", "percent") and when.below == 0:
        faults.append(("below", f"{kpi.kpi_id} is never below 0"))
    if kpi.unit == "percent" and when.above == 1:
        faults.append(("above", f"{kpi.kpi_id} is never above 1"))
    return faults


def _finer(period: str, rhythm: str) -> bool:
    order = ("day", "week", "month", "quarter", "year")
    return order.index(period) < order.index(rhythm)


def _unknown_channels(
    file: AlertsFile, rules: Sequence[Rule], lines: Mapping[Any, int]
) -> list[str]:
    named: list[tuple[tuple[Any, ...], Sequence[str]]] = [
        (("defaults", "channels"), file.defaults.channels),
        (("defaults", "data_channels"), file.defaults.data_channels),
        *((("roles", role), names) for role, names in file.roles.items()),
        *((("rules", n, "channels"), rule.channels or ()) for n, rule in enumerate(rules)),
    ]
    return [
        _at(lines, place, f"there is no channel {name!r}" + did_you_mean(name, list(file.channels)))
        for place, names in named
        for name in names
        if name not in file.channels
    ]


def _badly_named(file: AlertsFile, lines: Mapping[Any, int]) -> list[str]:
    """A variable of the environment that is not set is said by delivery: a page or a check on
    another machine needs none."""
    return [
        _at(
            lines,
            ("channels", name),
            f"the channel {name!r} may have letters, digits, - and _ alone",
        )
        for name in file.channels
        if not name.replace("-", "").replace("_", "").isalnum()
    ]


def _unknown_without(
    file: AlertsFile, kpis: Sequence[KpiDefinition], lines: Mapping[Any, int]
) -> list[str]:
    known = sorted(rule.id for rule in default_rules(kpis)) if file.without else []
    return [
        _at(
            lines,
            ("without", number),
            f"the catalogue has no rule {name!r}{did_you_mean(name, known)}",
        )
        for number, name in enumerate(file.without)
        if name not in known
    ]


def address_of(file: AlertsFile, channel: str) -> str | None:
    """The address of a channel; None while its environment variable is not set. Never log it."""
    declared = file.channels[channel]
    return declared.url or os.environ.get(declared.url_env or "") or None


def _at(lines: Mapping[Any, int], place: tuple[Any, ...], said: str) -> str:
    """The sentence with the line of the nearest key that is written down."""
    while place and place not in lines:
        place = place[:-1]
    line = lines.get(place)
    return f"line {line}: {said}" if line else said


_ADDRESS: Final = re.compile(r"(\b[\w+.-]+://)[^\s'\"]+")
"""An address that stands in the wrong place may hold a secret, and a sentence may reach a log."""


def _raise(path: Path, faults: Sequence[str]) -> None:
    faults = [_ADDRESS.sub(r"\1…", fault) for fault in faults]
    if faults:
        raise UserError(f"{path}: {'; '.join(dict.fromkeys(faults))}. {_HINT}.")
