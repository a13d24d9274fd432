"""QBR decks and ops packs: a snapshot's rows of one partner, turned into a document.

Belongs here: builders and the rules by which they choose words. Does not belong here: rendering,
sealing and verifying a document.
"""

from partner_kpis.reports.qbr.deck import build_ops_pack, build_qbr
from partner_kpis.reports.qbr.privacy import forbidden_words
from partner_kpis.reports.qbr.source import QbrSource

__all__ = ["QbrSource", "build_ops_pack", "build_qbr", "forbidden_words"]
