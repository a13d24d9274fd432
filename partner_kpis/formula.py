"""A KPI's formula in words, in both languages, from its definition alone.

Belongs here: sentences on how observations become a value, on which days, and what n counts.
Does not belong here: computing anything (dbt_project), or laying the sentences out.
"""

from __future__ import annotations

from typing import Protocol

from partner_kpis.text import t

_JUDGED_BY_SAMPLE = ("ratio", "share", "median")


class Defined(Protocol):
    """What both definitions, that of the files and that of a snapshot, say about a formula."""

    @property
    def kind(self) -> str: ...
    @property
    def is_balance(self) -> bool: ...
    @property
    def unit(self) -> str: ...
    @property
    def sample_basis(self) -> str: ...
    @property
    def value_factor(self) -> int: ...


def in_words(kpi: Defined, lang: str) -> str:
    """How observations become a value: one or two sentences."""
    said = t(f"formula.{kpi.kind}", lang)
    if kpi.value_factor != 1:
        said = f"{said} {t('formula.factor', lang, factor=kpi.value_factor)}"
    return said


def days_in_words(kpi: Defined, lang: str) -> str:
    """Which days of a period count."""
    return t("formula.balance" if kpi.is_balance else "formula.flow", lang)


def sample_in_words(kpi: Defined, lang: str) -> str:
    """What n counts, and what becomes of a value with a small one."""
    counted = kpi.sample_basis == "denominator"
    said = t(f"formula.n.{'denominator' if counted else kpi.kind}", lang)
    return f"{said} {t(f'formula.low_n.{_rule(kpi)}', lang)}"


def _rule(kpi: Defined) -> str:
    if kpi.kind not in _JUDGED_BY_SAMPLE or kpi.sample_basis == "none":
        return "never"
    return "groups" if kpi.sample_basis == "entities_of_groups" else "always"
