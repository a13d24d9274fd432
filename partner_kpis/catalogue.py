"""The catalogue of KPIs: definitions as the models declare them, read strictly from dbt's manifest.

Belongs here: the one class a definition must fit, and finding all definitions.
Does not belong here: how a KPI is computed (dbt_project/models/kpis) or shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from partner_kpis.errors import UserError
from partner_kpis.home import dbt_project_dir, project_root
from partner_kpis.serving.needs import alternatives
from partner_kpis.strict_yaml import read_yaml

Kind = Literal["total", "distinct", "ratio", "share", "median", "top3"]
Dimension = Literal["programme", "partner", "tier", "partner_type", "region"]
Text = Annotated[str, Field(min_length=3)]


class Corridor(BaseModel):
    """Corridor that a new programme may start from; targets in force come from planning/target."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    low: float | None = None
    target: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _possible(self) -> Corridor:
        bounds = [b for b in (self.low, self.target, self.high) if b is not None]
        if bounds != sorted(bounds):
            raise ValueError("low, target and high of the corridor must rise")
        return self


class Step(BaseModel):
    """A step of the ladder: who is told after so many days without an acknowledgement."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    after_days: int = Field(ge=1, le=365)
    to: Text


_LEAD, _MANAGEMENT = "Head of partnerships", "Management"
_PATIENCE: dict[str, tuple[int, int]] = {
    "day": (2, 5), "week": (4, 10), "month": (7, 14), "quarter": (10, 21),
}  # fmt: skip
"""Days until the first and the second step, where a definition has no ladder of its own: what is
measured daily also gets worse within days."""


class KpiDefinition(BaseModel):
    """What `config.meta.kpi` of a KPI's model must hold; the id is the model's name."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kpi_id: str
    family: Text
    label_en: Text
    label_de: Text
    description_en: Text
    description_de: Text
    kind: Kind
    is_balance: bool
    unit: Literal["money", "percent", "days", "hours", "count", "score", "ratio"]
    direction: Literal["higher", "lower", "corridor"]
    rhythm: Literal["day", "week", "month", "quarter"]
    signal: Literal["leading", "lagging"]
    dimensions: list[Dimension] = Field(min_length=1)
    sample_basis: Literal["entities", "entities_of_groups", "denominator", "none"] = "entities"
    value_factor: Literal[1, 100] = 1  # NPS alone is stored as points, not as a fraction
    needs: list[str] = Field(min_length=1)
    owner: Text
    corridor: Corridor | None = None
    runbook: str
    escalation: Text
    ladder: list[Step] = []
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")

    @model_validator(mode="after")
    def _only_quotients_are_scaled(self) -> KpiDefinition:
        if self.value_factor != 1 and self.kind != "ratio":
            raise ValueError("value_factor is for a ratio alone")
        return self

    @model_validator(mode="after")
    def _ladder_rises(self) -> KpiDefinition:
        days = [step.after_days for step in self.ladder]
        if days != sorted(set(days)):
            raise ValueError("the steps of the ladder must rise by after_days")
        return self

    @property
    def steps(self) -> list[Step]:
        """The ladder in force: the definition's own, else the usual one of its rhythm."""
        if self.ladder:
            return self.ladder
        roles = [role for role in (_LEAD, _MANAGEMENT) if role != self.owner]
        days = _PATIENCE[self.rhythm]
        return [Step(after_days=after, to=role) for after, role in zip(days, roles, strict=False)]

    @field_validator("needs")
    @classmethod
    def _known_needs(cls, needs: list[str]) -> list[str]:
        for need in needs:
            alternatives(need)
        return needs

    @field_validator("runbook")
    @classmethod
    def _runbook_exists(cls, runbook: str) -> str:
        if not (project_root() / runbook).is_file():
            raise ValueError(f"the runbook {runbook} does not exist; write it")
        return runbook


def read_catalogue(manifest: Mapping[str, Any]) -> list[KpiDefinition]:
    """Every KPI that dbt's manifest (as a dictionary) declares, by family and id.

    Raises UserError with all faults of all definitions in one sentence each.
    """
    found: list[KpiDefinition] = []
    faults: list[str] = []
    for node in manifest["nodes"].values():
        meta = (node.get("config") or {}).get("meta") or {}
        if node.get("resource_type") != "model" or "kpi" not in meta:
            continue
        name = re.sub(r"^kpi_", "", node["name"])
        try:
            found.append(KpiDefinition(kpi_id=name, **meta["kpi"]))
        except (ValidationError, TypeError) as error:
            faults.append(f"{Path(node['original_file_path']).name}: {_faults(error)}")
    if faults:
        raise UserError(f"A KPI is not well defined. {'; '.join(faults)}.")
    return sorted(found, key=lambda d: (d.family, d.kpi_id))


def read_definition_files() -> list[KpiDefinition]:
    """The same as `read_catalogue`, from the files beside the models: for lists and documents,
    which need no dbt. Raises UserError like it."""
    nodes = {
        model["name"]: {"resource_type": "model", "original_file_path": path.name, **model}
        for path in sorted((dbt_project_dir() / "models" / "kpis").glob("*/kpi_*.yml"))
        for model in read_yaml(path)["models"]
    }
    return read_catalogue({"nodes": nodes})


def refuse_unknown_pins(pinned: Sequence[str], definitions: Sequence[KpiDefinition]) -> None:
    """Raises UserError when the policies pin what the catalogue does not hold."""
    known = {definition.kpi_id for definition in definitions}
    unknown = [kpi_id for kpi_id in pinned if kpi_id not in known]
    if unknown:
        raise UserError(
            f"pinned_kpis in config/policies.yml names {', '.join(unknown)}, which is no KPI. "
            f"Known are {', '.join(sorted(known))}."
        )


def _faults(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    return ", ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'the definition'}: {fault['msg']}"
        for fault in error.errors()
    )
