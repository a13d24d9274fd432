"""Demo exports of an invented business, with known truths to find in the results.

Belongs here: making exports as real systems write them, the same bytes for the same seed.
Does not belong here: reading them; nothing here knows contracts, lake or KPIs.
"""

from partner_kpis.demo.exports import DEFAULT_AS_OF, make_exports
from partner_kpis.demo.truth import (
    BadMonth,
    BadRow,
    DemoTruth,
    ExportFile,
    OpenDeal,
    SlowActivation,
    TierChange,
)

__all__ = [
    "DEFAULT_AS_OF",
    "BadMonth",
    "BadRow",
    "DemoTruth",
    "ExportFile",
    "OpenDeal",
    "SlowActivation",
    "TierChange",
    "make_exports",
]
