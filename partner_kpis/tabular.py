"""Tables on their way out: what must happen to every cell before a spreadsheet opens it.

Belongs here: the neutralising of cells. Does not belong here: choosing or formatting columns.
"""

from __future__ import annotations

import polars as pl


def neutralised(frame: pl.DataFrame) -> pl.DataFrame:
    """Text cells that a spreadsheet would run as a formula get a leading apostrophe.

    Numbers keep their sign: only columns of text are touched. Source: OWASP, CSV injection.
    """
    text = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(r"^[=+\-@\t\r]"))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name in text
    )
