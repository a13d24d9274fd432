"""The style sheet of the pages, made from the theme.

Belongs here: how the parts of a page are laid out and look. Colours and fonts come from
partner_kpis.theme. Does not belong here: any content.
"""

from __future__ import annotations

import json
import re
from html import escape
from urllib.parse import quote

import streamlit as st

from partner_kpis import theme

_SHEET = f"""<style>
.stApp, .stApp p, .stApp button, .stApp input {{ font-family: {theme.FONT_STACK}; }}
.block-container {{ max-width: 1240px; padding: 1.6rem 1.5rem 4rem; }}
header[data-testid="stHeader"] {{ height: 0; min-height: 0; }}
.pk {{ color: {theme.INK}; font-family: {theme.FONT_STACK}; line-height: 1.4; }}
.pk h1 {{ font-size: 1.65rem; font-weight: 600; margin: 0; padding: 0; letter-spacing: -.01em; }}
.pk h2 {{ font-size: 1.2rem; font-weight: 600; margin: 0; padding: 0; }}
.pk h3 {{ font-size: 1rem; font-weight: 600; margin: 0; padding: 0; }}
.pk p {{ margin: 0; }}
.pk code {{ font-size: .85em; background: {theme.SURFACE}; color: {theme.INK}; padding: .1em .35em;
    border-radius: 4px; overflow-wrap: anywhere; }}
.pk-soft {{ color: {theme.INK_SOFT}; font-size: .875rem; }}
.pk-small {{ color: {theme.INK_SOFT}; font-size: .78rem; }}
.pk-meta {{ display: flex; flex-wrap: wrap; gap: .15rem 1.1rem; margin-top: .35rem;
    color: {theme.INK_SOFT}; font-size: .875rem; align-items: baseline; }}
.pk-chip {{ display: inline-block; border-radius: 999px; padding: .08rem .6rem; font-size: .82rem;
    white-space: nowrap; }}
.pk-family {{ color: {theme.INK_SOFT}; font-size: .78rem; font-weight: 600; margin: 0;
    text-transform: uppercase; letter-spacing: .06em; }}
.pk-name {{ font-size: .95rem; font-weight: 600; min-height: 1.4em; }}
.pk-value {{ font-size: 2.1rem; font-weight: 600; line-height: 1.2; margin-top: .25rem;
    font-variant-numeric: tabular-nums; white-space: nowrap; }}
.pk-value span {{ font-size: .95rem; font-weight: 400; color: {theme.INK_SOFT};
    margin-left: .3rem; }}
.pk-line {{ display: flex; justify-content: space-between; align-items: baseline; gap: .5rem; }}
.pk-change {{ font-size: .875rem; min-height: 1.4em; margin: .45rem 0 .35rem; }}
.pk-body {{ min-height: 6.4rem; }}
.pk-reason {{ font-size: .875rem; margin-top: .45rem; overflow-wrap: anywhere; }}
.pk-ways {{ margin: .15rem 0; padding-left: 1.1rem; }}
.pk-ways li {{ font-size: inherit; margin: 0; }}
.pk img {{ display: block; width: 100%; height: auto; }}
.pk-notice {{ background: {theme.SURFACE}; border-left: 3px solid {theme.REST};
    padding: .6rem .9rem; font-size: .9rem; }}
.pk-problem {{ border-top: 1px solid {theme.LINE}; padding: .55rem 0; font-size: .9rem;
    overflow-wrap: anywhere; }}
.pk-problem:first-of-type {{ border-top: 0; }}
/* The table's own download runs formulas and writes English numbers; ours stands below. */
[data-testid="stElementToolbar"] button[aria-label="Download as CSV"] {{ display: none; }}
.pk-section {{ padding-top: 1rem !important; }}
.pk-definition {{ margin: .2rem 0 .3rem; max-width: 52rem; }}
[data-testid="stLayoutWrapper"]:has(> .st-key-unseen) {{ display: none; }}
.st-key-nav {{ border-bottom: 1px solid {theme.LINE}; padding-bottom: .35rem; gap: .15rem .5rem; }}
.st-key-nav [data-testid="stPageLink-NavLink"] {{ margin-left: -.5rem; margin-right: .5rem; }}
.block-container [class*="st-key-links_"] {{ gap: .35rem; }}
[class*="st-key-links_"] [data-testid="stPageLink-NavLink"],
[class*="st-key-tile_"] [data-testid="stPageLink-NavLink"],
[class*="st-key-name_"] [data-testid="stPageLink-NavLink"],
[class*="st-key-pairs_"] [data-testid="stPageLink-NavLink"] {{ padding: .15rem 0; }}
[class*="st-key-links_"] [data-testid="stPageLink-NavLink"] p,
[class*="st-key-tile_"] [data-testid="stPageLink-NavLink"] p,
[class*="st-key-name_"] [data-testid="stPageLink-NavLink"] p,
[class*="st-key-pairs_"] [data-testid="stPageLink-NavLink"] p {{ color: {theme.ACCENT};
    white-space: normal; line-height: 1.35; }}
/* A link from a page to another part of it is no mark of where one is. */
[class*="st-key-links_"] [data-testid="stPageLink-NavLink"]:not(:hover),
[class*="st-key-name_"] [data-testid="stPageLink-NavLink"]:not(:hover),
[class*="st-key-pairs_"] [data-testid="stPageLink-NavLink"]:not(:hover) {{ background: none; }}
[class*="st-key-links_"] [data-testid="stPageLink-NavLink"] *,
[class*="st-key-name_"] [data-testid="stPageLink-NavLink"] *,
[class*="st-key-pairs_"] [data-testid="stPageLink-NavLink"] * {{ font-weight: 400; }}
.st-key-nav > :last-child {{ margin-left: auto; }}
.st-key-families, .st-key-objectives {{ gap: .45rem; }}
.st-key-narrow {{ gap: .6rem .8rem; }}
[class*="st-key-kpis_"] > :first-child [class*="st-key-line_"],
[class*="st-key-kpis_"] > [class*="st-key-line_"]:first-child {{ border-top: 0; }}
.stMultiSelect [data-tag], .stMultiSelect [data-tag] * {{ background: {theme.BAND};
    color: {theme.INK}; }}
.pk-part {{ margin-bottom: .8rem; font-size: .9rem; }}
.pk-part summary {{ cursor: pointer; color: {theme.ACCENT}; }}
.pk-part li {{ overflow-wrap: anywhere; }}
.st-key-runbook p, .st-key-runbook li {{ font-size: .9rem; }}
.st-key-filters {{ gap: .6rem .8rem; }}
.st-key-tiles {{ gap: 1rem; align-items: stretch; }}
[class*="st-key-tile_"] {{ border-color: {theme.LINE}; gap: .3rem; padding: .9rem 1rem .5rem; }}
[class*="st-key-kpis_"] {{ gap: 0; }}
[class*="st-key-line_"] {{ border-top: 1px solid {theme.LINE}; padding: .35rem 0; gap: .2rem 1rem;
    flex-wrap: nowrap; }}
/* A name and its cells side by side without a box around each pair: half as much to draw. */
[class*="st-key-pairs_"] {{ display: grid; grid-template-columns: calc(250px + 1rem) minmax(0, 1fr);
    gap: 0; align-items: stretch; }}
[class*="st-key-pairs_"] > * {{ border-top: 1px solid {theme.LINE}; padding: .35rem 0;
    display: flex; align-items: center; width: auto !important; height: auto !important;
    margin: 0 !important; box-sizing: border-box; }}
[class*="st-key-pairs_"] > :nth-child(-n+2) {{ border-top: 0; }}
[class*="st-key-pairs_"] > :nth-child(odd) {{ padding-right: 1rem; }}
[class*="st-key-pairs_"] > :nth-child(even) > * {{ width: 100%; }}
.pk-kpi {{ display: grid; grid-template-columns: 8.5rem 1fr 7rem 11.5rem 7.5rem; gap: .2rem 1.1rem;
    align-items: center; }}
.pk-kpi .pk-why {{ grid-column: 2 / 5; }}
.pk-result {{ display: grid; grid-template-columns: 8.5rem 1fr 11rem 8.5rem; gap: .2rem 1.1rem;
    align-items: center; }}
.pk-result .pk-why {{ grid-column: 1 / 5; }}
.pk-moves {{ margin-top: .6rem; font-size: .95rem; max-width: 60rem; }}
.pk-judged {{ display: flex; flex-wrap: wrap; gap: .3rem; margin: .25rem 0 .35rem; }}
.pk-last {{ text-align: right; }}
.pk-health {{ display: grid; grid-template-columns: minmax(14rem, 1fr) 2fr; gap: 1rem 2rem;
    align-items: start; }}
.pk-parts {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr));
    gap: .7rem 1.4rem; }}
.pk-benchmarks {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr));
    gap: 1rem 2rem; }}
.pk-bar {{ margin: .3rem 0 .5rem; font-size: .9rem; }}
.pk-counts {{ display: flex; flex-wrap: wrap; gap: .3rem 2rem; color: {theme.INK_SOFT};
    font-size: .9rem; }}
.pk-counts strong {{ font-size: 1.5rem; font-weight: 600; color: {theme.INK};
    font-variant-numeric: tabular-nums; margin-right: .15rem; }}
.pk-alert {{ display: grid; grid-template-columns: 6.2rem 1fr 14.5rem; gap: .2rem 1.1rem;
    align-items: center; font-size: .95rem; }}
.pk-state {{ overflow-wrap: anywhere; }}
.pk-headline {{ font-size: 1.2rem; font-weight: 600; }}
.pk-facts {{ display: flex; flex-wrap: wrap; gap: .6rem 2.2rem; }}
.pk-facts span {{ display: block; color: {theme.INK_SOFT}; font-size: .78rem; }}
.pk-facts strong {{ font-weight: 600; font-variant-numeric: tabular-nums; }}
.pk .pk-story {{ list-style: none; margin: .4rem 0 0; padding: 0; }}
.pk .pk-story li {{ display: grid; grid-template-columns: 11.5rem 1fr; gap: 0 1rem; margin: 0;
    padding: .22rem 0; font-size: .9rem; align-items: baseline; overflow-wrap: anywhere; }}
.pk-empty {{ background: {theme.SURFACE}; padding: 1.6rem 1.4rem; border-radius: 4px; }}
.pk .pk-empty p {{ color: {theme.INK_SOFT}; margin-top: .3rem; }}
.pk-track {{ background: {theme.SURFACE}; height: 8px; border-radius: 2px; overflow: hidden;
    margin: .15rem 0; }}
.pk-track div {{ height: 100%; border-radius: 2px; }}
@media (max-width: 640px) {{
    .block-container {{ padding: 1rem .8rem 3rem; }}
    .pk h1 {{ font-size: 1.35rem; }}
    [data-testid="stLayoutWrapper"]:has(> [class*="st-key-tile_"], > [class*="st-key-name_"]),
    [class*="st-key-tile_"], [class*="st-key-name_"] {{ width: 100% !important;
        max-width: none !important; flex: 1 1 100% !important; }}
    [class*="st-key-line_"] {{ flex-wrap: wrap; }}
    [class*="st-key-pairs_"] {{ grid-template-columns: minmax(0, 1fr); }}
    [class*="st-key-pairs_"] > :nth-child(odd) {{ padding-bottom: 0; }}
    [class*="st-key-pairs_"] > :nth-child(even) {{ border-top: 0; padding-top: .2rem; }}
    .pk-kpi, .pk-result {{ grid-template-columns: 1fr 1fr; }}
    .pk-result .pk-why {{ grid-column: 1 / 3; }}
    .pk-kpi .pk-last {{ text-align: left; }}
    .pk-kpi .pk-why {{ grid-column: 1 / 3; }}
    .pk-health, .pk .pk-story li {{ grid-template-columns: 1fr; }}
    .pk-alert {{ grid-template-columns: auto 1fr; }}
    .pk-alert > :nth-child(2) {{ grid-area: 2 / 1 / 3 / 3; }}
    .pk-state {{ display: flex; flex-wrap: wrap; gap: 0 .6rem; align-items: baseline; }}
}}
@media print {{ [data-testid="stToolbar"], .stButton {{ display: none; }} }}
</style>"""


def apply() -> None:
    st.html(_SHEET)


_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
    f'<circle cx="8" cy="8" r="6.5" fill="none" stroke="{theme.ACCENT}" stroke-width="2"/>'
    f'<path d="M8 8V1.5A6.5 6.5 0 0 1 14.5 8Z" fill="{theme.ACCENT}"/></svg>'
)


def tell_browser(lang: str) -> None:
    """The language of the page (readers aloud, hyphenation, translators ask) and its icon.

    Streamlit's own page says English and leaves no other way to it than a line of script. An icon
    given to `set_page_config` costs the first page two libraries of pictures.
    """
    icon = f"data:image/svg+xml,{quote(_ICON)}"
    script = (
        f"<script>document.documentElement.lang = {json.dumps(lang)};"
        f"""document.querySelector("link[rel~='icon']").href = {json.dumps(icon)}</script>"""
    )
    with st.container(key="unseen"):
        st.html(script, unsafe_allow_javascript=True)


def html(body: str) -> None:
    """Draw markup of ours; whatever comes from data must have gone through `text` before."""
    st.html(f'<div class="pk">{body}</div>')


def text(value: object) -> str:
    """Data, made safe to stand in markup."""
    return escape(str(value), quote=True)


def with_code(sentence: str) -> str:
    """As `text`, with what stands between backticks set as code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", text(sentence))


_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>$:<&])")


def plain(words: str) -> str:
    """Data, made safe to stand in a label: labels are Markdown."""
    return _MARKS.sub(r"\\\1", words)


def chip(look: theme.StatusLook, words: str) -> str:
    """Shape and words on a pale ground: readable without colour."""
    return (
        f'<span class="pk-chip" style="background:{look.tint};color:{look.ink}">'
        f'<span aria-hidden="true">{look.shape}</span> {text(words)}</span>'
    )
