"""What a KPI means: definition, formula, the exports it needs, where it comes from, its runbook.

Belongs here: the catalogue's row of one KPI in words. Does not belong here: any value.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboards.components import notices
from dashboards.components.frame import Visit
from dashboards.components.style import html, text
from partner_kpis import formula, lineage
from partner_kpis.home import project_root
from partner_kpis.serving import Entity, KpiDefinition, alternatives
from partner_kpis.text import t, team, word

_RUNBOOKS = "docs/runbooks"


def show(kpi: KpiDefinition, visit: Visit) -> None:
    """What the KPI means, how it comes about, who owns it and what to do when it is off."""
    lang = visit.lang
    facts = t(
        "detail.definition",
        lang,
        version=kpi.definition_version,
        owner=team(kpi.owner, lang),
        signal=word("signal", kpi.signal, lang),
        direction=word("direction", kpi.direction, lang),
    )
    html(
        f'<p class="pk-definition">{text(kpi.description(lang))}</p>'
        f'<div class="pk-small">{text(facts)}</div>'
    )
    with st.expander(t("definition.origin", lang), key="origin"):
        html(
            _part("definition.formula", _formula(kpi, lang), lang)
            + _part("definition.needs", _needs(kpi, visit), lang)
            + _part("definition.lineage", _lineage(kpi, lang), lang)
        )
    with st.expander(t("kpi.runbook", lang), key="runbook"):
        told = runbook(kpi.runbook)
        if told is None:
            notices.nothing(t("kpi.no_runbook", lang, path=kpi.runbook))
        else:
            st.markdown(told)


def runbook(path: str) -> str | None:
    """The text of a runbook of this checkout without its title; None where there is none.

    The path comes from a snapshot: nothing outside the folder of the runbooks is read.
    """
    folder = (project_root() / _RUNBOOKS).resolve()
    file = (project_root() / path).resolve()
    if folder not in file.parents or not file.is_file():
        return None
    title, _, body = file.read_text(encoding="utf-8").partition("\n")
    return body if title.startswith("# ") else f"{title}\n{body}"


def _part(key: str, body: str, lang: str) -> str:
    """A heading and what stands below it; nothing where there is nothing."""
    return f'<div class="pk-part"><h3>{text(t(key, lang))}</h3>{body}</div>' if body else ""


def _formula(kpi: KpiDefinition, lang: str) -> str:
    sentences = (
        formula.in_words(kpi, lang),
        formula.days_in_words(kpi, lang),
        formula.sample_in_words(kpi, lang),
    )
    return "".join(f"<p>{text(sentence)}</p>" for sentence in sentences)


def _needs(kpi: KpiDefinition, visit: Visit) -> str:
    """One line a need; a group with its alternatives, and which exports are there."""
    lang, landed = visit.lang, visit.found.landed
    lines = []
    for need in kpi.needs:
        try:
            options = alternatives(need)
        except ValueError:  # a group that this version does not know
            lines.append(f"<li>{text(need)}</li>")
            continue
        ways = [_all_of(option, landed, lang) for option in options]
        if len(ways) == 1:
            lines.append(f"<li>{ways[0]}</li>")
            continue
        listed = "".join(f"<li>{way}</li>" for way in ways)
        said = text(t("definition.any_of", lang, group=word("need", need, lang)))
        lines.append(f'<li>{said}<ul class="pk-ways">{listed}</ul></li>')
    return f'<ul class="pk-ways">{"".join(lines)}</ul>' if lines else ""


def _all_of(option: Sequence[Entity], landed: set[Entity], lang: str) -> str:
    return " + ".join(_export(entity, entity in landed, lang) for entity in option)


def _export(entity: Entity, is_landed: bool, lang: str) -> str:
    name = f"<code>{text('/'.join(entity))}</code>"
    return name if is_landed else f"{name} ({text(t('definition.not_landed', lang))})"


def _lineage(kpi: KpiDefinition, lang: str) -> str:
    """The contracts at the bottom, and every model on the way to them."""
    steps = lineage.from_lines(kpi.lineage)
    if not steps:
        return ""
    found = lineage.contracts(steps)
    bottom = ", ".join(f"<code>{text(name)}</code>" for name in found)
    rows = "".join(
        f"<li><code>{text(name)}</code> ← {text(', '.join(reads))}</li>"
        for name, reads in steps.items()
    )
    said = t("definition.contracts", lang, count=len(found))
    way = t("definition.models", lang, count=len(steps))
    return (
        f"<p>{text(said)} {bottom}</p>"
        f'<details><summary>{text(way)}</summary><ul class="pk-ways pk-small">{rows}</ul></details>'
    )
