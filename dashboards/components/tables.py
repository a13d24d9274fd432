"""Tables and their downloads, with numbers and dates as the language writes them.

Belongs here: how any frame is shown and saved: the same rows in both.
Does not belong here: which rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import polars as pl
import streamlit as st

from partner_kpis import formats
from partner_kpis.tabular import harmless
from partner_kpis.text import t
from partner_kpis.xlsx import XLSX_TYPE, to_xlsx

_STYLED_CELLS = 20_000
"""Above this the browser formats the numbers: styling costs time per cell."""

_NO_INKS: Mapping[int, Sequence[str]] = MappingProxyType({})


def show(
    frame: pl.DataFrame,
    lang: str,
    *,
    key: str,
    file_name: str,
    decimals: Mapping[str, int] | None = None,
    selectable: bool = False,
    height: int | None = None,
    saved: Callable[[], pl.DataFrame] | None = None,
    sheet: str | None = None,
) -> list[int]:
    """Draw a frame with its download; answers the selected row numbers.

    `decimals`: column → decimals shown; other decimal columns show as many as their values have.
    `saved` answers what the download holds; without it, exactly what is shown. `sheet`: the name of
    the sheet of a workbook that is offered beside the CSV.
    """
    exact, styled = _prepared(frame, lang, tuple((decimals or {}).items()))
    event: Any = st.dataframe(
        styled,
        hide_index=True,
        width="stretch",
        key=key,
        height=height or min(38 + 35 * max(frame.height, 1), 400),
        on_select="rerun" if selectable else "ignore",
        selection_mode="multi-row",
        placeholder="",
    )
    make = saved or (lambda: exact)
    if sheet is not None:
        stem = file_name.removesuffix(".csv")
        downloads(make, lang, key=key, file_name=stem, sheet=sheet)
        return list(event["selection"]["rows"]) if selectable else []
    _download(t("evidence.download", lang), lambda: to_csv(make(), lang), file_name, f"{key}_csv")
    return list(event["selection"]["rows"]) if selectable else []


def downloads(
    make: Callable[[], pl.DataFrame], lang: str, *, key: str, file_name: str, sheet: str
) -> None:
    """Both forms of a table as it is shown (`file_name` without an ending).

    `make` answers the table when a button is pressed.
    """
    with st.container(horizontal=True, key=f"{key}_downloads"):
        _download(
            t("download.csv", lang), lambda: to_csv(make(), lang), f"{file_name}.csv", f"{key}_csv"
        )
        _download(
            t("download.xlsx", lang),
            lambda: to_xlsx(make(), sheet),
            f"{file_name}.xlsx",
            f"{key}_xlsx",
        )


def _download(label: str, make: Callable[[], bytes], file_name: str, key: str) -> None:
    """A button whose file is made when it is pressed, so that a page is not slower for it."""
    st.download_button(
        label,
        data=make,
        file_name=file_name,
        mime="text/csv" if file_name.endswith(".csv") else XLSX_TYPE,
        key=key,
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )


def to_csv(frame: pl.DataFrame, lang: str) -> bytes:
    """The frame as a spreadsheet of that language opens it; text that looks like a formula is not.

    English: commas and decimal points; German: semicolons and decimal commas. UTF-8 with a mark,
    so that Excel reads umlauts.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if lang == "de" else ",", lineterminator="\r\n")
    writer.writerow([harmless(name) for name in frame.columns])
    for row in frame.iter_rows():
        writer.writerow([_cell(value, lang) for value in row])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any, lang: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, Decimal | float):
        plain = format(value, "f") if isinstance(value, Decimal) else repr(value)
        return plain.replace(".", ",") if lang == "de" else plain
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return str(value)


def rounded(frame: pl.DataFrame, decimals: Mapping[str, int]) -> pl.DataFrame:
    """Give each decimal column one number of decimals: the named one, else what its values need."""
    for name, kind in frame.schema.items():
        if kind.is_decimal() and name not in decimals:
            exact = pl.Decimal(38, _places_in(frame[name]))
            frame = frame.with_columns(frame[name].cast(exact))
        elif kind.is_decimal() or kind.is_float():
            column = frame[name]
            places = decimals.get(name)
            if places is None:
                places = max((_places(v) for v in column.drop_nulls()), default=0)
            frame = frame.with_columns(
                pl.Series(
                    name, [_quantized(v, places) for v in column], dtype=pl.Decimal(38, places)
                )
            )
    return frame


def _places_in(column: pl.Series) -> int:
    """The decimals that the values of a decimal column need; not one by one: evidence is long."""
    fraction = column.cast(pl.String).str.extract(r"\.(\d*[1-9])0*$").str.len_chars()
    return int(fraction.max() or 0)  # type: ignore[arg-type]


def _quantized(value: Any, places: int) -> Decimal | None:
    return None if value is None else Decimal(formats.plain(value, places))


def _places(value: float) -> int:
    exponent = Decimal(str(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


@st.cache_resource(max_entries=200, show_spinner=False)
def _prepared(
    frame: pl.DataFrame, lang: str, decimals: tuple[tuple[str, int], ...]
) -> tuple[pl.DataFrame, Any]:
    """The frame with its decimals, and the form in which the page draws it; kept by content."""
    exact = rounded(frame, dict(decimals))
    return exact, _styled(exact, lang)


def _styled(frame: pl.DataFrame, lang: str) -> Any:
    """The frame as the page draws it: numbers stay numbers, and each cell says how it reads."""
    floats = frame.with_columns(
        pl.col(name).cast(pl.Float64) for name, kind in frame.schema.items() if kind.is_decimal()
    )
    if frame.height * frame.width > _STYLED_CELLS:
        return floats.to_pandas()
    return styler(floats, [_shown(column, lang) for column in frame])


def _shown(column: pl.Series, lang: str) -> list[str]:
    """Each value as the language writes it, said once; nothing where there is none."""
    kind = column.dtype
    way: Callable[[Any], str] = str
    if kind.is_decimal() or kind.is_integer():
        places = getattr(kind, "scale", 0)
        way = lambda v: formats.number(v, lang, places)  # noqa: E731
    elif kind == pl.Date:
        way = lambda v: formats.day(v, lang)  # noqa: E731
    elif kind == pl.Datetime:
        way = lambda v: formats.moment(v, lang).removesuffix(" UTC")  # noqa: E731
    texts = {value: way(value) for value in column.unique() if value is not None}
    return [texts.get(value, "") for value in column]


def styler(
    frame: pl.DataFrame,
    shown: Sequence[Sequence[str]],
    inks: Mapping[int, Sequence[str]] = _NO_INKS,
) -> Any:
    """A pandas Styler (the one form in which a table keeps both its numbers and our formats).

    `shown`: for each column how its cells read; `inks`: number of a column → the colour of each of
    its cells. The Styler is told its answers: Streamlit asks for them anew on each rerun and uses
    no more of them than this, and to work them out takes it longer than the whole rest of a page.
    """
    told = frame.to_pandas().style
    told.uuid = None  # Streamlit's own is the same on each rerun, so the browser draws nothing anew
    # A text that reads as it is needs no cell: Streamlit goes through them one by one.
    cells = [
        [
            {"id": f"row{row}_col{place}", "display_value": text}
            for row, (value, text) in enumerate(zip(column, texts, strict=True))
            if value != text
        ]
        for place, (column, texts) in enumerate(zip(frame, shown, strict=True))
    ]
    selectors: dict[str, list[str]] = {}
    for column, colours in inks.items():
        for row, colour in enumerate(colours):
            selectors.setdefault(colour, []).append(f"row{row}_col{column}")
    styles = [
        {"props": [("color", colour)], "selectors": where} for colour, where in selectors.items()
    ]
    told._compute = lambda: told
    told._translate = lambda *_: {"body": cells, "cellstyle": styles}
    return told
