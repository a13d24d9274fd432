"""Which exports a KPI needs, and which file would help when one is missing.

Belongs here: the groups of kpis.md ("needs") and the question whether they are met.
Does not belong here: how exports land, or what a KPI computes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, Literal

Entity = tuple[str, str]
"""A (source, entity) pair such as ("salesforce", "opportunity")."""

_CAMPAIGN: Final[tuple[Entity, ...]] = (
    ("salesforce", "campaign_member"), ("salesforce", "campaign"), ("salesforce", "lead"),
)  # fmt: skip
_OPPORTUNITY_OF_PARTNER: Final[tuple[Entity, ...]] = (
    ("salesforce", "opportunity"), ("prm", "partner"),
)  # fmt: skip

NEED_GROUPS: Final[dict[str, tuple[tuple[Entity, ...], ...]]] = {
    "crm": ((("salesforce", "opportunity"),), (("hubspot", "deal"),)),
    "touches": (
        (("prm", "deal_registration"),),
        (("prm", "referral"),),
        (("salesforce", "opportunity_partner"), ("prm", "partner")),
        (("salesforce", "lead"), ("prm", "partner")),
        (*_CAMPAIGN, ("prm", "partner")),
        (("hubspot", "deal_company"), ("prm", "partner")),
    ),
    "roles": (
        (("salesforce", "opportunity_partner"), ("prm", "partner")),
        (("hubspot", "deal_company"), ("prm", "partner")),
    ),
    "sourcing": (
        (("prm", "deal_registration"),),
        (("prm", "referral"),),
    ),
    "outages": (
        (("sla", "probe"),),
        (("sla", "statuspage_incident"),),
        (("sla", "upptime_summary"),),
    ),
    "activity": (
        (("prm", "deal_registration"),),
        (("prm", "referral"),),
        (("prm", "mdf_claim"),),
        (("prm", "content_use"),),
        (("lms", "certification"),),
        (("salesforce", "opportunity_partner"), *_OPPORTUNITY_OF_PARTNER),
        (("salesforce", "lead"), *_OPPORTUNITY_OF_PARTNER),
        (*_CAMPAIGN, *_OPPORTUNITY_OF_PARTNER),
        (("hubspot", "deal_company"), ("hubspot", "deal"), ("prm", "partner")),
    ),
}
"""Group → its alternatives; a group is met when every entity of one alternative has landed."""


def alternatives(need: str) -> tuple[tuple[Entity, ...], ...]:
    """The alternatives of a need: those of a group, or the one entity that it names.

    Raises ValueError for a need that is neither a group nor `source/entity`.
    """
    if need in NEED_GROUPS:
        return NEED_GROUPS[need]
    source, slash, entity = need.partition("/")
    if not (source and slash and entity):
        raise ValueError(
            f"'{need}' is no need; write source/entity or one of {', '.join(sorted(NEED_GROUPS))}."
        )
    return (((source, entity),),)


def unmet(needs: Iterable[str], landed: Collection[Entity]) -> list[tuple[tuple[Entity, ...], ...]]:
    """For each unmet need the alternatives that would meet it, cut to what is still missing.

    The alternative that lacks least comes first; the order is otherwise that of the group.
    """
    missing: list[tuple[tuple[Entity, ...], ...]] = []
    for need in needs:
        options = [tuple(e for e in option if e not in landed) for option in alternatives(need)]
        if all(options):
            missing.append(tuple(sorted(options, key=len)))
    return missing


def is_needed(need: str, entity: Entity) -> Literal["always", "or_another", "never"]:
    """Whether a need asks for this export in every case, or has a way without it."""
    options = alternatives(need)
    if all(entity in option for option in options):
        return "always"
    return "or_another" if any(entity in option for option in options) else "never"


def landing_folder(entity: Entity) -> str:
    """The folder below the data home where this export belongs."""
    return f"landing/{entity[0]}/{entity[1]}/"
