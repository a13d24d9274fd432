"""Open problems: files that were refused or are held, rows in quarantine, findings in the data.

Belongs here: saying what is wrong and what to do. Does not belong here: mending it (the command
line does that).
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from dashboards import navigation
from dashboards.components import tables
from dashboards.components.frame import Visit
from dashboards.components.style import chip, html, text, with_code
from dashboards.data import Problems
from partner_kpis import formats, theme
from partner_kpis.home import DataHome
from partner_kpis.text import t, word

_SHOWN = 50
_BRIEF = 3


def show(problems: Problems, home: DataHome, lang: str) -> None:
    """All of them, kind by kind, with what to do; one calm sentence where there are none."""
    files, rows, findings = problems.files, problems.quarantine, problems.findings
    html(f'<h2 class="pk-section">{text(t("problems.title", lang))}</h2>')
    _block(
        t("problems.files", lang, count=files.height),
        t("problems.no_files", lang) if files.is_empty() else "",
        files.to_dicts(),
        lambda row: _file(row, home, lang),
        lang,
    )
    _block(
        t("problems.quarantine", lang, count=problems.quarantined_count),
        t("problems.no_quarantine" if rows.is_empty() else "problems.quarantine_do", lang),
        rows.to_dicts(),
        lambda row: _rule(row, lang),
        lang,
    )
    _findings(findings, lang)


def brief(problems: Problems, visit: Visit) -> None:
    """How many there are of each kind, the worst files by name, and the way to all of them."""
    lang = visit.lang
    html(f'<h2 class="pk-section">{text(t("problems.title", lang))}</h2>')
    files = problems.files.to_dicts()
    counts = [
        t(f"problems.{key}", lang, count=formats.number(count, lang))
        for key, count in (
            ("files", len(files)),
            ("quarantine", problems.quarantined_count),
            ("findings", problems.findings.height),
        )
        if count
    ]
    if not counts:
        return html(f'<p class="pk-soft">{text(t("problems.none", lang))}</p>')
    rows = "".join(
        f'<div class="pk-problem">{_file(row, visit.home, lang)}</div>' for row in files[:_BRIEF]
    )
    html(f'<p class="pk-soft">{text(" · ".join(counts))}</p>{rows}')
    with st.container(key="links_problems"):
        return navigation.link("quality", t("problems.all", lang), visit.selection)


def _block(
    heading: str, hint: str, rows: list[dict[str, Any]], draw: Callable[[dict[str, Any]], str],
    lang: str,
) -> None:  # fmt: skip
    items = [f'<div class="pk-problem">{draw(row)}</div>' for row in rows]
    html(f"{_heading(heading, hint)}{''.join(items[:_SHOWN])}")
    if items[_SHOWN:]:
        with st.expander(t("problems.more", lang, count=len(items) - _SHOWN)):
            html("".join(items[_SHOWN:]))


def _heading(heading: str, hint: str) -> str:
    intro = f'<p class="pk-soft" style="margin:.1rem 0 .3rem">{text(hint)}</p>' if hint else ""
    return f"<h3>{text(heading)}</h3>{intro}"


def _findings(findings: pl.DataFrame, lang: str) -> None:
    """A line for each kind and export: a hundred of one kind are one thing to mend, not a hundred.

    Where there are several of a kind, the first speaks for them, and all of them are a table below.
    """
    count = formats.number(findings.height, lang)
    hint = t("problems.no_findings", lang) if findings.is_empty() else ""
    html(_heading(t("problems.findings", lang, count=count), hint))
    alike = ["severity", "finding", "source", "entity"]
    for group in findings.partition_by(alike, maintain_order=True):
        html(f'<div class="pk-problem">{_finding(group, lang)}</div>')
        if group.height > 1:
            _all_of(group, lang)


def _all_of(group: pl.DataFrame, lang: str) -> None:
    kind = "_".join(str(group[name][0] or "") for name in ("finding", "source", "entity"))
    shown = group.select(
        pl.col("subject").alias(t("column.subject", lang)),
        pl.col("message_de" if lang == "de" else "message_en").alias(t("column.message", lang)),
        pl.col("row_count").alias(t("column.rows", lang)),
    )
    count = formats.number(group.height, lang)
    with st.expander(t("problems.all_of_kind", lang, count=count), key=f"all_{kind}"):
        tables.show(shown, lang, key=f"findings_{kind}", file_name=f"findings_{kind}.csv")


def _file(row: dict[str, Any], home: DataHome, lang: str) -> str:
    held = row["status"] == "held"
    look = theme.FRESHNESS["held"] if held else theme.STATUSES["breach"]
    name = row["file_name"]
    state = t("problems.held" if held else "problems.refused", lang)
    head = f"{chip(look, state)} <strong>{text(name)}</strong>"
    why = f"<div>{with_code(_told(row, 'reason', lang))}</div>"
    if not held:
        return f'{head}{why}<div class="pk-soft">{text(t("problems.refused_do", lang))}</div>'
    tail = f"{shlex.quote(name)} --home {shlex.quote(str(home.root))}"
    because = shlex.quote(t("problems.accept_because", lang))
    return (
        f"{head}{why}"
        f'<div class="pk-soft">{text(t("problems.held_do", lang))} '
        f"<code>{text(f'partner-kpis accept {tail} --because {because}')}</code> "
        f"{text(t('reason.or', lang))} <code>{text(f'partner-kpis withdraw {tail}')}</code></div>"
    )


def _rule(row: dict[str, Any], lang: str) -> str:
    where = f"{row['source']}/{row['entity']} · {row['column_name'] or '–'} · {row['rule']}"
    place = f"{row['file_name']}, {t('column.row', lang)} {row['row_number']}"
    told = with_code(_told(row, "message", lang))
    return (
        f"<strong>{row['rows']} ×</strong> {text(where)}<div>{told}</div>"
        f'<div class="pk-soft">{text(t("column.example", lang))}: {text(place)}</div>'
    )


def _told(row: dict[str, Any], column: str, lang: str) -> str:
    """What the run said; a snapshot of an older version has it in English only."""
    return str((lang == "de" and row.get(f"{column}_de")) or row[column] or "")


def _finding(group: pl.DataFrame, lang: str) -> str:
    """Findings of one kind and export as a line: how bad, where, how many, and what to do."""
    row = group.row(0, named=True)
    look = theme.STATUSES["breach" if row["severity"] == "error" else "watch"]
    where = "/".join(part for part in (row["source"], row["entity"]) if part)
    message = row["message_de"] if lang == "de" else row["message_en"]
    said = [chip(look, word("severity", row["severity"], lang))]
    if where:
        said.append(f"<strong>{text(where)}</strong>")
    if group.height > 1:
        count = formats.number(group.height, lang)
        said.append(text(t("problems.of_kind", lang, count=count)))
    return " ".join([*said, with_code(message)])
