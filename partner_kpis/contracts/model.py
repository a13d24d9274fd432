"""A contract as the rest of the code sees it, read from an ODCS file with the standard's own model.

Belongs here: the typed nouns (Contract, Column, Promise) and loading them.
Does not belong here: checking data; see rows.py and promises.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from open_data_contract_standard.model import (
    CustomProperty,
    DataQuality,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
)

from partner_kpis.errors import UserError
from partner_kpis.home import contracts_dir
from partner_kpis.strict_yaml import fault_of
from partner_kpis.text import Bilingual

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
ColumnType = Literal["string", "integer", "decimal", "boolean", "date", "timestamp", "names"]
Severity = Literal["error", "warning"]

_TYPES: dict[str, ColumnType] = {
    "string": "string", "integer": "integer", "number": "decimal", "boolean": "boolean",
    "date": "date", "timestamp": "timestamp", "array": "names",
}  # fmt: skip
_SQL_TYPES: dict[ColumnType, str] = {
    "string": "VARCHAR", "integer": "BIGINT", "decimal": "DECIMAL(28,9)", "boolean": "BOOLEAN",
    "date": "DATE", "timestamp": "TIMESTAMP", "names": "VARCHAR",
}  # fmt: skip


@dataclass(frozen=True)
class Promise:
    """One quality entry of a contract: what is asserted, of which column, how grave a break is.

    description_de: the description in German, of entities' promises; None where there is none;
    broken_text: key of the text that says what is found when it is broken (observed, allowed).
    """

    id: str
    severity: Severity
    description: str
    spec: DataQuality
    column: str | None = None
    description_de: str | None = None
    broken_text: str | None = None


@dataclass(frozen=True)
class Column:
    """One contracted column. `name` is its lake name, `export_name` how exports write it.

    pattern_in_words: what a value looks like that fits the option `pattern`, where it is said.
    """

    name: str
    export_name: str
    type: ColumnType
    description: str
    physical_type: str
    is_required: bool
    is_key: bool
    is_personal: bool
    tags: frozenset[str]
    synonyms: tuple[str, ...]
    allowed: tuple[str, ...]
    options: dict[str, Any]
    references: tuple[str, ...]
    examples: tuple[str, ...]
    pattern_in_words: Bilingual | None = None

    @property
    def lake_name(self) -> str:
        """Column of the main lake: a personal column is there as a keyed hash only."""
        return f"{self.name}_hash" if self.is_personal else self.name

    @property
    def lake_type(self) -> str:
        return "VARCHAR" if self.is_personal else _SQL_TYPES[self.type]


@dataclass(frozen=True)
class Contract:
    """What one entity (or serving table) promises."""

    source: str
    entity: str
    version: str
    owner: str
    purpose: str
    columns: tuple[Column, ...]
    promises: tuple[Promise, ...]
    freshness_days: int | None
    custom: dict[str, Any]
    path: Path

    @property
    def name(self) -> str:
        return f"{self.source}/{self.entity}"

    @property
    def purpose_in(self) -> Bilingual:
        """What the entity is for; in English where the contract has no German."""
        return Bilingual(self.purpose, self.custom.get("purpose_de") or self.purpose)

    @property
    def relation(self) -> str:
        """Name of the lake's relation, in the warehouse's schema `lake`."""
        return f"{self.source}__{self.entity}"

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    @cached_property
    def keys(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_key)

    @cached_property
    def happened_at(self) -> Column | None:
        return next((c for c in self.columns if "happened_at" in c.tags), None)

    @cached_property
    def modified_at(self) -> Column | None:
        return next((c for c in self.columns if "modified_at" in c.tags), None)

    @property
    def is_partitioned_by_day(self) -> bool:
        """True for large entities whose rows never leave the UTC day on which they happened."""
        return bool(self.custom.get("partitionedByDay"))

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def load_contract(path: Path) -> Contract:
    """Read one ODCS file. Raises UserError with the fault when it is not a valid contract."""
    try:
        stat = path.stat()
        return _parsed(path, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        raise _unreadable(path, error) from error


@cache
def _parsed(path: Path, mtime_ns: int, size: int) -> Contract:
    """The contract of a file as it is now: a run asks for all of them twice."""
    try:
        # The C loader: fifty contracts are read at the start of every run.
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
        document = OpenDataContractStandard(**content)
    except (yaml.YAMLError, ValueError, TypeError, OSError) as error:
        raise _unreadable(path, error) from error
    objects = document.schema_ or []
    if len(objects) != 1 or not re.fullmatch(r"\d+\.\d+\.\d+", document.version or ""):
        raise UserError(
            f"The contract {path} needs exactly one schema object and a semantic version "
            f"(it has {len(objects)} and {document.version!r})."
        )
    description = document.description
    return Contract(
        source=path.parent.name,
        entity=path.name.removesuffix(".odcs.yaml"),
        version=document.version or "",
        owner=_owner(document),
        purpose=(description.purpose if description else None) or "",
        columns=tuple(_column(prop, path) for prop in objects[0].properties or []),
        promises=_promises(objects[0], path),
        freshness_days=_freshness_days(document),
        custom=_custom(document.customProperties),
        path=path,
    )


def _unreadable(path: Path, error: Exception) -> UserError:
    return UserError(f"The contract {path} cannot be read: {fault_of(error)}. Mend the file.")


def load_entities(folder: Path | None = None) -> dict[str, Contract]:
    """Every entity contract by its name `source/entity`, sorted; serving tables are left out."""
    folder = folder or contracts_dir()
    paths = sorted(p for p in folder.glob("*/*.odcs.yaml") if p.parent.name != "serving")
    if not paths:
        raise UserError(f"There is no contract below {folder}; they are called */*.odcs.yaml.")
    return {contract.name: contract for contract in map(load_contract, paths)}


def load_serving(folder: Path | None = None) -> dict[str, Contract]:
    """Every serving contract by its table name, sorted."""
    paths = sorted((folder or contracts_dir()).glob("serving/*.odcs.yaml"))
    return {contract.entity: contract for contract in map(load_contract, paths)}


def _owner(document: OpenDataContractStandard) -> str:
    team = document.team
    return (getattr(team, "name", None) or "") if team else ""


def _custom(properties: list[CustomProperty] | None) -> dict[str, Any]:
    return {p.property: p.value for p in properties or [] if p.property}


def _freshness_days(document: OpenDataContractStandard) -> int | None:
    for sla in document.slaProperties or []:
        if sla.property == "freshness" and sla.value is not None:
            return int(sla.value)
    return None


def _column(prop: SchemaProperty, path: Path) -> Column:
    if not prop.name or prop.logicalType not in _TYPES:
        raise UserError(
            f"The contract {path} has a column {prop.name!r} of the type {prop.logicalType!r}; "
            f"known types are {', '.join(sorted(_TYPES))}."
        )
    tags = frozenset(prop.tags or [])
    return Column(
        name=prop.name,
        export_name=prop.physicalName or prop.name,
        type=_TYPES[prop.logicalType],
        description=prop.description or "",
        physical_type=prop.physicalType or _SQL_TYPES[_TYPES[prop.logicalType]],
        is_required=bool(prop.required),
        is_key=bool(prop.primaryKey),
        is_personal="personal" in tags,
        tags=tags,
        synonyms=tuple(s.synonym for s in prop.synonyms or [] if s.synonym),
        allowed=tuple(str(e.value) for e in prop.enum or []),
        options=prop.logicalTypeOptions or {},
        references=_references(prop),
        examples=tuple(str(e) for e in prop.examples or []),
        pattern_in_words=_pattern_in_words(_custom(prop.customProperties)),
    )


def _pattern_in_words(custom: dict[str, Any]) -> Bilingual | None:
    english = custom.get("pattern_in_words")
    return Bilingual(english, custom.get("pattern_in_words_de") or english) if english else None


def _references(prop: SchemaProperty) -> tuple[str, ...]:
    """The keys `entity.column` in any of which a value of the column is looked for."""
    return tuple(r.to for r in prop.relationships or [] if isinstance(r.to, str))


def _promises(table: SchemaObject, path: Path) -> tuple[Promise, ...]:
    found = [(None, quality) for quality in table.quality or []]
    for prop in table.properties or []:
        found += [(prop.name, quality) for quality in prop.quality or []]  # type: ignore[misc]
    return tuple(_promise(column, quality, path) for column, quality in found)


def _promise(column: str | None, quality: DataQuality, path: Path) -> Promise:
    if not quality.id or quality.severity not in ("error", "warning"):
        raise UserError(
            f"A quality promise of {path} needs an id and the severity error or warning "
            f"(it has id {quality.id!r}, severity {quality.severity!r})."
        )
    return Promise(
        id=quality.id,
        severity=quality.severity,  # type: ignore[arg-type]
        description=quality.description or "",
        spec=quality,
        column=column,
        description_de=_custom(quality.customProperties).get("description_de"),
    )
