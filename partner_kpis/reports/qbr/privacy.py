"""What the partner edition must not show: other partners, and customers who wish not to be named.

Belongs here: the words that may not occur, and masking. Does not belong here: which KPIs and
columns an edition has (view.py, pages).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from partner_kpis.reports.qbr.source import QbrSource, Row

_CUSTOMER: Final = re.compile(r"\s+[–—-]\s+")
"""Between the customer and the subject in an opportunity's name, as sales people write it."""


def forbidden_words(source: QbrSource, partner_id: str) -> list[str]:
    """Names and ids of every other partner, and names of confidential deals and their customers.

    A word that is part of the partner's own name is left out, and so is a confidential deal's
    customer that the partner also has an open deal with that is not confidential.
    """
    own = source.partner(partner_id)
    words = {
        row[name]
        for other, row in source.partners.items()
        if other != partner_id
        for name in ("partner_id", "name")
    }
    open_names = {
        name
        for deal in source.open_deals(partner_id)
        if not deal["is_confidential"]
        for name in _names(deal)
    }
    words |= {name for deal in source.confidential for name in _names(deal)} - open_names
    ours = {own["partner_id"], own["name"]}
    return sorted(w for w in words if w and not any(_occurs(w, name) for name in ours if name))


def _names(deal: Row) -> set[str]:
    name = (deal["name"] or "").strip()
    return {name, _CUSTOMER.split(name)[0]}


class Screen:
    """Finds forbidden words in text that people wrote; whole words, in any case."""

    def __init__(self, words: Iterable[str]) -> None:
        alternatives = "|".join(re.escape(word) for word in words)
        self._found = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)
        self._is_empty = not alternatives

    def first(self, text: str) -> str | None:
        """The first forbidden word of `text`, as it stands there."""
        hit = None if self._is_empty else self._found.search(text)
        return hit[0] if hit else None


def _occurs(word: str, text: str) -> bool:
    return Screen([word]).first(text) is not None
