"""A KPI's definition as a snapshot carries it.

Belongs here: the columns of kpi_catalogue as a typed row. Does not belong here: reading definitions
out of dbt (catalogue.py), or values.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class KpiDefinition:
    """One row of kpi_catalogue: what a KPI is called and how its values are to be read."""

    kpi_id: str
    family: str
    label_en: str
    label_de: str
    description_en: str
    description_de: str
    kind: str
    is_balance: bool
    unit: str
    direction: str
    rhythm: str
    signal: str
    dimensions: tuple[str, ...]
    sample_basis: str
    needs: tuple[str, ...]
    owner: str
    runbook: str
    definition_version: str
    value_factor: int = 1
    pinned_position: int | None = None
    lineage: tuple[str, ...] = ()
    escalation: str = ""
    ladder: tuple[str, ...] = ()
    corridor_low: float | None = None
    corridor_high: float | None = None
    corridor_target: float | None = None

    @property
    def steps(self) -> tuple[tuple[int, str], ...]:
        """The ladder: (days without an acknowledgement, role that is told then), rising."""
        parts = (step.partition(" ") for step in self.ladder)
        return tuple((int(days), role) for days, _, role in parts)

    def label(self, lang: str) -> str:
        return self.label_de if lang == "de" else self.label_en

    def description(self, lang: str) -> str:
        return self.description_de if lang == "de" else self.description_en
