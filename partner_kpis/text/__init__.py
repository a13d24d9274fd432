"""Every sentence that people are shown, in English and German.

Belongs here: the texts with both languages side by side (strings.yml: pages and commands;
reports.yml: documents; alert*.yml: alerts), and the functions that read them.
Does not belong here: labels of KPIs (they stand in their definitions), formatting of numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Final

import yaml

LANGUAGES: Final[tuple[str, ...]] = ("en", "de")
DEFAULT_LANGUAGE: Final = "en"

_FILES: Final = tuple(sorted(Path(__file__).parent.glob("*.yml")))
_Loader: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Bilingual:
    """A sentence, or a part of one, that is written down in both languages until it is shown."""

    en: str
    de: str

    def lang(self, lang: str) -> str:
        return self.de if lang == "de" else self.en


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Key → language → text; raises ValueError for a key that stands in two files."""
    # The C loader: a run reads this once, and the other one would take a sixth of a second.
    texts: dict[str, dict[str, str]] = {}
    for file in _FILES:
        read = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader) or {}
        if twice := sorted(texts.keys() & read.keys()):
            raise ValueError(f"{file.name} has keys of another file: {', '.join(twice)}.")
        texts |= read
    return texts


def has(key: str) -> bool:
    return key in catalogue()


def t(key: str, lang: str, **values: object) -> str:
    """The text of `key` in `lang` with its placeholders filled.

    Raises KeyError for an unknown key, language or a placeholder without a value: a missing text
    is a fault of the program and must not reach a page.
    """
    return catalogue()[key][lang].format(**values)


def both(key: str, **values: object) -> Bilingual:
    """The text of `key` in both languages; a value that is Bilingual is filled in by language.

    Raises KeyError like t().
    """
    texts = {
        lang: t(key, lang, **{
            name: value.lang(lang) if isinstance(value, Bilingual) else value
            for name, value in values.items()
        })
        for lang in LANGUAGES
    }  # fmt: skip
    return Bilingual(**texts)


def joined(parts: Iterable[Bilingual], separator: str) -> Bilingual:
    """The parts one after the other, in both languages."""
    parts = list(parts)
    return Bilingual(separator.join(p.en for p in parts), separator.join(p.de for p in parts))


def listed(names: Sequence[str], most: int = 12) -> Bilingual:
    """The names one after the other; what exceeds `most` is counted, not named."""
    shown = ", ".join(names[:most])
    if len(names) <= most:
        return Bilingual(shown, shown)
    return both("list.more", names=shown, count=len(names) - most)


def counted(count: int, noun: str) -> str:
    """`1 row`, `2,000 rows`: for the commands that speak English only."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def word(group: str, name: str, lang: str) -> str:
    """The word for a value that comes from data, such as a tier; itself where none is known."""
    key = f"{group}.{name}"
    return t(key, lang) if has(key) else name.replace("_", " ")


def team(name: str, lang: str) -> str:
    """What an owner or the role of a ladder is called. What is not letter by letter one of the
    fixed names is a user's own word and stays as it is."""
    key = f"team.{name.lower().replace(' ', '_')}"
    return t(key, lang) if has(key) and t(key, DEFAULT_LANGUAGE) == name else name


def placeholders(text: str) -> set[str]:
    """The names in braces that a text wants filled."""
    return {field for _, field, _, _ in Formatter().parse(text) if field}
