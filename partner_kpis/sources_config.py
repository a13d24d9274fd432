"""config/sources.yml: how a user's own exports differ from what the contracts expect.

Belongs here: the strict model of the file. It refines a contract and never loosens one.
Does not belong here: applying it; see landing.
"""

from __future__ import annotations

import hashlib
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from partner_kpis.contracts.model import Contract
from partner_kpis.errors import UserError
from partner_kpis.home import DataHome
from partner_kpis.landing.headers import column_named
from partner_kpis.policies import Zone
from partner_kpis.strict_yaml import did_you_mean, parse_strict, read_yaml


class RowFilter(BaseModel):
    """Rows that are not data, by what their first column begins with."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    exclude_first_column_prefix: list[str] = Field(default=[], min_length=0)


class EntitySettings(BaseModel):
    """How the files of one entity are read.

    columns: contract column -> name in the file; constants: contract column -> value for every
    row; values: contract column -> {value in the file: value of the contract}.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    encoding: Literal["utf-8", "utf-8-sig", "cp1252"] | None = None
    delimiter: Literal[",", ";", "\t"] | None = None
    decimal: Literal["point", "comma"] | None = None
    date_order: Literal["iso", "german", "us"] | None = None
    timezone: Zone = "UTC"
    null_values: list[str] = []
    row_filter: RowFilter = RowFilter()

    @field_validator("constants", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        if isinstance(value, dict):
            return {key: _text(item) for key, item in value.items()}
        return value

    @field_validator("values", mode="before")
    @classmethod
    def _maps_as_text(cls, value: object) -> object:
        if isinstance(value, dict):
            return {
                column: {_text(k): _text(v) for k, v in mapping.items()}
                if isinstance(mapping, dict)
                else mapping
                for column, mapping in value.items()
            }
        return value

    @property
    def fingerprint(self) -> str:
        """Short hash that changes with any setting: a changed one makes files be read anew."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]


def _text(value: object) -> str:
    """YAML reads `true` and `1` as other types; an export holds text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


_HINT = "docs/configuration.md shows what sources.yml may hold"


def load_settings(home: DataHome, contracts: dict[str, Contract]) -> dict[str, EntitySettings]:
    """Settings by `source/entity` for every contract; defaults where the file says nothing.

    Raises UserError for an unknown source, entity, column or key.
    """
    path = home.sources_file
    settings = {name: EntitySettings() for name in contracts}
    for source, entities in read_yaml(path).items():
        if not isinstance(entities, dict):
            raise UserError(f"{path}: {source!r} must hold entities. {_HINT}.")
        for entity, values in entities.items():
            name = f"{source}/{entity}"
            if name not in contracts:
                near = did_you_mean(name, list(contracts))
                raise UserError(
                    f"{path}: {name!r} is not a known entity{near}. "
                    "`partner-kpis contracts list` names them all."
                )
            where = f"{path}, {name}"
            settings[name] = parse_strict(values or {}, EntitySettings, where, _HINT)
            _refuse_unknown_columns(settings[name], contracts[name], where)
    return settings


def _refuse_unknown_columns(settings: EntitySettings, contract: Contract, where: str) -> None:
    for part in ("columns", "constants", "values"):
        for column in getattr(settings, part):
            if column_named(contract, column) is None:
                known = ", ".join(c.export_name for c in contract.columns)
                raise UserError(
                    f"{where}: {part} names the column {column!r}, which the contract does not "
                    f"have. Its columns are {known}."
                )
