"""Which pages a deck has and which KPIs each of them shows (pages.yml).

Belongs here: the strict model of that file, and the question which page a KPI belongs to.
Does not belong here: building a page, or a snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from partner_kpis.reports.document import ChartKind, Role
from partner_kpis.serving import KpiDefinition
from partner_kpis.strict_yaml import parse_strict, read_yaml

_FILE: Final = Path(__file__).with_name("pages.yml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SeriesSpec(_Strict):
    """One series: a KPI's value or one of its sums. name: a key of reports.yml, else the label."""

    kpi: str
    measure: Literal["value", "numerator", "denominator"] = "value"
    name: str | None = None
    role: Role = "own"


class ChartSpec(_Strict):
    """A chart of one or several KPIs over the last periods. unit: where it is not the KPI's own.

    with_programme: the whole programme's value as a second line; with_target: the target as one.
    """

    key: str
    kind: ChartKind
    series: Annotated[tuple[SeriesSpec, ...], Field(min_length=1)]
    unit: str | None = None
    with_programme: bool = False
    with_target: bool = False

    @model_validator(mode="after")
    def _fits(self) -> ChartSpec:
        if self.kind == "waterfall":
            raise ValueError("a waterfall is drawn from moves and not from KPIs")
        if self.kind == "mirrored_bars" and len(self.series) != 2:
            raise ValueError("mirrored bars need exactly two series")
        if (self.with_programme or self.with_target) and self.kind != "lines":
            raise ValueError("only lines may be laid beside the programme or a target")
        return self


class PageSpec(_Strict):
    """One page: what it shows. programme: KPIs of the whole programme, for the internal edition."""

    number: str
    key: str
    families: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()
    featured: tuple[str, ...] = ()
    programme: tuple[str, ...] = ()
    charts: tuple[ChartSpec, ...] = ()


class ScorecardSpec(_Strict):
    most: int = Field(ge=1)
    featured: tuple[str, ...]


class InternalSpec(_Strict):
    families: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()


class Outline(_Strict):
    """The whole file pages.yml."""

    health: str
    scorecard: ScorecardSpec
    left_out: tuple[str, ...] = ()
    internal_only: InternalSpec
    pages: tuple[PageSpec, ...]
    ops_pages: tuple[str, ...]

    @model_validator(mode="after")
    def _once(self) -> Outline:
        for name in ("number", "key"):
            found = [getattr(page, name) for page in self.pages]
            if twice := {one for one in found if found.count(one) > 1}:
                raise ValueError(f"pages share the {name} {', '.join(sorted(twice))}")
        for what, named in (
            ("family", [f for page in self.pages for f in page.families]),
            ("KPI", [k for page in self.pages for k in page.kpis]),
        ):
            if twice := {one for one in named if named.count(one) > 1}:
                raise ValueError(f"the {what} {', '.join(sorted(twice))} stands on two pages")
        return self

    def page(self, key: str) -> PageSpec:
        """Raises KeyError for a page that the file does not have."""
        for page in self.pages:
            if page.key == key:
                return page
        raise KeyError(key)

    def is_internal(self, kpi: KpiDefinition) -> bool:
        """Whether the KPI must never be in a document for partners."""
        only = self.internal_only
        return kpi.kpi_id in only.kpis or kpi.family in only.families

    def named_kpis(self) -> set[str]:
        """Every KPI id that the file names."""
        named = {self.health, *self.scorecard.featured, *self.left_out, *self.internal_only.kpis}
        for page in self.pages:
            named |= {*page.kpis, *page.featured, *page.programme}
            named |= {series.kpi for chart in page.charts for series in chart.series}
        return named

    def kpis_on(self, page: PageSpec, kpis: Iterable[KpiDefinition]) -> list[KpiDefinition]:
        """The page's KPIs out of these: pinned ones first, then the featured, then the others."""
        claimed = {kpi_id for other in self.pages for kpi_id in other.kpis}
        mine = [
            kpi
            for kpi in kpis
            if kpi.kpi_id in page.kpis
            or (kpi.family in page.families and kpi.kpi_id not in claimed)
        ]
        return sorted(mine, key=lambda kpi: standing(kpi, page.featured))


def standing(kpi: KpiDefinition, featured: tuple[str, ...]) -> tuple[bool, int, int]:
    """Sorts pinned KPIs first, then the featured; the others keep their order."""
    place = featured.index(kpi.kpi_id) if kpi.kpi_id in featured else len(featured)
    return (kpi.pinned_position is None, kpi.pinned_position or 0, place)


@cache
def outline() -> Outline:
    """pages.yml; raises UserError with a sentence when it is not as the model wants it."""
    return parse_strict(read_yaml(_FILE), Outline, str(_FILE), "Mend the file")
