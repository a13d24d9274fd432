"""Where a KPI's numbers come from: its model, the models below it, and the contracts at the bottom.

Belongs here: reading `ref` and `source` out of the models' SQL, which needs no dbt. Does not belong
here: showing it (kpi_docs.py, the dashboards), or the lineage of a single value (serving/evidence).

What comes from the run itself (settings, calendar, the ledger's profile) is no export: such parents
are left out, so that what remains is the way of the data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from partner_kpis.home import dbt_project_dir

Steps = dict[str, tuple[str, ...]]
"""Model → what it reads: models by name, contracts as `source/entity`; a reader before what it
reads."""

_REF: Final = re.compile(r"\bref\(\s*'(\w+)'\s*\)")
_SOURCE: Final = re.compile(r"\bsource\(\s*'(\w+)'\s*,\s*'(\w+)'\s*\)")
_OF_THE_RUN: Final = "control"


def of_kpi(kpi_id: str) -> Steps:
    """The steps of a KPI's lineage; raises KeyError when it has no model."""
    return trace(f"kpi_{kpi_id}", _parents_in(dbt_project_dir() / "models"))


def trace(model: str, parents: Mapping[str, tuple[str, ...]]) -> Steps:
    """The steps below a model. Parents that lead to no contract are left out."""
    order: list[str] = []
    fed: dict[str, tuple[str, ...]] = {}

    def visit(name: str) -> bool:
        """Whether exports feed this; a model is listed after all that it reads."""
        if "/" in name:
            return True
        if name not in fed:
            fed[name] = tuple(parent for parent in parents[name] if visit(parent))
            order.append(name)
        return bool(fed[name])

    visit(model)
    return {name: fed[name] for name in reversed(order) if fed[name] or name == model}


def contracts(steps: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The contracts at the bottom, `source/entity`, sorted."""
    return sorted({parent for parents in steps.values() for parent in parents if "/" in parent})


def as_lines(steps: Steps) -> list[str]:
    """One line a step, `model: parent, parent`, as a snapshot carries them."""
    return [f"{name}: {', '.join(parents)}" for name, parents in steps.items()]


def from_lines(lines: tuple[str, ...] | list[str]) -> Steps:
    """The steps that `as_lines` wrote."""
    pairs = (line.partition(": ") for line in lines)
    return {name: tuple(read.split(", ")) if read else () for name, _, read in pairs}


@cache
def _parents_in(folder: Path) -> dict[str, tuple[str, ...]]:
    """Every model of a folder and what it reads, each once, in the order of its SQL."""
    return {path.stem: _read(path) for path in sorted(folder.rglob("*.sql"))}


def _read(path: Path) -> tuple[str, ...]:
    sql = path.read_text(encoding="utf-8")
    exports = [
        f"{source}/{entity}" for source, entity in _SOURCE.findall(sql) if source != _OF_THE_RUN
    ]
    return tuple(dict.fromkeys([*_REF.findall(sql), *exports]))
