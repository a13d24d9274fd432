"""The look: one palette in code and in Streamlit's settings, readable without seeing colours."""

from __future__ import annotations

import tomllib
from itertools import combinations

from partner_kpis import theme
from partner_kpis.home import project_root
from partner_kpis.text import LANGUAGES, has, t


def test_streamlit_uses_the_palette_of_the_theme() -> None:
    file = project_root() / "dashboards" / ".streamlit" / "config.toml"
    settings = tomllib.loads(file.read_text(encoding="utf-8"))["theme"]
    assert settings["primaryColor"] == theme.ACCENT
    assert settings["backgroundColor"] == theme.GROUND
    assert settings["secondaryBackgroundColor"] == theme.SURFACE
    assert settings["textColor"] == theme.INK
    assert settings["borderColor"] == theme.LINE
    assert settings["font"] == theme.FONT_STACK


def test_all_text_is_readable() -> None:
    for look in (
        *theme.STATUSES.values(), *theme.FRESHNESS.values(), *theme.HEALTH_BANDS.values(),
    ):  # fmt: skip
        assert theme.contrast(look.ink, look.tint) >= 4.5, look
        assert theme.contrast(look.ink, theme.GROUND) >= 4.5, look
    for ground in (theme.GROUND, theme.SURFACE):
        assert theme.contrast(theme.INK, ground) >= 4.5
        assert theme.contrast(theme.INK_SOFT, ground) >= 4.5
        assert theme.contrast(theme.ACCENT, ground) >= 4.5


def test_no_two_statuses_share_a_shape_or_a_word() -> None:
    for lang in LANGUAGES:
        for one, other in combinations(theme.STATUSES, 2):
            assert theme.STATUSES[one].shape != theme.STATUSES[other].shape
            assert t(f"status.{one}", lang) != t(f"status.{other}", lang)
    assert all(has(f"freshness.{name}") for name in theme.FRESHNESS)
    bands = {look.shape for look in theme.HEALTH_BANDS.values()}
    assert len(bands) == 3 and not bands & {look.shape for look in theme.STATUSES.values()}
    assert theme.status_look("never heard of") == theme.STATUSES["unknown"]
