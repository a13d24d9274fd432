"""The pages of docs/kpis, written from the catalogue: one page a KPI and an index by family.

Run as `make docs`. Belongs here: what a page says and where it lies.
Does not belong here: the definitions (beside the models) and the runbooks, which people write.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from partner_kpis import formula, lineage
from partner_kpis.catalogue import Corridor, KpiDefinition, read_definition_files
from partner_kpis.home import dbt_project_dir, project_root
from partner_kpis.serving.needs import alternatives
from partner_kpis.text import t, word

COMMAND: Final = "make docs"
INDEX: Final = "README.md"
_WRITTEN: Final = (
    f"<!-- Written by `{COMMAND}` from the definition; change that, not this page. -->"
)
_FOLDER: Final = "docs/kpis"
_UNITS: Final = {
    "money": "money, in the reporting currency",
    "percent": "percent, stored as a fraction",
    "ratio": "ratio",
}


def folder() -> Path:
    return project_root() / _FOLDER


def pages() -> dict[str, str]:
    """File name → text of every page that docs/kpis must hold; raises what the catalogue raises."""
    definitions = read_definition_files()
    return {INDEX: _index(definitions)} | {f"{d.kpi_id}.md": _page(d) for d in definitions}


def out_of_date(target: Path) -> list[str]:
    """The names of the pages of a folder that are missing, differ or belong to no KPI any more."""
    wanted = pages()
    found = {path.name: path.read_text(encoding="utf-8") for path in target.glob("*.md")}
    return sorted(n for n in wanted.keys() | found.keys() if wanted.get(n) != found.get(n))


def write(target: Path) -> list[str]:
    """Bring a folder up to date; answers the names of the pages that changed."""
    wanted, changed = pages(), out_of_date(target)
    target.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in wanted:
            (target / name).write_text(wanted[name], encoding="utf-8")
        else:
            (target / name).unlink()
    return changed


def _page(kpi: KpiDefinition) -> str:
    return "\n\n".join(
        [
            f"# {kpi.label_en}",
            _WRITTEN,
            f"`{kpi.kpi_id}` · {_family(kpi.family)} · [all KPIs]({INDEX})",
            kpi.description_en,
            f"In German: **{kpi.label_de}**. {kpi.description_de}",
            "## How it is computed",
            f"{formula.in_words(kpi, 'en')} {formula.days_in_words(kpi, 'en')}",
            formula.sample_in_words(kpi, "en"),
            _facts(kpi),
            "## Exports it needs",
            "\n".join(_needs(kpi)),
            "## Lineage",
            *_lineage(kpi),
            "## When it is off target",
            f"[The runbook]({_way(kpi.runbook)}) says what to check, what helps and who decides.",
            f"Escalation: {kpi.escalation}",
        ]
    ) + "\n"  # fmt: skip


def _facts(kpi: KpiDefinition) -> str:
    dimensions = ", ".join(t(f"dimension.{name}", "en").lower() for name in kpi.dimensions)
    rows = {
        "Unit": _UNITS.get(kpi.unit) or word("unit", kpi.unit, "en") or kpi.unit,
        "Better": t(f"direction.{kpi.direction}", "en"),
        "Rhythm": f"{kpi.rhythm}, and every longer period up to the year",
        "Signal": f"{kpi.signal} indicator",
        "Dimensions": dimensions,
        "Corridor to start from": _corridor(kpi),
        "Owner": kpi.owner,
        "Definition": f"version {kpi.version}, {_definition_link(kpi)}",
    }
    return "\n".join(["| | |", "|---|---|", *(f"| {k} | {v} |" for k, v in rows.items())])


def _corridor(kpi: KpiDefinition) -> str:
    corridor = kpi.corridor or Corridor()
    named = {"from": corridor.low, "target": corridor.target, "to": corridor.high}
    said = ", ".join(f"{k} {_number(v, kpi.unit)}" for k, v in named.items() if v is not None)
    return f"{said}; targets in force come from `planning/target`" if said else (
        "none; targets come from `planning/target`"
    )  # fmt: skip


def _number(value: float, unit: str) -> str:
    return f"{round(value * 100, 6):g}%" if unit == "percent" else f"{value:,.10g}"


def _definition_link(kpi: KpiDefinition) -> str:
    (path,) = dbt_project_dir().glob(f"models/kpis/*/kpi_{kpi.kpi_id}.yml")
    return f"[{path.name}]({_way(path)})"


def _way(path: str | Path) -> str:
    """The way from docs/kpis to a file of the checkout."""
    return Path(os.path.relpath(project_root() / path, folder())).as_posix()


def _needs(kpi: KpiDefinition) -> Iterator[str]:
    """One line a need; a group says all of its alternatives."""
    for need in kpi.needs:
        options = alternatives(need)
        if len(options) == 1:
            yield f"- {_all_of(options[0], linked=True)}"
            continue
        yield f"- *{need}*, any one of these will do:"
        for option in options:
            yield f"  - {_all_of(option, linked=True)}"


def _all_of(option: Sequence[tuple[str, str]], *, linked: bool = False) -> str:
    names = [f"{source}/{entity}" for source, entity in option]
    return " + ".join(_contract_link(name) if linked else f"`{name}`" for name in names)


def _contract_link(name: str) -> str:
    return f"[`{name}`]({_way(f'data_contracts/{name}.odcs.yaml')})"


def _lineage(kpi: KpiDefinition) -> Iterator[str]:
    steps = lineage.of_kpi(kpi.kpi_id)
    bottom = ", ".join(map(_contract_link, lineage.contracts(steps)))
    yield (
        f"Its observations can depend on these exports: {bottom}. The roll-up reads `prm/partner` "
        "for the tier, type and region of a day, and the judgement `planning/target`."
    )
    paths = {path.stem: path for path in (dbt_project_dir() / "models").rglob("*.sql")}

    def linked(name: str) -> str:
        if "/" in name:
            return _contract_link(name)
        return f"[`{name}`]({_way(paths[name])})"

    rows = (f"| {linked(k)} | {', '.join(f'`{p}`' for p in v)} |" for k, v in steps.items())
    table = "\n".join(["| model | reads |", "|---|---|", *rows])
    yield f"<details><summary>{len(steps)} models, from the KPI down to the contracts</summary>"
    yield table
    yield "</details>"


def _family(family: str) -> str:
    return f"family [{t(f'family.{family}', 'en')}]({INDEX}#{_anchor(family)})"


def _anchor(family: str) -> str:
    """As GitHub names the heading of a family."""
    return t(f"family.{family}", "en").lower().replace(" ", "-")


def _index(definitions: Sequence[KpiDefinition]) -> str:
    parts = [
        "# KPIs",
        _WRITTEN,
        "Every KPI of the catalogue by family, with the exports it needs. A group in *italics* is "
        "met by any one of several exports; the table at the end spells the groups out.",
    ]
    for family, members in groupby(definitions, key=lambda d: d.family):
        parts += [f"## {t(f'family.{family}', 'en')}", _family_table(list(members))]
    parts += ["## Groups of exports", _group_table(definitions)]
    return "\n\n".join(parts) + "\n"


def _family_table(members: Sequence[KpiDefinition]) -> str:
    rows = (
        f"| [{d.label_en}]({d.kpi_id}.md) | {', '.join(map(_short, d.needs))} "
        f"| [what to do]({_way(d.runbook)}) |"
        for d in members
    )
    return "\n".join(["| KPI | exports it needs | off target |", "|---|---|---|", *rows])


def _short(need: str) -> str:
    options = alternatives(need)
    return f"*{need}*" if len(options) > 1 else _all_of(options[0])


def _group_table(definitions: Sequence[KpiDefinition]) -> str:
    needed = dict.fromkeys(need for d in definitions for need in d.needs)
    groups = [need for need in needed if len(alternatives(need)) > 1]
    rows = (f"| *{g}* | {'; '.join(map(_all_of, alternatives(g)))} |" for g in sorted(groups))
    return "\n".join(["| group | any one of these will do |", "|---|---|", *rows])


if __name__ == "__main__":
    names = write(folder())
    print(f"docs/kpis: {len(names)} pages changed{': ' if names else '.'}{', '.join(names)}")
