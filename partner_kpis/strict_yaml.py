"""Reading a user's YAML into a strict model, with faults as sentences.

Belongs here: the translation of YAML and validation errors. Does not belong here: any model.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from partner_kpis.errors import UserError
from partner_kpis.text import Bilingual, both

Model = TypeVar("Model", bound=BaseModel)


class _Loader(yaml.SafeLoader):
    """Safe YAML in which no key stands twice: the first would be lost without a word."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen and key.tag != "tag:yaml.org,2002:merge":
                problem = f"the key {key.value!r} stands there twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)

    def construct_yaml_timestamp(self, node: Any) -> Any:
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:  # 30 February: the model says it, and names the key
            return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)


def read_yaml(path: Path) -> dict[str, Any]:
    """The keys of the file, none without a file. Raises UserError when it holds something else."""
    if not path.exists():
        return {}
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (yaml.YAMLError, ValueError, OSError, RecursionError) as error:
        raise UserError(
            f"{path} cannot be read as YAML: {fault_of(error)}. Mend the file."
        ) from error
    if data is not None and not isinstance(data, dict):
        raise UserError(f"{path} must hold keys and values, such as `key: value`. Mend the file.")
    return data or {}


def fault_of(error: Exception) -> str:
    """What is wrong with a file of YAML, in one line: where it stands and what was found."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        return where + (error.problem or error.context or "it cannot be understood")
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start + 1} is no UTF-8 text"
    if isinstance(error, ValidationError):
        return "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'the content'}: {fault['msg']}"
            for fault in error.errors()
        )
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return " ".join(str(error).split()) or type(error).__name__


def parse_strict(data: Any, model: type[Model], where: str, hint: str) -> Model:
    """`data` as `model`; every unknown key or impossible value is named in one sentence."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = "; ".join(fault_sentence(fault, model, data) for fault in error.errors())
        raise UserError(f"{where}: {faults}. {hint}.") from error


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word that is closest, where one is close at all."""
    return next(iter(difflib.get_close_matches(word, known, n=1)), None)


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """` (did you mean 'x'?)` where one of the known words is close, else nothing."""
    near = nearest(word, known)
    return f" (did you mean {near!r}?)" if near else ""


def meant(word: str, known: Sequence[str]) -> Bilingual:
    """did_you_mean in both languages."""
    near = nearest(word, known)
    return both("fault.near", word=near) if near else Bilingual("", "")


def lines_of(path: Path) -> dict[tuple[int | str, ...], int]:
    """Where each key and item stands: the steps to it -> its line, counted from 1. A file that is
    missing or cannot be read has none; `read_yaml` says why."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (yaml.YAMLError, ValueError, OSError, RecursionError):
        return {}
    return dict(_lines(root, ())) if root is not None else {}


def _lines(
    node: yaml.Node, steps: tuple[int | str, ...]
) -> Iterator[tuple[tuple[int | str, ...], int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            place = (*steps, str(key.value))
            yield place, key.start_mark.line + 1
            yield from _lines(value, place)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            place = (*steps, number)
            yield place, item.start_mark.line + 1
            yield from _lines(item, place)


def fault_sentence(fault: Any, model: type[BaseModel], data: Any) -> str:
    """One fault that pydantic found, in words: which key, what is wrong, what stands there."""
    name = ".".join(_written(fault["loc"], data)) or "the content"
    if fault["type"] == "extra_forbidden":
        fields = _model_at(model, fault["loc"][:-1]).model_fields
        known = [str(field.validation_alias or name) for name, field in fields.items()]
        return f"the key {name!r} is unknown" + did_you_mean(str(fault["loc"][-1]), known)
    told = fault["msg"].removeprefix("Value error, ").replace("Input should", "it should")
    if isinstance(fault["input"], dict):  # of parts that do not go together
        return told if name == "the content" else f"{name}: {told}"
    return f"{name}: {told} (it is {fault['input']!r})"


def _written(path: Sequence[int | str], data: Any) -> Iterator[str]:
    """The steps to a place as a person wrote them, who may leave a list of one item out."""
    for part in path:
        if isinstance(data, dict) and isinstance(part, int) and part not in data:
            continue
        yield str(part)
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list | tuple) and isinstance(part, int) and part < len(data):
            data = data[part]


def _model_at(model: type[BaseModel], path: Sequence[int | str]) -> type[BaseModel]:
    """The model whose keys stand at this place; the outer one where there is none."""
    for part in path:
        field = model.model_fields.get(str(part))
        if field is None:
            continue
        # A list of models is written as one of its items.
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                model = inner
    return model
