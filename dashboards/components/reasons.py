"""How the reason why a KPI has no value is set out on a page.

Belongs here: markup. Does not belong here: the words (partner_kpis.reasons).
"""

from __future__ import annotations

from dashboards.components.style import text
from partner_kpis.reasons import Reason, reason, reason_text

__all__ = ["Reason", "listed", "reason", "reason_text"]


def listed(said: Reason) -> str:
    """A reason as markup: the sentence, and each way on a line of its own."""
    ways = "".join(f"<li>{text(way)}</li>" for way in said.ways)
    more = f"<div>{text(said.more)}</div>" if said.more else ""
    return text(said.sentence) + (f'<ul class="pk-ways">{ways}</ul>{more}' if ways else "")
