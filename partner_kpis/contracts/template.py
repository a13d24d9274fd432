"""A CSV that shows what an entity's export looks like: headers and two example rows.

Belongs here: plausible examples of each type. They pass the contract's own row promises.
"""

from __future__ import annotations

from partner_kpis.contracts.model import Column, Contract

_EXAMPLES: dict[str, tuple[str, str]] = {
    "integer": ("3", "5"),
    "decimal": ("12500.00", "980.50"),
    "boolean": ("false", "false"),
    "date": ("2026-01-15", "2026-02-01"),
    "timestamp": ("2026-01-15T09:30:00Z", "2026-02-01T14:05:00Z"),
    "names": ('["API"]', "[]"),
}


def template_rows(contract: Contract) -> list[list[str]]:
    """Header and two rows, in the order of the contract."""
    return [
        [column.export_name for column in contract.columns],
        *([_example(column, number) for column in contract.columns] for number in (0, 1)),
    ]


def _example(column: Column, number: int) -> str:
    if column.allowed:
        return column.allowed[number % len(column.allowed)]
    if "currency" in column.tags:
        return ("EUR", "USD")[number]
    if "salesforce_id" in column.tags:
        return ("0015500000Xyy06AAB", "0015500000Ygpq1AAB")[number]
    if column.examples:
        return column.examples[number % len(column.examples)]
    if column.type in _EXAMPLES:
        return _EXAMPLES[column.type][number]
    return f"{column.name.replace('_', ' ')} {number + 1}"
