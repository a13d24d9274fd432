"""Tables on their way out: what must happen to every cell before a spreadsheet opens it.

Belongs here: the neutralising of cells. Does not belong here: choosing or formatting columns.
"""

from __future__ import annotations

import polars as pl

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """A leading apostrophe keeps a spreadsheet from running text as a formula.

    Source: OWASP, CSV injection.
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def neutralised(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with harmless text cells; numbers keep their sign."""
    return frame.with_columns(
        pl.col(pl.String).map_elements(harmless, return_dtype=pl.String, skip_nulls=True)
    )
