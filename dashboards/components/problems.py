"""Open problems: files that were refused or are held, rows in quarantine, findings in the data.

Belongs here: saying what is wrong and what to do. Does not belong here: mending it (the command
line does that).
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from dashboards import navigation
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
    _block(
        t("problems.findings", lang, count=findings.height),
        t("problems.no_findings", lang) if findings.is_empty() else "",
        findings.to_dicts(),
        lambda row: _finding(row, lang),
        lang,
    )


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
    items: Iterable[str] = (f'<div class="pk-problem">{draw(row)}</div>' for row in rows[:_SHOWN])
    more = len(rows) - _SHOWN
    tail = (
        f'<p class="pk-soft">{text(t("problems.more", lang, count=more))}</p>' if more > 0 else ""
    )
    intro = f'<p class="pk-soft" style="margin:.1rem 0 .3rem">{text(hint)}</p>' if hint else ""
    html(f"<h3>{text(heading)}</h3>{intro}{''.join(items)}{tail}")


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


def _finding(row: dict[str, Any], lang: str) -> str:
    look = theme.STATUSES["breach" if row["severity"] == "error" else "watch"]
    message = row["message_de"] if lang == "de" else row["message_en"]
    return f"{chip(look, word('severity', row['severity'], lang))} {with_code(message)}"
