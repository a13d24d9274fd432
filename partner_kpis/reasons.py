"""Why a KPI has no value, and which file to drop where, in words for pages and documents.

Belongs here: the reason as a sentence with its ways to mend it. Does not belong here: deciding it
(the snapshot does), what a KPI needs (serving), or setting it out.
"""

from __future__ import annotations

from dataclasses import dataclass

from partner_kpis.serving import KpiDefinition, alternatives, landing_folder, unmet
from partner_kpis.text import t


@dataclass(frozen=True)
class Reason:
    """Why there is no value: a sentence, and the ways to mend it where there are several."""

    sentence: str
    ways: tuple[str, ...] = ()
    more: str = ""

    def __str__(self) -> str:
        listed = "; ".join([*self.ways, *([self.more] if self.more else [])])
        return f"{self.sentence} {listed}".strip()


def reason_text(
    kpi: KpiDefinition, code: str | None, landed: set[tuple[str, str]],
    stale: set[tuple[str, str]], lang: str,
) -> str:  # fmt: skip
    """The reason in one line, for tables and hovers."""
    return str(reason(kpi, code, landed, stale, lang))


def reason(
    kpi: KpiDefinition, code: str | None, landed: set[tuple[str, str]],
    stale: set[tuple[str, str]], lang: str, *, ways: int | None = 3,
) -> Reason:  # fmt: skip
    """Why there is no value, and which file to drop where.

    Of several ways the shortest come first; no more than `ways` are named, None: all.
    """
    if code == "source_missing":
        return _missing(kpi, landed, lang, ways)
    return Reason(_said(kpi, code, stale, lang))


def _said(kpi: KpiDefinition, code: str | None, stale: set[tuple[str, str]], lang: str) -> str:
    if code == "source_stale":
        folders = [landing_folder(entity) for entity in _needed(kpi) if entity in stale]
        joined = f" {t('reason.and', lang)} ".join(folders) or "landing/"
        return t("reason.source_stale", lang, folder=joined)
    if code in ("no_observations", "no_denominator"):
        return t(f"reason.{code}", lang)
    return (code or "").replace("_", " ")


def _missing(
    kpi: KpiDefinition, landed: set[tuple[str, str]], lang: str, ways: int | None
) -> Reason:
    try:
        gaps = unmet(kpi.needs, landed)
    except ValueError:  # a group that this version does not know
        gaps = []
    if not gaps:
        return Reason(t("reason.source_missing_unnamed", lang, needs=", ".join(kpi.needs)))
    both = f" {t('reason.and', lang)} "
    # What is missing outright comes first; a choice is only offered when nothing else is lacking.
    certain = [options[0] for options in gaps if len(options) == 1]
    if certain:
        folders = dict.fromkeys(landing_folder(e) for option in certain for e in option)
        return Reason(t("reason.source_missing", lang, folder=both.join(folders)))
    choices = [both.join(landing_folder(e) for e in option) for option in gaps[0]]
    named = tuple(choices[:ways])
    rest = len(choices) - len(named)
    more = t("reason.more_ways", lang, count=rest) if rest else ""
    return Reason(t("reason.source_missing_choice", lang), named, more)


def _needed(kpi: KpiDefinition) -> list[tuple[str, str]]:
    entities: dict[tuple[str, str], None] = {}
    for need in kpi.needs:
        try:
            for option in alternatives(need):
                entities.update(dict.fromkeys(option))
        except ValueError:
            continue
    return list(entities)
