"""What changed between two versions of a contract, and whether it breaks those who rely on it.

Belongs here: the comparison. A change is breaking when an export or a reader that was right
before can be wrong after.
"""

from __future__ import annotations

from dataclasses import dataclass

from partner_kpis.contracts.model import Column, Contract


@dataclass(frozen=True)
class Difference:
    sentence: str
    is_breaking: bool


def differences(old: Contract, new: Contract) -> list[Difference]:
    """All differences, breaking ones first; the version is judged against them."""
    before = {column.name: column for column in old.columns}
    after = {column.name: column for column in new.columns}
    found = [
        Difference(f"The column {name} is gone.", True) for name in before if name not in after
    ]
    for name, column in after.items():
        if name in before:
            found += _changed(before[name], column)
        else:
            kind = "required" if column.is_required else "optional"
            found.append(Difference(f"The {kind} column {name} is new.", column.is_required))
    if old.custom != new.custom:
        found.append(Difference("How its files are read has changed.", True))
    found += _promises(old, new)
    if any(d.is_breaking for d in found) and new.major <= old.major:
        found.append(
            Difference(
                f"The version goes from {old.version} to {new.version}; a breaking change needs "
                f"{old.major + 1}.0.0.",
                True,
            )
        )
    return sorted(found, key=lambda d: not d.is_breaking)


def _changed(old: Column, new: Column) -> list[Difference]:
    name = new.name
    found = []
    if (old.type, old.physical_type) != (new.type, new.physical_type):
        types = f"{old.physical_type} to {new.physical_type}"
        found.append(Difference(f"The column {name} turns from {types}.", True))
    if old.is_required != new.is_required:
        what = "now required" if new.is_required else "no longer required"
        found.append(Difference(f"The column {name} is {what}.", new.is_required))
    if old.is_key != new.is_key:
        found.append(Difference(f"The column {name} joins or leaves the key.", True))
    if old.is_personal != new.is_personal:
        found.append(Difference(f"The column {name} changes its personal tag.", True))
    lost = [value for value in old.allowed if value not in new.allowed]
    if lost and new.allowed:
        found.append(Difference(f"The column {name} no longer allows {', '.join(lost)}.", True))
    more = [value for value in new.allowed if value not in old.allowed]
    if more:
        found.append(
            Difference(f"The column {name} allows {', '.join(more)} too.", not old.allowed)
        )
    if old.options != new.options:
        found.append(Difference(f"The range or pattern of {name} has changed.", True))
    return found


def _promises(old: Contract, new: Contract) -> list[Difference]:
    before = {promise.id: promise for promise in old.promises}
    after = {promise.id: promise for promise in new.promises}
    found = [Difference(f"The promise {p} is gone.", False) for p in before if p not in after]
    for name, promise in after.items():
        was = before.get(name)
        if was is None or (was.severity != promise.severity and promise.severity == "error"):
            breaking = promise.severity == "error"
            found.append(Difference(f"The promise {name} ({promise.severity}) is new.", breaking))
        elif was.spec != promise.spec:
            found.append(Difference(f"The promise {name} has changed.", False))
    return found
