"""Reading a user's YAML into a strict model, with faults as sentences.

Belongs here: the translation of YAML and validation errors. Does not belong here: any model.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from partner_kpis.errors import UserError

Model = TypeVar("Model", bound=BaseModel)


def read_yaml(path: Path) -> dict[str, Any]:
    """The keys of the file, none without a file. Raises UserError when it holds something else."""
    if not path.exists():
        return {}
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise UserError(f"{path} cannot be read as YAML: {error}. Mend the file.") from error
    if data is not None and not isinstance(data, dict):
        raise UserError(f"{path} must hold keys and values, such as `key: value`. Mend the file.")
    return data or {}


def parse_strict(data: Any, model: type[Model], where: str, hint: str) -> Model:
    """`data` as `model`; every unknown key or impossible value is named in one sentence."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = "; ".join(_sentence(fault, model) for fault in error.errors())
        raise UserError(f"{where}: {faults}. {hint}.") from error


def _sentence(fault: Any, model: type[BaseModel]) -> str:
    name = ".".join(str(part) for part in fault["loc"]) or "the content"
    if fault["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(fault["loc"][-1]), model.model_fields, n=1)
        return f"the key {name!r} is unknown" + (f" (did you mean {near[0]!r}?)" if near else "")
    return f"{name}: {fault['msg'].removeprefix('Value error, ')} (it is {fault['input']!r})"
