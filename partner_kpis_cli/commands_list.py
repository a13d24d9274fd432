"""The commands that list what there is: entities and KPIs. They need no data home.

Belongs here: two tables. Does not belong here: values and files of a home (commands_read.py).
"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from partner_kpis.catalogue import KpiDefinition, read_definition_files
from partner_kpis.contracts.model import Contract, load_entities
from partner_kpis.serving.needs import is_needed
from partner_kpis.text import t

_WIDEST = 120


def entities_command(lang: str) -> int:
    """Print every entity with its purpose and the KPIs that need it."""
    definitions = read_definition_files()
    console = Console(highlight=False)
    console.width = min(console.width, _WIDEST)
    table = Table(
        *(t(f"contracts_list.{key}", lang) for key in ("entity", "purpose", "needed")),
        box=None, pad_edge=False, header_style="dim", padding=(0, 2, 1, 0),
    )  # fmt: skip
    table.columns[0].no_wrap = True
    for contract in load_entities().values():
        needed = ", ".join(_needed_by(contract, definitions, lang))
        table.add_row(contract.name, contract.purpose_in.lang(lang), needed)
    console.print(table)
    for key in ("or_another", "folder"):
        console.print(t(f"contracts_list.{key}", lang), markup=False)
    return 0


def kpis_command(lang: str) -> int:
    """Print the ids of all KPIs with what they are called and what they need."""
    definitions = read_definition_files()
    console = Console(highlight=False)
    console.width = min(console.width, _WIDEST)
    table = Table(
        *(t(f"kpi_page.{key}", lang) for key in ("id", "label", "rhythm")),
        box=None, pad_edge=False, header_style="dim",
    )  # fmt: skip
    table.columns[0].no_wrap = True
    for d in definitions:
        label = d.label_de if lang == "de" else d.label_en
        table.add_row(d.kpi_id, label, t(f"kpi_page.by.{d.rhythm}", lang))
    console.print(table)
    console.print()
    console.print(t("kpi_page.kpis", lang, example=definitions[0].kpi_id), soft_wrap=True)
    return 0


def _needed_by(contract: Contract, definitions: list[KpiDefinition], lang: str) -> list[str]:
    """Labels of the KPIs, with a star where another export would do as well."""
    found = []
    for d in definitions:
        answers = {is_needed(need, (contract.source, contract.entity)) for need in d.needs}
        label = d.label_de if lang == "de" else d.label_en
        if answers != {"never"}:
            found.append(label if "always" in answers else f"{label}*")
    return found
