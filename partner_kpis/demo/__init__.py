"""Demo exports of an invented business, with known truths to find in the results.

Belongs here: making exports as real systems write them, the same bytes for the same seed.
Does not belong here: reading them; nothing here knows contracts, lake or KPIs.
"""

from partner_kpis.demo.exports import DEFAULT_AS_OF, make_exports
from partner_kpis.demo.truth import (
    BadMonth,
    BadRow,
    ChannelConflict,
    DemoTruth,
    DormantPartner,
    ExportFile,
    OpenDeal,
    SeasonalDip,
    SlowActivation,
    StarPartner,
    TierChange,
    UpptimeService,
)

__all__ = [
    "DEFAULT_AS_OF",
    "BadMonth",
    "BadRow",
    "ChannelConflict",
    "DemoTruth",
    "DormantPartner",
    "ExportFile",
    "OpenDeal",
    "SeasonalDip",
    "SlowActivation",
    "StarPartner",
    "TierChange",
    "UpptimeService",
    "make_exports",
]
