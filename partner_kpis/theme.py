"""The one visual language: palette, status shapes and fonts (specification: look.md).

Belongs here: what pages, charts and documents must share to look alike.
Does not belong here: the words for people (text/), or any drawing library.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

GROUND: Final = "#FFFFFF"
INK: Final = "#1A1A1A"
INK_SOFT: Final = "#595959"
"""Secondary text: 7 : 1 on the ground, so small print stays readable."""
LINE: Final = "#D9D9D9"
SURFACE: Final = "#F5F6F7"
BAND: Final = "#E4E7EA"
"""The corridor, behind lines and in bars."""
ACCENT: Final = "#0072B2"
"""Okabe-Ito blue: own values, links, the chosen thing."""
REST: Final = "#8C8C8C"

FONT_STACK: Final = '"Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", sans-serif'
"""Fonts that every office has; nothing is fetched."""


@dataclass(frozen=True)
class StatusLook:
    """How one status is drawn: shape and ink carry it together with its word, never colour alone.

    `colour` is the Okabe-Ito colour for areas and marks, `ink` the same hue dark enough for text
    (contrast at least 4.5 : 1 on the ground and on `tint`), `tint` a pale ground for the word.
    """

    shape: str
    colour: str
    ink: str
    tint: str


STATUSES: Final[dict[str, StatusLook]] = {
    "on_target": StatusLook("●", "#009E73", "#006B4E", "#E3F4EE"),
    "watch": StatusLook("▲", "#E69F00", "#7A5300", "#FDF3DC"),
    "breach": StatusLook("■", "#D55E00", "#9C4400", "#FBE9DD"),
    "unknown": StatusLook("◇", "#8C8C8C", "#595959", "#F1F1F1"),
    "low_n": StatusLook("○", "#8C8C8C", "#595959", "#F1F1F1"),
    "running": StatusLook("◔", "#56B4E9", "#1B6391", "#E6F3FB"),
    "no_target": StatusLook("–", "#8C8C8C", "#595959", "#F1F1F1"),
}

FRESHNESS: Final[dict[str, StatusLook]] = {
    "fresh": STATUSES["on_target"],
    "loaded": StatusLook("◉", "#8C8C8C", "#595959", "#F1F1F1"),
    "stale": STATUSES["watch"],
    "held": StatusLook("◆", "#CC79A7", "#8A3A69", "#F9EBF3"),
    "missing": STATUSES["unknown"],
}

SEVERITIES: Final[dict[str, StatusLook]] = {
    "critical": STATUSES["breach"],
    "warning": STATUSES["watch"],
    "info": StatusLook("▽", "#56B4E9", "#1B6391", "#E6F3FB"),
}
"""How grave an alert is."""

HEALTH_BANDS: Final[dict[str, StatusLook]] = {
    "healthy": StatusLook("◕", "#009E73", "#006B4E", "#E3F4EE"),
    "watch": StatusLook("◑", "#E69F00", "#7A5300", "#FDF3DC"),
    "at_risk": StatusLook("◌", "#D55E00", "#9C4400", "#FBE9DD"),
}
"""Bands of the health score: no judgement against a target, so no shape of a status."""


def status_look(status: str | None) -> StatusLook:
    """The look of a status; anything not in the specification looks unknown."""
    return STATUSES.get(status or "unknown", STATUSES["unknown"])


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two #RRGGBB colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
