"""Every sentence that pages and documents show, in English and German.

Belongs here: strings.yml with both languages side by side, and the one function that reads it.
Does not belong here: labels of KPIs (they stand in their definitions), formatting of numbers.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Formatter
from typing import Final

import yaml

LANGUAGES: Final[tuple[str, ...]] = ("en", "de")
DEFAULT_LANGUAGE: Final = "en"

_FILE: Final = Path(__file__).with_name("strings.yml")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Key → language → text, as strings.yml holds it."""
    return dict(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def has(key: str) -> bool:
    return key in catalogue()


def t(key: str, lang: str, **values: object) -> str:
    """The text of `key` in `lang` with its placeholders filled.

    Raises KeyError for an unknown key, language or a placeholder without a value: a missing text
    is a fault of the program and must not reach a page.
    """
    return catalogue()[key][lang].format(**values)


def word(group: str, name: str, lang: str) -> str:
    """The word for a value that comes from data, such as a tier; itself where none is known."""
    key = f"{group}.{name}"
    return t(key, lang) if has(key) else name.replace("_", " ")


def placeholders(text: str) -> set[str]:
    """The names in braces that a text wants filled."""
    return {field for _, field, _, _ in Formatter().parse(text) if field}
